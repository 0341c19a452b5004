//! `kaiin doctor`: what is said of each thing that a server needs, sound or broken, and that nothing is changed by looking.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::Value;

use super::program::{Office, Run};
use super::samples::Sample;
use super::surroundings::{bound, set_mode};
use super::verify::edit;
use crate::store::home::{Home, skips_without_server};

/// Every line of a server that has no table of characters, in the order in which they are told.
const ALL: [&str; 10] =
    ["settings", "definitions", "data_folder", "disk", "clock", "time_zone", "store", "schedule", "inbox", "fonts"];

/// An office with the newest exports of the samples, which are a month old.
fn sound() -> Office {
    Sample::saitama().taken_in().0
}

/// Files of a folder with what stands in them.
pub(super) fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            out.insert(path.clone(), Vec::new());
            out.extend(content(&path));
        } else {
            out.insert(path.clone(), fs::read(&path).expect("the file can be read"));
        }
    }
    out
}

/// Runs `kaiin doctor`, which must change nothing, and gives its lines by id. They and the exit code follow the contract.
#[track_caller]
fn looked(office: &Office, at: &str) -> BTreeMap<String, Value> {
    let before = content(office.folder());
    let run = Run::of(office.program().env("KAIIN_NOW", at).args(["doctor", "--json"]));
    assert_eq!(content(office.folder()), before, "something was changed");
    lines(&run)
}

#[track_caller]
fn lines(run: &Run) -> BTreeMap<String, Value> {
    assert_eq!(run.stderr, "");
    let lines: Vec<Value> = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    for line in &lines {
        let keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["id", "remedy", "state", "text"], "{line}");
        let [state, text, remedy] = ["state", "text", "remedy"].map(|key| line[key].as_str().expect("a text"));
        assert!(["ok", "warning", "ng"].contains(&state) && !text.is_empty(), "{line}");
        assert_eq!(remedy.is_empty(), state == "ok", "{line}");
        assert!(!text.contains('{') && !remedy.contains('{'), "a word was left open: {line}");
    }
    let has_ng = lines.iter().any(|line| line["state"] == "ng");
    assert_eq!(run.exit, Some(i32::from(has_ng)), "{lines:?}");
    let told: Vec<&str> = lines.iter().map(|line| line["id"].as_str().expect("a text")).collect();
    let expected: Vec<&str> = ALL.into_iter().chain(told.contains(&"gaiji").then_some("gaiji")).collect();
    assert_eq!(told, expected, "a line is missing, or stands twice");
    lines.iter().map(|line| (line["id"].as_str().expect("a text").to_owned(), line.clone())).collect()
}

/// Compares the states of the lines: `expected` names those that are not in order.
#[track_caller]
fn assert_states(lines: &BTreeMap<String, Value>, expected: &[(&str, &str)]) {
    let found: BTreeMap<&str, &str> = lines
        .iter()
        .map(|(id, line)| (id.as_str(), line["state"].as_str().expect("a text")))
        .filter(|(_, state)| *state != "ok")
        .collect();
    assert_eq!(found, expected.iter().copied().collect(), "{lines:#?}");
}

fn text<'l>(lines: &'l BTreeMap<String, Value>, id: &str) -> &'l str {
    lines[id]["text"].as_str().expect("a text")
}

const NOW: &str = super::program::NOW;

#[test]
fn sound_store_is_in_order_and_says_what_was_found() {
    let lines = looked(&sound(), NOW);
    assert_states(&lines, &[]);
    assert!(text(&lines, "store").contains("2025-12-31") && text(&lines, "store").contains("kaiin verify"));
    assert!(text(&lines, "store").contains("取込み 5 件"), "{lines:?}");
    assert!(text(&lines, "schedule").contains("2026-02-05 06:00"), "{lines:?}");
    assert!(text(&lines, "clock").contains("2026-02-01 09:00"), "{lines:?}");
    assert!(text(&lines, "time_zone").contains("Asia/Tokyo"), "{lines:?}");
}

