//! Adjustments that are written on a page: each is a file that the office might have written, and is decided about as one.

use std::fs;

use serde_json::Value;

use super::giving::{assert_says, decide, follow, kept, november};
use super::site::{Browser, Reply, Site, add};
use crate::cli::program::Office;

/// A member of 蕨戸田市 since 2003, one of 本庄市児玉郡 since 2004, one of 飯能地区 since 2007.
const FIRST: &str = "236377";
const SECOND: &str = "532833";
const THIRD: &str = "487167";

const WHY: [(&str, &str); 2] = [("adjust-why", "電話で確かめた"), ("adjust-approver", "事務局長")];

/// Writes an adjustment; the answer.
fn write(browser: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> Reply {
    let form = browser.get(&format!("/adjustments/new?kind={kind}"));
    assert_eq!(form.status, 200, "{}", form.body);
    let (csrf, fixed) = (form.csrf(), [("kind", kind)]);
    browser.post("/adjustments/new", &[&[("csrf", csrf.as_str())], &fixed[..], fields].concat())
}

/// Writes one and takes it in.
#[track_caller]
fn written(browser: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> Reply {
    let reply = write(browser, kind, &[fields, &WHY].concat());
    taken_in(browser, &reply)
}

#[track_caller]
fn taken_in(browser: &mut Browser, reply: &Reply) -> Reply {
    let page = follow(browser, reply);
    assert_says(&page, &["取り込めます"]);
    let stored = decide(browser, &page, "yes", "");
    let page = follow(browser, &stored);
    assert_says(&page, &["取り込みました"]);
    page
}

fn members(office: &Office, body: &str, day: &str) -> i64 {
    let answer = office.json(&format!("count --as-of {day} --association {body}"));
    answer["totals"]["local"]["memberships"].as_i64().expect("a number")
}

/// Rows of the adjustments that the office has taken in last.
fn file_of_day(office: &Office, day: &str) -> Vec<String> {
    let taken = office.data().join("inbox/taken");
    let mut found: Vec<_> = fs::read_dir(taken)
        .expect("something was taken in")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.display().to_string().contains(&format!("調整_{day}")))
        .collect();
    found.sort_by_key(|path| fs::metadata(path).and_then(|data| data.modified()).expect("a time"));
    let text = fs::read_to_string(found.last().expect("a file of the day")).expect("UTF-8");
    text.trim_start_matches('\u{FEFF}').lines().map(str::to_string).collect()
}

#[test]
fn adjustments_of_one_day_stand_beside_each_other_and_one_can_be_taken_back() {
    let office = november();
    let before = members(&office, "11-008", "2026-01-31");
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    assert_says(&browser.get("/adjustments"), &["今の調整（0 件）", "/adjustments/new?kind=left"]);

    let left = [
        ("adjust-person", FIRST),
        ("adjust-body", "蕨戸田市（11-008）"),
        ("adjust-new_day", "R8.1.20"),
        ("adjust-reason", "death"),
    ];
    let reply = write(&mut browser, "left", &[&left[..], &WHY].concat());
    let page = follow(&mut browser, &reply);
    // What it does is shown first.
    assert_says(&page, &["調整_2026-02-01.csv", "取り込めます", "<td class=\"n\">▲1</td>"]);
    assert_eq!(members(&office, "11-008", "2026-01-31"), before, "nothing is taken in yet");
    let stored = decide(&mut browser, &page, "yes", "");
    assert_says(&follow(&mut browser, &stored), &["取り込みました"]);
    assert_eq!(members(&office, "11-008", "2026-01-31"), before - 1);
    assert_eq!(members(&office, "11-008", "2026-01-20"), before, "the last day counts");

    // A second one of the same day takes the place of the file, and says the first again.
    let class = [
        ("adjust-person", SECOND),
        ("adjust-body", "本庄市児玉郡"),
        ("adjust-new_class", "A1"),
        ("adjust-new_day", "2026-01-10"),
    ];
    written(&mut browser, "class", &class);
    let list = browser.get("/adjustments");
    assert_says(&list, &["今の調整（2 件）", "20260201-090000</th>", "20260201-090000-2", "死亡", "事務局長"]);
    assert_eq!(members(&office, "11-008", "2026-01-31"), before - 1);
    let rows = file_of_day(&office, "2026-02-01");
    assert_eq!(rows.len(), 3, "{rows:#?}");
    assert_eq!(rows[1], "20260201-090000,退会,236377,11-008,,,2026-01-20,,死亡,,,,電話で確かめた,事務局長");
    assert!(rows[2].starts_with("20260201-090000-2,区分訂正,532833,"), "{rows:#?}");

    // Taken back on the same day: the file says so, and the stay goes on.
    let (_, row) = list.body.split_once("20260201-090000</th>").expect("the first");
    let (_, link) = row.split_once("href=\"/adjustments/back?").expect("it can be taken back");
    let link = format!("/adjustments/back?{}", link.split('"').next().expect("an address").replace("&#38;", "&"));
    let form = browser.get(&link);
    assert_says(&form, &["調整を取り消す", "236377", "2026"]);
    let person = link.split("person=").nth(1).and_then(|rest| rest.split('&').next()).expect("a key").to_string();
    let csrf = form.csrf();
    let fixed = [("csrf", csrf.as_str()), ("number", "20260201-090000"), ("person", person.as_str())];
    let lacking = browser.post("/adjustments/back", &fixed);
    assert_eq!(lacking.status, 422, "{}", lacking.body);
    assert_says(&lacking, &["このままでは書けません", "WEB-073", "adjust-why-wrong", "adjust-approver-wrong"]);
    let reply = browser.post("/adjustments/back", &[&fixed[..], &WHY].concat());
    taken_in(&mut browser, &reply);
    assert_eq!(members(&office, "11-008", "2026-01-31"), before);
    assert_says(&browser.get("/adjustments"), &["今の調整（1 件）"]);
    let rows = file_of_day(&office, "2026-02-01");
    assert_eq!(rows.iter().filter(|row| row.contains(",取消,")).count(), 1, "{rows:#?}");
    // Once more, or by an old page: it is not there.
    let again = browser.post("/adjustments/back", &[&fixed[..], &WHY].concat());
    assert_eq!(again.status, 404, "{}", again.body);
    drop(site);

    // On the next day only what is new is said.
    let site = Site::start_at(&office, "2026-02-02T00:00:00Z");
    let mut browser = site.entered("hanako");
    written(&mut browser, "still_member", &[("adjust-person", THIRD), ("adjust-body", "11-015")]);
    let rows = file_of_day(&office, "2026-02-02");
    assert_eq!(rows[1..], ["20260202-090000,在籍確認,487167,11-015,,,,,,,,,電話で確かめた,事務局長"]);
    assert_says(&browser.get("/adjustments"), &["今の調整（2 件）"]);
    // What the pages wrote is what the command line takes in.
    assert!(office.run("verify").exit == Some(0));
}

/// Whoever dies is no longer in any body: one form ends all her stays.
#[test]
fn withdrawal_from_all_bodies_is_written_at_once() {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let heads = |office: &Office| {
        let answer = office.json("count --as-of 2026-01-31");
        ["local", "prefectural", "national"]
            .map(|tier| answer["totals"][tier]["memberships"].as_i64().expect("a number"))
    };
    let before = heads(&office);
    let fields = [
        ("adjust-person", FIRST),
        ("adjust-body", "蕨戸田市"),
        ("adjust-new_day", "2026-01-20"),
        ("adjust-reason", "death"),
        ("adjust-everywhere", "yes"),
    ];
    written(&mut browser, "left", &fields);
    assert_eq!(heads(&office), before.map(|n| n - 1));
    let rows = file_of_day(&office, "2026-02-01");
    assert_eq!(rows.len(), 4, "{rows:#?}");
    assert!(rows[3].starts_with("20260201-090000-3,退会,236377,JMA,,,2026-01-20,,死亡,"), "{rows:#?}");
    assert_says(&browser.get("/adjustments"), &["今の調整（3 件）"]);
}

/// Two who write before either has decided: the second file lacks what the first says, and asks before anything is lost.
#[test]
fn second_file_of_a_day_asks_where_it_would_lose_the_first() {
    let office = november();
    let site = Site::start(&office);
    let (mut hanako, mut taro) = (site.entered("hanako"), site.entered("taro"));
    let of = |person, body| [("adjust-person", person), ("adjust-body", body)];
    let first = write(&mut hanako, "reopened", &[&of(FIRST, "11-008")[..], &WHY].concat());
    let second = write(&mut taro, "still_member", &[&of(SECOND, "11-021")[..], &WHY].concat());
    let (first, second) = (follow(&mut hanako, &first), follow(&mut taro, &second));
    let stored = decide(&mut hanako, &first, "yes", "");
    assert_says(&follow(&mut hanako, &stored), &["取り込みました"]);
    let late = decide(&mut taro, &second, "yes", "");
    let page = follow(&mut taro, &late);
    assert_says(&page, &["WEB-029", "IMP-226", "はい、取り込む"]);
    let declined = decide(&mut taro, &page, "no", "");
    follow(&mut taro, &declined);
    // Written once more it says both.
    written(&mut taro, "still_member", &of(SECOND, "11-021"));
    assert_says(&hanako.get("/adjustments"), &["今の調整（2 件）"]);
}

/// Every kind can be written with what its form asks for; each file of the day says again what stands before it, whatever its kind.
#[test]
fn every_kind_can_be_written() {
    let of_first =
        |more: &[(&'static str, &'static str)]| [&[("adjust-person", FIRST), ("adjust-body", "11-008")], more].concat();
    let kinds = [
        ("class", of_first(&[("adjust-new_day", "2025-12-01"), ("adjust-new_class", "A2C")])),
        ("joined_day", of_first(&[("adjust-new_day", "2003-07-01")])),
        ("left", of_first(&[("adjust-new_day", "2025-12-31"), ("adjust-stay_joined_on", "H15.6.7")])),
        ("reopened", of_first(&[])),
        ("never_member", vec![("adjust-person", SECOND), ("adjust-body", "本庄市児玉郡医師会")]),
        ("still_member", vec![("adjust-person", THIRD), ("adjust-body", "飯能地区（11-015）")]),
        ("acknowledged", vec![("adjust-person", FIRST), ("adjust-finding", "FND-005")]),
        ("same_person", vec![("adjust-person", FIRST), ("adjust-other_person", SECOND)]),
        (
            "joined",
            vec![
                ("adjust-person", "900001"),
                ("adjust-body", "11-008"),
                ("adjust-new_day", "2025-12-01"),
                ("adjust-new_class", "B"),
            ],
        ),
    ];
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    for (nth, (kind, fields)) in kinds.iter().enumerate() {
        written(&mut browser, kind, fields);
        assert_says(&browser.get("/adjustments"), &[&format!("今の調整（{} 件）", nth + 1)]);
    }
    assert_eq!(file_of_day(&office, "2026-02-01").len(), kinds.len() + 1);
}

/// Kind, what is written, what the page says.
type Wrong<'t> = (&'t str, Vec<(&'t str, &'t str)>, &'t [&'t str]);

