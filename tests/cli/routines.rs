//! Backups and comparisons by the clock: once for a period, the newest alone after a pause, and nothing fails in silence.

use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::{Value, json};

use super::jobs::export;
use super::program::{Office, Run};
use super::samples::Sample;
use super::surroundings::{bound, set_mode};

const SETTINGS: &str = "[jobs]\nsettle_seconds = 0\nfirst_month = \"2026-06\"\nverify_at = \"0 0 3 * * *\"\n";

const BACKUPS: &str = "backup_at = \"0 30 1 * * *\"\nbackup_to = \"../elsewhere\"\nbackups_kept = 2\n";

/// An office with one export, and a folder on what stands for another disk.
fn office(settings: &str) -> Office {
    let office = Office::new();
    std::fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    std::fs::create_dir_all(office.folder().join("elsewhere")).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", settings);
    office.import(&Sample::cases().files[0].display().to_string());
    office.save("kaiin-data/inbox/members_2025-12-31.csv", export(12));
    office
}

/// Rings at a time of Tokyo on a day of January 2026; the outcomes of the other jobs, each with its period, state and code.
#[track_caller]
fn ring(office: &Office, day: u32, time: &str, exit: i32) -> Vec<[String; 4]> {
    let run = office.run(&format!("--json jobs tick --now 2026-01-{day:02}T{time}:00+09:00"));
    assert_eq!(run.exit, Some(exit), "{}{}", run.stdout, run.stderr);
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let others = told["others"].as_array().expect("others");
    let word = |one: &Value, key: &str| one[key].as_str().expect("a text").to_owned();
    others.iter().map(|one| ["job", "period", "state", "code"].map(|key| word(one, key))).collect()
}

/// State and attempts of each period of a job.
fn rows(office: &Office, job: &str) -> Vec<(String, String, i64)> {
    let all = office.json("jobs list");
    let rows = all.as_array().expect("rows").iter().filter(|row| row["job"] == job);
    let word = |value: &Value| value.as_str().expect("a text").to_owned();
    rows.map(|row| (word(&row["period"]), word(&row["state"]), row["attempts"].as_i64().expect("a number"))).collect()
}

fn backups(office: &Office) -> Vec<PathBuf> {
    folders(&office.folder().join("elsewhere/定時"))
}

fn folders(at: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(at) else { return Vec::new() };
    let mut out: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    out.sort();
    out
}

#[test]
fn each_runs_once_in_its_period() {
    let office = office(&format!("{SETTINGS}{BACKUPS}"));
    let both = [["verify", "2026-01-10", "done", "JOB-043"], ["backup", "2026-01-10", "done", "JOB-042"]];
    assert_eq!(ring(&office, 10, "09:00", 0), both);
    assert!(ring(&office, 10, "09:10", 0).is_empty(), "it is done");
    assert!(ring(&office, 11, "01:29", 0).is_empty(), "its time has not come");
    assert_eq!(ring(&office, 11, "01:30", 0), [["backup", "2026-01-11", "done", "JOB-042"]]);
    assert_eq!(ring(&office, 11, "03:00", 0), [["verify", "2026-01-11", "done", "JOB-043"]]);
    // The clock was set back: nothing is done twice, nothing is made for the past.
    assert!(ring(&office, 9, "04:00", 0).is_empty());
    let told = office.json("jobs tick --now 2026-01-09T04:10:00+09:00");
    assert_eq!(told["ahead"], json!([]), "no command makes a backup once more");
    assert_eq!(backups(&office).len(), 2);
    let newest = backups(&office)[1].display().to_string();
    let rehearsed = office.json(&format!("restore --rehearse {newest}"));
    assert_eq!(rehearsed["well"], json!(true), "{rehearsed}");
}

/// After a pause the newest is done; the others are recorded as passed over, each with the reason.
#[test]
fn what_was_missed_is_recorded() {
    let office = office(SETTINGS);
    ring(&office, 10, "09:00", 0);
    let expected = [
        ["verify", "2026-01-11", "skipped", "JOB-041"],
        ["verify", "2026-01-12", "skipped", "JOB-041"],
        ["verify", "2026-01-13", "done", "JOB-043"],
    ];
    assert_eq!(ring(&office, 13, "03:00", 0), expected);
    let states: Vec<String> = rows(&office, "verify").into_iter().map(|(_, state, _)| state).collect();
    assert_eq!(states, ["done", "skipped", "skipped", "done"]);
}

