//! What must not be lost, mixed up or quietly mended: replaced files, snapshots, papers of two variants.

use std::fmt::Write as _;

use calamine::Reader;

use super::program::Office;
use super::samples::Sample;

/// Invented people of one body, numbered from a first one.
fn export(first: u32, n: u32) -> String {
    let mut text = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,\
                    都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n"
        .to_owned();
    for number in first..first + n {
        writeln!(text, "{number},架空　例,浦和医師会,B,2001-04-01,,在籍,,,,,,").expect("a text takes more text");
    }
    text
}

fn office() -> Office {
    let office = Office::new();
    office.import(&Sample::cases().files[0].display().to_string());
    office
}

/// Two prefectures under one source name: the second file would have erased the first without a word.
#[test]
fn other_file_of_the_first_day_is_not_taken_for_a_correction() {
    let office = office();
    office.save("a_2025-09-30.csv", export(100_000, 60));
    office.save("b_2025-09-30.csv", export(200_000, 60));
    office.import("a_2025-09-30.csv");
    let before = office.run("--json count --as-of 2025-09-30").stdout;
    let second = office.run("--json import b_2025-09-30.csv");
    assert_eq!(second.exit, Some(3), "{}", second.stderr);
    assert!(second.stderr.contains("IMP-212"), "{}", second.stderr);
    assert_eq!(office.run("--json count --as-of 2025-09-30").stdout, before);
}

#[test]
fn corrected_file_of_the_first_day_says_that_it_replaces() {
    let office = office();
    office.save("a_2025-09-30.csv", export(100_000, 60));
    office.save("b_2025-09-30.csv", export(100_000, 61));
    office.import("a_2025-09-30.csv");
    let second = office.import("b_2025-09-30.csv");
    assert_eq!(second[0]["replaces"], serde_json::json!(true));
    assert!(office.run("--json count --as-of 2025-09-30").stdout.contains("\"memberships\":61"));
}

#[test]
fn refused_file_still_gets_its_list_of_rejected_rows() {
    let office = office();
    office.save("a_2025-09-30.csv", export(100_000, 60).replace("2001-04-01", "未定"));
    assert_eq!(office.run("import a_2025-09-30.csv").exit, Some(3));
    let list = std::fs::read(office.data().join("rejects/a_2025-09-30_取込結果.xlsx")).expect("the list is written");
    let mut list = calamine::Xlsx::new(std::io::Cursor::new(list)).expect("the list is a workbook");
    assert_eq!(list.worksheet_range("取込不可").expect("the sheet is there").height(), 61);
}

#[test]
fn changed_snapshot_is_told_and_never_mended() {
    let office = office();
    office.save("a_2025-09-30.csv", export(100_000, 60));
    office.import("a_2025-09-30.csv");
    assert_eq!(office.run("snapshot take --as-of 2025-09-30").exit, Some(0));
    assert_eq!(office.run("snapshot verify").exit, Some(0));
    let folder = std::fs::read_dir(office.data().join("snapshots")).expect("a snapshot was taken");
    let folder = folder.map(|entry| entry.expect("the folder can be read").path()).next().expect("one snapshot");
    let data = folder.join("memberships.parquet");
    let mut bytes = std::fs::read(&data).expect("the snapshot can be read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&data, &bytes).expect("the folder can be written");
    let told = office.run("snapshot verify");
    assert_eq!(told.exit, Some(1));
    // What to do now: where it lies, and the call that takes it again.
    let again = "kaiin snapshot take --as-of 2025-09-30 --known-at 2025-09-30";
    assert!(told.stderr.contains("snapshots/snapshot=2025-09-30") && told.stderr.contains(again), "{}", told.stderr);
    let refused = office.run("snapshot take --as-of 2025-09-30");
    assert_eq!(refused.exit, Some(1));
    assert!(refused.stderr.contains("snapshots/snapshot=2025-09-30"), "{}", refused.stderr);
    std::fs::write(folder.join("manifest.json"), "{").expect("the folder can be written");
    assert_eq!(office.run("snapshot verify").exit, Some(1));
}

#[test]
fn paper_for_others_has_a_folder_of_its_own_without_names() {
    let (office, _) = Sample::saitama().taken_in();
    let internal = "report withdrawal-audit --as-of 2025-12-31 --out papers --format csv,html";
    assert_eq!(office.run(internal).exit, Some(0));
    let list = |folder: &str| {
        let path = office.folder().join(format!("papers/{folder}/04_退会・転出・死亡した者（退会日の順）.csv"));
        std::fs::read_to_string(path).unwrap_or_default()
    };
    assert!(list("withdrawal-audit_2025-12-31").contains("氏名"));
    let external = "report withdrawal-audit --as-of 2025-12-31 --out papers --format csv --variant external";
    assert_eq!(office.run(external).exit, Some(0));
    assert!(list("withdrawal-audit_2025-12-31").contains("氏名"), "the internal paper stays as it is");
    let folder = office.folder().join("papers/withdrawal-audit_2025-12-31_external");
    for entry in std::fs::read_dir(&folder).expect("the paper is written") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        assert!(!String::from_utf8_lossy(&bytes).contains("氏名,"));
    }
}

