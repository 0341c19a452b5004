//! The clock over fourteen months: kills and pauses leave no trace in what was written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::program::Office;
use super::samples::Sample;

/// Month ends from December 2024 to January 2026, a leap-free year with 31 March in it.
pub const DAYS: [&str; 14] = [
    "2024-12-31",
    "2025-01-31",
    "2025-02-28",
    "2025-03-31",
    "2025-04-30",
    "2025-05-31",
    "2025-06-30",
    "2025-07-31",
    "2025-08-31",
    "2025-09-30",
    "2025-10-31",
    "2025-11-30",
    "2025-12-31",
    "2026-01-31",
];

/// The month whose export nobody made.
const MISSING: usize = 6;

/// Small and quick: one report, and files count as resolved at once.
const SETTINGS: &str = "[jobs]\nsettle_seconds = 0\nreports = [\"member-counts\", \"withdrawal-audit\"]\n";

/// Invented people of one body: every seventh leaves in some month, every ninth joins in some month.
pub fn export(month: usize) -> String {
    let mut text = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,\
                    都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n"
        .to_owned();
    for nth in 0..80_usize {
        let joins = if nth % 9 == 0 { nth / 9 % DAYS.len() } else { 0 };
        let leaves = nth % 7 == 0 && nth / 7 % DAYS.len() <= month;
        if joins > month {
            continue;
        }
        let joined = if joins > 0 { DAYS[joins].replace('-', "/") } else { format!("2001-04-{:02}", 1 + nth % 28) };
        let left = if leaves { DAYS[nth / 7 % DAYS.len()] } else { "" };
        let state = if leaves { "退会" } else { "在籍" };
        let class = ["A①", "A②(B)", "B"][nth % 3];
        let cells = format!("浦和医師会,{class},{joined},{left},{state},,,,,,");
        writeln!(text, "{},架空　例,{cells}", 100_000 + nth).expect("a text takes more text");
    }
    text
}

/// An office whose inbox holds nothing but the master.
fn office() -> Office {
    let office = Office::new();
    let sample = Sample::cases();
    std::fs::create_dir_all(office.data().join("inbox")).expect("the temporary folder can be written");
    std::fs::write(office.data().join("kaiin.toml"), SETTINGS).expect("the temporary folder can be written");
    office.import(&sample.files[0].display().to_string());
    office
}

fn drop_export(office: &Office, month: usize) {
    if month == MISSING {
        return;
    }
    let name = format!("kaiin-data/inbox/members_{}.csv", DAYS[month]);
    office.save(&name, export(month));
}

/// The morning on which the run of a month is scheduled.
fn morning(month: usize) -> String {
    let (year, number) = DAYS[month].split_once('-').expect("an ISO date");
    let year: u32 = year.parse().expect("a year");
    let number: u32 = number[..2].parse().expect("a month");
    let (year, number) = if number == 12 { (year + 1, 1) } else { (year, number + 1) };
    format!("{year}-{number:02}-05T06:00:00+09:00")
}

fn tick(office: &Office, month: usize) -> Value {
    let run = office.run(&format!("--json jobs tick --now {}", morning(month)));
    let told: Value = serde_json::from_str(&run.stdout).expect("a tick reports in JSON");
    let is_reported = |key: &str| told[key].as_array().is_some_and(|told| !told.is_empty());
    let needs_a_person = is_reported("waiting") || is_reported("refused");
    assert_eq!(run.exit, Some(i32::from(needs_a_person)), "{}", run.stderr);
    told
}

/// A tick that is killed after a while; it may have been faster.
fn killed_tick(office: &Office, month: usize, after: Duration) {
    let mut command = office.program();
    command.args(["jobs", "tick", "--now", &morning(month)]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program can be started");
    std::thread::sleep(after);
    // A child that has ended cannot be killed any more, which is no failure of this test.
    let _ = child.kill();
    child.wait().expect("the child was started here");
}

/// Every file below a folder, by its name there.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                out.insert(name, std::fs::read(&path).expect("the file can be read"));
            }
        }
    }
    out
}

fn written(office: &Office) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    for name in ["papers", "snapshots"] {
        for (file, bytes) in files(&office.data().join(name)) {
            out.insert(format!("{name}/{file}"), bytes);
        }
    }
    out
}

