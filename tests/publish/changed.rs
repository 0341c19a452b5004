//! Whatever changes between making, approving and sending voids the approval.

use rstest::rstest;
use serde_json::json;

use super::office::{PREPARE, SETTINGS, approved, delivered, files, office, save_recipients, stage, states};
use crate::cli::program::Office;

/// The one file below a folder whose name ends so, of the first recipient.
fn file(office: &Office, end: &str) -> std::path::PathBuf {
    let papers = office.data().join("distribution/papers");
    let name = files(&papers).into_keys().find(|name| name.contains("11-001") && name.ends_with(end));
    papers.join(name.expect("the paper is there"))
}

fn append(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).expect("it can be read");
    bytes.push(b'\n');
    std::fs::write(path, bytes).expect("it can be written");
}

fn readdress(office: &Office) {
    save_recipients(office, &["11-001,別の宛名,,,", "11-002,,,,", "11-003,,,,"].map(String::from));
}

fn drop_one(office: &Office) {
    save_recipients(office, &["11-001,,,,", "11-002,,,,"].map(String::from));
}

fn other_words(office: &Office) {
    office.save("kaiin-data/kaiin.toml", SETTINGS.replace("見本係", "別の係"));
}

fn edit_manifest(office: &Office) {
    let folder = office.data().join("distribution");
    let name = files(&folder).into_keys().find(|name| name.ends_with("distribution.json")).expect("it is there");
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).expect("it can be read");
    std::fs::write(&path, text.replacen("浦和医師会", "川口市医師会", 1)).expect("it can be written");
}

fn edit_pdf(office: &Office) {
    append(&file(office, ".pdf"));
}

fn remove_workbook(office: &Office) {
    std::fs::remove_file(file(office, ".xlsx")).expect("it is there");
}

#[rstest]
#[case::addressee(readdress, "PUB-007")]
#[case::recipient_gone(drop_one, "PUB-007")]
#[case::words(other_words, "PUB-007")]
#[case::manifest(edit_manifest, "PUB-005")]
#[case::pdf(edit_pdf, "PUB-006")]
#[case::workbook(remove_workbook, "PUB-006")]
fn change_voids_before_and_after_the_approval(#[case] change: fn(&Office), #[case] code: &str) {
    for (office, command) in [(office(), "publish approve 1 --by 承認者"), (approved(), "publish send 1")] {
        if command.contains("approve") {
            office.json(PREPARE);
        }
        change(&office);
        let run = office.run(&format!("--json {command}"));
        assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(1), &json!(code)), "{command}");
        assert_eq!(stage(&office, 1), "voided", "{command}");
        assert!(!delivered(&office, 1).exists(), "{command}: nothing left");
        assert!(states(&office, 1).values().all(|state| state != "sent"));
    }
}

/// What was taken in meanwhile changes no paper of a known-at; definitions that were edited change none that was made.
#[test]
fn imports_and_definitions_of_later_change_nothing() {
    let office = approved();
    office.json("reports copy monthly-statistics");
    office.json("publish send 1");
    assert_eq!(files(&delivered(&office, 1)).len(), 9);
}
