//! The second factor: who must have one, how it is set up, and logging in with it, with the two stores.

use rstest::rstest;

use super::phone::{Phone, confirm, offered, set_up, write_code};
use super::site::{Browser, PASSWORD, SECOND, Site, add, first, office};
use crate::cli::program::{NOW, Office};
use crate::store::home::Home;

const REQUIRED: &str = "second_factor = \"required\"\nlogins_per_account = 100\n";

const APPROVER: &str = "--role approver --everywhere --persons";

/// Pages of every need, for whoever may not open them yet.
const CLOSED: [&str; 9] =
    ["/", "/account", "/question", "/person", "/files", "/papers", "/distributions", "/received", "/opened"];

/// Where a browser is sent instead of what it asked for.
#[track_caller]
fn sent_to(browser: &mut Browser, path: &str) -> String {
    let reply = browser.get(path);
    assert_eq!(reply.status, 303, "{path}: {}", reply.body);
    reply.header("location").to_string()
}

/// The password is written; the code is asked for.
#[track_caller]
fn half_way(site: &Site, login: &str) -> Browser {
    let mut browser = site.browser();
    let reply = browser.log_in(login, PASSWORD);
    assert_eq!((reply.status, reply.header("location")), (303, "/login/code?next=%2F"), "{}", reply.body);
    let cookies = reply.all("set-cookie");
    assert!(cookies.len() == 1 && cookies[0].starts_with("kaiin-half="), "{cookies:?}");
    assert!(cookies[0].ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookies:?}");
    browser
}

