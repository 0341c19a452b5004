//! Machines that do not play along: another process, Ctrl-C, a full disk, missing permissions, wrong settings.

use std::fs::{File, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kaiin::messages::Lang;
use rstest::rstest;
use serde_json::Value;

use super::people::{KNOWN, NEXT, cells, edited, office, text};
use super::program::{Office, Run};
use super::refusal::{Refusal, assert_refused, assert_said, assert_told, refusal};

/// An export that takes long enough to be met at work.
fn long_export() -> String {
    let cells = cells();
    let mut out = text(&cells[..1]);
    for nth in 0..8_000 {
        let mut row = cells[1 + nth % 60].clone();
        row[0] = (200_000 + nth).to_string();
        out.push_str(&text(&[row]));
    }
    out
}

/// Starts to take in a long export, and returns when the program has begun to read it.
fn at_work(office: &Office) -> Child {
    office.save("members_2025-12-31.csv", long_export());
    let mut command = office.program();
    command.args(["import", "members_2025-12-31.csv", "--accept-drop", "--reason", "試験"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program can be started");
    let mut line = String::new();
    let mut said = BufReader::new(child.stderr.take().expect("standard error is a pipe"));
    said.read_line(&mut line).expect("the program says that it reads");
    assert!(line.starts_with("読み込み: members_2025-12-31.csv"), "{line}");
    child.stderr = Some(said.into_inner());
    child
}

#[test]
fn second_writer_is_refused_and_readers_are_not() {
    let office = office();
    office.save(NEXT, text(&cells()));
    let before = office.state();
    let lock = File::create(office.data().join("kaiin.lock")).expect("the lock file can be made");
    lock.lock().expect("nobody else holds the lock");
    assert_refused(&office, &format!("import {NEXT}"), refusal(4, "ENV-001"));
    drop(lock);
    assert_eq!(office.state(), before);
    assert_eq!(office.import(NEXT)[0]["status"], "stored");
}

#[test]
fn writer_at_work_is_not_disturbed_by_another() {
    let office = office();
    office.save(NEXT, text(&cells()));
    let before = office.state().count;
    let first = at_work(&office);
    let second = office.run(&format!("--json import {NEXT}"));
    let reader = office.state().count;
    let first = Run::from(first.wait_with_output().expect("the child was started here"));
    assert_told(&second, Lang::Ja, refusal(4, "ENV-001"));
    assert_eq!(first.exit, Some(0), "{}", first.stderr);
    let after = office.state().count;
    assert!(reader == before || reader == after, "a reader saw something in between: {reader:?}");
    assert_eq!(after.expect("an export was taken in")["known_at"], "2025-12-31");
}

#[test]
fn interrupt_in_the_middle_changes_nothing() {
    let office = office();
    let before = office.state();
    let child = at_work(&office);
    // The shell's own kill: a bare machine has no program of that name.
    let told = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(told.expect("a shell can be started").success(), "the program was no longer running");
    let run = Run::from(child.wait_with_output().expect("the child was started here"));
    assert_eq!(run.exit, Some(130), "{}", run.stderr);
    assert!(run.stderr.contains("中断しました"), "{}", run.stderr);
    assert_eq!(office.state(), before);
    assert_eq!(office.import("members_2025-12-31.csv --accept-drop --reason 試験")[0]["status"], "stored");
}

/// A limit on the size of files stands for a full disk: the program is told the same way, by a write that fails.
#[rstest]
#[case::before_the_store_opens(1)]
#[case::in_the_middle_of_the_import(200)]
#[case::late_in_the_import(1_000)]
fn full_disk_ends_with_4_and_changes_nothing(#[case] blocks: u32) {
    let office = office();
    office.save(NEXT, long_export());
    let before = office.state();
    let limited = |more: &str| {
        // Without the trap the signal would end the program before it could say anything. A block has 512 bytes.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let mut command = office.through("sh");
        command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_kaiin"), "import", NEXT]);
        Run::of(command.args("--accept-drop --reason 試験".split(' ')).args(more.split_whitespace()))
    };
    let full = refusal(4, "ENV-002");
    assert_said(&limited(""), Lang::Ja, full);
    assert_said(&limited("--lang en"), Lang::En, full);
    assert_told(&limited("--json"), Lang::Ja, full);
    assert_eq!(office.state(), before);
    assert_eq!(office.import(&format!("{NEXT} --accept-drop --reason 試験"))[0]["status"], "stored");
}

/// Runs the program as somebody whom permissions bind, also where the tests run as root.
pub(super) fn bound(office: &Office, arguments: &str) -> Run {
    let probe = office.folder().join("probe");
    std::fs::write(&probe, "").expect("the temporary folder can be written");
    set_mode(&probe, 0o000);
    let is_bound = File::open(&probe).is_err();
    let program = env!("CARGO_BIN_EXE_kaiin");
    let mut command = if is_bound { office.program() } else { office.through("setpriv") };
    if !is_bound {
        // Root without the right to pass over permissions.
        command.args(["--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all", program]);
    }
    let run = Run::of(command.args(arguments.split_whitespace()));
    set_mode(&probe, 0o600);
    run
}

pub(super) fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("the owner may set permissions");
}

#[rstest]
#[case::export_that_may_not_be_read(NEXT, 0o000, refusal(4, "ENV-003"))]
#[case::lock_that_may_not_be_taken("kaiin-data/kaiin.lock", 0o400, refusal(4, "ENV-012"))]
#[case::store_that_may_not_be_written("kaiin-data/kaiin.sqlite", 0o400, refusal(4, "ENV-012"))]
#[case::store_that_may_not_be_read("kaiin-data/kaiin.sqlite", 0o000, refusal(4, "ENV-012"))]
#[case::folder_that_may_not_be_entered("kaiin-data", 0o000, refusal(4, "ENV-012"))]
#[case::folder_that_may_not_be_written("kaiin-data", 0o500, refusal(4, "ENV-012"))]
fn missing_permission_ends_with_4_and_changes_nothing(
    #[case] forbidden: &str,
    #[case] mode: u32,
    #[case] expected: Refusal,
) {
    let office = office();
    office.save(NEXT, text(&cells()));
    let before = office.state();
    let path = office.folder().join(forbidden);
    let had = std::fs::metadata(&path).expect("it is there").permissions().mode();
    set_mode(&path, mode);
    let runs = ["", "--lang en", "--json"].map(|more| bound(&office, &format!("import {NEXT} {more}")));
    set_mode(&path, had);
    assert_said(&runs[0], Lang::Ja, expected);
    assert_said(&runs[1], Lang::En, expected);
    assert_told(&runs[2], Lang::Ja, expected);
    assert_eq!(office.state(), before);
}

/// The timeline is written after the commit. Where that fails a question makes one for itself.
#[test]
fn import_stands_when_its_timeline_cannot_be_written() {
    let office = office();
    office.save(NEXT, edited(|cells| cells[1][8] = "2025-10-20".into()));
    let timeline = office.data().join("timeline");
    set_mode(&timeline, 0o500);
    let stored = bound(&office, &format!("--json import {NEXT}"));
    let count = bound(&office, "--json count --as-of 2025-10-31 --by tier");
    set_mode(&timeline, 0o700);
    assert_eq!(stored.exit, Some(0), "{}", stored.stderr);
    assert!(stored.stdout.contains("\"status\":\"stored\""), "{}", stored.stdout);
    assert_eq!(count.exit, Some(0), "{}", count.stderr);
    let told: Value = serde_json::from_str(&count.stdout).expect("an answer");
    assert_eq!((&told["rows"][0]["memberships"], &told["known_at"]), (&59.into(), &"2025-10-31".into()));
    assert_eq!(office.json("count --as-of 2025-10-31 --by tier"), told);
}

/// An older version may have written it otherwise; the store has everything.
#[test]
fn timeline_that_cannot_be_understood_is_made_anew() {
    let office = office();
    let question = "count --as-of 2025-09-30 --by tier";
    let before = office.json(question);
    for entry in std::fs::read_dir(office.data().join("timeline")).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        std::fs::write(path, "no Parquet").expect("it can be written");
    }
    assert_eq!(office.json(question), before);
}

/// A path that leads nowhere whoever asks.
#[test]
fn data_folder_that_is_a_file_ends_with_4() {
    let office = office();
    assert_refused(&office, &format!("import {KNOWN} --data {KNOWN}"), refusal(4, "ENV-011"));
    assert_refused(&office, &format!("count --as-of 2025-10-01 --data {KNOWN}/below"), refusal(4, "ENV-011"));
}

#[test]
fn store_that_is_none_ends_with_4() {
    let office = office();
    let broken = Office::new();
    std::fs::create_dir(broken.data()).expect("a folder can be made");
    std::fs::write(broken.data().join("kaiin.sqlite"), "今日は\n".repeat(1_000)).expect("a file can be written");
    std::fs::copy(office.folder().join(KNOWN), broken.folder().join(KNOWN)).expect("a file can be copied");
    for arguments in [format!("import {KNOWN}"), "count --as-of 2025-10-01".into()] {
        assert_said(&broken.run(&arguments), Lang::Ja, refusal(4, "ENV-004"));
        assert_told(&broken.run(&format!("--json {arguments}")), Lang::Ja, refusal(4, "ENV-004"));
    }
}

#[rstest]
#[case::missing("elsewhere.toml", None, refusal(2, "CFG-001"))]
#[case::no_toml("kaiin.toml", Some("withdrawal_day_rule: last"), refusal(2, "CFG-001"))]
#[case::unknown_key("kaiin.toml", Some("withdrawal_day = \"last_member_day\""), refusal(2, "CFG-001"))]
#[case::unknown_rule("kaiin.toml", Some("withdrawal_day_rule = \"last_day\""), refusal(2, "CFG-001"))]
#[case::out_of_range("kaiin.toml", Some("[import]\nmax_rejected_percent = 101"), refusal(2, "CFG-001"))]
#[case::unknown_reason("kaiin.toml", Some("[audit]\nproxy_reasons = [\"holiday\"]"), refusal(2, "CFG-001"))]
#[case::broken_layout("kaiin.toml", Some("definitions = \"own\""), refusal(2, "CFG-002"))]
fn wrong_settings_end_with_2(#[case] name: &str, #[case] settings: Option<&str>, #[case] expected: Refusal) {
    let office = office();
    office.save(NEXT, text(&cells()));
    let layouts = office.folder().join("own/layouts");
    std::fs::create_dir_all(&layouts).expect("a folder can be made");
    office.save("own/layouts/own.toml", "name = \"own\"\nkind = \"members\"\n");
    if let Some(settings) = settings {
        office.save(name, settings);
    }
    assert_refused(&office, &format!("import {NEXT} --config {name}"), expected);
}

/// Settings that lie in the data folder are found without being named.
#[test]
fn settings_of_the_data_folder_are_used() {
    let office = office();
    let left = edited(|cells| cells[1][8] = "2025-10-20".into());
    office.save(NEXT, left);
    office.import(NEXT);
    let members = |day: &str| office.json(&format!("count --as-of {day} --by tier"))["rows"][0]["memberships"].clone();
    assert_eq!((members("2025-10-20"), members("2025-10-21")), (60.into(), 59.into()));
    office.save("kaiin-data/kaiin.toml", "withdrawal_day_rule = \"first_non_member_day\"\n");
    assert_eq!((members("2025-10-19"), members("2025-10-20")), (60.into(), 59.into()));
    assert_eq!(office.json("count --as-of 2025-10-20")["withdrawal_day_rule"], "first_non_member_day");
}

#[test]
fn clock_that_cannot_be_read_ends_with_2() {
    let office = office();
    let mut command = office.program();
    command.env("KAIIN_NOW", "today").args(["--json", "count", "--as-of", "2025-10-01"]);
    assert_told(&Run::of(&mut command), Lang::Ja, refusal(2, "QRY-006"));
}
