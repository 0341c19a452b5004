//! Numbers that are used again for somebody else (R27).

use serde_json::json;

use super::small_office::SmallOffice;
use super::{Said, adjustments, applications, with_code};

const FIRST: (&str, &str) = ("医籍登録番号", "200001");
const SECOND: (&str, &str) = ("医籍登録番号", "200002");

fn filed<'a>(who: (&'a str, &'a str), day: &'a str, state: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("申請番号", "0001"),
        ("申請種別", "退会"),
        who,
        ("対象医師会", "埼玉第1医師会"),
        ("適用日", day),
        ("状態", state),
        ("退会理由", "本人希望"),
    ]
}

fn decided<'a>(who: (&'a str, &'a str), day: &'a str, state: &'a str) -> Vec<(&'a str, &'a str)> {
    let body = ("医師会名", "埼玉第1医師会");
    vec![("調整番号", "1"), ("調整種別", "退会"), who, body, ("新しい日付", day), ("状態", state)]
}

fn apply(office: &SmallOffice, day: &str, rows: &[Said<'_>]) -> serde_json::Value {
    office.file("applications", day, &applications(rows))
}

fn adjust(office: &SmallOffice, day: &str, rows: &[Said<'_>]) -> serde_json::Value {
    office.file("adjustments", day, &adjustments(rows))
}

/// The case `application-number-used-again`.
#[test]
fn number_used_again_next_year_takes_nothing_back() {
    let first =
        ["associations.csv", "members_2025-05-31.csv", "applications_2025-07-31.csv", "adjustments_2025-08-05.csv"];
    let office = SmallOffice::found("application-number-used-again", &first);
    let folder = env!("CARGO_MANIFEST_DIR").to_string() + "/tests/fixtures/found/application-number-used-again/";
    assert_eq!(office.local("2025-07-01", "2025-08-05"), 3);
    for (name, code, other_file) in [
        ("adjustments_2026-04-10.csv", "IMP-129", "adjustments_2025-08-05.csv"),
        ("applications_2026-07-31.csv", "IMP-128", "applications_2025-07-31.csv"),
    ] {
        office.save(name, std::fs::read(folder.clone() + name).expect("the case has the file"));
        let report = office.import(name)[0].clone();
        assert_eq!((&report["corrections"]["added"], &report["corrections"]["changed"]), (&json!(1), &json!(0)));
        assert_eq!(report["warnings"], json!({ code: 1 }));
        let reused = &report["reused_numbers"][0];
        let places = (&reused["row"], &reused["other_file"], &reused["other_row"]);
        assert_eq!(places, (&json!(2), &json!(other_file), &json!(2)), "{name}");
    }
    assert_eq!((office.local("2025-07-01", "2026-07-31"), office.local("2026-07-01", "2026-07-31")), (3, 1));
    for (audit, code) in [("applications", "FND-025"), ("adjustments", "FND-026")] {
        let lines = office.audit(audit);
        let line = lines.iter().find(|line| line["code"] == code).expect("the number is named");
        let detail = line["detail"].as_str().expect("a text");
        assert!(detail.contains("2026") && detail.contains("2025") && detail.contains("2行目"), "{detail}");
        assert_eq!(line["needs_person"], json!(false));
        assert_eq!(with_code(&office.audit(&format!("{audit} --known-at 2026-03-31")), code), 0);
    }
    assert_eq!(with_code(&office.audit("adjustments"), "AUD-060"), 2);
}

/// A number of one person goes on as before: cancelled, revised, the same again, and taken back.
#[test]
fn later_row_about_the_same_person_is_a_version_of_her_fact() {
    let office = SmallOffice::new();
    office.members("2025-05-31", &[]);
    apply(&office, "2025-07-31", &[&filed(FIRST, "2025-06-30", "承認済")]);
    adjust(&office, "2025-07-31", &[&decided(SECOND, "2025-06-30", "")]);
    assert_eq!(office.local("2025-07-01", "2025-07-31"), 4);
    // The same again beside a new one of somebody else: nothing is said of the first.
    let both = [&filed(FIRST, "2025-06-30", "承認済")[..], &filed(("医籍登録番号", "200003"), "2025-06-30", "承認済")];
    let report = apply(&office, "2025-08-31", &both);
    assert_eq!(report["corrections"], json!({"added": 1, "changed": 0, "unchanged": 1}));
    assert_eq!((&report["warnings"], &report["reused_numbers"][0]["row"]), (&json!({"IMP-128": 1}), &json!(3)));
    assert_eq!(office.local("2025-07-01", "2025-08-31"), 3);
    // Both again: both are known, and nothing is doubtful.
    let report = apply(&office, "2025-09-30", &both);
    assert_eq!((&report["warnings"], &report["corrections"]["unchanged"]), (&json!({}), &json!(2)));
    // Revised, then cancelled; the other one stays.
    apply(&office, "2025-10-31", &[&filed(FIRST, "2025-08-15", "承認済")]);
    assert_eq!((office.local("2025-07-01", "2025-10-31"), office.local("2025-08-16", "2025-10-31")), (4, 3));
    apply(&office, "2025-11-30", &[&filed(FIRST, "2025-08-15", "退会取消")]);
    assert_eq!(office.local("2025-08-16", "2025-11-30"), 4);
    adjust(&office, "2025-12-10", &[&decided(SECOND, "2025-06-30", "取消")]);
    assert_eq!(office.local("2025-08-16", "2025-12-10"), 5);
    assert_eq!(office.local("2025-07-01", "2025-08-31"), 3);
}

/// In one file: the same number for two persons is two facts, twice for one person is refused as before.
#[test]
fn number_on_two_rows_of_one_file_is_refused_for_one_person_alone() {
    let office = SmallOffice::new();
    office.members("2025-05-31", &[]);
    let report =
        adjust(&office, "2025-07-01", &[&decided(FIRST, "2025-06-10", ""), &decided(SECOND, "2025-06-20", "")]);
    assert_eq!(report["corrections"]["added"], json!(2));
    let reused = &report["reused_numbers"][0];
    assert_eq!(reused["other_file"], json!("adjustments_2025-07-01.csv"));
    assert_eq!((&reused["row"], &reused["other_row"]), (&json!(3), &json!(2)));
    assert_eq!(office.local("2025-06-21", "2025-07-01"), 4);
    let twice = adjustments(&[&decided(FIRST, "2025-06-10", ""), &decided(FIRST, "2025-06-20", "")]);
    office.save("adjustments_2025-07-05.csv", twice);
    let run = office.run("--json import adjustments_2025-07-05.csv");
    assert!(run.stderr.contains("IMP-010") || run.stderr.contains("IMP-217"), "{}", run.stderr);
    let twice = applications(&[&filed(FIRST, "2025-06-10", "承認済"), &filed(FIRST, "2025-06-20", "承認済")]);
    office.save("applications_2025-07-05.csv", twice);
    let run = office.run("--json import applications_2025-07-05.csv --atomic");
    assert!(run.stderr.contains("IMP-217"), "{}", run.stderr);
    // A second file of one day that lacks a person of the first asks, although the number is in it (IMP-226).
    office.save("adjustments_2025-07-01.csv", adjustments(&[&decided(SECOND, "2025-06-20", "")]));
    let run = office.run("--json import adjustments_2025-07-01.csv");
    assert!(run.stderr.contains("IMP-226"), "{}", run.stderr);
    office.save(
        "adjustments_2025-07-01.csv",
        adjustments(&[&decided(SECOND, "2025-06-20", ""), &decided(FIRST, "2025-06-11", "")]),
    );
    let report = office.import("adjustments_2025-07-01.csv")[0].clone();
    // As if the first file had never been: within this one the first row is before the second.
    assert_eq!(report["reused_numbers"][0]["other_row"], json!(2));
    assert_eq!((office.local("2025-06-11", "2025-07-01"), office.local("2025-06-12", "2025-07-01")), (6, 5));
}

/// Two numbers that are one person: what is filed under either is about her.
#[test]
fn number_of_a_person_under_her_other_number_is_her_own() {
    let office = SmallOffice::new();
    office.members("2025-05-31", &[]);
    apply(&office, "2025-06-10", &[&filed(FIRST, "2025-06-05", "承認済")]);
    let same = [("調整番号", "7"), ("調整種別", "同一人物"), SECOND, ("統合元番号", "200001")];
    adjust(&office, "2025-06-20", &[&same]);
    let report = apply(&office, "2025-06-30", &[&filed(SECOND, "2025-06-05", "退会取消")]);
    assert_eq!((&report["warnings"], &report["corrections"]["changed"]), (&json!({}), &json!(1)));
    assert_eq!(with_code(&office.audit("applications"), "FND-025"), 0);
    assert_eq!(office.local("2025-06-06", "2025-06-30"), 5);
}
