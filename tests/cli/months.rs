//! Months as offices have them: runs before their time, exports after it, settings that change or are wrong, papers that
//! fail alone (R29, R31). Every job is run twice.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kaiin::store::{Store, StoreLocation};
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::jobs::files;
use super::program::{Office, Run};

/// Columns of the exports of these months.
const HEADINGS: &str = "医籍登録番号,氏名,郡市区等医師会コード,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,都道府県会員区分,\
                        都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日,退会理由,会員状態\n";

/// An office with the master of a case and its settings.
struct Months {
    office: Office,
    case: PathBuf,
}

impl Months {
    fn of(case: &str) -> Self {
        let office = Office::new();
        std::fs::create_dir_all(office.data().join("inbox")).expect("the temporary folder can be written");
        let months = Self { office, case: folder(case) };
        months.settings("");
        months.import("2025-12-01T00:00:00Z", "associations.csv");
        months
    }

    /// Settings with one report and the lines given.
    fn settings(&self, lines: &str) {
        let reports = if lines.contains("reports") { "" } else { "reports = [\"member-counts\"]\n" };
        self.write_settings(&format!("[jobs]\nsettle_seconds = 0\n{reports}{lines}"));
    }

    fn write_settings(&self, text: &str) {
        std::fs::write(self.office.data().join("kaiin.toml"), text).expect("the data folder can be written");
    }

    /// The settings of the case.
    fn settings_of(&self, name: &str) {
        let text = std::fs::read_to_string(self.case.join(name)).expect("the case has this file");
        self.write_settings(&text);
    }

    fn at(&self, now: &str, arguments: &[&str]) -> Run {
        Run::of(self.office.program().env("KAIIN_NOW", now).args(arguments))
    }

    #[track_caller]
    fn json(&self, now: &str, arguments: &[&str]) -> Value {
        let run = self.at(now, &[&["--json"], arguments].concat());
        assert_eq!(run.exit, Some(0), "kaiin {arguments:?}: {}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("kaiin {arguments:?}: {error}"))
    }

    #[track_caller]
    fn import(&self, now: &str, name: &str) {
        let path = self.case.join(name);
        self.json(now, &["import", path.to_str().expect("the path is a text")]);
    }

    /// Takes in an export that the test writes itself.
    #[track_caller]
    fn import_rows(&self, now: &str, name: &str, rows: &[String]) {
        self.office.save(name, export(rows));
        self.json(now, &["import", "--accept-drop", "--reason", "架空", name]);
    }

    /// A tick in which no paper fails: a month that waits needs a person, everything else is done.
    #[track_caller]
    fn tick(&self, now: &str) -> Value {
        let (exit, report) = self.tick_with(now);
        let waits = report["waiting"].as_array().is_some_and(|waiting| !waiting.is_empty());
        assert_eq!(exit, Some(i32::from(waits)), "{report}");
        report
    }

    /// A tick that need not end with 0.
    fn tick_with(&self, now: &str) -> (Option<i32>, Value) {
        let run = self.at(now, &["--json", "jobs", "tick", "--now", now]);
        let report = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
        (run.exit, report)
    }

    /// The rows of `jobs list` by period.
    fn list(&self, now: &str) -> BTreeMap<String, Value> {
        let rows = self.json(now, &["jobs", "list"]);
        let rows = rows.as_array().expect("a list").iter();
        rows.map(|row| (row["period"].as_str().expect("a period").to_owned(), row.clone())).collect()
    }

    /// The months of `jobs next` with their times.
    fn next(&self, now: &str) -> Vec<(String, String)> {
        let text = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
        let rows = self.json(now, &["jobs", "next"]);
        rows.as_array().expect("a list").iter().map(|row| (text(row, "period"), text(row, "scheduled_at"))).collect()
    }

    /// Every file below a folder of papers.
    fn papers(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        files(&self.office.data().join("papers").join(folder))
    }

    /// What the papers of a folder say of the members of all bodies, and when that was known.
    #[track_caller]
    fn members(&self, folder: &str) -> (String, String) {
        self.members_of(folder, "")
    }

    /// The same of a later edition of the paper, such as _v2.
    #[track_caller]
    fn members_of(&self, folder: &str, edition: &str) -> (String, String) {
        let papers = self.papers(folder);
        let (_, csv) = papers
            .iter()
            .find(|(name, _)| {
                name.starts_with(&format!("member-counts_2025-12-31{edition}/"))
                    && name.ends_with("_医師会別・会員区分別.csv")
            })
            .unwrap_or_else(|| panic!("no table in {folder}: {:?}", papers.keys()));
        let text = String::from_utf8_lossy(csv).into_owned();
        let cell = |start: &str, nth: usize| {
            let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}: {text}"));
            line.split(',').nth(nth).unwrap_or_default().trim().to_owned()
        };
        let total = cell(",合計,", 7);
        (total, cell("知識時点,", 1))
    }
}

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/found").join(case)
}

