//! Checks docs/glossary.md: each word of the field stands once, and its name in code stands where the row says.

use std::collections::BTreeSet;

use super::lexer::Lexeme;
use super::sources::Source;
use super::{Violation, assert_clean, read, root};

const GLOSSARY: &str = "docs/glossary.md";

/// Past this nobody reads it from top to bottom.
const MOST_LINES: usize = 70;

/// What must be explained, whatever else is.
#[rustfmt::skip]
const NEEDED: &[&str] = &[
    "as-of day", "known-at", "vintage", "reported", "evidence", "resolved", "coverage", "current exports", "stored", "stay",
    "enrolment", "physician", "association", "tier", "member class", "export", "source", "import", "application",
    "adjustment", "finding", "transfer", "flow", "roll-forward", "movement list", "revision", "dispute",
    "MAMIS difference", "snapshot", "paper", "edition", "manifest", "chain", "head", "period", "printed figure",
    "table check", "metric", "part", "pack", "definition", "area", "extent", "stream count", "body directory",
];

/// A row of the table: words that mean the same, and the name in the file.
struct Row<'a> {
    line: usize,
    terms: Vec<&'a str>,
    name: &'a str,
    file: &'a str,
}

/// The rows below the heading of the table; one that has not five cells has an empty name.
fn rows(text: &str) -> Vec<Row<'_>> {
    let lines = text.lines().enumerate().filter(|(_, line)| line.starts_with('|')).skip(2);
    lines.map(|(at, line)| row(at + 1, line)).collect()
}

fn row(line: usize, text: &str) -> Row<'_> {
    let cells: Vec<&str> = text.trim_matches('|').split('|').map(str::trim).collect();
    let terms = cells[0].split(',').map(str::trim).collect();
    match cells[..] {
        [_, japanese, meaning, name, file] if !japanese.is_empty() && meaning.ends_with('.') => {
            Row { line, terms, name: name.trim_matches('`'), file: file.trim_matches('`') }
        }
        _ => Row { line, terms, name: "", file: "" },
    }
}

/// Checks a glossary; `source` reads a file below `src`.
fn check(text: &str, needed: &[&str], source: impl Fn(&str) -> Option<Source>) -> Vec<Violation> {
    let rows = rows(text);
    let mut violations: Vec<Violation> = rows.iter().filter_map(|row| fault(row, &source)).collect();
    let mut met = BTreeSet::new();
    for row in &rows {
        let again = row.terms.iter().filter(|term| !met.insert(**term));
        violations.extend(again.map(|term| Violation::new(GLOSSARY, row.line, format!("`{term}` stands twice"))));
    }
    let missing = needed.iter().filter(|term| !met.contains(*term));
    violations.extend(missing.map(|term| Violation::new(GLOSSARY, 1, format!("`{term}` is not explained"))));
    if text.lines().count() > MOST_LINES {
        violations.push(Violation::new(GLOSSARY, MOST_LINES + 1, format!("more than {MOST_LINES} lines")));
    }
    violations
}

fn fault(row: &Row<'_>, source: &impl Fn(&str) -> Option<Source>) -> Option<Violation> {
    let message = match source(row.file) {
        _ if row.name.is_empty() => "needs term, Japanese, one sentence, name in code, file".into(),
        None => format!("names {}, which does not exist", row.file),
        Some(source) if defines(&source, row.name) => return None,
        Some(_) => format!("`{}` is not defined in {}", row.name, row.file),
    };
    Some(Violation::new(GLOSSARY, row.line, message))
}

/// Whether a file defines a name: as an item, or as the first word handed to a macro (`surrogate!(Name, …)`).
fn defines(source: &Source, name: &str) -> bool {
    let is_made =
        |four: &[Lexeme]| four[0].is_sign('!') && four[1].is_sign('(') && four[2].is_word(name) && four[3].is_sign(',');
    source.defines(name) || source.lexemes.windows(4).any(is_made)
}

#[test]
fn glossary_names_what_is_there() {
    let source = |file: &str| {
        let path = root().join("src").join(file);
        (file.ends_with(".rs") && path.is_file()).then(|| Source::new(&format!("src/{file}"), &read(&path)))
    };
    assert_clean(check(&read(&root().join(GLOSSARY)), NEEDED, source));
}

#[test]
fn wrong_rows_are_found() {
    let source = |file: &str| {
        (file == "a.rs").then(|| Source::new("src/a.rs", "pub struct Stay; surrogate!(/// A.\n Id, i64); fn f() {}"))
    };
    let found = |row: &str, needed: &[&str]| {
        check(&format!("| a | b | c | d | e |\n|---|---|---|---|---|\n{row}\n"), needed, source).len()
    };
    assert_eq!(found("| stay, sojourn | 在籍 | Days. | `Stay` | `a.rs` |", &["stay"]), 0);
    assert_eq!(found("| number | 番号 | A number. | `Id` | `a.rs` |", &[]), 0);
    for (row, broken) in [
        ("| stay | 在籍 | Days. | `Sojourn` | `a.rs` |", 1),
        ("| stay | 在籍 | Days. | `Stay` | `b.rs` |", 1),
        ("| stay | 在籍 | Days | `Stay` | `a.rs` |", 1),
        ("| stay |  | Days. | `Stay` | `a.rs` |", 1),
        ("| stay | 在籍 | Days. | `a.rs` |", 1),
        ("| stay, stay | 在籍 | Days. | `Stay` | `a.rs` |", 1),
        ("| sojourn | 在籍 | Days. | `Stay` | `a.rs` |", 1),
    ] {
        assert_eq!(found(row, if row.contains("| sojourn") { &["stay"] } else { &[] }), broken, "{row}");
    }
}
