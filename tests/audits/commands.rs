//! `kaiin audit` on the command line: what stands on the screen and what in files, areas, days, and figures given out.

use rstest::rstest;
use serde_json::{Value, json};

use super::codes::{self, KINDS};
use crate::cli::people::{self, NEXT, PERSONAL, edited};
use crate::cli::program::Office;
use crate::cli::refusal::{assert_refused, refusal};
use crate::cli::samples::Sample;

fn lines(office: &Office, arguments: &str) -> Vec<Value> {
    let run = office.run(&format!("--json audit {arguments}"));
    let answer: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("audit {arguments}: {}", run.stderr));
    answer["findings"].as_array().expect("a list").clone()
}

/// One person vanished, one stands twice, one left late.
fn office() -> Office {
    let office = people::office();
    let shown = edited(|cells| {
        (cells[1][8], cells[1][9]) = ("2025-09-20".into(), "退会".into());
        cells.remove(11);
        let mut row = cells[2].clone();
        (row[0], row[5], row[7]) = ("910099".into(), "浦和医師会".into(), "2025-10-05".into());
        cells.push(row);
    });
    office.save(NEXT, shown);
    office.import(NEXT);
    office
}

#[test]
fn screen_names_nobody_and_files_name_everybody() {
    let office = office();
    for kind in KINDS {
        let run = office.run(&format!("audit {kind} --from 2025-09-01 --to 2025-10-31"));
        for personal in PERSONAL {
            assert!(!run.stdout.contains(personal), "{kind} shows {personal}: {}", run.stdout);
        }
    }
    let run = office.run("audit withdrawals --from 2025-09-01 --to 2025-10-31 --format csv --out list.csv");
    assert_eq!((run.exit, run.stdout.as_str()), (Some(1), ""));
    let list = std::fs::read_to_string(office.folder().join("list.csv")).expect("the file is written");
    assert!(list.contains("架空林　10") && list.contains("910011"), "{list}");
    assert!(list.starts_with('\u{feff}') && list.contains("\r\n"), "a spreadsheet opens it");
}

#[test]
fn same_audit_twice_is_the_same_file() {
    let office = office();
    for format in ["csv", "xlsx"] {
        let made = ["one", "two"].map(|name| {
            let file = format!("{name}.{format}");
            office.run(&format!("audit withdrawals --format {format} --out {file}"));
            std::fs::read(office.folder().join(file)).expect("the file is written")
        });
        assert!(made[0] == made[1], "{format} differs from itself");
    }
}

#[rstest]
#[case::reversed("audit tiers --from 2025-10-31 --to 2025-10-01", "QRY-007")]
#[case::nowhere("audit tiers --association 架空医師会", "QRY-004")]
#[case::no_prefecture("audit late --prefecture 99", "QRY-004")]
fn wrong_wish_is_refused(#[case] arguments: &str, #[case] code: &'static str) {
    assert_refused(&office(), arguments, refusal(2, code));
}