/// Members of 11-001 by number; whoever has a day has left on it.
fn row(number: u32, name: &str, left: &str) -> String {
    let (reason, state) = if left.is_empty() { ("", "在籍") } else { ("本人希望", "退会") };
    let joined = "2015-04-01";
    format!(
        "{number},{name},11-001,青空市医師会,B,{joined},{left},B,{joined},{left},B,{joined},{left},{reason},{state}"
    )
}

fn rows(n: u32) -> Vec<String> {
    (0..n).map(|nth| row(200_001 + nth, "架空　例", "")).collect()
}

fn export(rows: &[String]) -> String {
    format!("{HEADINGS}{}\n", rows.join("\n"))
}

/// Every file that was there is there, byte by byte.
#[track_caller]
fn assert_kept(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) {
    assert!(!before.is_empty());
    for (name, bytes) in before {
        assert!(after.get(name) == Some(bytes), "{name} was changed");
    }
}

/// Periods, states and versions of a list.
fn told(list: &BTreeMap<String, Value>) -> Vec<(&str, &str, usize)> {
    let state = |row: &'_ Value| -> &'static str {
        let code = row["state"].as_str().expect("a state");
        ["due", "waiting", "running", "partial", "done", "failed"]
            .into_iter()
            .find(|one| *one == code)
            .expect("a state that is known")
    };
    list.iter()
        .map(|(period, row)| (period.as_str(), state(row), row["versions"].as_array().expect("versions").len()))
        .collect()
}

/// The found case: a death of 20 December comes in on 3 January, after somebody has tried the run of 5 January.
#[test]
fn early_run_is_preliminary_and_the_punctual_one_follows() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    let early = months.json("2026-01-02T00:00:00Z", &["jobs", "run", "monthly-papers", "2025-12"]);
    assert_eq!((&early["done"], &early["made"][0]["kind"]), (&json!([]), &json!("early")), "{early}");
    assert_eq!(early["made"][0]["folder"], json!("papers/2025-12_速報"));
    assert_eq!(months.members("2025-12_速報"), ("5".into(), "R7.12.31".into()));
    let before = months.papers("2025-12_速報");
    let again = months.json("2026-01-02T01:00:00Z", &["jobs", "run", "monthly-papers", "2025-12"]);
    assert_eq!((&again["made"], &again["there"][0]["version"]), (&json!([]), &json!(1)), "nothing new is known");
    assert_eq!(told(&months.list("2026-01-02T02:00:00Z")), [("2025-12", "due", 1)]);
    assert_eq!(months.next("2026-01-02T02:00:00Z")[0].0, "2025-12");

    months.import("2026-01-03T09:00:00Z", "members_2026-01-03.csv");
    let second = months.json("2026-01-04T00:00:00Z", &["jobs", "run", "monthly-papers", "2025-12"]);
    let paper = json!({ "report": "member-counts", "folder": "member-counts_2025-12-31_v2" });
    assert_eq!((&second["made"][0]["version"], &second["made"][0]["papers"][0]), (&json!(2), &paper), "{second}");
    for done in [json!(["2025-12"]), json!([])] {
        assert_eq!(months.tick("2026-01-05T06:00:00+09:00")["done"], done);
    }
    assert_eq!(months.members("2025-12"), ("4".into(), "R8.1.3".into()));
    assert_kept(&before, &months.papers("2025-12_速報"));
    let list = months.list("2026-01-06T00:00:00Z");
    assert_eq!(told(&list), [("2025-12", "done", 3)]);
    let known: Vec<_> = list["2025-12"]["versions"]
        .as_array()
        .expect("versions")
        .iter()
        .map(|one| (one["kind"].as_str(), one["known_at"].as_str()))
        .collect();
    let early = |day| (Some("early"), Some(day));
    assert_eq!(known, [early("2025-12-31"), early("2026-01-03"), (Some("punctual"), Some("2026-01-03"))]);
    assert!(!months.next("2026-01-04T00:00:00Z").iter().any(|(period, _)| period == "2025-12"), "it is made");
}

