//! `kaiin account` on both stores, and what is kept of accounts.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use kaiin::store::{AccountStore, StoreLocation};
use rstest::rstest;

use super::site::{Site, add, first, office};
use crate::cli::program::{Office, Run};
use crate::store::home::Home;

/// Runs with a text on standard input.
fn with_input(office: &Office, arguments: &str, input: &str) -> Run {
    let mut command = office.program();
    command.args(arguments.split_whitespace()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
    Run::from(child.wait_with_output().expect("it ends"))
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn accounts_are_added_lent_to_and_listed(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "");
    office.json("account add h.sato --role 承認 --everywhere");
    office.json("account add Y.Suzuki --name 鈴木試験 --role reader --prefecture 埼玉県 --tiers local --persons");
    office.json("account lend y.suzuki --association 11-001 --until 2026-02-01");
    office.json("account lend y.suzuki --association 11-001 --until R8.3.31 --persons");
    office.json("account disable h.sato");
    let all = office.json("account list");
    assert_eq!(all.as_array().map(Vec::len), Some(2), "{all}");
    assert_eq!(all[0]["login"], "h.sato");
    assert_eq!((all[0]["role"].as_str(), all[0]["persons"].as_bool()), (Some("approver"), Some(false)));
    assert_eq!(all[0]["tiers"], serde_json::json!(["local", "prefectural", "national"]));
    assert!(all[0]["disabled_at"].is_string() && all[1]["disabled_at"].is_null());
    assert_eq!(all[1]["login"], "y.suzuki");
    assert_eq!(all[1]["area"], serde_json::json!({ "kind": "prefecture", "code": "11" }));
    assert_eq!(all[1]["tiers"], serde_json::json!(["local"]));
    let lent = serde_json::json!([{
        "area": { "kind": "association", "code": "11-001" },
        "until": "2026-03-31",
        "persons": true,
    }]);
    assert_eq!(all[1]["lent"], lent, "the newer arrangement of one area counts");
    let told = office.run("account list").stdout;
    assert!(told.contains("鈴木試験") && told.contains("止めてある") && told.contains("2026-03-31 まで"), "{told}");
    assert!(!told.contains("argon2"), "{told}");
}

#[rstest]
#[case::login_twice("add h.sato --role reader --everywhere", 2, "ACC-001")]
#[case::login_in_capitals("add H.SATO --role reader --everywhere", 2, "ACC-001")]
#[case::no_login("add 佐藤 --role reader --everywhere", 2, "ACC-003")]
#[case::national_tier_of_a_prefecture("add a1 --role reader --prefecture 11 --tiers national", 2, "ACC-006")]
#[case::national_body("add a1 --role reader --association JMA", 2, "ACC-006")]
#[case::no_such_prefecture("add a1 --role reader --prefecture 存在しない県", 2, "QRY-004")]
#[case::no_area("add a1 --role reader", 2, "USE-001")]
#[case::two_areas("add a1 --role reader --everywhere --prefecture 11", 2, "USE-001")]
#[case::no_role("add a1 --everywhere", 2, "USE-001")]
#[case::password_as_an_argument("add a1 --role reader --everywhere --password x", 2, "USE-001")]
#[case::nobody_disabled("disable nobody", 2, "ACC-002")]
#[case::nobody_reset("reset nobody", 2, "ACC-002")]
#[case::lent_to_nobody("lend nobody --prefecture 11 --until 2026-03-31", 2, "ACC-002")]
#[case::lent_in_the_past("lend h.sato --prefecture 11 --until 2026-01-31", 2, "ACC-008")]
#[case::lent_the_national_body("lend h.sato --association JMA --until 2026-03-31", 2, "ACC-006")]
#[case::lent_everything("lend h.sato --until 2026-03-31", 2, "USE-001")]
fn what_cannot_be_is_refused(#[case] arguments: &str, #[case] exit: i32, #[case] code: &str) {
    let office = office(Home::Sqlite, "");
    office.json("account add h.sato --role reader --everywhere");
    let before = office.json("account list");
    let run = office.run(&format!("account {arguments}"));
    assert_eq!(run.exit, Some(exit), "{}", run.stderr);
    assert!(run.stderr.contains(code), "{code}: {}", run.stderr);
    assert_eq!(office.json("account list"), before, "nothing was changed");
}

#[test]
fn password_comes_from_standard_input_or_is_drawn_and_is_shown_once() {
    let office = office(Home::Sqlite, "");
    let add = "account add hanako --role reader --everywhere --password-stdin";
    for (input, code) in [
        ("", "ACC-009"),
        ("\n", "ACC-009"),
        ("short\n", "ACC-004"),
        ("\u{feff}hanako", "ACC-004"),
        ("1qaz2wsx3edc\n", "ACC-016"),
        ("kaiin no himitsu\n", "ACC-017"),
        ("yukiyukiyukiyuki\n", "ACC-018"),
    ] {
        let run = with_input(&office, add, input);
        assert_eq!(run.exit, Some(2), "{input:?}");
        assert!(run.stderr.contains(code), "{input:?}: {}", run.stderr);
    }
    let run = with_input(&office, add, "uguisu ga naku asa\r\nsecond line");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(!run.stdout.contains("uguisu") && !run.stderr.contains("uguisu"), "{}", run.stdout);
    let site = Site::start(&office);
    assert_eq!(site.browser().log_in("hanako", "uguisu ga naku asa").status, 303);
    assert_eq!(site.browser().log_in("hanako", "ｕｇｕｉｓｕ　ｇａ　ｎａｋｕ　ａｓａ").status, 303);
    let drawn = office.run("account reset hanako").stdout;
    let password = drawn.lines().find_map(|line| line.strip_prefix("はじめのパスワード: ")).expect("it is shown");
    assert_eq!(site.browser().log_in("hanako", "uguisu ga naku asa").status, 401);
    assert_eq!(site.browser().log_in("hanako", password).status, 303);
}

/// Only the account of the program reads what passwords are kept as, and neither a copy nor a backup holds it.
#[cfg(unix)]
#[test]
fn accounts_stay_in_their_own_file_and_out_of_backups() {
    use std::os::unix::fs::PermissionsExt;

    let office = office(Home::Sqlite, "[files]\ngroup_readable = true\n");
    add(&office, "hanako", "--role reader --everywhere");
    let mode = std::fs::metadata(office.data().join("accounts.sqlite")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = office.json("store status");
    add(&office, "taro", "--role reader --everywhere");
    assert_eq!(office.json("store status"), before, "the store is not touched");
    std::fs::create_dir(office.folder().join("copies")).expect("the temporary folder can be written");
    let run = office.run("backup copies");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let holds = |bytes: &[u8]| bytes.windows(8).any(|window| window == b"argon2id");
    let mut n = 0;
    for file in crate::files::all_below(&office.folder().join("copies")).into_iter().filter(|path| path.is_file()) {
        assert!(!holds(&std::fs::read(&file).expect("it can be read")), "{}", file.display());
        n += 1;
    }
    assert!(n > 0);
    assert!(
        holds(&std::fs::read(office.data().join("accounts.sqlite")).expect("it can be read")),
        "the search finds it"
    );
}

#[test]
fn program_without_an_address_shows_nothing_and_says_why() {
    let office = Office::new();
    let run = office.run("web");
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("WEB-012"), "{}", run.stderr);
    std::fs::create_dir_all(office.data()).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", "[web]\naddress = \"0.0.0.0:0\"\n");
    let run = office.run("web");
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("CFG-012"), "{}", run.stderr);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it has one");
    office.save("kaiin-data/kaiin.toml", format!("[web]\naddress = \"{address}\"\n"));
    let run = office.run("web");
    assert_eq!(run.exit, Some(4), "{}", run.stderr);
    assert!(run.stderr.contains("WEB-011"), "{}", run.stderr);
}

