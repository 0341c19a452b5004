//! Checks that the files which docs and comments name exist: who follows a rule to its code must arrive.
//!
//! A name is read as one of ours when it begins with a folder of the project (`src/domain/day.rs`, `tests/tidy`) or with
//! a folder of `src` (`domain/day.rs`). Names with signs that no file of ours has are patterns or files of an office.

use std::path::Path;

use super::{Violation, assert_clean, files_below, read, relative, root};

/// Folders of the project whose files are named from the project's own folder.
const FOLDERS: [&str; 8] = ["benches", "docs", "fonts", "reports", "scripts", "src", "templates", "tests"];

/// What names of files are made of. Braces hold alternatives: `publish,kept`.
fn is_part_of_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.' | '{' | '}' | ',')
}

/// The names of files in a line, as they stand there, cut where they stop to be names.
fn names(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split([' ', '`', '(', ')', '"', '、', '（', '）', '「', '」', '|', ';', '\t']);
    words.map(|word| word.trim_end_matches(['.', ',', ':'])).filter(|word| word.contains('/'))
}

/// The files that one name stands for; none when it is no name of ours.
fn meant(name: &str, is_room: &impl Fn(&str) -> bool) -> Vec<String> {
    if !name.chars().all(is_part_of_path) {
        return Vec::new();
    }
    let first = name.split('/').next().unwrap_or_default();
    let path = match first {
        folder if FOLDERS.contains(&folder) => name.to_owned(),
        room if is_room(room) => format!("src/{name}"),
        _ => return Vec::new(),
    };
    alternatives(&path)
}

/// `a/{b,c}.rs` stands for `a/b.rs` and `a/c.rs`.
fn alternatives(path: &str) -> Vec<String> {
    let Some((before, (among, after))) =
        path.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    else {
        return vec![path.to_owned()];
    };
    among.split(',').map(|one| format!("{before}{one}{after}")).collect()
}

/// Checks the lines of one file that speak to a reader.
fn check<'a>(
    file: &str,
    lines: impl Iterator<Item = (usize, &'a str)>,
    is_room: impl Fn(&str) -> bool,
    exists: impl Fn(&str) -> bool,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (line, text) in lines {
        for path in names(text).flat_map(|name| meant(name, &is_room)).filter(|path| !exists(path)) {
            violations.push(Violation::new(file, line, format!("names {path}, which does not exist")));
        }
    }
    violations
}

/// The comments of a Rust file, with their lines.
fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(nth, line)| (nth + 1, line.trim_start()));
    lines.filter_map(|(line, text)| Some((line, text.strip_prefix("//")?.trim_start_matches(['/', '!']))))
}

/// The lines of a document.
fn paragraphs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(nth, line)| (nth + 1, line))
}

fn is_room(name: &str) -> bool {
    !name.is_empty() && root().join("src").join(name).is_dir()
}

fn exists(path: &str) -> bool {
    root().join(path).exists()
}

#[test]
fn files_named_in_docs_exist() {
    let mut documents = files_below(&root().join("docs"), &[".md"]);
    documents.push(root().join("README.md"));
    assert!(documents.len() > 5, "no docs found");
    let check_document = |path: &Path| check(&relative(path), paragraphs(&read(path)), is_room, exists);
    assert_clean(documents.iter().flat_map(|path| check_document(path)).collect());
}

#[test]
fn files_named_in_comments_exist() {
    let mut sources = files_below(&root().join("src"), &[".rs"]);
    sources.extend(files_below(&root().join("tests"), &[".rs"]));
    // The text of this file is full of names that are examples.
    sources.retain(|path| !path.ends_with("tidy/cited.rs"));
    let check_source = |path: &Path| check(&relative(path), comments(&read(path)), is_room, exists);
    assert_clean(sources.iter().flat_map(|path| check_source(path)).collect());
}

#[test]
fn names_that_lead_nowhere_are_found() {
    let known = ["src/domain/day.rs", "tests/tidy", "docs/rules.md", "src/domain/day", "src/a/b.rs", "src/a/c.rs"];
    let exists = |path: &str| known.contains(&path);
    let found =
        |line: &str| check("a.md", [(1, line)].into_iter(), |room| room == "domain" || room == "a", exists).len();
    for (line, broken) in [
        ("see `src/domain/day.rs` and `domain/day.rs`, docs/rules.md.", 0),
        ("see `domain/night.rs`", 1),
        ("src/domain/night.rs: no", 1),
        ("（`tests/tidy`、`tests/untidy`）", 1),
        ("`a/{b,c}.rs`", 0),
        ("`a/{b,d}.rs`", 1),
        ("`domain/day`, `domain/nights`", 1),
        // Neither patterns, nor files of an office, nor two words.
        ("`src/*.rs` `papers/2025-12_速報/` and/or `kaiin-data/papers` https://example.jp/src/a.rs", 0),
    ] {
        assert_eq!(found(line), broken, "{line}");
    }
}

#[test]
fn comments_are_told_from_code() {
    let text = "//! docs/a.md\nlet a = \"docs/b.md\"; // docs/c.md\n    /// docs/d.md\n    // docs/e.md\n";
    assert_eq!(comments(text).collect::<Vec<_>>(), [(1, " docs/a.md"), (3, " docs/d.md"), (4, " docs/e.md")]);
}
