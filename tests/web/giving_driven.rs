//! Giving files in a real browser, by keys alone and with scripts switched off: December's export cut off in the middle, the
//! question, the answer, what is to be looked at, and taking it back; and an export whose headings have changed.

use super::driven::{assert_sound, log_in, text_of};
use super::giving::{DECEMBER, december, november};
use super::headings::renamed;
use super::site::Site;
use crate::reports::browser::{Browser, DESK};
use crate::skipping::{AXE, CHROMIUM, is_skipped_without};

#[test]
fn december_is_given_asked_about_taken_in_and_taken_back_by_keys_alone() {
    if is_skipped_without(CHROMIUM) || is_skipped_without(AXE) {
        return;
    }
    let office = november();
    office.save(DECEMBER, december().1);
    let file = office.folder().join(DECEMBER);
    let site = Site::start(&office);
    let mut browser = Browser::start();
    browser.switch_scripts_off();
    browser.show_on(DESK);
    log_in(&mut browser, &format!("http://{}/files", site.address), "hanako");
    assert_eq!(text_of(&mut browser, "h1"), "ファイルを渡す");
    assert_sound(&mut browser, "files");

    browser.choose("#file", &file);
    browser.tab_to("main form button");
    browser.enter();
    assert_eq!(text_of(&mut browser, ".verdict"), "確かめたいことがあります");
    assert!(text_of(&mut browser, ".note").contains("IMP-212"), "{}", text_of(&mut browser, "main"));
    assert_sound(&mut browser, "files-question");

    // Without a reason it asks for one, beside its field.
    browser.tab_to("button[value=yes]");
    browser.enter();
    assert!(text_of(&mut browser, ".field-wrong").contains("理由が空です"));
    assert_sound(&mut browser, "files-reason");
    browser.tab_to("#reason-1");
    browser.write("さいたま市の医師会が、別のファイルになったため");
    browser.tab_to("button[value=yes]");
    browser.enter();
    assert_eq!(text_of(&mut browser, ".verdict"), "取り込みました");
    assert!(text_of(&mut browser, "details").contains("FND-005"), "{}", text_of(&mut browser, "main"));
    assert_sound(&mut browser, "files-taken");

    browser.tab_to("main a[href='/files']");
    browser.enter();
    assert_sound(&mut browser, "files-list");
    browser.tab_to("#imports a[href='/files/back?import=3']");
    browser.enter();
    assert!(text_of(&mut browser, ".effect").contains("取消し後"));
    assert_sound(&mut browser, "files-back");
    browser.tab_to("#reason");
    browser.write("途中で切れたファイルだったため");
    browser.enter();
    assert!(text_of(&mut browser, ".good").contains("取り消されています"));
    assert_sound(&mut browser, "files-taken-back");
    let list = office.json("import --list");
    assert_eq!(list[2]["state"], "taken_back");
    assert_eq!(list[2]["reason"], "途中で切れたファイルだったため（hanako）");
}

#[test]
fn columns_are_said_by_keys_alone() {
    if is_skipped_without(CHROMIUM) || is_skipped_without(AXE) {
        return;
    }
    let office = november();
    office.save(DECEMBER, renamed());
    let file = office.folder().join(DECEMBER);
    let site = Site::start(&office);
    let mut browser = Browser::start();
    browser.switch_scripts_off();
    browser.show_on(DESK);
    log_in(&mut browser, &format!("http://{}/files", site.address), "hanako");
    browser.choose("#file", &file);
    browser.tab_to("main form button");
    browser.enter();
    assert_eq!(text_of(&mut browser, ".verdict"), "このままでは取り込めません");
    assert_sound(&mut browser, "files-headings");
    browser.tab_to("select[name=column-0]");
    // The first that can be chosen is the one that is lacking.
    browser.press("ArrowDown", 40);
    browser.tab_to("form[action='/files/headings'] button");
    browser.enter();
    assert_eq!(text_of(&mut browser, ".verdict"), "取り込めます");
    assert!(text_of(&mut browser, "main").contains("「入会＝年月日」を「郡市区等入会日」として読む"));
    assert_sound(&mut browser, "files-headings-said");
}