#[rstest]
#[case::workbook_for_the_screen("audit tiers --format xlsx")]
#[case::table_for_a_file("audit tiers --out list.txt")]
fn format_that_does_not_fit_its_place_is_refused(#[case] arguments: &str) {
    let run = office().run(arguments);
    assert_eq!((run.exit, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("USE-001") && run.stderr.contains("--out"), "{}", run.stderr);
}

/// Each finding is about a body of one prefecture, or about two of them.
#[test]
fn prefectures_share_out_the_findings() {
    let (office, _) = Sample::three_prefectures().taken_in();
    let span = "--from 2025-09-01 --to 2025-12-31";
    let key = |line: &Value| format!("{line}");
    for kind in ["withdrawals", "late", "transfers", "mamis-difference"] {
        let all: Vec<String> = lines(&office, &format!("{kind} {span}")).iter().map(key).collect();
        let mut parts: Vec<String> = ["11", "13", "26"]
            .iter()
            .flat_map(|code| lines(&office, &format!("{kind} {span} --prefecture {code}")))
            .map(|line| key(&line))
            .collect();
        let n_all = all.len();
        assert!(parts.len() >= n_all && n_all > 10, "{kind}");
        if kind != "transfers" {
            assert_eq!(parts.len(), n_all, "{kind}");
        }
        parts.sort();
        parts.dedup();
        let mut all = all;
        all.sort();
        assert_eq!(parts, all, "{kind}");
    }
    let of_body = lines(&office, &format!("withdrawals {span} --association 11-001"));
    assert!(!of_body.is_empty() && of_body.iter().all(|line| line["association"] == "11-001"), "{of_body:?}");
}

#[test]
fn tiers_as_of_a_day_tells_the_breaks_of_that_day() {
    let office = codes::office();
    let on = |as_of: &str| -> Vec<Value> {
        let lines = lines(&office, &format!("tiers --as-of {as_of}"));
        lines.iter().map(|line| json!([line["registration_number"], line["code"], line["days"]])).collect()
    };
    // 7 left the prefecture ten days after the body below; 9 not at all; 12 was on the way.
    assert_eq!(
        on("2025-10-11"),
        [
            json!([300_010, "AUD-043", 19]),
            json!([300_007, "AUD-042", 10]),
            json!([300_008, "AUD-044", 10]),
            json!([300_009, "AUD-041", 1]),
            json!([300_012, "AUD-040", 5])
        ]
    );
    assert_eq!(on("2025-10-21"), [json!([300_009, "AUD-041", 11])]);
}

/// A late exit changes the figures of a snapshot and of the monthly papers too.
#[test]
fn late_exit_names_the_figures_that_were_given_out() {
    let office = people::office();
    assert_eq!(office.run("snapshot take --as-of 2025-09-25").exit, Some(0));
    assert_eq!(office.run("snapshot take --as-of 2025-09-15").exit, Some(0));
    let settings = "[jobs]\nsettle_seconds = 0\nreports = [\"member-counts\"]\n";
    std::fs::write(office.data().join("kaiin.toml"), settings).expect("the folder can be written");
    let run = office.run("jobs run monthly-papers 2025-09");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    office.save(NEXT, edited(|cells| (cells[1][8], cells[1][9]) = ("2025-09-20".into(), "退会".into())));
    office.import(NEXT);
    let lines = lines(&office, "late --from 2025-10-01 --to 2025-10-31");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0]["code"], &lines[0]["days"]), (&json!("AUD-010"), &json!(41)));
    let figures: Vec<Value> = lines[0]["figures"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| json!([one["as_of"], one["known_at"], one["given_out_as"], one["before"], one["now"]]))
        .collect();
    let expected = [
        json!(["2025-09-25", "2025-09-30", ["snapshot"], 30, 29]),
        json!(["2025-09-30", "2025-09-30", ["snapshot", "papers"], 30, 29]),
    ];
    assert_eq!(figures, expected);
}

/// A number that was given up is missed in no body in which an export shows its person under the other number.
#[test]
fn number_that_was_given_up_is_not_missed() {
    let office = people::office();
    let twice = edited(|cells| {
        let mut row = cells[1].clone();
        row[0] = "910099".into();
        cells.push(row);
    });
    office.save(NEXT, twice);
    office.import(NEXT);
    office.save("members_2025-11-30.csv", edited(|_| ()));
    office.import("members_2025-11-30.csv");
    let missed = |known_at: &str| {
        let lines = lines(&office, &format!("withdrawals --known-at {known_at}"));
        lines.iter().filter(|line| line["code"] == "FND-005").count()
    };
    assert_eq!(missed("2025-11-30"), 1);
    let merge =
        "調整番号,調整種別,医籍登録番号,統合元番号,理由,承認者\nT1,同一人物,910001,910099,書面で確認,事務局長\n";
    office.save("adjustments_2025-12-05.csv", merge);
    office.import("adjustments_2025-12-05.csv");
    assert_eq!((missed("2025-11-30"), missed("2025-12-05")), (1, 0));
}

/// A closed row of a merged body is 組織変更: no line of the ledger, and a line of the transfers.
#[test]
fn closed_row_of_a_merged_body_is_no_withdrawal() {
    let office = codes::office();
    let of_person = |kind: &str| -> Vec<Value> {
        let all = lines(&office, &format!("{kind} --from 2025-09-01 --to 2025-12-31"));
        all.into_iter().filter(|line| line["registration_number"] == 300_005).collect()
    };
    assert_eq!(of_person("withdrawals"), Vec::<Value>::new());
    let moved = of_person("transfers");
    assert_eq!(moved.iter().map(|line| &line["code"]).collect::<Vec<_>>(), ["AUD-038"]);
}
