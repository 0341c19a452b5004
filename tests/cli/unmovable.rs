//! Files that cannot be moved, and names that hardly fit: each costs itself, no other file and no month.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use rstest::rstest;
use serde_json::json;

use super::inbox::{RING, drop_file, export, notes, office, tick};
use super::program::on_another_file_system;
use super::surroundings::{bound, set_mode};
use super::taken_back::run_at;

const LIST: &str = "members_2025-11-30.csv";

/// An export that is refused: nobody knows its bodies.
fn unknown_body() -> String {
    export().replace("11-001,青空市医師会", "99-999,どこにもない医師会").replace("11-002", "99-998")
}

/// Names in a folder of the inbox.
fn lying(office: &super::program::Office, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(office.data().join("inbox").join(folder)).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The name fits as it is, and no longer with `2_` before it or `.理由.txt` behind it.
#[test]
fn long_names_are_moved_under_shorter_ones() {
    let office = office();
    let list = format!("{}_2025-11-30.csv", "会".repeat(80));
    let (note, question) = (format!("{}.txt", "会".repeat(83)), format!("{}_2025-12-31.csv", "員".repeat(80)));
    for _ in 0..2 {
        drop_file(&office, &list, export());
        drop_file(&office, &note, "今日は");
        tick(&office);
    }
    // The last line has no end: it asks once it is the first of its day.
    assert_eq!(lying(&office, "taken").len(), 2, "{:?}", lying(&office, "taken"));
    let refused = lying(&office, "refused");
    assert_eq!(refused.iter().filter(|name| name.ends_with(".理由.txt")).count(), 2, "{refused:?}");
    assert!(refused.iter().all(|name| name.len() <= 255 && name.contains("会会会")), "{refused:?}");
    let wrong = unknown_body();
    drop_file(&office, &question, wrong);
    let (_, told) = tick(&office);
    assert_eq!(notes(&told), [format!("{question} refused IMP-211")], "{told}");
    assert_eq!(lying(&office, ""), ["refused", "taken"]);
}

/// Another file system: copied, and then in one place only.
#[test]
fn taken_on_another_file_system_is_written_by_copy() {
    let office = office();
    let elsewhere = on_another_file_system(office.folder());
    symlink(elsewhere.path(), office.data().join("inbox/taken")).expect("a link can be made");
    drop_file(&office, LIST, export());
    let (exit, told) = tick(&office);
    assert_eq!((exit, notes(&told), &told["done"]), (Some(1), vec![], &json!(["2025-11"])), "December waits: {told}");
    assert_eq!((lying(&office, ""), lying(&office, "taken")), (vec!["taken".into()], vec![LIST.into()]));
    assert_eq!(fs::read_to_string(elsewhere.path().join(LIST)).expect("the copy"), export());
}

/// What a file is in the way of.
#[rstest]
#[case::inbox_that_may_not_be_written("", None)]
#[case::taken_that_may_not_be_written("taken", None)]
#[case::taken_that_is_a_file("taken", Some("x"))]
fn file_that_cannot_be_moved_is_taken_in_once(#[case] place: &str, #[case] content: Option<&str>) {
    let office = office();
    drop_file(&office, LIST, export());
    drop_file(&office, "members_2025-10-31.csv", unknown_body());
    let path = office.data().join("inbox").join(place);
    if let Some(content) = content {
        // A name that is none of a system: the file would be moved away, were there a folder for it.
        fs::write(&path, content).expect("it can be written");
        fs::write(path.with_file_name("refused"), content).expect("it can be written");
    } else {
        fs::create_dir_all(&path).expect("it can be made");
        set_mode(&path, 0o500);
    }
    for nth in 0..3 {
        let run = bound(&office, &format!("--json jobs tick --now {RING}"));
        let told: serde_json::Value = serde_json::from_str(&run.stdout).expect("a report");
        let done = if nth == 0 { json!(["2025-11"]) } else { json!([]) };
        assert_eq!((run.exit, &told["done"]), (Some(1), &done), "{told}");
        let notes = notes(&told);
        assert!(notes.contains(&format!("{LIST} stays JOB-030")), "{told}");
        let refused = "members_2025-10-31.csv stays JOB-034".to_owned();
        assert_eq!(notes.contains(&refused), place.is_empty() || content.is_some(), "{told}");
        assert_eq!(told["taken"], json!(u32::from(nth == 0)), "{told}");
        assert_eq!(office.json("import --list").as_array().map(Vec::len), Some(2), "taken in once");
    }
    if content.is_some() {
        fs::remove_file(&path).expect("it is there");
        fs::remove_file(path.with_file_name("refused")).expect("it is there");
    } else {
        set_mode(&path, 0o700);
    }
    let (_, told) = tick(&office);
    assert_eq!(lying(&office, "taken"), [LIST], "{told}");
    assert_eq!(office.json("import --list").as_array().map(Vec::len), Some(2), "taken in once");
    let (_, told) = tick(&office);
    assert_eq!(notes(&told), Vec::<String>::new(), "{told}");
}

/// A file that stays and is taken back is not taken in again behind the back of whoever did that, and one that came before
/// others is nothing new.
#[test]
fn file_that_stays_is_not_taken_in_again_after_it_was_taken_back() {
    let office = office();
    fs::create_dir_all(office.data().join("inbox/taken")).expect("it can be made");
    set_mode(&office.data().join("inbox/taken"), 0o500);
    for (name, day) in [(LIST, "2025-11-30"), ("members_2025-12-31.csv", "2025-12-31")] {
        drop_file(&office, name, export().replace("2000-03", &day[..7]));
        bound(&office, &format!("jobs tick --now {RING}"));
    }
    let back = run_at(
        &office,
        "2026-01-06T00:00:00Z",
        &["import", "--take-back", "members_2025-12-31.csv", "--reason", "試し", "--accept-change"],
    );
    assert_eq!(back.exit, Some(0), "{}", back.stderr);
    set_mode(&office.data().join("inbox/taken"), 0o700);
    let (exit, told) = tick(&office);
    assert_eq!((exit, notes(&told)), (Some(1), vec!["members_2025-12-31.csv stays JOB-031".to_owned()]), "{told}");
    let path = "kaiin-data/inbox/members_2025-12-31.csv";
    assert_eq!(run_at(&office, "2026-01-06T00:00:00Z", &["import", path]).exit, Some(0), "a person may");
    let (exit, told) = tick(&office);
    assert_eq!((exit, notes(&told)), (Some(0), vec![]), "{told}");
}

/// Names that are no UTF-8, or would move the cursor, are told without that, and the files are dealt with.
#[test]
fn names_that_are_no_text_are_told_as_text() {
    let office = office();
    let inbox = office.data().join("inbox");
    fs::write(inbox.join(OsStr::from_bytes(b"members_\xFF\xFE_2025-11-30.csv")), export()).expect("it can be written");
    fs::write(inbox.join("members_\u{1b}[2J\n2025-12-31.csv"), export()).expect("it can be written");
    fs::write(inbox.join("\u{202e}fdp.txt"), "今日は").expect("it can be written");
    let run = office.run(&format!("jobs tick --now {RING}"));
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}') && !run.stderr.contains('\u{202e}'), "{:?}", run.stderr);
    assert_eq!(lying(&office, "taken").len(), 2, "{:?}", lying(&office, "taken"));
    assert_eq!(lying(&office, ""), ["refused", "taken"]);
    assert!(office.run("jobs list").stdout.contains("2025-12"));
}
