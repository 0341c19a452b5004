//! The calendar of the clock: business days, holidays, the weekly look at withdrawals, and the survey of 1 December.

use std::path::PathBuf;

use rstest::rstest;
use serde_json::Value;

use super::jobs::{export, files};
use super::program::Office;
use super::samples::Sample;

const FIRST: &str = "[jobs]\nsettle_seconds = 0\nfirst_month = \"2026-11\"\n";

/// On Fridays at eight.
const WATCH: &str = "watch_at = \"0 0 8 * * FRI\"\n";

const APPLICATIONS: &str = "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,変更後会員区分,退会理由,備考\n";

/// An office with an export of the last day of 2025.
fn office(settings: &str) -> Office {
    let office = Office::new();
    std::fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", settings);
    office.import(&Sample::cases().files[0].display().to_string());
    office.save("kaiin-data/inbox/members_2025-12-31.csv", export(12));
    office
}

/// Rings at a time of Tokyo; the outcomes of the other jobs, each with its job, period, state and code.
#[track_caller]
pub fn ring(office: &Office, at: &str, exit: i32) -> Vec<[String; 4]> {
    let run = office.run(&format!("--json jobs tick --now {at}:00+09:00"));
    assert_eq!(run.exit, Some(exit), "{}{}", run.stdout, run.stderr);
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let word = |one: &Value, key: &str| one[key].as_str().expect("a text").to_owned();
    let others = told["others"].as_array().expect("others").iter();
    others.map(|one| ["job", "period", "state", "code"].map(|key| word(one, key))).collect()
}

/// Period and state of each row of a job.
pub fn rows(office: &Office, job: &str) -> Vec<(String, String)> {
    let all = office.json("jobs list");
    let word = |value: &Value| value.as_str().expect("a text").to_owned();
    let rows = all.as_array().expect("rows").iter().filter(|row| row["job"] == job);
    rows.map(|row| (word(&row["period"]), word(&row["state"]))).collect()
}

/// The instants at which a job comes next, as an instant of the year asks.
fn next_of(office: &Office, job: &str, now: &str) -> Vec<String> {
    let mut command = office.program();
    command.env("KAIIN_NOW", now).args(["--json", "jobs", "next"]);
    let output = command.output().expect("the program can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    let of_job = rows.iter().filter(|row| row["job"] == job);
    of_job.map(|row| row["scheduled_at"].as_str().expect("an instant").to_owned()).collect()
}

/// Months are due on business days: behind the year end, Golden Week and the five days of September 2026.
#[test]
fn months_come_on_business_days() {
    let office = office(&format!("{FIRST}monthly_at = \"0 0 6 5+B * *\"\nverify_at = \"0 30 8 LB * *\"\n"));
    let months = next_of(&office, "monthly-papers", "2026-12-01T00:00:00Z");
    // 5 December 2026 is a Saturday; 5 January a Tuesday; 5 and 6 June 2027 are a weekend; 5 May 2027 ends Golden Week.
    let expected = ["2026-12-06T21:00:00Z", "2027-01-04T21:00:00Z", "2027-02-04T21:00:00Z", "2027-03-04T21:00:00Z"];
    assert_eq!(months[..4], expected);
    assert_eq!(months[5], "2027-05-05T21:00:00Z", "6 May");
    assert_eq!(months[6], "2027-06-06T21:00:00Z", "7 June");
    assert_eq!(next_of(&office, "verify", "2026-12-01T00:00:00Z"), ["2026-12-27T23:30:00Z"], "28 December");
    assert_eq!(next_of(&office, "verify", "2028-02-01T00:00:00Z"), ["2028-02-28T23:30:00Z"], "29 February");
    assert_eq!(next_of(&office, "verify", "2026-12-28T00:00:00Z"), ["2027-01-28T23:30:00Z"], "29 January");
}

#[test]
fn days_of_the_office_move_its_jobs() {
    let line = "verify_at = \"0 0 8 1B * *\"\n";
    let usual = office(&format!("{FIRST}{line}"));
    assert_eq!(next_of(&usual, "verify", "2026-12-31T00:00:00Z"), ["2027-01-03T23:00:00Z"]);
    let own = office(&format!("{FIRST}{line}closed_days = [\"01-04\", \"2027-01-05\"]\nopen_days = []\n"));
    assert_eq!(next_of(&own, "verify", "2027-01-03T00:00:00Z"), ["2027-01-05T23:00:00Z"]);
    let open = office(&format!("{FIRST}{line}open_days = [\"2027-01-02\"]\n"));
    assert_eq!(next_of(&open, "verify", "2026-12-31T00:00:00Z"), ["2027-01-01T23:00:00Z"]);
}

/// The ledger follows: a business day is the period, and what was missed is recorded.
#[test]
fn missed_business_days_are_recorded() {
    let office = office(&format!("{FIRST}verify_at = \"0 0 3 3B * *\"\n"));
    assert_eq!(ring(&office, "2026-01-10T09:00", 0), [["verify", "2026-01-07", "done", "JOB-043"]]);
    assert!(ring(&office, "2026-02-04T02:59", 0).is_empty(), "the second before");
    let expected = [
        ["verify", "2026-02-04", "skipped", "JOB-041"],
        ["verify", "2026-03-04", "skipped", "JOB-041"],
        ["verify", "2026-04-03", "skipped", "JOB-041"],
        ["verify", "2026-05-08", "done", "JOB-043"],
    ];
    assert_eq!(ring(&office, "2026-05-08T03:00", 0), expected);
    // The clock was set back: it may have been ahead, and what was passed over in the future has not had its turn.
    assert_eq!(ring(&office, "2026-03-01T00:00", 0), [["verify", "2026-02-04", "done", "JOB-043"]]);
    let states: Vec<String> = rows(&office, "verify").into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, ["done", "done", "skipped", "skipped", "done"]);
}