/// What is printed early says so; the punctual paper of the same vintage does not.
#[test]
fn early_paper_says_that_the_month_is_open() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    months.json("2026-01-02T00:00:00Z", &["jobs", "run", "monthly-papers", "2025-12"]);
    months.tick("2026-01-05T06:00:00+09:00");
    let page = |folder: &str| {
        let papers = months.papers(folder);
        papers.into_iter().find(|(name, _)| name.ends_with(".pdf")).expect("a paper is printed").1
    };
    assert_ne!(page("2025-12_速報"), page("2025-12"));
}

/// Before the month has an export, and before it has ended, nothing can be made early, and nothing is written down.
#[test]
fn early_run_without_an_export_waits_and_leaves_no_row() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    for period in ["2026-01", "2031-05", "2020-05"] {
        let run = months.at("2026-01-02T00:00:00Z", &["--json", "jobs", "run", "monthly-papers", period]);
        let report: Value = serde_json::from_str(&run.stdout).expect("a run reports in JSON");
        assert_eq!((run.exit, &report["waiting"][0][0]), (Some(1), &json!(period)), "{report}");
    }
    assert!(months.list("2026-01-02T00:00:00Z").is_empty());
}

/// The found case: first_month = "1925-12", typed for 2025-12, and a legal but old one.
#[test]
fn first_month_of_long_ago_keeps_no_month_away() {
    let months = Months::of("first-month-long-ago");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    months.settings_of("bad.toml");
    let refused = months.at("2026-01-05T00:00:00Z", &["jobs", "tick", "--now", "2026-01-05T06:00:00+09:00"]);
    assert_eq!(refused.exit, Some(2), "{}", refused.stderr);
    for word in ["JOB-006", "4行目", "first_month", "1925-12", "2025-12 の形"] {
        assert!(refused.stderr.contains(word), "{word}: {}", refused.stderr);
    }
    for (settings, made) in [("old.toml", json!(["2025-12"])), ("kaiin.toml", json!([]))] {
        months.settings_of(settings);
        let report = months.tick("2026-01-05T06:00:00+09:00");
        assert_eq!((&report["done"], &report["waiting"]), (&made, &json!([])), "{settings}");
        assert_eq!(told(&months.list("2026-01-05T00:00:00Z")), [("2025-12", "done", 1)]);
    }
    months.settings_of("old.toml");
    assert_eq!(months.tick("2026-02-05T06:00:00+09:00")["waiting"][0][0], json!("2026-01"));
    assert_eq!(months.tick("2026-02-05T06:10:00+09:00")["waiting"][0][0], json!("2026-01"));
    assert_eq!(told(&months.list("2026-02-05T00:00:00Z")), [("2025-12", "done", 1), ("2026-01", "waiting", 0)]);
}

/// Rows that an old setting has left in the ledger go; a month that was begun stays.
#[tokio::test]
async fn rows_of_months_without_any_export_do_not_wait_for_ever() {
    let months = Months::of("first-month-long-ago");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    let store = StoreLocation::File(months.office.data().join("kaiin.sqlite"));
    let store = Store::open(&store).await.expect("the store opens");
    for period in ["1925-12", "1959-03", "2025-11"] {
        let at = format!("{period}-05T00:00:00Z").parse().expect("an instant");
        store.add_job_run("monthly-papers", period, at).await.expect("the store can be written");
    }
    store.close().await.expect("the store closes");
    assert_eq!(told(&months.list("2026-01-02T00:00:00Z")), [], "nor are they shown before the next tick");
    let report = months.tick("2026-01-05T06:00:00+09:00");
    assert_eq!(report["dropped"], json!(["1925-12", "1959-03", "2025-11"]));
    assert_eq!((&report["done"], &report["waiting"]), (&json!(["2025-12"]), &json!([])));
    assert_eq!(months.tick("2026-01-05T06:10:00+09:00")["dropped"], json!([]));
}

/// A first month after the first export is kept to: months before it are not made, and `jobs next` begins with it.
#[test]
fn first_month_ahead_is_kept_to() {
    let months = Months::of("first-month-long-ago");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    months.settings("first_month = \"2026-04\"\n");
    let report = months.tick("2026-02-10T06:00:00+09:00");
    assert_eq!((&report["done"], &report["waiting"]), (&json!([]), &json!([])));
    assert_eq!(months.next("2026-01-02T00:00:00Z")[0].0, "2026-04");
}

