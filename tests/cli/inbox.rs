//! The inbox: every file that is not taken in is named with what to do, at every ring as long as it lies there.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use super::program::Office;
use super::taken_back::{found, office_of, run_at};

pub(super) const RING: &str = "2026-01-05T06:00:00+09:00";

pub(super) fn tick(office: &Office) -> (Option<i32>, Value) {
    let run = office.run(&format!("--json jobs tick --now {RING}"));
    let told = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr));
    (run.exit, told)
}

/// State and code by name.
pub(super) fn notes(told: &Value) -> Vec<String> {
    let text = |note: &Value, key: &str| note[key].as_str().expect("a text").to_owned();
    let mut notes: Vec<String> = told["inbox"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|note| format!("{} {} {}", text(note, "name"), text(note, "state"), text(note, "code")))
        .collect();
    notes.sort();
    notes
}

/// An office of a found case with its settings, the master taken in, and an empty inbox.
pub(super) fn office() -> Office {
    let office = office_of("inbox-silent");
    fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    fs::copy(found("inbox-silent", "kaiin.toml"), office.data().join("kaiin.toml")).expect("the settings");
    office.import("associations.csv");
    office
}

pub(super) fn export() -> String {
    fs::read_to_string(found("inbox-silent", "members_2025-12-31.csv")).expect("an export")
}

pub(super) fn drop_file(office: &Office, name: &str, bytes: impl AsRef<[u8]>) {
    let path = office.data().join("inbox").join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("the inbox can be written");
}

fn age(office: &Office, name: &str, hours: u64) {
    let file = fs::File::options().write(true).open(office.data().join("inbox").join(name)).expect("the file opens");
    let now = file.metadata().and_then(|metadata| metadata.modified()).expect("its time can be read");
    file.set_modified(now - Duration::from_secs(hours * 3600)).expect("its time can be set");
}

