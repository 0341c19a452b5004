//! The papers of the months and those of `kaiin report`: who sees which, and files as they were made.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::desk::{bytes, damage, links, office, with};
use super::site::Site;
use crate::cli::program::Office;
use crate::publish::office::{execute, files};

const FILE: &str = "/papers/file";

/// An office with a month that was made, and two papers of one body in the data folder: internal and external.
fn made() -> Office {
    static MADE: OnceLock<Office> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let office = office();
        let more = "logins_per_account = 100\nlogins_per_address = 1000\n";
        office
            .save("kaiin-data/kaiin.toml", with(more) + "[jobs]\nsettle_seconds = 0\nreports = [\"member-counts\"]\n");
        office.json("jobs run monthly-papers 2025-12");
        let report = "report member-counts --as-of 2025-11-30 --association 11-001 --out kaiin-data/extra";
        office.json(&format!("{report} --variant external --format pdf,xlsx,html,csv"));
        office.json(&format!("{report} --variant internal --format pdf"));
        office
    });
    Office::copy_of(made.folder())
}

fn file_of(office: &Office, within: &str, end: &str) -> PathBuf {
    let folder = office.data().join(within);
    let found = files(&folder).into_keys().find(|name| name.ends_with(end));
    folder.join(found.expect("the file is there"))
}

/// Papers by heading and kind, in the order of the page.
fn shown(page: &str) -> Vec<(bool, bool)> {
    let rows = page.split("<th scope=\"row\">").skip(1);
    rows.map(|row| (row.contains("浦和医師会"), row.contains("<td>内部</td>"))).collect()
}

#[test]
fn account_sees_papers_of_which_it_may_see_everything() {
    let office = made();
    let site = Site::start(&office);
    let (month, internal, external) = ((false, true), (true, true), (true, false));
    let cases: [(&str, &[(bool, bool)]); 7] = [
        ("third", &[month, external, internal]),
        ("maker", &[month, external, internal]),
        ("numbers", &[external]),
        ("saitama", &[external, internal]),
        ("elsewhere", &[]),
        ("urawa", &[external]),
        ("omiya", &[]),
    ];
    let all = links(&site.entered("third").get("/papers").body, FILE);
    for (login, expected) in cases {
        let page = site.entered(login).get("/papers").body;
        let mut found = shown(&page);
        found.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{login}: {page}");
        let own = links(&page, FILE);
        for link in &all {
            let status = bytes(&site, login, link).0;
            assert_eq!(status, if own.contains(link) { 200 } else { 404 }, "{login}: {link}");
        }
    }
}