#[test]
fn people_read_lines_with_remedies_in_either_language() {
    let office = sound();
    let at = |lang: &str| {
        let mut program = office.program();
        Run::of(program.env("KAIIN_NOW", "2026-03-01T00:00:00Z").args(["doctor", "--lang", lang]))
    };
    let [ja, en] = ["ja", "en"].map(at);
    assert_eq!((ja.exit, en.exit), (Some(0), Some(0)), "{}{}", ja.stdout, en.stdout);
    assert!(
        ja.stdout.contains("\n注意  台帳") && ja.stdout.contains("\n                        直し方: 新しい会員一覧"),
        "{}",
        ja.stdout
    );
    assert!(ja.stdout.ends_with("OK 9 件、注意 1 件、NG 0 件\n"), "{}", ja.stdout);
    assert!(
        en.stdout.contains("\nWARN  store") && en.stdout.contains("remedy: take in a newer export"),
        "{}",
        en.stdout
    );
    assert!(en.stdout.ends_with("OK: 9, WARN: 1, NG: 0\n"), "{}", en.stdout);
    assert!(!en.stdout.chars().any(|letter| ('\u{3040}'..='\u{9fff}').contains(&letter)), "{}", en.stdout);
}

#[test]
fn empty_and_absent_folders_are_told_and_nothing_is_made() {
    let office = Office::new();
    assert_states(&looked(&office, NOW), &[("data_folder", "warning"), ("store", "warning")]);
    fs::create_dir(office.data()).expect("a folder can be made");
    set_mode(&office.data(), 0o700);
    assert_states(&looked(&office, NOW), &[("store", "warning")]);
    set_mode(&office.data(), 0o755);
    assert_states(&looked(&office, NOW), &[("data_folder", "warning"), ("store", "warning")]);
}

#[test]
fn file_in_place_of_the_folder_is_told() {
    let office = Office::new();
    office.save("kaiin-data", "");
    let lines = looked(&office, NOW);
    assert_states(
        &lines,
        &[("data_folder", "ng"), ("store", "ng"), ("schedule", "warning"), ("inbox", "ng"), ("fonts", "warning")],
    );
}

#[test]
fn folder_that_may_only_be_read_is_told_and_the_store_is_read() {
    let office = sound();
    set_mode(&office.data(), 0o500);
    let lines = lines(&bound(&office, "doctor --json"));
    set_mode(&office.data(), 0o700);
    assert_states(&lines, &[("data_folder", "ng")]);
}

/// A page hands out nothing that it could not note.
#[rstest]
#[case("handed-out.jsonl")]
#[case("handed-out.head")]
fn record_that_cannot_be_added_to_is_told(#[case] name: &str) {
    let office = sound();
    let path = office.data().join(name);
    fs::write(&path, "").expect("a file can be made");
    set_mode(&path, 0o600);
    assert_eq!(lines(&bound(&office, "doctor --json"))["data_folder"]["state"], "ok");
    set_mode(&path, 0o400);
    let lines = lines(&bound(&office, "doctor --json"));
    assert_states(&lines, &[("data_folder", "ng")]);
    assert!(lines["data_folder"]["text"].as_str().is_some_and(|text| text.contains(name)), "{lines:?}");
}

#[rstest]
#[case::no_database("これは台帳ではない。".repeat(1_000).into_bytes())]
#[case::cut_off(fs::read(sound().data().join("kaiin.sqlite")).expect("it was made")[..20_000].to_vec())]
fn file_that_is_no_store_is_told(#[case] bytes: Vec<u8>) {
    let office = sound();
    office.save("kaiin-data/kaiin.sqlite", bytes);
    let lines = looked(&office, NOW);
    assert_eq!(lines["store"]["state"], "ng", "{lines:?}");
    for id in ["settings", "definitions", "data_folder", "disk", "clock", "inbox"] {
        assert_eq!(lines[id]["state"], "ok", "{lines:?}");
    }
}

#[test]
fn damaged_page_is_told() {
    let office = sound();
    let path = office.data().join("kaiin.sqlite");
    let mut bytes = fs::read(&path).expect("it was made");
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(&path, bytes).expect("it can be written");
    let lines = looked(&office, NOW);
    assert_eq!(lines["store"]["state"], "ng", "{lines:?}");
}

#[test]
fn lost_store_is_told() {
    let office = sound();
    fs::remove_file(office.data().join("kaiin.sqlite")).expect("it was made");
    let lines = looked(&office, NOW);
    assert_states(&lines, &[("store", "ng"), ("schedule", "warning"), ("fonts", "warning")]);
}

