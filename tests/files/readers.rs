//! Who may read what is written: the account that runs the program, its group where the settings say so, and others only what is
//! made for others. The umask is never widened.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rstest::rstest;

use super::all_below;
use crate::cli::people::{NEXT, cells, edited, office, text};
use crate::cli::program::{Office, Run};
use crate::cli::surroundings::{bound, set_mode};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
}

/// Runs the program under a umask.
fn masked(office: &Office, umask: &str, arguments: &str) -> Run {
    let script = format!("umask {umask}; exec \"$@\"");
    let mut command = office.through("sh");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_kaiin")]);
    let run = Run::of(command.args(arguments.split_whitespace()));
    assert!(matches!(run.exit, Some(0 | 1)), "kaiin {arguments}: {}", run.stderr);
    run
}

/// An office in which everything that can be written was written.
fn full_office(umask: &str, settings: &str) -> Office {
    let office = Office::new();
    office.save("associations.csv", crate::cli::people::master());
    office.save("members_2025-09-30.csv", text(&cells()));
    // A row that is rejected, so that there is a list.
    office.save(NEXT, edited(|cells| cells[3][7] = "いつか".into()));
    office.save("settings.toml", settings);
    let run = |arguments: &str| masked(&office, umask, &format!("{arguments} --config settings.toml"));
    run(&format!("import associations.csv members_2025-09-30.csv {NEXT}"));
    run("count --as-of 2025-10-31");
    run("snapshot take --as-of 2025-10-31");
    run("jobs tick --now 2025-11-05T06:00:00+09:00");
    run("report withdrawal-audit --as-of 2025-10-31 --out papers --variant internal");
    run("report member-counts --as-of 2025-10-31 --out papers --variant external");
    run("audit withdrawals --format csv --out list.csv");
    office
}

#[rstest]
#[case::usual("022", "", 0o600, 0o700, 0o644, 0o755)]
#[case::group("022", "[files]\ngroup_readable = true\n", 0o640, 0o750, 0o644, 0o755)]
#[case::umask_narrows_the_group("077", "[files]\ngroup_readable = true\n", 0o600, 0o700, 0o600, 0o700)]
#[case::umask_narrows_what_is_for_others("027", "", 0o600, 0o700, 0o640, 0o750)]
#[case::umask_opens_nothing("000", "", 0o600, 0o700, 0o666, 0o777)]
fn modes_follow_who_may_read(
    #[case] umask: &str,
    #[case] settings: &str,
    #[case] file: u32,
    #[case] folder: u32,
    #[case] file_for_others: u32,
    #[case] folder_for_others: u32,
) {
    let office = full_office(umask, settings);
    let of = |path: &Path, file, folder| {
        let expected = if path.is_dir() { folder } else { file };
        assert_eq!(mode(path), expected, "{} has {:o}", path.display(), mode(path));
    };
    assert_eq!(mode(&office.data()), folder);
    let mut met = 0;
    for path in all_below(&office.data()) {
        // The folder of all papers is for both variants; what stands in it has readers of its own.
        let name = path.strip_prefix(office.data()).expect("below").display().to_string();
        if name == "papers" || name.starts_with("papers/") && name.matches('/').count() == 1 {
            continue;
        }
        met += 1;
        of(&path, file, folder);
    }
    assert!(met > 20, "{met} files and folders");
    let papers = office.folder().join("papers");
    of(&papers, file_for_others, folder_for_others);
    for path in all_below(&papers.join("withdrawal-audit_2025-10-31")) {
        of(&path, file, folder);
    }
    assert_eq!(mode(&papers.join("withdrawal-audit_2025-10-31")), folder);
    for path in all_below(&papers.join("member-counts_2025-10-31_external")) {
        of(&path, file_for_others, folder_for_others);
    }
    assert_eq!(mode(&papers.join("member-counts_2025-10-31_external")), folder_for_others);
    assert_eq!(mode(&office.folder().join("list.csv")), file, "a list of people");
}

/// SQLite makes its log with the mode of the store: the store has its own before SQLite opens it.
#[test]
fn log_of_the_store_is_for_its_owner_while_it_is_open() {
    let office = Office::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let config = kaiin::config::Config::default();
        let workspace =
            kaiin::service::keep::Workspace::open(&office.data(), config, kaiin::clock::Clock::System).await;
        let workspace = workspace.expect("the data folder opens");
        for name in ["kaiin.sqlite", "kaiin.sqlite-wal", "kaiin.sqlite-shm"] {
            assert_eq!(mode(&office.data().join(name)), 0o600, "{name}");
        }
        workspace.store.close().await.expect("the store closes");
    });
}

/// A list of people that the office had closed finds itself closed when it is written anew.
#[test]
fn file_that_was_closed_stays_closed_when_it_is_written_again() {
    let office = office();
    // The folder of definitions may be the first thing in a data folder.
    let new = Office::new();
    assert_eq!(new.run("reports copy member-counts").exit, Some(0));
    assert_eq!((mode(&new.data()), mode(&new.data().join("kaiin.toml"))), (0o700, 0o600));
    let layouts = office.data().join("definitions/member-counts.toml");
    assert_eq!(office.run("reports copy member-counts").exit, Some(0));
    assert!(layouts.exists());
    let settings = office.data().join("kaiin.toml");
    set_mode(&settings, 0o600);
    assert_eq!(office.run("layouts add-heading 施設名=病院の名").exit, Some(0));
    assert_eq!(mode(&settings), 0o600);
    office.save("list.csv", "");
    set_mode(&office.folder().join("list.csv"), 0o400);
    office.run("audit withdrawals --format csv --out list.csv");
    assert_eq!(mode(&office.folder().join("list.csv")), 0o400);
}

