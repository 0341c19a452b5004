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
    let at = |path: &str| format!("http://{}{path}", site.address);
    let mut browser = Browser::start();
    browser.switch_scripts_off();
    browser.show_on(DESK);
    browser.visit(&at("/login"));
    browser.write("hanako");
    browser.press("Tab", 9);
    browser.write(PASSWORD);
    browser.enter();

    // Asked, and a row of the list followed to all that is known of the person.
    browser.visit(&at("/question?on=2025-12-01&body=11-001"));
    let said = text_of(&mut browser, ".said");
    browser.tab_to("#persons tbody a");
    let name = browser.evaluate("document.activeElement.innerText");
    browser.enter();
    assert_eq!(text_of(&mut browser, "h1"), "会員ひとりの記録");
    assert_eq!(json!(text_of(&mut browser, "h2#who")), name);
    assert!(text_of(&mut browser, "#table-exported").contains("行目"), "the row of the file is named");
    let number = text_of(&mut browser, "dl.facts dd");
    assert_sound(&mut browser, "person");

    // Known from an earlier day, and from a day that is none.
    browser.tab_to("#known");
    browser.evaluate("document.activeElement.select()");
    browser.write("R7.10.31");
    browser.enter();
    assert!(text_of(&mut browser, "#known-hint").contains("2025-10-31"));
    browser.tab_to("#known");
    browser.evaluate("document.activeElement.select()");
    browser.write("いつか");
    browser.enter();
    assert!(text_of(&mut browser, "#known-wrong").contains("ASK-002"));
    assert_sound(&mut browser, "person-wrong");

    // Back to the answer.
    browser.back();
    browser.back();
    browser.back();
    assert_eq!(text_of(&mut browser, ".said"), said);

    // Looked for by number, by the beginning of a name, and in vain.
    browser.visit(&at("/person"));
    assert_sound(&mut browser, "person-empty");
    browser.tab_to("#text");
    browser.write(&number);
    browser.enter();
    assert_eq!(json!(text_of(&mut browser, "h2#who")), name);
    browser.tab_to("#text");
    browser.write(&name.as_str().expect("a name").chars().take(1).collect::<String>());
    browser.enter();
    if text_of(&mut browser, "#found").is_empty() {
        assert_eq!(json!(text_of(&mut browser, "h2#who")), name, "nobody else begins so");
    } else {
        assert_sound(&mut browser, "persons");
        browser.tab_to("#found tbody a");
        browser.enter();
        browser.back();
        assert!(text_of(&mut browser, "#found").contains("人を示しています"), "the list is there again");
    }
    browser.visit(&at("/person"));
    browser.tab_to("#text");
    browser.write("存在しない名");
    browser.enter();
    assert!(text_of(&mut browser, "[role=alert]").contains("WEB-061"));
    assert_eq!(browser.evaluate("document.querySelector('#text').value"), "存在しない名");
    assert_sound(&mut browser, "person-nobody");

    // One's own account.
    browser.visit(&at("/account"));
    assert_sound(&mut browser, "account");
    browser.tab_to("main form button");
    browser.enter();
    assert!(text_of(&mut browser, "[role=status]").contains("終わらせました"));
    browser.tab_to("form[action='/logout'] button");
    browser.enter();
    browser.visit(&at("/login"));
    browser.write("kanri");
    browser.press("Tab", 9);
    browser.write(PASSWORD);
    browser.enter();
    browser.visit(&at("/opened"));
    assert!(text_of(&mut browser, "table").contains("GET /person"));
    assert_sound(&mut browser, "opened");
}
