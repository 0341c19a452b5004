//! Checks that every external crate is named only in the rooms that own it, and that `domain` stays pure.

use super::manifest::{Manifest, manifest};
use super::paths::NamedPath;
use super::rooms::{CRATES, FREE_IN_TESTS, NOT_PURE, Where, find_crate};
use super::sources::{Source, sources};
use super::{Violation, assert_clean};

/// Compares the table of crates with `Cargo.toml`, both ways.
fn check_table(manifest: &Manifest) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, line) in &manifest.dependencies {
        if find_crate(name).is_none() {
            let message = format!("`{name}` has no row in tests/tidy/rooms.rs: say which rooms may name it");
            violations.push(Violation::new("Cargo.toml", *line, message));
        }
    }
    for row in CRATES {
        if manifest.dependencies.iter().all(|(name, _)| name != row.name) {
            let message = format!("`{}` is no dependency any more: drop its row", row.name);
            violations.push(Violation::new("tests/tidy/rooms.rs", 1, message));
        }
    }
    violations
}

/// Lists the crates a file names without leave.
fn check(source: &Source, manifest: &Manifest) -> Vec<Violation> {
    let mut violations = Vec::new();
    for path in &source.paths.named {
        let Some(name) = crate_named_by(source, path) else { continue };
        let in_test = source.is_test_line(path.line);
        let message = if let Some(message) = impure(source, path, in_test) {
            message
        } else if is_refused(name, source.room(), in_test, manifest) {
            format!("`{}` must not name the crate `{name}` (`{}`)", source.room(), path.segments.join("::"))
        } else {
            continue;
        };
        violations.push(Violation::new(&source.path, path.line, message));
    }
    violations
}

/// The first segment, unless the file itself gives that name to something else.
fn crate_named_by<'a>(source: &Source, path: &'a NamedPath) -> Option<&'a str> {
    let first = path.segments.first()?.as_str();
    (path.absolute || !source.paths.local_names.contains(first)).then_some(first)
}

fn impure(source: &Source, path: &NamedPath, in_test: bool) -> Option<String> {
    let part = path.segments.get(1)?.as_str();
    let impure = path.segments[0] == "std" && source.room() == "domain" && !in_test && NOT_PURE.contains(&part);
    impure.then(|| format!("`domain` is pure: `std::{part}` does not belong here"))
}

/// A name that is no crate of the manifest cannot be refused: the compiler knows it as something else.
fn is_refused(name: &str, room: &str, in_test: bool, manifest: &Manifest) -> bool {
    let listed = |list: &[(String, usize)]| list.iter().any(|(own, _)| own == name);
    if in_test && (FREE_IN_TESTS.contains(&name) || listed(&manifest.dev_dependencies)) {
        return false;
    }
    match find_crate(name).map(|row| &row.allowed) {
        Some(Where::Everywhere) => false,
        Some(Where::OutsideDomain) => room == "domain",
        Some(Where::Only(rooms)) => !rooms.contains(&room),
        None => listed(&manifest.dependencies) || listed(&manifest.dev_dependencies),
    }
}

#[test]
fn every_dependency_has_a_row_and_every_row_a_dependency() {
    assert_clean(check_table(&manifest()));
}

#[test]
fn crates_are_named_only_in_their_rooms() {
    let manifest = manifest();
    assert_clean(sources().iter().flat_map(|source| check(source, &manifest)).collect());
}

#[cfg(test)]
fn broken(path: &str, text: &str) -> Vec<String> {
    let dev = vec![("rstest".to_owned(), 1)];
    let manifest =
        Manifest { dev_dependencies: dev, dependencies: vec![("typst".to_owned(), 1)], ..Manifest::default() };
    check(&Source::new(path, text), &manifest).iter().map(Violation::to_string).collect()
}

#[test]
fn new_crate_without_row_and_row_without_crate_are_found() {
    let dependencies = CRATES.iter().skip(1).map(|row| (row.name.to_owned(), 1)).chain([("typst".to_owned(), 7)]);
    let found = check_table(&Manifest { dependencies: dependencies.collect(), ..Manifest::default() });
    assert_eq!(found.iter().map(|violation| violation.line).collect::<Vec<_>>(), [7, 1]);
    assert!(found[0].message.starts_with("`typst` has no row"));
}

#[test]
fn crate_in_a_foreign_room_is_found_however_it_is_named() {
    let text = "use polars::prelude::*;\nfn f(a: sqlx::Row) -> ::csv::Reader {}\n#[derive(clap::Parser)]\nuse typst;\nextern crate lopdf;";
    let lines: Vec<String> = broken("src/service/mod.rs", text);
    for (line, name) in lines.iter().zip(["polars", "sqlx", "csv", "clap", "typst", "lopdf"]) {
        assert!(line.contains(&format!("must not name the crate `{name}`")), "{line}");
    }
    assert_eq!(lines.len(), 6);
    assert_eq!(broken("src/service/mod.rs", "use sha2::Sha256; use tokio::fs; use anyhow::Context;"), [""; 0]);
}

#[test]
fn module_of_the_same_name_is_not_the_crate() {
    assert_eq!(broken("src/service/a.rs", "use crate::render::csv;\nfn f() { csv::write(); }"), [""; 0]);
    assert_eq!(broken("src/service/a.rs", "use crate::render::csv;\nfn f() { ::csv::write(); }").len(), 1);
}

#[test]
fn domain_is_pure() {
    let text = "use chrono::NaiveDate;\nuse std::collections::BTreeMap;\nuse std::{fs, fmt};\nuse tracing::info;\nuse serde_json as j;";
    assert_eq!(
        broken("src/domain/a.rs", text),
        [
            "src/domain/a.rs:3: `domain` is pure: `std::fs` does not belong here",
            "src/domain/a.rs:4: `domain` must not name the crate `tracing` (`tracing::info`)",
            "src/domain/a.rs:5: `domain` must not name the crate `serde_json` (`serde_json`)",
        ]
    );
}

#[test]
fn dev_dependencies_are_for_test_code() {
    assert_eq!(
        broken("src/domain/a.rs", "#[cfg(test)]\nmod tests { use rstest::rstest; use tempfile::tempdir; }"),
        [""; 0]
    );
    assert_eq!(broken("src/domain/a.rs", "use rstest::rstest;\nuse tempfile::tempdir;").len(), 2);
}
