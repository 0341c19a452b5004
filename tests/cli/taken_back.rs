//! Taking imports back on the command line (R25), and what stands in the one file of the store.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::program::{Office, Run};

/// After the misdated export.
const LATER: &str = "2026-11-28T00:00:00Z";

pub fn found(case: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/found").join(case).join(name)
}

/// An office with the files of a found case in its folder.
pub fn office_of(case: &str) -> Office {
    let office = Office::new();
    for entry in std::fs::read_dir(found(case, "")).expect("the case is there") {
        let path = entry.expect("the case can be read").path();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        office.save(&name, std::fs::read(&path).expect("the case can be read"));
    }
    office
}

pub fn run_at(office: &Office, now: &str, arguments: &[&str]) -> Run {
    Run::of(office.program().env("KAIIN_NOW", now).args(arguments))
}

#[track_caller]
fn json_at(office: &Office, now: &str, arguments: &[&str]) -> Value {
    let run = run_at(office, now, &[&["--json"], arguments].concat());
    assert_eq!(run.exit, Some(0), "{arguments:?}: {}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

fn local_members(office: &Office, day: &str) -> Value {
    json_at(office, LATER, &["count", "--as-of", day])["totals"]["local"]["memberships"].clone()
}

/// The export of December was saved under the date 2026-03-31; then the true name is tried.
#[test]
fn misdated_export_says_how_to_take_it_back_and_is_taken_in_under_its_day() {
    let office = office_of("misdated-export");
    json_at(&office, LATER, &["import", "associations.csv", "members_2025-11-30.csv"]);
    json_at(&office, LATER, &["import", "members_2026-03-31.csv"]);
    let older = run_at(&office, LATER, &["import", "members_2025-12-31.csv"]);
    assert_eq!(older.exit, Some(3), "{}", older.stderr);
    for word in ["IMP-213", "IMP-278", "2026-03-31", "--take-back 3"] {
        assert!(older.stderr.contains(word), "{word}: {}", older.stderr);
    }
    let without = run_at(&office, LATER, &["import", "--take-back", "3"]);
    assert_eq!(without.exit, Some(2), "a reason is asked for: {}", without.stderr);
    let blank = run_at(&office, LATER, &["import", "--take-back", "3", "--reason", " "]);
    assert_eq!(blank.exit, Some(2), "{}", blank.stderr);
    let reason = "出力日の誤り";
    let taken = json_at(&office, LATER, &["import", "--take-back", "members_2026-03-31.csv", "--reason", reason]);
    assert_eq!((&taken["import"]["id"], &taken["import"]["state"]), (&json!(3), &json!("taken_back")));
    assert_eq!(json_at(&office, LATER, &["import", "members_2025-12-31.csv"])[0]["status"], json!("stored"));
    assert_eq!(local_members(&office, "2025-12-31"), json!(3));
    let twice = run_at(&office, LATER, &["import", "--take-back", "3", "--reason", reason]);
    assert_eq!(twice.exit, Some(2));
    assert!(twice.stderr.contains("IMP-281") && twice.stderr.contains(reason), "{}", twice.stderr);
    let listed = json_at(&office, LATER, &["import", "--list"]);
    let states: Vec<&Value> = listed.as_array().expect("a list").iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["stands", "stands", "taken_back", "stands"]);
    assert_eq!(listed[2]["reason"], json!(reason));
    let table = run_at(&office, LATER, &["import", "--list"]);
    assert!(table.stdout.contains("取消（出力日の誤り）"), "{}", table.stdout);
    // A taken-back import is no day of vintage.
    let late = run_at(&office, LATER, &["count", "--as-of", "2025-12-31", "--known-at", "2026-03-31"]);
    assert_eq!(late.exit, Some(2));
    assert!(late.stderr.contains("QRY-002") && late.stderr.contains("2025-12-31"), "{}", late.stderr);
}

/// A master can be taken back unless somebody is in a body that only it has.
#[test]
fn master_is_taken_back_unless_its_bodies_have_members() {
    let office = office_of("misdated-export");
    json_at(&office, LATER, &["import", "associations.csv", "members_2025-11-30.csv"]);
    let first = run_at(&office, LATER, &["import", "--take-back", "1", "--reason", "試し"]);
    assert!(first.stderr.contains("IMP-283"), "{}", first.stderr);
    let text = std::fs::read_to_string(found("misdated-export", "associations.csv")).expect("the master");
    office.save("associations2.csv", format!("{text}11-004,郡市区等,地域,黒山市医師会,黒山市,,P11,11,4\n"));
    json_at(&office, LATER, &["import", "associations2.csv"]);
    let with = run_at(&office, LATER, &["count", "--as-of", "2025-11-30", "--association", "11-004", "--zeros"]);
    assert_ne!(with.exit, Some(2), "{}", with.stderr);
    json_at(&office, LATER, &["import", "--take-back", "associations2.csv", "--reason", "試し"]);
    let without = run_at(&office, LATER, &["count", "--as-of", "2025-11-30", "--association", "11-004"]);
    assert!(without.stderr.contains("QRY-004"), "{}", without.stderr);
    assert_eq!(local_members(&office, "2025-11-30"), json!(3));
}

/// An application and an adjustment, each taken back: what they changed is as before.
#[test]
fn corrections_that_are_taken_back_have_no_effect() {
    let office = office_of("misdated-export");
    json_at(&office, LATER, &["import", "associations.csv", "members_2025-11-30.csv"]);
    let heads = "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,変更後会員区分,退会理由,備考";
    let filed = "W1,退会,本人,200001,架空　一,青空市医師会,2025-12-01,2025-12-10,2025-12-02,,承認済,,死亡,診断書";
    office.save("applications_2025-12-05.csv", format!("{heads}\n{filed}\n"));
    let heads = "調整番号,調整種別,医籍登録番号,医師会名,対象入会日,新しい日付,新しい会員区分,退会理由,統合元番号,要確認コード,状態,理由,承認者";
    let decided = "2025-1,退会,200002,青空市医師会,2015-04-01,2025-12-03,,その他,,,有効,本人の届出,事務局長";
    office.save("adjustments_2025-12-06.csv", format!("{heads}\n{decided}\n"));
    let before = json_at(&office, LATER, &["count", "--as-of", "2025-12-31", "--by", "association,class"]);
    json_at(&office, LATER, &["import", "applications_2025-12-05.csv", "adjustments_2025-12-06.csv"]);
    let members = before["totals"]["local"]["memberships"].as_i64().expect("a number");
    assert_eq!(local_members(&office, "2025-12-31"), json!(members - 2));
    json_at(&office, LATER, &["import", "--take-back", "applications_2025-12-05.csv", "--reason", "試し"]);
    assert_eq!(local_members(&office, "2025-12-31"), json!(members - 1));
    json_at(&office, LATER, &["import", "--take-back", "4", "--reason", "試し"]);
    assert_eq!(json_at(&office, LATER, &["count", "--as-of", "2025-12-31", "--by", "association,class"]), before);
}

/// A copy of the one file after each command, good or failing, holds everything.
#[test]
fn copy_of_the_store_holds_the_last_import() {
    let office = office_of("ledger-file-lacks-last-import");
    let log = office.data().join("kaiin.sqlite-wal");
    let commands: [(&[&str], i32); 5] = [
        (&["import", "associations.csv", "members_2025-11-30.csv"], 0),
        (&["count", "--as-of", "2025-11-30"], 0),
        (&["import", "members_2025-12-31.csv"], 0),
        (&["import", "members_1985-12-31.csv"], 3),
        (&["count", "--as-of", "2025-12-31", "--tier", "moon"], 2),
    ];
    office.save(
        "members_1985-12-31.csv",
        std::fs::read(found("misdated-export", "members_2025-12-31.csv")).expect("a file"),
    );
    for (arguments, exit) in commands {
        let run = run_at(&office, LATER, arguments);
        assert_eq!(run.exit, Some(exit), "{arguments:?}: {}", run.stderr);
        assert!(!log.exists(), "{arguments:?} leaves the log behind");
    }
    let copy = Office::new();
    std::fs::create_dir(copy.data()).expect("a folder can be made");
    std::fs::copy(office.data().join("kaiin.sqlite"), copy.data().join("kaiin.sqlite")).expect("a file can be copied");
    let counted = json_at(&copy, LATER, &["count", "--as-of", "2025-12-31"]);
    assert_eq!(counted["known_at"], json!("2025-12-31"));
}

/// A question on a folder without a store makes nothing and says where it looked.
#[test]
fn question_without_a_store_makes_nothing_and_names_the_folder() {
    let office = Office::new();
    for arguments in [
        vec!["count", "--as-of", "2025-12-31"],
        vec!["audit", "withdrawals", "--as-of", "2025-12-31"],
        vec!["report", "member-counts", "--as-of", "2025-12-31"],
        vec!["import", "--take-back", "1", "--reason", "試し"],
    ] {
        let run = run_at(&office, LATER, &[&["--data", "kaiin-dat"], arguments.as_slice()].concat());
        assert_eq!(run.exit, Some(2), "{arguments:?}: {}", run.stderr);
        let folder = office.folder().join("kaiin-dat").display().to_string();
        assert!(run.stderr.contains("ENV-013") && run.stderr.contains("kaiin-dat"), "{folder}: {}", run.stderr);
    }
    for arguments in [vec!["jobs", "list"], vec!["reports", "list"], vec!["import", "--list"], vec!["store", "status"]]
    {
        let run = run_at(&office, LATER, &[&["--data", "kaiin-dat"], arguments.as_slice()].concat());
        assert_eq!(run.exit, Some(0), "{arguments:?}: {}", run.stderr);
    }
    assert!(!office.folder().join("kaiin-dat").exists());
}