#[rstest]
#[case::newer(
    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
     VALUES (9999, 'of later', TRUE, x'00', 0)",
    "ng"
)]
#[case::older("DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)", "warning")]
fn store_of_another_version_is_told_and_left(#[case] statement: &'static str, #[case] state: &str) {
    let office = sound();
    edit(&office, &[statement]);
    let lines = looked(&office, NOW);
    assert_states(&lines, &[("store", state), ("schedule", "warning"), ("fonts", "warning")]);
}

#[test]
fn wrong_settings_cost_what_stands_in_them_alone() {
    let office = sound();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nmonthly_at = \"毎月5日\"\n");
    let lines = looked(&office, NOW);
    assert_states(&lines, &[("settings", "ng"), ("definitions", "warning"), ("schedule", "warning")]);
    assert!(text(&lines, "settings").contains("2行目") && text(&lines, "settings").contains("JOB-003"), "{lines:?}");
}

#[rstest]
#[case::report("definitions/member-counts.toml")]
#[case::what_everything_needs("definitions/vocabulary.toml")]
fn wrong_definition_costs_its_line_alone(#[case] name: &str) {
    let office = sound();
    fs::create_dir(office.data().join("definitions")).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", "definitions = \"definitions\"\n");
    assert_states(&looked(&office, NOW), &[]);
    office.save(&format!("kaiin-data/{name}"), "title = \"\n");
    let lines = looked(&office, NOW);
    assert_states(&lines, &[("definitions", "ng")]);
    let file = name.rsplit('/').next().expect("a name");
    assert!(text(&lines, "definitions").contains(file), "{lines:?}");
}

#[test]
fn folder_of_definitions_that_is_not_there_is_told() {
    let office = sound();
    office.save("kaiin-data/kaiin.toml", "definitions = \"どこにもない\"\n");
    assert_states(&looked(&office, NOW), &[("definitions", "ng")]);
}

#[rstest]
#[case::before_the_last_import("2026-01-15T00:00:00Z")]
#[case::never_set("1970-01-01T00:00:00Z")]
fn clock_that_is_behind_is_told(#[case] at: &str) {
    assert_states(&looked(&sound(), at), &[("clock", "ng")]);
}

#[test]
fn time_that_cannot_be_read_costs_the_line_of_the_clock() {
    let office = Office::new();
    fs::create_dir(office.data()).expect("a folder can be made");
    set_mode(&office.data(), 0o700);
    assert_states(&looked(&office, "きのう"), &[("clock", "ng"), ("store", "warning")]);
}

#[rstest]
#[case::last_day("2026-02-14T00:00:00Z", &[])]
#[case::day_after("2026-02-15T00:00:00Z", &[("store", "warning")])]
fn old_export_is_told(#[case] at: &str, #[case] expected: &[(&str, &str)]) {
    assert_states(&looked(&sound(), at), expected);
}

#[test]
fn machine_elsewhere_is_in_order_and_says_so() {
    let office = sound();
    let run = Run::of(office.program().env("TZ", "Asia/Tokyo").args(["doctor", "--json"]));
    assert!(text(&lines(&run), "time_zone").contains("この機械も +09:00"), "{}", run.stdout);
    let run = Run::of(office.program().env("TZ", "UTC").args(["doctor", "--json"]));
    assert_states(&lines(&run), &[]);
    assert!(text(&lines(&run), "time_zone").contains("この機械は +00:00"), "{}", run.stdout);
}

#[test]
fn files_of_the_inbox_are_counted() {
    let office = sound();
    let inbox = office.data().join("inbox");
    fs::create_dir_all(inbox.join("確認待ち")).expect("a folder can be made");
    office.save("kaiin-data/inbox/members_2026-01-31.csv", "x");
    let found = looked(&office, NOW);
    assert_states(&found, &[]);
    assert!(text(&found, "inbox").contains("1 件"), "{found:?}");

    office.save("kaiin-data/inbox/確認待ち/members_2026-01-30.csv", "x");
    office.save("kaiin-data/inbox/確認待ち/members_2026-01-30.csv.理由.txt", "x");
    let found = looked(&office, NOW);
    assert_states(&found, &[("inbox", "warning")]);
    assert!(text(&found, "inbox").contains("確認待ち のファイル 1 件"), "{found:?}");
    fs::remove_dir_all(inbox.join("確認待ち")).expect("it was made");

    let path = inbox.join("members_2026-01-31.csv");
    let file = fs::File::options().write(true).open(path).expect("it was made");
    let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    file.set_modified(old).expect("the owner may set times");
    assert_states(&looked(&office, NOW), &[("inbox", "warning")]);

    fs::remove_dir_all(&inbox).expect("it was made");
    office.save("kaiin-data/inbox", "");
    assert_states(&looked(&office, NOW), &[("inbox", "ng")]);
}

