//! Pipes, sockets, devices and folders in the place of files: nobody waits for them. A pipe that was waited for would hang
//! these tests.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use rstest::rstest;

use super::people::{KNOWN, NEXT, cells, office, text};
use super::program::{Office, Run};
use super::refusal::{assert_refused, refusal};

fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo is there");
    assert!(made.success());
}

/// Makes what a name says in a folder; the socket lives as long as what comes back.
fn make(folder: &Path, kind: &str, name: &str) -> Option<UnixListener> {
    let path = folder.join(name);
    match kind {
        "pipe" => make_pipe(&path),
        "link to a pipe" => {
            make_pipe(&folder.join("behind the link"));
            symlink(folder.join("behind the link"), &path).expect("a link");
        }
        "device" => symlink("/dev/zero", &path).expect("a link"),
        "folder" => std::fs::create_dir(&path).expect("a folder"),
        _ => return Some(UnixListener::bind(&path).expect("a socket")),
    }
    None
}

#[rstest]
#[case::pipe("pipe", "ENV-055")]
#[case::link_to_a_pipe("link to a pipe", "ENV-055")]
#[case::device("device", "ENV-056")]
#[case::folder("folder", "ENV-010")]
#[case::socket("socket", "ENV-055")]
fn what_is_no_file_is_not_waited_for(#[case] kind: &str, #[case] code: &'static str) {
    let office = office();
    let _socket = make(office.folder(), kind, NEXT);
    assert_refused(&office, &format!("import {NEXT}"), refusal(2, code));
    assert_refused(&office, &format!("import --explain-layout {NEXT}"), refusal(2, code));
    let settings = office.run(&format!("--config {NEXT} import --list"));
    assert_eq!(settings.exit, Some(2), "{}", settings.stderr);
    assert!(settings.stderr.contains(code), "{}", settings.stderr);
    // A definition of the office.
    std::fs::create_dir(office.folder().join("own")).expect("a folder");
    let _socket = make(&office.folder().join("own"), kind, "vocabulary.toml");
    office.save("own.toml", "definitions = \"own\"\n");
    let definition = office.run("--config own.toml count --as-of 2025-10-01");
    assert_eq!(definition.exit, Some(2), "{}", definition.stderr);
    assert!(definition.stderr.contains(code), "{}", definition.stderr);
}

/// The terminal, or whatever another program writes, in the place of a file.
#[test]
fn standard_input_is_no_file_unless_it_is_one() {
    let office = office();
    office.save(NEXT, text(&cells()));
    let import = format!("{} import --known-at 2025-10-31 /dev/stdin", env!("CARGO_BIN_EXE_kaiin"));
    let run = |line: String| Run::of(office.through("sh").args(["-c", &line]));
    // A pipe that stays open: its end would never come.
    make_pipe(&office.folder().join("open"));
    let piped = run(format!("exec 3<> open; {import} < open"));
    assert_eq!(piped.exit, Some(2), "{piped:?}");
    assert!(piped.stderr.contains("ENV-055"), "{piped:?}");
    let given = run(format!("{import} < {NEXT}"));
    assert_eq!(given.exit, Some(0), "{given:?}");
}

/// What lies in the inbox beside an export does not keep it from being taken in, and is told.
#[test]
fn inbox_takes_files_and_tells_of_the_rest() {
    let office = office();
    let inbox = office.data().join("inbox");
    std::fs::create_dir_all(&inbox).expect("an inbox");
    make(&inbox, "pipe", "members_2025-10-01.csv");
    make(&inbox, "device", "members_2025-10-02.xlsx");
    let _socket = make(&inbox, "socket", "talk");
    std::fs::write(inbox.join(NEXT), text(&cells())).expect("a file");
    std::fs::write(office.data().join("kaiin.toml"), "[jobs]\nsettle_seconds = 0\n").expect("settings");
    let told = tick(&office);
    assert!(told.contains("members_2025-10-01.csv: ENV-055"), "{told}");
    assert!(told.contains("members_2025-10-02.xlsx: ENV-056"), "{told}");
    assert!(told.contains("talk: ENV-055"), "{told}");
    assert!(inbox.join("taken").join(NEXT).is_file(), "{told}");
    assert!(!inbox.join(KNOWN).exists());
}

