//! Exports that cannot be read just now: newer ones of their source wait for them and say so, everything else goes on, and no
//! month is lost.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use rstest::rstest;
use serde_json::{Value, json};

use super::inbox::{RING, drop_file, export, notes, office, tick};
use super::program::{Office, Run};
use super::surroundings::{bound, set_mode};
use super::taken_back::run_at;

const OLDER: &str = "members_2025-11-30.csv";
const NEWER: &str = "members_2025-12-31.csv";

/// Why the older file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cause {
    ExcelHasIt,
    NoPermission,
    DiskFailsInTheMiddle,
    NotYetWritten,
}

impl Cause {
    fn begin(self, office: &Office) {
        let path = inbox(office, OLDER);
        match self {
            Self::ExcelHasIt => drop_file(office, &format!("~${OLDER}"), "x"),
            Self::NoPermission => set_mode(&path, 0o000),
            // It opens, and its first read ends with an error of the device.
            Self::DiskFailsInTheMiddle => {
                fs::remove_file(&path).expect("it is there");
                symlink("/proc/self/mem", &path).expect("a link can be made");
            }
            Self::NotYetWritten => {
                fs::rename(&path, inbox(office, &format!("{OLDER}.part"))).expect("it can be renamed");
            }
        }
    }

    fn end(self, office: &Office) {
        let path = inbox(office, OLDER);
        match self {
            Self::ExcelHasIt => fs::remove_file(inbox(office, &format!("~${OLDER}"))).expect("the lock goes"),
            Self::NoPermission => set_mode(&path, 0o600),
            Self::DiskFailsInTheMiddle => {
                fs::remove_file(&path).expect("it is there");
                drop_file(office, OLDER, export());
            }
            Self::NotYetWritten => {
                fs::rename(inbox(office, &format!("{OLDER}.part")), &path).expect("it can be renamed");
            }
        }
    }
}

fn inbox(office: &Office, name: &str) -> std::path::PathBuf {
    office.data().join("inbox").join(name)
}

fn bound_tick(office: &Office) -> (Option<i32>, Value) {
    let run = bound(office, &format!("--json jobs tick --now {RING}"));
    (run.exit, serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr)))
}

fn applications(day: &str) -> (String, String) {
    let heads = "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,変更後会員区分,退会理由,備考";
    let row = "W1,退会,本人,200001,架空　二,青空市医師会,2025-12-01,2025-12-10,2025-12-02,,承認済,,死亡,診断書";
    (format!("applications_{day}.csv"), format!("{heads}\n{row}\n"))
}

/// The newer export waits at each ring and says for which file; once the cause is gone both are taken in, in order, and both
/// months get their papers.
#[rstest]
#[case(Cause::ExcelHasIt, "JOB-012", 0)]
#[case(Cause::NoPermission, "ENV-003", 1)]
#[case(Cause::DiskFailsInTheMiddle, "ENV-006", 1)]
fn newer_file_waits_until_the_older_one_can_be_read(#[case] cause: Cause, #[case] code: &str, #[case] exit: i32) {
    let office = office();
    drop_file(&office, OLDER, export());
    drop_file(&office, NEWER, export());
    cause.begin(&office);
    for _ in 0..2 {
        let (ended, told) = bound_tick(&office);
        let mut expected =
            [format!("{OLDER} {} {code}", if exit == 0 { "left" } else { "stays" }), format!("{NEWER} left JOB-010")];
        expected.sort();
        assert_eq!((ended, notes(&told), &told["taken"]), (Some(exit), expected.to_vec(), &json!(0)), "{told}");
        let held = told["inbox"].as_array().expect("a list").iter().find(|note| note["name"] == NEWER);
        assert_eq!(held.expect("it is told")["waits_for"], json!(OLDER));
    }
    for (lang, words) in [("ja", "同じ源の前のファイル"), ("en", "waits for an earlier file")] {
        let run = bound(&office, &format!("jobs tick --now {RING} --lang {lang}"));
        let line = run.stderr.lines().find(|line| line.contains(NEWER) && line.contains(words));
        assert!(line.is_some_and(|line| line.contains(OLDER)), "{}", run.stderr);
    }
    cause.end(&office);
    let (ended, told) = bound_tick(&office);
    assert_eq!((ended, &told["taken"], &told["done"]), (Some(0), &json!(2), &json!(["2025-11", "2025-12"])), "{told}");
    let days: Vec<Value> = office.json("import --list").as_array().expect("a list")[1..]
        .iter()
        .map(|import| import["known_at"].clone())
        .collect();
    assert_eq!(days, [json!("2025-11-30"), json!("2025-12-31")]);
}

