//! A distribution is looked at and approved by another account, sent, settled and withdrawn; and what goes wrong on the way.

use serde_json::{Value, json};

use super::desk::{damage, links, office, post, prepared, sent, shown_manifest, with};
use super::site::{Browser, Reply, Site};
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::publish::office::{PREPARE, execute, files, save_recipients, stage, states};
use crate::store::home::Home;

const ONE: &str = "/distributions?number=1";

fn approve(browser: &mut Browser, manifest: &str) -> Reply {
    post(browser, "/distributions/approve", &[("number", "1"), ("manifest", manifest)])
}

#[track_caller]
fn assert_told(reply: &Reply, status: u16, code: &str) {
    assert_eq!(reply.status, status, "{}", reply.body);
    assert!(reply.body.contains(code), "{code}: {}", reply.body);
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
}

fn distribution(office: &Office, number: usize) -> Value {
    office
        .json("publish list")
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["number"] == number)
        .cloned()
        .expect("it is there")
}

/// The page tells what `kaiin publish show` and `status` tell, and the second person approves it; the account is named in the ledger.
#[test]
fn second_person_approves_what_was_looked_at_and_the_maker_sends_it() {
    let office = prepared();
    let shown = office.json("publish show 1");
    let site = Site::start(&office);
    let (mut second, mut maker) = (site.entered("second"), site.entered("maker"));
    let page = second.get(ONE).body;
    let members = shown["members"].as_i64().expect("a number");
    for words in [
        "第1回の配布（令和7年11月30日 現在）",
        "承認待ち",
        "総務",
        "浦和医師会",
        &format!("{members} 人"),
        "届いている 0、届いていない 3",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(shown_manifest(&page), shown["distribution"]["sha256"].as_str().expect("a hash"));
    assert!(!maker.get(ONE).body.contains("name=\"manifest\""), "who makes has no form to approve");
    let reply = post(&mut maker, "/distributions/send", &[("number", "1")]);
    assert_told(&reply, 409, "PUB-018");
    let reply = approve(&mut second, &shown_manifest(&page));
    assert_eq!((reply.status, reply.header("location")), (303, "/distributions?number=1&done=approved"));
    let page = second.get("/distributions?number=1&done=approved").body;
    assert!(
        page.contains("承認しました") && page.contains("承認係（second）") && !page.contains("name=\"manifest\""),
        "{page}"
    );
    assert_eq!(distribution(&office, 1)["approver"], "承認係（second）");
    assert_eq!(states(&office, 1).values().filter(|state| *state == "approved").count(), 3);
    let reply = post(&mut maker, "/distributions/send", &[("number", "1")]);
    assert_eq!((reply.status, reply.header("location")), (303, "/distributions?number=1&done=sent"));
    assert!(states(&office, 1).values().all(|state| state == "sent"));
    assert!(!maker.get(ONE).body.contains("/distributions/send"), "nothing is left to send");
    assert_eq!(office.run("verify").exit, Some(0), "the chain has each step");
}

/// On a server the same statements do the same.
#[test]
fn distribution_is_approved_and_received_on_a_server() {
    if Home::Postgres.is_skipped() {
        return;
    }
    let office = Office::on(Home::Postgres);
    office.import(&Sample::saitama().paths());
    office.save("kaiin-data/kaiin.toml", with(""));
    save_recipients(&office, &["11-001,,,,".to_string()]);
    office.json(PREPARE);
    super::site::add(&office, "second", "--role approver --everywhere");
    super::site::add(&office, "maker", "--role maker --everywhere");
    super::site::add(&office, "urawa", "--role reader --association 11-001");
    let site = Site::start(&office);
    let mut second = site.entered("second");
    let manifest = shown_manifest(&second.get(ONE).body);
    assert_eq!(approve(&mut second, &manifest).status, 303);
    assert_eq!(post(&mut site.entered("maker"), "/distributions/send", &[("number", "1")]).status, 303);
    let mut urawa = site.entered("urawa");
    assert_eq!(links(&urawa.get("/received").body, "/received/file").len(), 4, "pages, file, workbook, letter");
    assert_eq!(post(&mut second, "/distributions/withdraw", &[("number", "1"), ("reason", "見直し")]).status, 303);
    assert!(links(&urawa.get("/received").body, "/received/file").is_empty());
}

/// The maker is known by the account, and by whatever name of it was written on the command line.
#[test]
fn nobody_approves_what_they_have_made_themselves() {
    for maker in ["承認係", "SECOND", "別名（second）"] {
        let office = office();
        let run = office.program().args(PREPARE.replace("作成係", maker).split_whitespace()).output().expect("it runs");
        assert!(run.status.success(), "{run:?}");
        let site = Site::start(&office);
        let mut second = site.entered("second");
        let page = second.get(ONE).body;
        assert!(page.contains("作った人は承認できません") && !page.contains("name=\"manifest\""), "{maker}: {page}");
        let manifest = distribution(&office, 1)["sha256"].as_str().expect("a hash").to_string();
        assert_told(&approve(&mut second, &manifest), 403, "PUB-015");
        assert_eq!(stage(&office, 1), "prepared");
        assert_eq!(approve(&mut site.entered("third"), &manifest).status, 303, "{maker}: another person may");
    }
}

#[test]
fn what_has_changed_since_it_was_looked_at_is_not_approved() {
    let office = prepared();
    let site = Site::start(&office);
    let mut second = site.entered("second");
    for (manifest, number) in [("", "1"), ("0", "1"), (&"0".repeat(64), "1")] {
        let reply = post(&mut second, "/distributions/approve", &[("number", number), ("manifest", manifest)]);
        assert_told(&reply, 409, "PUB-042");
    }
    assert_eq!(stage(&office, 1), "prepared", "nothing was approved, and nothing is withdrawn");
    // Somebody has written into the ledger between the look and the approval.
    let looked_at = shown_manifest(&second.get(ONE).body);
    execute(&office, "UPDATE distribution SET manifest_sha256 = 'ab' WHERE number = 1");
    assert_told(&approve(&mut second, &looked_at), 409, "PUB-042");
    assert_told(&approve(&mut second, "ab"), 409, "PUB-040");
    assert_eq!(stage(&office, 1), "prepared");
}

#[test]
fn paper_that_was_changed_after_the_look_voids_the_approval() {
    let office = prepared();
    let site = Site::start(&office);
    let mut second = site.entered("second");
    let page = second.get(ONE).body;
    let file = links(&page, "/distributions/file").first().expect("a sample").clone();
    assert_eq!(super::desk::bytes(&site, "second", &file).0, 200);
    let pdf = files(&office.data().join("distribution/papers"))
        .into_keys()
        .find(|name| name.contains("11-001") && name.ends_with(".pdf"));
    damage(&office.data().join("distribution/papers").join(pdf.expect("a paper")));
    let (status, _, body) = super::desk::bytes(&site, "second", &file);
    assert_eq!(status, 409, "a changed file is not shown either");
    assert!(String::from_utf8_lossy(&body).contains("WEB-041"));
    let reply = approve(&mut second, &shown_manifest(&page));
    assert_told(&reply, 409, "PUB-006");
    assert!(!reply.body.contains(&office.data().display().to_string()), "no place of the server is told");
    assert!(reply.body.contains("取りやめ"), "{}", reply.body);
    assert_eq!(stage(&office, 1), "voided");
    assert_told(&approve(&mut second, &shown_manifest(&page)), 409, "PUB-014");
}

#[test]
fn two_approvers_at_once_leave_one_approval() {
    let office = prepared();
    let site = Site::start(&office);
    let manifest = shown_manifest(&site.entered("second").get(ONE).body);
    let browsers = ["second", "third", "saitama"].map(|login| site.entered(login));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let approving: Vec<_> = browsers
            .into_iter()
            .map(|mut browser| {
                let manifest = &manifest;
                scope.spawn(move || approve(&mut browser, manifest).status)
            })
            .collect();
        approving.into_iter().map(|one| one.join().expect("no request panics")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 409, 503].contains(status)), "{statuses:?}");
    assert_eq!(stage(&office, 1), "approved");
    assert_eq!(office.run("verify").exit, Some(0));
}