/// The ledger has who opened which page and what came of it, and nothing that was typed.
#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn ledger_tells_who_opened_what_and_nothing_that_was_typed(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "");
    let first = first(&office, "hanako", "--role reader --everywhere");
    let site = Site::start(&office);
    let mut browser = site.browser();
    browser.log_in("uguisu-as-login", "x");
    browser.log_in("hanako", &first);
    browser.get("/?q=uguisu");
    browser.get("/password");
    browser.get("/uguisu");
    let location = match office.database() {
        Some(database) => StoreLocation::Server { url: database.url(), wait: Duration::from_secs(60) },
        None => StoreLocation::File(office.data().join("accounts.sqlite")),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let entries = runtime.block_on(async {
        let store = AccountStore::open(&location).await.expect("they open");
        let entries = store.newest_entries(10).await.expect("they can be read");
        store.close().await;
        entries
    });
    let mut told: Vec<String> =
        entries.iter().map(|entry| format!("{} {} {}", entry.login, entry.route, entry.outcome)).collect();
    told.sort();
    assert_eq!(told, [" POST /login 303", " POST /login 401", "hanako GET / 303", "hanako GET /password 200"]);
    assert!(entries.iter().all(|entry| entry.at.to_rfc3339().starts_with("2026-02-01T00:00:00")));
}
