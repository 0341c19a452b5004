//! The days of the settings: what goes on which day, and settings that are none.

use std::fs;

use rstest::rstest;
use serde_json::{Value, json};

use super::office::{age, files, office, run_at, set};
use crate::store::home::Home;

/// What a rehearsal tells of persons on 2026-02-01.
#[track_caller]
fn persons(settings: &str) -> Value {
    let office = office(Home::Sqlite, settings);
    office.json("purge")["persons"].clone()
}

/// Who left on 15 October was missing first on 30 November, 63 days before; the other on 31 December, 32 days before.
#[rstest]
#[case::nobody(63, &[])]
#[case::first(62, &["2025-11-30"])]
#[case::day_before_the_second(32, &["2025-11-30"])]
#[case::both(31, &["2025-11-30", "2025-12-31"])]
fn person_goes_when_more_days_have_passed(#[case] days: u32, #[case] expected: &[&str]) {
    let told = persons(&format!("[retention]\npersons_days = {days}\n"));
    let told: Vec<&str> =
        told.as_array().expect("a list").iter().map(|one| one["day"].as_str().expect("a day")).collect();
    assert_eq!(told, expected);
}

/// A file taken in on 1 February 2026 is kept for the days of the setting, whatever its export day.
#[rstest]
#[case::kept("2026-03-03T14:59:59Z", false)]
#[case::gone("2026-03-03T15:00:00Z", true)]
fn file_goes_when_more_days_have_passed(#[case] now: &str, #[case] goes: bool) {
    let office = office(Home::Sqlite, "[retention]\nraw_files_days = 30\n");
    let run = run_at(&office, now, "--json purge");
    let told: Value = serde_json::from_str(&run.stdout).expect("an answer");
    let n: u64 =
        told["files"].as_array().expect("a list").iter().map(|one| one["files"].as_u64().expect("a number")).sum();
    let all = files(&office.data().join("inbox")).len() + files(&office.data().join("rejects")).len();
    assert!(all > 4, "exports and workbooks");
    assert_eq!(usize::try_from(n), Ok(if goes { all } else { 0 }), "{told}");
}

/// A file of which no import tells counts from the day on which it was written or refused, whichever is later.
#[test]
fn refused_file_counts_from_its_refusal() {
    let office = office(Home::Sqlite, "[retention]\nraw_files_days = 30\n");
    let refused = office.data().join("inbox/refused");
    fs::create_dir_all(&refused).expect("the folder can be written");
    let (file, reason) = (refused.join("壊れた.csv"), refused.join("壊れた.csv.理由.txt"));
    for path in [&file, &reason] {
        fs::write(path, "x").expect("the folder can be written");
    }
    age(&file, "2024-01-01");
    age(&reason, "2026-01-02");
    assert_eq!(office.json("purge")["files"], json!([]), "30 days since it was refused");
    age(&reason, "2026-01-01");
    let told = office.json("purge");
    let expected = json!([{"kind": "refused", "day": "2026-01-01", "files": 2, "size_bytes": 2}]);
    assert_eq!(told["files"], expected);
    let text = office.run("purge --confirm --reason 年限");
    assert_eq!(text.exit, Some(0), "{}", text.stderr);
    assert!(!file.exists() && !reason.exists());
    assert!(!text.stdout.contains("壊れた"), "a name may tell of somebody: {}", text.stdout);
}

#[rstest]
#[case::zero("raw_files_days = 0", "DEF-026")]
#[case::zero_persons("persons_days = 0", "DEF-026")]
#[case::too_many("persons_days = 36501", "DEF-026")]
#[case::below_zero("raw_files_days = -1", "DEF-0")]
#[case::no_number("raw_files_days = \"一年\"", "DEF-0")]
#[case::unknown_key("days = 5", "DEF-0")]
fn setting_that_is_none_is_refused(#[case] line: &str, #[case] code: &str) {
    let office = crate::cli::people::office();
    set(&office, &format!("[retention]\n{line}\n"));
    let run = office.run("purge");
    assert_eq!(run.exit, Some(2), "{line}: {}", run.stderr);
    assert!(run.stderr.contains(code), "{line}: {}", run.stderr);
}

#[test]
fn without_settings_nothing_goes() {
    let office = office(Home::Sqlite, "");
    let told = office.run("purge");
    assert_eq!(told.exit, Some(0), "{}", told.stderr);
    assert!(told.stderr.contains("PRG-001"), "{}", told.stderr);
    let done = office.run("purge --confirm --reason 年限");
    assert_eq!(done.exit, Some(2), "{}", done.stdout);
    assert!(done.stderr.contains("PRG-001"), "{}", done.stderr);
    assert_eq!(office.json("purge --list"), json!([]));
}

#[test]
fn reason_is_asked_for() {
    let office = office(Home::Sqlite, super::office::BOTH);
    assert_eq!(office.run("purge --confirm").exit, Some(2));
    let blank = crate::cli::program::Run::of(office.program().args(["purge", "--confirm", "--reason", " "]));
    assert_eq!(blank.exit, Some(2));
    assert!(blank.stderr.contains("PRG-002"), "{}", blank.stderr);
    assert_eq!(office.json("purge --list"), json!([]));
}
