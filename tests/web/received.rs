//! Recipients see and download what was sent to them: that, and nothing else, as long as it stands.

use serde_json::Value;

use super::desk::{bytes, damage, links, post, prepared, sent};
use super::site::{Site, add};
use crate::cli::program::Office;
use crate::publish::office::{PREPARE, counted, delivered, execute, files, save_recipients};

const FILE: &str = "/received/file";

#[test]
fn recipient_downloads_what_was_sent_and_the_office_sees_it() {
    let office = sent();
    let site = Site::start(&office);
    let before = files(&office.data().join("distribution"));
    assert!(fetched(&office).is_empty());
    let mut urawa = site.entered("urawa");
    let page = urawa.get("/received").body;
    assert!(page.contains("浦和医師会") && page.contains("最新") && !page.contains("大宮"), "{page}");
    let found = links(&page, FILE);
    assert_eq!(found.len(), 4, "pages, file, workbook, letter: {page}");
    let own = files(&delivered(&office, 1).join("001_浦和医師会"));
    for (link, end, kind, shown) in [
        (&found[1], "pdf", "application/pdf", "inline"),
        (&found[2], "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
    ] {
        let (status, head, body) = bytes(&site, "urawa", link);
        assert_eq!(status, 200, "{head}");
        let (name, expected) =
            own.iter().find(|(name, _)| name.ends_with(end) && *name != "送付状.pdf").expect("it was sent");
        assert_eq!(&body, expected, "to the byte");
        // A browser shows a PDF by an object of its own.
        assert_eq!(head.contains("object-src 'none'"), end != "pdf", "{head}");
        let encoded = super::site::encoded(name).replace("%2E", ".").replace("%5F", "_");
        for line in [
            format!("content-type: {kind}"),
            format!("content-disposition: {shown}; filename=\"_______R7.11.30.{end}\"; filename*=UTF-8''{encoded}"),
            "x-content-type-options: nosniff".into(),
            "frame-ancestors 'none'".into(),
            "cache-control: no-store".into(),
        ] {
            assert!(head.contains(&line), "{line}: {head}");
        }
    }
    assert_eq!(files(&office.data().join("distribution")), before, "what was sent is as it was");
    // Two files of one paper are one: the first of them counts, and the office sees it beside those who have not come yet.
    assert_eq!(fetched(&office), [("11-001".to_owned(), "urawa（urawa）".to_owned())]);
    let seen = site.entered("maker").get("/distributions?number=1").body;
    assert_eq!(seen.matches("受取り").count(), 1, "{seen}");
    let listed = office.json("incident --list");
    assert_eq!(listed.as_array().expect("a list").len(), 2, "{listed}");
    assert_eq!(office.run("verify").exit, Some(0));
}

/// Recipients that took what was sent, with their accounts.
fn fetched(office: &Office) -> Vec<(String, String)> {
    let status = office.json("publish status 1");
    let text = |row: &Value, key: &str| row[key].as_str().map(str::to_owned);
    let rows = status["deliveries"].as_array().expect("deliveries").iter();
    rows.filter_map(|row| Some((text(row, "recipient")?, text(row, "fetched_by")?))).collect()
}

/// Pages that are looked at one by one are one taking; the letter is none; and whoever looks at the papers of others for the
/// office takes nothing.
#[test]
fn looking_at_pages_is_taking_and_the_letter_is_not() {
    let office = sent();
    let site = Site::start(&office);
    let found = links(&site.entered("urawa").get("/received").body, FILE);
    let letter = found.iter().find(|link| link.contains("file=letter")).expect("a letter");
    assert_eq!(bytes(&site, "urawa", letter).0, 200);
    let looked = links(&site.entered("second").get("/distributions?number=1").body, "/distributions/file");
    assert_eq!(bytes(&site, "second", &looked[1]).0, 200);
    // Nor does whoever sees what went to all, or asks for what cannot be shown.
    for login in ["maker", "saitama", "numbers"] {
        assert_eq!(bytes(&site, login, &found[1]).0, 200, "{login}");
    }
    for view in ["0", "999", "x"] {
        assert_eq!(bytes(&site, "urawa", &format!("{}&view={view}", found[1])).0, 404, "{view}");
    }
    assert!(fetched(&office).is_empty());
    for view in ["1", "2", "1"] {
        assert_eq!(bytes(&site, "urawa", &format!("{}&view={view}", found[1])).0, 200);
    }
    assert_eq!(fetched(&office).len(), 1);
    let listed = office.json("incident --list");
    assert_eq!(listed.as_array().expect("a list").len(), 6, "letter, looks, pages: {listed}");
}

/// What cannot be noted does not leave.
#[test]
fn nothing_leaves_that_cannot_be_noted() {
    let office = sent();
    let site = Site::start(&office);
    let link = links(&site.entered("urawa").get("/received").body, FILE)[1].clone();
    let record = office.data().join("handed-out.jsonl");
    // The server has begun it.
    std::fs::remove_file(&record).expect("it is there");
    std::fs::create_dir(&record).expect("a folder in its place");
    // Not even page by page.
    for part in ["", "&view=pages", "&view=1", "&view=1", "&view=2"] {
        let (status, _, body) = bytes(&site, "urawa", &format!("{link}{part}"));
        assert!(status >= 500 && !body.starts_with(b"%PDF"), "{part}: {status}");
    }
    std::fs::remove_dir(&record).expect("it is empty");
    assert_eq!(bytes(&site, "urawa", &link).0, 200);
}

/// Each link at each account: to whom it was not sent it is not there.
#[test]
fn link_opens_for_its_recipient_alone() {
    let office = sent();
    add(&office, "kawaguchi", "--role reader --association 11-002");
    office.json("account lend kawaguchi --association 11-001 --until 2026-03-31 --persons");
    let site = Site::start(&office);
    let all = links(&site.entered("maker").get("/received").body, FILE);
    assert_eq!(all.len(), 12, "whoever sees everything sees what went to all");
    for (login, n) in [("urawa", 4), ("omiya", 4), ("kawaguchi", 4), ("saitama", 12), ("elsewhere", 0), ("numbers", 12)]
    {
        let own = links(&site.entered(login).get("/received").body, FILE);
        assert_eq!(own.len(), n, "{login}");
        for link in &all {
            let status = bytes(&site, login, link).0;
            assert_eq!(status, if own.contains(link) { 200 } else { 404 }, "{login}: {link}");
        }
    }
    let link = &all[0];
    let key = link.split("paper=").nth(1).and_then(|rest| rest.split('&').next()).expect("a key");
    for guessed in [
        format!("{FILE}?paper={key}&file=0"),
        format!("{FILE}?paper={key}&file=3"),
        format!("{FILE}?paper={key}&file=-1"),
        format!("{FILE}?paper={key}&file=18446744073709551617"),
        format!("{FILE}?paper={key}"),
        format!("{FILE}?paper={}&file=1", &key[..39]),
        format!("{FILE}?paper=&file=1"),
        format!("{FILE}?paper=..%2F..%2Fkaiin.sqlite&file=1"),
        FILE.to_string(),
    ] {
        assert_eq!(bytes(&site, "maker", &guessed).0, 404, "{guessed}");
    }
    let mut nobody = site.browser();
    let reply = nobody.get(link);
    assert!(reply.status == 303 && reply.header("location").starts_with("/login?next=%2Freceived"), "{}", reply.head);
}

#[test]
fn nothing_is_there_before_it_was_sent() {
    let office = prepared();
    let site = Site::start(&office);
    let mut urawa = site.entered("urawa");
    assert!(urawa.get("/received").body.contains("まだありません"));
    // The approver looks at the same paper under the same key.
    let seen = links(&site.entered("second").get("/distributions?number=1").body, "/distributions/file");
    let guessed = seen[0].replace("/distributions/file?number=1&", "/received/file?");
    assert_eq!(bytes(&site, "urawa", &guessed).0, 404);
    for state in ["approved", "sending", "uncertain", "failed"] {
        execute(&office, "UPDATE distribution SET approved_at = made_at, approver = 'x'");
        match state {
            "approved" => execute(&office, "UPDATE delivery SET state = 'approved'"),
            "sending" => execute(&office, "UPDATE delivery SET state = 'sending'"),
            "uncertain" => execute(&office, "UPDATE delivery SET state = 'uncertain'"),
            _ => execute(&office, "UPDATE delivery SET state = 'failed'"),
        }
        assert_eq!(bytes(&site, "urawa", &guessed).0, 404, "{state}");
    }
    // Whoever can write into the database hands out nothing either.
    execute(&office, "UPDATE delivery SET state = 'sent'");
    let (status, _, body) = bytes(&site, "urawa", &guessed);
    assert_eq!(status, 409);
    assert!(String::from_utf8_lossy(&body).contains("PUB-040"));
}

#[test]
fn withdrawn_papers_are_named_and_not_handed_out() {
    let office = sent();
    let site = Site::start(&office);
    let mut urawa = site.entered("urawa");
    let link = links(&urawa.get("/received").body, FILE)[0].clone();
    assert_eq!(bytes(&site, "urawa", &link).0, 200);
    assert_eq!(
        post(&mut site.entered("second"), "/distributions/withdraw", &[("number", "1"), ("reason", "誤り")]).status,
        303
    );
    let page = urawa.get("/received").body;
    assert!(page.contains("取りやめになった") && links(&page, FILE).is_empty(), "{page}");
    assert!(!page.contains("誤り"), "why is the office's: {page}");
    assert_eq!(bytes(&site, "urawa", &link).0, 404);
}

/// The last day is one of them: 400 days after the first of February 2026.
#[test]
fn downloads_end_with_their_last_day() {
    let office = sent();
    let link = {
        let site = Site::start_at(&office, "2027-03-08T14:59:59Z");
        let page = site.entered("urawa").get("/received").body;
        assert!(page.contains("R9.3.8 まで"), "{page}");
        let link = links(&page, FILE)[0].clone();
        assert_eq!(bytes(&site, "urawa", &link).0, 200);
        link
    };
    let site = Site::start_at(&office, "2027-03-08T15:00:00Z");
    assert!(links(&site.entered("urawa").get("/received").body, FILE).is_empty());
    assert_eq!(bytes(&site, "urawa", &link).0, 404);
}

#[test]
fn changed_file_is_refused_and_the_others_are_not() {
    let office = sent();
    let papers = office.data().join("distribution/papers");
    let pdf =
        files(&papers).into_keys().find(|name| name.contains("11-001") && name.ends_with(".pdf")).expect("a paper");
    let site = Site::start(&office);
    let found = links(&site.entered("urawa").get("/received").body, FILE);
    damage(&papers.join(&pdf));
    // Its pages neither.
    for link in &found[..2] {
        let (status, _, body) = bytes(&site, "urawa", link);
        let page = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(status, 409, "{page}");
        assert!(page.contains("WEB-041") && !page.contains(&pdf), "{page}");
    }
    assert_eq!(bytes(&site, "urawa", &found[2]).0, 200);
    std::fs::remove_file(papers.join(&pdf)).expect("it is there");
    assert_eq!(bytes(&site, "urawa", &found[0]).0, 409);
    // Of a distribution whose list of files was changed nothing is offered.
    let manifest =
        files(&office.data().join("distribution")).into_keys().find(|name| name.ends_with("/distribution.json"));
    damage(&office.data().join("distribution").join(manifest.expect("a manifest")));
    assert_eq!(bytes(&site, "urawa", &found[1]).0, 404);
}

/// Another edition of a day takes the place of the one before, which is named as what it is.
#[test]
fn correction_is_marked_as_the_newest() {
    let office = sent();
    // The letter of the next one goes to another body as well, so that something leaves; the numbers are those of an earlier day.
    save_recipients(&office, &["11-001,,,,".to_string(), "11-004,,,,".to_string()]);
    office.json(&PREPARE.replace("2025-12-31", "2025-11-30"));
    office.json("publish approve 2 --by 会長");
    office.json("publish send 2");
    let editions =
        counted(&office, "SELECT recipient || ' ' || edition, distribution FROM delivery WHERE distribution = 2");
    let is_corrected = editions.contains_key("11-001 2");
    let site = Site::start(&office);
    let page = site.entered("urawa").get("/received").body;
    assert!(is_corrected, "{editions:?}");
    assert_eq!((page.matches("最新").count(), page.matches("古い版").count()), (1, 1), "{page}");
    assert!(page.contains("訂正版（第2版）。第1版と差し替えてください"), "{page}");
    assert!(page.find("最新") < page.find("古い版"), "the newest comes first");
    assert_eq!(links(&page, FILE).len(), 8, "both can be had");
}
