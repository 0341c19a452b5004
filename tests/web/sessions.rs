//! Sessions: how long they last, what ends them, and that they belong to the store and not to one program.

use rstest::rstest;

use super::site::{PASSWORD, Site, add, office};
use crate::store::home::Home;

const READER: &str = "--role reader --everywhere";

/// All tests log in at midnight of this day in universal time.
fn at(time: &str) -> String {
    format!("2026-02-01T{time}Z")
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn session_outlives_the_program_and_ends_when_nobody_uses_it(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "idle_minutes = 30\nsession_hours = 2\n");
    add(&office, "hanako", READER);
    let mut browser = Site::start_at(&office, &at("00:00:00")).entered("hanako");
    let mut opened = |time: &str| {
        let site = Site::start_at(&office, &at(time));
        browser.address = site.address;
        let reply = browser.get("/");
        (reply.status, reply.all("location").join(""))
    };
    let ended = (303, "/login?next=%2F&ended=1".to_string());
    assert_eq!(opened("00:29:59").0, 200, "the program was started anew");
    assert_eq!(opened("00:59:58").0, 200, "half an hour is counted from the last page");
    assert_eq!(opened("01:29:57").0, 200);
    assert_eq!(opened("01:59:56").0, 200);
    assert_eq!(opened("02:00:00"), ended, "two hours are over, whoever uses it");
    assert_eq!(opened("01:59:59"), ended, "what has ended does not begin again when the clock is set back");
    browser = Site::start_at(&office, &at("03:00:00")).entered("hanako");
    let site = Site::start_at(&office, &at("03:30:00"));
    browser.address = site.address;
    let reply = browser.get("/");
    assert_eq!((reply.status, reply.header("location")), (303, ended.1.as_str()), "nobody used it for half an hour");
    let page = browser.get(reply.header("location"));
    assert!(page.body.contains("ログインの時間が終わりました"), "{}", page.body);
}

/// Two programs on one data folder, or two machines on one database.
#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn two_programs_know_the_same_sessions_and_what_ends_them_ends_at_once(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "");
    add(&office, "hanako", READER);
    add(&office, "taro", READER);
    let (one, other) = (Site::start(&office), Site::start(&office));
    let mut hanako = one.entered("hanako");
    let mut taro = one.entered("taro");
    let mut there = taro.clone();
    there.address = other.address;
    assert_eq!((taro.get("/").status, there.get("/").status), (200, 200));
    let csrf = there.get("/").csrf();
    assert_eq!(there.post("/logout", &[("csrf", &csrf)]).status, 303);
    assert_eq!(taro.get("/").status, 303, "logged out at the other");
    hanako.address = other.address;
    assert_eq!(hanako.get("/").status, 200);
    assert_eq!(office.run("account disable hanako").exit, Some(0));
    assert_eq!(hanako.get("/").status, 303, "disabled");
    assert_eq!(one.browser().log_in("hanako", PASSWORD).status, 401);
    let reset = office.run("account reset hanako");
    assert_eq!(reset.exit, Some(2), "{}", reset.stderr);
    assert!(reset.stderr.contains("ACC-007"), "{}", reset.stderr);
    let reset = office.json("account reset hanako --enable");
    let drawn = reset["password"].as_str().expect("it is drawn");
    assert_eq!(other.browser().log_in("hanako", drawn).status, 303);
    assert_eq!(hanako.get("/").status, 303, "the old session stays ended");
}

/// An import holds the store while pages are answered and sessions written.
#[test]
fn lock_of_a_writer_holds_no_page_up() {
    let office = office(Home::Sqlite, "");
    add(&office, "hanako", "--role maker --association 11-001");
    let site = Site::start(&office);
    let held = held_by_a_writer(&office.data().join("kaiin.sqlite"));
    let mut browser = site.entered("hanako");
    let page = browser.get("/");
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("浦和医師会"), "the name of the area comes from the store");
    drop(held);
}

/// A transaction that writes to the store and does not end, in a thread of its own.
fn held_by_a_writer(path: &std::path::Path) -> std::sync::mpsc::Sender<()> {
    use sqlx::Connection;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

    let (release, released) = std::sync::mpsc::channel::<()>();
    let (begun, is_begun) = std::sync::mpsc::channel::<()>();
    let options = SqliteConnectOptions::new().filename(path);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut connection = SqliteConnection::connect_with(&options).await.expect("the store opens");
            let begin = sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await;
            begin.expect("nobody else writes");
            let write = sqlx::query("UPDATE writer SET fence = fence").execute(&mut connection).await;
            write.expect("it can be written");
            begun.send(()).expect("the test waits");
            // It ends with the test.
            let _ = released.recv();
        });
    });
    is_begun.recv().expect("it begins");
    release
}
