//! A session that ended while a form was open: what was written is sent after the login, and nowhere else.

use super::person::office;
use super::site::{PASSWORD, Reply, Site};

/// Where the button of a page leads, decoded.
fn next(page: &Reply) -> String {
    let (_, rest) = page.body.split_once("href=\"/login?next=").expect("a way to the login");
    rest.split(['&', '"']).next().expect("an address").replace("%2F", "/").replace("%3F", "?").replace("%3D", "=")
}

#[test]
fn form_is_sent_once_more_after_the_login() {
    let office = office();
    let before = Site::start_at(&office, "2026-02-01T00:00:00Z");
    let mut browser = before.entered("saitama");
    let csrf = browser.get("/person").csrf();
    let site = Site::start_at(&office, "2026-02-01T00:31:00Z");
    browser.address = site.address;

    let late = browser.post("/person", &[("csrf", &csrf), ("text", "架空\"<太郎>")]);
    assert_eq!(late.status, 401, "{}", late.body);
    assert!(late.body.contains("書いたものは残してあります"), "{}", late.body);
    let again = next(&late);
    assert!(again.starts_with("/again?form=") && !late.body.contains("架空"), "{again}: {}", late.body);
    let nobody = site.browser().get(&again);
    assert_eq!(nobody.status, 303, "nobody sees it without an account");
    assert!(browser.get(&format!("/login?next={again}&ended=1")).body.contains("ログインの時間が終わりました"));
    let reply = browser.post("/login", &[("login", "saitama"), ("password", PASSWORD), ("next", &again)]);
    assert_eq!((reply.status, reply.header("location")), (303, again.as_str()));
    let page = browser.get(&again);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("<dd>架空&#34;&#60;太郎&#62;</dd>"), "{}", page.body);
    assert!(page.body.contains("action=\"/person\"") && !page.body.contains(&csrf), "{}", page.body);
    let fields = [("csrf", page.csrf()), ("text", "架空\"<太郎>".to_string())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let sent = browser.post("/person", &fields);
    assert_eq!(sent.status, 404, "it was looked for: {}", sent.body);
    // What it asks for is asked of the account that sends it.
    let mut other = site.entered("suuji");
    let page = other.get(&again);
    assert_eq!(page.status, 200);
    assert_eq!(other.post("/person", &[("csrf", &page.csrf()), ("text", "架空")]).status, 403);
    // Not for ever, and not in another program.
    let site = Site::start_at(&office, "2026-02-01T00:31:00Z");
    browser.address = site.address;
    let gone = browser.get(&again);
    assert_eq!(gone.status, 404);
    assert!(gone.body.contains("WEB-058"), "{}", gone.body);
    assert!(!site.log().contains("架空"), "{}", site.log());
}

#[test]
fn nothing_else_is_kept() {
    let office = office();
    let mut browser = Site::start_at(&office, "2026-02-01T00:00:00Z").entered("saitama");
    let site = Site::start_at(&office, "2026-02-01T00:31:00Z");
    browser.address = site.address;
    let is_plain = |reply: Reply| {
        assert_eq!(reply.status, 401, "{}", reply.body);
        assert!(!reply.body.contains("残してあります"), "{}", reply.body);
        assert_eq!(next(&reply), "/");
    };
    is_plain(browser.post("/person", &[("text", " ")]));
    is_plain(browser.post("/password", &[("present", PASSWORD), ("new", "another of them"), ("again", "x")]));
    is_plain(browser.post("/distributions/approve", &[("number", "1"), ("manifest", "a")]));
    is_plain(site.browser().post("/person", &[("text", "架空")]));
    let large = "x".repeat(70_000);
    assert_eq!(browser.post("/person", &[("text", &large)]).status, 413);
}

/// A form that was open while somebody logged in anew in another window: it is shown once more, and nothing was done.
#[test]
fn form_of_another_session_is_sent_once_more() {
    let office = office();
    let site = Site::start(&office);
    let mut browser = site.entered("saitama");
    let of_before = browser.get("/person").csrf();
    assert_eq!(browser.log_in("saitama", PASSWORD).status, 303);
    let reply = browser.post("/person", &[("csrf", &of_before), ("text", "架空")]);
    assert_eq!(reply.status, 303, "{}", reply.body);
    let again = reply.header("location").to_string();
    assert!(again.starts_with("/again?form="), "{again}");
    let page = browser.get(&again);
    assert!(page.body.contains("<dd>架空</dd>") && !page.body.contains(&of_before), "{}", page.body);
    let sent = browser.post("/person", &[("csrf", &page.csrf()), ("text", "架空")]);
    assert!(sent.status == 303 || sent.status == 404, "it was looked for: {}", sent.body);
    // Without anything of a session, or anything that somebody has written, nothing is kept.
    for fields in [&[("text", "架空")][..], &[("csrf", "x"), ("text", " ")], &[("csrf", "x"), ("password", "y")]] {
        let refused = browser.post("/person", fields);
        assert_eq!(refused.status, 403, "{}", refused.body);
        assert!(refused.body.contains("WEB-004"), "{}", refused.body);
    }
}
