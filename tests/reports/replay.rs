//! A paper comes out to the byte from its manifest, or what is other than it was is told.

use crate::cli::prepared::prepared;
use crate::cli::program::Office;
use crate::cli::samples::Sample;

fn office() -> Office {
    Office::copy_of(&prepared(&Sample::saitama()).folder)
}

/// Makes a paper and returns its folder.
fn made(office: &Office, arguments: &str) -> String {
    let report = office.json(&format!("report {arguments}"));
    report["papers"][0]["folder"].as_str().expect("a folder").to_string()
}

#[test]
fn paper_comes_out_to_the_byte() {
    let office = office();
    let all = "--format pdf,csv,csv-machine,csv-cp932,html,xlsx";
    for arguments in [
        format!("member-counts --as-of 2025-12-31 {all}"),
        format!("withdrawal-audit --as-of 2025-11-30 --known-at 2025-11-30 --variant external {all}"),
        format!("monthly-statistics --as-of 2025-12-31 --association 11-001 {all}"),
        format!("meeting-rijikai --as-of 2025-12-31 {all}"),
        format!("member-counts --as-of 2026-03-31 --draft {all}"),
    ] {
        let folder = made(&office, &arguments);
        let replayed = office.json(&format!("report --replay {folder}"));
        assert_eq!(replayed["different"], serde_json::json!([]), "{arguments}");
        assert!(replayed["same"].as_array().is_some_and(|files| files.len() > 4), "{arguments}");
        assert_eq!(replayed, office.json(&format!("report --replay {folder}/manifest.json")));
    }
}

/// Editions that were followed by others come out too, with their lists of changes.
#[test]
fn edition_comes_out_beside_later_ones() {
    let office = office();
    let first = made(&office, "member-counts --as-of 2025-10-31 --known-at 2025-10-31");
    let second = made(&office, "member-counts --as-of 2025-10-31 --known-at 2025-12-31");
    for folder in [first, second] {
        assert_eq!(office.json(&format!("report --replay {folder}"))["different"], serde_json::json!([]), "{folder}");
    }
}

/// Another rule of the 退会日 is told beside the cells that it changes.
#[test]
fn what_is_other_than_it_was_is_told() {
    let office = office();
    let folder = made(&office, "member-counts --as-of 2025-12-31");
    std::fs::write(office.data().join("kaiin.toml"), "withdrawal_day_rule = \"first_non_member_day\"\n")
        .expect("written");
    let run = office.run(&format!("--json report --replay {folder}"));
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    let replayed: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(replayed["others"][0]["what"], "退会日の扱い");
    assert!(replayed["cells"].as_array().is_some_and(|cells| !cells.is_empty()), "{replayed}");
    let screen = office.run(&format!("report --replay {folder}"));
    assert!(screen.stdout.contains("退会日の扱い: last_member_day → first_non_member_day"), "{}", screen.stdout);
}

#[test]
fn folder_without_a_manifest_is_told() {
    let office = office();
    let run = office.run("--json report --replay どこにもない");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &"RPT-032".into()));
    let both = office.run("--json report member-counts --as-of 2025-12-31 --replay output");
    assert_eq!(both.exit, Some(2), "{}", both.stdout);
}