fn states(office: &Office) -> Vec<(String, String)> {
    let run = office.run("--json jobs list");
    let rows: Vec<Value> = serde_json::from_str(&run.stdout).expect("the ledger is listed in JSON");
    rows.iter().map(|row| (text(row, "period"), text(row, "state"))).collect()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().expect("a text").to_owned()
}

#[test]
fn kills_and_pauses_leave_the_same_bytes() {
    let quiet = office();
    for month in 0..DAYS.len() {
        drop_export(&quiet, month);
        tick(&quiet, month);
    }
    let disturbed = office();
    let delays = [15, 40, 80, 140, 220, 330, 480, 700];
    for month in 0..DAYS.len() {
        drop_export(&disturbed, month);
        // The machine is down from February to April and again in autumn.
        if (2..=4).contains(&month) || (9..=10).contains(&month) {
            continue;
        }
        for delay in delays.iter().skip(month % 3).step_by(3) {
            killed_tick(&disturbed, month, Duration::from_millis(*delay));
        }
        tick(&disturbed, month);
    }
    let (expected, found) = (written(&quiet), written(&disturbed));
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    for (name, bytes) in &expected {
        assert!(found[name] == *bytes, "{name} differs");
    }
    assert_eq!(states(&quiet), states(&disturbed));
    let waiting: Vec<_> = states(&quiet).into_iter().filter(|(_, state)| state != "done").collect();
    assert_eq!(waiting, [("2025-06".to_owned(), "waiting".to_owned())]);
    assert!(quiet.run("snapshot verify").exit == Some(0));
}

#[test]
fn period_that_is_done_is_never_run_again() {
    let office = office();
    drop_export(&office, 0);
    assert_eq!(tick(&office, 0)["done"], serde_json::json!(["2024-12"]));
    let before = written(&office);
    assert_eq!(tick(&office, 0)["done"], serde_json::json!([]));
    let again = office.run("--json jobs run monthly-papers 2024-12");
    assert_eq!(again.exit, Some(0), "{}", again.stderr);
    assert_eq!(before, written(&office));
}

#[test]
fn month_waits_until_its_export_comes() {
    let office = office();
    drop_export(&office, 0);
    tick(&office, 0);
    let report = tick(&office, 1);
    assert_eq!((&report["done"], report["waiting"][0][0].as_str()), (&serde_json::json!([]), Some("2025-01")));
    drop_export(&office, 1);
    assert_eq!(tick(&office, 1)["done"], serde_json::json!(["2025-01"]));
}

#[test]
fn refused_file_leaves_the_inbox_with_its_reason() {
    let office = office();
    drop_export(&office, 0);
    office.save("kaiin-data/inbox/members_2024-11-30.csv", "見出し,だけ\n1,2\n");
    let report = tick(&office, 0);
    assert_eq!(report["refused"], serde_json::json!(["members_2024-11-30.csv"]));
    assert_eq!(report["done"], serde_json::json!(["2024-12"]));
    let reason = office.data().join("inbox/refused/members_2024-11-30.csv.理由.txt");
    let reason = std::fs::read_to_string(reason).expect("the reason stands beside the file");
    assert!(reason.starts_with("IMP-20"), "{reason}");
}

/// A file that grows while the clock looks at it is left for the next time.
#[test]
fn growing_file_is_left_for_the_next_time() {
    let office = office();
    std::fs::write(office.data().join("kaiin.toml"), "[jobs]\nsettle_seconds = 1\nreports = [\"member-counts\"]\n")
        .expect("the temporary folder can be written");
    let text = export(0);
    let half = text.len() / 2;
    let half = (half..).find(|at| text.is_char_boundary(*at)).expect("a text ends at a boundary");
    let path = office.data().join("inbox/members_2024-12-31.csv");
    std::fs::write(&path, &text[..half]).expect("the inbox can be written");
    let mut command = office.program();
    command.args(["--json", "jobs", "tick", "--now", &morning(0)]).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.spawn().expect("the program can be started");
    std::thread::sleep(Duration::from_millis(700));
    std::fs::write(&path, &text).expect("the inbox can be written");
    let output = child.wait_with_output().expect("the program ends");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a tick reports in JSON");
    assert_eq!(report["left"], serde_json::json!(["members_2024-12-31.csv"]), "{report}");
    assert_eq!(tick(&office, 0)["done"], serde_json::json!(["2024-12"]));
}
