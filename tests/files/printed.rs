//! What a command prints and cannot get out is a failure; a reader that has seen enough is none.

use std::fs::File;
use std::process::Stdio;

use crate::cli::people::{NEXT, cells, office, text};
use crate::cli::program::{Office, Run};

/// A device that refuses every byte as a full disk does.
fn full() -> Stdio {
    Stdio::from(File::options().write(true).open("/dev/full").expect("the system has /dev/full"))
}

/// A pipe that nobody reads.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    Stdio::from(writer)
}

/// Commands that print their result, with the exit code that they have otherwise.
const PRINTING: [(&str, i32); 60] = [
    ("--help", 0),
    ("--version", 0),
    ("count --help", 0),
    ("count --as-of 2025-09-30", 0),
    ("count --as-of 2025-09-30 --by tier,association,class", 0),
    ("count --as-of 2025-09-30 --format csv", 0),
    ("count --as-of 2025-09-30 --json", 0),
    ("series --from 2025-09 --to 2025-09", 0),
    ("series --from 2025-09 --to 2025-09 --json", 0),
    ("movements --from 2025-09 --to 2025-09", 0),
    ("movements --from 2025-09 --to 2025-09 --format csv", 0),
    ("movements --from 2025-09 --to 2025-09 --json", 0),
    ("explain 浦和 --as-of 2025-09-30", 0),
    ("explain 浦和 --as-of 2025-09-30 --json", 0),
    ("audit withdrawals", 0),
    ("audit withdrawals --json", 0),
    ("audit withdrawals --format csv", 0),
    ("audit mamis-difference", 0),
    ("reports list", 0),
    ("reports list --json", 0),
    ("reports check --json", 0),
    ("reports show member-counts", 0),
    ("layouts list", 0),
    ("layouts list --json", 0),
    ("snapshot list", 0),
    ("snapshot list --json", 0),
    ("snapshot verify", 0),
    ("snapshot verify --json", 0),
    ("verify", 0),
    ("verify --json", 0),
    ("backup copies", 0),
    ("backup copies --json", 0),
    ("backup copies --dry-run", 0),
    ("restore copies/kaiin-backup_2026-02-01_090000 --rehearse", 0),
    ("restore copies/kaiin-backup_2026-02-01_090000 --rehearse --json", 0),
    ("purge", 0),
    ("purge --json", 0),
    ("purge --list", 0),
    ("doctor", 0),
    ("doctor --json", 0),
    ("", 0),
    ("--json", 0),
    ("publish list", 0),
    ("publish list --json", 0),
    ("incident members_2025-10-31.csv", 0),
    ("incident members_2025-10-31.csv --json", 0),
    ("meeting check kaigi", 0),
    ("meeting check kaigi --json", 0),
    ("timeline export --out exported --replace", 0),
    ("timeline export --out exported --replace --json", 0),
    ("store status", 0),
    ("store status --json", 0),
    ("account list", 0),
    ("account list --json", 0),
    ("jobs list", 0),
    ("jobs list --json", 0),
    ("import --list", 0),
    ("completion bash", 0),
    ("init --systemd", 0),
    ("import --explain-layout members_2025-10-31.csv", 0),
];

fn office_with_everything() -> Office {
    let office = office();
    office.save(NEXT, text(&cells()));
    std::fs::create_dir(office.folder().join("kaigi")).expect("the temporary folder can be written");
    let items = "区分,件名,資料\n報告事項,会員数報告,会員数報告\n";
    office.save("kaigi/次第.csv", format!("会議名,試験会議\n開催日,2026-01-22\n\n{items}"));
    assert_eq!(office.run("snapshot take --as-of 2025-09-30").exit, Some(0));
    std::fs::create_dir(office.folder().join("copies")).expect("the temporary folder can be written");
    assert_eq!(office.run("backup copies").exit, Some(0));
    office
}

fn run(office: &Office, arguments: &str, stdout: Stdio, stderr: Stdio) -> Run {
    let mut command = office.program();
    command.args(arguments.split_whitespace()).stdout(stdout).stderr(stderr);
    Run::from(command.spawn().and_then(std::process::Child::wait_with_output).expect("the program can be started"))
}

