//! One's own sessions, and the ledger of opened pages for whoever keeps accounts; with the two stores.

use rstest::rstest;

use super::site::{Browser, Site, add, office};
use crate::store::home::Home;

fn rows(page: &str) -> Vec<String> {
    let body = page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).expect("a table");
    body.split("<tr>").skip(1).map(String::from).collect()
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn own_sessions_are_listed_and_the_others_ended(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "");
    add(&office, "hanako", "--role reader --prefecture 埼玉県");
    add(&office, "taro", "--role reader --everywhere");
    let site = Site::start(&office);
    let (mut here, mut there, mut taro) = (site.entered("hanako"), site.entered("hanako"), site.entered("taro"));
    let page = here.get("/account");
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("閲覧") && page.body.contains("埼玉県") && page.body.contains("数だけ"));
    let listed = rows(&page.body);
    assert_eq!(listed.iter().filter(|row| row.contains("この画面")).count(), 1, "{listed:?}");
    assert!(listed.len() >= 2 && listed.iter().all(|row| row.contains("R8.2.1（2026-02-01） 09:00:00")), "{listed:?}");
    let unsigned = here.post("/account", &[]);
    assert_eq!((unsigned.status, there.get("/").status), (403, 200), "nothing ends without the token of the form");
    let csrf = page.csrf();
    let ended = here.post("/account", &[("csrf", &csrf)]);
    assert_eq!((ended.status, ended.header("location")), (303, "/account?ended=1"));
    let page = here.get("/account?ended=1");
    assert!(page.body.contains("ほかのログインを終わらせました") && page.body.contains("ほかのログインはありません"));
    assert_eq!(rows(&page.body).len(), 1);
    assert_eq!((there.get("/").status, taro.get("/").status), (303, 200), "sessions of others go on");
}

fn entries(browser: &mut Browser, query: &str) -> Vec<String> {
    let page = browser.get(&format!("/opened{query}"));
    assert_eq!(page.status, 200, "{query}: {}", page.body);
    rows(&page.body)
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn ledger_is_shown_to_whoever_keeps_accounts(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "");
    add(&office, "hanako", "--role approver --everywhere --persons");
    add(&office, "kanri", "--role administrator --everywhere");
    let site = Site::start(&office);
    let mut hanako = site.entered("hanako");
    assert_eq!(hanako.get("/question?on=2025-05-31&body=11-001").status, 400, "no export was taken in yet");
    for _ in 0..110 {
        hanako.get("/password");
    }
    let refused = hanako.get("/opened");
    assert!(refused.status == 403 && refused.body.contains("WEB-005"));
    assert!(!hanako.get("/").body.contains("/opened"));
    let mut kanri = site.entered("kanri");
    let all = entries(&mut kanri, "");
    assert_eq!(all.len(), 100, "a page");
    let own = entries(&mut kanri, "?login=hanako&day=R8.2.1&page=2");
    let asked = own.iter().find(|row| row.contains("GET /question")).expect("it was opened");
    assert!(asked.contains("hanako") && asked.contains(">400<") && !asked.contains("11-001"), "{asked}");
    assert!(own.iter().all(|row| row.contains("hanako")));
    assert!(entries(&mut kanri, "?login=hanako&day=2026-01-31").is_empty(), "of another day");
    assert!(entries(&mut kanri, "?login=nobody%27%20OR%20%27%27%3D%27").is_empty());
    for (query, code) in [
        ("?day=2026-02-30", "WEB-063"),
        ("?day=%01x", "WEB-063"),
        ("?page=0", "WEB-064"),
        ("?page=-1", "WEB-064"),
        ("?page=999999999999", "WEB-064"),
        ("?page=99999999999999999999", "WEB-064"),
    ] {
        let reply = kanri.get(&format!("/opened{query}"));
        assert!(reply.status == 400 && reply.body.contains(code), "{query}: {} {}", reply.status, reply.body);
    }
}