/// Offices with old programs, and programs, get files of their own beside those for a spreadsheet.
#[test]
fn paper_is_written_for_programs_and_in_cp932_as_well() {
    let (office, _) = Sample::saitama().taken_in();
    let report = "report member-counts --as-of 2025-12-31 --out papers --format csv,csv-machine,csv-cp932";
    assert_eq!(office.run(&format!("{report} --variant external")).exit, Some(0));
    let read = |name: &str| {
        let folder = office.folder().join("papers/member-counts_2025-12-31_external");
        std::fs::read(folder.join(name)).expect("the file is written")
    };
    let display = String::from_utf8(read("03_医師会別・会員区分別.csv")).expect("UTF-8");
    let bytes = read("cp932/03_医師会別・会員区分別.csv");
    let (cp932, _, is_lossy) = encoding_rs::SHIFT_JIS.decode(&bytes);
    assert!(!is_lossy);
    assert_eq!(display.trim_start_matches('\u{FEFF}'), cp932);
    let machine = String::from_utf8(read("machine/03_member-counts.csv")).expect("UTF-8");
    let headings = "table_id,row,row_kind,body_code,number,association,column,value,symbol,as_of,known_at\n";
    assert!(machine.starts_with(headings), "{machine}");
    assert!(machine.contains(",body,11-001,1,浦和,total,144,,2025-12-31,2025-12-31\n"), "{machine}");
    assert!(machine.contains(",total,,,合計,total,2730,,2025-12-31,2025-12-31\n"), "{machine}");
    let package: serde_json::Value = serde_json::from_slice(&read("machine/datapackage.json")).expect("JSON");
    assert_eq!(package["resources"][2]["path"], "03_member-counts.csv");
    let manifest =
        std::fs::read_to_string(office.folder().join("papers/member-counts_2025-12-31_external/manifest.json"));
    assert!(manifest.expect("the manifest is written").contains("\"cp932/03_医師会別・会員区分別.csv\""));
}

/// A name that CP932 cannot write: nothing is written, and file, line and character are told, but not the name.
#[test]
fn character_that_cp932_lacks_is_named() {
    let office = office();
    // Members of whom a withdrawal lies ahead are listed by name.
    let rare = export(100_000, 60).replace("架空", "𠮷空").replace(",,在籍", ",2025-10-15,退会");
    office.save("a_2025-09-30.csv", rare);
    office.import("a_2025-09-30.csv");
    let report = "report member-counts --as-of 2025-09-30 --out papers --format csv,csv-cp932";
    let run = office.run(report);
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("RPT-009") && run.stderr.contains("𠮷 (U+20BB7)"), "{}", run.stderr);
    assert!(!run.stderr.contains("𠮷空"));
    assert!(!office.folder().join("papers").exists());
}
