//! Pages in a real browser, driven by keys alone and with scripts switched off: logging in, asking, following the answer; on a
//! desk, with letters twice as large, and on a phone.

use std::path::PathBuf;

use serde_json::json;

use super::site::{PASSWORD, Site, add, encoded, settings};
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::reports::browser::{Browser, DESK, LARGE, PHONE};
use crate::reports::pdf_tools::page_texts;
use crate::skipping::{AXE, CHROMIUM, is_skipped_without};

const READER: &str = "--role reader --prefecture 埼玉県 --persons";

pub fn office() -> Office {
    let (office, _) = Sample::saitama().taken_in();
    office.save("kaiin-data/kaiin.toml", settings(""));
    add(&office, "hanako", READER);
    office
}

/// For whoever wants to look: `KAIIN_WRITE_PAGES=folder` keeps a picture of each page.
pub fn look(browser: &mut Browser, name: &str) {
    if let Some(folder) = std::env::var_os("KAIIN_WRITE_PAGES").map(PathBuf::from) {
        browser.picture(&folder.join(format!("{name}.png")));
    }
}

/// Nothing is wrong with the page on any screen, and nothing of it hangs over the edge.
#[track_caller]
pub fn assert_sound(browser: &mut Browser, name: &str) {
    browser.switch_scripts_on();
    for (screen, kind) in [(DESK, "desk"), (LARGE, "large"), (PHONE, "phone")] {
        browser.show_on(screen);
        let findings = if kind == "desk" { browser.findings() } else { browser.findings_of_screen() };
        assert_eq!(findings, [], "{name} on a {kind}");
        let over = browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assert_eq!(over, 0, "{name} is wider than a {kind}");
        look(browser, &format!("{name}-{kind}"));
    }
    browser.show_on(DESK);
    browser.switch_scripts_off();
}

/// Opens an address, and logs in on the way to it.
pub fn log_in(browser: &mut Browser, at: &str, login: &str) {
    browser.visit(at);
    browser.write(login);
    browser.press("Tab", 9);
    browser.write(PASSWORD);
    browser.enter();
}

pub fn text_of(browser: &mut Browser, selector: &str) -> String {
    let text = browser.evaluate(&format!("document.querySelector({selector:?})?.innerText ?? ''"));
    text.as_str().expect("a text").to_string()
}

#[test]
fn question_is_asked_and_followed_by_keys_alone() {
    if is_skipped_without(CHROMIUM) || is_skipped_without(AXE) {
        return;
    }
    let office = office();
    let site = Site::start(&office);
    let at = |path: &str| format!("http://{}{path}", site.address);
    let mut browser = Browser::start();
    browser.switch_scripts_off();
    browser.show_on(DESK);

    // Whoever is not logged in logs in, and then is where they wanted to be.
    browser.visit(&at("/question"));
    assert_sound(&mut browser, "login");
    browser.write("hanako");
    browser.press("Tab", 9);
    browser.write("wrong");
    browser.enter();
    assert!(text_of(&mut browser, "[role=alert]").contains("パスワード"), "it says what is wrong");
    assert_sound(&mut browser, "login-refused");
    browser.write(PASSWORD);
    browser.enter();
    assert_eq!(text_of(&mut browser, "h1"), "会員数をたずねる");
    assert_sound(&mut browser, "question");

    // What is wrong is told beside its field, and what was written is still there.
    browser.tab_to("#on");
    browser.write("R7.2.29");
    browser.enter();
    assert_eq!(browser.evaluate("document.querySelector('#on').value"), "R7.2.29");
    assert!(text_of(&mut browser, "#on-wrong").contains("28日"), "{}", text_of(&mut browser, "#on-wrong"));
    assert_sound(&mut browser, "question-wrong");

    browser.visit(&at("/question"));
    browser.tab_to("#on");
    browser.write("R7.12.1");
    browser.tab_to("#body");
    browser.write("浦和");
    browser.enter();
    let told = office.json("count --as-of 2025-12-01 --association 11-001 --by tier");
    let n = told["totals"]["local"]["memberships"].as_i64().expect("a number");
    let said = text_of(&mut browser, ".said");
    assert!(said.replace(',', "").contains(&format!("{n} 人")), "{n}: {said}");
    let persons = "document.querySelectorAll('#persons tbody tr').length";
    assert_eq!(browser.evaluate(persons), json!(n.min(100)), "the list is as long as the number, or as a page");
    assert_sound(&mut browser, "answer");

    keep_and_print(&mut browser, n);

    // The link of the answer gives it again; the first page leads to the question.
    browser.tab_to("a[href*='head=']:not([href*='.'])");
    browser.enter();
    assert_eq!(text_of(&mut browser, ".said"), said);
    browser.tab_to("header a[href='/']");
    browser.enter();
    assert_sound(&mut browser, "start");
    browser.tab_to("main a[href='/question']");
    browser.enter();
    assert_eq!(text_of(&mut browser, "h1"), "会員数をたずねる");

    // The national tier is not this account's.
    browser.visit(&at("/question?on=2025-12-01&tier=national"));
    assert!(text_of(&mut browser, "[role=alert]").contains("見られない"), "{}", text_of(&mut browser, "main"));
    assert_sound(&mut browser, "refused");
    browser.visit(&at("/nowhere"));
    assert_sound(&mut browser, "not-found");
    change_nothing_and_leave(&site, &mut browser);
}

