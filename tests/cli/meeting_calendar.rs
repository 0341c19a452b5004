//! Meetings by the clock: the folder of each meeting of the calendar in its time, one draft of its pack, and a reason where there is
//! none.

use std::path::PathBuf;

use rstest::rstest;

use super::calendar::{ring, rows};
use super::prepared::prepared;
use super::program::{Office, Run};
use super::samples::Sample;

const SETTINGS: &str =
    "[jobs]\nsettle_seconds = 0\nfirst_month = \"2026-11\"\nmeetings = \"../meetings/会議の予定.csv\"\n";

const MEETING: &str = "2026-01-22_郡市医師会長会議";

/// An office with the exports of the sample and a calendar.
fn office(rows: &str) -> Office {
    let office = Office::copy_of(&prepared(&Sample::saitama()).folder);
    office.save("kaiin-data/kaiin.toml", SETTINGS);
    std::fs::create_dir_all(office.folder().join("meetings")).expect("a folder can be made");
    calendar(&office, rows);
    office
}

fn calendar(office: &Office, rows: &str) {
    office.save("meetings/会議の予定.csv", format!("会議名,開催日,場所\n{rows}"));
}

fn told<const N: usize>(office: &Office, at: &str, exit: i32) -> [[String; 4]; N] {
    let told = ring(office, at, exit);
    let shown = format!("{told:?}");
    told.try_into().unwrap_or_else(|_| panic!("at {at}: {shown}"))
}

