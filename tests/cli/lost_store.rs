//! The one file of the store: whole after every command, never made anew where it was lost, and never read together with
//! the log of another one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rstest::rstest;
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::prepared::{copy_folder, of_this_run};
use super::program::{Office, Run};
use super::samples::Sample;

const QUESTION: &str = "count --as-of 2025-03-31 --by tier,association,class";

/// Master and exports of March to May 2025.
fn cases() -> Sample {
    Sample::cases()
}

fn store(office: &Office) -> PathBuf {
    office.data().join("kaiin.sqlite")
}

fn log(office: &Office) -> PathBuf {
    office.data().join("kaiin.sqlite-wal")
}

/// Every kind of command that writes, one after the other; a copy of the one file then answers as the office does.
#[test]
fn every_writing_command_leaves_one_whole_file() {
    let sample = cases();
    let office = Office::new();
    let files: Vec<String> = sample.files.iter().map(|path| path.display().to_string()).collect();
    fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    let settings = "[jobs]\nsettle_seconds = 0\nfirst_month = \"2025-03\"\nreports = [\"member-counts\"]\n";
    office.save("kaiin-data/kaiin.toml", settings);
    let commands = [
        ("init".to_owned(), 0),
        (format!("import {} {}", files[0], files[1]), 0),
        ("snapshot take --as-of 2025-03-31".into(), 0),
        ("report member-counts --as-of 2025-03-31 --format csv".into(), 0),
        (format!("import {}", files[2]), 0),
        ("import --take-back 3 --reason 試し".into(), 0),
        (format!("import {} {}", files[2], files[3]), 0),
        ("jobs tick --now 2025-06-10T00:00:00Z".into(), 0),
        ("jobs run monthly-papers 2025-04".into(), 0),
        ("jobs rerun 2025-05 --reason 試し".into(), 0),
        ("jobs release 2025-05 --reason 試し".into(), 2),
        ("jobs backfill monthly-papers --from 2025-03 --to 2025-04".into(), 0),
        // It was taken in before.
        (format!("import {}", files[1]), 0),
    ];
    for (arguments, exit) in commands {
        let run = office.run(&arguments);
        assert_eq!(run.exit, Some(exit), "{arguments}: {}", run.stderr);
        assert!(!log(&office).exists(), "{arguments} leaves the log behind");
        let copy = Office::new();
        fs::create_dir(copy.data()).expect("a folder can be made");
        fs::copy(store(&office), store(&copy)).expect("the file can be copied");
        let [ours, its] = [&office, &copy].map(|office| office.json("store status"));
        assert_eq!((&ours["head"], &ours["tables"]), (&its["head"], &its["tables"]), "{arguments}");
    }
}

#[derive(Debug, Clone, Copy)]
enum Lost {
    Missing,
    OfNoLength,
    Empty,
}

fn lose(office: &Office, how: Lost) {
    fs::remove_file(store(office)).expect("the file is there");
    match how {
        Lost::Missing => {}
        Lost::OfNoLength => fs::write(store(office), "").expect("a file can be written"),
        Lost::Empty => {
            let other = Office::new();
            assert_eq!(other.run("init").exit, Some(0));
            fs::copy(store(&other), store(office)).expect("a file can be copied");
        }
    }
}

/// Names and bytes of everything in a folder, but for the lock.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            out.extend(contents(&path));
        } else if !path.ends_with("kaiin.lock") {
            out.push((path.clone(), fs::read(path).expect("the file can be read")));
        }
    }
    out.sort();
    out
}

#[rstest]
#[case::missing(Lost::Missing, "snapshots")]
#[case::of_no_length(Lost::OfNoLength, "timeline")]
#[case::empty(Lost::Empty, "papers")]
#[case::missing_beside_taken_files(Lost::Missing, "inbox/taken")]
fn lost_store_is_refused_and_not_made_anew(#[case] how: Lost, #[case] sign: &str) {
    let sample = cases();
    let office = Office::new();
    let files: Vec<String> = sample.files.iter().map(|path| path.display().to_string()).collect();
    office.import(&format!("{} {}", files[0], files[1]));
    lose(&office, how);
    fs::rename(office.data().join("timeline"), office.folder().join("away")).expect("a folder can be moved");
    fs::create_dir_all(office.data().join(sign)).expect("a folder can be made");
    office.save(&format!("kaiin-data/{sign}/of before"), "x");
    let before = contents(&office.data());
    for arguments in [
        QUESTION.to_owned(),
        format!("import {} {}", files[0], files[1]),
        "init".into(),
        "store status".into(),
        "jobs list".into(),
        "jobs tick".into(),
        "serve".into(),
    ] {
        let run = office.run(&format!("--json {arguments}"));
        assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(4), &json!("STO-010")), "{arguments}");
        assert!(run.stderr.contains(sign), "{arguments}: {}", run.stderr);
        assert_eq!(contents(&office.data()), before, "{arguments} changed the folder");
    }
    fs::rename(office.data().join(sign), office.folder().join("before")).expect("a folder can be moved");
    office.import(&format!("{} {}", files[0], files[1]));
    assert_eq!(office.json(QUESTION)["known_at"], "2025-03-31");
}

