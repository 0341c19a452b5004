//! `kaiin` alone: what there is to do now, each with its command, first things first; and that nothing is changed by looking.

use std::fs;

use rstest::rstest;
use serde_json::{Value, json};

use super::asking::export;
use super::doctor::content;
use super::program::{NOW, Office, Run};
use super::revisions::{LIST, accepted, office_with_november};
use super::samples::Sample;
use super::verify::edit;
use crate::publish::office::{PREPARE, approved, office as distributing};
use crate::store::home::{Home, skips_without_server};

/// Subjects in the order in which they are told.
const ORDER: [&str; 10] = [
    "settings",
    "store",
    "definitions",
    "restored",
    "inbox",
    "export",
    "months",
    "distribution",
    "meeting",
    "first_steps",
];

/// An office with the newest exports of the samples, which are a month old.
fn sound() -> Office {
    Sample::saitama().taken_in().0
}

/// Runs `kaiin`, which must change nothing.
#[track_caller]
fn run_at(office: &Office, at: &str, arguments: &[&str]) -> Run {
    let before = content(office.folder());
    let run = Run::of(office.program().env("KAIIN_NOW", at).args(arguments));
    assert_eq!(content(office.folder()), before, "something was changed");
    run
}

/// The answer for programs, which follows its contract.
#[track_caller]
fn looked_at(office: &Office, at: &str, exit: i32) -> Value {
    let run = run_at(office, at, &["--json"]);
    assert_eq!((run.exit, run.stderr.as_str()), (Some(exit), ""), "{}", run.stdout);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&answer), ["meeting", "newest", "next", "tasks", "today"], "{answer}");
    let tasks = answer["tasks"].as_array().expect("tasks");
    for task in tasks {
        assert_eq!(keys(task), ["code", "commands", "count", "id", "reasons", "remedy", "text"], "{task}");
        let text = task["text"].as_str().expect("a text");
        assert!(!text.is_empty() && !task.to_string().contains("{0}"), "a word was left open: {task}");
        let n_commands = task["commands"].as_array().expect("commands").len();
        assert!(n_commands > 0 || task["remedy"] != "" || task["reasons"] != json!([]), "nothing helps: {task}");
    }
    let places: Vec<_> =
        tasks.iter().map(|task| ORDER.iter().position(|id| task["id"] == *id).expect("a known subject")).collect();
    assert!(places.is_sorted(), "{answer}");
    answer
}

#[track_caller]
fn looked(office: &Office) -> Value {
    looked_at(office, NOW, 0)
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["tasks"].as_array().expect("tasks").iter().map(|task| task["code"].as_str().expect("a code")).collect()
}

/// What there is to do of a code.
#[track_caller]
fn task<'a>(answer: &'a Value, code: &str) -> &'a Value {
    let found = answer["tasks"].as_array().expect("tasks").iter().find(|task| task["code"] == code);
    found.unwrap_or_else(|| panic!("{code} is not among {answer}"))
}

fn commands(task: &Value) -> Vec<&str> {
    task["commands"].as_array().expect("commands").iter().map(|one| one.as_str().expect("a text")).collect()
}

#[test]
fn empty_folder_has_three_commands_and_stays_empty() {
    let office = Office::new();
    let answer = looked(&office);
    assert_eq!(codes(&answer), ["TDY-080", "TDY-081", "TDY-082"]);
    let all: Vec<&str> = answer["tasks"].as_array().expect("tasks").iter().flat_map(commands).collect();
    assert_eq!(
        all,
        [
            "kaiin demo",
            "kaiin import associations.csv members_2026-01-31.csv",
            "kaiin count --as-of 2026-01-31 --by tier,association,class"
        ]
    );
    assert!(!office.data().exists());
    assert_eq!((&answer["next"], &answer["meeting"], &answer["newest"]), (&Value::Null, &Value::Null, &Value::Null));
    let run = run_at(&office, NOW, &[]);
    assert_eq!((run.exit, run.stdout.lines().count()), (Some(0), 7), "{}", run.stdout);
    assert!(run.stdout.starts_with("今月やること（令和8年2月1日（日））\n"), "{}", run.stdout);
    let english = run_at(&office, NOW, &["--lang", "en"]);
    assert!(english.stdout.starts_with("to do on 2026-02-01\n"), "{}", english.stdout);
    assert!(!english.stdout.chars().any(|letter| ('\u{3040}'..='\u{9fff}').contains(&letter)), "{}", english.stdout);
}

