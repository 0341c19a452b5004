//! What killed processes left behind goes with the next command, of whichever paper; what another one is writing stays.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{all_below, leftovers};
use crate::cli::people::{NEXT, cells, office, text};
use crate::cli::program::{Office, Run, on_another_file_system};

/// Names that killed processes leave, by folder below the one of the office.
const LEFT: [&str; 12] = [
    "kaiin-data/.kaiin-a1",
    "kaiin-data/.kaiin-tried/enrolments-tried.parquet",
    "kaiin-data/.kaiin-synth-b2/kaiin.sqlite",
    "kaiin-data/timeline/.kaiin-c3",
    "kaiin-data/snapshots/.kaiin-d4/memberships.parquet",
    "kaiin-data/rejects/.kaiin-e5",
    "kaiin-data/inbox/.kaiin-f6",
    "kaiin-data/inbox/taken/.kaiin-g7",
    "kaiin-data/inbox/確認待ち/.kaiin-h8",
    "kaiin-data/papers/2025-09/.kaiin-i9/withdrawal-audit_2025-09-30.pdf",
    "kaiin-data/papers/2025-09/.kaiin-member-counts_2025-09-30/x.csv",
    "kaiin-data/papers/.kaiin-j0",
];

fn leave(office: &Office, name: &str) -> PathBuf {
    let path = office.folder().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
    std::fs::write(&path, "鶯谷架空").expect("the file can be written");
    path
}

#[test]
fn next_writer_clears_the_data_folder() {
    let office = office();
    office.save(NEXT, text(&cells()));
    for name in LEFT {
        leave(&office, name);
    }
    // A hidden file of somebody else, and a link, are not ours.
    let other = leave(&office, "kaiin-data/papers/.others");
    let link = office.data().join("timeline/.kaiin-link");
    std::os::unix::fs::symlink(&other, &link).expect("a link can be made");
    office.import(NEXT);
    assert_eq!(leftovers(&office.data()), [link]);
    assert!(other.exists());
}

/// The name of another paper used to be passed over: the names of an internal one stayed beside the external one.
#[test]
fn paper_for_others_finds_nothing_of_a_killed_internal_one() {
    let office = office();
    for name in [
        "papers/.kaiin-withdrawal-audit_2025-09-30/x.csv",
        "papers/.kaiin-a1/withdrawal-audit_2025-09-30.pdf",
        "papers/withdrawal-audit_2025-08-31/.kaiin-b2",
    ] {
        leave(&office, name);
    }
    let run = office.run("report member-counts --as-of 2025-09-30 --out papers --variant external");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(leftovers(office.folder()), Vec::<PathBuf>::new());
}

/// The folder of files that were taken in may lie on another disk.
#[test]
fn file_of_the_inbox_goes_to_another_file_system() {
    let office = office();
    let other = on_another_file_system(office.folder());
    let inbox = office.data().join("inbox");
    std::fs::create_dir(&inbox).expect("the folder can be made");
    std::os::unix::fs::symlink(other.path(), inbox.join("taken")).expect("a link can be made");
    office.save("kaiin-data/kaiin.toml", "[jobs]\nsettle_seconds = 0\n");
    office.save(&format!("kaiin-data/inbox/{NEXT}"), text(&cells()));
    let run = office.run("jobs tick --now 2025-11-01T06:00:00+09:00");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(!inbox.join(NEXT).exists());
    assert_eq!(std::fs::read_to_string(other.path().join(NEXT)).expect("it was taken in"), text(&cells()));
    assert_eq!(all_below(other.path()).len(), 1);
}

/// Lists of people and the demo clear the folder that they write to.
#[test]
fn other_writers_clear_their_folder_too() {
    let office = office();
    leave(&office, "lists/.kaiin-a1");
    let run = office.run("audit withdrawals --format csv --out lists/list.csv");
    assert!(matches!(run.exit, Some(0 | 1)), "{}", run.stderr);
    for name in ["demo/.kaiin-b2/x.pdf", "demo/member-counts_2025-12-31/.kaiin-c3"] {
        leave(&office, name);
    }
    // The data folder of the demo goes where the system keeps what does not last.
    leave(&office, "tmp/.kaiin-d4/kaiin.sqlite");
    let mut demo = office.program();
    demo.args(["demo", "--out", "demo"]).env("TMPDIR", office.folder().join("tmp"));
    assert_eq!(Run::of(&mut demo).exit, Some(0));
    assert_eq!(leftovers(office.folder()), Vec::<PathBuf>::new());
}

/// Whoever writes right now holds a lock, which ends with the process.
#[test]
fn what_is_being_written_is_left_alone() {
    let office = office();
    office.save(NEXT, text(&cells()));
    let held = ["kaiin-data/timeline/.kaiin-a1", "kaiin-data/snapshots/.kaiin-b2/memberships.parquet"];
    let held = held.map(|name| leave(&office, name));
    let folder = held[1].parent().expect("a folder").to_path_buf();
    let locks = [&held[0], &folder].map(|path| {
        let file = File::open(path).expect("it can be opened");
        file.lock().expect("nobody else holds it");
        file
    });
    office.import(NEXT);
    assert!(held.iter().all(|path| path.exists()));
    drop(locks);
    assert_eq!(office.run("snapshot take --as-of 2025-09-30").exit, Some(0));
    assert_eq!(leftovers(&office.data()), Vec::<PathBuf>::new());
}