/// Another program writes meanwhile: the page says so, nothing is changed, and what was typed is there.
#[test]
fn locked_data_folder_loses_nothing_that_was_typed() {
    let office = prepared();
    let site = Site::start(&office);
    let mut second = site.entered("second");
    let page = second.get(ONE).body;
    let lock =
        std::fs::OpenOptions::new().append(true).create(true).open(office.data().join("kaiin.lock")).expect("a lock");
    lock.lock().expect("nobody writes");
    let reply = approve(&mut second, &shown_manifest(&page));
    assert_told(&reply, 503, "ENV-001");
    assert!(reply.body.contains("name=\"manifest\""), "it can be sent again from here");
    let reply = post(&mut second, "/distributions/withdraw", &[("number", "1"), ("reason", "宛名の<誤り>")]);
    assert_told(&reply, 503, "ENV-001");
    assert!(reply.body.contains("value=\"宛名の&#60;誤り&#62;\""), "{}", reply.body);
    drop(lock);
    assert_eq!(stage(&office, 1), "prepared");
    assert_eq!(approve(&mut second, &shown_manifest(&page)).status, 303);
}

#[test]
fn maker_prepares_and_wrong_input_is_told_with_what_was_written() {
    let office = office();
    let site = Site::start(&office);
    let mut maker = site.entered("maker");
    assert!(maker.get("/distributions").body.contains("見られる配布は、ありません"));
    for (as_of, issued_on) in [("", ""), ("R7.2.30", ""), ("R7.11.30", "きのう"), ("<b>", "")] {
        let reply = post(&mut maker, "/distributions/prepare", &[("as_of", as_of), ("issued_on", issued_on)]);
        assert_told(&reply, 422, "WEB-046");
        assert!(!reply.body.contains("<b>"), "{}", reply.body);
    }
    // Of recipients beyond its area an account makes nothing.
    let reply = post(&mut site.entered("omiya"), "/distributions/prepare", &[("as_of", "R7.11.30")]);
    assert_told(&reply, 403, "WEB-045");
    assert_eq!(office.json("publish list"), json!([]));
    let reply = post(&mut maker, "/distributions/prepare", &[("as_of", "Ｒ７．１１．３０"), ("issued_on", "")]);
    assert_eq!((reply.status, reply.header("location")), (303, "/distributions?number=1&done=made"));
    assert_eq!(distribution(&office, 1)["maker"], "作成係（maker）");
    assert_told(&post(&mut maker, "/distributions/prepare", &[("as_of", "R7.11.30")]), 409, "PUB-003");
}