/// Packs of a meeting, each with whether it is a draft.
fn packs(office: &Office, meeting: &str) -> Vec<(String, bool)> {
    let folder = office.folder().join("meetings").join(meeting).join("会議資料");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let pack = |path: PathBuf| {
        let manifest = std::fs::read_to_string(path.join("manifest.json")).expect("it has a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        assert_eq!(manifest["as_of"], "2025-12-31");
        (path.file_name().expect("a name").to_string_lossy().into_owned(), manifest["draft"] == true)
    };
    paths.into_iter().map(pack).collect()
}

/// As people write a day, with the time of the meeting behind it or not.
#[rstest]
#[case::with_a_time("2026-01-22 14:00", true)]
#[case::with_seconds("2026-01-22 14:00:00", true)]
#[case::wide("令和８年１月２２日（木）", true)]
#[case::with_another_weekday("令和8年1月22日（金）", false)]
#[case::with_words("2026-01-22 午後", false)]
fn day_is_read_as_people_write_it(#[case] day: &str, #[case] is_read: bool) {
    let office = office(&format!("郡市医師会長会議,{day},\n"));
    let told = ring(&office, "2025-12-23T06:00", if is_read { 0 } else { 3 });
    assert_eq!(told.is_empty(), is_read, "{told:?}");
    assert_eq!(office.folder().join("meetings").join(MEETING).is_dir(), is_read);
    if !is_read {
        let run = office.run("jobs tick --now 2025-12-23T06:00:00+09:00");
        assert!(run.stderr.contains(day), "{}", run.stderr);
    }
}

/// To the second: 30 days before at six the folder, seven days before at six the draft.
#[test]
fn folder_and_draft_come_in_their_time() {
    let office = office("郡市医師会長会議,R8.1.22,県民健康センター\n");
    let folder = office.folder().join("meetings").join(MEETING);
    assert!(told::<0>(&office, "2025-12-23T05:59", 0).is_empty());
    assert!(!folder.exists());
    assert!(told::<0>(&office, "2025-12-23T06:00", 0).is_empty(), "a folder is no news");
    assert!(folder.join("会議.xlsx").is_file());
    assert_eq!(rows(&office, "meeting"), [(MEETING.into(), "due".into())]);
    assert!(told::<0>(&office, "2026-01-15T05:59", 0).is_empty());
    assert!(packs(&office, MEETING).is_empty());
    assert_eq!(told(&office, "2026-01-15T06:00", 0), [["meeting", MEETING, "done", "JOB-081"].map(str::to_owned)]);
    let made = packs(&office, MEETING);
    assert!(made.len() == 1 && made[0].1, "one draft: {made:?}");
    assert!(told::<0>(&office, "2026-01-15T06:10", 0).is_empty(), "once");
    assert!(told::<0>(&office, "2026-02-15T06:10", 0).is_empty(), "and never again");
    let listed = office.run("jobs list --last 1").stdout;
    assert!(listed.contains("会議の下書き") && listed.contains(MEETING), "{listed}");
    assert_eq!(office.run("verify").exit, Some(0));
}

/// Days of late exports do not matter for what a late draft says.
#[test]
fn late_draft_says_what_a_punctual_one_says() {
    let office = office("郡市医師会長会議,2026-01-22,\n");
    let late = office.copy();
    told::<1>(&office, "2026-01-15T06:00", 0);
    told::<1>(&late, "2026-01-22T23:50", 0);
    let content = |office: &Office| {
        let name = &packs(office, MEETING)[0].0;
        let folder = office.folder().join("meetings").join(MEETING).join("会議資料").join(name);
        std::fs::read(folder.join("content.json")).expect("it has its content")
    };
    assert!(content(&office) == content(&late));
}

#[test]
fn meeting_that_is_over_is_passed_over_with_its_reason() {
    let office = office("郡市医師会長会議,2026-01-22,\n理事会,2026-03-05,\n");
    assert!(told::<0>(&office, "2025-12-23T06:00", 0).is_empty());
    let expected = [
        ["meeting", MEETING, "skipped", "JOB-083"].map(str::to_owned),
        ["meeting", "2026-03-05_理事会", "skipped", "JOB-083"].map(str::to_owned),
    ];
    assert_eq!(told(&office, "2026-03-06T00:00", 0), expected, "the day itself would have been in time");
    assert!(packs(&office, MEETING).is_empty());
}

/// What was over before the clock began to follow the calendar was never asked of it.
#[test]
fn calendar_of_the_past_is_no_news() {
    let office = office("郡市医師会長会議,2025-07-24,\n理事会,2025-12-10,\n");
    assert!(told::<0>(&office, "2026-01-10T06:00", 0).is_empty());
    assert!(rows(&office, "meeting").is_empty());
    assert_eq!(rows(&office, "meeting-calendar"), [("calendar".into(), "due".into())]);
}

/// A sheet with a fault, then without items, then in order; each time it is told what waits.
#[test]
fn draft_waits_until_its_folder_is_mended() {
    let office = office("臨時総会,2026-01-22,\n");
    let meeting = "2026-01-22_臨時総会";
    assert_eq!(told(&office, "2026-01-15T06:00", 1), [["meeting", meeting, "waiting", "JOB-087"].map(str::to_owned)]);
    let folder = format!("meetings/{meeting}");
    std::fs::remove_file(office.folder().join(&folder).join("会議.xlsx")).expect("it was made");
    let agenda = |item: &str| format!("会議名,臨時総会\n開催日,2026-01-22\n\n区分,件名,資料\n報告事項,会員数,{item}\n");
    office.save(&format!("{folder}/次第.csv"), agenda("ない帳票"));
    assert_eq!(told(&office, "2026-01-16T06:00", 1), [["meeting", meeting, "waiting", "JOB-086"].map(str::to_owned)]);
    office.save(&format!("{folder}/次第.csv"), agenda("会員数報告"));
    assert_eq!(told(&office, "2026-01-16T06:10", 0), [["meeting", meeting, "done", "JOB-081"].map(str::to_owned)]);
    assert_eq!(packs(&office, meeting).len(), 1);
}

/// Whoever was faster needs no draft, and nothing of theirs is touched.
#[test]
fn pack_of_a_person_is_left_alone() {
    let office = office("郡市医師会長会議,2026-01-22,\n");
    told::<0>(&office, "2025-12-23T06:00", 0);
    office.json(&format!("meeting build meetings/{MEETING} --as-of 2025-12-31"));
    let before = packs(&office, MEETING);
    assert_eq!(told(&office, "2026-01-15T06:00", 0), [["meeting", MEETING, "done", "JOB-082"].map(str::to_owned)]);
    assert_eq!(packs(&office, MEETING), before);
}

#[test]
fn next_draft_is_told_with_its_meeting() {
    let office = office("理事会,2026-03-05,\n郡市医師会長会議,2026-01-22,\n");
    let told = |at: &str| {
        let run = Run::of(office.program().env("KAIIN_NOW", at).args(["--json", "jobs", "next"]));
        let rows: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        let mut rows = rows.as_array().expect("rows").iter();
        rows.find(|row| row["job"] == "meeting")
            .map(|row| [&row["period"], &row["scheduled_at"]].map(ToString::to_string))
    };
    let of = |meeting: &str, at: &str| Some([meeting, at].map(|text| format!("\"{text}\"")));
    assert_eq!(told("2025-12-23T06:00:00+09:00"), of(MEETING, "2026-01-14T21:00:00Z"));
    assert_eq!(told("2026-01-15T06:00:00+09:00"), of("2026-03-05_理事会", "2026-02-25T21:00:00Z"));
    assert_eq!(told("2026-02-26T06:00:00+09:00"), None);
    let run = Run::of(office.program().env("KAIIN_NOW", "2025-12-23T06:00:00+09:00").args(["jobs", "next"]));
    assert!(run.stdout.lines().any(|line| line.contains("2026-01-15") && line.ends_with(MEETING)), "{}", run.stdout);
}

/// A wrong row costs that row; the others have their folders, and nothing is taken for removed meanwhile.
#[rstest]
#[case::no_day("理事会,来月,\n", "MTG-071", "B4 来月")]
#[case::no_name(",2026-02-10,\n", "MTG-072", "A4")]
#[case::twice("郡市医師会長会議,R8.1.22,\n", "MTG-073", "A4 2 行目")]
#[case::too_many_cells("理事会,2026-02-10,会館,余り\n", "MTG-075", "D4 4 / 3")]
#[case::cut_off("理事会,2026-0", "MTG-075", "C4 2 / 3")]
#[case::twice_by_its_kind("郡市医師会長会議資料,R8.1.22,\n", "MTG-073", "A4 2 行目")]
fn wrong_row_costs_that_row(#[case] wrong: &str, #[case] code: &str, #[case] cell: &str) {
    let office = office(&format!("郡市医師会長会議,2026-01-22,\n理事会,2026-01-15,\n{wrong}"));
    assert_eq!(
        told(&office, "2025-12-23T06:00", 3),
        [["meeting-calendar", "calendar", "failed", code].map(str::to_owned)]
    );
    let run = office.run("jobs tick --now 2025-12-23T06:00:00+09:00");
    assert!(run.stderr.contains("会議の予定.csv") && run.stderr.contains(cell), "{}", run.stderr);
    assert!(office.folder().join("meetings").join(MEETING).is_dir());
    // A row that is gone may be the one that cannot be read.
    calendar(&office, &format!("郡市医師会長会議,2026-01-22,\n{wrong}"));
    told::<1>(&office, "2025-12-23T06:10", 3);
    calendar(&office, "郡市医師会長会議,2026-01-22,\n");
    let gone = ["meeting", "2026-01-15_理事会", "skipped", "JOB-084"].map(str::to_owned);
    assert_eq!(told(&office, "2025-12-23T06:20", 0), [gone]);
    // It comes back, and has its turn.
    calendar(&office, "郡市医師会長会議,2026-01-22,\n理事会,2026-01-15,\n");
    assert!(told::<0>(&office, "2025-12-23T06:30", 0).is_empty());
    let states: Vec<String> = rows(&office, "meeting").into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, ["due", "due"]);
}