/// Opens what an older version would have left open.
fn opened(office: &Office) {
    for path in all_below(&office.data()) {
        set_mode(&path, if path.is_dir() { 0o755 } else { 0o644 });
    }
    set_mode(&office.data(), 0o755);
}

#[test]
fn open_data_folder_is_narrowed_by_the_next_writer_and_said_once() {
    let office = office();
    assert_eq!(office.run("snapshot take --as-of 2025-09-30").exit, Some(0));
    opened(&office);
    office.save(NEXT, text(&cells()));
    // Whoever only asks changes nothing.
    let asked = office.run("count --as-of 2025-09-30");
    assert_eq!((asked.exit, mode(&office.data())), (Some(0), 0o755));
    let first = office.run(&format!("import {NEXT}"));
    assert_eq!(first.exit, Some(0), "{}", first.stderr);
    assert!(first.stderr.contains("ENV-021") && first.stderr.contains("group_readable"), "{}", first.stderr);
    assert_eq!(mode(&office.data()), 0o700);
    for path in all_below(&office.data()) {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    let second = office.run(&format!("import {NEXT}"));
    assert!(!second.stderr.contains("ENV-02"), "{}", second.stderr);
}

/// Programs read one object a line.
#[test]
fn warning_is_an_object_for_programs() {
    let office = office();
    opened(&office);
    office.save(NEXT, text(&cells()));
    let run = office.run(&format!("--json import {NEXT}"));
    assert_eq!(run.error()["warning"]["code"], "ENV-021");
    assert!(serde_json::from_str::<serde_json::Value>(&run.stdout).is_ok(), "{}", run.stdout);
}

/// Whoever keeps other things in the data folder is told each time, and can still reach them.
#[test]
fn folder_with_other_things_in_it_is_left_and_said_each_time() {
    let office = office();
    opened(&office);
    office.save("kaiin-data/議事録.txt", "");
    for _ in 0..2 {
        office.save(NEXT, text(&cells()));
        let run = office.run(&format!("import {NEXT}"));
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        assert!(run.stderr.contains("ENV-022"), "{}", run.stderr);
    }
    assert_eq!(mode(&office.data()), 0o755);
    assert_eq!(mode(&office.data().join("kaiin.sqlite")), 0o600, "what is ours is closed all the same");
    // Passing through is not looking.
    set_mode(&office.data(), 0o711);
    assert!(!office.run(&format!("import {NEXT}")).stderr.contains("ENV-022"));
}

/// Staff with accounts of their own drop exports into the inbox: they keep their way to it.
#[test]
fn way_to_an_open_inbox_stays() {
    let office = office();
    let inbox = office.data().join("inbox");
    std::fs::create_dir(&inbox).expect("the folder can be made");
    opened(&office);
    set_mode(&inbox, 0o777);
    office.save(NEXT, text(&cells()));
    assert_eq!(office.run(&format!("import {NEXT}")).exit, Some(0));
    assert_eq!((mode(&office.data()), mode(&inbox)), (0o711, 0o777));
    // What became of a file can be read by whoever dropped it.
    office.save("kaiin-data/inbox/members_2024-01-31.csv", "見出し,だけ\n1,2\n");
    office.run("jobs tick");
    let refused = inbox.join("refused");
    assert_eq!((mode(&refused) & 0o005, mode(&refused.join("members_2024-01-31.csv.理由.txt"))), (0o005, 0o644));
}

/// Everything that a reader needs is the right to read.
#[test]
fn reader_without_the_right_to_write_counts_and_verifies() {
    let office = office();
    assert_eq!(office.run("snapshot take --as-of 2025-09-30").exit, Some(0));
    let all = all_below(&office.data());
    for path in all.iter().filter(|path| path.is_file()) {
        set_mode(path, 0o400);
    }
    for path in all.iter().filter(|path| path.is_dir()).chain([&office.data()]) {
        set_mode(path, 0o500);
    }
    let count = bound(&office, "--json count --as-of 2025-09-30");
    let verify = bound(&office, "--json snapshot verify");
    let snapshots = office.data().join("snapshots");
    let one = all.iter().find(|path| path.parent() == Some(&snapshots)).expect("a snapshot");
    set_mode(one, 0o000);
    let unknown = ["", "--lang en", "--json"].map(|more| bound(&office, &format!("snapshot verify {more}")));
    set_mode(one, 0o500);
    let data = one.join("memberships.parquet");
    set_mode(&data, 0o000);
    let unread = bound(&office, "snapshot verify");
    for path in all.iter().chain([&office.data()]) {
        set_mode(path, 0o700);
    }
    assert_eq!(count.exit, Some(0), "{}", count.stderr);
    assert_eq!(verify.exit, Some(0), "{}", verify.stderr);
    for run in &unknown[..2] {
        assert_eq!(run.exit, Some(4), "{}", run.stderr);
        assert!(run.stderr.contains("SNP-012") && !run.stderr.contains("SNP-004"), "{}", run.stderr);
    }
    assert!(unknown[2].stdout.contains("\"unreadable\""), "{}", unknown[2].stdout);
    assert_eq!(unread.exit, Some(4), "{}", unread.stderr);
    // What was changed is still told as such, also beside one that cannot be read.
    std::fs::write(&data, "changed").expect("it can be written");
    let changed = office.run("snapshot verify");
    assert_eq!(changed.exit, Some(1));
    assert!(changed.stderr.contains("SNP-004") && !changed.stderr.contains("SNP-012"), "{}", changed.stderr);
}
