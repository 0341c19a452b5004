//! The page of a person over HTTP: found by number or name, linked from lists, and nothing told of whoever is out of sight.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::site::{Browser, Reply, Site, add, settings};
use crate::cli::prepared::{copy_folder, of_this_run};
use crate::cli::program::Office;
use crate::cli::samples::Sample;

/// An office with accounts; made once.
pub fn office() -> Office {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let (office, _) = Sample::three_prefectures().taken_in();
        office.save("kaiin-data/kaiin.toml", settings(""));
        add(&office, "zenbu", "--role reader --everywhere --persons");
        add(&office, "saitama", "--role reader --prefecture 埼玉県 --persons");
        add(&office, "suuji", "--role reader --prefecture 埼玉県");
        let folder = of_this_run().join("person-pages");
        copy_folder(office.folder(), &folder);
        folder
    });
    Office::copy_of(made)
}

/// Number, name and key of somebody of a body, from the list of an answer.
fn somebody(browser: &mut Browser, body: &str) -> (String, String, String) {
    let page = browser.get(&format!("/question?on=2025-12-01&body={body}")).body;
    let (before, after) = page.split_once("<a href=\"/person?key=").expect("the list leads to persons");
    let number = before.rsplit("<td>").find(|cell| cell.starts_with(|c: char| c.is_ascii_digit()));
    let number = number.and_then(|cell| cell.split('<').next()).expect("a number").to_string();
    let key = after.split(['&', '"']).next().expect("a key").to_string();
    let name = after.split_once('>').and_then(|(_, rest)| rest.split('<').next()).expect("a name").to_string();
    (number, name, key)
}

fn look_for(browser: &mut Browser, text: &str) -> Reply {
    let csrf = browser.get("/person").csrf();
    browser.post("/person", &[("csrf", &csrf), ("text", text)])
}

#[test]
fn person_is_found_by_number_and_name_and_no_name_stands_in_an_address() {
    let office = office();
    let site = Site::start(&office);
    let mut browser = site.entered("saitama");
    let (number, name, key) = somebody(&mut browser, "11-001");
    let page = browser.get(&format!("/person?key={key}&known=2025-12-31"));
    assert_eq!(page.status, 200, "{}", page.body);
    for part in [&*number, &*name, "令和7年12月31日（水）、2025-12-31", "出力ごとの記載", "行目"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(page.body.contains("ほかの医師会の記録があるかどうかは、示しません"));
    let found = look_for(&mut browser, &format!("第{number}号"));
    assert_eq!((found.status, found.header("location")), (303, &*format!("/person?key={key}")));
    let first: String = name.chars().take(1).collect();
    let found = look_for(&mut browser, &first);
    assert_eq!(found.status, 303);
    let address = found.header("location").to_string();
    let is_plain = |c: char| c.is_ascii_digit() || "/person?keyofknw=&.".contains(c);
    assert!(address.chars().all(is_plain), "no name is in it: {address}");
    let list = browser.get(&address);
    assert_eq!(list.status, 200, "{}", list.body);
    assert!(list.body.contains("人を示しています") || address.starts_with("/person?"));
    let log = site.log();
    let surname: String = name.chars().take(2).collect();
    assert!(!log.contains(&surname) && !log.contains(&number), "nobody stands in the log");
}

/// Whoever is out of sight, was never there, or cannot be, is answered with the same bytes.
#[test]
fn who_is_out_of_sight_is_answered_as_nobody() {
    let office = office();
    let site = Site::start(&office);
    let (number, name, key) = somebody(&mut site.entered("zenbu"), "13-001");
    let mut browser = site.entered("saitama");
    let nobody = browser.get("/person?key=99999999");
    assert_eq!(nobody.status, 404);
    let none = browser.get("/persons?keys=99999999");
    assert!(
        nobody.body.contains("WEB-061") && nobody.body.contains("範囲の外に記録があるかどうかは"),
        "{}",
        nobody.body
    );
    let long = "9".repeat(20_000);
    for other in [&*key, "0", "-1", "abc", "1%20OR%201%3D1", "%27%3B--", "%E6%9E%B6%E7%A9%BA", &*long] {
        let reply = browser.get(&format!("/person?key={other}"));
        assert_eq!((reply.status, &reply.body), (404, &nobody.body), "{other:.40}");
        let reply = browser.get(&format!("/persons?keys={other}.{key}&of=2"));
        assert_eq!((reply.status, &reply.body), (404, &none.body), "{other:.40}");
    }
    let missing = look_for(&mut browser, "999999");
    let away = look_for(&mut browser, &number);
    let bare = |reply: &Reply, typed: &str| reply.body.replace(typed, "");
    assert_eq!((missing.status, away.status), (404, 404));
    assert_eq!(bare(&missing, "999999"), bare(&away, &number), "a number elsewhere is none");
    let others = look_for(&mut browser, &name);
    if others.status == 303 {
        let address = others.header("location").replace(['=', '&'], ".");
        assert!(address.split('.').all(|part| part != key), "others have the name, she is not among them: {address}");
    }
    assert_eq!(site.entered("zenbu").get(&format!("/person?key={key}")).status, 200);
}

#[test]
fn wrong_input_is_told_and_kept() {
    let office = office();
    let site = Site::start(&office);
    let mut browser = site.entered("saitama");
    let (.., key) = somebody(&mut browser, "11-001");
    let empty = look_for(&mut browser, "　 ");
    assert!(empty.status == 422 && empty.body.contains("WEB-060"), "{}", empty.body);
    let long = look_for(&mut browser, &"あ".repeat(5_000));
    assert!(long.status == 422 && long.body.contains("WEB-062"));
    assert_eq!(look_for(&mut browser, &"a".repeat(70_000)).status, 413);
    let injected = look_for(&mut browser, "' OR 1=1; DROP TABLE physician;--<b>");
    assert!(injected.status == 404 && injected.body.contains("&#60;b&#62;"), "{}", injected.body);
    for (known, code) in [
        ("2025-02-30", "ASK-002"),
        ("2099-01-01", "ASK-003"),
        ("1999-01-01", "ASK-004"),
        ("2026-01-31", "ASK-005"),
        ("%27%20OR%201%3D1", "ASK-002"),
        ("%00%07x", "ASK-002"),
    ] {
        let reply = browser.get(&format!("/person?key={key}&known={known}"));
        assert!(reply.status == 400 && reply.body.contains(code), "{known}: {} {}", reply.status, reply.body);
        assert!(!reply.body.contains('\0'), "no control character reaches the page");
        assert!(reply.body.contains(&format!("name=\"key\" value=\"{key}\"")), "whom it is about is kept");
    }
    let unsigned = browser.post("/person", &[("text", "1")]);
    assert_eq!(unsigned.status, 403);
    for path in ["/person", "/person?key=1", "/persons?keys=1"] {
        let reply = site.entered("suuji").get(path);
        assert!(reply.status == 403 && reply.body.contains("WEB-005"), "{path}");
        assert!(site.browser().get(path).header("location").starts_with("/login?next="), "{path}");
    }
    assert!(!site.entered("suuji").get("/").body.contains("/person"), "nobody is told of it");
}
