//! The pages of a PDF are looked at where it is handed out, by whoever may have it and nobody else.

use super::desk::{bytes, damage, links, sent};
use super::site::Site;
use crate::publish::office::files;
use crate::reports::pdf_tools;

const FILE: &str = "/received/file";

/// The address of the pages of a paper, and of its letter.
fn of_urawa(site: &Site) -> (String, String) {
    let all = links(&site.entered("urawa").get("/received").body, FILE);
    let view = all.iter().find(|link| link.ends_with("&view=pages")).expect("pages can be looked at");
    let letter = all.iter().find(|link| link.ends_with("&file=letter")).expect("a letter lies beside it");
    (view.clone(), letter.clone())
}

#[test]
fn every_page_is_an_image_of_the_file_itself() {
    let office = sent();
    let site = Site::start(&office);
    let (view, letter) = of_urawa(&site);
    let whole = view.trim_end_matches("&view=pages");
    for (view, whole) in [(view.as_str(), whole), (&*format!("{letter}&view=pages"), &*letter)] {
        let page = site.entered("urawa").get(view);
        assert_eq!(page.status, 200, "{}", page.body);
        let images: Vec<String> = page.body.split("<img src=\"").skip(1).map(address).collect();
        let info = pdf_tools::info(&bytes(&site, "urawa", whole).2);
        let n_pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).expect("pages").trim().to_string();
        assert_eq!(images.len().to_string(), n_pages, "{}", page.body);
        for image in images {
            let (status, head, body) = bytes(&site, "urawa", &image);
            assert_eq!((status, head.contains("content-type: image/svg+xml")), (200, true), "{head}");
            let image = String::from_utf8(body).expect("SVG is a text");
            assert!(image.starts_with("<svg ") && image.contains("<path "), "{image}");
            // The policy of pages forbids both.
            assert!(!image.contains("style=") && !image.contains("<script"), "{image}");
            assert!(head.contains("default-src 'self'") && head.contains("cache-control: no-store"), "{head}");
        }
    }
}

fn address(rest: &str) -> String {
    rest.split('"').next().expect("a value").replace("&#38;", "&")
}

#[test]
fn pages_of_others_and_pages_that_are_not_there_are_not_shown() {
    let office = sent();
    let site = Site::start(&office);
    let (view, letter) = of_urawa(&site);
    let whole = view.trim_end_matches("&view=pages");
    for login in ["omiya", "elsewhere"] {
        for link in [&view, &letter, &format!("{whole}&view=1"), &format!("{letter}&view=1")] {
            assert_eq!(bytes(&site, login, link).0, 404, "{login}: {link}");
        }
    }
    let workbook = whole.replace("&file=1", "&file=2");
    for guessed in [
        format!("{whole}&view=0"),
        format!("{whole}&view=999"),
        format!("{whole}&view=-1"),
        format!("{whole}&view=x"),
        format!("{whole}&view=18446744073709551617"),
        format!("{workbook}&view=pages"),
        format!("{workbook}&view=1"),
    ] {
        assert_eq!(bytes(&site, "urawa", &guessed).0, 404, "{guessed}");
    }
    // Pages that are not there are as the first.
    for from in ["0", "999", "x", "-1"] {
        let page = site.entered("urawa").get(&format!("{view}&from={from}"));
        assert!(page.status == 200 && page.body.contains("view=1\""), "{from}: {}", page.body);
    }
    // What is not as it was approved is not drawn either.
    let papers = files(&office.data().join("distribution"));
    let paper = papers.keys().find(|name| name.contains("11-001") && name.ends_with(".pdf"));
    damage(&office.data().join("distribution").join(paper.expect("the edition is there")));
    assert_eq!(bytes(&site, "urawa", &view).0, 409);
    assert_eq!(bytes(&site, "urawa", &format!("{whole}&view=1")).0, 409);
}

/// The letter is that of the folder, to the byte; where the words of the office have changed since, still.
#[test]
fn letter_is_the_one_that_was_delivered() {
    let office = sent();
    let site = Site::start(&office);
    let (_, letter) = of_urawa(&site);
    let delivered = crate::publish::office::delivered(&office, 1).join("001_浦和医師会/送付状.pdf");
    let expected = std::fs::read(&delivered).expect("it was delivered");
    let (status, head, body) = bytes(&site, "urawa", &letter);
    assert_eq!((status, body == expected), (200, true), "{head}");
    assert!(head.contains("inline; filename=\"___.pdf\"; filename*=UTF-8''%E9%80%81%E4%BB%98%E7%8A%B6.pdf"), "{head}");
    let seen = links(&site.entered("third").get("/distributions?number=1").body, "/distributions/file");
    assert!(seen.iter().any(|link| link.ends_with("&file=letter") && bytes(&site, "third", link).2 == expected));
}

/// The paper of who lacks theirs is that of the command line, and only for whoever sees the distribution.
#[test]
fn who_lacks_their_papers_is_a_paper_on_the_page() {
    let office = sent();
    let address = "/distributions/lacking?number=1";
    let listed = |login: &str| Site::start(&office).entered(login).get("/distributions?number=1").body;
    assert!(!listed("maker").contains("/distributions/lacking"), "everybody has theirs");
    crate::publish::office::execute(&office, "UPDATE delivery SET state = 'uncertain' WHERE recipient = '11-002'");
    assert!(listed("maker").contains("/distributions/lacking"));
    let site = Site::start(&office);
    office.run("publish status 1 --out 一覧");
    let written = files(&office.folder().join("一覧"));
    for (address, end) in [(address.to_string(), ".pdf"), (format!("{address}&file=2"), ".xlsx")] {
        let (status, head, body) = bytes(&site, "maker", &address);
        let (name, expected) = written.iter().find(|(name, _)| name.ends_with(end)).expect("it was written");
        assert_eq!((status, body == *expected), (200, true), "{name}: {head}");
    }
    let page = site.entered("second").get(&format!("{address}&view=pages"));
    assert!(page.status == 200 && page.body.contains("view=1\""), "{}", page.body);
    assert_eq!(bytes(&site, "second", &format!("{address}&view=1")).0, 200);
    for (login, status) in [("urawa", 403), ("numbers", 403), ("omiya", 404), ("elsewhere", 404)] {
        assert_eq!(bytes(&site, login, address).0, status, "{login}");
    }
    assert_eq!(bytes(&site, "maker", "/distributions/lacking?number=9").0, 404);
}