#[test]
fn either_side_withdraws_with_a_reason_and_once() {
    let office = prepared();
    let site = Site::start(&office);
    let (mut second, mut maker) = (site.entered("second"), site.entered("maker"));
    assert_told(&post(&mut second, "/distributions/withdraw", &[("number", "1"), ("reason", "　 ")]), 422, "PUB-016");
    assert_eq!(stage(&office, 1), "prepared");
    let reply = post(&mut maker, "/distributions/withdraw", &[("number", "1"), ("reason", "宛名の誤り")]);
    assert_eq!((reply.status, reply.header("location")), (303, "/distributions?number=1&done=withdrawn"));
    assert_eq!(distribution(&office, 1)["void_reason"], "作成係（maker）: 宛名の誤り");
    assert_told(&post(&mut second, "/distributions/withdraw", &[("number", "1"), ("reason", "x")]), 409, "PUB-017");
    let manifest = distribution(&office, 1)["sha256"].as_str().expect("a hash").to_string();
    assert_told(&approve(&mut second, &manifest), 409, "PUB-014");
}

/// Nobody knows whether it arrived: it stands on top, and a person says what they have found out.
#[test]
fn uncertain_delivery_stands_first_and_is_settled_with_a_reason() {
    let office = sent();
    execute(&office, "UPDATE delivery SET state = 'uncertain' WHERE recipient = '11-003'");
    let site = Site::start(&office);
    let mut maker = site.entered("maker");
    let page = maker.get(ONE).body;
    let place = |words: &str| page.rfind(words).unwrap_or_else(|| panic!("{words}: {page}"));
    assert!(place("<th scope=\"row\">大宮医師会") < place("<th scope=\"row\">浦和医師会"), "{page}");
    assert!(!site.entered("second").get(ONE).body.contains("/distributions/settle"), "it is the maker's");
    let of = [("number", "1"), ("of", "11-003"), ("reason", "電話で確かめた")];
    assert_told(&post(&mut maker, "/distributions/settle", &of), 422, "WEB-047");
    let reply =
        post(&mut maker, "/distributions/settle", &[&of[..2], &[("found", "arrived"), ("reason", "")]].concat());
    assert_told(&reply, 422, "PUB-016");
    let other = [("number", "1"), ("of", "11-001"), ("found", "arrived"), ("reason", "x")];
    assert_told(&post(&mut maker, "/distributions/settle", &other), 409, "PUB-021");
    let reply = post(&mut maker, "/distributions/settle", &[&of[..], &[("found", "arrived")]].concat());
    assert_eq!((reply.status, reply.header("location")), (303, "/distributions?number=1&done=settled"));
    assert!(states(&office, 1).values().all(|state| state == "sent"));
    assert!(maker.get(ONE).body.contains("作成係（maker）: 電話で確かめた"));
}

