//! The record of what was handed out (持ち出しの記録): who took persons out, by which command, into which file.

use std::fs;

use rstest::rstest;
use serde_json::{Value, json};

use super::prepared::prepared;
use super::program::Office;
use super::samples::Sample;

fn office() -> Office {
    Office::copy_of(&prepared(&Sample::saitama()).folder)
}

fn noted(office: &Office) -> Vec<Value> {
    office.json("incident --list").as_array().expect("a list").clone()
}

/// The program as a user of a name runs it.
fn run_as(office: &Office, user: &str, arguments: &str) -> (Option<i32>, String, String) {
    let mut command = office.program();
    command.env("USER", user).env_remove("SUDO_USER").args(arguments.split_whitespace());
    let output = command.output().expect("the program can be started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A file that an audit wrote is known again under any name: who wrote it, when, and how many persons stand in it.
#[test]
fn file_of_an_audit_is_known_again() {
    let office = office();
    let command = "audit withdrawals --from 2025-12-01 --to 2025-12-31 --format csv --out 監査.csv";
    run_as(&office, "h.sato", command);
    let entries = noted(&office);
    let bytes = fs::read(office.folder().join("監査.csv")).expect("it was written");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let rows = text.lines().count() - 1;
    let n_persons = entries[0]["persons"].as_u64().expect("a number");
    assert!(n_persons > 0 && usize::try_from(n_persons).expect("small") <= rows, "{n_persons} in {rows} rows");
    assert_eq!((&entries[0]["who"], &entries[0]["what"]), (&json!("h.sato"), &json!("audit withdrawals")));
    office.save("届いた.bin", &bytes);
    let answer = office.json("incident 届いた.bin");
    let file = &answer["files"][0];
    assert_eq!((&file["known_by"], &file["known"][0]["kind"]), (&json!("content"), &json!("handed_out")));
    assert_eq!(file["known"][0]["persons"]["most"], json!(n_persons));
    assert_eq!(answer["most_persons"], json!(n_persons));
    assert_eq!(file["taken"][0]["who"], "h.sato");
    let shown = office.run("incident 届いた.bin").stdout;
    assert!(shown.contains("持ち出し") && shown.contains("h.sato") && shown.contains("audit withdrawals"), "{shown}");
    let listed = office.run("incident --list").stdout;
    assert!(listed.contains("監査.csv") && listed.contains("h.sato"), "{listed}");
    // A name alone tells who wrote a file of that name.
    let by_name = run_as(&office, "x", "--json incident 監査.csv.bak").1;
    assert!(!by_name.contains("h.sato"), "{by_name}");
    assert_eq!(office.run("verify").exit, Some(0));
}

/// What names persons or takes all of them along is noted; numbers are not.
#[rstest]
#[case::explained("explain 浦和 --as-of 2025-12-31", &["explain"])]
#[case::explained_for_programs("--json explain 浦和 --as-of 2025-12-31", &["explain"])]
#[case::audited_for_programs("--json audit withdrawals", &["audit withdrawals"])]
#[case::audited_on_a_screen("audit withdrawals", &[])]
#[case::counted("count --as-of 2025-12-31", &[])]
#[case::moved("movements --from 2025-12-01 --to 2025-12-31", &[])]
#[case::exported("timeline export --out 書き出し", &["timeline export"])]
#[case::backed_up("backup .", &["backup"])]
#[case::refused("explain どこにもない医師会 --as-of 2025-12-31", &[])]
fn what_takes_persons_along_is_noted(#[case] command: &str, #[case] expected: &[&str]) {
    let office = office();
    run_as(&office, "h.sato", command);
    let found: Vec<String> =
        noted(&office).iter().map(|one| one["what"].as_str().expect("a text").to_owned()).collect();
    assert_eq!(found, expected);
}

#[test]
fn days_limit_the_list() {
    let office = office();
    for now in ["2026-01-04T14:59:59Z", "2026-01-04T15:00:00Z"] {
        let mut command = office.program();
        command.env("KAIIN_NOW", now).args(["explain", "浦和", "--as-of", "2025-12-31"]);
        assert!(command.output().expect("the program can be started").status.success());
    }
    for (from, to, n) in
        [("2026-01-04", "2026-01-04", 1), ("2026-01-05", "2026-01-05", 1), ("2026-01-04", "2026-01-05", 2)]
    {
        let found = office.json(&format!("incident --list --from {from} --to {to}"));
        assert_eq!(found.as_array().expect("a list").len(), n, "{from} – {to}");
    }
    assert!(office.run("incident --list --from 2026-02-01").stdout.contains("ありません"));
}

#[test]
fn edited_record_is_found_by_verify() {
    let office = office();
    for _ in 0..3 {
        run_as(&office, "h.sato", "explain 浦和 --as-of 2025-12-31");
    }
    assert_eq!(office.run("verify").exit, Some(0));
    let path = office.data().join("handed-out.jsonl");
    let text = fs::read_to_string(&path).expect("it is there");
    fs::write(&path, text.replacen("h.sato", "s.suzuki", 1)).expect("it can be written");
    let run = office.run("--json verify");
    assert_eq!(run.exit, Some(1));
    assert!(run.stdout.contains("STO-024") && run.stdout.contains("handed-out.jsonl:2"), "{}", run.stdout);
}

/// Whoever may read a data folder and not write it is answered, and hears that nothing was noted.
#[test]
fn record_that_cannot_be_written_is_told() {
    let office = office();
    fs::create_dir(office.data().join("handed-out.jsonl")).expect("a folder in its place");
    let (exit, stdout, stderr) = run_as(&office, "h.sato", "explain 浦和 --as-of 2025-12-31");
    assert_eq!(exit, Some(0), "{stderr}");
    assert!(stdout.contains("浦和") && stderr.contains("INC-020"), "{stderr}");
}