/// What is wrong is said at its field, what was written stays, and nothing is given.
#[test]
fn what_is_wrong_is_said_at_its_field() {
    let left = |person, body, day| vec![("adjust-person", person), ("adjust-body", body), ("adjust-new_day", day)];
    let no_class = [left(FIRST, "11-008", "2025-12-31"), vec![("adjust-new_class", "Z")]].concat();
    let wrong: [Wrong<'_>; 8] = [
        ("left", left("999999", "11-008", "2025-12-31"), &["adjust-person-wrong", "999999"]),
        ("left", left("山﨑", "11-008", "2025-12-31"), &["adjust-person-wrong", "山﨑"]),
        ("left", left(FIRST, "浦島", "2025-12-31"), &["adjust-body-wrong", "浦島"]),
        ("left", left(FIRST, "浦島（99-999）", "2025-12-31"), &["adjust-body-wrong"]),
        ("left", left(FIRST, "11-008", "2026-02-30"), &["adjust-new_day-wrong", "2026-02-30"]),
        ("class", no_class, &["adjust-new_class-wrong"]),
        ("same_person", vec![("adjust-person", FIRST), ("adjust-other_person", FIRST)], &["adjust-other_person-wrong"]),
        ("acknowledged", vec![("adjust-person", FIRST), ("adjust-finding", "XYZ")], &["adjust-finding-wrong", "XYZ"]),
    ];
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let nothing = write(&mut browser, "left", &[]);
    let fields = ["person", "body", "new_day", "why", "approver"].map(|field| format!("adjust-{field}-wrong"));
    assert_says(&nothing, &fields.each_ref().map(String::as_str));
    assert_eq!((nothing.status, nothing.body.matches("WEB-073").count()), (422, fields.len()));
    for (kind, fields, says) in wrong {
        let reply = write(&mut browser, kind, &[&fields[..], &WHY].concat());
        assert_eq!(reply.status, 422, "{kind} {fields:?}: {}", reply.body);
        assert_says(&reply, &["このままでは書けません"]);
        assert_says(&reply, says);
    }
    assert_eq!(kept(&office), Vec::<String>::new());
    assert!(!site.log().contains("山﨑"), "no log has a name");
}

