//! `kaiin serve` shows pages beside its clock: what the clock does is there, what a person does goes on, and a stop ends both.

use std::time::{Duration, Instant};

use super::giving::{DECEMBER, assert_says, december, november};
use super::site::{Browser, Reply, Site, settings};

/// Longer than everything here takes where the machine has other work.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks for a page until it says something.
#[track_caller]
fn wait(browser: &mut Browser, path: &str, words: &str) -> Reply {
    let begin = Instant::now();
    loop {
        let page = browser.get(path);
        if page.status == 200 && page.body.contains(words) {
            return page;
        }
        assert!(begin.elapsed() < PATIENCE, "{path} does not say {words}: {}", page.body);
    }
}

#[test]
fn pages_are_shown_while_the_clock_works() {
    let office = november();
    let jobs = "[jobs]\nsettle_seconds = 0\nfirst_month = \"2025-12\"\nreports = [\"member-counts\"]\n";
    office.save("kaiin-data/kaiin.toml", settings("logins_per_account = 100\n") + jobs);
    std::fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    office.save(&format!("kaiin-data/inbox/{DECEMBER}"), december().0);
    let mut site = Site::serving(&office);
    let (mut hanako, mut taro) = (site.entered("hanako"), site.entered("taro"));
    // The clock takes the export in and makes the month, and pages answer all the while.
    assert_eq!(taro.get("/question?on=2025-11-30&body=11-001").status, 200);
    wait(&mut hanako, "/files", &format!("<th scope=\"row\">{DECEMBER}</th>"));
    wait(&mut hanako, "/papers", "令和7年12月");
    let answer = hanako.get("/question?on=2025-12-31&body=11-001");
    let counted = office.json("count --as-of 2025-12-31 --association 11-001 --tier local");
    let n = counted["totals"]["local"]["memberships"].as_i64().expect("a number");
    assert_says(&answer, &[&format!("会員は {n} 人です"), "令和7年12月31日"]);
    // Whoever had a page open before goes on with it, and takes back what the clock took in.
    let imports = office.json("import --list");
    let newest = imports.as_array().and_then(|all| all.last()).expect("three imports")["id"].clone();
    let page = taro.get(&format!("/files/back?import={newest}"));
    assert_says(&page, &[DECEMBER, "取消し後"]);
    let head = page.body.split_once("name=\"head\" value=\"").expect("a head").1.split('"').next().expect("a value");
    let fields =
        [("csrf", page.csrf()), ("import", newest.to_string()), ("head", head.into()), ("reason", "日付の誤り".into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let begin = Instant::now();
    loop {
        // While the clock writes the page says so, and changes nothing.
        let reply = taro.post("/files/back", &fields);
        if reply.status == 303 {
            break;
        }
        assert_eq!(reply.status, 503, "{}", reply.body);
        assert!(begin.elapsed() < PATIENCE, "the clock never ends");
    }
    wait(&mut hanako, "/files", "取消し");
    assert_eq!(site.terminate(), Some(0));
    assert_eq!(office.run("verify").exit, Some(0));
}
