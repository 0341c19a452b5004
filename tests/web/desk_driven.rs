//! The second person approves a month, a recipient downloads it, others are refused: in a real browser, by keys, without scripts.

use super::desk::{links, office};
use super::driven::{assert_sound, log_in, text_of};
use super::site::Site;
use crate::cli::program::Office;
use crate::publish::office::{PREPARE, save_recipients, stage};
use crate::reports::browser::{Browser, DESK};
use crate::skipping::{AXE, CHROMIUM, is_skipped_without};

fn log_out(browser: &mut Browser) {
    browser.tab_to("form[action='/logout'] button");
    browser.enter();
}

#[test]
fn month_is_approved_sent_and_received_by_keys_alone() {
    if is_skipped_without(CHROMIUM) || is_skipped_without(AXE) {
        return;
    }
    let office = office();
    office.json(&PREPARE.replace("2025-11-30", "2025-10-31"));
    office.json("publish approve 1 --by 会長");
    office.json("publish send 1");
    save_recipients(&office, &["11-001,,,,", "11-002,川口市医師会長,,,", "11-004,,,,"].map(String::from));
    let report = "report member-counts --as-of 2025-11-30 --association 11-001 --out kaiin-data/extra";
    office.json(&format!("{report} --variant external --format pdf,csv"));
    let site = Site::start(&office);
    let mut browser = Browser::start();
    browser.switch_scripts_off();
    browser.show_on(DESK);
    make(&site, &mut browser);
    approve(&site, &mut browser);
    assert_eq!(stage(&office, 2), "approved");
    send(&site, &mut browser);
    receive(&office, &site, &mut browser);
    log_out(&mut browser);
    hear(&site, &mut browser);
}

fn address(site: &Site, path: &str) -> String {
    format!("http://{}{path}", site.address)
}

/// Made by one.
fn make(site: &Site, browser: &mut Browser) {
    log_in(browser, &address(site, "/distributions"), "maker");
    browser.tab_to("#as_of");
    browser.write("R7.11.31");
    browser.tab_to("form.act button");
    browser.enter();
    assert!(text_of(browser, "[role=alert]").contains("R7.11.31"), "{}", text_of(browser, "main"));
    assert_sound(browser, "distributions-wrong");
    browser.evaluate("document.querySelector('#as_of').value = ''");
    browser.tab_to("#as_of");
    browser.write("R7.11.30");
    browser.tab_to("form.act button");
    browser.enter();
    assert!(text_of(browser, "[role=status]").contains("配布を作りました"), "{}", text_of(browser, "main"));
    log_out(browser);
}

/// Looked at and approved by another.
fn approve(site: &Site, browser: &mut Browser) {
    log_in(browser, &address(site, "/"), "second");
    browser.tab_to("nav a[href='/distributions']");
    browser.enter();
    assert_sound(browser, "distributions");
    browser.tab_to("main a[href='/distributions?number=2']");
    browser.enter();
    let page = text_of(browser, "main");
    for words in
        ["第1回", "前回はなかった配布先（1）", "前回だけの配布先（1）", "宛名の変わった配布先（1）", "川口市医師会"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_sound(browser, "distribution");
    look(browser, "distribution-pages");
    browser.tab_to("form[action='/distributions/approve'] button");
    browser.enter();
    assert!(text_of(browser, "[role=status]").contains("承認しました"), "{}", text_of(browser, "main"));
    assert_sound(browser, "distribution-approved");
    log_out(browser);
}

/// The pages of the first paper that is offered, and back.
fn look(browser: &mut Browser, called: &str) {
    browser.tab_to("main a[href*='view=pages']");
    browser.enter();
    let drawn = "[...document.images].filter(image => image.complete && image.naturalWidth > 0).length";
    assert_eq!(browser.evaluate(drawn), browser.evaluate("document.images.length"), "all pages are drawn");
    assert!(text_of(browser, "main").contains("1 / "), "{}", text_of(browser, "main"));
    assert_sound(browser, called);
    browser.tab_to("main p a");
    browser.enter();
}

/// Sent by the first.
fn send(site: &Site, browser: &mut Browser) {
    log_in(browser, &address(site, "/distributions?number=2"), "maker");
    browser.tab_to("form[action='/distributions/send'] button");
    browser.enter();
    assert!(text_of(browser, "main").contains("届いている 3、届いていない 0"), "{}", text_of(browser, "main"));
    assert_sound(browser, "distribution-sent");
    log_out(browser);
}

/// Received, and by nobody else.
fn receive(office: &Office, site: &Site, browser: &mut Browser) {
    log_in(browser, &address(site, "/received"), "urawa");
    let page = text_of(browser, "main");
    assert!(page.contains("浦和医師会") && page.contains("最新") && !page.contains("川口"), "{page}");
    assert_sound(browser, "received");
    look(browser, "received-pages");
    browser.tab_to("main a[href$='file=2']");
    let (name, workbook) = browser.download();
    assert_eq!(name, "会員統計月報_R7.11.30.xlsx");
    let delivered = crate::publish::office::delivered(office, 2).join("001_浦和医師会").join(&name);
    assert!(workbook == std::fs::read(delivered).expect("it was delivered"), "to the byte");
    let link = links(&site.entered("urawa").get("/received").body, "/received/file")[0].clone();
    browser.visit(&address(site, "/papers"));
    assert!(text_of(browser, "main").contains("外部配布"), "{}", text_of(browser, "main"));
    assert_sound(browser, "papers");
    browser.visit(&address(site, "/distributions?number=2"));
    assert!(text_of(browser, "main").contains("開けません"), "{}", text_of(browser, "main"));
    log_out(browser);

    // Refused to another body, and a distribution of which it is one recipient of several is not its own.
    log_in(browser, &address(site, &link), "elsewhere");
    assert!(text_of(browser, "h1").contains("その資料はないか"), "{}", text_of(browser, "main"));
    assert_sound(browser, "received-refused");
    browser.visit(&address(site, "/distributions?number=2"));
    assert!(text_of(browser, "h1").contains("その配布はないか"), "{}", text_of(browser, "main"));
    browser.visit(&address(site, "/papers"));
    assert_sound(browser, "papers-none");
}

/// The office sees who has taken its papers.
fn hear(site: &Site, browser: &mut Browser) {
    log_in(browser, &address(site, "/distributions?number=2"), "maker");
    assert_eq!(text_of(browser, "main").matches("受取り").count(), 1, "{}", text_of(browser, "main"));
    assert_sound(browser, "distribution-fetched");
}
