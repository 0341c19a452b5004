//! What is told of a purge: in advance, afterwards, and wherever somebody is led to what has gone.

use std::fs;

use serde_json::json;

use super::office::{BOTH, TEXTS, files, findings, office, purge, run_at};
use crate::store::home::Home;

const LATER: &str = "2026-03-15T00:00:00Z";

#[test]
fn rehearsal_changes_nothing_and_says_what_would_go() {
    let office = office(Home::Sqlite, BOTH);
    let folder = office.data();
    let all = || {
        let kept = files(&folder).into_iter().filter(|path| !path.to_string_lossy().contains("timeline"));
        kept.map(|path| (path.clone(), fs::read(&path).expect("readable"))).collect::<Vec<_>>()
    };
    office.run("count --as-of 2025-12-31");
    let before = all();
    let run = run_at(&office, LATER, "purge");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    for word in [
        "2 人分",
        "同一人物かもしれない人 1 人",
        "2025-11-30 を最後とする人: 1 人",
        "何も変えていません",
        "kaiin purge --confirm",
    ] {
        assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
    }
    assert!(TEXTS.iter().all(|text| !run.stdout.contains(text) && !run.stderr.contains(text)));
    assert_eq!(all(), before);
    assert_eq!(office.json("purge --list"), json!([]));
}

/// Whoever may be the same person as somebody else is decided about by name and kana, and stays until then.
#[test]
fn person_who_may_be_another_one_stays() {
    let office = office(Home::Sqlite, BOTH);
    let pairs = |told: &serde_json::Value| told["kept_as_candidates"].clone();
    assert_eq!(pairs(&office.json("purge")), json!(1));
    let before = office.run("--json audit same-persons").stdout;
    purge(&office);
    assert_eq!(office.run("--json audit same-persons").stdout, before);
}

#[test]
fn purge_is_listed_with_its_reason_and_tells_of_the_files() {
    let office = office(Home::Sqlite, BOTH);
    let done = run_at(&office, LATER, "purge --confirm --reason 規程第5条");
    assert_eq!(done.exit, Some(0), "{}", done.stderr);
    let listed = office.json("purge --list");
    let one = &listed[0];
    assert_eq!((&one["number"], &one["reason"], &one["raw_files_days"]), (&json!(1), &json!("規程第5条"), &json!(20)));
    assert_eq!((&one["persons"], &one["counted_from"]), (&json!(2), &json!("2026-03-15")));
    assert!(office.run("purge --list").stdout.contains("規程第5条"));
    // Whoever is led to a file is told that it is gone, and since when.
    let imports = office.json("import --list");
    assert_eq!(imports[1]["file_removed_on"], json!("2026-03-15"), "{imports}");
    assert!(office.run("import --list").stdout.contains("原本は 2026-03-15 に消去"));
    let explained = office.run("explain 浦和 --as-of 2025-12-31");
    assert_eq!(explained.exit, Some(0), "{}", explained.stderr);
    assert!(explained.stderr.contains("PRG-009") && explained.stderr.contains("2026-03-15"), "{}", explained.stderr);
}

/// An import whose file is gone can be taken back where it is about nobody who was removed, and that its file is gone is told.
#[test]
fn taking_back_says_that_the_file_is_gone() {
    let office = office(Home::Sqlite, "[retention]\nraw_files_days = 20\n");
    run_at(&office, LATER, "purge --confirm --reason 年限");
    let back = run_at(&office, LATER, "import --take-back members_2025-12-31.csv --reason 試験");
    assert_eq!(back.exit, Some(0), "{}", back.stderr);
    assert!(back.stderr.contains("PRG-009") && back.stderr.contains("2026-03-15"), "{}", back.stderr);
}

#[test]
fn papers_and_backups_are_reminded_of_and_stay() {
    let office = office(Home::Sqlite, BOTH);
    let paper = office.run("report withdrawal-audit --as-of 2025-12-31 --out elsewhere --format csv");
    assert_eq!(paper.exit, Some(0), "{}", paper.stderr);
    fs::create_dir(office.folder().join("copies")).expect("the folder can be written");
    assert_eq!(office.run("backup .").exit, Some(0));
    let told = run_at(&office, LATER, "--json purge --confirm --reason 年限");
    let told: serde_json::Value = serde_json::from_str(&told.stdout).expect("an answer");
    let kinds: Vec<&str> =
        told["reminders"].as_array().expect("a list").iter().map(|one| one["kind"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["paper", "backup"], "{told}");
    assert!(run_at(&office, LATER, "purge").stderr.contains("PRG-007"));
    assert_eq!(findings(&office), [] as [serde_json::Value; 0], "papers are what they were");
}

/// A backup of after a purge restores as it is.
#[test]
fn backup_after_a_purge_is_proved() {
    let office = office(Home::Sqlite, BOTH);
    run_at(&office, LATER, "purge --confirm --reason 年限");
    fs::create_dir(office.folder().join("copies")).expect("the folder can be written");
    let made = office.json("backup copies");
    let folder = made["folder"].as_str().expect("a folder");
    let rehearsed = office.run(&format!("restore {folder} --rehearse"));
    assert_eq!(rehearsed.exit, Some(0), "{}{}", rehearsed.stdout, rehearsed.stderr);
}

/// Whoever sets days for persons alone keeps files that name them.
#[test]
fn files_that_outlast_persons_are_told() {
    let office = office(Home::Sqlite, "[retention]\npersons_days = 20\n");
    assert!(office.run("purge").stderr.contains("PRG-006"));
    purge(&office);
    assert_eq!(files(&office.data().join("inbox/taken")).len(), 4);
}

/// Whom an adjustment is about stays, and that is told.
#[test]
fn person_with_an_adjustment_stays() {
    let office = office(Home::Sqlite, BOTH);
    let head = "調整番号,調整種別,医籍登録番号,医師会名,新しい日付,理由,承認者\n";
    let row = format!("C-1,入会日訂正,{},浦和医師会,2004-05-02,電話で確認,事務局長\n", super::office::NUMBER);
    office.save("adjustments_2025-11-30.csv", format!("{head}{row}"));
    let run = office.run("import adjustments_2025-11-30.csv");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let told = office.json("purge");
    assert_eq!(
        (&told["kept_for_adjustments"], told["persons"].as_array().map(Vec::len)),
        (&json!(1), Some(1)),
        "{told}"
    );
}
