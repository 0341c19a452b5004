//! Meetings on the pages: a folder is made, filled, proved, and its pack made, as `kaiin meeting` does.

use std::fs;

use rstest::rstest;

use super::giving::{assert_says, follow, november, send_to};
use super::site::{Browser, Reply, Site, add, encoded};

const MEETING: &str = "2026-01-22_郡市医師会長会議";

/// Makes the meeting; its page.
fn made(browser: &mut Browser) -> Reply {
    let csrf = browser.get("/meetings").csrf();
    let reply = browser.post("/meetings", &[("csrf", &csrf), ("name", "郡市医師会長会議"), ("on", "R8.1.22")]);
    follow(browser, &reply)
}

fn address(of: &str) -> String {
    format!("/meetings/{of}?meeting={}", encoded(MEETING))
}

/// Puts files into the folder; the answer.
fn put(browser: &mut Browser, files: &[(&str, &[u8])]) -> Reply {
    let csrf = browser.get("/files").csrf();
    send_to(browser, &address("files"), &csrf, files)
}

fn build(browser: &mut Browser, fields: &[(&str, &str)]) -> Reply {
    let csrf = browser.get(&address("one")).csrf();
    let fixed = [("csrf", csrf.as_str()), ("meeting", MEETING)];
    browser.post("/meetings/build", &[&fixed, fields].concat())
}

/// The first address on a page that begins with these letters.
fn link(page: &Reply, begins: &str) -> String {
    let (_, rest) = page.body.split_once(&format!("href=\"{begins}")).expect("a link");
    format!("{begins}{}", rest.split('"').next().expect("an address")).replace("&#38;", "&")
}

#[test]
fn meeting_is_made_filled_and_its_pack_comes_out() {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    assert_says(&browser.get("/meetings"), &["まだありません。", "郡市医師会長会議"]);
    let page = made(&mut browser);
    assert_says(&page, &["令和8年1月22日", "会議.xlsx", "まだありません。", "令和7年11月30日"]);
    assert!(office.folder().join("meetings").join(MEETING).join("会議.xlsx").is_file());
    // The same as at the command line.
    let checked = office.run(&format!("meeting check meetings/{MEETING}"));
    assert_eq!(checked.exit, Some(0), "{}", checked.stderr);

    // The workbook comes as it lies there, and goes back changed or not.
    let workbook = browser.bytes(&link(&page, "/meetings/file?"));
    assert_eq!(
        workbook,
        fs::read(office.folder().join("meetings").join(MEETING).join("会議.xlsx")).expect("it is there")
    );
    let reply = put(&mut browser, &[("会議.xlsx", &workbook), ("産業医.csv", "氏名,所属\r\n".as_bytes())]);
    let page = follow(&mut browser, &reply);
    assert_says(&page, &["産業医.csv"]);

    let reply = build(&mut browser, &[("as_of", "R7.11.30"), ("variant", "external"), ("replaced", "")]);
    let page = follow(&mut browser, &reply);
    assert_says(&page, &["初版", "外部配布"]);
    let view = link(&page, "/meetings/pack?");
    assert_says(&browser.get(&view), &["<img src=", "PDF</a>", "もどる"]);
    let pdf = browser.bytes(view.trim_end_matches("&view=pages"));
    assert!(pdf.starts_with(b"%PDF-"), "{} bytes", pdf.len());
    assert_says(&browser.get("/meetings"), &["<td class=\"n\">1</td>"]);
    assert_eq!(office.run("verify").exit, Some(0));
    // Once more nothing is made anew.
    let reply = build(&mut browser, &[("as_of", "2025-11-30"), ("variant", "external"), ("replaced", "")]);
    assert_eq!(
        follow(&mut browser, &reply).body.matches("/meetings/pack?").count(),
        page.body.matches("/meetings/pack?").count()
    );
    // An item whose words did not change is not replaced, and one that is not there neither.
    for (number, code) in [("1", "MTG-007"), ("99", "MTG-006")] {
        let reply = build(&mut browser, &[("as_of", "2025-11-30"), ("variant", "external"), ("replaced", number)]);
        assert_eq!(reply.status, 422, "{}", reply.body);
        assert_says(&reply, &[code]);
    }
}

