//! What is kept from one question to the next, while the data folder changes beside it.

use std::time::{Duration, Instant};

use rstest::rstest;

use super::site::{Browser, Site, add, office};
use crate::cli::samples::Sample;
use crate::store::home::Home;

/// The sentences of an answer with whatever was known last.
#[track_caller]
fn said(browser: &mut Browser) -> String {
    let reply = browser.get("/question?on=2025-03-31&tier=local");
    assert_eq!(reply.status, 200, "{}", reply.body);
    let (_, rest) = reply.body.split_once("class=\"said\"").expect("an answer");
    rest.split_once("</").expect("an element ends").0.to_string()
}

/// Everything that is stored beside the pages is in the next answer: another file, and that one was taken back.
#[rstest]
fn next_question_is_answered_from_what_was_stored_meanwhile(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "");
    let files = Sample::cases().files;
    office.import(&files[1].display().to_string());
    add(&office, "hanako", "--role reader --everywhere --persons");
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let first = said(&mut browser);
    assert_eq!(said(&mut browser), first);
    assert!(first.contains("3月31日"), "{first}");

    office.import(&files[2].display().to_string());
    let second = said(&mut browser);
    assert!(second.contains("4月30日"), "{second}");
    assert_eq!(said(&mut browser), second);

    let taken = office.json("import --list");
    let newest = taken.as_array().and_then(|all| all.last()?["id"].as_i64()).expect("files were taken in");
    office.json(&format!("import --take-back {newest} --reason 試験"));
    assert_eq!(said(&mut browser), first);

    // The answer of the newer day is another head by now.
    office.import(&files[2].display().to_string());
    assert_eq!(said(&mut browser), second);
}

/// The first who asks need not wait for it: what was taken in is read by itself, after the start and after another file.
#[test]
fn what_was_taken_in_is_read_before_somebody_asks() {
    let office = office(Home::Sqlite, "");
    let files = Sample::cases().files;
    office.import(&files[1].display().to_string());
    let site = Site::start(&office);
    let read = |times: usize| {
        let began = Instant::now();
        while site.log().matches("was read ahead").count() != times {
            assert!(began.elapsed() < Duration::from_secs(60), "{}", site.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    read(1);
    office.import(&files[2].display().to_string());
    read(2);
}