#[test]
fn everything_that_is_not_taken_in_is_named_with_what_to_do() {
    let office = office();
    for end in ["xls", "xlsm", "txt", "zip"] {
        drop_file(&office, &format!("members_2025-12-31.{end}"), export());
    }
    drop_file(&office, "真の古い表.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on");
    drop_file(&office, "真の圧縮.ZIP", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    drop_file(&office, "案内.pdf", b"%PDF-1.7 invented");
    drop_file(&office, "12月/members_2025-12-31.csv", export());
    drop_file(&office, "members_2025-11-30.xlsx", export());
    drop_file(&office, "~$members_2025-11-30.xlsx", "x");
    drop_file(&office, "members_2025-10-31.xlsx", export());
    drop_file(&office, "~$members_2025-10-31.xlsx", "x");
    age(&office, "~$members_2025-10-31.xlsx", 30);
    drop_file(&office, "members_2025-12-31.csv.crdownload", "医籍");
    drop_file(&office, ".DS_Store", "x");
    let (exit, told) = tick(&office);
    assert_eq!(exit, Some(1), "{told}");
    let here = [
        "12月 stays JOB-011",
        "members_2025-10-31.xlsx stays JOB-013",
        "members_2025-11-30.xlsx left JOB-012",
        "members_2025-12-31.csv.crdownload left JOB-014",
    ];
    let refused = [
        "members_2025-12-31.txt refused IMP-277",
        "members_2025-12-31.xls refused IMP-277",
        "members_2025-12-31.xlsm refused IMP-277",
        "members_2025-12-31.zip refused IMP-277",
        "案内.pdf refused IMP-203",
        "真の古い表.xls refused IMP-231",
        "真の圧縮.ZIP refused IMP-233",
    ];
    let mut expected: Vec<&str> = here.into_iter().chain(refused).collect();
    expected.sort_unstable();
    assert_eq!(notes(&told), expected);
    for note in told["inbox"].as_array().expect("a list") {
        assert!(
            !note["message"].as_str().expect("a text").is_empty() && !note["hint"].as_str().expect("a text").is_empty()
        );
    }
    let refused_folder = office.data().join("inbox/refused");
    let reason =
        fs::read_to_string(refused_folder.join("members_2025-12-31.zip.理由.txt")).expect("the reason is beside it");
    assert!(reason.starts_with("IMP-277") && reason.contains("保存し直して"), "{reason}");
    // What stays is told at the next ring too; what was refused is not.
    let (exit, told) = tick(&office);
    assert_eq!((exit, notes(&told)), (Some(1), here.map(str::to_owned).to_vec()));
    let text = office.run(&format!("jobs tick --now {RING}"));
    assert!(text.stderr.contains("12月") && text.stderr.contains("ロックファイル"), "{}", text.stderr);
}

/// Names end in any case; a good file is still taken in, and a clean inbox says nothing.
#[test]
fn good_files_are_taken_in_whatever_the_case_of_their_names() {
    let office = office();
    drop_file(&office, "members_2025-12-31.CSV", export());
    let (exit, told) = tick(&office);
    assert_eq!((exit, &told["taken"], notes(&told)), (Some(0), &serde_json::json!(1), vec![]), "{told}");
    assert!(office.data().join("inbox/taken/members_2025-12-31.CSV").exists());
    // Without an instant the clock of the program rules.
    let now = run_at(&office, "2026-01-06T00:00:00Z", &["jobs", "tick"]);
    assert_eq!(now.exit, Some(0), "{}", now.stderr);
}

/// A file that cannot be read now holds back newer ones of its source: they would shut it out.
#[test]
fn file_that_cannot_be_read_now_holds_back_newer_ones() {
    let office = office();
    drop_file(&office, "members_2025-11-30.csv", export());
    drop_file(&office, "~$members_2025-11-30.csv", "x");
    drop_file(&office, "members_2025-12-31.csv", export());
    let (_, told) = tick(&office);
    assert_eq!(notes(&told), ["members_2025-11-30.csv left JOB-012", "members_2025-12-31.csv left JOB-010"]);
    fs::remove_file(office.data().join("inbox/~$members_2025-11-30.csv")).expect("the lock goes");
    let (exit, told) = tick(&office);
    assert_eq!((exit, &told["taken"]), (Some(0), &serde_json::json!(2)), "{told}");
}

/// An export that lacks most members asks, waits, is told at every ring, holds back the next one, and is answered with
/// the command that stands beside it.
/// Its day is not known, and it may be the earlier one.
#[test]
fn file_with_two_dates_in_its_name_asks_and_holds_back_newer_ones() {
    let office = office();
    drop_file(&office, "会員一覧_2026-01-04_20260103.csv", export());
    drop_file(&office, "members_2026-01-05.csv", export());
    let asks = ["members_2026-01-05.csv left JOB-010", "確認待ち/会員一覧_2026-01-04_20260103.csv asks IMP-287"];
    let (exit, told) = tick(&office);
    assert_eq!((exit, notes(&told)), (Some(1), asks.map(str::to_owned).to_vec()));
    let file = "kaiin-data/inbox/確認待ち/会員一覧_2026-01-04_20260103.csv";
    let answered = run_at(&office, "2026-01-06T00:00:00Z", &["import", file, "--known-at", "2026-01-03"]);
    assert_eq!(answered.exit, Some(0), "{}", answered.stderr);
    let (_, told) = tick(&office);
    assert_eq!((&told["taken"], notes(&told)), (&serde_json::json!(1), vec![]), "{told}");
}

#[test]
fn file_that_asks_waits_for_its_answer() {
    let office = office();
    let row = |n: usize| format!("{},架空　例,青空市医師会,B,2015-04-01,,在籍,,,,,,\n", 300_000 + n);
    let heads = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n";
    let of = |n: usize| format!("{heads}{}", (0..n).map(row).collect::<String>());
    drop_file(&office, "members_2025-10-31.csv", of(60));
    tick(&office);
    drop_file(&office, "members_2025-11-30.csv", of(20));
    drop_file(&office, "members_2025-12-31.csv", of(60));
    let asks = ["members_2025-12-31.csv left JOB-010", "確認待ち/members_2025-11-30.csv asks IMP-287"];
    for _ in 0..2 {
        let (exit, told) = tick(&office);
        assert_eq!((exit, notes(&told)), (Some(1), asks.map(str::to_owned).to_vec()));
    }
    let reason = office.data().join("inbox/確認待ち/members_2025-11-30.csv.理由.txt");
    let reason = fs::read_to_string(reason).expect("the question is beside it");
    assert!(reason.contains("IMP-212") && reason.contains("60 → "), "{reason}");
    let command = reason.lines().find(|line| line.contains("kaiin import")).expect("the command");
    assert!(command.contains("確認待ち/members_2025-11-30.csv --accept-drop --reason"), "{command}");
    let file = "kaiin-data/inbox/確認待ち/members_2025-11-30.csv";
    let answered = run_at(&office, "2026-01-06T00:00:00Z", &["import", file, "--accept-drop", "--reason", "確認済"]);
    assert_eq!(answered.exit, Some(0), "{}", answered.stderr);
    assert!(office.data().join("inbox/taken/members_2025-11-30.csv").exists());
    let (_, told) = tick(&office);
    assert_eq!((&told["taken"], notes(&told)), (&serde_json::json!(1), vec![]), "{told}");
}
