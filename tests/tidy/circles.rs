//! Checks that the files under `src/` do not use each other in circles, and that names are passed on by the room they
//! belong to.
//!
//! Every path is followed through the `use` lines it passes to the file that defines what it names. A file uses another
//! when production code in it names something defined there. Who reads one file of a circle has to read all of them, so
//! there is none; what two files share stands in a third, never in the `mod.rs` above both.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Import, NamedPath};
use super::sources::{Source, mark_test_files, sources};
use super::{Violation, assert_clean};

/// How far `use` lines are followed before they count as going round.
const STEPS: usize = 32;

/// The files with what each module path leads to.
struct Tree<'a> {
    sources: &'a [Source],
    files: BTreeMap<&'a [String], usize>,
}

/// Where a path ends: the file, and how many of its segments named modules.
#[derive(Clone, Copy)]
struct Place {
    file: usize,
    is_module: bool,
}

impl<'a> Tree<'a> {
    fn new(sources: &'a [Source]) -> Self {
        // `main.rs` is a crate of its own that nobody can name, and `base.rs` is named by `lib.rs` alone.
        let named = |(_, source): &(usize, &Source)| !["src/main.rs", "src/base.rs"].contains(&source.path.as_str());
        let files = sources.iter().enumerate().filter(named).map(|(i, source)| (source.module.as_slice(), i)).collect();
        Self { sources, files }
    }

    /// Follows a path written in a file; `None` when it leaves the crate.
    fn follow(&self, from: usize, path: &NamedPath) -> Option<Place> {
        let source = &self.sources[from];
        let mut module = source.module.clone();
        module.extend(path.inline_modules.iter().cloned());
        self.follow_words(from, module, &path.segments, path.import.is_some(), STEPS)
    }

    /// Follows segments written in `module`, which is `file` or inline in it.
    fn follow_words(
        &self,
        file: usize,
        mut module: Vec<String>,
        words: &[String],
        is_use: bool,
        steps: usize,
    ) -> Option<Place> {
        let mut rest = words;
        match rest.first()?.as_str() {
            "crate" | "kaiin" | "$crate" => {
                module.clear();
                rest = &rest[1..];
            }
            "self" | "super" => {
                while let Some(word @ ("self" | "super")) = rest.first().map(String::as_str) {
                    if word == "super" {
                        module.pop();
                    }
                    rest = &rest[1..];
                }
            }
            _ => return self.follow_local(file, module, words, is_use, steps),
        }
        self.descend(module, rest, steps)
    }

    /// A path that starts with a name of this file: a module below it, or something imported.
    fn follow_local(
        &self,
        file: usize,
        module: Vec<String>,
        words: &[String],
        is_use: bool,
        steps: usize,
    ) -> Option<Place> {
        let first = &words[0];
        let mut below = module.clone();
        below.push(first.clone());
        if self.files.contains_key(below.as_slice()) {
            return self.descend(module, words, steps);
        }
        // In a `use` the first name of an import may be a crate of the same name: `use csv::Reader;`.
        let imported = self.import(file, first).filter(|path| !is_use || path.segments.len() > 1)?;
        self.step(file, imported, &words[1..], steps)
    }

    fn import(&self, file: usize, name: &str) -> Option<&'a NamedPath> {
        let is_it = |path: &&NamedPath| path.import.as_ref().is_some_and(|import| import.name.as_deref() == Some(name));
        self.sources[file].paths.named.iter().find(is_it)
    }

    /// Follows an import, then what is written behind its name.
    fn step(&self, file: usize, import: &NamedPath, rest: &[String], steps: usize) -> Option<Place> {
        let steps = steps.checked_sub(1)?;
        let mut words = import.segments.clone();
        words.extend(rest.iter().cloned());
        let mut module = self.sources[file].module.clone();
        module.extend(import.inline_modules.iter().cloned());
        self.follow_words(file, module, &words, true, steps)
    }

    /// Goes down from a module to the file that defines the last name.
    fn descend(&self, mut module: Vec<String>, mut rest: &[String], steps: usize) -> Option<Place> {
        while let Some(word) = rest.first() {
            module.push(word.clone());
            if !self.files.contains_key(module.as_slice()) {
                module.pop();
                break;
            }
            rest = &rest[1..];
        }
        let file = self.file_of(&module)?;
        let Some(name) = rest.first() else { return Some(Place { file, is_module: true }) };
        if self.sources[file].defines(name) {
            return Some(Place { file, is_module: false });
        }
        if let Some(import) = self.import(file, name) {
            return self.step(file, import, &rest[1..], steps);
        }
        self.through_globs(file, rest, steps).or(Some(Place { file, is_module: false }))
    }

    /// Looks for a name in what `pub use x::*` passes on.
    fn through_globs(&self, file: usize, rest: &[String], steps: usize) -> Option<Place> {
        let is_glob = |path: &&NamedPath| path.import.as_ref().is_some_and(|import| import.name.is_none());
        let mut globs = self.sources[file].paths.named.iter().filter(is_glob);
        globs.find_map(|glob| {
            let place = self.step(file, glob, rest, steps)?;
            self.sources[place.file].defines(&rest[0]).then_some(place)
        })
    }

    /// The file a module stands in: its own, or the one of the module around it.
    fn file_of(&self, module: &[String]) -> Option<usize> {
        (0..=module.len()).rev().find_map(|length| self.files.get(&module[..length]).copied())
    }
}

