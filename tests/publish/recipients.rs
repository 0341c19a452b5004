//! The file of recipients: who gets papers on a day, and what is wrong in it by row and column.

use rstest::rstest;
use serde_json::json;

use super::office::{PREPARE, delivered, files, office, save_recipients};
use crate::reports::pdf_tools::page_texts;

#[rstest]
#[case::unknown("11-999,,,,", "PUB-011", "A")]
#[case::prefectural("P11,,,,", "PUB-011", "A")]
#[case::no_date("11-001,,,来月,", "PUB-012", "D")]
#[case::ends_before_it_begins("11-001,,,2026-02-01,2026-01-01", "PUB-012", "E")]
#[case::twice("11-003,,,,", "PUB-013", "A")]
#[case::too_many_cells("11-001,,,,,余り", "IMP-207", "F")]
#[case::cut_off("11-001,,", "IMP-207", "D")]
fn wrong_row_is_named_by_row_and_column(#[case] row: &str, #[case] code: &str, #[case] column: &str) {
    let office = office();
    save_recipients(&office, &["11-003,,,,".to_string(), row.to_string()]);
    let run = office.run(&format!("--json {PREPARE}"));
    let error = &run.error()["error"];
    assert_eq!((run.exit, &error["code"]), (Some(3), &json!(code)), "{}", run.stderr);
    assert_eq!((&error["row"], &error["column"]), (&json!(3), &json!(column)));
    assert_eq!(error["file"], "配布先.csv");
    assert_eq!(office.json("publish list"), json!([]), "nothing half-made stays");
}

#[test]
fn file_without_codes_and_file_that_is_missing_are_told() {
    let office = office();
    office.save("kaiin-data/配布先.csv", "医師会,宛名\n浦和,浦和医師会長\n");
    assert_eq!(office.run(&format!("--json {PREPARE}")).error()["error"]["code"], "PUB-010");
    std::fs::remove_file(office.data().join("配布先.csv")).expect("it is there");
    let run = office.run(&format!("--json {PREPARE}"));
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &json!("ENV-005")));
}

/// Rows hold from their first day to their last one, both included; the day is that of the letters.
#[rstest]
#[case::first_day("2026-01-10,", true)]
#[case::the_day_before(",2026-01-09", false)]
#[case::last_day(",R8.1.10", true)]
#[case::tomorrow("2026-01-11,", false)]
fn row_holds_on_its_days(#[case] days: &str, #[case] holds: bool) {
    let office = office();
    save_recipients(&office, &["11-001,,,,".to_string(), format!("11-002,,,{days}")]);
    assert_eq!(office.json(PREPARE)["recipients"], if holds { 2 } else { 1 });
}

#[test]
fn body_that_changes_hands_within_the_file_has_the_row_of_the_day() {
    let office = office();
    let rows = ["11-001,浦和医師会長,旧　太郎,,2025-12-31", "11-001,浦和医師会長,新　花子,2026-01-01,"];
    save_recipients(&office, &rows.map(String::from));
    office.json(PREPARE);
    office.json("publish approve 1 --by 承認者");
    office.json("publish send 1");
    let text: String = page_texts(&files(&delivered(&office, 1))["001_浦和医師会/送付状.pdf"]).concat();
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(text.contains("浦和医師会長新花子様") && !text.contains('旧'), "{text}");
}

/// Without a file every local body of the day gets its papers.
#[test]
fn all_local_bodies_get_papers_without_a_file() {
    let office = office();
    office.save("kaiin-data/kaiin.toml", "[distribution]\nformats = [\"csv\"]\n");
    assert_eq!(office.json(PREPARE)["recipients"], 31);
}