/// The file of the store is made before the first file is taken in.
#[test]
fn master_alone_asks_for_an_export() {
    let office = Office::new();
    office.import(Sample::saitama().files[0].to_str().expect("paths are UTF-8"));
    let answer = looked(&office);
    assert_eq!(codes(&answer), ["TDY-011"]);
    assert_eq!(commands(task(&answer, "TDY-011")), ["kaiin import members_2026-01-31.csv"]);
}

/// One line says that there is nothing to do and what the clock does next.
#[test]
fn nothing_to_do_is_said_in_one_line_with_what_comes() {
    let run = run_at(&sound(), "2026-01-20T00:00:00Z", &[]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!((run.exit, lines.len()), (Some(0), 2), "{}", run.stdout);
    assert_eq!(lines[0], "今月やること（令和8年1月20日（火）、最新の出力 R7.12.31）");
    assert!(
        lines[1].starts_with("今、することはありません。次は、2026-02-05 06:00（日本時間）に 2026-01 の"),
        "{}",
        lines[1]
    );
    assert!(lines[1].contains("2026-01-31 から 2026-02-04 までの日"), "{}", lines[1]);
    let answer = looked_at(&sound(), "2026-01-20T00:00:00Z", 0);
    assert_eq!(
        answer["next"],
        json!({
            "period": "2026-01", "as_of": "2026-01-31", "last_export_day": "2026-02-04",
            "scheduled_at": "2026-02-04T21:00:00Z", "export_is_there": false
        })
    );
}

/// The day before, the first day on which an export tells of the month, the last one, and the day of the cut-off.
#[rstest]
#[case::month_not_over("2026-01-30T14:59:59Z", &[])]
#[case::first_day("2026-01-30T15:00:00Z", &["TDY-010"])]
#[case::last_moment("2026-02-04T20:59:59Z", &["TDY-010"])]
#[case::after_the_cut_off("2026-02-04T21:00:00Z", &["JOB-073"])]
fn export_of_the_coming_month_is_asked_for_once_the_month_is_over(#[case] at: &str, #[case] expected: &[&str]) {
    let office = sound();
    let answer = looked_at(&office, at, 0);
    assert_eq!(codes(&answer), expected, "{answer}");
    if expected == ["TDY-010"] {
        let text = task(&answer, "TDY-010")["text"].as_str().expect("a text").to_owned();
        assert!(text.contains("2026-01-31 から 2026-02-04"), "{text}");
        assert!(commands(task(&answer, "TDY-010"))[0].starts_with("kaiin import members_2026-0"), "{answer}");
    }
}

#[test]
fn files_of_the_inbox_are_told_by_what_they_wait_for() {
    let office = sound();
    for folder in ["確認待ち", "refused", "taken"] {
        fs::create_dir_all(office.data().join("inbox").join(folder)).expect("a folder can be made");
    }
    for name in [
        "members_2026-01-31.csv",
        "確認待ち/members_2026-01-29.csv",
        "確認待ち/members_2026-01-29.csv.理由.txt",
        "確認待ち/members_2026-01-30.csv",
        "refused/壊れた 出力.csv",
        "refused/壊れた 出力.csv.理由.txt",
        "taken/members_2025-12-31.csv",
    ] {
        office.save(&format!("kaiin-data/inbox/{name}"), "x");
    }
    let answer = looked_at(&office, "2026-01-20T00:00:00Z", 0);
    assert_eq!(codes(&answer), ["TDY-002", "TDY-003", "TDY-004"]);
    let counts: Vec<&Value> = answer["tasks"].as_array().expect("tasks").iter().map(|task| &task["count"]).collect();
    assert_eq!(counts, [&json!(2), &json!(1), &json!(1)]);
    let of = |code| commands(task(&answer, code));
    assert_eq!(of("TDY-002"), ["kaiin import kaiin-data/inbox/確認待ち/members_2026-01-29.csv"]);
    assert_eq!(of("TDY-003"), ["kaiin import --dry-run \"kaiin-data/inbox/refused/壊れた 出力.csv\""]);
    let waiting = office.data().join("inbox/members_2026-01-31.csv");
    let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let set_old = |path| fs::File::options().write(true).open(path).and_then(|file| file.set_modified(old));
    set_old(waiting).expect("the owner may set times");
    assert!(codes(&looked_at(&office, "2026-01-20T00:00:00Z", 0)).contains(&"TDY-005"));
}

/// A file that was mended and taken in under its name needs nobody any more.
#[test]
fn refused_file_that_was_taken_in_since_is_not_told() {
    let office = sound();
    fs::create_dir_all(office.data().join("inbox/refused")).expect("a folder can be made");
    let file = "kaiin-data/inbox/refused/members_2025-12-31.csv";
    office.save(file, "x");
    let set = |seconds: u64| {
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        let file = fs::File::options().write(true).open(office.folder().join(file)).expect("it was made");
        file.set_modified(at).expect("the owner may set times");
    };
    // 2026-02-01, when the sample was taken in, is 1769904000.
    set(1_769_904_001);
    assert_eq!(codes(&looked_at(&office, "2026-01-20T00:00:00Z", 0)), ["TDY-003"]);
    set(1_769_903_999);
    assert_eq!(codes(&looked_at(&office, "2026-01-20T00:00:00Z", 0)), Vec::<&str>::new());
}

#[test]
fn inbox_that_cannot_be_read_costs_its_line() {
    let office = sound();
    office.save("kaiin-data/inbox", "");
    let answer = looked(&office);
    assert_eq!(codes(&answer), ["DOC-085", "TDY-010"]);
}

#[test]
fn months_that_need_a_person_are_told_with_the_reason() {
    let (office, _) = Sample::cases().taken_in();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nfirst_month = \"2025-05\"\nreports = [\"member-counts\"]\n");
    assert_eq!(codes(&looked(&office)), ["TDY-010"], "an office that makes its papers by hand hears of no month");
    office.json("jobs tick --now 2025-06-10T00:00:00Z");
    let answer = looked(&office);
    assert_eq!(codes(&answer), ["TDY-010", "TDY-033"]);
    let late = task(&answer, "TDY-033");
    assert_eq!((&late["count"], commands(late)), (&json!(7), vec!["kaiin jobs tick"]));
    assert!(late["text"].as_str().expect("a text").contains("2025-06 … 2025-12: 7"), "{late}");

    office.run("jobs tick");
    let answer = looked(&office);
    let waiting = task(&answer, "TDY-032");
    assert_eq!(commands(waiting), ["kaiin jobs release 2025-06 --reason \"理由\""]);
    assert!(waiting["text"].as_str().expect("a text").contains("2025-06-30 から 2025-07-04"), "{waiting}");
}

