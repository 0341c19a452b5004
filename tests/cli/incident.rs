//! `kaiin incident`: a file that went astray is known again under any name, with who stands in it and who has it; and what is
//! not known is not made out to be.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::doctor::content;
use super::program::{Office, Run};
use super::samples::Sample;
use crate::publish::office::{PREPARE, approved, delivered};
use crate::store::home::{Home, skips_without_server};

/// Asks about files; nothing may be changed by that.
#[track_caller]
fn asked(office: &Office, files: &str, exit: i32) -> Value {
    let before = content(office.folder());
    let run = office.run(&format!("--json incident {files}"));
    assert_eq!(content(office.folder()), before, "something was changed");
    assert_eq!(run.exit, Some(exit), "{}{}", run.stdout, run.stderr);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// The only thing that a file is known as.
#[track_caller]
fn known(file: &Value) -> &Value {
    let known = file["known"].as_array().expect("a list");
    assert_eq!(known.len(), 1, "{file}");
    &known[0]
}

fn copy(office: &Office, from: &std::path::Path, to: &str) {
    office.save(to, fs::read(from).expect("the file can be read"));
}

/// An office whose first distribution has left.
fn sent() -> Office {
    let office = approved();
    office.json("publish send 1");
    office
}

const PDF: &str = "001_浦和医師会/会員統計月報_R7.11.30.pdf";

#[test]
fn paper_that_was_sent_is_known_under_any_name() {
    let office = sent();
    copy(&office, &delivered(&office, 1).join(PDF), "誰かから届いた.bin");
    let answer = asked(&office, "誰かから届いた.bin", 0);
    let file = &answer["files"][0];
    assert_eq!(
        (&file["known_by"], &answer["gaps"], &answer["most_persons"]),
        (&json!("content"), &json!([]), &json!(0))
    );
    let paper = known(file);
    for (key, expected) in [
        ("kind", json!("paper")),
        ("edition", json!(1)),
        ("variant", json!("external")),
        ("area", json!("11-001")),
        ("as_of", json!("2025-11-30")),
        ("known_at", json!("2025-12-31")),
    ] {
        assert_eq!(paper[key], expected, "{paper}");
    }
    assert_eq!((&paper["persons"]["least"], &paper["persons"]["most"]), (&json!(0), &json!(0)));
    let to = file["delivered"].as_array().expect("a list");
    assert_eq!(to.len(), 1, "{file}");
    for (key, expected) in [
        ("recipient", "11-001"),
        ("name", "浦和医師会"),
        ("state", "sent"),
        ("maker", "作成係"),
        ("approver", "承認者"),
        ("approved_at", "2026-02-01T00:00:00Z"),
    ] {
        assert_eq!(to[0][key], expected, "{file}");
    }
    assert!(to[0]["place"].as_str().expect("a place").ends_with(PDF), "{file}");
    let screen = office.run("incident 誰かから届いた.bin").stdout;
    for words in [
        "会員統計月報 第1版（外部配布用、11-001 浦和医師会",
        "載っている人: 0 人",
        "承認 承認者",
        "11-001 浦和医師会  配布済み",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

/// A whole folder: the papers, and the letter, which goes to nobody else.
#[test]
fn folder_of_a_recipient_is_known_file_by_file() {
    let office = sent();
    let folder = delivered(&office, 1).join("002_川口市医師会");
    let answer = asked(&office, folder.to_str().expect("UTF-8"), 0);
    let files = answer["files"].as_array().expect("a list");
    let kinds: Vec<&Value> = files.iter().map(|file| &known(file)["kind"]).collect();
    assert_eq!(kinds, ["paper", "paper", "letter"]);
    for file in files {
        assert_eq!(
            (&file["delivered"][0]["recipient"], file["delivered"].as_array().map(Vec::len)),
            (&json!("11-002"), Some(1))
        );
    }
    fs::write(folder.join("あとから.txt"), "x").expect("it can be written");
    let answer = asked(&office, folder.to_str().expect("UTF-8"), 1);
    assert_eq!(answer["most_persons"], Value::Null, "of a file that nobody knows nobody knows the persons");
}

/// One byte more: it is not the file any more, and what it was made of is told.
#[test]
fn file_that_was_changed_is_not_known_and_says_what_it_was_made_of() {
    let office = sent();
    let mut bytes = fs::read(delivered(&office, 1).join(PDF)).expect("it was sent");
    bytes.push(b'\n');
    office.save("届いた.pdf", &bytes);
    let file = asked(&office, "届いた.pdf", 1)["files"][0].clone();
    assert_eq!((&file["known_by"], &file["known"], &file["delivered"]), (&json!("nothing"), &json!([]), &json!([])));
    let alike = file["resembles"].as_array().expect("a list");
    assert_eq!((alike.len(), &alike[0]["code"]), (1, &json!("INC-005")), "{file}");
    assert!(alike[0]["place"].as_str().expect("a place").contains("11-001"), "{file}");
    let run = office.run("incident 届いた.pdf");
    assert!(run.exit == Some(1) && run.stdout.contains("INC-001"), "{}", run.stdout);

    office.save("会員統計月報_R7.11.30.xlsx", "別のもの");
    let file = asked(&office, "会員統計月報_R7.11.30.xlsx", 1)["files"][0].clone();
    assert_eq!(file["resembles"][0]["code"], "INC-006", "{file}");
    office.save("メモ.txt", "私物");
    assert_eq!(asked(&office, "メモ.txt", 1)["files"][0]["resembles"], json!([]));
}

/// A distribution that was withdrawn and made once more holds the same papers: both are told.
#[test]
fn everybody_who_got_the_same_file_is_told() {
    let office = sent();
    office.json("publish withdraw 1 --reason 宛名の見直し");
    crate::publish::office::save_recipients(&office, &["11-001,別の宛名,,,".to_string()]);
    let again = office.run(&format!("--json {PREPARE}"));
    // Who has the paper gets it no more than once.
    assert_eq!((again.exit, &again.error()["error"]["code"]), (Some(2), &json!("PUB-004")));
    let office = approved();
    office.json("publish withdraw 1 --reason 宛名の見直し");
    office.json(PREPARE);
    let source = office.json("publish show 2")["samples"][0]["file"].as_str().expect("a file").to_owned();
    let file = asked(&office, &source, 0)["files"][0].clone();
    let to: Vec<(&Value, &Value)> =
        file["delivered"].as_array().expect("a list").iter().map(|one| (&one["distribution"], &one["state"])).collect();
    assert_eq!(to, [(&json!(1), &json!("approved")), (&json!(2), &json!("prepared"))]);
}

#[test]
fn raw_file_that_was_taken_in_says_how_many_rows_it_has() {
    let office = Sample::saitama().taken_in().0;
    copy(&office, &Sample::saitama().files[4], "送ってしまった.csv");
    copy(&office, &Sample::saitama().files[0], "マスタ.csv");
    let answer = asked(&office, "送ってしまった.csv マスタ.csv", 0);
    let import = known(&answer["files"][0]);
    let rows = import["rows"].as_u64().expect("a number");
    assert_eq!(
        (&import["kind"], &import["known_on"], &import["stands"]),
        (&json!("import"), &json!("2025-12-31"), &json!(true))
    );
    assert!(rows > 1_000, "{import}");
    assert_eq!((&import["persons"]["least"], &import["persons"]["most"]), (&json!(0), &json!(rows)));
    assert_eq!(known(&answer["files"][1])["persons"]["most"], 0, "a master names no persons");
    assert_eq!(answer["most_persons"], rows);
    let screen = office.run("incident 送ってしまった.csv").stdout;
    assert!(screen.contains("載っている人: 最大 "), "{screen}");
}

/// Without the file its name is all there is, which proves nothing.
#[test]
fn name_alone_tells_what_is_called_so_and_that_this_proves_nothing() {
    let office = sent();
    let file = asked(&office, "members_2025-12-31.csv", 0)["files"][0].clone();
    assert_eq!(
        (&file["known_by"], &file["sha256"], &known(&file)["kind"]),
        (&json!("name"), &Value::Null, &json!("import"))
    );
    let run = office.run("incident 会員統計月報_R7.11.30.pdf");
    assert!(run.stdout.contains("INC-003") && run.stdout.contains("配布先 3"), "{}", run.stdout);
    let nothing = asked(&office, "どこにもない.pdf", 1)["files"][0].clone();
    assert_eq!(nothing["known_by"], "nothing");
    assert!(office.run("incident どこにもない.pdf").stdout.contains("INC-007"));
}

/// The names of an internal paper are counted; the expected ones are counted here from its CSV files.
#[test]
fn persons_of_an_internal_paper_are_counted() {
    let office = Sample::saitama().taken_in().0;
    let made = office.run("report withdrawal-audit --as-of 2025-12-31 --format pdf,csv --out papers");
    assert_eq!(made.exit, Some(0), "{}", made.stderr);
    let folder = office.folder().join("papers/withdrawal-audit_2025-12-31");
    let (mut names, mut tables): (BTreeSet<String>, Vec<String>) = (BTreeSet::new(), Vec::new());
    for entry in fs::read_dir(&folder).expect("the paper was made") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "csv") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("UTF-8");
        let mut at = None;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let cells: Vec<&str> = line.split(',').collect();
            if let Some(column) = cells.iter().position(|cell| cell.trim_matches('"') == "氏名") {
                at = Some(column);
            } else if let Some(name) = at.and_then(|at| cells.get(at)).filter(|name| !name.is_empty()) {
                names.insert(name.trim_matches('"').to_string());
            }
        }
        if at.is_some() {
            tables.push(path.display().to_string());
        }
    }
    assert!(names.len() > 10 && !tables.is_empty(), "{names:?}");
    let pdf = folder.join("withdrawal-audit_2025-12-31.pdf").display().to_string();
    let answer = asked(&office, &pdf, 0);
    let persons = &known(&answer["files"][0])["persons"];
    assert_eq!(known(&answer["files"][0])["variant"], "internal");
    assert_eq!(persons["least"], names.len(), "{persons}");
    assert!(persons["most"].as_u64() >= persons["least"].as_u64(), "{persons}");
    // One table of several may hold fewer.
    let part = asked(&office, &tables[0], 0);
    let of_part = &known(&part["files"][0])["persons"];
    assert_eq!((&of_part["least"], &of_part["most"]), (&json!(0), &persons["most"]));
    // Both together are still one paper.
    assert_eq!(asked(&office, &format!("{pdf} {}", tables[0]), 0)["most_persons"], persons["most"]);
    let told = office.run(&format!("incident {pdf}"));
    for name in &names {
        assert!(!told.stdout.contains(name.as_str()) && !told.stderr.contains(name.as_str()), "a name is told");
    }
}

