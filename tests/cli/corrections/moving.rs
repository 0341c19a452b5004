//! What applications and adjustments do to roll-forwards and to revisions of past figures.

use rstest::rstest;
use serde_json::Value;

use super::super::people::{NEXT, edited, office};
use super::super::program::Office;
use super::{adjust, apply};

/// The eleventh person of 浦和.
const PERSON: &str = "910011";

/// Numbers of the local tier in a month that are not zero, opening and closing left out.
fn moved(office: &Office, month: &str, known_at: &str) -> Vec<(String, i64)> {
    let answer = office.json(&format!("movements --from {month} --known-at {known_at} --by tier --tier local"));
    let row = answer["totals"][0].as_object().expect("one tier").iter();
    let numbers = row.filter_map(|(key, value)| Some((key.clone(), value.as_i64()?)));
    numbers.filter(|(key, n)| *n != 0 && !matches!(key.as_str(), "opening" | "closing")).collect()
}

/// Local causes of the difference between what two days know of the same day.
fn revised(office: &Office, as_of: &str, older: &str, newer: &str) -> Vec<(String, i64)> {
    for known_at in [older, newer] {
        office.run(&format!("snapshot take --as-of {as_of} --known-at {known_at}"));
    }
    let answer = office.json(&format!("snapshot diff {as_of}_{older} {as_of}_{newer}"));
    let rows = answer["rows"].as_array().expect("a list").iter().filter(|row| row["tier"] == "local");
    let cause = |row: &Value| (row["cause"].as_str().expect("a text").to_owned(), row["effect"].as_i64().expect("one"));
    rows.map(cause).collect()
}

fn told(key: &str, n: i64) -> Vec<(String, i64)> {
    vec![(key.to_owned(), n)]
}

/// An exit that only an adjustment tells is a correction, whatever its reason.
#[rstest]
fn adjusted_withdrawal_is_a_correction() {
    let office = office();
    let row = [
        ("調整番号", "T1"),
        ("調整種別", "退会"),
        ("医籍登録番号", PERSON),
        ("医師会名", "浦和医師会"),
        ("新しい日付", "2025-10-31"),
        ("退会理由", "死亡"),
    ];
    adjust(&office, "2025-11-10", &[&row]);
    // 退会日 is the last member day, so the exit belongs to the next month.
    assert_eq!(moved(&office, "2025-10", "2025-11-10"), []);
    assert_eq!(moved(&office, "2025-11", "2025-11-10"), told("corrected_out", 1));
    assert_eq!(revised(&office, "2025-11-05", "2025-09-30", "2025-11-10"), told("adjusted", -1));
}

/// An approved application tells of an exit first, and takes it back later.
#[rstest]
fn application_brings_a_late_report_and_its_cancellation() {
    let office = office();
    let filed = |state: &'static str, cancelled: &'static str| {
        [
            ("申請番号", "S1"),
            ("申請種別", "退会"),
            ("医籍登録番号", PERSON),
            ("対象医師会", "浦和医師会"),
            ("適用日", "2025-09-20"),
            ("承認日", "2025-09-25"),
            ("取消日", cancelled),
            ("状態", state),
            ("退会理由", "本人希望"),
        ]
    };
    apply(&office, "2025-10-10", &[&filed("承認済", "")]);
    apply(&office, "2025-11-10", &[&filed("退会取消", "2025-11-01")]);
    assert_eq!(moved(&office, "2025-09", "2025-10-10"), told("left", 1));
    assert_eq!(moved(&office, "2025-09", "2025-11-10"), []);
    assert_eq!(revised(&office, "2025-09-30", "2025-09-30", "2025-10-10"), told("late_report", -1));
    assert_eq!(revised(&office, "2025-09-30", "2025-10-10", "2025-11-10"), told("cancelled", 1));
}

/// The next export shows another class, from its own day on; a corrected 入会日 changes the days between.
#[rstest]
fn export_brings_changes_of_class_and_corrections() {
    let office = office();
    office.save(
        NEXT,
        edited(|cells| {
            cells[11][6] = "A①".to_owned();
            cells[12][7] = "2025-10-05".to_owned();
        }),
    );
    office.import(NEXT);
    let found = moved(&office, "2025-10", "2025-10-31");
    assert_eq!(found, [("class_in".to_owned(), 1), ("class_out".to_owned(), 1), ("joined".to_owned(), 1)]);
    assert_eq!(revised(&office, "2025-09-30", "2025-09-30", "2025-10-31"), told("corrected", -1));
    // The paper has both, and its tables agree.
    let run = office.run("report movements --as-of 2025-10-31 --format csv --out papers");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
}