/// The found case: the export of December is made on 7 January, and the office moves the run to the 10th.
#[test]
fn time_of_a_waiting_month_follows_the_settings() {
    let months = Months::of("late-export-month-waits-for-ever");
    months.settings_of("kaiin.toml");
    months.import("2025-12-01T00:00:00Z", "members_2025-11-30.csv");
    assert_eq!(months.tick("2026-01-05T06:00:00+09:00")["waiting"][0][0], json!("2025-12"));
    months.import("2026-01-07T09:00:00Z", "members_2026-01-07.csv");
    months.settings_of("kaiin-10th.toml");
    // Before any tick the two lists agree already.
    let now = "2026-01-08T00:00:00Z";
    let at = json!("2026-01-09T21:00:00Z");
    assert_eq!(months.next(now)[0], ("2025-12".into(), "2026-01-09T21:00:00Z".into()));
    let list = months.list(now);
    assert_eq!((&list["2025-12"]["scheduled_at"], &list["2025-12"]["state"]), (&at, &json!("due")), "{list:?}");
    assert_eq!(
        list["2025-11"]["scheduled_at"],
        json!("2025-12-04T21:00:00Z"),
        "a month that is done keeps its cut-off"
    );
    assert_eq!(months.tick("2026-01-09T06:00:00+09:00")["moved"], json!([["2025-12", "2026-01-09T21:00:00Z"]]));
    for done in [json!(["2025-12"]), json!([])] {
        assert_eq!(months.tick("2026-01-10T06:00:00+09:00")["done"], done);
    }
    assert_eq!(months.members("2025-12").1, "R8.1.7");
}

/// A month that is made already: where it lies and how to make it once more, exit 0.
#[test]
fn run_of_a_month_that_is_done_says_where_it_is() {
    let months = Months::of("late-export-month-waits-for-ever");
    months.import("2026-01-07T09:00:00Z", "members_2026-01-07.csv");
    months.settings("monthly_at = \"0 0 6 10 * *\"\n");
    months.tick("2026-01-10T06:00:00+09:00");
    for _ in 0..2 {
        let run = months.at("2026-01-12T00:00:00Z", &["jobs", "run", "monthly-papers", "2025-12"]);
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        for word in ["2025-12 は作成済みです", "papers/2025-12", "kaiin jobs rerun 2025-12 --reason"] {
            assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
        }
        assert!(!run.stderr.contains("取り込んだファイル"), "{}", run.stderr);
    }
}

/// The export came after the cut-off, and the schedule stays: a person lets the month go.
#[test]
fn waiting_month_is_released_with_what_is_known_then() {
    let months = Months::of("late-export-month-waits-for-ever");
    months.import("2025-12-01T00:00:00Z", "members_2025-11-30.csv");
    months.tick("2026-01-05T06:00:00+09:00");
    let release = ["jobs", "release", "2025-12", "--reason", "出力が遅れたため"];
    let refused = months.at("2026-01-06T00:00:00Z", &[&["--json"], release.as_slice()].concat());
    assert_eq!((refused.exit, &refused.error()["error"]["code"]), (Some(2), &json!("JOB-008")), "no export of its end");
    months.import("2026-01-07T09:00:00Z", "members_2026-01-07.csv");
    let blank = months.at("2026-01-08T00:00:00Z", &["--json", "jobs", "release", "2025-12", "--reason", "　 "]);
    assert_eq!((blank.exit, &blank.error()["error"]["code"]), (Some(2), &json!("JOB-019")));
    let report = months.json("2026-01-08T00:00:00Z", &release);
    assert_eq!((&report["done"], &report["made"][0]["kind"]), (&json!(["2025-12"]), &json!("released")), "{report}");
    assert_eq!(months.members("2025-12").1, "R8.1.7");
    let list = months.list("2026-01-08T00:00:00Z");
    assert_eq!((&list["2025-12"]["reason"], &list["2025-12"]["state"]), (&json!("出力が遅れたため"), &json!("done")));
    // Done is done: neither the bell nor a second release makes it again, nor does another schedule.
    months.settings_of("kaiin-10th.toml");
    assert_eq!(months.tick("2026-01-10T06:00:00+09:00")["done"], json!([]));
    assert!(!months.next("2026-01-08T00:00:00Z").iter().any(|(period, _)| period == "2025-12"));
    let again = months.at("2026-01-11T00:00:00Z", &[&["--json"], release.as_slice()].concat());
    assert_eq!((again.exit, &again.error()["error"]["code"]), (Some(2), &json!("JOB-017")));
    // A month that no export reaches can never be made: it is not released, and nothing of it stays.
    let out_of_reach = ["--json", "jobs", "release", "2024-03", "--reason", "昔の月"];
    let refused = months.at("2026-01-11T00:00:00Z", &out_of_reach);
    assert_eq!((refused.exit, &refused.error()["error"]["code"]), (Some(1), &json!("RPT-002")));
    assert!(!months.list("2026-01-11T00:00:00Z").contains_key("2024-03"));
}

