//! The page of a person, one's own account and the ledger in a real browser, by keys alone and with scripts switched off.

use serde_json::json;

use super::driven::{assert_sound, office, text_of};
use super::site::{PASSWORD, Site, add};
use crate::reports::browser::{Browser, DESK};
use crate::skipping::{AXE, CHROMIUM, is_skipped_without};

#[test]
fn row_of_a_list_is_followed_to_the_person_and_back() {
    if is_skipped_without(CHROMIUM) || is_skipped_without(AXE) {
        return;
    }
    let office = office();
    add(&office, "kanri", "--role administrator --everywhere");
    let site = Site::start(&office);
    let mut browser = Browser::start();
    browser.switch_scripts_off();
    browser.show_on(DESK);
    browser.visit(&address(&site, "/login"));
    browser.write("hanako");
    browser.press("Tab", 9);
    browser.write(PASSWORD);
    browser.enter();

    let found = follow_a_row(&site, &mut browser);
    look_for(&site, &mut browser, &found);
    own_account_and_ledger(&site, &mut browser);
}

fn address(site: &Site, path: &str) -> String {
    format!("http://{}{path}", site.address)
}

/// Whom the page shows.
fn shown(browser: &mut Browser) -> String {
    text_of(browser, "h2#who")
}

/// From an answer to a person and back; number and name of the person.
fn follow_a_row(site: &Site, browser: &mut Browser) -> (String, String) {
    // Asked, and a row of the list followed to all that is known of the person.
    browser.visit(&address(site, "/question?on=2025-12-01&body=11-001"));
    let said = text_of(browser, ".said");
    browser.tab_to("#persons tbody a");
    let name = browser.evaluate("document.activeElement.innerText");
    browser.enter();
    assert_eq!(text_of(browser, "h1"), "会員ひとりの記録");
    assert_eq!(json!(text_of(browser, "h2#who")), name);
    assert!(text_of(browser, "#table-exported").contains("行目"), "the row of the file is named");
    let number = text_of(browser, "dl.facts dd");
    assert_sound(browser, "person");

    // Known from an earlier day, and from a day that is none.
    browser.tab_to("#known");
    browser.evaluate("document.activeElement.select()");
    browser.write("R7.10.31");
    browser.enter();
    assert!(text_of(browser, "#known-hint").contains("2025-10-31"));
    browser.tab_to("#known");
    browser.evaluate("document.activeElement.select()");
    browser.write("いつか");
    browser.enter();
    assert!(text_of(browser, "#known-wrong").contains("ASK-002"));
    assert_sound(browser, "person-wrong");

    // Back to the answer.
    browser.back();
    browser.back();
    browser.back();
    assert_eq!(text_of(browser, ".said"), said);
    (number, name.as_str().expect("a name").to_string())
}

fn look_for(site: &Site, browser: &mut Browser, (number, name): &(String, String)) {
    // Looked for by number, by the beginning of a name, and in vain.
    browser.visit(&address(site, "/person"));
    assert_sound(browser, "person-empty");
    browser.tab_to("#text");
    browser.write(number);
    browser.enter();
    assert_eq!(shown(browser), *name);
    browser.tab_to("#text");
    browser.write(&name.chars().take(1).collect::<String>());
    browser.enter();
    if text_of(browser, "#found").is_empty() {
        assert_eq!(shown(browser), *name, "nobody else begins so");
    } else {
        assert_sound(browser, "persons");
        browser.tab_to("#found tbody a");
        browser.enter();
        browser.back();
        assert!(text_of(browser, "#found").contains("人を示しています"), "the list is there again");
    }
    browser.visit(&address(site, "/person"));
    browser.tab_to("#text");
    browser.write("存在しない名");
    browser.enter();
    assert!(text_of(browser, "[role=alert]").contains("WEB-061"));
    assert_eq!(browser.evaluate("document.querySelector('#text').value"), "存在しない名");
    assert_sound(browser, "person-nobody");
}

fn own_account_and_ledger(site: &Site, browser: &mut Browser) {
    browser.visit(&address(site, "/account"));
    assert_sound(browser, "account");
    browser.tab_to("main form button");
    browser.enter();
    assert!(text_of(browser, "[role=status]").contains("終わらせました"));
    browser.tab_to("form[action='/logout'] button");
    browser.enter();
    browser.visit(&address(site, "/login"));
    browser.write("kanri");
    browser.press("Tab", 9);
    browser.write(PASSWORD);
    browser.enter();
    browser.visit(&address(site, "/opened"));
    assert!(text_of(browser, "table").contains("GET /person"));
    assert_sound(browser, "opened");
}
