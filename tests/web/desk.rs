//! An office that distributes, with accounts of each kind: made once, and copied for each case.

use std::path::Path;
use std::sync::OnceLock;

use super::site::{Browser, PASSWORD, Site, first, settings};
use crate::cli::program::Office;
use crate::publish::office::{PREPARE, SETTINGS, office as publishing};

/// Accounts: login, and what it may.
pub const ACCOUNTS: [(&str, &str); 8] = [
    ("maker", "--role maker --everywhere --persons --name 作成係"),
    ("second", "--role approver --everywhere --name 承認係"),
    ("third", "--role approver --everywhere --persons --name 三番目"),
    ("numbers", "--role reader --everywhere"),
    ("saitama", "--role approver --prefecture 埼玉県 --persons"),
    ("elsewhere", "--role approver --association 11-004 --persons"),
    ("urawa", "--role reader --association 11-001"),
    ("omiya", "--role maker --association 11-003 --persons"),
];

/// Three recipients, nothing made, and the accounts.
pub fn office() -> Office {
    static MADE: OnceLock<Office> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let office = publishing();
        office.save("kaiin-data/kaiin.toml", with("logins_per_account = 100\nlogins_per_address = 1000\n"));
        let firsts = ACCOUNTS.map(|(login, rights)| (login, first(&office, login, rights)));
        let site = Site::start(&office);
        for (login, first) in firsts {
            let mut browser = site.browser();
            assert_eq!(browser.log_in(login, &first).status, 303);
            assert_eq!(browser.change_password(&first, PASSWORD).status, 303);
        }
        drop(site);
        office
    });
    Office::copy_of(made.folder())
}

/// Settings of the pages and of distributions.
pub fn with(more: &str) -> String {
    format!("{}{SETTINGS}", settings(more))
}

/// An office in which a distribution of another maker waits for its approval.
pub fn prepared() -> Office {
    static MADE: OnceLock<Office> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let office = office();
        office.json(&PREPARE.replace("作成係", "総務"));
        office
    });
    Office::copy_of(made.folder())
}

/// An office in which it was approved and sent.
pub fn sent() -> Office {
    static MADE: OnceLock<Office> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let office = prepared();
        office.json("publish approve 1 --by 会長");
        office.json("publish send 1");
        office
    });
    Office::copy_of(made.folder())
}

/// Sends a form with the hidden field of the session.
pub fn post(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> super::site::Reply {
    let csrf = browser.get("/").csrf();
    browser.post(path, &[&[("csrf", csrf.as_str())], fields].concat())
}

/// The hash that the form of an approval carries.
#[track_caller]
pub fn shown_manifest(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"manifest\" value=\"").expect("a form to approve");
    rest.split('"').next().expect("a value").to_string()
}

/// Addresses of links that begin so, as a browser follows them.
pub fn links(page: &str, begin: &str) -> Vec<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|link| link.starts_with(begin)).map(|link| link.replace("&#38;", "&")).collect()
}

/// A file of an answer, whose bytes are no text.
pub fn bytes(site: &Site, login: &str, path: &str) -> (u16, String, Vec<u8>) {
    let browser = site.entered(login);
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n\r\n",
        site.address, browser.cookie
    );
    super::site::talk_bytes(site.address, request.as_bytes())
}

/// Changes a byte of a file, so that it is as long as it was.
pub fn damage(file: &Path) {
    let mut bytes = std::fs::read(file).expect("the file is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).expect("the file can be written");
}

/// That somebody can log in at all.
#[test]
fn all_accounts_can_enter() {
    let office = office();
    let site = Site::start(&office);
    for (login, _) in ACCOUNTS {
        assert_eq!(site.browser().log_in(login, PASSWORD).status, 303, "{login}");
    }
}