/// Once more with what is known now: the next version, in a folder of its own, beside the one before.
#[test]
fn rerun_is_the_next_version_and_keeps_the_one_before() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    let rerun = ["jobs", "rerun", "2025-12", "--reason", "死亡の届出が届いたため"];
    let refused = months.at("2026-01-02T00:00:00Z", &[&["--json"], rerun.as_slice()].concat());
    assert_eq!((refused.exit, &refused.error()["error"]["code"]), (Some(2), &json!("JOB-009")));
    months.json("2026-01-02T00:00:00Z", &["jobs", "run", "monthly-papers", "2025-12"]);
    months.tick("2026-01-05T06:00:00+09:00");
    let before = months.papers("2025-12");
    months.import("2026-01-06T00:00:00Z", "members_2026-01-03.csv");
    let report = months.json("2026-01-06T00:00:00Z", &rerun);
    assert_eq!(report["made"][0]["papers"][0]["folder"], json!("member-counts_2025-12-31_v2"), "{report}");
    assert_eq!(months.members_of("2025-12", "_v2"), ("4".into(), "R8.1.3".into()));
    assert_eq!(months.members("2025-12"), ("5".into(), "R7.12.31".into()));
    assert_kept(&before, &months.papers("2025-12"));
    let list = months.list("2026-01-07T00:00:00Z");
    assert_eq!(told(&list), [("2025-12", "done", 3)]);
    assert_eq!(
        (&list["2025-12"]["reason"], &list["2025-12"]["known_at"]),
        (&json!("死亡の届出が届いたため"), &json!("2026-01-03"))
    );
    // Nothing was learnt since, so the papers are those that are there; and it is said that they are not of the cut-off.
    let before = months.papers("2025-12");
    let human = months.at("2026-01-07T00:00:00Z", &rerun);
    assert_eq!(human.exit, Some(0), "{}", human.stderr);
    for word in ["第4版", "papers/2025-12/member-counts_2025-12-31_v2", "今知っていることで", "前の版（第1・2・3版）"]
    {
        assert!(human.stderr.contains(word), "{word}: {}", human.stderr);
    }
    assert_eq!(months.papers("2025-12"), before);
}

/// A report that is not there costs itself alone; it is named by `reports check` and before the run.
#[test]
fn unknown_report_costs_that_report_only() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    months.settings("reports = [\"member-count\", \"member-counts\", \"withdrawal-audit\", \"member-counts\"]\n");
    let check = months.at("2026-01-02T00:00:00Z", &["reports", "check"]);
    assert_eq!(check.exit, Some(2), "{}", check.stderr);
    for word in ["CFG-004", "「member-count」", "「member-counts」のことではありませんか", "kaiin reports list"]
    {
        assert!(check.stderr.contains(word), "{word}: {}", check.stderr);
    }
    let next = months.at("2026-01-02T00:00:00Z", &["jobs", "next"]);
    assert_eq!((next.exit, next.stderr.contains("CFG-004")), (Some(0), true), "named before the run: {}", next.stderr);

    let now = "2026-01-05T06:00:00+09:00";
    let (exit, report) = months.tick_with(now);
    assert_eq!((exit, &report["partial"], &report["done"]), (Some(1), &json!(["2025-12"]), &json!([])), "{report}");
    assert_eq!(report["unknown_reports"], json!(["member-count"]));
    assert_eq!(
        (&report["missing"][0]["report"], &report["missing"][0]["code"], &report["missing"][1]),
        (&json!("member-count"), &json!("RPT-001"), &Value::Null)
    );
    assert_eq!(report["todo"].as_array().map(Vec::len), Some(1), "{report}");
    let list = months.list(now);
    assert_eq!(told(&list), [("2025-12", "partial", 1)]);
    assert_eq!(list["2025-12"]["missing"][0]["report"], json!("member-count"));
    let human = months.at(now, &["jobs", "list"]).stdout;
    assert!(human.contains("一部失敗") && human.contains("足りないもの: member-count RPT-001"), "{human}");

    // What was made is not made again: a mark on it stays, tick after tick.
    let before = months.papers("2025-12");
    assert!(before.keys().any(|name| name.contains("withdrawal-audit")), "{:?}", before.keys());
    let (marked, _) = before.iter().find(|(name, _)| name.ends_with(".pdf")).expect("a paper");
    std::fs::write(months.office.data().join("papers/2025-12").join(marked), "印").expect("the paper can be written");
    assert_eq!(months.tick_with("2026-01-05T06:10:00+09:00").0, Some(1));
    months.settings("reports = [\"transfer-audit\", \"member-counts\", \"withdrawal-audit\"]\n");
    assert_eq!(months.tick("2026-01-05T06:20:00+09:00")["done"], json!(["2025-12"]));
    assert_eq!(months.tick("2026-01-05T06:30:00+09:00")["done"], json!([]));
    let after = months.papers("2025-12");
    assert!(after.keys().any(|name| name.contains("transfer-audit")), "{:?}", after.keys());
    for (name, bytes) in &before {
        let expected: &[u8] = if name == marked { "印".as_bytes() } else { bytes };
        assert!(after[name] == expected, "{name} was made again");
    }
}

