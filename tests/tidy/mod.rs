//! The house rules as tests: every check reads the project's own files and names file and line.
//!
//! Nothing here knows what the product does, and nothing here uses a crate. The rules themselves are two
//! tables in [`rooms`]: which room may use which, and which room may name which crate. Start reading there;
//! [`sources`] shows how a file is read, the other modules hold one kind of check each. Every check has a
//! test with a small bad text beside it, because a check that cannot fail is worth nothing.

mod circles;
mod cited;
mod closures;
mod crates;
mod files;
mod fonts;
mod functions;
mod glossary;
mod layers;
mod lexer;
mod manifest;
mod paths;
mod rooms;
mod sources;
mod sql;
mod test_regions;
mod top_level;
mod words;

use std::fmt;
use std::path::{Path, PathBuf};

/// One broken rule, shown as `file:line: message`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    /// Path relative to the project, with `/` between its parts.
    file: String,
    /// Line from 1; 1 when the whole file is meant.
    line: usize,
    /// What is wrong and what to do instead.
    message: String,
}

impl Violation {
    /// Makes a violation from anything that reads as text.
    fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.into(), line, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Fails with all violations at once, one a line, in the order of files and lines.
#[track_caller]
fn assert_clean(mut violations: Vec<Violation>) {
    violations.sort();
    violations.dedup();
    let lines: Vec<String> = violations.iter().map(Violation::to_string).collect();
    assert!(lines.is_empty(), "{} broken house rule(s):\n{}", lines.len(), lines.join("\n"));
}

/// The folder that holds `Cargo.toml`.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Lists all files below a folder whose name ends with one of `endings`, sorted. A missing folder has none.
fn files_below(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files_below(&path, endings));
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Writes a path relative to the project, with `/` on every system.
fn relative(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

/// Reads a text file of the project.
///
/// # Panics
/// When the file cannot be read as UTF-8: a rule that skips a file would not hold for it.
#[track_caller]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}:1: cannot be read: {error}", relative(path)))
}

#[test]
fn violation_shows_file_line_and_message() {
    assert_eq!(Violation::new("src/lib.rs", 3, "no").to_string(), "src/lib.rs:3: no");
}

#[test]
#[should_panic(expected = "2 broken house rule(s):\na.rs:1: first\na.rs:10: second")]
fn violations_are_reported_together_in_order() {
    let second = Violation::new("a.rs", 10, "second");
    assert_clean(vec![second.clone(), Violation::new("a.rs", 1, "first"), second]);
}
