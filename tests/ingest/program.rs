//! Workbooks through the program itself: the same answers as text, the same way of saying no.

use std::fs;

use serde_json::json;

use super::counter::bad;
use crate::cli::program::Office;
use crate::cli::refusal::{assert_refused, in_cell, refusal};

fn office() -> Office {
    let office = Office::new();
    fs::copy(bad().join("master.csv"), office.folder().join("master.csv")).expect("a copy");
    office.import("master.csv");
    office
}

#[test]
fn workbook_and_text_give_the_same_figures() {
    let answers = ["encoding/utf8.csv", "workbook/plain.xlsx", "workbook/dates-era.xlsx"].map(|name| {
        let office = office();
        let saved = format!("members_2025-09-30.{}", &name[name.len() - 4..]);
        fs::copy(bad().join(name), office.folder().join(&saved)).expect("a copy");
        let report = office.import(&saved);
        let encoding = report[0]["encoding"].clone();
        let count = office.json("count --as-of 2025-09-30 --by tier,association,class")["rows"].clone();
        (encoding == json!("XLSX"), count)
    });
    assert_eq!(answers.each_ref().map(|(is_workbook, _)| *is_workbook), [false, true, true]);
    assert_eq!(answers[0].1, answers[1].1);
    // One person more than a day later in the prefecture changes nothing on the export day.
    assert_eq!(answers[0].1, answers[2].1);
}

#[test]
fn bad_workbook_is_refused_in_both_languages() {
    let office = office();
    for (name, expected) in [
        ("two-lists", refusal(3, "IMP-235")),
        ("error-cell", in_cell("IMP-237", 3, "M")),
        ("encrypted", refusal(3, "IMP-230")),
        ("entities", refusal(3, "IMP-232")),
    ] {
        fs::copy(bad().join(format!("workbook/{name}.xlsx")), office.folder().join("members_2025-09-30.xlsx"))
            .expect("a copy");
        assert_refused(&office, "import members_2025-09-30.xlsx", expected);
    }
}

#[test]
fn workbook_in_the_inbox_is_taken_in() {
    let office = office();
    fs::write(office.data().join("kaiin.toml"), "[jobs]\nsettle_seconds = 0\nreports = [\"member-counts\"]\n")
        .expect("settings");
    fs::create_dir_all(office.data().join("inbox")).expect("an inbox");
    fs::copy(bad().join("workbook/plain.xlsx"), office.data().join("inbox/members_2025-09-30.XLSX")).expect("a copy");
    let report = office.json("jobs tick --now 2025-09-30T23:00:00Z");
    assert_eq!(report["refused"], json!([]), "{report}");
    assert!(office.data().join("inbox/taken/members_2025-09-30.XLSX").exists(), "{report}");
}