/// Of four applications one comes within the week, one on the first day after it, one is overdue, one has no day.
fn applications() -> String {
    let one = |nth: usize, day: &str, state: &str, approved: &str| {
        let filed = format!(
            "W{nth},退会,本人,{},架空　例,浦和医師会,2025-12-20,{day},{approved},,{state},,本人希望,\n",
            100_001 + nth
        );
        filed
    };
    let all = [
        one(0, "2026-01-15", "申請中", ""),
        one(1, "2026-01-16", "申請中", ""),
        one(2, "2026-01-08", "申請中", ""),
        one(3, "", "申請中", ""),
        one(4, "2026-01-09", "承認済", "2025-12-25"),
    ];
    format!("{APPLICATIONS}{}", all.concat())
}

fn table(office: &Office, day: &str, id: &str) -> Vec<String> {
    let folder = office.data().join(format!("papers/watch/withdrawal-watch_{day}"));
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    let is_it = |path: &&PathBuf| path.to_string_lossy().contains(id);
    let table = files.iter().find(is_it).unwrap_or_else(|| panic!("{files:?}"));
    let text = std::fs::read_to_string(table).expect("it can be read");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn watch_tells_what_comes_within_a_week_and_what_is_overdue() {
    let office = office(&format!("{FIRST}{WATCH}"));
    office.save("kaiin-data/inbox/applications_2025-12-31.csv", applications());
    assert!(office.run("jobs tick --now 2026-01-02T08:00:00+09:00").exit.is_some());
    assert_eq!(ring(&office, "2026-01-09T07:59", 0), Vec::<[String; 4]>::new());
    assert_eq!(ring(&office, "2026-01-09T08:00", 0), [["watch", "2026-01-09", "done", "JOB-071"]]);
    assert!(ring(&office, "2026-01-09T08:10", 0).is_empty(), "it is done");
    let coming = table(&office, "2026-01-09", "_これから効力の生じる").join("\n");
    assert!(coming.contains("2026-01-09") || coming.contains("令和8年1月9日"), "{coming}");
    assert_eq!(coming.matches("架空").count(), 2, "the day itself and the last of seven: {coming}");
    let overdue = table(&office, "2026-01-09", "_承認漏れ").join("\n");
    assert_eq!(overdue.matches("架空").count(), 1, "{overdue}");
    let run = office.run("jobs list --last 1");
    assert!(run.stdout.contains("退会の見回り") && run.stdout.contains("2 / 1"), "{}", run.stdout);
    // The same is told at the desk, and by the figures of the audit.
    let mut command = office.program();
    command.env("KAIIN_NOW", "2026-01-09T00:00:00Z");
    let told = String::from_utf8(command.output().expect("the program can be started").stdout).expect("text");
    assert!(told.contains("退会の見回り") && told.contains("2 / 1"), "{told}");
    assert_eq!(ring(&office, "2026-01-16T08:00", 0), [["watch", "2026-01-16", "done", "JOB-071"]]);
    let overdue = table(&office, "2026-01-16", "_承認漏れ").join("\n");
    assert_eq!(overdue.matches("架空").count(), 2, "{overdue}");
    let audit = office.run("--json audit withdrawals --as-of 2026-01-16");
    assert_eq!(audit.exit, Some(1), "it has findings: {}", audit.stderr);
    let audit: Value = serde_json::from_str(&audit.stdout).expect("JSON");
    let findings = audit["findings"].as_array().expect("findings").iter();
    assert_eq!(findings.filter(|one| one["code"] == "AUD-004").count(), 2, "the audit says the same: {audit}");
    // Everything it made is in the chain.
    assert_eq!(office.run("verify").exit, Some(0));
}

/// Two papers of one store are the same, whether the bell rang in time or a day late, and a pause leaves reasons.
#[test]
fn late_watch_says_what_a_punctual_one_says() {
    let punctual = office(&format!("{FIRST}{WATCH}"));
    punctual.save("kaiin-data/inbox/applications_2025-12-31.csv", applications());
    ring(&punctual, "2026-01-02T08:00", 0);
    let late = punctual.copy();
    ring(&punctual, "2026-01-09T08:00", 0);
    ring(&late, "2026-01-10T21:00", 0);
    for id in ["_これから効力の生じる", "_承認漏れ"] {
        assert_eq!(table(&punctual, "2026-01-09", id), table(&late, "2026-01-09", id));
    }
    let after = ring(&late, "2026-01-30T08:00", 0);
    let expected = [
        ["watch", "2026-01-16", "skipped", "JOB-041"],
        ["watch", "2026-01-23", "skipped", "JOB-041"],
        ["watch", "2026-01-30", "done", "JOB-071"],
    ];
    assert_eq!(after, expected);
}

/// Four hundred days without the clock: one paper, and a reason for every Friday.
#[test]
fn watch_after_a_long_pause_makes_one_paper() {
    let office = office(&format!("{FIRST}{WATCH}"));
    ring(&office, "2026-01-02T08:00", 0);
    let run = office.run("--json jobs tick --now 2027-02-05T08:00:00+09:00");
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let others = told["others"].as_array().expect("others");
    let of = |state: &str| others.iter().filter(|one| one["job"] == "watch" && one["state"] == state).count();
    assert_eq!((of("skipped"), of("done")), (56, 1), "{told}");
    assert_eq!(rows(&office, "watch").len(), 58);
}

#[test]
fn watch_without_an_export_fails_and_says_so() {
    let office = Office::new();
    std::fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", format!("{FIRST}{WATCH}"));
    office.import(&Sample::cases().files[0].display().to_string());
    assert_eq!(ring(&office, "2026-01-09T08:00", 2), [["watch", "2026-01-09", "failed", "JOB-008"]]);
}

/// The month has gone by, nobody has rung, and no export tells of it.
#[rstest]
#[case::before_its_time("2026-02-04T20:59:59Z", false)]
#[case::its_time("2026-02-04T21:00:00Z", true)]
#[case::months_later("2026-06-20T00:00:00Z", true)]
fn lacking_export_of_a_past_month_is_told_without_a_row(#[case] now: &str, #[case] expected: bool) {
    let office = office("[jobs]\nsettle_seconds = 0\n");
    let file = office.data().join("inbox/members_2025-12-31.csv");
    office.import(&file.display().to_string());
    let mut command = office.program();
    command.env("KAIIN_NOW", now).arg("--json");
    let output = command.output().expect("the program can be started");
    let told = String::from_utf8(output.stdout).expect("text");
    assert_eq!(told.contains("JOB-073"), expected, "{told}");
}

const SURVEY: &str = "[jobs]\nsettle_seconds = 0\nfirst_month = \"2025-12\"\nreports = [\"member-counts\"]\n\
                      survey_at = \"0 0 6 10 12 *\"\n";

/// An office with an export of the last day of November 2025 and, where one is named, of another day.
fn surveyed(settings: &str, more: Option<&str>) -> Office {
    let office = office(settings);
    let inbox = office.data().join("inbox");
    std::fs::remove_file(inbox.join("members_2025-12-31.csv")).expect("it was put there");
    office.save("kaiin-data/inbox/members_2025-11-30.csv", export(11));
    if let Some(day) = more {
        office.save(&format!("kaiin-data/inbox/members_{day}.csv"), export(11));
    }
    office
}

fn done(office: &Office, at: &str) -> Vec<String> {
    let run = office.run(&format!("--json jobs tick --now {at}:00+09:00"));
    let told: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr));
    let done = told["done"].as_array().expect("periods").iter();
    done.map(|period| period.as_str().expect("a text").to_owned()).collect()
}