/// A definition that somebody broke costs the report it was to be.
#[test]
fn broken_definition_costs_that_report_only() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    let definitions = months.office.data().join("definitions");
    std::fs::create_dir_all(&definitions).expect("the data folder can be written");
    std::fs::write(definitions.join("transfer-audit.toml"), "kind = \"report\"\nid = \"transfer-audit\"\n")
        .expect("writable");
    let text = "definitions = \"definitions\"\n[jobs]\nsettle_seconds = 0\nreports = [\"transfer-audit\", \"member-counts\"]\n";
    months.write_settings(text);
    for _ in 0..2 {
        let (exit, report) = months.tick_with("2026-01-05T06:00:00+09:00");
        assert_eq!((exit, &report["partial"]), (Some(1), &json!(["2025-12"])), "{report}");
        assert_eq!(
            (&report["missing"][0]["report"], &report["missing"][0]["code"]),
            (&json!("transfer-audit"), &json!("CFG-002"))
        );
    }
    assert_eq!(months.members("2025-12").0, "5");
    std::fs::remove_file(definitions.join("transfer-audit.toml")).expect("writable");
    assert_eq!(months.tick("2026-01-05T06:20:00+09:00")["done"], json!(["2025-12"]));
}

/// A part of a month was made when its export was mended too late: the month is released as its next version.
#[test]
fn month_done_in_part_is_released_as_a_whole() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    months.settings("reports = [\"member-count\", \"member-counts\"]\n");
    assert_eq!(months.tick_with("2026-01-05T06:00:00+09:00").0, Some(1));
    let before = months.papers("2025-12");
    months.settings("monthly_at = \"0 0 6 10 * *\"\n");
    let list = months.list("2026-01-06T00:00:00Z");
    assert_eq!(
        list["2025-12"]["scheduled_at"],
        json!("2026-01-04T21:00:00Z"),
        "papers that were made keep their cut-off"
    );
    assert!(!months.next("2026-01-06T00:00:00Z").iter().any(|(period, _)| period == "2025-12"));
    months.import("2026-01-06T00:00:00Z", "members_2026-01-03.csv");
    let report = months.json("2026-01-06T00:00:00Z", &["jobs", "release", "2025-12", "--reason", "届出"]);
    assert_eq!(
        (&report["made"][0]["version"], &report["made"][0]["kind"]),
        (&json!(2), &json!("released")),
        "{report}"
    );
    assert_eq!((months.members_of("2025-12", "_v2").0, months.members("2025-12").0), ("4".into(), "5".into()));
    assert_kept(&before, &months.papers("2025-12"));
    assert_eq!(months.tick("2026-01-10T06:00:00+09:00")["done"], json!([]));
}

/// Nothing could be made, and the schedule moves: the month follows it and uses what is known by then.
#[test]
fn month_that_failed_as_a_whole_follows_the_settings() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    months.settings("reports = [\"member-count\"]\n");
    for _ in 0..2 {
        let (exit, report) = months.tick_with("2026-01-05T06:00:00+09:00");
        assert_eq!((exit, &report["failed"][0][0]), (Some(1), &json!("2025-12")), "{report}");
    }
    months.import("2026-01-06T00:00:00Z", "members_2026-01-03.csv");
    months.settings("monthly_at = \"0 0 6 10 * *\"\nreports = [\"member-counts\"]\n");
    assert_eq!(months.next("2026-01-06T00:00:00Z")[0].0, "2025-12");
    assert_eq!(months.tick("2026-01-10T06:00:00+09:00")["done"], json!(["2025-12"]));
    assert_eq!(months.members("2025-12"), ("4".into(), "R8.1.3".into()));
    assert_eq!(told(&months.list("2026-01-10T00:00:00Z")), [("2025-12", "done", 1)]);
}

