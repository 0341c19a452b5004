//! The workbook of an import (取込結果) that cannot be written: the import stands, that is said, and the workbook can be had.

use crate::cli::people::{NEXT, edited, office};
use crate::cli::surroundings::{bound, set_mode};

const LIST: &str = "rejects/members_2025-10-31_取込結果.xlsx";

fn with_a_reject() -> Vec<u8> {
    edited(|cells| cells[3][7] = "いつか".into())
}

#[test]
fn missing_list_is_told_and_made_by_the_same_command_again() {
    let office = office();
    office.save(NEXT, with_a_reject());
    let rejects = office.data().join("rejects");
    std::fs::create_dir(&rejects).expect("the folder can be made");
    set_mode(&rejects, 0o500);
    let first = bound(&office, &format!("import {NEXT}"));
    set_mode(&rejects, 0o700);
    assert_eq!(first.exit, Some(0), "{}", first.stderr);
    assert!(first.stderr.contains("ENV-025") && first.stderr.contains("取り込みは済んでいます"), "{}", first.stderr);
    assert!(!office.data().join(LIST).exists());
    let again = office.import(NEXT);
    assert_eq!(again[0]["status"], "unchanged");
    assert!(again[0]["rejects_file"].as_str().is_some_and(|path| path.ends_with(LIST)), "{again}");
    let made = std::fs::read(office.data().join(LIST)).expect("the workbook is there");
    // It is the one that the import would have written.
    let other = crate::cli::people::office();
    other.save(NEXT, with_a_reject());
    other.import(NEXT);
    assert!(made == std::fs::read(other.data().join(LIST)).expect("the workbook is there"));
    assert!(office.run(&format!("import {NEXT}")).stderr.lines().all(|line| !line.contains("取込結果")), "made once");
}

#[test]
fn missing_list_is_told_to_programs_too() {
    let office = office();
    office.save(NEXT, with_a_reject());
    std::fs::write(office.data().join("rejects"), "a file of that name").expect("it can be written");
    let run = office.run(&format!("--json import {NEXT}"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let told =
        run.stderr.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an object a line"));
    assert!(told.into_iter().any(|told| told["warning"]["code"] == "ENV-025"), "{}", run.stderr);
    assert!(run.stdout.contains("\"list_missed\":["), "{}", run.stdout);
    assert_eq!(office.json("count --as-of 2025-10-31")["known_at"], "2025-10-31", "the import stands");
}

/// A file that is refused for its rows needs the list most: that it is missing stands among the reasons.
#[test]
fn refusal_says_that_its_list_is_missing() {
    let office = office();
    office.save(NEXT, with_a_reject());
    std::fs::write(office.data().join("rejects"), "a file of that name").expect("it can be written");
    let run = office.run(&format!("import {NEXT} --atomic"));
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    assert!(run.stderr.contains("ENV-026"), "{}", run.stderr);
}

/// The workbook of a file of the inbox can be had from where the file went.
#[test]
fn missing_list_of_the_inbox_is_told() {
    let office = office();
    std::fs::create_dir(office.data().join("inbox")).expect("the folder can be made");
    office.save("kaiin-data/kaiin.toml", "[jobs]\nsettle_seconds = 0\n");
    office.save(&format!("kaiin-data/inbox/{NEXT}"), with_a_reject());
    std::fs::write(office.data().join("rejects"), "a file of that name").expect("it can be written");
    let run = office.run("jobs tick --now 2025-11-01T06:00:00+09:00");
    assert!(run.stderr.contains("ENV-025"), "{}", run.stderr);
    std::fs::remove_file(office.data().join("rejects")).expect("the file is there");
    office.import(&format!("kaiin-data/inbox/taken/{NEXT}"));
    assert!(office.data().join(LIST).exists());
}