#[test]
fn month_that_failed_says_why() {
    let office = sound();
    office
        .save("kaiin-data/kaiin.toml", "[jobs]\nfirst_month = \"2025-12\"\nreports = [\"member-counts\", \"ない\"]\n");
    office.run("jobs tick --now 2026-01-10T00:00:00Z");
    let answer = looked_at(&office, "2026-01-20T00:00:00Z", 0);
    let partial = task(&answer, "TDY-031");
    assert_eq!(commands(partial), ["kaiin jobs run monthly-papers 2025-12"]);
    assert!(partial["reasons"][0].as_str().expect("a reason").contains("ない"), "{partial}");
    let screen = run_at(&office, "2026-01-20T00:00:00Z", &[]).stdout;
    assert!(screen.contains("2025-12") && screen.contains("    kaiin jobs run monthly-papers 2025-12\n"), "{screen}");
}

#[test]
fn month_that_says_something_else_since_is_to_be_made_once_more() {
    let office = office_with_november("\"member-counts\"", &export(60, ""));
    assert_eq!(accepted(&office, LIST, &export(58, "")).exit, Some(0));
    let answer = looked_at(&office, "2025-12-10T00:00:00Z", 0);
    assert_eq!(commands(task(&answer, "TDY-034")), ["kaiin jobs rerun 2025-11 --reason \"理由\""]);
}