/// Several at once clear away and write in one folder: nobody takes from another what he is writing.
#[test]
fn writers_side_by_side_do_not_clear_each_other_away() {
    let office = office();
    let reports = ["member-counts", "withdrawal-audit", "transfer-audit", "movements"];
    for _ in 0..2 {
        let children = reports.map(|report| {
            let arguments = ["report", report, "--as-of", "2025-09-30", "--out", "papers", "--format", "csv,html"];
            let mut command = office.program();
            command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().expect("the program can be started")
        });
        for child in children {
            let run = Run::from(child.wait_with_output().expect("the child was started here"));
            assert_eq!(run.exit, Some(0), "{}", run.stderr);
        }
        assert_eq!(leftovers(office.folder()), Vec::<PathBuf>::new());
        for report in reports {
            assert_whole(&office.folder().join(format!("papers/{report}_2025-09-30")));
        }
        std::fs::remove_dir_all(office.folder().join("papers")).expect("the papers are there");
    }
}

/// The folder holds what its manifest names, and nothing else.
#[track_caller]
fn assert_whole(folder: &Path) {
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).expect("a folder has its manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("a manifest is JSON");
    let mut named: Vec<PathBuf> = manifest["files"]
        .as_array()
        .expect("files are a list")
        .iter()
        .map(|file| folder.join(file["name"].as_str().expect("a name")))
        .collect();
    named.push(folder.join("manifest.json"));
    named.sort();
    let there: Vec<PathBuf> = all_below(folder).into_iter().filter(|path| path.is_file()).collect();
    assert_eq!(there, named);
}

/// How long a command takes undisturbed.
fn took(office: &Office, arguments: &str) -> Duration {
    let begin = Instant::now();
    let run = office.run(arguments);
    assert!(matches!(run.exit, Some(0 | 1)), "{arguments}: {}", run.stderr);
    begin.elapsed()
}

fn killed(office: &Office, arguments: &str, after: Duration) {
    let mut command = office.program();
    command.args(arguments.split_whitespace()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program can be started");
    std::thread::sleep(after);
    // A child that has ended cannot be killed any more, which is no failure of this test.
    let _ = child.kill();
    child.wait().expect("the child was started here");
}

/// `KAIIN_KILLS=50` kills at so many moments; the suite is content with fewer. Each internal paper is whole or not there, and
/// after the next paper for others nothing lies beside it.
#[test]
fn killed_papers_are_whole_or_nothing_and_leave_nothing_beside_the_next() {
    let kills = std::env::var("KAIIN_KILLS").map_or(6, |n| n.parse().expect("KAIIN_KILLS is a number"));
    let office = office();
    let internal = "report withdrawal-audit --as-of 2025-09-30 --out papers --format pdf,csv,html,xlsx";
    let all = took(&office.copy(), internal);
    let (mut whole, mut left) = (0, 0);
    for nth in 0..kills {
        let office = office.copy();
        // The last part of the time is that in which files are written.
        killed(&office, internal, all * (kills + nth) / (2 * kills));
        let papers = office.folder().join("papers");
        if papers.exists() {
            left += leftovers(&papers).len();
            let folder = papers.join("withdrawal-audit_2025-09-30");
            if folder.exists() {
                assert_whole(&folder);
                whole += 1;
            }
        }
        let run = office.run("report member-counts --as-of 2025-09-30 --out papers --variant external --format csv");
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        assert_eq!(leftovers(office.folder()), Vec::<PathBuf>::new(), "kill {nth}");
        assert_whole(&papers.join("member-counts_2025-09-30_external"));
    }
    crate::figures::say(&format!("{kills} kills: {whole} whole papers, {left} left-overs cleared away"));
}

/// A snapshot appears with its manifest, whenever it is killed.
#[test]
fn killed_snapshots_are_whole_or_nothing() {
    let kills = std::env::var("KAIIN_KILLS").map_or(6, |n| n.parse().expect("KAIIN_KILLS is a number"));
    let office = office();
    let take = "snapshot take --as-of 2025-09-30";
    let all = took(&office.copy(), take);
    for nth in 0..kills {
        let office = office.copy();
        killed(&office, take, all * (kills + nth) / (2 * kills));
        let snapshots = office.data().join("snapshots");
        let names = || -> Vec<String> {
            let Ok(entries) = std::fs::read_dir(&snapshots) else { return Vec::new() };
            entries.map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned()).collect()
        };
        for name in names().iter().filter(|name| name.starts_with("snapshot=")) {
            assert!(snapshots.join(name).join("manifest.json").exists(), "kill {nth} left {name} without a manifest");
        }
        // Killed between its rename and its entry in the chain it is told as not recorded, and the same command records it.
        let verified = office.run("snapshot verify");
        let is_unrecorded = verified.exit == Some(1) && verified.stderr.matches("SNP-").count() == 1;
        assert!(
            verified.exit == Some(0) || is_unrecorded && verified.stderr.contains("SNP-010"),
            "kill {nth}: {verified:?}"
        );
        assert_eq!(office.run(take).exit, Some(0), "kill {nth}");
        assert_eq!(office.run("snapshot verify").exit, Some(0), "kill {nth}");
        assert_eq!(names().len(), 1, "kill {nth}: {:?}", names());
    }
}

/// What an older version left half-made, a folder without a manifest, is made whole.
#[test]
fn folder_without_a_manifest_gives_way_to_the_snapshot() {
    let office = office();
    assert_eq!(office.run("snapshot take --as-of 2025-09-30").exit, Some(0));
    let list = office.json("snapshot list");
    let id = list[0]["id"].as_str().expect("an id");
    let folder = office.data().join(format!("snapshots/snapshot={id}"));
    std::fs::remove_file(folder.join("manifest.json")).expect("the manifest is there");
    std::fs::write(folder.join("memberships.parquet"), "half").expect("it can be written");
    assert_eq!(office.run("snapshot take --as-of 2025-09-30").exit, Some(0));
    assert_eq!(office.run("snapshot verify").exit, Some(0));
}
