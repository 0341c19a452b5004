//! A database that was restored does not know what has left: nothing leaves until a person has looked.

use std::path::Path;

use serde_json::json;

use super::office::{PREPARE, approved, delivered, files, save_recipients, states};
use crate::cli::program::Office;

fn copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).expect("it can be copied");
}

/// An office whose database is that of before the first sending.
fn restored() -> Office {
    let office = approved();
    let (store, kept) = (office.data().join("kaiin.sqlite"), office.folder().join("kept.sqlite"));
    copy(&store, &kept);
    office.json("publish send 1");
    copy(&kept, &store);
    office
}

#[test]
fn restored_database_sends_nothing_by_itself() {
    let office = restored();
    let before = files(&delivered(&office, 1));
    let run = office.run("--json publish send 1");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(1), &json!("PUB-020")));
    assert_eq!(files(&delivered(&office, 1)), before);
    let nameless = office.run("--json publish confirm --by 事務局長 --reason ");
    assert_eq!(nameless.exit, Some(2));
    office.json("publish confirm --by 事務局長 --reason 配布先のフォルダを見た");
    // What is there already is not overwritten, and a person says what it is.
    let run = office.run("--json publish send 1");
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.stdout.contains("PUB-023"), "{}", run.stdout);
    assert!(states(&office, 1).values().all(|state| state == "uncertain"));
    assert_eq!(files(&delivered(&office, 1)), before);
    for code in ["11-001", "11-002", "11-003"] {
        office.run(&format!("publish settle 1 {code} --arrived --by 事務局長 --reason 中を見た"));
    }
    assert!(states(&office, 1).values().all(|state| state == "sent"));
}

#[test]
fn mark_that_cannot_be_read_stops_sending() {
    let office = approved();
    office.save("kaiin-data/distribution/sent.json", "{");
    let run = office.run("--json publish send 1");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(1), &json!("PUB-019")));
    assert!(!delivered(&office, 1).exists());
}

/// A restored database knows no distribution of after its copy, whose folders are there.
#[test]
fn number_that_is_given_anew_overwrites_nothing() {
    let office = restored();
    save_recipients(&office, &["11-001,別の宛名,,,".to_string()]);
    office.json("publish withdraw 1 --reason 控えから戻した");
    office.json(PREPARE);
    office.json("publish approve 2 --by 承認者");
    let run = office.run("--json publish send 2");
    assert_eq!(run.error()["error"]["code"], "PUB-020");
}

/// A data folder that came back from a backup sends nothing until somebody has confirmed it.
#[test]
fn restored_data_folder_sends_nothing_by_itself() {
    let office = approved();
    std::fs::create_dir(office.folder().join("控え")).expect("it can be made");
    office.json("backup 控え");
    office.json("publish send 1");
    let backup = std::fs::read_dir(office.folder().join("控え")).expect("it is there").next().expect("a backup");
    let backup = backup.expect("an entry").path();
    office.json(&format!("restore {} --into back", backup.display()));
    let run = office.run("--json --data back publish send 1");
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("BAK-016"), "{}", run.stderr);
    assert!(!office.folder().join("back/distribution/delivered").exists());
    office.json("--data back restore --confirm --reason 配布先を見た");
    assert_eq!(office.run("--json --data back publish send 1").exit, Some(0));
}
