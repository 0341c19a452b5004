//! The canaries of [`super::canary`] on the whole way: papers are prepared, shown, approved and sent with letters and mails; the
//! folder is backed up and restored; the clock rings; a machine asks for figures; what was kept long enough goes. Everything that is
//! said, logged, written or sent on the way is searched.

use super::canary::{Said, canaries, export, found_in, search, taken_in};
use crate::cli::program::{Office, Run};
use crate::cli::watched::{Served, ask};
use crate::publish::mails::{base64, decoded, headers};
use crate::publish::smtp::Server;

/// Everything that the clock can do, and papers in every form that is handed over.
fn settings(port: u16) -> String {
    format!(
        "[jobs]\nsettle_seconds = 0\nfirst_month = \"2025-10\"\nreports = [\"member-counts\", \"withdrawal-audit\"]\n\
         distribute = true\nbackup_at = \"0 30 1 * * *\"\nbackup_to = \"../copies\"\nverify_at = \"0 0 3 * * *\"\n\
         purge_at = \"0 0 4 10 * *\"\n[retention]\nraw_files_days = 20\npersons_days = 20\n\
         [distribution]\nrecipients = \"配布先.csv\"\nformats = [\"pdf\", \"xlsx\", \"csv\"]\n\
         [serve]\nmetrics = \"127.0.0.1:0\"\n\
         [mail]\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"jimu@pref.example.jp\"\n\
         timeout_seconds = 1\npause_milliseconds = 0\n"
    )
}

const RECIPIENTS: &str = "医師会コード,宛名,担当,開始日,終了日,メールアドレス\n\
                          11-001,,,,,urawa@example.jp\n11-003,,,,,omiya@example.jp\n";

/// Runs a command, which must end so.
#[track_caller]
fn run(office: &Office, said: &mut Said, arguments: &str, exit: i32) {
    said.run(office, arguments);
    let (_, run) = said.0.last().expect("it ran");
    let last: Vec<&str> = run.stderr.lines().rev().take(5).collect();
    assert_eq!(run.exit, Some(exit), "kaiin {arguments}: {last:#?}");
}

#[test]
fn nothing_that_leaves_and_nothing_that_is_said_of_it_names_a_member() {
    let server = Server::start();
    let (office, mut said) = taken_in();
    // Who has left is not shown any more, so that what names the person goes in time.
    office.save("members_2025-11-30.csv", export(|cells| drop(cells.remove(5))));
    run(&office, &mut said, "import members_2025-11-30.csv", 0);
    office.save("kaiin-data/kaiin.toml", settings(server.port));
    office.save("kaiin-data/配布先.csv", RECIPIENTS);
    std::fs::create_dir(office.folder().join("copies")).expect("a folder can be made");
    for (arguments, exit) in [
        ("publish prepare --as-of 2025-10-31 --by 作成係", 0),
        ("publish show 1", 0),
        ("--json publish show 1", 0),
        ("--lang en publish show 1", 0),
        ("publish approve 1 --by 承認者", 0),
        ("publish send 1", 0),
        ("--json publish send 1", 0),
        ("publish status 1", 0),
        ("--json publish status 1", 0),
        ("publish list", 0),
        ("--json publish prepare --as-of 2025-10-31 --by 作成係", 2),
        ("publish settle 1 11-001 --bounced --by 担当 --reason 戻った", 1),
        ("backup copies", 0),
        ("--json backup copies", 0),
        ("restore copies/kaiin-backup_2026-02-01_090000 --rehearse", 0),
        ("--json restore copies/kaiin-backup_2026-02-01_090000 --rehearse", 0),
        ("restore copies/kaiin-backup_2026-02-01_090000 --into back", 0),
        ("--data back publish send 1", 1),
        ("incident kaiin-data/distribution/delivered", 0),
        ("--json incident kaiin-data/distribution/delivered", 0),
    ] {
        run(&office, &mut said, arguments, exit);
    }
    for arguments in ["jobs tick --now 2026-02-05T06:00:00+09:00", "--json jobs tick --now 2026-02-05T06:10:00+09:00"] {
        run(&office, &mut said, arguments, 1);
    }
    for arguments in
        ["doctor", "--json doctor", "--lang en doctor", "jobs list", "--json jobs list", "verify", "", "--json"]
    {
        said.run(&office, arguments);
    }
    ask_for_figures(&office, &mut said);
    read_mails(&server);
    let allowed = search(&office, &said);
    assert!(allowed >= 8, "canaries stand in {allowed} files");
    are_delivered_and_kept(&office);

    // What was said so far was searched.
    said.0.clear();
    for arguments in ["purge", "--json purge", "purge --confirm --reason 試し", "purge --list"] {
        run(&office, &mut said, arguments, 0);
    }
    run(&office, &mut said, "--json jobs tick --now 2026-02-10T06:00:00+09:00", 1);
    search(&office, &said);
}

/// Else nothing would be proved: papers lie with both in each form, and persons in the backup and in what came of it.
#[track_caller]
fn are_delivered_and_kept(office: &Office) {
    let delivered = office.data().join("distribution/delivered");
    let names: Vec<String> =
        super::all_below(&delivered).iter().map(|path| path.to_string_lossy().into_owned()).collect();
    for end in ["送付状.pdf", ".xlsx", ".csv"] {
        assert!(names.iter().filter(|name| name.ends_with(end)).count() >= 2, "{end}: {names:?}");
    }
    let person: Vec<String> = vec!["鶯谷　架空".into()];
    for store in ["back/kaiin.sqlite", "copies/kaiin-backup_2026-02-01_090000/data/kaiin.sqlite"] {
        let bytes = std::fs::read(office.folder().join(store)).expect("it is there");
        assert_eq!(found_in(&bytes, &person), person, "{store}");
    }
}

/// What is answered to a machine that watches.
fn ask_for_figures(office: &Office, said: &mut Said) {
    let served = Served::start(office);
    for path in ["/metrics", "/healthz"] {
        let (status, text) = ask(served.address, path);
        assert_eq!(status, 200, "{text}");
        said.0.push((path.to_string(), Run { exit: Some(0), stdout: text, stderr: String::new() }));
    }
}

/// Mails as their readers see them.
#[track_caller]
fn read_mails(server: &Server) {
    let letters = server.letters();
    assert!(letters.len() >= 2, "{} mails", letters.len());
    for letter in letters {
        let (headers, body) = headers(&letter.bytes);
        let subject = decoded(&headers["Subject"][0]);
        let read = [letter.bytes.clone(), subject.into_bytes(), base64(&body)].concat();
        assert!(!read.is_empty() && String::from_utf8_lossy(&read).contains("会員統計"), "it can be read");
        assert_eq!(found_in(&read, &canaries()), Vec::<String>::new());
    }
}