#[test]
fn as_many_backups_are_kept_as_the_settings_say() {
    let office = office(&format!("{SETTINGS}{BACKUPS}"));
    office.json("backup elsewhere");
    std::fs::create_dir_all(office.folder().join("elsewhere/定時/kaiin-backup_0000 控え"))
        .expect("a folder can be made");
    for day in 10..=13 {
        ring(&office, day, "09:00", 0);
    }
    let names: Vec<String> =
        backups(&office).iter().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[0], "kaiin-backup_0000 控え", "what is no backup stays");
    assert!(names[1].contains("2026-01-12") && names[2].contains("2026-01-13"), "{names:?}");
    let by_hand = folders(&office.folder().join("elsewhere"));
    assert_eq!(by_hand.len(), 2, "what a person has made stays: {by_hand:?}");
}

/// The clock was ahead by a year for one ring: what it has passed over then is done when its time comes.
#[test]
fn clock_that_was_ahead_costs_no_period() {
    let office = office(SETTINGS);
    ring(&office, 10, "09:00", 0);
    let ahead = office.run("--json jobs tick --now 2027-01-10T09:00:00+09:00");
    assert_eq!(ahead.exit, Some(1), "months wait for exports: {}", ahead.stderr);
    for day in [11, 12] {
        let expected = [["verify".to_owned(), format!("2026-01-{day}"), "done".into(), "JOB-043".into()]];
        assert_eq!(ring(&office, day, "03:00", 0), expected);
        assert!(ring(&office, day, "03:10", 0).is_empty(), "it is done");
    }
}

/// The other disk is away: nothing is made in its place, no backup goes, and it is tried again after a growing pause.
#[test]
fn backup_without_its_disk_fails_and_is_tried_again() {
    let office = office(&format!("{SETTINGS}{BACKUPS}"));
    let (here, away) = (office.folder().join("elsewhere"), office.folder().join("away"));
    std::fs::rename(&here, &away).expect("it is there");
    let failed = [["verify", "2026-01-10", "done", "JOB-043"], ["backup", "2026-01-10", "failed", "BAK-001"]];
    assert_eq!(ring(&office, 10, "09:00", 2), failed);
    assert!(!here.exists());
    assert!(ring(&office, 10, "09:09", 0).is_empty(), "ten minutes have not passed");
    assert_eq!(ring(&office, 10, "09:10", 2), [["backup", "2026-01-10", "failed", "BAK-001"]]);
    std::fs::rename(&away, &here).expect("it is there");
    assert!(ring(&office, 10, "09:29", 0).is_empty(), "twenty minutes have not passed");
    assert_eq!(ring(&office, 10, "09:30", 0), [["backup", "2026-01-10", "done", "JOB-042"]]);
    assert_eq!(rows(&office, "backup"), [("2026-01-10".to_owned(), "done".to_owned(), 3)]);
}

