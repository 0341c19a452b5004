//! Logging in: who gets in, what they are told, and who does not.

use rstest::rstest;

use super::site::{PASSWORD, SECOND, Site, add, encoded, first, office};
use crate::store::home::Home;

const READER: &str = "--role reader --prefecture 埼玉県 --persons";

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn first_password_lets_in_once_and_must_be_changed(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "logins_per_account = 20\n");
    let first = first(&office, "hanako", &format!("--name 試験花子 {READER}"));
    let site = Site::start(&office);
    let mut browser = site.browser();
    let reply = browser.get("/");
    assert_eq!((reply.status, reply.header("location")), (303, "/login?next=%2F"));
    let reply = browser.log_in("Hanako ", &first);
    assert_eq!((reply.status, reply.header("location")), (303, "/"), "{}", reply.body);
    let cookie = reply.header("set-cookie").to_string();
    assert!(
        cookie.starts_with("kaiin-session=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    let reply = browser.get("/");
    assert_eq!((reply.status, reply.header("location")), (303, "/password"), "the password is somebody else's");
    for (wrong, code) in [
        ([first.as_str(), "short", "short"], "短すぎます"),
        ([first.as_str(), SECOND, PASSWORD], "二つの新しいパスワードが違います"),
        ([first.as_str(); 3], "今のものと同じです"),
        ([first.as_str(), "Qwerty123456", "Qwerty123456"], "多くの人が使っているパスワード"),
        ([first.as_str(), "fuji to hanako", "fuji to hanako"], "「hanako」が入っている"),
        ([first.as_str(), "fujifujifuji", "fujifujifuji"], "繰返し"),
        (["wrong", SECOND, SECOND], "今のパスワードが違います"),
    ] {
        let csrf = browser.get("/password").csrf();
        let [present, new, again] = wrong;
        let fields = [("csrf", csrf.as_str()), ("present", present), ("new", new), ("again", again)];
        let reply = browser.post("/password", &fields);
        assert_eq!(reply.status, 422);
        assert!(reply.body.contains(code), "{code}: {}", reply.body);
    }
    let before = browser.clone();
    let reply = browser.change_password(&first, SECOND);
    assert_eq!((reply.status, reply.header("location")), (303, "/?changed=1"), "{}", reply.body);
    assert_ne!(before.cookie, browser.cookie, "it is another session");
    assert_eq!({ before }.get("/").status, 303, "the old one has ended");
    let page = browser.get("/");
    assert_eq!(page.status, 200);
    for shown in ["試験花子", "閲覧", "埼玉県", "郡市区等・都道府県", "数と名簿"] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert_eq!(site.browser().log_in("hanako", &first).status, 401, "the first password is none any more");
    assert_eq!(site.browser().log_in("hanako", SECOND).status, 303);
}

/// Nobody is told whether there is an account, or whether it is disabled.
#[test]
fn wrong_unknown_and_disabled_are_told_the_same() {
    let office = office(Home::Sqlite, "");
    add(&office, "hanako", READER);
    add(&office, "taro", READER);
    assert_eq!(office.run("account disable taro").exit, Some(0));
    let site = Site::start(&office);
    let told = |login: &str, password: &str| {
        let reply = site.browser().log_in(login, password);
        assert_eq!(reply.status, 401, "{login}");
        assert!(reply.all("set-cookie").is_empty());
        reply.body.replace(&format!("value=\"{login}\""), "value=\"…\"")
    };
    let wrong = told("hanako", "not the password");
    assert!(wrong.contains("ログイン名かパスワードが違います"));
    assert_eq!(told("nobody", PASSWORD), wrong);
    assert_eq!(told("taro", PASSWORD), wrong);
    assert_eq!(told("Ｈａｎａｋｏ", PASSWORD), wrong);
    assert!(!told("<script>alert(1)</script>", "x").contains("<script>"));
}

#[test]
fn too_many_tries_are_held_up_even_with_the_right_password() {
    let office = office(Home::Sqlite, "logins_per_account = 3\n");
    add(&office, "hanako", READER);
    add(&office, "taro", READER);
    let site = Site::start(&office);
    for _ in 0..3 {
        assert_eq!(site.browser().log_in("hanako", "not the password").status, 401);
    }
    let reply = site.browser().log_in("HANAKO", PASSWORD);
    assert_eq!(reply.status, 429);
    assert!(reply.body.contains("5 分ほど待ってから"), "{}", reply.body);
    assert_eq!(site.browser().log_in("taro", PASSWORD).status, 303, "others are not held up");
}

#[test]
fn too_many_tries_from_one_address_are_held_up_and_the_proxy_tells_whose_they_are() {
    let office = office(Home::Sqlite, "logins_per_address = 3\nbehind_tls_proxy = true\n");
    let first = first(&office, "hanako", READER);
    let site = Site::start(&office);
    let from = |address: &str| {
        let mut browser = site.browser();
        // What the client itself wrote comes first.
        browser.headers.push(format!("X-Forwarded-For: 198.51.100.{}, {address}", rand_like(address)));
        browser
    };
    for nth in 0..3 {
        assert_eq!(from("192.0.2.1").log_in(&format!("nobody{nth}"), "x").status, 401);
    }
    assert_eq!(from("192.0.2.1").log_in("hanako", &first).status, 429);
    let reply = from("192.0.2.2").log_in("hanako", &first);
    assert_eq!(reply.status, 303);
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-kaiin-session=") && cookie.ends_with("; Secure"), "{cookie}");
}

/// Another number for each address.
fn rand_like(address: &str) -> usize {
    address.bytes().map(usize::from).sum::<usize>() % 250
}

#[test]
fn login_goes_on_to_what_was_asked_for_and_never_elsewhere() {
    let office = office(Home::Sqlite, "");
    add(&office, "hanako", READER);
    let site = Site::start(&office);
    let mut browser = site.browser();
    let reply = browser.get("/password?a=1&b=%E6%B5%A6");
    let login = reply.header("location").to_string();
    assert_eq!(login, "/login?next=%2Fpassword%3Fa%3D1%26b%3D%25E6%25B5%25A6");
    let page = browser.get(&login);
    assert!(page.body.contains("name=\"next\" value=\"/password?a=1&#38;b=%E6%B5%A6\""), "{}", page.body);
    let goes_to = |next: &str| {
        let fields = [("login", "hanako"), ("password", PASSWORD), ("next", next)];
        site.browser().post("/login", &fields).header("location").to_string()
    };
    assert_eq!(goes_to("/password?a=1&b=%E6%B5%A6"), "/password?a=1&b=%E6%B5%A6");
    for elsewhere in ["https://example.org/", "//example.org", "/\\example.org", "/x\r\nLocation: https://example.org"]
    {
        assert_eq!(goes_to(elsewhere), "/", "{elsewhere:?}");
        let shown = site.browser().get(&format!("/login?next={}", encoded(elsewhere)));
        assert!(shown.body.contains("name=\"next\" value=\"/\""), "{elsewhere:?}");
    }
}

/// Neither what was typed, nor what proves a session, nor the name of the account stands in the log.
#[test]
fn log_holds_no_password_and_no_token() {
    let office = office(Home::Sqlite, "");
    let first = first(&office, "hanako", READER);
    let site = Site::start(&office);
    let mut browser = site.browser();
    browser.log_in("hanako", "uguisu naku mise no mae");
    browser.log_in("uguisu-as-login", &first);
    browser.log_in("hanako", &first);
    let token = browser.cookie.split_once('=').expect("a cookie").1.to_string();
    let csrf = browser.get("/password").csrf();
    browser.change_password(&first, SECOND);
    browser.get("/?uguisu-in-a-query");
    browser.get("/uguisu-as-a-path");
    let log = site.log();
    for secret in ["uguisu", first.as_str(), SECOND, &token, &csrf, "argon2id"] {
        assert!(!log.contains(secret), "{secret}");
    }
    let kept = std::fs::read(office.data().join("accounts.sqlite")).expect("the file of accounts");
    let log_of_file = std::fs::read(office.data().join("accounts.sqlite-wal")).unwrap_or_default();
    for secret in ["uguisu", first.as_str(), SECOND, &token, &csrf] {
        let has = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!has(&kept) && !has(&log_of_file), "{secret}");
    }
}
