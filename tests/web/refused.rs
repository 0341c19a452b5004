//! What is refused, with which status, and that every answer has its headers.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::site::{PASSWORD, Site, add, office, talk};
use crate::store::home::Home;

const READER: &str = "--role reader --everywhere";

const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

#[test]
fn every_answer_has_its_headers_and_pages_hold_nothing_inline() {
    let office = office(Home::Sqlite, "");
    add(&office, "hanako", READER);
    let site = Site::start(&office);
    let (mut nobody, mut hanako) = (site.browser(), site.entered("hanako"));
    let cross = {
        let mut cross = site.browser();
        cross.headers.push("Sec-Fetch-Site: cross-site".into());
        cross.post("/login", &[])
    };
    let replies = [
        (200, nobody.get("/login")),
        (303, nobody.get("/")),
        (404, nobody.get("/wp-login.php")),
        (405, nobody.send("PUT", "/login", None)),
        (405, nobody.get("/logout")),
        (401, nobody.post("/logout", &[])),
        (401, nobody.log_in("hanako", "not the password")),
        (403, cross),
        (200, nobody.get("/login?next=%FF%00&next=&&=")),
        (200, hanako.get("/")),
        (200, hanako.get("/password")),
        (403, hanako.post("/password", &[])),
        (404, hanako.get("/question/1")),
    ];
    for (status, reply) in &replies {
        let page = reply.body.as_str();
        assert_eq!(reply.status, *status, "{page}");
        HEADERS.iter().for_each(|(name, value)| assert_eq!(reply.header(name), *value, "{}", reply.head));
        assert_eq!(reply.header("cache-control"), "no-store");
        if *status == 303 {
            continue;
        }
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        for inline in ["<script", "style=", "onclick", "javascript:", "http://", "https://"] {
            assert!(!page.contains(inline), "{inline}: {page}");
        }
        assert!(page.contains("<html lang=\"ja\">") && page.matches("<h1").count() == 1, "{page}");
        assert!(*status < 400 || page.contains("WEB-0") || page.contains("role=\"alert\""), "{page}");
    }
    let page = nobody.get("/login").body;
    let (_, rest) = page.split_once("rel=\"stylesheet\" href=\"").expect("a sheet");
    let sheet = nobody.get(rest.split('"').next().expect("an address"));
    assert_eq!(sheet.status, 200);
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert!(sheet.header("cache-control").contains("immutable"));
    HEADERS.iter().for_each(|(name, value)| assert_eq!(sheet.header(name), *value));
}

#[test]
fn form_counts_only_from_its_own_session_and_from_here() {
    let office = office(Home::Sqlite, "");
    add(&office, "hanako", READER);
    add(&office, "taro", READER);
    let site = Site::start(&office);
    let (mut hanako, mut taro) = (site.entered("hanako"), site.entered("taro"));
    let (own, other) = (hanako.get("/").csrf(), taro.get("/").csrf());
    assert_ne!(own, other);
    assert_eq!(own, hanako.get("/password").csrf(), "two tabs have one");
    for wrong in [&[][..], &[("csrf", "")], &[("csrf", other.as_str())], &[("csrf", "x"), ("csrf", own.as_str())]] {
        let reply = hanako.post("/logout", wrong);
        assert_eq!(reply.status, 403, "{wrong:?}");
        assert!(reply.body.contains("WEB-004"));
    }
    for line in
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://example.org", "Origin: null"]
    {
        hanako.headers = vec![line.into()];
        assert_eq!(hanako.post("/logout", &[("csrf", &own)]).status, 403, "{line}");
    }
    hanako.headers = Vec::new();
    assert_eq!(hanako.get("/").status, 200, "nothing of it has logged anybody out");
    let of_here = format!("Origin: http://{}", site.address);
    for line in [of_here.as_str(), "Sec-Fetch-Site: same-origin"] {
        let mut again = site.entered("hanako");
        again.headers = vec![line.into()];
        let csrf = again.get("/").csrf();
        let reply = again.post("/logout", &[("csrf", &csrf)]);
        assert_eq!((reply.status, reply.header("location")), (303, "/login"), "{line}");
        assert!(reply.header("set-cookie").contains("Max-Age=0"));
    }
}

