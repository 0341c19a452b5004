//! Who comes back after a purge is a new person; nobody is counted twice, and nothing of before changes.

use rstest::rstest;
use serde_json::{Value, json};

use super::office::{BOTH, NUMBER, TEXTS, export, findings, office, purge, run_at};
use crate::cli::people::{Cells, text};
use crate::cli::program::Office;
use crate::store::home::Home;

const NEXT: &str = "members_2026-01-31.csv";
const AFTER_NEXT: &str = "members_2026-02-28.csv";
const MARCH: &str = "2026-03-01T00:00:00Z";

/// The row of the person in September.
fn own_row() -> Vec<String> {
    export(0)[1].clone()
}

/// The newest export with the person back since 10 January.
fn back(with_old_row: bool) -> Cells {
    let mut cells = export(3);
    let mut row = own_row();
    for column in [7, 12, 15] {
        row[column] = "2026-01-10".into();
    }
    cells.push(row);
    if with_old_row {
        // Old rows stand beside the new one, as some sources show them.
        let old = export(1)[1].clone();
        assert_eq!((old[0].as_str(), old[8].as_str()), (NUMBER.to_string().as_str(), "2025-10-15"));
        cells.push(old);
    }
    cells
}

/// Rows and totals at many days as known at the newest export.
fn counts(office: &Office) -> Vec<Value> {
    let days = ["2025-09-30", "2025-10-15", "2025-10-16", "2025-12-31", "2026-01-09", "2026-01-10", "2026-01-31"];
    let count = |day: &str| {
        let run = run_at(office, MARCH, &format!("--json count --as-of {day} --by tier,association,class,age_band"));
        let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("no answer: {run:?}"));
        json!([day, answer["rows"], answer["totals"]])
    };
    days.map(count).into()
}

fn import(office: &Office, name: &str, cells: &[Vec<String>]) -> Value {
    office.save(name, text(cells));
    let run = run_at(office, MARCH, &format!("--json import {name}"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("an answer")
}

#[rstest]
#[case::new_row_alone(Home::Sqlite, false)]
#[case::with_the_old_row(Home::Sqlite, true)]
#[case::on_a_server(Home::Postgres, true)]
fn person_who_returns_is_counted_once(#[case] home: Home, #[case] with_old_row: bool) {
    if home.is_skipped() {
        return;
    }
    let (purged, usual) = (office(home, BOTH), office(Home::Sqlite, BOTH));
    purge(&purged);
    // A second export must not be taken for something else than the first.
    for name in [NEXT, AFTER_NEXT] {
        let cells = back(with_old_row);
        let told = import(&purged, name, &cells);
        import(&usual, name, &cells);
        assert_eq!(counts(&purged), counts(&usual), "{name}");
        let rejected = told[0]["rejected"].as_array().cloned().unwrap_or_default();
        let codes: Vec<&Value> = rejected.iter().map(|one| &one["code"]).collect();
        assert_eq!(codes, vec![&json!("IMP-021"); usize::from(with_old_row)], "{name}: {told}");
        assert_eq!(findings(&purged), [] as [Value; 0]);
    }
    let explained = run_at(&purged, MARCH, "explain 浦和 --as-of 2026-01-31 --format csv").stdout;
    assert!(explained.contains(TEXTS[0]), "the new person has a name: {explained}");
    let before = run_at(&purged, MARCH, "explain 浦和 --as-of 2025-10-01 --format csv").stdout;
    assert!(before.contains("消去") && !before.contains(TEXTS[0]), "{before}");
}

/// Somebody else with the same body and days, and another birth day, is no person who was removed.
#[test]
fn stay_of_somebody_else_is_taken_in() {
    let office = office(Home::Sqlite, BOTH);
    purge(&office);
    let mut cells = export(3);
    let mut other = export(1)[1].clone();
    (other[0], other[3]) = ("910999".into(), "1970-02-03".into());
    cells.push(other);
    let told = import(&office, NEXT, &cells);
    assert_eq!(told[0]["rejected"].as_array().map_or(0, Vec::len), 0, "{told}");
}

/// Lists of applications show what was filed long ago again and again.
#[test]
fn application_of_a_removed_person_that_is_told_again_changes_nothing() {
    let (purged, usual) = (office(Home::Sqlite, BOTH), office(Home::Sqlite, BOTH));
    let head =
        "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,退会理由,備考\n";
    let row = format!(
        "T-1,退会,本人,{NUMBER},鶯谷　架空,浦和医師会,2025-10-01,2025-10-15,2025-10-10,,承認済,本人希望,鶯谷の備考\n"
    );
    let list = |more: &str| format!("{head}{row}{more}");
    for office in [&purged, &usual] {
        office.save("applications_2025-11-30.csv", list(""));
        office.import("applications_2025-11-30.csv");
    }
    purge(&purged);
    let other = "T-2,退会,本人,910010,架空林　09,大宮医師会,2026-01-05,2026-01-20,2026-01-10,,承認済,本人希望,\n";
    for office in [&purged, &usual] {
        office.save("applications_2026-01-31.csv", list(other));
        let told = office.import("applications_2026-01-31.csv");
        assert_eq!(told[0]["corrections"]["added"], 1, "{told}");
        assert_eq!(told[0]["corrections"]["unchanged"], 1, "{told}");
    }
    assert_eq!(counts(&purged), counts(&usual));
    assert_eq!(findings(&purged), [] as [Value; 0]);
}

/// What a removed person was cannot be undone: nobody could know her again.
#[test]
fn import_about_removed_persons_is_not_taken_back() {
    let office = office(Home::Sqlite, BOTH);
    purge(&office);
    let run = office.run("import --take-back members_2025-12-31.csv --reason 試験");
    assert_eq!(run.exit, Some(2), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("PRG-008"), "{}", run.stderr);
    let mut cells = export(3);
    cells.pop();
    office.save("members_2025-12-31.csv", text(&cells));
    let run = office.run("import members_2025-12-31.csv");
    assert_ne!(run.exit, Some(0));
    assert!(run.stderr.contains("PRG-008"), "{}", run.stderr);
    assert_eq!(findings(&office), [] as [Value; 0]);
}