#[test]
fn whoever_does_not_see_all_writes_none_and_no_kind_is_none() {
    let office = november();
    add(&office, "jiro", "--role maker --prefecture 11 --persons");
    let site = Site::start(&office);
    let mut jiro = site.entered("jiro");
    for path in ["/adjustments", "/adjustments/new?kind=left", "/adjustments/back?number=1&person=1"] {
        let reply = jiro.get(path);
        assert_eq!(reply.status, 403, "{path}");
        assert_says(&reply, &["WEB-020"]);
    }
    let mut hanako = site.entered("hanako");
    for path in ["/adjustments/new", "/adjustments/new?kind=merged"] {
        let reply = hanako.get(path);
        assert_eq!(reply.status, 400, "{path}");
        assert_says(&reply, &["WEB-070"]);
    }
    let reply = hanako.get("/adjustments/back?number=1&person=1");
    assert_eq!(reply.status, 404);
    assert_says(&reply, &["WEB-071", "（1）"]);
}

/// From the record of a person one comes to the form with her number.
#[test]
fn number_of_a_person_comes_along() {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let csrf = browser.get("/person").csrf();
    let found = browser.post("/person", &[("csrf", &csrf), ("text", FIRST)]);
    let record = follow(&mut browser, &found);
    let (_, link) = record.body.split_once("href=\"/adjustments?person=").expect("a link");
    let key = link.split('"').next().expect("a key").to_string();
    let list = browser.get(&format!("/adjustments?person={key}"));
    assert_says(&list, &[&format!("/adjustments/new?kind=left&#38;person={key}")]);
    let form = browser.get(&format!("/adjustments/new?kind=left&person={key}"));
    assert_says(&form, &[&format!("value=\"{FIRST}\"")]);
    // Nobody's number is none.
    assert_eq!(browser.get("/adjustments/new?kind=left&person=999999").status, 200);
    let listed: Value = office.json("import --list");
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "nothing was taken in");
}
