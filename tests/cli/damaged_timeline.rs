//! Files for counting that are not what was written: made anew from the store, told, and never counted from.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::program::Office;
use super::samples::Sample;

const QUESTION: &str = "count --as-of 2025-03-31 --by tier,association,class,sex";

/// What change points answer.
const SUMMED: &str = "count --as-of 2025-03-31 --by tier,association,class";

/// The files of the newest head, by name.
fn files(office: &Office) -> Vec<PathBuf> {
    let head = office.json("store status")["head"].as_str().expect("a head").to_owned();
    let entries = fs::read_dir(office.data().join("timeline")).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.to_string_lossy().contains(&head));
    files.sort();
    // Coverages of earlier days are there where they were asked for.
    let is_coverage =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("coverage-"));
    let newest = files.iter().filter(|path| is_coverage(path)).max().cloned();
    files.retain(|path| !is_coverage(path) || Some(path) == newest.as_ref());
    assert_eq!(files.len(), 7, "three tables and their sums, the change points and theirs, the coverage");
    files
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    Flip,
    Cut,
    OfNoLength,
    Missing,
    OtherHead,
    Unreadable,
}

/// Harms one file and says whether it is another one then.
fn harm(path: &Path, harm: Harm, other: &Path) -> bool {
    let bytes = fs::read(path).expect("it was written");
    match harm {
        Harm::Flip => {
            let mut bytes = bytes.clone();
            let at = bytes.len() / 3;
            bytes[at] ^= 4;
            fs::write(path, bytes).expect("it can be written");
        }
        Harm::Cut => fs::write(path, &bytes[..bytes.len() / 2]).expect("it can be written"),
        Harm::OfNoLength => fs::write(path, "").expect("it can be written"),
        Harm::Missing => fs::remove_file(path).expect("it can be removed"),
        Harm::OtherHead => fs::copy(other, path).map(drop).expect("it can be copied"),
        Harm::Unreadable => fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("it is ours"),
    }
    // Nothing is closed to some accounts.
    fs::read(path).map_or(true, |now| now != bytes)
}

#[test]
fn harmed_files_are_made_anew_from_the_store() {
    let (office, _) = Sample::cases().taken_in();
    let right = office.json(QUESTION);
    let (other, _) = Sample::three_prefectures().taken_in();
    let others = files(&other);
    for how in [Harm::Flip, Harm::Cut, Harm::OfNoLength, Harm::Missing, Harm::OtherHead, Harm::Unreadable] {
        for (path, other) in files(&office).iter().zip(&others) {
            let bytes = fs::read(path).expect("it was written");
            // Without its sums there is no timeline, which is nothing to tell of.
            let is_reported =
                harm(path, how, other) && !(how == Harm::Missing && path.extension() == Some("txt".as_ref()));
            let run = office.run(&format!("--json {QUESTION}"));
            let place = format!("{how:?} {}: {}", path.display(), run.stderr);
            assert_eq!(run.exit, Some(0), "{place}");
            assert_eq!(serde_json::from_str::<Value>(&run.stdout).expect("an answer"), right, "{place}");
            assert_eq!(run.stderr.contains("ENV-030"), is_reported, "{place}");
            if is_reported {
                assert_eq!(fs::read(path).expect("it was made anew"), bytes, "{place}");
            }
        }
    }
    assert_eq!(office.run(&format!("--json {QUESTION}")).stderr, "", "told once");
}

/// Change points answer without the timeline, whatever became of it; whoever needs it next makes it anew and is told.
#[test]
fn harmed_timeline_costs_no_answer_that_needs_none() {
    let (office, _) = Sample::cases().taken_in();
    let (right, right_summed) = (office.json(QUESTION), office.json(SUMMED));
    let (other, _) = Sample::three_prefectures().taken_in();
    let is_of_timeline =
        |path: &Path| ["changes", "coverage"].iter().all(|other| !path.to_string_lossy().contains(other));
    for how in [Harm::Flip, Harm::Cut, Harm::OfNoLength, Harm::Missing, Harm::OtherHead] {
        for (path, other) in files(&office).iter().zip(&files(&other)).filter(|(path, _)| is_of_timeline(path)) {
            let bytes = fs::read(path).expect("it was written");
            let is_reported =
                harm(path, how, other) && !(how == Harm::Missing && path.extension() == Some("txt".as_ref()));
            let run = office.run(&format!("--json {SUMMED}"));
            let place = format!("{how:?} {}: {}", path.display(), run.stderr);
            assert_eq!((run.exit, run.stderr.as_str()), (Some(0), ""), "{place}");
            assert_eq!(serde_json::from_str::<Value>(&run.stdout).expect("an answer"), right_summed, "{place}");
            let run = office.run(&format!("--json {QUESTION}"));
            assert_eq!(serde_json::from_str::<Value>(&run.stdout).expect("an answer"), right, "{place}");
            assert_eq!(run.stderr.contains("ENV-030"), is_reported, "{place}");
            assert_eq!(fs::read(path).expect("it was made anew"), bytes, "{place}");
        }
    }
}