/// Only what takes something in, or may do so, makes a store in a new folder.
#[test]
fn commands_about_months_make_no_store() {
    let office = Office::new();
    for arguments in [
        "jobs rerun 2025-12 --reason 試し",
        "jobs release 2025-12 --reason 試し",
        "jobs run monthly-papers 2025-12",
        "jobs backfill monthly-papers --from 2025-11 --to 2025-12",
        "snapshot take --as-of 2025-12-31",
        "import --take-back 1 --reason 試し",
        "store copy --from sqlite --to sqlite",
    ] {
        let run = office.run(arguments);
        assert_eq!(run.exit, Some(2), "{arguments}: {}", run.stderr);
        assert!(!office.data().join("kaiin.sqlite").exists(), "{arguments} makes a store");
    }
}

/// An office as a killed program leaves it: the log holds the import of April, and of May too where the file already took in
/// the one of April. Also the files as they were before each import.
struct Killed {
    office: Office,
    before: Vec<PathBuf>,
    answer: Value,
}

/// A copy of an office that whoever asks first lets be killed: a program that closes a store waits for its readers.
fn killed(n_in_file: usize) -> Killed {
    static ALL: [OnceLock<(PathBuf, Vec<PathBuf>, Value)>; 2] = [const { OnceLock::new() }; 2];
    let (folder, before, answer) = ALL[n_in_file].get_or_init(|| {
        let kept = of_this_run().join(format!("killed-{n_in_file}"));
        fs::create_dir(&kept).expect("the folder of this run can be written");
        kill(n_in_file, &kept)
    });
    Killed { office: Office::copy_of(folder), before: before.clone(), answer: answer.clone() }
}

/// The folder of the office below a folder, the files of its store before each import, and its answer.
fn kill(n_in_file: usize, kept: &Path) -> (PathBuf, Vec<PathBuf>, Value) {
    let sample = cases();
    let files: Vec<String> = sample.files.iter().map(|path| path.display().to_string()).collect();
    let office = Office::new();
    let mut before = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let mut reader: Option<SqliteConnection> = None;
    for (nth, file) in files.iter().enumerate().take(3 + n_in_file) {
        let run = office.run(&format!("import {file}"));
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        let copy = kept.join(format!("{nth}.sqlite"));
        fs::copy(store(&office), &copy).expect("the file can be copied");
        before.push(copy);
        if nth == 0 {
            continue;
        }
        // A reader that goes on keeps what comes after it in the log.
        let options = SqliteConnectOptions::new().filename(store(&office));
        let next = runtime.block_on(async {
            let mut next = SqliteConnection::connect_with(&options).await.expect("the store opens");
            sqlx::query("BEGIN").execute(&mut next).await.expect("it can be read");
            sqlx::query_scalar::<_, i64>("SELECT count(*) FROM import").fetch_one(&mut next).await.expect("it is read");
            next
        });
        reader = Some(next);
    }
    let answer = office.json(QUESTION);
    let folder = kept.join("office");
    copy_folder(office.folder(), &folder);
    drop(reader);
    let log = folder.join("kaiin-data/kaiin.sqlite-wal");
    assert!(fs::metadata(log).expect("a log").len() > 32, "the log holds something");
    (folder, before, answer)
}

#[rstest]
#[case::nothing_in_the_file(0)]
#[case::one_import_in_the_file(1)]
fn log_of_a_killed_program_is_recovered(#[case] n_in_file: usize) {
    let killed = killed(n_in_file);
    assert_eq!(killed.office.json(QUESTION), killed.answer);
    assert!(!log(&killed.office).exists(), "what was in it is in the file");
}

#[track_caller]
fn assert_other_log(office: &Office, code: &str) {
    let before = contents(&office.data());
    for arguments in [QUESTION, "jobs tick", "store status"] {
        let run = office.run(&format!("--json {arguments}"));
        assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(4), &json!(code)), "{arguments}");
        assert!(run.stderr.contains("kaiin.sqlite-wal"), "{}", run.stderr);
        assert_eq!(contents(&office.data()), before, "{arguments} changed the folder");
    }
}

/// The file was put back from a backup, and the log of the one before it stays.
#[rstest]
#[case::older_state(0)]
#[case::older_state_of_a_log_that_was_used(1)]
fn log_of_another_state_is_refused(#[case] n_in_file: usize) {
    let Killed { office, before, .. } = killed(n_in_file);
    fs::copy(&before[0], store(&office)).expect("a file can be copied");
    assert_other_log(&office, "STO-011");
    fs::rename(log(&office), office.folder().join("log")).expect("a file can be moved");
    let shared = office.data().join("kaiin.sqlite-shm");
    fs::rename(shared, office.folder().join("shared")).expect("a file can be moved");
    assert_eq!(office.json("store status")["imports"], json!(1), "the backup is used");
}

#[test]
fn log_of_another_store_is_refused() {
    let Killed { office, .. } = killed(0);
    let (other, _) = cases().taken_in();
    fs::copy(store(&other), store(&office)).expect("a file can be copied");
    assert_other_log(&office, "STO-011");
}

/// SQLite would delete a log beside a file that is missing or empty.
#[rstest]
fn log_without_its_file_is_kept(#[values(Lost::Missing, Lost::OfNoLength)] how: Lost) {
    let Killed { office, before, answer } = killed(0);
    lose(&office, how);
    assert_other_log(&office, "STO-016");
    fs::copy(before.last().expect("one before each import"), store(&office)).expect("a file can be copied");
    assert_eq!(office.json(QUESTION), answer);
}

/// A backup that was taken at the very state from which the log goes on may be put back.
#[test]
fn log_goes_on_from_a_backup_of_its_own_state() {
    let Killed { office, before, answer } = killed(0);
    fs::copy(&before[1], store(&office)).expect("a file can be copied");
    let run: Run = office.run(&format!("--json {QUESTION}"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).expect("an answer"), answer);
}