/// Older backups that cannot be removed are told, each time, and stop nothing: the backup is there and is not made once more.
#[rstest]
#[case::something_in_it_cannot_be_removed(false)]
#[case::its_name_cannot_be_changed(true)]
fn older_backup_that_cannot_be_removed_is_a_notice(#[case] is_name_taken: bool) {
    let settings = SETTINGS.replace("verify_at = \"0 0 3 * * *\"\n", "");
    let office = office(&format!("{settings}{}", BACKUPS.replace("backups_kept = 2", "backups_kept = 1")));
    ring(&office, 10, "09:00", 0);
    let older = backups(&office).remove(0);
    let name = older.file_name().expect("a name").to_string_lossy().into_owned();
    let aside = older.with_file_name(format!(".kaiin-{name}"));
    // What another process holds is no left-over.
    let held = is_name_taken.then(|| std::fs::File::create(&aside).expect("the folder can be written"));
    held.iter().for_each(|file| file.lock().expect("nobody else holds it"));
    set_mode(&older.join("data"), if is_name_taken { 0o700 } else { 0o500 });
    for day in [11, 12] {
        let run = bound(&office, &format!("--json jobs tick --now 2026-01-{day}T09:00:00+09:00"));
        assert_eq!(run.exit, Some(0), "{}{}", run.stdout, run.stderr);
        let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let one = &told["others"][0];
        assert_eq!((&one["state"], &one["code"]), (&json!("done"), &json!("JOB-100")), "{told}");
        assert!(one["message"].as_str().is_some_and(|text| text.contains(&name)), "{told}");
        assert!(told["todo"][0].as_str().is_some_and(|text| text.contains("控え 2026-01-")), "{told}");
        let again = bound(&office, &format!("--json jobs tick --now 2026-01-{day}T10:00:00+09:00"));
        assert!(again.stdout.contains("\"others\":[]"), "it is done: {}", again.stdout);
    }
    assert_eq!(rows(&office, "backup").iter().filter(|row| (row.1.as_str(), row.2) == ("done", 1)).count(), 3);
    // That of the 11th went; of the first something is left until somebody mends it.
    let newest = backups(&office).into_iter().filter(|path| !path.to_string_lossy().contains(&name));
    assert_eq!(newest.count(), 1, "{:?}", backups(&office));
    let list = office.run("jobs list --last 1");
    assert!(list.stdout.contains("JOB-100") && list.stdout.contains(&name), "{}", list.stdout);
    let told = "古い控えを消せていません";
    let doctor = Run::of(office.program().env("KAIIN_NOW", "2026-01-12T01:00:00Z").args(["--json", "doctor"]));
    assert!(doctor.stdout.contains(told) && doctor.stdout.contains("backup 2026-01-12"), "{}", doctor.stdout);

    set_mode(&if is_name_taken { older } else { aside }.join("data"), 0o700);
    drop(held);
    assert_eq!(ring(&office, 13, "09:00", 0), [["backup", "2026-01-13", "done", "JOB-042"]]);
    let names = backups(&office);
    assert!(names.len() == 1 && names[0].to_string_lossy().contains("2026-01-13"), "{names:?}");
    let doctor = Run::of(office.program().env("KAIIN_NOW", "2026-01-13T01:00:00Z").args(["--json", "doctor"]));
    assert!(!doctor.stdout.contains(told), "what was mended is told no more: {}", doctor.stdout);
}

#[test]
fn failed_period_is_passed_over_when_the_next_comes_or_the_schedule_goes() {
    let office = office(&format!("{SETTINGS}{BACKUPS}"));
    std::fs::remove_dir(office.folder().join("elsewhere")).expect("it is there");
    ring(&office, 10, "09:00", 2);
    let next = ring(&office, 11, "01:30", 2);
    assert_eq!(next, [["backup", "2026-01-10", "skipped", "JOB-041"], ["backup", "2026-01-11", "failed", "BAK-001"]]);
    office.save("kaiin-data/kaiin.toml", SETTINGS);
    let last = ring(&office, 11, "01:40", 0);
    assert_eq!(last, [["backup", "2026-01-11", "skipped", "JOB-044"]]);
}

#[test]
fn comparison_that_finds_something_fails_and_names_it() {
    let office = office(&format!("{SETTINGS}reports = [\"member-counts\"]\n"));
    let settings = format!("{SETTINGS}reports = [\"member-counts\"]\n").replace("2026-06", "2025-12");
    office.save("kaiin-data/kaiin.toml", settings);
    ring(&office, 10, "09:00", 0);
    let paper = office.data().join("papers/2025-12/member-counts_2025-12-31");
    let table = folders(&paper).into_iter().find(|path| path.extension() == Some("csv".as_ref())).expect("a table");
    let bytes = std::fs::read(&table).expect("it can be read");
    std::fs::write(&table, [bytes.as_slice(), b"x"].concat()).expect("it can be written");
    assert_eq!(ring(&office, 11, "03:00", 1), [["verify", "2026-01-11", "failed", "JOB-045"]]);
    let run = office.run("jobs list --last 1");
    assert!(run.stdout.contains("照合") && run.stdout.contains("JOB-045"), "{}", run.stdout);
    assert!(run.stdout.contains("member-counts_2025-12-31"), "{}", run.stdout);
}