/// Production code of one file that names something of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    from: usize,
    to: usize,
    line: usize,
    written: String,
}

/// All edges, the first of each pair of files.
fn edges(sources: &[Source]) -> Vec<Edge> {
    let tree = Tree::new(sources);
    let mut found = BTreeMap::new();
    for (from, source) in sources.iter().enumerate() {
        for path in source.paths.named.iter().filter(|path| !source.is_test_line(path.line)) {
            let Some(place) = tree.follow(from, path) else { continue };
            let is_glob = path.import.as_ref().is_some_and(|import| import.name.is_none());
            // Importing a module uses nothing yet: `module::name` in the code does. And `pub use` of a file below only
            // opens a door, unless the name is used here as well.
            let opens = is_below(sources, from, place.file)
                && path
                    .import
                    .as_ref()
                    .is_some_and(|import| import.passed_on && !is_used_beside(source, import, path.line));
            if place.file == from || (place.is_module && !is_glob) || opens {
                continue;
            }
            let written = path.segments.join("::");
            found.entry((from, place.file)).or_insert(Edge { from, to: place.file, line: path.line, written });
        }
    }
    found.into_values().collect()
}

/// Whether production code of a file says an imported name elsewhere than in the line that imports it.
fn is_used_beside(source: &Source, import: &Import, line: usize) -> bool {
    let Some(name) = &import.name else { return false };
    source.lexemes.iter().any(|word| word.is_word(name) && word.line != line && !source.is_test_line(word.line))
}

fn is_below(sources: &[Source], above: usize, file: usize) -> bool {
    sources[file].module.starts_with(&sources[above].module)
}

/// Sets of more than one file that reach each other (Tarjan 1972), in the order of their first file.
fn circles(count: usize, edges: &[Edge]) -> Vec<Vec<usize>> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
    for edge in edges {
        next[edge.from].push(edge.to);
    }
    let reached: Vec<BTreeSet<usize>> = (0..count).map(|from| reach(&next, from)).collect();
    let mut circles: Vec<Vec<usize>> = Vec::new();
    let mut done = BTreeSet::new();
    for from in 0..count {
        if !reached[from].contains(&from) || done.contains(&from) {
            continue;
        }
        let circle: Vec<usize> = reached[from].iter().copied().filter(|&to| reached[to].contains(&from)).collect();
        done.extend(circle.iter().copied());
        circles.push(circle);
    }
    circles
}

/// The files that can be reached from one by at least one edge.
fn reach(next: &[Vec<usize>], from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = next[from].clone();
    while let Some(file) = open.pop() {
        if seen.insert(file) {
            open.extend(&next[file]);
        }
    }
    seen
}

/// Names every edge inside a circle.
fn check_circles(sources: &[Source]) -> Vec<Violation> {
    let edges = edges(sources);
    let mut violations = Vec::new();
    for circle in circles(sources.len(), &edges) {
        let inside = |edge: &&Edge| circle.contains(&edge.from) && circle.contains(&edge.to);
        for edge in edges.iter().filter(inside) {
            let to = &sources[edge.to].path;
            let message = format!("circle of {} files: `{}` leads to {to}", circle.len(), edge.written);
            violations.push(Violation::new(&sources[edge.from].path, edge.line, message));
        }
    }
    violations
}

