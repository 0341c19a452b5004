//! Wishes that cannot be: each is named, and nothing is written.

use rstest::rstest;

use crate::cli::program::Office;

const SPAN: &str = "--from 2025-01 --to 2025-06";

#[rstest]
#[case::prefecture_unknown("--prefectures 11,48", "SYN-001", "48")]
#[case::prefecture_no_number("--prefectures saitama", "SYN-001", "saitama")]
#[case::to_before_from("--from 2025-03 --to 2025-02", "QRY-007", "2025-03 > 2025-02")]
#[case::too_long("--from 1980-01 --to 2025-02", "SYN-002", "--to")]
#[case::no_month("--from soon", "QRY-006", "soon")]
#[case::files_before("--from 2025-03 --to 2025-06 --files-from 2025-02", "SYN-003", "2025-02")]
#[case::files_after("--from 2025-03 --to 2025-06 --files-from 2025-07", "SYN-003", "2025-07")]
#[case::nobody("--physicians 0", "SYN-002", "--physicians: 1")]
#[case::too_many("--physicians 500001", "SYN-002", "--physicians")]
#[case::fewer_bodies_than_prefectures("--prefectures 11,13 --bodies 1", "SYN-002", "--bodies: 2")]
fn wish_that_cannot_be_is_named(#[case] arguments: &str, #[case] code: &str, #[case] detail: &str) {
    let office = Office::new();
    let run = office.run(&format!("--json synth --out out {arguments}"));
    let error = run.error();
    assert_eq!((run.exit, error["error"]["code"].as_str()), (Some(2), Some(code)), "{}", run.stderr);
    assert!(error.to_string().contains(detail), "{error}");
    assert!(!office.folder().join("out").exists(), "something was written");
}

#[rstest]
#[case::unknown_key("[[target]]\nday = \"2025-03-01\"\nA3 = 5", "CFG-002", "A3")]
#[case::unknown_duty("[[target]]\nday = \"2025-03-01\"\na1 = { owner = 5 }", "CFG-002", "owner")]
#[case::no_day("[[target]]\ntotal = 5", "CFG-002", "day")]
#[case::day_outside("[[target]]\nday = \"2025-07-01\"\ntotal = 5", "SYN-004", "target[0].day")]
#[case::one_day_twice(
    "[[target]]\nday = \"2025-03-01\"\ntotal = 5\n[[target]]\nday = \"2025-03-01\"\nB = 5",
    "SYN-004",
    "target[1].day"
)]
#[case::duties_do_not_add_up(
    "[[target]]\nday = \"2025-03-01\"\nA1 = 5\na1 = { hospital_founder = 1, clinic_founder = 1, manager = 1, other = 1 }",
    "SYN-004",
    "target[0].a1: 4 ≠ A1 5"
)]
#[case::classes_above_total("[[target]]\nday = \"2025-03-01\"\ntotal = 5\nB = 6", "SYN-004", "target[0].total")]
#[case::classes_below_total(
    "[[target]]\nday = \"2025-03-01\"\ntotal = 9\nA1 = 1\nA2B = 1\nA2C = 1\nB = 1\nC = 1",
    "SYN-004",
    "target[0].total: 9 ≠ 5"
)]
#[case::too_many("[[target]]\nday = \"2025-03-01\"\ntotal = 500001", "SYN-004", "target[0].total")]
#[case::more_than_can_leave(
    "[[target]]\nday = \"2025-03-01\"\ntotal = 300\n[[target]]\nday = \"2025-03-02\"\ntotal = 2",
    "SYN-004",
    "target[1].total"
)]
fn target_that_cannot_be_is_named_with_file_and_key(#[case] text: &str, #[case] code: &str, #[case] detail: &str) {
    let office = Office::new();
    office.save("targets.toml", text);
    let run = office.run(&format!("--json synth --out out --prefectures 11 {SPAN} --targets targets.toml"));
    let error = run.error();
    assert_eq!((run.exit, error["error"]["code"].as_str()), (Some(2), Some(code)), "{}", run.stderr);
    assert!(error.to_string().contains(detail) && error.to_string().contains("targets.toml"), "{error}");
    assert!(!office.folder().join("out").exists(), "something was written");
}

#[test]
fn targets_that_are_not_there_are_named() {
    let run = Office::new().run("--json synth --out out --targets nowhere.toml");
    assert_eq!((run.exit, run.error()["error"]["code"].as_str()), (Some(2), Some("ENV-005")));
}

#[test]
fn nowhere_to_write_is_said() {
    let run = Office::new().run(&format!("--json synth --physicians 10 --prefectures 11 {SPAN}"));
    assert_eq!((run.exit, run.error()["error"]["code"].as_str()), (Some(2), Some("SYN-006")));
}

/// Invented people never stand beside real ones.
#[test]
fn store_that_holds_anything_is_not_filled() {
    let office = Office::new();
    let world = format!("synth --fill --physicians 30 --prefectures 11 {SPAN}");
    office.json(&world);
    let before = office.state();
    let run = office.run(&format!("--json {world} --seed 2"));
    assert_eq!((run.exit, run.error()["error"]["code"].as_str()), (Some(2), Some("SYN-005")));
    assert_eq!(office.state(), before);
}

/// The clock of the tests stands at 1 February 2026.
#[test]
fn month_that_has_not_ended_is_not_filled() {
    let office = Office::new();
    let run = office.run("--json synth --fill --physicians 30 --prefectures 11 --from 2026-01 --to 2026-02");
    assert_eq!((run.exit, run.error()["error"]["code"].as_str()), (Some(2), Some("SYN-007")));
    assert_eq!(office.state().count, None);
}