#[test]
fn characters_without_a_font_are_counted_and_no_name_is_told() {
    let office = sound();
    edit(
        &office,
        &[
            "UPDATE physician_version SET name = '秘密' || char(57344) || char(57345) WHERE id = 1",
            "UPDATE physician_version SET name = '内緒' || char(57344) WHERE id = 2",
        ],
    );
    let lines = looked(&office, NOW);
    assert_states(&lines, &[("fonts", "warning")]);
    assert!(text(&lines, "fonts").contains("2 種類"), "{lines:?}");
    for arguments in ["doctor", "doctor --json", "doctor --lang en"] {
        let run = office.run(arguments);
        let told = format!("{}{}", run.stdout, run.stderr);
        for secret in ["秘密", "内緒", "\u{e000}"] {
            assert!(!told.contains(secret), "{arguments}: {told}");
        }
    }

    fs::create_dir(office.data().join("definitions")).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", "definitions = \"definitions\"\n");
    let table = |from: &str| format!("[[characters]]\nfrom = \"{from}\"\nto = \"髙\"\n");
    office.save("kaiin-data/definitions/gaiji.toml", table("U+E000") + &table("U+E001"));
    let lines = looked(&office, NOW);
    assert_states(&lines, &[]);
    assert!(text(&lines, "gaiji").contains("2 文字"), "{lines:?}");
    office.save("kaiin-data/definitions/gaiji.toml", table("架空"));
    assert_states(&looked(&office, NOW), &[("fonts", "warning"), ("gaiji", "ng")]);
}

#[test]
fn months_that_need_a_person_are_told() {
    let (office, _) = Sample::cases().taken_in();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nfirst_month = \"2025-05\"\nreports = [\"member-counts\"]\n");
    // Nothing was made by the clock yet: whoever makes papers by hand hears nothing of it.
    assert_states(&looked(&office, NOW), &[("store", "warning")]);

    let run = office.run("jobs tick --now 2025-06-10T00:00:00Z");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let lines = looked(&office, NOW);
    assert_states(&lines, &[("store", "warning"), ("schedule", "warning")]);
    assert!(text(&lines, "schedule").contains("2025-06 … 2025-12: 7"), "{lines:?}");
    assert!(lines["schedule"]["remedy"].as_str().expect("a text").contains("kaiin serve"), "{lines:?}");

    office.run("jobs tick");
    let lines = looked(&office, NOW);
    assert!(text(&lines, "schedule").contains("出力を待っている期間があります（2025-06"), "{lines:?}");

    office.save("kaiin-data/kaiin.toml", "[jobs]\nreports = [\"どこにもない\"]\n");
    let lines = looked(&office, NOW);
    assert_states(&lines, &[("store", "warning"), ("schedule", "ng")]);
    assert!(text(&lines, "schedule").contains("jobs.reports"), "{lines:?}");
}

#[test]
fn server_that_does_not_answer_is_told() {
    let office = sound();
    let mut program = office.program();
    let address = "postgres://kaiin:geheim@127.0.0.1:1/kaiin";
    let run = Run::of(program.env("KAIIN_STORE_URL", address).args(["doctor", "--json"]));
    let lines = lines(&run);
    assert_states(&lines, &[("store", "ng"), ("schedule", "warning"), ("fonts", "warning")]);
    assert!(!run.stdout.contains("geheim"), "{}", run.stdout);
}

#[test]
fn store_on_a_server_is_looked_at_and_not_made() {
    if skips_without_server() {
        return;
    }
    let office = Office::on(Home::Postgres);
    fs::create_dir(office.data()).expect("a folder can be made");
    set_mode(&office.data(), 0o700);
    for _ in 0..2 {
        let lines = looked(&office, NOW);
        assert_states(&lines, &[("store", "warning")]);
        assert!(text(&lines, "store").contains("台帳はまだありません"), "a schema was made: {lines:?}");
    }
    office.import(&Sample::cases().paths());
    let before = office.state();
    let lines = looked(&office, NOW);
    assert_states(&lines, &[("store", "warning")]);
    assert!(text(&lines, "store").contains("サーバー"), "{lines:?}");
    assert_eq!(office.state(), before);
}