/// Names are passed on by the room they belong to: `pub use` reaches down, never to a neighbour.
fn check_passing_on(sources: &[Source]) -> Vec<Violation> {
    let tree = Tree::new(sources);
    let mut violations = Vec::new();
    for (from, source) in sources.iter().enumerate() {
        for path in source.paths.named.iter().filter(|path| !source.is_test_line(path.line)) {
            if !path.import.as_ref().is_some_and(|import| import.passed_on) {
                continue;
            }
            let Some(place) = tree.follow(from, path) else { continue };
            if !is_below(sources, from, place.file) {
                let message = format!(
                    "`pub use {}` passes on what belongs to {}",
                    path.segments.join("::"),
                    sources[place.file].path
                );
                violations.push(Violation::new(&source.path, path.line, message));
            }
        }
    }
    violations
}

#[test]
fn no_files_use_each_other_in_circles() {
    assert_clean(check_circles(&sources()));
}

#[test]
fn names_are_passed_on_from_below_only() {
    assert_clean(check_passing_on(&sources()));
}

#[cfg(test)]
fn house(files: &[(&str, &str)]) -> Vec<Source> {
    let mut sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
    mark_test_files(&mut sources);
    sources
}

#[cfg(test)]
fn shown(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(Violation::to_string).collect()
}

#[test]
fn circle_is_found_through_names_passed_on_and_named_by_edge() {
    let sources = house(&[
        ("src/domain/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::B;"),
        ("src/domain/a.rs", "use super::B;\npub struct A;"),
        ("src/domain/b.rs", "use crate::domain;\npub struct B;\nfn f() -> domain::A { A }"),
    ]);
    assert_eq!(
        shown(&check_circles(&sources)),
        [
            "src/domain/a.rs:1: circle of 2 files: `super::B` leads to src/domain/b.rs",
            "src/domain/b.rs:3: circle of 2 files: `domain::A` leads to src/domain/a.rs",
        ]
    );
}

#[test]
fn name_that_is_passed_on_and_used_is_an_edge() {
    let sources = house(&[
        ("src/domain/mod.rs", "mod a;\npub use a::A;\npub struct Shared;\nfn f() -> A { A }"),
        ("src/domain/a.rs", "use super::Shared;\npub struct A(Shared);"),
    ]);
    assert_eq!(check_circles(&sources).len(), 2);
}

#[test]
fn what_is_shared_does_not_stand_in_the_module_above() {
    let sources = house(&[
        ("src/domain/mod.rs", "mod a;\npub struct Shared;\nfn f() { a::go(); }"),
        ("src/domain/a.rs", "use super::Shared;\npub fn go() {}"),
    ]);
    assert_eq!(check_circles(&sources).len(), 2);
}

#[test]
fn test_code_and_doors_are_no_edges() {
    let sources = house(&[
        ("src/domain/mod.rs", "pub mod a;\npub mod b;\npub use a::A;"),
        ("src/domain/a.rs", "pub struct A;\n#[cfg(test)]\nmod tests { use super::super::b::B; use super::*; }"),
        ("src/domain/b.rs", "use super::a::A as Other;\npub struct B;\nfn f() { Other::new(); std::mem::drop(B); }"),
    ]);
    assert_eq!(shown(&check_circles(&sources)), [""; 0]);
    let edges: Vec<(usize, usize)> = edges(&sources).iter().map(|edge| (edge.from, edge.to)).collect();
    assert_eq!(edges, [(2, 1)]);
}

#[test]
fn star_reaches_the_file_it_names() {
    let sources = house(&[
        ("src/domain/mod.rs", "pub mod a;\npub mod b;"),
        ("src/domain/a.rs", "use super::b::*;\npub struct A;"),
        ("src/domain/b.rs", "pub enum B { C }\nfn f() { super::a::A; }"),
    ]);
    assert_eq!(check_circles(&sources).len(), 2);
}

#[test]
fn name_of_a_neighbour_is_not_passed_on() {
    let sources = house(&[
        ("src/domain/mod.rs", "mod a;\nmod b;\npub use a::{A, c::C};"),
        ("src/domain/a.rs", "pub(super) mod c;\npub use super::b::B;\npub struct A;"),
        ("src/domain/a/c.rs", "pub struct C;"),
        ("src/domain/b.rs", "pub struct B;"),
    ]);
    assert_eq!(
        shown(&check_passing_on(&sources)),
        ["src/domain/a.rs:2: `pub use super::b::B` passes on what belongs to src/domain/b.rs"]
    );
}