#[test]
fn body_that_is_too_large_or_no_form_is_refused_without_harm() {
    let office = office(Home::Sqlite, "");
    let site = Site::start(&office);
    let of_kind = |kind: &str, length: &str, body: &[u8]| {
        let head = format!(
            "POST /login HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: {kind}\r\n{length}\r\n",
            site.address
        );
        let mut bytes = format!("{head}\r\n").into_bytes();
        bytes.extend_from_slice(body);
        talk(site.address, &bytes)
    };
    let request = |length: &str, body: &[u8]| of_kind("application/x-www-form-urlencoded", length, body);
    let large = vec![b'a'; 10 * 1024 * 1024];
    let reply = request(&format!("Content-Length: {}", large.len()), &[]);
    assert_eq!(reply.status, 413, "told before anything of it is read");
    assert!(reply.body.contains("WEB-008"));
    let piece = format!("{:x}\r\n{}\r\n", 100_000, "a".repeat(100_000));
    assert_eq!(request("Transfer-Encoding: chunked", piece.as_bytes()).status, 413, "a length that is not told");
    assert_eq!(request("Content-Length: 6", b"a=%FF%").status, 401, "letters that are none are no password");
    for kind in ["multipart/form-data; boundary=x", "application/json", "text/plain"] {
        let reply = of_kind(kind, "Content-Length: 2", b"{}");
        assert_eq!(reply.status, 400, "{kind}");
        assert!(reply.body.contains("WEB-010"));
    }
    let mut browser = site.browser();
    browser.headers.push("X-Long: ".to_string() + &"a".repeat(64 * 1024));
    assert_eq!(browser.get("/login").status, 431, "a head without end");
    assert_eq!(site.browser().get("/login").status, 200, "it goes on");
}

/// Whoever sends nothing, or one letter now and then, is let go of, and keeps nobody else waiting.
#[test]
fn slow_clients_are_let_go_of() {
    let office = office(Home::Sqlite, "");
    let site = Site::start(&office);
    let mut slow: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(site.address).expect("it listens")).collect();
    slow.iter_mut()
        .for_each(|stream| stream.write_all(b"GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ").expect("it listens"));
    assert_eq!(site.browser().get("/login").status, 200, "others are answered meanwhile");
    let begin = Instant::now();
    let mut first = slow.swap_remove(0);
    first.set_read_timeout(Some(Duration::from_secs(60))).expect("a time is one");
    let mut rest = Vec::new();
    std::io::Read::read_to_end(&mut first, &mut rest).expect("it is closed");
    assert!(begin.elapsed() < Duration::from_secs(50), "{:?}", begin.elapsed());
    assert_eq!(site.browser().get("/login").status, 200);
}

/// Each kind of account at each route that there is, over the wire.
#[test]
fn every_role_opens_what_it_may() {
    let office = office(Home::Sqlite, "logins_per_account = 100\nlogins_per_address = 1000\n");
    let areas = ["--everywhere", "--prefecture 11", "--association 11-001"];
    let roles = ["reader", "maker", "approver", "administrator"];
    let mut logins = Vec::new();
    for (nth, role) in roles.iter().enumerate() {
        for (area_nth, area) in areas.iter().enumerate() {
            let login = format!("a{nth}{area_nth}");
            add(&office, &login, &format!("--role {role} {area}"));
            logins.push((login, *role, area_nth));
        }
    }
    let site = Site::start(&office);
    for (login, role, area) in logins {
        let mut browser = site.entered(&login);
        let page = browser.get("/");
        assert_eq!(page.status, 200, "{login}");
        assert_eq!(page.body.contains("人を待っていること"), ["maker", "approver"].contains(&role), "{login}");
        assert_eq!(page.body.contains("<dd>すべての医師会</dd>"), area == 0, "{login}");
        assert_eq!(page.body.contains("日本医師会"), area == 0, "{login}: {}", page.body);
        assert_eq!(browser.get("/password").status, 200);
        assert_eq!(site.browser().log_in(&login, PASSWORD).status, 303);
    }
}