/// A process died after the files of a paper and before its record: the next tick makes that paper, the same bytes again,
/// and touches no other.
#[tokio::test]
async fn run_stopped_between_files_and_ledger_goes_on_where_it_was() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    months.settings("reports = [\"member-counts\", \"withdrawal-audit\"]\n");
    months.tick("2026-01-05T06:00:00+09:00");
    let before = months.papers("2025-12");
    let options = SqliteConnectOptions::new().filename(months.office.data().join("kaiin.sqlite"));
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the store opens");
    for statement in [
        "DELETE FROM job_file WHERE report = 'withdrawal-audit'",
        "DELETE FROM job_paper WHERE report = 'withdrawal-audit'",
        "UPDATE job_version SET finished_at = NULL",
        "UPDATE job_run SET state = 'running', finished_at = NULL",
    ] {
        let changed = sqlx::query(statement).execute(&pool).await.expect("the store can be written");
        assert!(changed.rows_affected() > 0, "{statement}");
    }
    pool.close().await;
    // Told since, of a day before the cut-off: the papers that were made fix what the others are made from.
    months.import("2026-01-06T00:00:00Z", "members_2026-01-03.csv");
    for done in [json!(["2025-12"]), json!([])] {
        assert_eq!(months.tick("2026-01-06T06:00:00+09:00")["done"], done);
    }
    assert_eq!(months.papers("2025-12"), before);
    assert_eq!(told(&months.list("2026-01-06T00:00:00Z")), [("2025-12", "done", 1)]);
}

