//! Checks the form of files: a head that says what the module is for, and a length one can read.

use super::sources::{Source, mark_test_files, sources};
use super::{Violation, assert_clean};

/// Past this a file is split by meaning; 300 is the aim.
const MOST_PRODUCTION_LINES: usize = 400;

/// Files that are longer, and how long they may be. Lengths here only go down.
const LONGER: &[(&str, usize)] = &[
    // A table of texts, one a line: it has no second meaning to be split by.
    ("src/messages/catalogue.rs", 500),
];

/// Checks head and length of a file. Lines of test code do not count.
fn check(source: &Source) -> Vec<Violation> {
    let mut violations = Vec::new();
    let first = source.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if !first.starts_with("//!") {
        violations.push(Violation::new(&source.path, 1, "starts without `//!`: say what the module is for"));
    }
    let (lines, most) = (production_lines(source), most_lines(&source.path));
    if lines > most {
        let message = format!("{lines} production lines, {most} at most: split by meaning");
        violations.push(Violation::new(&source.path, most + 1, message));
    }
    violations
}

fn most_lines(path: &str) -> usize {
    LONGER.iter().find(|(longer, _)| *longer == path).map_or(MOST_PRODUCTION_LINES, |(_, most)| *most)
}

fn production_lines(source: &Source) -> usize {
    let lines = source.text.lines().count();
    (1..=lines).filter(|line| !source.is_test_line(*line)).count()
}

#[test]
fn files_have_a_head_and_a_readable_length() {
    assert_clean(sources().iter().flat_map(check).collect());
}

#[test]
fn longer_files_are_still_longer() {
    let is_long = |path: &str| {
        sources().iter().any(|source| source.path == path && production_lines(source) > MOST_PRODUCTION_LINES)
    };
    let short: Vec<_> = LONGER.iter().map(|(path, _)| *path).filter(|path| !is_long(path)).collect();
    assert_eq!(short, Vec::<&str>::new(), "these need no exception any more: take them from LONGER");
}

#[test]
fn missing_head_is_found() {
    for (text, broken) in
        [("//! A.\n", 0), ("\n//! A.\n", 0), ("", 1), ("use a::b;\n//! A.\n", 1), ("/// A.\nfn f() {}", 1)]
    {
        assert_eq!(check(&Source::new("src/a.rs", text)).len(), broken, "{text:?}");
    }
}

#[test]
fn long_file_is_found_and_its_tests_do_not_count() {
    let file = |production: usize, tests: usize| {
        let text = format!(
            "//! A.\n{}#[cfg(test)]\nmod tests {{\n{}}}\n",
            "fn f() {}\n".repeat(production),
            "\n".repeat(tests)
        );
        Source::new("src/a.rs", &text)
    };
    assert_eq!(check(&file(MOST_PRODUCTION_LINES - 1, 900)), []);
    assert_eq!(check(&file(MOST_PRODUCTION_LINES, 0)).len(), 1);
    let mut pair = [Source::new("src/b.rs", "//! B.\n#[cfg(test)] mod a;"), file(600, 0)];
    pair[1].module = vec!["b".into(), "a".into()];
    mark_test_files(&mut pair);
    assert_eq!(check(&pair[1]), []);
}