/// When the account has set up its second factor; nothing where it has none.
fn since(office: &Office, login: &str) -> Option<String> {
    let all = office.json("account list");
    let all = all.as_array().expect("a list");
    let account = all.iter().find(|account| account["login"] == login).expect("it is there");
    account["second_factor_at"].as_str().map(str::to_string)
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn account_that_approves_opens_nothing_before_it_is_set_up(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, REQUIRED);
    let first = first(&office, "sato", APPROVER);
    let site = Site::start(&office);
    let mut sato = site.browser();
    sato.log_in("sato", &first);
    assert_eq!(sent_to(&mut sato, "/second-factor"), "/password", "the password comes first");
    assert_eq!(sato.change_password(&first, PASSWORD).status, 303);
    for path in CLOSED {
        assert_eq!(sent_to(&mut sato, path), "/second-factor", "{path}");
    }
    let page = sato.get("/second-factor");
    assert!(page.status == 200 && page.body.contains("設定すると、ほかの画面を開けます"), "{}", page.body);
    assert!(!page.body.contains("href=\"/question\"") && !page.body.contains("otpauth"), "{}", page.body);
    let csrf = page.csrf();
    let posted = sato.post("/distributions/approve", &[("csrf", &csrf), ("number", "1")]);
    assert_eq!((posted.status, posted.header("location")), (303, "/second-factor"));
    assert_eq!(sato.get("/password").status, 200);
    assert_eq!(sato.get("/second-factor/code.svg").status, 422, "nothing was asked for yet");
    assert_eq!(confirm(&mut sato, "123456").status, 422);
    let unsigned = sato.post("/second-factor/offer", &[("password", PASSWORD)]);
    let wrong = sato.post("/second-factor/offer", &[("csrf", &csrf), ("password", SECOND)]);
    assert_eq!((unsigned.status, wrong.status), (403, 422));
    assert!(wrong.body.contains("今のパスワードが違います") && !wrong.body.contains("otpauth"), "{}", wrong.body);

    // What is offered is shown to this session alone, and changes nothing.
    let mut other = site.entered("sato");
    let phone = offered(&mut sato);
    let page = sato.get("/second-factor").body;
    assert!(page.contains(&format!("otpauth://totp/kaiin:sato?secret={}&#38;issuer=kaiin", phone.secret())), "{page}");
    assert!(page.contains(&format!("<span>{}</span>", &phone.secret()[..4])), "in groups: {page}");
    let picture = sato.get("/second-factor/code.svg");
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(picture.header("cache-control"), "no-store");
    assert!(picture.body.starts_with("<svg") && !picture.body.contains("style"), "{}", picture.body);
    assert_eq!(other.get("/second-factor/code.svg").status, 422);
    assert!(!other.get("/second-factor").body.contains("otpauth"));
    let refused = confirm(&mut sato, &phone.wrong(NOW));
    assert!(refused.status == 422 && refused.body.contains("認証アプリの番号が違う"), "{}", refused.body);
    assert!(refused.body.contains(phone.secret()), "it may be tried again with the same");
    assert_eq!((since(&office, "sato"), sent_to(&mut sato, "/")), (None, "/second-factor".into()));

    let before = sato.clone();
    let done = confirm(&mut sato, &phone.code(NOW, 0));
    assert_eq!((done.status, done.header("location")), (303, "/?set-up=1"), "{}", done.body);
    assert_ne!(before.cookie, sato.cookie, "it is another session");
    for mut old in [before, other] {
        assert!(sent_to(&mut old, "/").starts_with("/login"), "sessions without it have ended");
    }
    let page = sato.get("/?set-up=1");
    assert!(page.status == 200 && page.body.contains("二要素認証を設定しました"), "{}", page.body);
    assert!(!sato.get("/second-factor").body.contains("otpauth"), "it is shown no more");
    assert!(sato.get("/account").body.contains("に設定"));
    assert_eq!(since(&office, "sato").as_deref(), Some(NOW));
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn login_has_two_steps_and_a_code_counts_once(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, REQUIRED);
    add(&office, "sato", APPROVER);
    let site = Site::start(&office);
    let phone = set_up(&mut site.entered("sato"), NOW);

    // Half a login opens nothing, whatever its token is called.
    let mut sato = half_way(&site, "sato");
    let half = sato.cookie.split_once('=').expect("a cookie").1.to_string();
    let mut named = sato.clone();
    named.cookie = format!("kaiin-session={half}");
    for path in CLOSED.into_iter().chain(["/password", "/second-factor", "/second-factor/code.svg"]) {
        assert!(sent_to(&mut sato, path).starts_with("/login?next="), "{path}");
        assert!(sent_to(&mut named, path).starts_with("/login?next="), "{path}");
    }
    assert_eq!(sato.post("/logout", &[("csrf", "x")]).status, 401);
    assert!(sent_to(&mut named, "/login/code").ends_with("&late=1"), "and no session is half a login");

    let unsigned = sato.post("/login/code", &[("code", &phone.code(NOW, 0))]);
    assert_eq!(unsigned.status, 403, "{}", unsigned.body);
    for wrong in [phone.wrong(NOW), String::new(), "abcdef".into(), phone.code(NOW, 2), phone.code(NOW, -1)] {
        let reply = write_code(&mut sato, &wrong);
        assert!(reply.status == 401 && reply.body.contains("もう使った番号"), "{wrong}: {}", reply.body);
        assert!(reply.all("set-cookie").is_empty());
    }
    let before = sato.clone();
    let reply = write_code(&mut sato, &phone.code(NOW, 0));
    assert_eq!((reply.status, reply.header("location")), (303, "/"), "{}", reply.body);
    let session = sato.cookie.strip_prefix("kaiin-session=").expect("only the session is kept").to_string();
    assert_ne!(session, half, "whoever knows the first token knows nothing of the second");
    assert_eq!(sato.get("/").status, 200);
    let mut again = before;
    assert!(sent_to(&mut again, "/login/code").ends_with("&late=1"), "half of it has ended");

    // Of the code that was used, and of those before, none counts any more; the next one does.
    let mut second = half_way(&site, "sato");
    assert_eq!(write_code(&mut second, &phone.code(NOW, 0)).status, 401);
    assert_eq!(write_code(&mut second, &phone.code(NOW, 1)).status, 303);
    assert_eq!((second.get("/").status, sato.get("/").status), (200, 200));

    // Nothing of it stands in the log, or in what the program tells.
    let (log, list) = (site.log(), office.run("account list --json").stdout);
    for secret in [phone.secret(), &half, &session, &phone.code(NOW, 0), &phone.code(NOW, 1)] {
        assert!(!log.contains(secret) && !list.contains(secret), "{secret}");
    }
}

