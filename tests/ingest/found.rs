//! Files of offices that were read wrongly once (`tests/fixtures/found`), each with the right value, and its neighbours.

use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::Value;

use crate::cli::program::{Office, Run};

const MASTER: &str = "associations.csv";

fn found(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/found").join(case)
}

/// An office that has the files of a case beside it.
fn office(case: &str) -> Office {
    let office = Office::new();
    for entry in std::fs::read_dir(found(case)).expect("the case can be read") {
        let path = entry.expect("the case can be read").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        office.save(&name, std::fs::read(&path).expect("the case can be read"));
    }
    office
}

fn text(office: &Office, name: &str) -> String {
    std::fs::read_to_string(office.folder().join(name)).expect("the file can be read")
}

fn local(office: &Office, as_of: &str) -> Value {
    office.json(&format!("count --as-of {as_of} --tier local"))["totals"]["local"]["memberships"].clone()
}

fn assert_refused(run: &Run, code: &str, parts: &[&str]) {
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    for part in parts.iter().chain(&[code]) {
        assert!(run.stderr.contains(part), "{part:?} is not said: {}", run.stderr);
    }
}

/// An opening mark in line 3 and a closing one in line 5: three of five members were left, and nothing was said.
#[test]
fn quotes_that_swallow_rows_refuse_the_file() {
    let office = office("quote-swallows-rows");
    let run = office.run(&format!("import {MASTER} members_2025-12-31.csv"));
    assert_refused(&run, "IMP-250", &["3行目", "G列", "3～5"]);
    let mended = text(&office, "members_2025-12-31.csv").replace('"', "");
    office.save("members_2025-12-31.csv", mended.replace("架空医院2", "\"架空医院2\n青空市1-2-3, 別館\""));
    office.import(&format!("{MASTER} members_2025-12-31.csv"));
    assert_eq!(local(&office, "2025-12-31"), 5);
}

/// 01 that became 1 beside 上位コード P01: the paper of 01 printed 3 local members beside 6 prefectural ones.
#[test]
fn zero_of_a_prefecture_code_is_restored() {
    let office = office("prefecture-code-not-checked");
    office.import(&format!("{MASTER} members_2025-12-31.csv"));
    for prefecture in ["1", "01", "P1", "P01"] {
        let count = office.json(&format!("count --as-of 2025-12-31 --by tier --prefecture {prefecture}"));
        let n = |tier: &str| count["totals"][tier]["memberships"].clone();
        assert_eq!((n("local"), n("prefectural")), (6.into(), 6.into()), "{prefecture}");
    }
    office.run("report member-counts --as-of 2025-12-31 --prefecture 1 --format csv --out o");
    let by_prefecture = office.json("count --as-of 2025-12-31 --by prefecture --tier local");
    assert_eq!(by_prefecture["rows"][0]["prefecture"], "01");
}

/// Codes of bodies that a spreadsheet took the zeros from, in the next master and in the list of members.
#[test]
fn codes_without_their_zeros_are_the_same_bodies() {
    let office = office("prefecture-code-not-checked");
    office.import(&format!("{MASTER} members_2025-12-31.csv"));
    office.save("master2.csv", text(&office, MASTER).replace("01-00", "1-").replace("P01", "P1"));
    assert_eq!(office.import("master2.csv")[0]["status"], "stored");
    office.save("members_2026-01-31.csv", text(&office, "members_2025-12-31.csv").replace("01-00", "1-"));
    let report = office.import("members_2026-01-31.csv");
    assert_eq!(report[0]["stays"]["unchanged"], 18, "{report}");
    let count = office.json("count --as-of 2026-01-31 --by association --tier local");
    assert_eq!(count["rows"][0]["association"], "01-001");
}

/// A slip in the prefecture code names the cell.
#[rstest]
#[case::slip(",P01,1,2", ",P01,2,2", "IMP-253", "5行目 H列")]
#[case::under_the_nation("甲二,,P01", "甲二,,JMA", "IMP-255", "5行目 G列")]
fn master_that_is_no_tree_names_the_cell(
    #[case] old: &str,
    #[case] new: &str,
    #[case] code: &str,
    #[case] place: &str,
) {
    let office = office("prefecture-code-not-checked");
    office.save(MASTER, text(&office, MASTER).replace(old, new));
    assert_refused(&office.run(&format!("import {MASTER}")), code, &[place]);
}

