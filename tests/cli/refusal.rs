//! How the program says no: exit code, code, place, both languages, one JSON object, no person, nothing stored.

use kaiin::messages::{Lang, message};
use serde_json::{Value, json};

use super::people::PERSONAL;
use super::program::{Office, Run};

/// What a run must end with.
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    pub exit: i32,
    pub code: &'static str,
    pub row: Option<u32>,
    pub column: Option<&'static str>,
}

/// A refusal that concerns no file, or a file as a whole.
pub const fn refusal(exit: i32, code: &'static str) -> Refusal {
    Refusal { exit, code, row: None, column: None }
}

/// A refused file, at a row.
pub const fn in_row(code: &'static str, row: u32) -> Refusal {
    Refusal { row: Some(row), ..refusal(3, code) }
}

/// A refused file, at a cell.
pub const fn in_cell(code: &'static str, row: u32, column: &'static str) -> Refusal {
    Refusal { column: Some(column), ..in_row(code, row) }
}

/// Runs the program three times, and checks that it says no in Japanese, in English and in JSON, names no person and
/// leaves everything as it was.
#[track_caller]
pub fn assert_refused(office: &Office, arguments: &str, expected: Refusal) {
    let before = office.state();
    let run = |more: &str| office.run(&format!("{arguments} {more}"));
    assert_said(&run(""), Lang::Ja, expected);
    assert_said(&run("--lang en"), Lang::En, expected);
    for more in ["--json", "--json --lang en"] {
        let lang = if more == "--json" { Lang::Ja } else { Lang::En };
        assert_told(&run(more), lang, expected);
    }
    assert_eq!(office.state(), before, "kaiin {arguments} changed something");
}

/// Text for people.
#[track_caller]
pub fn assert_said(run: &Run, lang: Lang, expected: Refusal) {
    assert_eq!(run.exit, Some(expected.exit), "{}", run.stderr);
    assert_names_nobody(run);
    let said = run.stderr.lines().skip_while(|line| !line.contains(expected.code)).collect::<Vec<_>>().join("\n");
    assert!(!said.is_empty(), "{} is not named: {}", expected.code, run.stderr);
    let words = message(expected.code, lang, "\u{0}");
    for part in words.text.split('\u{0}').chain(words.remedy.split('\u{0}')) {
        assert!(said.contains(part), "{part:?} is not said: {said}");
    }
    let (row, column) = match lang {
        Lang::Ja => (expected.row.map(|row| format!("{row}行目")), expected.column.map(|column| format!("{column}列"))),
        Lang::En => {
            // Headings with hiragana; they are named as they stand in the file.
            let said = run.stderr.replace("並び順", "").replace("新しい日付", "");
            assert!(!said.contains(is_hiragana), "Japanese among the English: {}", run.stderr);
            (expected.row.map(|row| format!("row {row}")), expected.column.map(|column| format!("column {column}")))
        }
    };
    for place in [row, column].into_iter().flatten() {
        assert!(said.contains(&format!(" {place}")), "{place:?} is not said: {said}");
    }
}

/// One JSON object on standard error.
#[track_caller]
pub fn assert_told(run: &Run, lang: Lang, expected: Refusal) {
    assert_eq!(run.exit, Some(expected.exit), "{}", run.stderr);
    assert_names_nobody(run);
    let told = run.error();
    let error = &told["error"];
    assert_eq!(keys(&told), ["error", "exit"]);
    assert_eq!(keys(error), ["code", "column", "file", "hint", "message", "row"]);
    assert_eq!(told["exit"], expected.exit);
    let place = json!([expected.code, expected.row, expected.column]);
    assert_eq!(json!([error["code"], error["row"], error["column"]]), place, "{told}");
    let words = message(expected.code, lang, "\u{0}");
    let text = error["message"].as_str().expect("a message is a text");
    for part in words.text.split('\u{0}') {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
    assert_eq!(error["hint"].as_str().map(str::is_empty), Some(words.remedy.is_empty()));
}

/// No number, name, kana, birth date or facility of the exports of `people`.
#[track_caller]
pub fn assert_names_nobody(run: &Run) {
    for part in PERSONAL {
        assert!(!run.stdout.contains(part) && !run.stderr.contains(part), "{part:?} is shown: {run:?}");
    }
}

fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn is_hiragana(c: char) -> bool {
    ('\u{3041}'..='\u{309F}').contains(&c)
}