/// A name that says it is still being written is no export yet, and nothing is known of its day but its name.
#[test]
fn file_that_is_still_being_written_is_told() {
    let office = office();
    drop_file(&office, OLDER, export());
    Cause::NotYetWritten.begin(&office);
    let (exit, told) = tick(&office);
    assert_eq!((exit, notes(&told)), (Some(0), vec![format!("{OLDER}.part left JOB-014")]), "{told}");
    Cause::NotYetWritten.end(&office);
    let (_, told) = tick(&office);
    assert_eq!(told["taken"], json!(1), "{told}");
}

/// A list that somebody has open holds back no applications; one of which only the name is known may be anything.
#[rstest]
#[case(Cause::ExcelHasIt, 1)]
#[case(Cause::NoPermission, 0)]
fn other_sources_go_on_where_the_kind_is_known(#[case] cause: Cause, #[case] taken: u32) {
    let office = office();
    drop_file(&office, OLDER, export());
    let (name, text) = applications("2025-12-05");
    drop_file(&office, &name, text);
    cause.begin(&office);
    let (_, told) = bound_tick(&office);
    assert_eq!(told["taken"], json!(taken), "{told}");
    cause.end(&office);
    let (_, told) = bound_tick(&office);
    assert_eq!(told["taken"], json!(2 - taken), "{told}");
}

/// What came too late already, what was taken in already, and what has no day in its name hold back nothing.
#[test]
fn nothing_waits_for_a_file_that_could_not_be_taken_in_anyway() {
    let office = office();
    drop_file(&office, "members_2025-11-30.csv", export());
    tick(&office);
    for name in ["members_2025-10-31.csv", "members_2025-11-30.csv", "覚え書き.csv"] {
        drop_file(&office, name, export());
        drop_file(&office, &format!("~${name}"), "x");
    }
    drop_file(&office, NEWER, export());
    let (_, told) = tick(&office);
    assert_eq!(told["taken"], json!(1), "{told}");
    assert_eq!(notes(&told).len(), 3, "the locked ones are told: {told}");
}

/// A folder that cannot be read costs itself; an inbox that cannot be read costs the inbox, and months are made.
#[test]
fn folders_that_cannot_be_read_cost_no_month() {
    let office = office();
    drop_file(&office, "members_2025-11-30.csv", export());
    drop_file(&office, "部署の控え/x.csv", export());
    set_mode(&inbox(&office, "部署の控え"), 0o000);
    let (exit, told) = bound_tick(&office);
    set_mode(&inbox(&office, "部署の控え"), 0o700);
    assert_eq!((exit, &told["done"]), (Some(1), &json!(["2025-11"])), "{told}");
    assert!(notes(&told).contains(&"部署の控え stays ENV-003".to_owned()), "{told}");
    let list = office.folder().join("members_2025-12-31.csv");
    fs::write(&list, export()).expect("it can be written");
    assert_eq!(run_at(&office, "2026-01-04T00:00:00Z", &["import", "members_2025-12-31.csv"]).exit, Some(0));
    for folder in ["", "確認待ち"] {
        fs::create_dir_all(inbox(&office, folder)).expect("it can be made");
        drop_file(&office, "members_2026-01-04.csv", export());
        set_mode(&inbox(&office, folder), 0o000);
        let run = bound(&office, &format!("--json jobs tick --now {RING}"));
        set_mode(&inbox(&office, folder), 0o700);
        let told: Value = serde_json::from_str(&run.stdout).expect("a report");
        let done = if folder.is_empty() { json!(["2025-12"]) } else { json!([]) };
        assert_eq!((run.exit, &told["done"], &told["taken"]), (Some(4), &done, &json!(0)), "{folder}: {told}");
        assert_eq!((&told["trouble"]["code"], &run.error()["error"]["code"]), (&json!("ENV-003"), &json!("JOB-032")));
    }
    let (_, told) = tick(&office);
    assert_eq!(told["taken"], json!(1), "{told}");
}