/// How far the exports reached is kept for each export day that was asked for; one that is not what was written is never believed.
#[test]
fn harmed_coverage_of_an_earlier_day_is_made_anew() {
    let (office, _) = Sample::cases().taken_in();
    let question = |known_at: &str| format!("--json {SUMMED} --known-at {known_at}");
    let right = office.run(&question("2025-04-30"));
    assert_eq!((right.exit, right.stderr.as_str()), (Some(0), ""), "{}", right.stderr);
    let kept = |office: &Office, day: &str| -> Option<PathBuf> {
        let entries = fs::read_dir(office.data().join("timeline")).expect("the folder is there");
        let mut paths = entries.map(|entry| entry.expect("an entry").path());
        paths.find(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&format!("coverage-{day}")))
        })
    };
    let path = kept(&office, "2025-04-30").expect("it was asked for");
    let bytes = fs::read(&path).expect("it was written");
    // Between two exports it is that of the first.
    assert_eq!(office.run(&question("2025-05-15")).exit, Some(0));
    assert_eq!(kept(&office, "2025-05-15"), None);
    let of_other_day = kept(&office, "2025-05-31").expect("it was made when the exports were taken in");
    for how in [Harm::Flip, Harm::Cut, Harm::OfNoLength, Harm::OtherHead] {
        assert!(harm(&path, how, &of_other_day), "{how:?}");
        let verified = office.run("--json verify");
        assert!(verified.stdout.contains("coverage-2025-04-30"), "{how:?}: {}", verified.stdout);
        let run = office.run(&question("2025-04-30"));
        assert_eq!(run.stdout, right.stdout, "{how:?}");
        assert!(run.stderr.contains("ENV-030"), "{how:?}: {}", run.stderr);
        assert_eq!(fs::read(&path).expect("it was made anew"), bytes, "{how:?}");
    }
}

/// Who may only read counts from files made elsewhere.
#[test]
fn reader_without_the_right_to_write_counts_beside_a_harmed_file() {
    let (office, _) = Sample::cases().taken_in();
    let right = office.json(QUESTION);
    let named = |name: &str| {
        let mut all = files(&office).into_iter();
        all.find(|path| path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(name))).expect("a file")
    };
    fs::write(named("enrolments"), "").expect("it can be written");
    // A folder in the place of the sums cannot be written over by anybody.
    let sums = named("sums");
    fs::remove_file(&sums).expect("it can be removed");
    fs::create_dir(&sums).expect("a folder can be made");
    let run = office.run(&format!("--json {QUESTION}"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).expect("an answer"), right);
    assert!(run.stderr.contains("ENV-030"), "{}", run.stderr);
    assert!(sums.is_dir());
}

/// Another reading of 退会日 has change points of its own, which is said once; the first ones stay.
#[test]
fn change_points_follow_the_setting() {
    let (office, _) = Sample::cases().taken_in();
    let before = office.json(SUMMED);
    office.save("kaiin-data/kaiin.toml", "withdrawal_day_rule = \"first_non_member_day\"\n");
    let run = office.run(&format!("--json {SUMMED}"));
    assert!(run.stderr.contains("ENV-058"), "{}", run.stderr);
    let changed: Value = serde_json::from_str(&run.stdout).expect("an answer");
    assert_eq!(changed["withdrawal_day_rule"], "first_non_member_day");
    assert_eq!(office.run(&format!("--json {SUMMED}")).stderr, "", "told once");
    office.save("kaiin-data/kaiin.toml", "withdrawal_day_rule = \"last_member_day\"\n");
    assert_eq!(office.json(SUMMED), before);
    assert_eq!(office.run(&format!("--json {SUMMED}")).stderr, "", "the first ones are still there");
}