#[test]
fn distribution_is_told_from_its_making_to_its_last_recipient() {
    let office = distributing();
    office.json(PREPARE);
    let at = "2026-01-20T00:00:00Z";
    let answer = looked_at(&office, at, 0);
    assert_eq!(codes(&answer), ["TDY-053"]);
    assert_eq!(commands(task(&answer, "TDY-053")), ["kaiin publish show 1", "kaiin publish approve 1 --by 氏名"]);
    office.json("publish approve 1 --by 承認者");
    let answer = looked_at(&office, at, 0);
    assert_eq!((codes(&answer), &answer["tasks"][0]["count"]), (vec!["TDY-052"], &json!(3)));
    assert_eq!(commands(task(&answer, "TDY-052")), ["kaiin publish send 1"]);
    edit(
        &office,
        &[
            "UPDATE delivery SET state = 'uncertain' WHERE recipient = '11-001'",
            "UPDATE delivery SET state = 'failed' WHERE recipient = '11-002'",
        ],
    );
    let answer = looked_at(&office, at, 0);
    assert_eq!(codes(&answer), ["TDY-050", "TDY-051", "TDY-052"]);
    assert!(commands(task(&answer, "TDY-050"))[0].starts_with("kaiin publish settle 1 11-001 --arrived --by"));
    edit(&office, &["UPDATE delivery SET state = 'sent'"]);
    assert_eq!(codes(&looked_at(&office, at, 0)), Vec::<&str>::new());
    edit(&office, &["UPDATE delivery SET state = 'approved'"]);
    office.json("publish withdraw 1 --reason 見直し");
    assert_eq!(codes(&looked_at(&office, at, 0)), Vec::<&str>::new(), "nothing of it leaves any more");
}

#[test]
fn many_distributions_are_told_as_one() {
    let office = distributing();
    for day in ["2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31"] {
        office.json(&PREPARE.replace("2025-11-30", day));
    }
    let answer = looked_at(&office, "2026-01-20T00:00:00Z", 0);
    assert_eq!(codes(&answer), ["TDY-053", "TDY-053", "TDY-054"]);
    assert_eq!(task(&answer, "TDY-054")["count"], 2);
    assert!(commands(&answer["tasks"][0])[0].ends_with("show 1"), "the oldest goes first");
}

#[test]
fn sending_that_has_stopped_is_told() {
    let office = approved();
    office.save("kaiin-data/distribution/sent.json", "{\"begun\": 9}");
    let answer = looked_at(&office, "2026-01-20T00:00:00Z", 0);
    assert_eq!(codes(&answer), ["PUB-020", "TDY-052"]);
    assert!(answer["tasks"][0]["remedy"].as_str().expect("a remedy").contains("kaiin publish confirm"), "{answer}");
}

#[test]
fn restored_folder_that_nobody_has_confirmed_is_told_first() {
    let office = sound();
    office.save("kaiin-data/restored.json", "{}");
    let answer = looked(&office);
    assert_eq!(codes(&answer), ["TDY-001", "TDY-010"]);
    assert!(commands(&answer["tasks"][0])[0].starts_with("kaiin restore --confirm --reason"), "{answer}");
}