#[test]
fn what_is_wrong_in_a_folder_is_said_with_its_cell_and_goes_when_it_is_mended() {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    made(&mut browser);
    let agenda = "会議名,郡市医師会長会議\r\n開催日,いつか\r\n\r\n区分,件名,資料\r\n報告,会員数,ないシート\r\n";
    office.save(&format!("meetings/{MEETING}/次第.csv"), agenda);
    fs::remove_file(office.folder().join("meetings").join(MEETING).join("会議.xlsx")).expect("it is there");
    let page = browser.get(&address("one"));
    assert_says(&page, &["直すところが", "次第.csv B2", "MTG-"]);
    let reply = build(&mut browser, &[("as_of", "2025-11-30"), ("variant", "external")]);
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert_says(&reply, &["MTG-001", "次第.csv B2"]);
    assert!(!reply.body.contains("kaiin meeting"), "no commands on a page");

    let csrf = page.csrf();
    let removed = browser.post("/meetings/remove", &[("csrf", &csrf), ("meeting", MEETING), ("file", "次第.csv")]);
    assert_says(&follow(&mut browser, &removed), &["何もありません。", "MTG-010"]);
    let aside =
        |name: &str| fs::read(office.folder().join("meetings").join(MEETING).join("外したもの").join(name)).ok();
    assert_eq!(aside("20260201-090000_次第.csv").as_deref(), Some(agenda.as_bytes()), "it can be had back");
    // One that takes the place of another puts that aside, unless it is the same.
    for text in ["一", "一", "二"] {
        assert_eq!(put(&mut browser, &[("表.csv", text.as_bytes())]).status, 303);
    }
    assert_eq!(aside("20260201-090000_表.csv").as_deref(), Some("一".as_bytes()));
    assert_eq!(aside("20260201-090000-2_表.csv"), None);
    let again = browser.post("/meetings/remove", &[("csrf", &csrf), ("meeting", MEETING), ("file", "次第.csv")]);
    assert_eq!(again.status, 404, "{}", again.body);
}

#[rstest]
#[case::program("会議.exe", 422, "WEB-082")]
#[case::hidden(".会議.xlsx", 303, "")]
#[case::damaged("会議.xlsx", 303, "")]
#[case::nothing("", 422, "WEB-021")]
fn files_that_make_no_meeting(#[case] name: &str, #[case] status: u16, #[case] code: &str) {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    made(&mut browser);
    let reply = put(&mut browser, &[(name, b"no workbook")]);
    assert_eq!(reply.status, status, "{}", reply.body);
    assert!(reply.body.contains(code), "{}", reply.body);
    let page = browser.get(&address("one"));
    assert_eq!(page.status, 200);
    if name == "会議.xlsx" {
        assert_says(&page, &["class=\"wrong\""]);
    }
}

#[rstest]
#[case::no_name("", "R8.1.22", 422, "WEB-083")]
#[case::no_day("理事会", "いつか", 422, "WEB-084")]
#[case::both("", "", 422, "WEB-084")]
#[case::way_up("../../etc", "R8.1.22", 303, "")]
fn names_and_days_of_a_meeting(#[case] name: &str, #[case] on: &str, #[case] status: u16, #[case] code: &str) {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let csrf = browser.get("/meetings").csrf();
    let reply = browser.post("/meetings", &[("csrf", &csrf), ("name", name), ("on", on)]);
    assert_eq!(reply.status, status, "{}", reply.body);
    assert!(reply.body.contains(code), "{}", reply.body);
    if status == 303 {
        let all: Vec<_> = fs::read_dir(office.folder().join("meetings")).expect("it is there").collect();
        assert_eq!(all.len(), 1, "it lies below the folder of meetings");
    }
}

/// Nothing but what lies there can be asked for, and only by whoever sees all.
#[test]
fn names_in_addresses_lead_nowhere_else() {
    let office = november();
    add(&office, "jiro", "--role maker --prefecture 11 --persons");
    let site = Site::start(&office);
    let mut hanako = site.entered("hanako");
    made(&mut hanako);
    let meeting = address("one");
    let meeting = meeting.split_once('=').map(|(_, name)| name).expect("a name");
    for path in [
        "/meetings/one?meeting=..".to_string(),
        "/meetings/one?meeting=".to_string(),
        "/meetings/file?meeting=..&file=kaiin-data/kaiin.toml".to_string(),
        format!("/meetings/file?meeting={meeting}&file=../../kaiin-data/kaiin.toml"),
        format!("/meetings/pack?meeting={meeting}&pack=..&file=1"),
        format!("/meetings/pack?meeting={meeting}&pack=x&file=0"),
    ] {
        assert_eq!(hanako.get(&path).status, 404, "{path}");
    }
    let mut jiro = site.entered("jiro");
    for path in ["/meetings".to_string(), format!("/meetings/one?meeting={meeting}")] {
        let reply = jiro.get(&path);
        assert_eq!(reply.status, 403, "{path}");
        assert_says(&reply, &["WEB-020"]);
    }
}