/// The text beside a file that asks is read at every ring.
#[test]
fn reason_that_is_a_pipe_is_not_waited_for() {
    let office = office();
    let asking = office.data().join("inbox/確認待ち");
    std::fs::create_dir_all(&asking).expect("a folder");
    std::fs::write(asking.join(NEXT), text(&cells()[..40])).expect("a file");
    make(&asking, "pipe", &format!("{NEXT}.理由.txt"));
    let told = tick(&office);
    assert!(told.contains(NEXT) && told.contains("IMP-287"), "{told}");
}

/// Pipes in the place of what the program keeps itself: every command ends and says so, and makes anew what can be.
#[test]
fn data_folder_with_pipes_in_it_is_not_waited_for() {
    let sample = super::samples::Sample::cases();
    let (prepared, _) = sample.taken_in();
    prepared.save("kaiin-data/kaiin.toml", "[jobs]\nfirst_month = \"2025-03\"\nreports = [\"member-counts\"]\n");
    assert_eq!(prepared.run("jobs tick --now 2025-06-10T00:00:00Z").exit, Some(0));
    assert_eq!(prepared.run("report member-counts --as-of 2025-03-31 --format csv").exit, Some(0));
    let answer = prepared.json("count --as-of 2025-03-31");
    let month = "kaiin-data/papers/2025-03/member-counts_2025-03-31";
    let timeline = named(&prepared, "kaiin-data/timeline", "");
    let mut places: Vec<String> = timeline;
    places.extend(named(&prepared, "kaiin-data/snapshots", "/manifest.json"));
    places.extend(named(&prepared, "kaiin-data/snapshots", "/memberships.parquet"));
    places.extend([format!("{month}/manifest.json"), format!("{month}/content.json")]);
    places.extend(["output/member-counts_2025-03-31/manifest.json".into(), "kaiin-data/kaiin.sqlite-wal".into()]);
    assert!(places.len() > 10, "{places:?}");
    let late = "applications_2025-05-30.csv";
    for place in places {
        let office = prepared.copy();
        let path = office.folder().join(&place);
        if path.exists() {
            std::fs::remove_file(&path).expect("it is there");
        }
        make_pipe(&path);
        office.save(late, "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,変更後会員区分,退会理由,備考\nW1,退会,本人,100001,架空　例,浦和医師会,2025-03-01,2025-03-02,2025-03-02,,承認済,,死亡,診断書\n");
        for command in [
            "verify",
            "--json count --as-of 2025-03-31",
            "snapshot verify",
            "report member-counts --as-of 2025-03-31 --format csv",
            "jobs list",
            &format!("import {late}"),
            "jobs rerun 2025-03 --reason 試し",
        ] {
            let line = format!("exec timeout 60 {} {command}", env!("CARGO_BIN_EXE_kaiin"));
            let run = Run::of(office.through("sh").args(["-c", &line]));
            assert!(matches!(run.exit, Some(0..=4)), "{place}: {command}: {run:?}");
            if command.starts_with("--json count") && run.exit == Some(0) {
                let told: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
                assert_eq!(told, answer, "{place}");
            }
        }
    }
}

/// Files of the folders in a folder, or with `below` empty of the folder itself.
fn named(office: &Office, folder: &str, below: &str) -> Vec<String> {
    let entries = std::fs::read_dir(office.folder().join(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.map(|name| format!("{folder}/{name}{below}")).collect()
}

fn tick(office: &Office) -> String {
    let run = office.run("jobs tick --now 2025-10-31T23:00:00Z");
    format!("{}{}", run.stdout, run.stderr)
}
