//! The record of what was handed out (持ち出しの記録): who took persons out, by which command, into which file.

use std::fs;
use std::path::Path;

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
    assert_eq!(entries[0]["what"], json!("audit withdrawals"));
    // The name is what the surroundings say; the number nobody chooses.
    let who = entries[0]["who"].as_str().expect("a text");
    assert!(who.starts_with("h.sato（uid ") || cfg!(not(unix)) && who == "h.sato", "{who}");
    office.save("届いた.bin", &bytes);
    let answer = office.json("incident 届いた.bin");
    let file = &answer["files"][0];
    assert_eq!((&file["known_by"], &file["known"][0]["kind"]), (&json!("content"), &json!("handed_out")));
    assert_eq!(file["known"][0]["persons"]["most"], json!(n_persons));
    assert_eq!(answer["most_persons"], json!(n_persons));
    assert_eq!(file["taken"][0]["who"], entries[0]["who"]);
    let shown = office.run("incident 届いた.bin").stdout;
    assert!(shown.contains("持ち出し") && shown.contains("h.sato") && shown.contains("audit withdrawals"), "{shown}");
    let listed = office.run("incident --list").stdout;
    assert!(listed.contains("監査.csv") && listed.contains("h.sato"), "{listed}");
    // A name alone tells who wrote a file of that name, and another name nobody.
    let other = office.run("incident 監査.csv.bak").stdout;
    assert!(!other.contains("h.sato") && other.contains("INC-007"), "{other}");
    fs::remove_file(office.folder().join("監査.csv")).expect("it was written");
    let by_name = office.run("incident 監査.csv").stdout;
    assert!(by_name.contains("INC-003") && by_name.contains("h.sato"), "{by_name}");
    assert_eq!(office.run("verify").exit, Some(0));
}

/// What names persons or takes all of them along is noted; numbers are not.
#[rstest]
#[case::explained("explain 浦和 --as-of 2025-12-31", &["explain 11-001"])]
#[case::explained_for_programs("--json explain 浦和 --as-of 2025-12-31", &["explain 11-001"])]
#[case::audited_for_programs("--json audit withdrawals", &["audit withdrawals"])]
#[case::audited_on_a_screen("audit withdrawals", &[])]
#[case::counted("count --as-of 2025-12-31", &[])]
#[case::moved("movements --from 2025-12-01 --to 2025-12-31", &[])]
#[case::exported("timeline export --out 書き出し", &["timeline export → 書き出し"])]
#[case::drafted(
    "report member-counts --as-of 2025-12-31 --draft --format csv --out 下書き",
    &["report --draft"]
)]
#[case::reported("report member-counts --as-of 2025-12-31 --format csv --out 帳票", &[])]
#[case::refused("explain どこにもない医師会 --as-of 2025-12-31", &[])]
fn what_takes_persons_along_is_noted(#[case] command: &str, #[case] expected: &[&str]) {
    let office = office();
    run_as(&office, "h.sato", command);
    let found: Vec<String> =
        noted(&office).iter().map(|one| one["what"].as_str().expect("a text").to_owned()).collect();
    assert_eq!(found, expected);
}

/// A copy of everything is known by its list of files, and a table of an export by itself.
#[test]
fn files_of_copies_are_known_again() {
    let office = office();
    assert_eq!(office.run("timeline export --out 書き出し").exit, Some(0));
    assert_eq!(office.run("backup .").exit, Some(0));
    let what = |nth: usize| noted(&office)[nth]["what"].as_str().expect("a text").to_owned();
    let folder = what(0).strip_prefix("backup → ").expect("a backup").to_owned();
    assert_eq!(what(1), "timeline export → 書き出し");
    // Its own list of files is none of them.
    let tables: Value = serde_json::from_str(&office.run("--json incident 書き出し").stdout).expect("JSON");
    let known = tables["files"].as_array().expect("files").iter().filter(|one| one["known_by"] == "content").count();
    assert!(known > 3, "{tables}");
    assert_eq!(office.json(&format!("incident {folder}/backup.json"))["files"][0]["known"][0]["kind"], "handed_out");
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
    // Whoever looks into it hears of it as well.
    let listed = office.run("incident --list");
    assert!(listed.exit == Some(1) && listed.stderr.contains("handed-out.jsonl:2"), "{}", listed.stderr);
    let asked = office.run("incident なにか.pdf").stdout;
    assert!(asked.contains("INC-004") && asked.contains("handed-out.jsonl"), "{asked}");
}

/// A record that is gone, cut off or illegible is as little what was written as an edited one; one that cannot be read is no edit.
#[rstest]
#[case::gone(|path: &Path| fs::remove_file(path).expect("it is there"), "STO-024")]
#[case::emptied(|path: &Path| fs::write(path, "").expect("it is there"), "STO-024")]
#[case::cut_off(|path: &Path| {
    let text = fs::read_to_string(path).expect("it is there");
    fs::write(path, format!("{}\n", text.lines().next().expect("a line"))).expect("it is there");
}, "STO-024")]
#[case::illegible(|path: &Path| fs::write(path, "x\nx\n").expect("it is there"), "STO-024")]
#[case::folder_in_its_place(|path: &Path| {
    fs::remove_file(path).expect("it is there");
    fs::create_dir(path).expect("a folder");
}, "STO-025")]
fn damaged_record_is_found_by_verify(#[case] damage: fn(&Path), #[case] code: &str) {
    let office = office();
    for _ in 0..2 {
        run_as(&office, "h.sato", "explain 浦和 --as-of 2025-12-31");
    }
    damage(&office.data().join("handed-out.jsonl"));
    let run = office.run("--json verify");
    assert!(run.exit != Some(0) && run.stdout.contains(code), "{:?} {}", run.exit, run.stdout);
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