/// From the empty folder of a meeting to a pack that is up to date, and what makes it old.
#[test]
fn next_meeting_is_told_with_how_far_its_pack_is() {
    let office = sound();
    fs::create_dir_all(office.folder().join("meetings/2026-02-20_試験会議")).expect("a folder can be made");
    fs::create_dir_all(office.folder().join("meetings/2025-12-20_前の会議")).expect("a folder can be made");
    let items = "区分,件名,資料\n報告事項,会員数報告,会員数報告\n";
    let agenda = |name: &str, day: &str, items: &str| format!("会議名,{name}\n開催日,{day}\n\n{items}");
    office.save("meetings/2025-12-20_前の会議/次第.csv", agenda("前の会議", "2025-12-20", items));
    let file = "meetings/2026-02-20_試験会議/次第.csv";
    office.save(file, agenda("試験会議", "2026-02-20", &items.replace(",会員数報告\n", ",ない帳票\n")));
    let at = "2026-01-20T00:00:00Z";
    let answer = looked_at(&office, at, 0);
    assert_eq!(codes(&answer), ["TDY-060"]);
    assert_eq!(commands(&answer["tasks"][0]), ["kaiin meeting check meetings/2026-02-20_試験会議"]);

    office.save(file, agenda("試験会議", "2026-02-20", items));
    let answer = looked_at(&office, at, 0);
    let build = "kaiin meeting build meetings/2026-02-20_試験会議 --as-of 2025-12-31";
    assert_eq!(commands(task(&answer, "TDY-061"))[1], build);
    assert_eq!((&answer["meeting"]["name"], &answer["meeting"]["pack"]), (&json!("試験会議"), &Value::Null));

    let run = office.run(build.strip_prefix("kaiin ").expect("a command"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let answer = looked_at(&office, at, 0);
    assert_eq!((codes(&answer), &answer["meeting"]["pack"]["up_to_date"]), (Vec::new(), &json!(true)));
    let screen = run_at(&office, at, &[]).stdout;
    assert!(
        screen.ends_with("次の会議は 2026-02-20 の試験会議。資料はできています（第1版、2025-12-31 現在）\n"),
        "{screen}"
    );

    office.save(file, agenda("試験会議", "2026-02-21", items));
    let answer = looked_at(&office, at, 0);
    assert_eq!((codes(&answer), &answer["meeting"]["held_on"]), (vec!["TDY-062"], &json!("2026-02-21")));
    // The day of the meeting itself is still to come; the day after is not.
    assert_ne!(looked_at(&office, "2026-02-21T14:59:59Z", 0)["meeting"], Value::Null);
    assert_eq!(looked_at(&office, "2026-02-21T15:00:00Z", 0)["meeting"], Value::Null);
}

/// An adjustment of the last day of January says nothing of January: the exports end with December.
#[test]
fn pack_is_proposed_for_the_month_that_the_exports_reach() {
    let office = sound();
    let number = office.run("explain 浦和 --as-of 2025-12-31 --format csv").stdout;
    let number = number.lines().nth(1).and_then(|line| line.split(',').next()).expect("a member").to_string();
    let heads = "調整番号,調整種別,医籍登録番号,医師会名,対象入会日,新しい日付,新しい会員区分,退会理由,統合元番号,要確認コード,状態,理由,承認者";
    let line = format!("K1,確認済,{number},,,,,,,FND-009,,確かめた,事務局長");
    office.save("adjustments_2026-01-31.csv", format!("{heads}\n{line}\n"));
    office.import("adjustments_2026-01-31.csv");
    fs::create_dir_all(office.folder().join("meetings/2026-02-20_試験会議")).expect("a folder can be made");
    let agenda = "会議名,試験会議\n開催日,2026-02-20\n\n区分,件名,資料\n報告事項,会員数報告,会員数報告\n";
    office.save("meetings/2026-02-20_試験会議/次第.csv", agenda);
    let answer = looked_at(&office, "2026-02-02T00:00:00Z", 0);
    let build = "kaiin meeting build meetings/2026-02-20_試験会議 --as-of 2025-12-31";
    assert_eq!(commands(task(&answer, "TDY-061"))[1], build);
}

#[test]
fn pack_of_before_the_newest_export_is_told() {
    let office = sound();
    fs::create_dir_all(office.folder().join("meetings/2026-02-20_試験会議")).expect("a folder can be made");
    let agenda = "会議名,試験会議\n開催日,2026-02-20\n\n区分,件名,資料\n報告事項,会員数報告,会員数報告\n";
    office.save("meetings/2026-02-20_試験会議/次第.csv", agenda);
    let build = "meeting build meetings/2026-02-20_試験会議 --as-of 2025-10-31 --known-at 2025-11-30";
    assert_eq!(office.run(build).exit, Some(0));
    let answer = looked_at(&office, "2026-01-20T00:00:00Z", 0);
    let again = "kaiin meeting build meetings/2026-02-20_試験会議 --as-of 2025-10-31";
    assert_eq!(commands(task(&answer, "TDY-063")), [again]);
}

#[test]
fn wrong_settings_cost_what_stands_in_them_alone() {
    let office = sound();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nmonthly_at = \"毎月5日\"\n");
    office.save("kaiin-data/restored.json", "{}");
    let answer = looked(&office);
    assert_eq!(codes(&answer), ["CFG-001", "TDY-001"]);
    assert!(answer["tasks"][0]["reasons"][0].as_str().expect("a text").contains("JOB-003"), "{answer}");
    // Where the store is elsewhere nobody can say that there is none.
    let empty = Office::new();
    fs::create_dir(empty.data()).expect("a folder can be made");
    empty.save("kaiin-data/kaiin.toml", "[store]\nurl = 1\n");
    assert_eq!(codes(&looked(&empty)), ["CFG-001"]);
}

#[test]
fn wrong_definition_costs_its_line_alone() {
    let office = sound();
    fs::create_dir(office.data().join("definitions")).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", "definitions = \"definitions\"\n");
    office.save("kaiin-data/definitions/vocabulary.toml", "title = \"\n");
    assert_eq!(codes(&looked(&office)), ["CFG-002", "TDY-010"]);
}

