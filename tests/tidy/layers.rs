//! Checks that every import between rooms follows the direction. Test code inside `src/` obeys as well: a test
//! that brings rooms together belongs under `tests/`.

use super::paths::NamedPath;
use super::rooms::{SERVICE_ROOMS, find_room};
use super::sources::{Source, sources};
use super::{Violation, assert_clean};

/// Lists the imports of a file that leave its room without leave.
fn check(source: &Source) -> Vec<Violation> {
    let Some(room) = find_room(source.room()) else {
        let message = format!("the room `{}` has no row in tests/tidy/rooms.rs", source.room());
        return vec![Violation::new(&source.path, 1, message)];
    };
    let mut violations = Vec::new();
    for path in &source.paths.named {
        let Some(target) = resolve(source, path) else { continue };
        let written = path.segments.join("::");
        let message = match target.first() {
            None => format!("`{written}` names the whole crate; name the room"),
            // What tests write down; nothing else is compiled with it.
            Some(goal) if goal == "written" => continue,
            Some(goal) if goal == room.name || room.may_use.contains(&goal.as_str()) => continue,
            Some(goal) if find_room(goal).is_none() => format!("`{written}`: `{goal}` is no room"),
            Some(goal) => format!("`{}` must not use `{goal}` (`{written}`)", room.name),
        };
        violations.push(Violation::new(&source.path, path.line, message));
    }
    violations
}

/// The path below the crate root, or `None` when it does not name this crate.
fn resolve(source: &Source, path: &NamedPath) -> Option<Vec<String>> {
    let first = path.segments.first()?.as_str();
    match first {
        "crate" | "kaiin" => Some(path.segments[1..].to_vec()),
        "self" | "super" => Some(relative_to_module(source, path)),
        // In the crate root a bare room name is a path into that room.
        _ if source.room() == "lib" && !path.absolute && find_room(first).is_some() => Some(path.segments.clone()),
        _ => None,
    }
}

fn relative_to_module(source: &Source, path: &NamedPath) -> Vec<String> {
    let mut module = source.module.clone();
    module.extend(path.inline_modules.iter().cloned());
    for segment in &path.segments {
        match segment.as_str() {
            "self" => {}
            "super" => {
                module.pop();
            }
            name => module.push(name.to_owned()),
        }
    }
    module
}

/// Lists the imports inside `service` that leave a room without leave. Its top only opens the rooms.
fn check_service(source: &Source) -> Vec<Violation> {
    let [service, own, ..] = source.module.as_slice() else { return Vec::new() };
    if service != "service" {
        return Vec::new();
    }
    let find = |name: &str| SERVICE_ROOMS.iter().find(|room| room.name == name);
    let Some(room) = find(own) else {
        return vec![Violation::new(
            &source.path,
            1,
            format!("the room `service::{own}` has no row in tests/tidy/rooms.rs"),
        )];
    };
    let mut violations = Vec::new();
    for path in &source.paths.named {
        let Some(target) = resolve(source, path).filter(|target| target.first().is_some_and(|room| room == "service"))
        else {
            continue;
        };
        let written = path.segments.join("::");
        let message = match target.get(1) {
            // `pub(in crate::service)` imports nothing.
            None if path.import.is_none() => continue,
            None => format!("`{written}` names all of service; name the room"),
            Some(goal) if goal == room.name || room.may_use.contains(&goal.as_str()) => continue,
            Some(goal) => format!("`service::{}` must not use `service::{goal}` (`{written}`)", room.name),
        };
        violations.push(Violation::new(&source.path, path.line, message));
    }
    violations
}

#[test]
fn every_import_inside_service_follows_the_direction() {
    assert_clean(sources().iter().flat_map(check_service).collect());
}

#[test]
fn import_against_the_direction_inside_service_is_named() {
    let shown = |path: &str, text: &str| -> Vec<String> {
        check_service(&Source::new(path, text)).iter().map(Violation::to_string).collect()
    };
    assert_eq!(
        shown(
            "src/service/audit/late.rs",
            "use crate::service::known::vintage::Vintage;\nuse crate::service::papers::Run;\nuse super::super::questions::count;\nuse crate::service::*;"
        ),
        [
            "src/service/audit/late.rs:2: `service::audit` must not use `service::papers` (`crate::service::papers::Run`)",
            "src/service/audit/late.rs:3: `service::audit` must not use `service::questions` (`super::super::questions::count`)",
            "src/service/audit/late.rs:4: `crate::service` names all of service; name the room",
        ]
    );
    assert_eq!(
        shown("src/service/attic/a.rs", ""),
        ["src/service/attic/a.rs:1: the room `service::attic` has no row in tests/tidy/rooms.rs"]
    );
    assert_eq!(shown("src/service/mod.rs", "pub mod keep;"), [""; 0]);
}

#[test]
fn every_import_follows_the_direction() {
    assert_clean(sources().iter().flat_map(check).collect());
}

#[cfg(test)]
fn broken(path: &str, text: &str) -> Vec<String> {
    check(&Source::new(path, text)).iter().map(Violation::to_string).collect()
}

#[test]
fn import_against_the_direction_is_named_with_file_and_line() {
    let text =
        "//! A.\nuse crate::domain::x;\nuse crate::{store::Y,\n  domain::{a, b}};\nfn f() { crate::service::go(); }";
    assert_eq!(
        broken("src/ingest/rows.rs", text),
        [
            "src/ingest/rows.rs:3: `ingest` must not use `store` (`crate::store::Y`)",
            "src/ingest/rows.rs:5: `ingest` must not use `service` (`crate::service::go`)",
        ]
    );
}

#[test]
fn super_that_leaves_the_room_is_found() {
    let text = "use super::super::timeline::T;\nmod tests { use super::*; use super::super::rows; use super::super::super::web::W; }";
    assert_eq!(
        broken("src/store/sqlite.rs", text),
        [
            "src/store/sqlite.rs:1: `store` must not use `timeline` (`super::super::timeline::T`)",
            "src/store/sqlite.rs:2: `store` must not use `web` (`super::super::super::web::W`)",
        ]
    );
}

#[test]
fn whole_crate_and_unknown_rooms_are_refused() {
    assert_eq!(
        broken("src/clock.rs", "use super::*;"),
        ["src/clock.rs:1: `super` names the whole crate; name the room"]
    );
    assert_eq!(broken("src/clock.rs", "use crate::Date;"), ["src/clock.rs:1: `crate::Date`: `Date` is no room"]);
    assert_eq!(broken("src/attic/a.rs", ""), ["src/attic/a.rs:1: the room `attic` has no row in tests/tidy/rooms.rs"]);
}

#[test]
fn doors_and_main_reach_adapters_through_service_only() {
    assert_eq!(
        broken("src/main.rs", "fn main() { kaiin::cli::run(); kaiin::store::open(); }"),
        ["src/main.rs:1: `main` must not use `store` (`kaiin::store::open`)"]
    );
    assert_eq!(broken("src/cli/count.rs", "use kaiin::render::csv;").len(), 1);
    assert_eq!(broken("src/lib.rs", "pub mod store; pub use store::Store;").len(), 1);
    assert_eq!(broken("src/stats/kernel.rs", "use crate::timeline::Timeline; use crate::domain;"), [""; 0]);
}