#[test]
fn result_that_cannot_be_written_ends_with_4() {
    let office = office_with_everything();
    for (arguments, exit) in PRINTING {
        let usual = office.run(arguments);
        assert_eq!(usual.exit, Some(exit), "{arguments}: {}", usual.stderr);
        assert!(!usual.stdout.is_empty(), "{arguments} prints something");
        let full = run(&office, arguments, full(), Stdio::piped());
        assert_eq!(full.exit, Some(4), "{arguments}: {}", full.stderr);
        assert!(full.stderr.contains("ENV-024"), "{arguments}: {}", full.stderr);
        let closed = run(&office, arguments, closed(), Stdio::piped());
        assert_eq!(closed.exit, Some(exit), "{arguments}: {}", closed.stderr);
        assert_eq!(closed.stderr, usual.stderr, "{arguments}");
    }
}

/// Every command prints, or says in its own test why not.
#[test]
fn every_command_is_among_those_that_are_tried() {
    let office = office_with_everything();
    let help = office.run("--lang en --help").stdout;
    let commands = help.lines().skip_while(|line| !line.contains("Commands:")).skip(1);
    let commands: Vec<&str> =
        commands.take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 10, "{help}");
    // They print nothing but what they did, on standard error, or with --json as below; `serve` and `web` have no end.
    let others = ["demo", "import", "man", "report", "synth", "serve", "web", "help"];
    for command in commands {
        let is_tried = PRINTING.iter().any(|(arguments, _)| arguments.split(' ').next() == Some(command));
        assert!(is_tried || others.contains(&command), "{command} is tried nowhere");
    }
}

/// What was done is done, and that is said: the import stands, the paper lies there, the snapshot is taken.
#[test]
fn work_that_was_done_stands_when_its_report_cannot_be_written() {
    let office = office_with_everything();
    let before = office.state();
    let full_json = |arguments: &str| {
        let run = run(&office, arguments, full(), Stdio::piped());
        assert_eq!(run.exit, Some(4), "{arguments}: {}", run.stderr);
        assert!(run.stderr.contains("ENV-024"), "{arguments}: {}", run.stderr);
    };
    full_json(&format!("import {NEXT} --json"));
    assert_ne!(office.state(), before);
    assert_eq!(office.import(NEXT)[0]["status"], "unchanged");
    full_json("report member-counts --as-of 2025-10-31 --out papers --json");
    assert!(office.folder().join("papers/member-counts_2025-10-31/manifest.json").exists());
    full_json("meeting build kaigi --as-of 2025-10-31 --json");
    assert!(office.folder().join("kaigi/会議資料/試験会議_2026-01-22_external/manifest.json").exists());
    full_json("meeting new 試験 --on 2026-01-22 --json");
    full_json("snapshot take --as-of 2025-10-31");
    assert_eq!(office.json("snapshot list").as_array().expect("a list").len(), 2);
    full_json("jobs tick --now 2025-11-05T06:00:00+09:00 --json");
    full_json("init --json");
    full_json("synth --physicians 20 --prefectures 11 --from 2025-01 --to 2025-01 --out synth --json");
    full_json("demo --out demo --json");
}

/// Standard error may be the full one: nothing panics, and the program does its work.
#[test]
fn report_for_people_that_cannot_be_written_ends_with_4_and_the_import_stands() {
    let office = office_with_everything();
    let told = run(&office, &format!("import {NEXT}"), Stdio::null(), full());
    assert_eq!(told.exit, Some(4));
    assert_eq!(office.import(NEXT)[0]["status"], "unchanged");
    let unread = run(&office, &format!("import {NEXT}"), Stdio::null(), closed());
    assert_eq!(unread.exit, Some(0), "a reader that went away has seen enough");
    let refused = run(&office, "import none.csv", Stdio::null(), full());
    assert_eq!(refused.exit, Some(2), "a failure keeps its code");
}

/// A log that nobody can read must not end the program either.
#[test]
fn log_that_cannot_be_written_ends_nothing() {
    let office = office_with_everything();
    let mut command = office.program();
    command.args(["import", NEXT, "--json"]).env("KAIIN_LOG", "trace").stdout(Stdio::piped()).stderr(full());
    let run = Run::from(command.output().expect("the program can be started"));
    assert_eq!(run.exit, Some(0), "{}", run.stdout);
}