/// Two bells at once: one of them makes the month, whichever is first, and it is made once.
#[test]
fn two_ticks_at_once_make_a_month_once() {
    let months = Months::of("early-run-closes-the-month");
    months.import("2026-01-01T00:00:00Z", "members_2025-12-31.csv");
    let start = || {
        let mut command = months.office.program();
        command.args(["jobs", "tick", "--now", "2026-01-05T06:00:00+09:00"]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().expect("it starts")
    };
    let both = [start(), start()].map(|mut child| child.wait().expect("it ends").code());
    // The one that comes too late is told that another is writing, or finds the month made.
    assert!(both.contains(&Some(0)) && both.iter().all(|exit| [Some(0), Some(4)].contains(exit)), "{both:?}");
    let list = months.list("2026-01-06T00:00:00Z");
    assert_eq!((told(&list), &list["2025-12"]["attempts"]), (vec![("2025-12", "done", 1)], &json!(1)));
}

/// The found case: lines that do not come true once in every month, and one that a person writes in words.
#[test]
fn schedule_that_is_not_monthly_is_refused_with_an_example() {
    let months = Months::of("cron-day-and-weekday");
    for (settings, code) in
        [("first-monday.toml", "JOB-005"), ("thirty-first.toml", "JOB-005"), ("april.toml", "JOB-005")]
    {
        months.settings_of(settings);
        for command in
            [["jobs", "next"].as_slice(), &["jobs", "tick", "--now", "2026-12-07T06:00:00+09:00"], &["serve"]]
        {
            let run = months.at("2026-11-28T00:00:00Z", command);
            assert_eq!(run.exit, Some(2), "{settings} {command:?}: {}", run.stderr);
            for word in [code, "2行目", "monthly_at", "0 0 6 5 * *", "MON#1", "0 0 6 L * *"] {
                assert!(run.stderr.contains(word), "{settings} {word}: {}", run.stderr);
            }
        }
    }
    months.settings("monthly_at = \"毎月5日\"\n");
    let run = months.at("2026-11-28T00:00:00Z", &["jobs", "next"]);
    assert_eq!((run.exit, run.stderr.contains("毎月5日の6時は 0 0 6 5 * *")), (Some(2), true), "{}", run.stderr);
    months.settings("monthly_at = \"0 0 6 * * MON#1\"\n");
    let next = months.next("2026-11-28T00:00:00Z");
    assert_eq!(
        next[..2],
        [("2026-11".into(), "2026-12-06T21:00:00Z".into()), ("2026-12".into(), "2027-01-03T21:00:00Z".into())]
    );
}

/// One month with everything at once: a name that no font prints, a file of a kind that nobody takes in, a file that is
/// refused, a report that is not there, and a schedule that moved. All other papers are made, and one summary says what to do.
#[test]
fn month_with_four_troubles_ends_with_all_other_papers_and_one_summary() {
    let months = Months::of("late-export-month-waits-for-ever");
    let all = "reports = [\"member-counts\", \"withdrawal-audit\", \"transfer-audit\", \"member-count\"]\n";
    months.settings("");
    months.import_rows("2025-12-01T00:00:00Z", "members_2025-11-30.csv", &rows(30));
    let first = months.tick("2026-01-05T06:00:00+09:00");
    assert_eq!((&first["done"], &first["waiting"][0][0]), (&json!(["2025-11"]), &json!("2025-12")), "{first}");

    months.settings(&format!("{all}monthly_at = \"0 0 6 10 * *\"\n"));
    let mut december = rows(30);
    december[0] = row(200_001, "架空　\u{e000}", "2025-12-10");
    months.office.save("kaiin-data/inbox/members_2026-01-07.csv", export(&december));
    months.office.save("kaiin-data/inbox/members_2026-01-08.csv", "見出し,だけ\n1,2\n");
    months.office.save("kaiin-data/inbox/退会届.pdf", "%PDF-1.4");
    let now = "2026-01-10T06:00:00+09:00";
    let (exit, report) = months.tick_with(now);
    assert_eq!(exit, Some(1), "{report}");
    assert_eq!(report["moved"][0][0], json!("2025-12"), "{report}");
    assert!(report["refused"].to_string().contains("members_2026-01-08.csv"), "{report}");
    assert_eq!((&report["partial"], &report["done"]), (&json!(["2025-12"]), &json!([])), "{report}");
    let missing: Vec<_> = report["missing"].as_array().expect("papers").iter().map(|one| &one["report"]).collect();
    assert_eq!(missing, [&json!("member-count")], "{report}");
    let papers = months.papers("2025-12");
    for name in ["member-counts", "transfer-audit", "withdrawal-audit"] {
        let is_made = papers.keys().any(|file| file.contains(name) && file.ends_with(".pdf"));
        assert!(is_made, "{name}: {:?}", papers.keys());
    }
    assert_eq!(months.members("2025-12"), ("29".into(), "R8.1.7".into()));
    let todo: Vec<&str> = report["todo"].as_array().expect("lines").iter().filter_map(Value::as_str).collect();
    assert_eq!(todo.len(), 4, "{todo:?}");
    for word in ["members_2026-01-08.csv", "退会届.pdf", "member-count", "withdrawal-audit: FNT-003"] {
        assert!(todo.iter().any(|line| line.contains(word)), "{word}: {todo:?}");
    }

    // The second time nothing is made again, and what is missing is told again.
    let (_, again) = months.tick_with("2026-01-10T06:10:00+09:00");
    assert_eq!((&again["partial"], &again["missing"]), (&report["partial"], &report["missing"]), "{again}");
    assert_eq!(months.papers("2025-12"), papers);
}

/// A clock that was years ahead: months that have not ended get no row for good, and a month that was made before its time is
/// named at every ring.
#[test]
fn clock_that_was_ahead_leaves_no_months_to_come_and_is_named() {
    let months = Months::of("early-run-closes-the-month");
    months.import_rows("2026-01-01T00:00:00Z", "members_2025-12-31.csv", &rows(30));
    let (_, ahead) = months.tick_with("2031-06-01T00:00:00Z");
    assert_eq!(ahead["done"], json!(["2025-12"]));
    assert!(months.list("2031-06-01T00:00:00Z").contains_key("2031-04"));
    let copy = months.office.copy();
    let told = Run::of(copy.program().env("KAIIN_NOW", "2026-01-02T00:00:00Z").args(["jobs", "tick"])).stderr;
    assert!(told.contains("2026-01 – 2031-04 は、まだ終わっていない月"), "{told}");
    let (exit, right) = months.tick_with("2026-01-02T00:00:00Z");
    assert_eq!((exit, &right["ahead"]), (Some(0), &json!(["2025-12"])));
    assert_eq!(right["dropped"].as_array().map(Vec::len), Some(64), "2026-01 to 2031-04: {right}");
    assert_eq!(months.list("2026-01-02T00:00:00Z").into_keys().collect::<Vec<_>>(), ["2025-12"]);
    // After its time it is a month like any other.
    assert_eq!(months.tick_with("2026-01-10T00:00:00Z").1["ahead"], json!([]));
}