/// In December nobody is bothered; from the time of the December papers on it is told, and the export that comes then serves it.
#[test]
fn survey_waits_for_an_export_of_its_day() {
    let office = surveyed(SURVEY, None);
    assert!(ring(&office, "2025-12-10T05:59", 0).is_empty());
    assert!(rows(&office, "survey").is_empty(), "its time has not come");
    assert!(ring(&office, "2025-12-10T06:00", 0).is_empty());
    assert!(ring(&office, "2026-01-05T05:59", 0).is_empty());
    assert_eq!(rows(&office, "survey"), [("2025".to_owned(), "due".to_owned())]);
    assert_eq!(ring(&office, "2026-01-05T06:00", 1), [["survey", "2025", "waiting", "JOB-075"]]);
    assert_eq!(ring(&office, "2026-01-05T06:10", 1), [["survey", "2025", "waiting", "JOB-075"]]);
    office.save("kaiin-data/inbox/members_2025-12-31.csv", export(12));
    assert_eq!(done(&office, "2026-01-06T06:00"), ["2025-12", "2025"]);
    assert!(done(&office, "2026-01-06T06:10").is_empty());
    let made = office.data().join("papers/2025/december-survey_2025-12-01");
    assert!(files(&made).keys().any(|name| name.ends_with(".pdf")), "{:?}", files(&made).keys());
    let list = office.run("jobs list --last 1");
    assert!(list.stdout.contains("会員数調査") && list.stdout.contains("papers/2025"), "{}", list.stdout);
    assert_eq!(office.run("verify").exit, Some(0));
    let again = office.run("jobs rerun 2025 --reason 訂正");
    assert_eq!(again.exit, Some(0), "{}", again.stderr);
    let all = office.json("jobs list");
    let of_survey = all.as_array().expect("rows").iter().find(|row| row["job"] == "survey");
    let versions = &of_survey.expect("a row")["versions"];
    assert_eq!(versions.as_array().expect("versions").len(), 2, "{versions}");
}

