//! Checks that the top level of the project holds what the design names, and nothing else.

use std::collections::BTreeSet;
use std::process::Command;

use super::{Violation, assert_clean, root};

/// What belongs at the top level.
const EXPECTED: &[&str] = &[
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "askama.toml",
    "benches",
    "build.rs",
    "clippy.toml",
    "deny.toml",
    "docs",
    "fonts",
    "fuzz",
    "justfile",
    "output",
    "reports",
    "rustfmt.toml",
    "scripts",
    "src",
    "templates",
    "tests",
];

/// What a working copy also holds when git cannot be asked what belongs to the project.
const UNTRACKED: &[&str] = &[".git", "kaiin-data", "target"];

/// Lists the entries that nobody expects.
fn check(entries: &BTreeSet<String>) -> Vec<Violation> {
    let surprising = entries.iter().filter(|entry| !EXPECTED.contains(&entry.as_str()));
    surprising.map(|entry| Violation::new(entry, 1, "does not belong at the top level: find it a room")).collect()
}

/// First parts of the paths that git tracks; `None` without git or outside a working copy.
fn tracked_entries() -> Option<BTreeSet<String>> {
    let output = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output().ok()?;
    let paths = String::from_utf8(output.stdout).ok()?;
    let entries: BTreeSet<String> = paths
        .split('\0')
        .filter_map(|path| path.split('/').next())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    (output.status.success() && !entries.is_empty()).then_some(entries)
}

fn entries_on_disk() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root()).expect("the project folder can be read");
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !UNTRACKED.contains(&name.as_str())).collect()
}

#[test]
fn top_level_holds_only_what_is_expected() {
    assert_clean(check(&tracked_entries().unwrap_or_else(entries_on_disk)));
}

#[test]
fn surprising_entry_is_found() {
    let entries = BTreeSet::from(["src".to_owned(), "utils".to_owned(), "notes.txt".to_owned()]);
    let files: Vec<String> = check(&entries).into_iter().map(|violation| violation.file).collect();
    assert_eq!(files, ["notes.txt", "utils"]);
}