#[rstest]
#[case::no_database("これは台帳ではない。".repeat(1_000).into_bytes())]
#[case::cut_off(fs::read(sound().data().join("kaiin.sqlite")).expect("it was made")[..20_000].to_vec())]
#[case::lost(Vec::new())]
fn store_that_cannot_be_read_ends_with_4_and_the_rest_is_told(#[case] bytes: Vec<u8>) {
    let office = sound();
    office.save("kaiin-data/kaiin.sqlite", bytes);
    office.save("kaiin-data/restored.json", "{}");
    fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    office.save("kaiin-data/inbox/members_2026-01-31.csv", "x");
    let answer = looked_at(&office, NOW, 4);
    let ids: Vec<&Value> = answer["tasks"].as_array().expect("tasks").iter().map(|task| &task["id"]).collect();
    assert_eq!(ids, ["store", "restored", "inbox"], "{answer}");
    let screen = run_at(&office, NOW, &[]);
    assert_eq!(screen.exit, Some(4), "{}", screen.stdout);
    assert!(screen.stdout.contains("\n 1 ") && screen.stdout.contains("直し方: "), "{}", screen.stdout);
}

#[test]
fn store_of_an_older_version_is_told_and_left() {
    let office = sound();
    edit(&office, &["DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)"]);
    let answer = looked_at(&office, NOW, 4);
    assert_eq!(codes(&answer), ["DOC-068"]);
}

/// Somebody who works in another folder types what stands there.
#[test]
fn commands_lead_to_the_same_data_folder() {
    let office = sound();
    fs::rename(office.data(), office.folder().join("会員 データ")).expect("it can be renamed");
    let run = Run::of(office.program().args(["--json", "--data", "会員 データ"]));
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(commands(task(&answer, "TDY-010")), ["kaiin --data \"会員 データ\" import members_2026-02-01.csv"]);
}

/// Another process writes: looking waits for nobody.
#[test]
fn looking_needs_no_lock() {
    let office = sound();
    let lock = fs::File::options().write(true).create(true).truncate(false).open(office.data().join("kaiin.lock"));
    let lock = lock.expect("it can be made");
    lock.lock().expect("nobody holds it");
    assert_eq!(codes(&looked(&office)), ["TDY-010"]);
}

/// A day on which everything comes together still fits on a screen.
#[test]
fn full_day_fits_on_a_screen() {
    let office = approved();
    office.json(&PREPARE.replace("2025-11-30", "2025-10-31"));
    fs::create_dir_all(office.data().join("inbox/確認待ち")).expect("a folder can be made");
    for nth in 1..=12 {
        office.save(&format!("kaiin-data/inbox/確認待ち/members_2026-01-{nth:02}.csv"), "x");
    }
    fs::create_dir_all(office.folder().join("meetings/2026-02-20_試験会議")).expect("a folder can be made");
    let agenda = "会議名,試験会議\n開催日,2026-02-20\n\n区分,件名,資料\n報告事項,会員数報告,会員数報告\n";
    office.save("meetings/2026-02-20_試験会議/次第.csv", agenda);
    let run = run_at(&office, NOW, &[]);
    assert!(run.stdout.lines().count() <= 16, "{}", run.stdout);
    assert!(run.stdout.contains("12 件が、答えを待っています"), "{}", run.stdout);
}

#[test]
fn store_on_a_server_is_looked_at_and_not_made() {
    if skips_without_server() {
        return;
    }
    let office = Office::on(Home::Postgres);
    for _ in 0..2 {
        assert_eq!(codes(&looked(&office)), ["TDY-080", "TDY-081", "TDY-082"], "a schema was made");
    }
    office.import(&Sample::saitama().paths());
    let before = office.state();
    assert_eq!(codes(&looked(&office)), ["TDY-010"]);
    assert_eq!(office.state(), before);
}

/// Words of a command that does not exist are still refused, and a command below which another is needed still asks for it.
#[test]
fn only_no_words_at_all_ask_what_there_is_to_do() {
    let office = sound();
    assert_eq!(office.run("cuont").exit, Some(2));
    assert_eq!(office.run("jobs").exit, Some(2));
    let help = office.run("--help");
    assert_eq!(help.exit, Some(0));
    assert!(help.stdout.contains("使い方: kaiin [指定] [命令]"), "{}", help.stdout);
}