/// Numbers and keys that are guessed, of each account: what it does not see is as if it were not there.
#[test]
fn distribution_is_seen_by_whoever_sees_all_of_its_recipients() {
    let office = prepared();
    let site = Site::start(&office);
    let manifest = distribution(&office, 1)["sha256"].as_str().expect("a hash").to_string();
    let file = links(&site.entered("second").get(ONE).body, "/distributions/file")[0].clone();
    for (login, list, one) in [
        ("maker", 1, 200),
        ("third", 1, 200),
        ("saitama", 1, 200),
        ("elsewhere", 0, 404),
        ("omiya", 0, 404),
        ("urawa", 0, 403),
        ("numbers", 0, 403),
    ] {
        let mut browser = site.entered(login);
        let all = browser.get("/distributions");
        assert_eq!(links(&all.body, "/distributions?number=").len(), list, "{login}: {}", all.body);
        assert_eq!(browser.get(ONE).status, one, "{login}");
        assert_eq!(super::desk::bytes(&site, login, &file).0, one, "{login}");
        assert_eq!(browser.get("/").body.contains("/distributions"), one != 403, "{login}");
        for guessed in ["0", "2", "-1", "1e0", "4294967296", "x", "%00"] {
            let status = browser.get(&format!("/distributions?number={guessed}")).status;
            assert_eq!(status, if one == 403 { 403 } else { 404 }, "{login}: {guessed}");
        }
    }
    for (login, status, code) in [("elsewhere", 404, "WEB-043"), ("omiya", 403, "WEB-005"), ("urawa", 403, "WEB-005")] {
        assert_told(&approve(&mut site.entered(login), &manifest), status, code);
    }
    for (act, login) in [("withdraw", "elsewhere"), ("withdraw", "omiya"), ("send", "omiya")] {
        let reply =
            post(&mut site.entered(login), &format!("/distributions/{act}"), &[("number", "1"), ("reason", "x")]);
        assert_told(&reply, 404, "WEB-043");
    }
    assert_eq!(stage(&office, 1), "prepared");
    let without = site.entered("second").post("/distributions/approve", &[("number", "1"), ("manifest", &manifest)]);
    assert_told(&without, 403, "WEB-004");
    assert_eq!(site.browser().get(ONE).status, 303);
}