#[test]
fn papers_stand_by_month_with_their_files() {
    let office = made();
    let site = Site::start(&office);
    let page = site.entered("third").get("/papers").body;
    let (december, november) = (page.find("令和7年12月").expect("a month"), page.find("令和7年11月").expect("a month"));
    assert!(december < november && page.contains("定時") && page.contains("個別に作成"), "{page}");
    let earlier = site.entered("third").get("/papers?before=2025-12").body;
    assert!(!earlier.contains("令和7年12月") && earlier.contains("令和7年11月"), "{earlier}");
    assert_eq!(site.entered("third").get("/papers?before=%22%3E").status, 200);
    let external = page.split("<th scope=\"row\">").find(|row| row.contains("<td>外部配布</td>")).expect("a paper");
    let mut links = links(external, FILE);
    links.retain(|link| !link.contains("&view="));
    let answers: Vec<(String, Vec<u8>)> = links
        .iter()
        .map(|link| {
            let (status, head, body) = bytes(&site, "third", link);
            assert_eq!(status, 200, "{head}");
            assert!(head.contains("x-content-type-options: nosniff"), "{head}");
            (head, body)
        })
        .collect();
    let folder = office.data().join("extra");
    for (end, kind, shown) in [
        (".pdf", "application/pdf", "inline"),
        (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
        (".html", "text/html; charset=utf-8", "attachment"),
        (".csv", "text/csv; charset=utf-8", "attachment"),
    ] {
        let (head, body) =
            answers.iter().find(|(head, _)| head.contains(&format!("content-type: {kind}"))).expect("one of each");
        assert!(head.contains(&format!("content-disposition: {shown}; ")) && head.contains(end), "{head}");
        assert!(
            files(&folder).into_iter().any(|(name, found)| name.ends_with(end) && found == *body),
            "{end}: to the byte"
        );
    }
    assert!(answers.iter().all(|(head, _)| !head.contains("content.json") && !head.contains("manifest")));
}

#[test]
fn what_is_not_as_it_was_made_is_not_handed_out() {
    let office = made();
    let site = Site::start(&office);
    let mut third = site.entered("third");
    let page = third.get("/papers").body;
    let month = page.split("<th scope=\"row\">").find(|row| row.contains("定時")).expect("a paper");
    let link = links(month, FILE)[0].clone();
    assert_eq!(bytes(&site, "third", &link).0, 200);
    // The file of another body lies in its place.
    let (own, other) = (file_of(&office, "papers", ".pdf"), file_of(&office, "extra", ".pdf"));
    let kept = std::fs::read(&own).expect("it is there");
    std::fs::copy(&other, &own).expect("it can be written");
    let (status, _, body) = bytes(&site, "third", &link);
    assert_eq!(status, 409);
    assert!(String::from_utf8_lossy(&body).contains("WEB-041"));
    std::fs::write(&own, &kept).expect("it can be written");
    damage(&own);
    assert_eq!(bytes(&site, "third", &link).0, 409);
    std::fs::write(&own, &kept).expect("it can be written");
    assert_eq!(bytes(&site, "third", &link).0, 200);
    // A manifest that was changed is none, whatever it says.
    let manifest = own.with_file_name("manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("it is there");
    std::fs::write(&manifest, text.replace("\"internal\"", "\"external\"")).expect("it can be written");
    assert!(!third.get("/papers").body.contains("定時"));
    assert_eq!(bytes(&site, "third", &link).0, 404);
    std::fs::write(&manifest, text).expect("it can be written");
    // What the ledger of the month does not have was never published.
    execute(&office, "UPDATE job_paper SET code = 'RPT-006' WHERE report = 'member-counts'");
    assert!(!third.get("/papers").body.contains("定時"));
    assert_eq!(bytes(&site, "third", &link).0, 404);
    // And where somebody has written into the chain nothing is told.
    execute(&office, "UPDATE chain SET content = 'ab' WHERE nth = 2");
    let reply = third.get("/papers");
    assert_eq!(reply.status, 503);
    assert!(reply.body.contains("STO-013"), "{}", reply.body);
}

#[test]
fn path_of_a_query_leads_nowhere() {
    let office = made();
    let site = Site::start(&office);
    let link = links(&site.entered("third").get("/papers").body, FILE)[0].clone();
    let (key, _) = link.trim_start_matches("/papers/file?paper=").split_once('&').expect("a key");
    for guessed in [
        "paper=..%2F..%2Fkaiin.sqlite&file=1".to_string(),
        format!("paper={key}&file=..%2Fmanifest.json"),
        format!("paper={key}&file=0"),
        format!("paper={key}&file=1000"),
        format!("paper={key}&file=1.0"),
        format!("paper={}&file=1", key.to_uppercase()),
        format!("paper={key}%00&file=1"),
        "file=1".to_string(),
        String::new(),
    ] {
        let (status, _, body) = bytes(&site, "third", &format!("{FILE}?{guessed}"));
        assert_eq!(status, 404, "{guessed}: {}", String::from_utf8_lossy(&body));
    }
    assert_eq!(bytes(&site, "third", "/papers/..%2F..%2Fkaiin.sqlite").0, 404);
}
