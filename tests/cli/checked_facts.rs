//! That facts were compared with the chain is kept as a hash of the store: the file as it was is trusted, any other is not.

use std::fs;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::program::Office;
use super::samples::Sample;
use super::verify::edit;

const REPORT: &str = "--json report member-counts --as-of 2025-03-31 --out out --format csv";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept of a store whose facts were compared.
fn kept_of(store: &[u8]) -> String {
    let text = format!("kaiin facts 1\n{} {}\n", store.len(), hex(&Sha256::digest(store)));
    let own = hex(&Sha256::digest(&text));
    format!("{text}{own}\n")
}

fn kept(office: &Office) -> String {
    fs::read_to_string(office.data().join("kaiin.sqlite-checked")).unwrap_or_default()
}

fn expected(office: &Office) -> String {
    kept_of(&fs::read(office.data().join("kaiin.sqlite")).expect("the store was written"))
}

/// Copied with the facts changed and the hash of the changed file beside them, as only somebody does who means to hide it: shows
/// what is read and what is not.
fn with_hidden_edit(office: &Office) -> Office {
    let copy = office.copy();
    edit(&copy, &["UPDATE enrolment SET class = 5 - class WHERE id = 1"]);
    fs::write(copy.data().join("kaiin.sqlite-checked"), expected(&copy)).expect("it can be written");
    copy
}

#[test]
fn every_command_that_stores_keeps_the_hash_of_what_it_leaves() {
    let sample = Sample::cases();
    let office = Office::new();
    office.import(&sample.files[0].display().to_string());
    assert_eq!(kept(&office), expected(&office), "few facts are compared before they are changed");
    for file in &sample.files[1..] {
        office.import(&file.display().to_string());
        assert_eq!(kept(&office), expected(&office), "{}", file.display());
    }
    for arguments in ["snapshot take --as-of 2025-03-31", "import --take-back 4 --reason 試し", REPORT, "verify"] {
        let run = office.run(arguments);
        assert_eq!(run.exit, Some(0), "{arguments}: {}", run.stderr);
        assert_eq!(kept(&office), expected(&office), "{arguments}");
    }
}

#[test]
fn file_as_it_was_is_not_compared_again_but_by_verify() {
    let (office, _) = Sample::cases().taken_in();
    let hidden = with_hidden_edit(&office);
    assert_eq!(hidden.run(REPORT).exit, Some(0), "the file is the one whose hash is kept");
    let verified = hidden.run("--json verify");
    assert_eq!(verified.exit, Some(1));
    assert!(verified.stdout.contains("STO-012"), "{}", verified.stdout);
}

#[test]
fn any_other_file_is_compared_and_its_hash_not_kept() {
    let sample = Sample::cases();
    let (office, _) = sample.taken_in();
    let before = kept(&office);
    edit(&office, &["UPDATE enrolment SET class = 5 - class WHERE id = 1"]);
    for _ in 0..2 {
        let run = office.run(REPORT);
        assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(4), &json!("STO-012")));
        assert_eq!(kept(&office), before);
    }
    edit(&office, &["UPDATE enrolment SET class = 5 - class WHERE id = 1"]);
    assert_eq!(office.run(REPORT).exit, Some(0), "the facts are what they were, in another file");
    assert_eq!(kept(&office), expected(&office));
}

/// What was stored is compared with what stood before: an import into a changed store says so, and makes nothing good.
#[test]
fn import_does_not_cover_an_edit() {
    let sample = Sample::cases();
    let office = Office::new();
    let last = sample.files.len() - 1;
    for file in &sample.files[..last] {
        office.import(&file.display().to_string());
    }
    edit(&office, &["UPDATE enrolment SET class = 5 - class WHERE id = 1"]);
    let run = office.run(&format!("import {}", sample.files[last].display()));
    assert!(run.stderr.contains("STO-012"), "{}", run.stderr);
    assert_ne!(kept(&office), expected(&office));
    assert_eq!(office.run(REPORT).exit, Some(4));
}

/// A hash that is damaged, of another store, or that nobody may read costs a comparison and nothing else.
#[test]
fn damaged_hash_is_one_more_comparison() {
    let (office, _) = Sample::cases().taken_in();
    let path = office.data().join("kaiin.sqlite-checked");
    let (other, _) = Sample::three_prefectures().taken_in();
    for text in ["", "kaiin facts 1\n", &kept(&other), &kept(&office).replace('1', "2")] {
        fs::write(&path, text).expect("it can be written");
        let run = office.run(REPORT);
        assert_eq!((run.exit, run.stderr.as_str()), (Some(0), ""), "{text}");
        assert_eq!(kept(&office), expected(&office), "{text}");
    }
    let hidden = with_hidden_edit(&office);
    fs::write(hidden.data().join("kaiin.sqlite-checked"), kept(&hidden).replace("facts 1", "facts 0")).expect("so");
    assert_eq!(hidden.run(REPORT).exit, Some(4), "only a hash that is whole is one");
}