/// 2015-04-01 shown as 2015年4月 was no date: the whole file was refused.
#[test]
fn whole_date_shown_as_a_month_is_read() {
    let office = office("date-shown-as-year-and-month");
    let report = office.import(&format!("{MASTER} members_2025-12-31.xlsx"));
    assert_eq!(report[1]["rejected_rows"], 0, "{report}");
    assert_eq!(local(&office, "2025-12-31"), 5);
    // The same people in a text with whole dates: nothing changes.
    let plain = std::fs::read_to_string(found("quote-swallows-rows").join("members_2025-12-31.csv"));
    office.save("members_2026-01-01.csv", plain.expect("the case can be read").replace('"', ""));
    let again = office.import("members_2026-01-01.csv");
    assert_eq!(again[0]["stays"]["unchanged"], 15, "{again}");
}

/// T120131 was 大正12年1月31日 and r2.1.3 令和2年1月3日.
#[rstest]
#[case("members_20251231T120131.csv")]
#[case("members_2025-12-31_ver2.1.3.csv")]
fn time_and_version_in_a_name_are_no_days(#[case] name: &str) {
    let office = office("time-in-file-name-is-an-era-date");
    let report = office.import(&format!("{MASTER} {name}"));
    assert_eq!(report[1]["known_at"], "2025-12-31");
}

#[test]
fn two_days_in_a_name_are_asked_about() {
    let office = office("time-in-file-name-is-an-era-date");
    let name = "members_2025-12-31_20260105.csv";
    office.save(name, text(&office, "members_20251231T120131.csv"));
    let run = office.run(&format!("import {MASTER} {name}"));
    assert_refused(&run, "IMP-251", &["2025-12-31", "2026-01-05", "--known-at"]);
    let report = office.import(&format!("{MASTER} {name} --known-at 2026-01-05"));
    assert_eq!(report[1]["known_at"], "2026-01-05");
}

#[test]
fn export_day_before_1990_is_refused() {
    let office = office("time-in-file-name-is-an-era-date");
    office.import(MASTER);
    office.save("members_1989-12-31.csv", text(&office, "members_20251231T120131.csv"));
    assert_refused(&office.run("import members_1989-12-31.csv"), "IMP-252", &["1989-12-31", "--known-at"]);
    let run = office.run("import members_1989-12-31.csv --known-at 1989-12-31");
    assert_refused(&run, "IMP-252", &["1989-12-31"]);
}

/// The clock of the office stands at 2026-02-01 in Tokyo.
#[test]
fn day_ahead_of_the_clock_is_read_and_two_are_not() {
    let office = office("time-in-file-name-is-an-era-date");
    office.import(MASTER);
    for name in ["members_2026-02-02.csv", "members_2026-02-03.csv"] {
        office.save(name, text(&office, "members_20251231T120131.csv"));
    }
    assert_eq!(office.import("members_2026-02-02.csv")[0]["known_at"], "2026-02-02");
    assert_refused(&office.run("import members_2026-02-03.csv"), "IMP-219", &["2026-02-03"]);
}

/// 2025-12-31T15:00:00Z lost its zone.
#[test]
fn instants_are_days_of_tokyo() {
    let office = office("utc-time-stamps");
    office.import(&format!("{MASTER} members_2026-01-31.csv"));
    for (as_of, n) in [("2025-11-30", 2), ("2025-12-01", 4), ("2026-01-01", 4), ("2026-01-02", 3)] {
        assert_eq!(local(&office, as_of), n, "{as_of}");
    }
}

/// What a Mac and Excel put around a list, all of it in one file.
#[test]
fn list_dressed_by_excel_and_a_mac_is_read() {
    let office = office("quote-swallows-rows");
    let master = text(&office, MASTER).replace("青空市,青空,", "みどり市,あおぞら区,");
    office.save(MASTER, master);
    let plain = text(&office, "members_2025-12-31.csv").replace(['"', '\u{feff}'], "");
    let dressed = plain.replace("11-001,青空市医師会", ",みと\u{3099}り市").replace("2015-04-01", "=\"2015/4/1(水)\"");
    office.save(
        "members_2025-12-31.csv",
        format!("\u{feff}sep=,\r\n会員一覧（架空県）\r\n\r\n{dressed}合計,5名\r\n\u{1a}"),
    );
    let report = office.import(&format!("{MASTER} members_2025-12-31.csv"));
    assert_eq!((&report[1]["rejected_rows"], &report[1]["rows"]), (&0.into(), &5.into()), "{report}");
    let notes: Vec<(&str, u64)> = report[1]["notes"]
        .as_array()
        .expect("notes")
        .iter()
        .map(|note| (note["code"].as_str().expect("a code"), note["row"].as_u64().expect("a row")))
        .collect();
    assert_eq!(notes, [("IMP-142", 1), ("IMP-143", 9)]);
    assert_eq!(local(&office, "2025-12-31"), 5);
}