#[test]
fn paper_whose_folder_is_gone_or_was_changed_is_a_gap() {
    let office = Sample::saitama().taken_in().0;
    office.save("kaiin-data/kaiin.toml", "[jobs]\nfirst_month = \"2025-12\"\nreports = [\"member-counts\"]\n");
    assert_eq!(office.run("jobs tick --now 2026-01-10T00:00:00Z").exit, Some(0));
    let folder = office.data().join("papers/2025-12/member-counts_2025-12-31");
    copy(&office, &folder.join("member-counts_2025-12-31.pdf"), "月報.pdf");
    let whole = asked(&office, "月報.pdf", 0);
    assert_eq!((&whole["gaps"], &known(&whole["files"][0])["kind"]), (&json!([]), &json!("paper")));

    let manifest = folder.join("manifest.json");
    let text = fs::read_to_string(&manifest).expect("it was made");
    fs::write(&manifest, text.replace("2025-12-31", "2025-12-30")).expect("it can be written");
    let changed = asked(&office, "月報.pdf", 0);
    // The ledger of months still knows the file, and nothing that the changed manifest says is repeated.
    assert_eq!(known(&changed["files"][0])["kind"], "paper_of_ledger", "{changed}");
    assert_eq!(changed["gaps"], json!(["papers/2025-12/member-counts_2025-12-31"]));
    assert_eq!(changed["most_persons"], Value::Null);

    fs::remove_dir_all(&folder).expect("it was made");
    assert_eq!(asked(&office, "月報.pdf", 0)["gaps"], changed["gaps"]);
    let run = office.run("incident 月報.pdf");
    assert!(run.stdout.contains("INC-004") && run.stdout.contains("不明"), "{}", run.stdout);
}

