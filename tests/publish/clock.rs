//! The month by the clock: papers are prepared once, wait for a person, leave once they are approved, and nothing waits or fails
//! in silence.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::office::{SETTINGS, TO, office, save_recipients, stage};
use crate::cli::program::Office;
use crate::cli::samples::Sample;

/// The papers of December 2025 are made on 5 January and distributed.
const JOBS: &str =
    "[jobs]\nsettle_seconds = 0\nfirst_month = \"2025-12\"\nreports = [\"member-counts\"]\ndistribute = true\n";

fn clocked() -> Office {
    let office = office();
    office.save("kaiin-data/kaiin.toml", format!("{JOBS}{SETTINGS}"));
    std::fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    office
}

/// Rings on a day of January 2026 at a time of Tokyo; what became of distributions: period, state, code.
#[track_caller]
fn ring(office: &Office, at: &str, exit: i32) -> Vec<[String; 3]> {
    let run = office.run(&format!("--json jobs tick --now 2026-{at}:00+09:00"));
    assert_eq!(run.exit, Some(exit), "{}{}", run.stdout, run.stderr);
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let word = |one: &Value, key: &str| one[key].as_str().expect("a text").to_owned();
    let others = told["others"].as_array().expect("others");
    others.iter().map(|one| ["period", "state", "code"].map(|key| word(one, key))).collect()
}

fn delivered(office: &Office, number: u32) -> PathBuf {
    office.data().join(format!("distribution/delivered/2025-12-31_第{number}回"))
}

fn n_distributions(office: &Office) -> usize {
    office.json("publish list").as_array().expect("distributions").len()
}

const WAITS: [&str; 3] = ["2025-12", "waiting", "JOB-051"];

#[test]
fn month_is_prepared_once_and_leaves_once_it_is_approved() {
    let office = clocked();
    assert!(ring(&office, "01-05T05:59", 0).is_empty(), "the month has not been made");
    for at in ["01-05T06:00", "01-05T06:10"] {
        assert_eq!(ring(&office, at, 1), [WAITS]);
        assert_eq!(n_distributions(&office), 1);
    }
    assert!(!delivered(&office, 1).exists(), "nobody has approved it");
    let run = office.run("publish approve 1 --by kaiin（定時）");
    assert_eq!(run.exit, Some(2), "whoever makes it does not approve it: {}", run.stderr);
    office.json("publish approve 1 --by 承認者");
    assert_eq!(ring(&office, "01-05T06:20", 0), [["2025-12", "done", "JOB-054"]]);
    for (_, folder) in TO {
        assert!(delivered(&office, 1).join(folder).join("送付状.pdf").is_file(), "{folder}");
    }
    assert!(ring(&office, "01-05T06:30", 0).is_empty(), "it is done");
    assert_eq!(office.json("verify")["well"], json!(true));
}

/// The time for it is five days, counted from when the month was made.
#[test]
fn silence_is_told() {
    let office = clocked();
    ring(&office, "01-05T06:00", 1);
    assert_eq!(ring(&office, "01-10T06:00", 1), [WAITS]);
    assert_eq!(ring(&office, "01-10T06:01", 1), [["2025-12", "waiting", "JOB-053"]]);
    let run = office.run("jobs list --last 1");
    assert!(run.stdout.contains("期限を過ぎても承認されていません"), "{}", run.stdout);
    let doctor = office.run("doctor");
    assert!(doctor.stdout.contains("distribution 2025-12"), "{}", doctor.stdout);
}

/// What a file of the inbox asks may change the papers: they are not made before it is answered.
#[test]
fn nothing_is_prepared_while_a_file_asks() {
    let office = clocked();
    let name = "members_2026-01-04.csv";
    let whole = newest_export();
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    office.save(&format!("kaiin-data/inbox/{name}"), lines[..lines.len() / 2].concat());
    assert_eq!(ring(&office, "01-05T06:00", 1), [["2025-12", "waiting", "JOB-050"]]);
    assert_eq!(ring(&office, "01-11T06:00", 1), [["2025-12", "waiting", "JOB-052"]]);
    assert_eq!(n_distributions(&office), 0);
    std::fs::remove_dir_all(office.data().join("inbox/確認待ち")).expect("the file asks");
    assert_eq!(ring(&office, "01-11T06:10", 1), [WAITS]);
}

/// The newest export of the sample.
fn newest_export() -> Vec<u8> {
    let is_of_year_end = |path: &&PathBuf| path.to_string_lossy().contains("members_2025-12-31");
    let sample = Sample::saitama();
    let path = sample.files.iter().find(is_of_year_end).expect("the sample has it");
    std::fs::read(path).expect("the sample can be read")
}

#[test]
fn withdrawn_by_a_person_stays_withdrawn_and_voided_by_a_change_is_made_anew() {
    let office = clocked();
    ring(&office, "01-05T06:00", 1);
    save_recipients(&office, &TO.map(|(code, _)| format!("{code},別の宛名,,,")));
    let run = office.run("publish approve 1 --by 承認者");
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert_eq!(ring(&office, "01-05T06:10", 1), [WAITS]);
    assert_eq!((n_distributions(&office), stage(&office, 1).as_str()), (2, "voided"));
    office.json("publish withdraw 2 --reason 見直し");
    assert_eq!(ring(&office, "01-05T06:20", 0), [["2025-12", "skipped", "JOB-057"]]);
    assert!(ring(&office, "01-05T06:30", 0).is_empty());
    assert_eq!(n_distributions(&office), 2);
}

/// A month that was made once more while its distribution waits: nobody approves what is not true any more.
#[test]
fn distribution_follows_a_month_that_is_made_once_more() {
    let office = clocked();
    ring(&office, "01-05T06:00", 1);
    office.save("kaiin-data/inbox/members_2026-01-06.csv", newest_export());
    assert_eq!(ring(&office, "01-07T06:00", 1), [WAITS]);
    assert_eq!(n_distributions(&office), 1, "an export alone changes nothing");
    office.json("jobs rerun 2025-12 --reason 訂正");
    assert_eq!(ring(&office, "01-07T06:10", 1), [WAITS]);
    let all = office.json("publish list");
    let numbers: Vec<(&Value, &Value)> =
        all.as_array().expect("rows").iter().map(|row| (&row["number"], &row["stage"])).collect();
    assert_eq!(numbers, [(&json!(2), &json!("prepared")), (&json!(1), &json!("voided"))]);
}

/// A shared folder that cannot be written: the failure is told, tried again after a growing pause, and nothing leaves twice.
#[test]
fn delivery_that_fails_is_tried_again() {
    let office = clocked();
    ring(&office, "01-05T06:00", 1);
    office.json("publish approve 1 --by 承認者");
    let blocked = office.data().join("distribution/delivered");
    std::fs::write(&blocked, "").expect("it can be written");
    let failed = ring(&office, "01-05T06:10", 4);
    assert_eq!((failed[0][0].as_str(), failed[0][1].as_str()), ("2025-12", "failed"));
    std::fs::remove_file(&blocked).expect("it is there");
    assert!(ring(&office, "01-05T06:15", 0).is_empty(), "the pause is not over");
    let done = ring(&office, "01-05T07:00", 0);
    assert_eq!(done, [["2025-12", "done", "JOB-054"]]);
    assert_eq!(std::fs::read_dir(delivered(&office, 1)).expect("a folder").count(), TO.len());
}