#[test]
fn late_survey_says_what_a_punctual_one_says() {
    let punctual = surveyed(SURVEY, Some("2025-12-05"));
    assert_eq!(done(&punctual, "2025-12-10T06:00"), ["2025"]);
    let late = surveyed(SURVEY, Some("2025-12-05"));
    late.save("kaiin-data/inbox/members_2025-12-31.csv", export(12));
    assert!(done(&late, "2026-03-01T06:00").contains(&"2025".to_owned()));
    let papers = |office: &Office| files(&office.data().join("papers/2025"));
    let (expected, found) = (papers(&punctual), papers(&late));
    assert!(expected.len() > 5, "{:?}", expected.keys());
    assert_eq!(expected, found);
}

/// Each year is asked for: none is passed over, and what was missed is made in its order once an export tells of it.
#[test]
fn missed_surveys_are_all_made() {
    let office = surveyed(SURVEY, Some("2025-12-05"));
    assert_eq!(done(&office, "2025-12-10T06:00"), ["2025"]);
    assert!(done(&office, "2029-01-10T06:00").is_empty());
    let waiting = |year: &str| (year.to_owned(), "waiting".to_owned());
    let expected = [("2025".to_owned(), "done".to_owned()), waiting("2026"), waiting("2027"), waiting("2028")];
    assert_eq!(rows(&office, "survey"), expected);
    // The clock was set back: nothing is due, nothing is lost.
    assert!(done(&office, "2025-12-11T06:00").is_empty());
    assert_eq!(rows(&office, "survey"), expected);
    office.save("kaiin-data/inbox/members_2028-12-31.csv", export(12));
    let mut made = done(&office, "2029-01-11T06:00");
    made.retain(|period| period.len() == 4);
    assert_eq!(made, ["2026", "2027", "2028"]);
}

#[test]
fn survey_without_its_schedule_is_passed_over_with_the_reason() {
    let office = surveyed(SURVEY, None);
    ring(&office, "2026-01-05T06:00", 1);
    office.save("kaiin-data/kaiin.toml", SURVEY.replace("survey_at", "#survey_at"));
    assert_eq!(ring(&office, "2026-01-05T06:10", 1), [["survey", "2025", "skipped", "JOB-044"]]);
    assert_eq!(rows(&office, "survey"), [("2025".to_owned(), "skipped".to_owned())]);
}
