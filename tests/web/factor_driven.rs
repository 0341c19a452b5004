//! Setting up a second factor and logging in with it in a real browser, by keys alone and with scripts switched off.

use super::driven::{assert_sound, text_of};
use super::phone::Phone;
use super::site::{PASSWORD, Site, add, office};
use crate::cli::program::NOW;
use crate::reports::browser::{Browser, DESK};
use crate::skipping::{AXE, CHROMIUM, is_skipped_without};
use crate::store::home::Home;

fn log_in(browser: &mut Browser, site: &Site) {
    browser.visit(&format!("http://{}/login", site.address));
    browser.write("kanri");
    browser.press("Tab", 9);
    browser.write(PASSWORD);
    browser.enter();
}

#[test]
fn second_factor_is_set_up_and_asked_for() {
    if is_skipped_without(CHROMIUM) || is_skipped_without(AXE) {
        return;
    }
    let office = office(Home::Sqlite, "second_factor = \"required\"\nlogins_per_account = 100\n");
    add(&office, "kanri", "--role administrator --everywhere --name 管理係");
    let site = Site::start(&office);
    let mut browser = Browser::start();
    browser.switch_scripts_off();
    browser.show_on(DESK);
    log_in(&mut browser, &site);
    assert_eq!(text_of(&mut browser, "h1"), "二要素認証を設定する");
    assert!(text_of(&mut browser, ".note").contains("ほかの画面を開けます"));
    assert_sound(&mut browser, "factor-begin");
    browser.tab_to("#password");
    browser.write("wrong");
    browser.enter();
    assert!(text_of(&mut browser, "[role=alert]").contains("パスワードが違います"));
    browser.tab_to("#password");
    browser.write(PASSWORD);
    browser.enter();

    // The picture is there, and what it says stands below it for whoever cannot read it.
    assert!(browser.evaluate("document.querySelector('.qr').naturalWidth").as_i64() > Some(0), "the picture is shown");
    assert_sound(&mut browser, "factor-offer");
    browser.tab_to("summary");
    browser.evaluate("document.querySelector('details').open = true");
    let phone = Phone::read(&text_of(&mut browser, ".secret code"));
    assert_eq!(text_of(&mut browser, ".secret").replace(char::is_whitespace, ""), phone.secret());
    assert_sound(&mut browser, "factor-offer-by-hand");
    browser.tab_to("#code");
    browser.write(&phone.wrong(NOW));
    browser.enter();
    assert!(text_of(&mut browser, "[role=alert]").contains("番号が違う"));
    assert_sound(&mut browser, "factor-wrong");
    browser.tab_to("#code");
    browser.write(&phone.code(NOW, -1));
    browser.enter();
    assert!(text_of(&mut browser, "[role=status]").contains("二要素認証を設定しました"));
    assert_sound(&mut browser, "factor-done");
    browser.visit(&format!("http://{}/second-factor", site.address));
    assert_sound(&mut browser, "factor-replace");
    browser.visit(&format!("http://{}/account", site.address));
    assert!(text_of(&mut browser, "dl.facts").contains("に設定"));
    assert_sound(&mut browser, "factor-account");

    browser.tab_to("form[action='/logout'] button");
    browser.enter();
    log_in(&mut browser, &site);
    assert_eq!(text_of(&mut browser, "h1"), "認証アプリの番号");
    assert_sound(&mut browser, "code");
    browser.write(&phone.wrong(NOW));
    browser.enter();
    assert!(text_of(&mut browser, "[role=alert]").contains("もう使った番号"));
    assert_sound(&mut browser, "code-wrong");
    browser.write(&phone.code(NOW, 0));
    browser.enter();
    assert_eq!(text_of(&mut browser, "h1"), "管理係 さん");
}