/// All of them at once, and the one of two meetings that no system would keep in a folder of its own.
#[test]
fn every_wrong_row_is_told() {
    let office = office(
        "郡市医師会長会議,来月,\nA/B会議,2026-01-20,\na:b会議,2026-01-20,\n理事会,2026-01-20,,余\n理事会,未定,\n",
    );
    let failed = |code: &str| ["meeting-calendar", "calendar", "failed", code].map(str::to_owned);
    let mut expected = ["MTG-071", "MTG-073", "MTG-075", "MTG-071"].map(failed);
    assert_eq!(told(&office, "2025-12-23T06:00", 3), expected);
    let run = office.run("jobs tick --now 2025-12-23T06:00:00+09:00");
    assert!(
        ["B2 来月", "A4 3 行目", "D5 4 / 3", "B6 未定"].iter().all(|cell| run.stderr.contains(cell)),
        "{}",
        run.stderr
    );
    assert!(office.folder().join("meetings/2026-01-20_A_B会議/会議.xlsx").is_file());
    calendar(&office, "A/B会議,2026-01-20,\n理事会,未定,\n");
    expected[0] = failed("MTG-071");
    assert_eq!(told(&office, "2025-12-23T06:10", 3), [expected[0].clone()]);
}

/// Whoever makes the folder first may put other files into it; the workbook is put beside them.
#[rstest]
#[case::empty(&[])]
#[case::with_a_paper(&["案内.pdf"])]
fn folder_of_a_person_gets_its_workbook(#[case] files: &[&str]) {
    let office = office("郡市医師会長会議,2026-01-22,\n");
    let folder = office.folder().join("meetings").join(MEETING);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    files.iter().for_each(|name| std::fs::write(folder.join(name), "x").expect("it can be written"));
    assert!(told::<0>(&office, "2025-12-23T06:00", 0).is_empty());
    assert!(folder.join("会議.xlsx").is_file() && files.iter().all(|name| folder.join(name).is_file()));
}

