//! A purge that is killed at any moment: before or after, never half, and the next one finishes it.

use std::fs;
use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;

use super::bytes::holders;
use super::figures::answers;
use super::office::{BOTH, DAYS, files, findings, office, purge};
use crate::cli::program::Office;
use crate::store::home::Home;

/// Everything is old enough.
const LATER: &str = "2026-03-15T00:00:00Z";

const AS_OF: [&str; 3] = ["2025-10-15", "2025-09-30", "2025-11-21"];

fn start(office: &Office) -> std::process::Child {
    let mut command = office.program();
    command.env("KAIIN_NOW", LATER).args(["purge", "--confirm", "--reason", "年限"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program can be started")
}

fn purge_later(office: &Office) -> Value {
    let run = super::office::run_at(office, LATER, "--json purge --confirm --reason 年限");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("an answer")
}

/// What a purge leaves behind: nothing of the persons, no raw file, one record that has ended.
#[track_caller]
fn assert_done(office: &Office, before: &[String]) {
    assert_eq!(holders(&office.data()), [] as [String; 0]);
    assert_eq!(files(&office.data().join("inbox")), [] as [std::path::PathBuf; 0]);
    let listed = office.json("purge --list");
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert!(listed[0]["ended_at"].is_string() && listed[0]["files"] != 0 && listed[0]["persons"] == 2, "{listed}");
    assert_eq!(findings(office), [] as [Value; 0]);
    assert_eq!(answers(office, &DAYS[3..], &AS_OF), before);
}

#[test]
fn killed_purge_is_before_or_after_and_the_next_one_finishes_it() {
    let whole = office(Home::Sqlite, BOTH);
    let before = answers(&whole, &DAYS[3..], &AS_OF);
    let undisturbed = whole.copy();
    let begin = Instant::now();
    let mut child = start(&undisturbed);
    assert!(child.wait().expect("it was started here").success());
    let took = begin.elapsed();
    assert_done(&undisturbed, &before);
    let (mut n_before, mut n_between, mut n_after) = (0, 0, 0);
    let kills = std::env::var("KAIIN_KILLS").map_or(8, |n| n.parse().expect("KAIIN_KILLS is a number"));
    for nth in 0..kills {
        let office = whole.copy();
        let mut child = start(&office);
        std::thread::sleep(took * nth / kills);
        let _ = child.kill();
        child.wait().expect("it was started here");
        // Whatever was done, everything is as the chain tells, and every figure is what it was.
        assert_eq!(findings(&office), [] as [Value; 0], "kill {nth}");
        assert_eq!(answers(&office, &DAYS[3..], &AS_OF), before, "kill {nth}");
        let listed = office.json("purge --list");
        match listed.as_array().and_then(|all| all.first()).map(|one| one["ended_at"].is_string()) {
            None => {
                n_before += 1;
                assert_eq!(files(&office.data().join("inbox")).len(), DAYS.len(), "kill {nth}: nothing has gone");
            }
            Some(false) => n_between += 1,
            Some(true) => n_after += 1,
        }
        purge_later(&office);
        assert_done(&office, &before);
    }
    assert!(n_before > 0 && n_before + n_between + n_after == kills, "{n_before}, {n_between}, {n_after}: {took:?}");
}

/// What a stop leaves at each step of the way, made by hand: recorded and nothing removed; some files removed; all but the end.
#[test]
fn purge_goes_on_from_each_step() {
    let whole = office(Home::Sqlite, BOTH);
    let before = answers(&whole, &DAYS[3..], &AS_OF);
    let archive = |office: &Office| files(&office.data().join("inbox/taken"));
    for n_gone in [0, 1, 4] {
        let office = whole.copy();
        // A file that cannot be removed, for its folder may not be written, stops the purge after its record.
        let taken = office.data().join("inbox/taken");
        let kept = office.folder().join("kept");
        fs::create_dir(&kept).expect("the folder can be written");
        for path in archive(&office) {
            fs::copy(&path, kept.join(path.file_name().expect("a name"))).expect("it can be copied");
        }
        purge_later(&office);
        // The end was not recorded, and some files are there still.
        unended(&office);
        for path in files(&kept).into_iter().skip(n_gone) {
            fs::copy(&path, taken.join(path.file_name().expect("a name"))).expect("it can be copied");
        }
        assert!(office.run("purge").stderr.contains("PRG-003"));
        let report = purge_later(&office);
        assert_eq!(report["unfinished"], serde_json::json!([1]));
        assert_done(&office, &before);
    }
}

/// Takes the newest entry of the chain away with what it tells: that the purge has ended.
fn unended(office: &Office) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        use sqlx::Connection;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite"));
        let mut connection = sqlx::sqlite::SqliteConnection::connect_with(&options).await.expect("the file opens");
        for statement in [
            "DELETE FROM purge_end",
            "DELETE FROM chain_sum WHERE nth = (SELECT max(nth) FROM chain)",
            "DELETE FROM chain WHERE nth = (SELECT max(nth) FROM chain)",
        ] {
            sqlx::query(statement).execute(&mut connection).await.expect("it can be changed");
        }
        connection.close().await.expect("it closes");
    });
}

/// A file that was put in the place of one that is to go, between the record and its removal, is not that file.
#[test]
fn other_file_of_the_same_name_stays() {
    let office = office(Home::Sqlite, BOTH);
    purge_later(&office);
    unended(&office);
    let path = office.data().join("inbox/taken/members_2025-10-31.csv");
    fs::write(&path, "別のファイル").expect("the folder can be written");
    purge(&office);
    assert!(path.exists());
}
