//! What the office writes itself, in a real browser, by keys alone and with scripts switched off: an adjustment from the list to the
//! taking back, and a meeting from its folder to its pack.

use super::driven::{assert_sound, log_in, text_of};
use super::giving::november;
use super::site::Site;
use crate::reports::browser::{Browser, DESK};
use crate::skipping::{AXE, CHROMIUM, is_skipped_without};

fn opened(site: &Site, path: &str) -> Browser {
    let mut browser = Browser::start();
    browser.switch_scripts_off();
    browser.show_on(DESK);
    log_in(&mut browser, &format!("http://{}{path}", site.address), "hanako");
    browser
}

fn write(browser: &mut Browser, field: &str, text: &str) {
    browser.tab_to(field);
    browser.write(text);
}

#[test]
fn adjustment_is_written_taken_in_and_taken_back_by_keys_alone() {
    if is_skipped_without(CHROMIUM) || is_skipped_without(AXE) {
        return;
    }
    let office = november();
    let site = Site::start(&office);
    let mut browser = opened(&site, "/adjustments");
    assert_eq!(text_of(&mut browser, "h1"), "調整");
    assert_sound(&mut browser, "adjustments");
    browser.tab_to("main dl a[href*='kind=left']");
    browser.enter();
    write(&mut browser, "#adjust-person", "236377");
    write(&mut browser, "#adjust-body", "浦島");
    write(&mut browser, "#adjust-new_day", "R8.1.20");
    write(&mut browser, "#adjust-why", "電話で確かめた");
    write(&mut browser, "#adjust-approver", "事務局長");
    browser.enter();
    assert!(text_of(&mut browser, ".field-wrong").contains("医師会がマスタにありません"));
    assert_sound(&mut browser, "adjustment-wrong");
    browser.tab_to("#adjust-body");
    browser.press("End", 35);
    (0..2).for_each(|_| browser.press("Backspace", 8));
    browser.write("蕨戸田市");
    browser.tab_to("#adjust-everywhere");
    browser.press(" ", 32);
    browser.tab_to("main form .buttons button");
    browser.enter();
    assert_eq!(text_of(&mut browser, ".verdict"), "取り込めます");
    assert_sound(&mut browser, "adjustment-looked-at");
    browser.tab_to("button[value=yes]");
    browser.enter();
    assert_eq!(text_of(&mut browser, ".verdict"), "取り込みました");
    browser.visit(&format!("http://{}/adjustments", site.address));
    assert_eq!(text_of(&mut browser, "#held-head"), "今の調整（3 件）");
    assert_sound(&mut browser, "adjustments-held");
    browser.tab_to("#adjustments a[href*='/adjustments/back']");
    browser.enter();
    assert_eq!(text_of(&mut browser, "h1"), "調整を取り消す");
    assert_sound(&mut browser, "adjustment-back");
    write(&mut browser, "#adjust-why", "取り違え");
    write(&mut browser, "#adjust-approver", "事務局長");
    browser.enter();
    assert_eq!(text_of(&mut browser, ".verdict"), "取り込めます");
}

#[test]
fn meeting_is_made_and_its_pack_comes_out_by_keys_alone() {
    if is_skipped_without(CHROMIUM) || is_skipped_without(AXE) {
        return;
    }
    let office = november();
    let site = Site::start(&office);
    let mut browser = opened(&site, "/meetings");
    assert_sound(&mut browser, "meetings");
    write(&mut browser, "#name", "郡市医師会長会議");
    write(&mut browser, "#on", "R8.1.22");
    browser.enter();
    assert!(text_of(&mut browser, "h1").starts_with("郡市医師会長会議"), "{}", text_of(&mut browser, "main"));
    assert_sound(&mut browser, "meeting");
    office.save("表.csv", "氏名,所属\r\n");
    browser.choose("#file", &office.folder().join("表.csv"));
    browser.tab_to("form.give button");
    browser.enter();
    assert!(text_of(&mut browser, ".meeting-files").contains("表.csv"));
    browser.tab_to("form[action='/meetings/build'] button");
    browser.enter();
    assert!(text_of(&mut browser, "main").contains("初版"), "{}", text_of(&mut browser, "main"));
    assert_sound(&mut browser, "meeting-built");
}