/// The folder of the former day is the work of a person: it is neither left behind nor taken with a wrong day on its cover.
#[test]
fn meeting_that_is_put_off_waits_until_its_folder_says_so() {
    let office = office("郡市医師会長会議,2026-01-22,\n");
    let moved = "2026-01-23_郡市医師会長会議";
    assert!(told::<0>(&office, "2025-12-23T06:00", 0).is_empty());
    calendar(&office, "郡市医師会長会議,2026-01-23,\n");
    let expected = [
        ["meeting", moved, "waiting", "JOB-089"].map(str::to_owned),
        ["meeting", MEETING, "skipped", "JOB-084"].map(str::to_owned),
    ];
    assert_eq!(told(&office, "2026-01-10T06:00", 1), expected);
    let meetings = office.folder().join("meetings");
    assert!(!meetings.join(moved).exists());
    std::fs::rename(meetings.join(MEETING), meetings.join(moved)).expect("it can be renamed");
    let waiting = ["meeting", moved, "waiting", "JOB-088"].map(str::to_owned);
    assert_eq!(told(&office, "2026-01-16T06:00", 1), [waiting]);
    assert!(packs(&office, moved).is_empty());
    // A new one, as a person would make it of another meeting.
    std::fs::rename(meetings.join(moved), office.folder().join("別の所")).expect("it can be renamed");
    assert_eq!(told(&office, "2026-01-16T06:10", 0), [["meeting", moved, "done", "JOB-081"].map(str::to_owned)]);
    assert_eq!(packs(&office, moved).len(), 1);
}

/// Wherever the calendar lies, its meetings are among what there is to do, and in a backup.
#[test]
fn meetings_beside_a_calendar_elsewhere_are_seen() {
    let office = office("");
    let at = office.folder().join("share/予定");
    std::fs::create_dir_all(&at).expect("a folder can be made");
    std::fs::write(at.join("会議の予定.csv"), "開催日,会議名\n2026-01-22,郡市医師会長会議\n")
        .expect("it can be written");
    office.save("kaiin-data/kaiin.toml", SETTINGS.replace("../meetings/", "../share/予定/"));
    assert!(told::<0>(&office, "2026-01-05T06:00", 0).is_empty());
    assert!(at.join(MEETING).is_dir());
    let seen = Run::of(office.program().env("KAIIN_NOW", "2026-01-05T00:00:00Z"));
    assert!(seen.stdout.contains("郡市医師会長会議"), "{}", seen.stdout);
    let backup = office.json("backup .")["folder"].as_str().expect("a folder").to_owned();
    let kept = office.folder().join(backup).join("beside/予定").join(MEETING).join("会議.xlsx");
    assert!(kept.is_file(), "{}", kept.display());
}

/// What a wrong clock has made or passed over has its turn when its time comes.
#[test]
fn clock_that_was_ahead_costs_no_draft() {
    let office = office("郡市医師会長会議,2026-01-22,\n理事会,2026-03-05,\n");
    let done = |period: &str| [["meeting", period, "done", "JOB-081"].map(str::to_owned)];
    assert_eq!(told(&office, "2026-03-01T06:00", 0), done("2026-03-05_理事会"));
    told::<0>(&office, "2025-12-23T06:00", 0);
    assert_eq!(told(&office, "2026-01-15T06:00", 0), done(MEETING));
    assert_eq!(told(&office, "2026-02-26T06:00", 0), done("2026-03-05_理事会"));
}

#[rstest]
#[case::not_there(None, "MTG-074")]
#[case::no_heading(Some("日時,名前\n"), "MTG-070")]
fn calendar_that_cannot_be_read_is_told(#[case] text: Option<&str>, #[case] code: &str) {
    let office = office("");
    let path = office.folder().join("meetings/会議の予定.csv");
    match text {
        Some(text) => std::fs::write(&path, text).expect("it can be written"),
        None => std::fs::remove_file(&path).expect("it was there"),
    }
    let expected = ["meeting-calendar", "calendar", "failed", code].map(str::to_owned);
    assert_eq!(told(&office, "2025-12-23T06:00", 3), [expected]);
}

/// A meeting that is put off is another period; what was made of the first stays.
#[test]
fn settings_move_and_end_the_drafts() {
    let office = office("郡市医師会長会議,2026-01-22,\n");
    told::<0>(&office, "2026-01-01T06:00", 0);
    office.save("kaiin-data/kaiin.toml", format!("{SETTINGS}meeting_draft_days = 3\n"));
    assert!(told::<0>(&office, "2026-01-15T06:00", 0).is_empty());
    office.save("kaiin-data/kaiin.toml", "[jobs]\nsettle_seconds = 0\nfirst_month = \"2026-11\"\n");
    let expected = [
        ["meeting", MEETING, "skipped", "JOB-044"].map(str::to_owned),
        ["meeting-calendar", "calendar", "skipped", "JOB-044"].map(str::to_owned),
    ];
    assert_eq!(told(&office, "2026-01-16T06:00", 0), expected);
    office.save("kaiin-data/kaiin.toml", format!("{SETTINGS}meeting_draft_days = 3\n"));
    assert_eq!(told(&office, "2026-01-19T06:00", 0), [["meeting", MEETING, "done", "JOB-081"].map(str::to_owned)]);
    let refused = office.copy();
    refused.save("kaiin-data/kaiin.toml", format!("{SETTINGS}meeting_draft_days = 400\n"));
    assert!(refused.run("jobs tick").stderr.contains("DEF-026"));
}