#[test]
fn snapshot_and_copies_of_what_lies_in_the_data_folder_are_known() {
    let office = Sample::saitama().taken_in().0;
    office.json("snapshot take --as-of 2025-12-31");
    let snapshots = fs::read_dir(office.data().join("snapshots")).expect("it was taken");
    let snapshot = snapshots.map(|entry| entry.expect("an entry").path()).next().expect("a snapshot");
    copy(&office, &snapshot.join("memberships.parquet"), "在籍.parquet");
    let file = asked(&office, "在籍.parquet", 0)["files"][0].clone();
    assert_eq!((&known(&file)["kind"], &known(&file)["persons"]["most"]), (&json!("snapshot"), &json!(0)));

    fs::create_dir_all(office.data().join("inbox/refused")).expect("a folder can be made");
    office.save("kaiin-data/inbox/refused/壊れた.csv", "あ,い\n");
    office.save("もらった.csv", "あ,い\n");
    let file = asked(&office, "もらった.csv", 0)["files"][0].clone();
    assert_eq!((&known(&file)["kind"], &known(&file)["persons"]["most"]), (&json!("copy"), &Value::Null));
    // The file itself is no copy of itself.
    asked(&office, "kaiin-data/inbox/refused/壊れた.csv", 1);
}

/// Tables, letters and PDF files of the office stand in a pack: nobody has counted whom they name.
#[test]
fn pack_of_a_meeting_does_not_say_that_nobody_stands_in_it() {
    let office = Sample::saitama().taken_in().0;
    fs::create_dir(office.folder().join("会議")).expect("a folder can be made");
    office.save(
        "会議/次第.csv",
        "会議名,試験会議\n開催日,2026-01-22\n\n区分,件名,資料\n報告事項,会員数報告,会員数報告\n",
    );
    let run = office.run("meeting build 会議 --as-of 2025-12-31 --format pdf");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let pdf = "会議/会議資料/試験会議_2026-01-22_external/試験会議_2026-01-22_external.pdf";
    let file = asked(&office, pdf, 0)["files"][0].clone();
    let persons = &known(&file)["persons"];
    assert_eq!((&persons["most"], &persons["code"]), (&Value::Null, &json!("INC-017")));
}

#[test]
fn folder_without_a_store_says_so_and_makes_none() {
    let office = Office::new();
    office.save("紙.pdf", "x");
    let run = office.run("--json incident 紙.pdf");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &json!("ENV-013")));
    assert!(!office.data().exists());
    assert_eq!(Run::of(office.program().arg("incident")).exit, Some(2), "something must be asked about");
}

#[test]
fn both_stores_know_the_same() {
    if skips_without_server() {
        return;
    }
    let answers = [Home::Sqlite, Home::Postgres].map(|home| {
        let office = Office::on(home);
        office.import(&Sample::cases().paths());
        copy(&office, &Sample::cases().files[1], "届いた.csv");
        let run = office.run("--json incident 届いた.csv");
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        run.stdout
    });
    assert_eq!(answers[0], answers[1]);
}
