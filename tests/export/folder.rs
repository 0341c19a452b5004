//! What lies in the folder of an export, what may lie there before, and when nothing is written.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rstest::rstest;

use crate::cli::people::office;
use crate::cli::program::Office;

/// Names and bytes of all files below a folder; folders stand there with their modes only.
fn everything(folder: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut out = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let mode = path.metadata().expect("it is there").permissions().mode() & 0o777;
            let bytes = if path.is_dir() { Vec::new() } else { std::fs::read(&path).expect("it can be read") };
            if path.is_dir() {
                open.push(path.clone());
            }
            let name = path.strip_prefix(folder).expect("it lies below").display().to_string();
            out.insert(name, (mode, bytes));
        }
    }
    out
}

/// Code of a run that is refused.
#[track_caller]
fn refused(office: &Office, arguments: &str) -> (Option<i32>, String) {
    let run = office.run(&format!("--json timeline export {arguments}"));
    (run.exit, run.error()["error"]["code"].as_str().expect("a code").to_owned())
}

#[test]
fn files_are_for_their_owner_and_the_same_each_time() {
    let office = office();
    for out in ["a", "deep/er/b"] {
        assert_eq!(office.run(&format!("timeline export --out {out}")).exit, Some(0));
    }
    let found = everything(&office.folder().join("a"));
    assert_eq!(found, everything(&office.folder().join("deep/er/b")));
    assert!(found.contains_key("segments/tier=national/prefecture=11/part-0.parquet"), "{:?}", found.keys());
    for (name, (mode, _)) in &found {
        let is_folder = office.folder().join("a").join(name).is_dir();
        assert_eq!(*mode, if is_folder { 0o700 } else { 0o600 }, "{name}");
    }
}

#[test]
fn another_export_is_replaced_only_where_that_is_said() {
    let office = office();
    let out = office.folder().join("a");
    assert_eq!(office.run("timeline export --out a").exit, Some(0));
    let before = everything(&out);
    assert_eq!(refused(&office, "--out a --all"), (Some(2), "EXP-001".into()));
    assert_eq!(everything(&out), before);
    assert_eq!(office.run("timeline export --out a --all --replace").exit, Some(0));
    assert_ne!(everything(&out), before);
    let beside = std::fs::read_dir(office.folder()).expect("it can be read");
    let hidden =
        beside.filter(|entry| entry.as_ref().expect("an entry").file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0, "nothing is left of the old one");
}

#[rstest]
#[case::file_of_somebody("notes.txt", "EXP-002")]
#[case::manifest_of_something_else("manifest.json", "EXP-002")]
fn folder_that_holds_anything_else_is_never_touched(#[case] name: &str, #[case] code: &str) {
    let office = office();
    std::fs::create_dir(office.folder().join("a")).expect("it can be made");
    office.save(&format!("a/{name}"), "{}");
    let before = everything(&office.folder().join("a"));
    assert_eq!(refused(&office, "--out a --replace"), (Some(2), code.into()));
    assert_eq!(everything(&office.folder().join("a")), before);
}

/// A file that somebody put beside those of an export would be lost with it.
#[test]
fn export_with_something_else_in_it_is_not_replaced() {
    let office = office();
    assert_eq!(office.run("timeline export --out a").exit, Some(0));
    office.save("a/segments/notes.txt", "text");
    let before = everything(&office.folder().join("a"));
    assert_eq!(refused(&office, "--out a --replace"), (Some(2), "EXP-002".into()));
    assert_eq!(everything(&office.folder().join("a")), before);
}

#[test]
fn empty_folder_is_filled_and_a_file_is_none() {
    let office = office();
    std::fs::create_dir(office.folder().join("a")).expect("it can be made");
    assert_eq!(office.run("timeline export --out a").exit, Some(0));
    office.save("b", "text");
    assert_eq!(refused(&office, "--out b"), (Some(4), "RPT-021".into()));
}

/// As `kaiin count` says it, and before anything is written.
#[rstest]
#[case::future("2030-01-01")]
#[case::before_everything("1990-01-01")]
fn known_at_of_which_nothing_is_known_is_refused_as_by_count(#[case] known_at: &str) {
    let office = office();
    let counted = office.run(&format!("--json count --as-of 2025-09-30 --known-at {known_at}"));
    let exported = office.run(&format!("--json timeline export --out a --known-at {known_at}"));
    assert_eq!((counted.exit, counted.error()), (exported.exit, exported.error()));
    assert!(!office.folder().join("a").exists());
    assert_eq!(refused(&office, &format!("--out a --all --known-at {known_at}")), (Some(2), "USE-001".into()));
    assert_eq!(refused(&Office::new(), "--out a").1, "ENV-013");
}

#[test]
fn manifest_tells_what_it_was_made_from() {
    let office = office();
    let manifest = office.json("timeline export --out a");
    let counted = office.json("count --as-of 2025-09-30");
    assert_eq!(manifest["head"], counted["head"]);
    assert_eq!(
        (&manifest["withdrawal_day_rule"], &manifest["all_known_at"]),
        (&"last_member_day".into(), &false.into())
    );
    let controls = manifest["control_totals"].as_array().expect("a list");
    let same = controls.iter().find(|control| control["as_of"] == "2025-09-30").expect("the newest known-at");
    assert_eq!(same["totals"], counted["totals"]);
    let written = std::fs::read(office.folder().join("a/manifest.json")).expect("it was written");
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&written).expect("JSON"), manifest);
}
