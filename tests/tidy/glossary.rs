//! Checks docs/glossary.md: each word of the field stands once, and its name in code stands where the row says. Each figure of
//! the catalogue has a row that names the functions which work it out.

use std::collections::BTreeSet;

use super::lexer::Lexeme;
use super::sources::Source;
use super::{Violation, assert_clean, read, root};

const GLOSSARY: &str = "docs/glossary.md";

/// The heading of the figures, below the terms.
const FIGURES: &str = "## Figures";

/// Where the figures are defined.
const CATALOGUE: &str = "src/domain/metric.rs";

/// Past this nobody reads the terms from top to bottom.
const MOST_LINES: usize = 70;

/// What must be explained, whatever else is.
#[rustfmt::skip]
const NEEDED: &[&str] = &[
    "as-of day", "known-at", "vintage", "reported", "evidence", "resolved", "coverage", "current exports", "stored", "stay",
    "enrolment", "physician", "association", "tier", "member class", "export", "source", "import", "application",
    "adjustment", "finding", "transfer", "flow", "roll-forward", "movement list", "revision", "dispute",
    "MAMIS difference", "snapshot", "paper", "edition", "manifest", "chain", "head", "period", "printed figure",
    "table check", "metric", "comparison", "part", "pack", "definition", "area", "extent", "stream count", "body directory",
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

/// A figure as it is called: printed name, id, ruling.
type Called<'a> = [&'a str; 3];

/// The figures of the catalogue: lines of the form `Name = "id" "名" Unit None, Source "R1",`.
fn figures_of_catalogue(text: &str) -> Vec<Called<'_>> {
    let is_entry = |line: &&str| line.contains(" = \"") && line.ends_with("\",") && line.contains("\" \"");
    let entries = text.lines().map(str::trim).filter(is_entry);
    entries
        .map(|line| {
            let texts: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
            [texts[1], texts[0], texts[texts.len() - 1]]
        })
        .collect()
}

/// Checks the table of figures against the catalogue, in its order; `source` reads a file below `src`.
fn check_figures(text: &str, catalogue: &[Called<'_>], source: impl Fn(&str) -> Option<Source>) -> Vec<Violation> {
    let lines: Vec<(usize, &str)> =
        text.lines().enumerate().filter(|(_, line)| line.starts_with('|')).skip(2).collect();
    let mut violations = Vec::new();
    if lines.len() != catalogue.len() {
        let message = format!("{} figures stand here, {} in {CATALOGUE}", lines.len(), catalogue.len());
        violations.push(Violation::new(GLOSSARY, 1, message));
    }
    for ((at, line), [name, id, rule]) in lines.into_iter().zip(catalogue) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let rule = if rule.is_empty() { "–" } else { rule };
        let is_called = cells.len() == 4 && cells[..3] == [*name, &format!("`{id}`"), rule];
        let wrong =
            if is_called { not_there(cells[3], &source) } else { Some(format!("should be {name}, {id}, {rule}")) };
        violations.extend(wrong.map(|message| Violation::new(GLOSSARY, at + 1, message)));
    }
    violations
}

/// What is wrong with places of the form `file.rs::name, file.rs::Type::name`.
fn not_there(places: &str, source: &impl Fn(&str) -> Option<Source>) -> Option<String> {
    places.split(", ").map(|place| place.trim_matches('`')).find_map(|place| {
        let mut names = place.split("::");
        let found = source(names.next().unwrap_or_default());
        let names: Vec<&str> = names.collect();
        let is_there = |source: Source| !names.is_empty() && names.iter().all(|name| source.defines(name));
        (!found.is_some_and(is_there)).then(|| format!("{place} is not there"))
    })
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
    let text = read(&root().join(GLOSSARY));
    let (terms, figures) = text.split_once(FIGURES).expect("the figures stand below the terms");
    assert_clean(check(terms, NEEDED, source));
    let catalogue = read(&root().join(CATALOGUE));
    let catalogue = figures_of_catalogue(&catalogue);
    assert!(catalogue.len() > 40, "the entries of {CATALOGUE} are no longer recognised");
    assert_clean(check_figures(figures, &catalogue, source));
}

#[test]
fn wrong_figures_are_found() {
    let catalogue = "    A = \"a\" \"甲\" Percent Some(\"表\"), Register \"R1\",\n    B = \"b\" \"乙\" Heads None, Register \"\",\n";
    let catalogue = figures_of_catalogue(catalogue);
    assert_eq!(catalogue, [["甲", "a", "R1"], ["乙", "b", ""]]);
    let source = |file: &str| (file == "a.rs").then(|| Source::new("src/a.rs", "struct S; impl S { fn f() {} }"));
    let found = |first: &str, second: &str| {
        check_figures(&format!("| 名 | id | r | f |\n|-|-|-|-|\n{first}\n{second}\n"), &catalogue, source).len()
    };
    let (first, second) = ("| 甲 | `a` | R1 | `a.rs::S::f`, `a.rs::f` |", "| 乙 | `b` | – | `a.rs::S` |");
    assert_eq!(found(first, second), 0);
    for wrong in [
        "| 甲 | `a` | R1 | `a.rs::g` |",
        "| 甲 | `a` | R1 | `a.rs::S::f`, `b.rs::f` |",
        "| 甲 | `a` | R1 | `a.rs` |",
        "| 甲 | `a` | R2 | `a.rs::f` |",
        "| 丙 | `a` | R1 | `a.rs::f` |",
        "",
    ] {
        assert_ne!(found(wrong, second), 0, "{wrong}");
    }
    assert_ne!(found(second, first), 0, "another order");
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