/// The page of the own password, and the end of the session.
fn change_nothing_and_leave(site: &Site, browser: &mut Browser) {
    browser.visit(&format!("http://{}/password", site.address));
    assert_sound(browser, "password");
    browser.tab_to("form[action='/logout'] button");
    browser.enter();
    browser.visit(&format!("http://{}/", site.address));
    assert_eq!(text_of(browser, "h1"), "ログイン");
}

/// The file of the answer holds the whole list, and paper has the answer without the form.
fn keep_and_print(browser: &mut Browser, n: i64) {
    browser.tab_to("a[href^='/question.csv']");
    let (name, file) = browser.download();
    assert!(name.starts_with("会員数_2025-12-01_") && name.ends_with(".csv"), "{name}");
    let file = String::from_utf8(file).expect("UTF-8");
    let rows = file.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).count();
    assert_eq!(i64::try_from(rows), Ok(n), "{file}");
    let printed = browser.print();
    if let Some(folder) = std::env::var_os("KAIIN_WRITE_PAGES").map(PathBuf::from) {
        std::fs::write(folder.join("answer-printed.pdf"), &printed).expect("the folder can be written");
    }
    let paper: String = page_texts(&printed).concat().split_whitespace().collect();
    assert!(paper.contains(&format!("会員は{n}人です")) && paper.contains("名簿"), "{paper}");
    assert!(!paper.contains("ログアウト") && !paper.contains("最新の時点でたずねる"), "{paper}");
}

/// The files are named for the day and the answer, and the whole list is in them; what cannot be answered is told on the page.
#[test]
fn files_of_an_answer_hold_all_of_it() {
    let office = office();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let told = office.json("count --as-of 2025-12-01 --prefecture 埼玉県 --by tier");
    let n: i64 = ["local", "prefectural"].iter().filter_map(|tier| told["totals"][tier]["memberships"].as_i64()).sum();
    let question = format!("on=2025-12-01&prefecture={}", encoded("埼玉県"));
    let csv = browser.get(&format!("/question.csv?{question}"));
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    let disposition = csv.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"")
            && disposition.contains("filename*=UTF-8''%E4%BC%9A%E5%93%A1%E6%95%B0_2025-12-01_")
    );
    let rows = csv.body.rsplit("\r\n\r\n").next().expect("a last table").lines();
    let persons = rows.filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).count();
    assert_eq!(i64::try_from(persons).expect("not that many"), n);
    let refused = browser.get("/question.csv?on=2025-12-01&tier=national");
    assert_eq!((refused.status, refused.header("content-type")), (403, "text/html; charset=utf-8"));
    assert!(site.browser().get(&format!("/question.csv?{question}")).header("location").starts_with("/login?next="));
}