/// What was kept long enough goes by itself, once, and is on record.
#[test]
fn what_was_kept_long_enough_goes_by_the_clock() {
    let purging = format!("{SETTINGS}purge_at = \"0 0 4 * * *\"\n[retention]\nraw_files_days = 10\n");
    let office = office(&purging.replace("verify_at = \"0 0 3 * * *\"\n", ""));
    assert_eq!(ring(&office, 10, "09:00", 0), [["purge", "2026-01-10", "done", "JOB-047"]]);
    let taken = office.data().join("inbox/taken");
    assert_eq!(folders(&taken).len(), 1, "it was taken in today");
    let far = office.run("--json jobs tick --now 2026-02-10T04:00:00+09:00");
    assert_eq!(far.exit, Some(0), "{}{}", far.stdout, far.stderr);
    assert!(far.stdout.contains("JOB-046"), "{}", far.stdout);
    assert!(folders(&taken).is_empty());
    let list = office.json("purge --list");
    assert_eq!(list[0]["reason"], "保存日数（定時）");
    assert_eq!(list.as_array().expect("purges").len(), 1);
}

/// A clock that is ahead by years must not take from the office what it was to keep.
#[rstest]
#[case::last_day("2026-04-10", 0, "JOB-046")]
#[case::a_day_more("2026-04-11", 4, "JOB-048")]
#[case::years_ahead("2031-01-10", 4, "JOB-048")]
fn nothing_goes_by_a_clock_that_may_be_ahead(#[case] today: &str, #[case] exit: i32, #[case] code: &str) {
    let purging = SETTINGS.replace("verify_at = \"0 0 3 * * *\"", "purge_at = \"0 0 4 * * *\"");
    let office = office(&format!("{purging}[retention]\nraw_files_days = 10\n"));
    ring(&office, 10, "09:00", 0);
    let run = office.run(&format!("--json jobs tick --now {today}T04:00:00+09:00"));
    assert_eq!(run.exit, Some(exit), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains(code), "{}", run.stdout);
    let is_gone = folders(&office.data().join("inbox/taken")).is_empty();
    assert_eq!(is_gone, code == "JOB-046");
}

#[test]
fn schedules_are_listed_with_the_months() {
    let office = office(&format!("{SETTINGS}{BACKUPS}"));
    let next = office.json("jobs next");
    let jobs: Vec<&Value> = next.as_array().expect("rows").iter().map(|row| &row["job"]).collect();
    assert_eq!(jobs.len(), 14);
    assert!(jobs.contains(&&json!("backup")) && jobs.contains(&&json!("verify")));
}

#[rstest]
#[case::twice_a_day("verify_at = \"0 0 3,15 * * *\"", "JOB-040")]
#[case::no_line("backup_at = \"毎日\"\nbackup_to = \"x\"", "JOB-003")]
#[case::nowhere_to("backup_at = \"0 30 1 * * *\"", "DEF-031")]
#[case::nothing_to_purge("purge_at = \"0 0 4 1 * *\"", "DEF-031")]
#[case::none_kept("backups_kept = 0", "DEF-025")]
#[case::no_business_day("monthly_at = \"0 0 6 0B * *\"", "JOB-070")]
#[case::too_many("verify_at = \"0 0 6 25B * *\"", "JOB-070")]
#[case::weekday_beside("watch_at = \"0 0 6 3B * MON\"", "JOB-070")]
#[case::leaves_its_month("monthly_at = \"0 0 6 1-B * *\"", "JOB-005")]
#[case::bell("bell = \"0 0 6 3B * *\"", "JOB-003")]
#[case::no_line_of_the_watch("watch_at = \"第3営業日\"", "JOB-003")]
#[case::no_closed_day("closed_days = [\"12月29日\"]", "CFG-005")]
#[case::no_such_day("closed_days = [\"02-30\"]", "CFG-005")]
#[case::no_open_day("open_days = [\"12-29\"]", "DEF-012")]
#[case::survey_every_month("survey_at = \"0 0 6 1 * *\"", "JOB-074")]
#[case::watch_twice_a_day("watch_at = \"0 0 8,18 * * *\"", "JOB-040")]
fn schedule_that_cannot_be_is_refused(#[case] line: &str, #[case] code: &str) {
    let office = Office::new();
    std::fs::create_dir_all(office.data()).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", format!("[jobs]\n{line}\n"));
    let run = office.run("--json jobs tick");
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains(code), "{}", run.stderr);
}