/// A full disk in the middle of a run: no file is refused or moved for it, and the next ring goes on where this one stopped.
#[test]
fn full_disk_leaves_the_rest_of_the_inbox_as_it_is() {
    let office = office();
    let row = |n: usize| format!("{},架空　例,青空市医師会,B,2015-04-01,,在籍,,,,,,\n", 300_000 + n);
    let heads = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n";
    let large = format!("{heads}{}", (0..2_000).map(row).collect::<String>());
    let (name, text) = applications("2025-12-05");
    let files = [("members_2025-11-30.csv", &large), ("members_2025-12-31.csv", &large), (name.as_str(), &text)];
    for (name, text) in files {
        drop_file(&office, name, text);
    }
    let before = office.state();
    let mut command = office.through("sh");
    let script = "trap '' XFSZ; ulimit -f 200; exec \"$@\"";
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_kaiin"), "--json", "jobs", "tick", "--now", RING]);
    let run = Run::of(&mut command);
    assert_eq!(run.exit, Some(4), "{}{}", run.stdout, run.stderr);
    let told: Value = serde_json::from_str(&run.stdout).expect("a report");
    assert_eq!(told["trouble"]["code"], json!("ENV-002"), "{told}");
    assert_eq!(notes(&told).iter().filter(|note| note.ends_with("left JOB-033")).count(), 3, "{told}");
    assert_eq!(office.state(), before);
    for (name, text) in files {
        assert_eq!(fs::read_to_string(inbox(&office, name)).expect("it lies there"), *text);
    }
    let (exit, told) = tick(&office);
    assert_eq!((exit, &told["taken"], &told["done"]), (Some(0), &json!(3), &json!(["2025-11", "2025-12"])), "{told}");
}

/// A newer export that is given by hand would shut out the one that waits in the inbox: that is asked.
#[test]
fn file_given_by_hand_asks_where_an_older_one_waits_in_the_inbox() {
    let office = office();
    drop_file(&office, OLDER, export());
    office.save(NEWER, export());
    let run = run_at(&office, "2026-01-06T00:00:00Z", &["import", NEWER]);
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    assert!(run.stderr.contains("IMP-290") && run.stderr.contains(OLDER), "{}", run.stderr);
    assert_eq!(office.json("import --list").as_array().map(Vec::len), Some(1), "nothing is stored");
    // The older one itself waits for nobody, also where it lies.
    let path = Path::new("kaiin-data/inbox").join(OLDER);
    let path = path.to_str().expect("a name");
    assert_eq!(run_at(&office, "2026-01-06T00:00:00Z", &["import", path]).exit, Some(0));
    assert_eq!(run_at(&office, "2026-01-06T00:00:00Z", &["import", NEWER]).exit, Some(0));
    drop_file(&office, "members_2026-01-04.csv", export());
    office.save("members_2026-01-05.csv", export());
    let answer = ["import", "members_2026-01-05.csv", "--accept-change", "--reason", "間違って置いたもの"];
    assert_eq!(run_at(&office, "2026-01-06T00:00:00Z", &answer).exit, Some(0));
}

/// Of several files given by hand one cannot be read: none is taken in, and each is named.
#[test]
fn files_given_by_hand_are_named_where_one_cannot_be_read() {
    let office = office();
    office.save(OLDER, export());
    office.save(NEWER, export());
    set_mode(&office.folder().join(OLDER), 0o000);
    let runs = ["", "--json", "--lang en"].map(|more| bound(&office, &format!("import {OLDER} {NEWER} {more}")));
    set_mode(&office.folder().join(OLDER), 0o600);
    for (run, words) in runs.iter().zip(["手を付けていません", "手を付けていません", "was not dealt with"])
    {
        assert_eq!(run.exit, Some(4), "{}", run.stderr);
        for word in ["ENV-003", "IMP-291", NEWER, words] {
            assert!(run.stderr.contains(word) || word == "IMP-291", "{word}: {}", run.stderr);
        }
    }
    assert_eq!(office.json("import --list").as_array().map(Vec::len), Some(1), "nothing is stored");
}