/// Two who write the same code at once, one of whom has looked over a shoulder.
#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn one_code_lets_one_in(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, REQUIRED);
    add(&office, "sato", APPROVER);
    let (one, other) = (Site::start(&office), Site::start(&office));
    let phone = set_up(&mut one.entered("sato"), NOW);
    let code = phone.code(NOW, 0);
    let browsers: Vec<Browser> = (0..6).map(|n| half_way(if n % 2 == 0 { &one } else { &other }, "sato")).collect();
    let code = code.as_str();
    let got: Vec<u16> = std::thread::scope(|scope| {
        let tries = browsers.into_iter().map(|mut browser| scope.spawn(move || write_code(&mut browser, code).status));
        let tries: Vec<_> = tries.collect();
        tries.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    assert_eq!(got.iter().filter(|status| **status == 303).count(), 1, "{got:?}");
    assert_eq!(got.iter().filter(|status| **status == 401).count(), 5, "{got:?}");
}

#[test]
fn half_a_login_is_over_after_five_minutes_and_with_the_account() {
    let at = |time: &str| format!("2026-02-01T{time}Z");
    let office = office(Home::Sqlite, REQUIRED);
    add(&office, "sato", APPROVER);
    let site = Site::start(&office);
    let phone = set_up(&mut site.entered("sato"), NOW);
    let mut sato = half_way(&site, "sato");
    let (mut late, mut disabled) = (half_way(&site, "sato"), half_way(&site, "sato"));
    let site = Site::start_at(&office, &at("00:04:59"));
    (sato.address, disabled.address) = (site.address, site.address);
    assert_eq!(write_code(&mut sato, &phone.code(&at("00:04:59"), 0)).status, 303);
    let csrf = disabled.get("/login/code").csrf();
    assert_eq!(office.run("account disable sato").exit, Some(0));
    let code = phone.code(&at("00:04:59"), 1);
    let reply = disabled.post("/login/code", &[("csrf", &csrf), ("code", &code), ("next", "/")]);
    assert_eq!((reply.status, reply.header("location")), (303, "/login?next=%2F&late=1"));
    let site = Site::start_at(&office, &at("00:05:00"));
    late.address = site.address;
    let login = sent_to(&mut late, "/login/code?next=%2Fpapers");
    assert_eq!((login.as_str(), late.cookie.as_str()), ("/login?next=%2Fpapers&late=1", ""));
    assert!(late.get(&login).body.contains("番号を入れるまでの時間"));
}

#[test]
fn what_is_offered_is_over_after_a_quarter_of_an_hour() {
    let office = office(Home::Sqlite, REQUIRED);
    add(&office, "sato", APPROVER);
    let mut sato = Site::start(&office).entered("sato");
    let site = Site::start(&office);
    sato.address = site.address;
    let phone = offered(&mut sato);
    let later = "2026-02-01T00:15:00Z";
    let site = Site::start_at(&office, later);
    sato.address = site.address;
    let reply = confirm(&mut sato, &phone.code(later, 0));
    assert!(reply.status == 422 && reply.body.contains("途中で終わりました"), "{}", reply.body);
    assert_eq!(since(&office, "sato"), None);
}

/// As with passwords: counted for the account, whoever tries.
#[test]
fn too_many_codes_are_held_up_even_with_the_right_one() {
    let office = office(Home::Sqlite, "second_factor = \"required\"\nlogins_per_account = 3\n");
    add(&office, "sato", APPROVER);
    let phone = set_up(&mut Site::start(&office).entered("sato"), NOW);
    let site = Site::start(&office);
    let mut sato = half_way(&site, "sato");
    for _ in 0..2 {
        assert_eq!(write_code(&mut sato, &phone.wrong(NOW)).status, 401);
    }
    let reply = write_code(&mut sato, &phone.code(NOW, 0));
    assert!(reply.status == 429 && reply.body.contains("5 分ほど待ってから"), "{}", reply.body);
    assert_eq!(site.browser().log_in("sato", PASSWORD).status, 429, "password and code are counted together");
}

#[test]
fn engineer_helps_whoever_has_lost_the_phone() {
    let office = office(Home::Sqlite, REQUIRED);
    add(&office, "sato", APPROVER);
    let site = Site::start(&office);
    let mut sato = site.entered("sato");
    set_up(&mut sato, NOW);
    let mut half = half_way(&site, "sato");
    assert!(office.run("account list").stdout.contains("二要素認証"));
    let told = office.run("account reset sato").stdout;
    assert!(told.contains("二要素認証を外しました"), "{told}");
    assert!(sent_to(&mut sato, "/").starts_with("/login") && sent_to(&mut half, "/login/code").ends_with("late=1"));
    let again = office.json("account reset sato");
    assert_eq!(again["second_factor_removed"], false, "{again}");
    let first = again["password"].as_str().expect("it is drawn");
    let mut sato = site.browser();
    assert_eq!(sato.log_in("sato", first).header("location"), "/", "no code is asked for");
    assert_eq!(sato.change_password(first, SECOND).status, 303);
    assert_eq!(sent_to(&mut sato, "/"), "/second-factor", "it is set up anew");
    assert!(since(&office, "sato").is_none());
}

#[test]
fn readers_go_on_without_until_their_role_asks_for_it() {
    let office = office(Home::Sqlite, REQUIRED);
    add(&office, "hanako", "--role reader --everywhere");
    add(&office, "taro", "--role maker --everywhere");
    add(&office, "jiro", "--role reader --everywhere");
    let site = Site::start(&office);
    let (mut hanako, mut taro, mut jiro) = (site.entered("hanako"), site.entered("taro"), site.entered("jiro"));
    for browser in [&mut hanako, &mut taro, &mut jiro] {
        assert_eq!((browser.get("/").status, browser.get("/question").status), (200, 200));
    }
    assert!(hanako.get("/account").body.contains("href=\"/second-factor\""));
    let phone = set_up(&mut hanako, NOW);
    assert_eq!(write_code(&mut half_way(&site, "hanako"), &phone.code(NOW, 0)).status, 303, "of her own will");
    change(&office, "UPDATE account SET role = 'approver'");
    assert_eq!(sent_to(&mut jiro, "/question"), "/second-factor", "also where somebody was logged in");
    assert_eq!(sent_to(&mut site.entered("taro"), "/"), "/second-factor");
    set_up(&mut jiro, NOW);
    assert_eq!((jiro.get("/distributions").status, hanako.get("/distributions").status), (200, 200));
}

#[test]
fn setting_asks_nobody_but_whoever_has_one() {
    let office = office(Home::Sqlite, "second_factor = \"none\"\nlogins_per_account = 100\n");
    add(&office, "sato", APPROVER);
    add(&office, "kanri", "--role administrator --everywhere");
    let site = Site::start(&office);
    assert_eq!(site.entered("kanri").get("/opened").status, 200);
    let phone = set_up(&mut site.entered("sato"), NOW);
    assert_eq!(write_code(&mut half_way(&site, "sato"), &phone.code(NOW, 0)).status, 303);
    office.save("kaiin-data/kaiin.toml", "[web]\nsecond_factor = \"sometimes\"\n");
    let run = office.run("account list");
    assert!(run.exit == Some(2) && run.stderr.contains("second_factor"), "{}", run.stderr);
}

#[test]
fn another_phone_takes_the_place_of_the_old_one() {
    let office = office(Home::Sqlite, REQUIRED);
    add(&office, "sato", APPROVER);
    let site = Site::start(&office);
    let mut sato = site.entered("sato");
    let old = set_up(&mut sato, NOW);
    let csrf = sato.get("/second-factor").csrf();
    let mut ask = |code: &str| {
        sato.post("/second-factor/offer", &[("csrf", &csrf), ("password", PASSWORD), ("present", code)]).status
    };
    assert_eq!((ask(""), ask(&old.wrong(NOW)), ask(&old.code(NOW, -1))), (422, 422, 422), "not with a password alone");
    assert_eq!(ask(&old.code(NOW, 0)), 303);
    let new = Phone::read(&sato.get("/second-factor").body);
    assert_ne!(new.secret(), old.secret());
    assert_eq!(write_code(&mut half_way(&site, "sato"), &old.code(NOW, 1)).status, 303, "the old one until then");
    assert_eq!(confirm(&mut sato, &new.code(NOW, 0)).status, 303);
    let mut sato = half_way(&site, "sato");
    assert_eq!(write_code(&mut sato, &old.code(NOW, 1)).status, 401);
    assert_eq!(write_code(&mut sato, &new.code(NOW, 1)).status, 303);
}

#[test]
fn login_with_a_code_goes_on_to_what_was_asked_for_and_never_elsewhere() {
    let office = office(Home::Sqlite, REQUIRED);
    add(&office, "sato", APPROVER);
    let site = Site::start(&office);
    let phone = set_up(&mut site.entered("sato"), NOW);
    let fields = [("login", "sato"), ("password", PASSWORD), ("next", "/papers?a=1&b=2")];
    let mut sato = site.browser();
    let code = sato.post("/login", &fields).header("location").to_string();
    assert_eq!(code, "/login/code?next=%2Fpapers%3Fa%3D1%26b%3D2");
    let page = sato.get(&code);
    assert!(page.body.contains("name=\"next\" value=\"/papers?a=1&#38;b=2\""), "{}", page.body);
    let shown = sato.get("/login/code?next=https%3A%2F%2Fexample.org");
    assert!(shown.body.contains("name=\"next\" value=\"/\""), "{}", shown.body);
    let fields = [("csrf", &*page.csrf()), ("code", &*phone.code(NOW, 0)), ("next", "//example.org")];
    assert_eq!(sato.post("/login/code", &fields).header("location"), "/");
}

fn change(office: &Office, statement: &'static str) {
    use sqlx::Connection;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(office.data().join("accounts.sqlite"));
        let mut accounts = SqliteConnection::connect_with(&options).await.expect("they open");
        sqlx::query(statement).execute(&mut accounts).await.expect("the statement is sound");
        accounts.close().await.expect("they close");
    });
}
