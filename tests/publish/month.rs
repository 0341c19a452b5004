//! A month from making to the last recipient.

use serde_json::json;

use super::office::{PREPARE, TO, approved, delivered, files, office, stage, states};
use crate::cli::program::Run;
use crate::reports::pdf_tools::page_texts;

#[test]
fn papers_are_made_approved_by_another_and_delivered_once() {
    let office = office();
    let made = office.json(PREPARE);
    assert_eq!((&made["number"], &made["recipients"], &made["unchanged"]), (&json!(1), &json!(3), &json!(0)));
    assert!(!delivered(&office, 1).exists(), "nothing leaves before it is approved");
    let early = office.run("--json publish send 1");
    assert_eq!((early.exit, &early.error()["error"]["code"]), (Some(2), &json!("PUB-018")));
    let own = Run::of(office.program().args(["--json", "publish", "approve", "1", "--by", "作成 係"]));
    assert_eq!((own.exit, &own.error()["error"]["code"]), (Some(2), &json!("PUB-015")));
    assert_eq!(office.json("publish approve 1 --by 承認者")["stage"], "approved");
    let sent = office.json("publish send 1");
    assert_eq!((&sent["sent"], &sent["there"], &sent["unsent"]), (&json!(3), &json!(0), &json!([])));
    let found = files(&delivered(&office, 1));
    let expected = |end: &str| TO.map(|(_, place)| format!("{place}/{end}"));
    let mut names: Vec<String> = ["会員統計月報_R7.11.30.pdf", "会員統計月報_R7.11.30.xlsx", "送付状.pdf"]
        .into_iter()
        .flat_map(expected)
        .collect();
    names.sort();
    assert_eq!(found.keys().cloned().collect::<Vec<_>>(), names);
    assert!(states(&office, 1).values().all(|state| state == "sent"));
    // Once more: nothing leaves twice.
    let again = office.json("publish send 1");
    assert_eq!((&again["sent"], &again["there"]), (&json!(0), &json!(3)));
    assert_eq!(files(&delivered(&office, 1)), found);
}

#[test]
fn letter_says_to_whom_what_and_whom_to_ask() {
    let office = approved();
    office.json("publish send 1");
    let letter = &files(&delivered(&office, 1))["001_浦和医師会/送付状.pdf"];
    let text: String = page_texts(letter).concat().chars().filter(|c| !c.is_whitespace()).collect();
    for words in [
        "令和8年1月10日",
        "浦和医師会御中",
        "埼玉県医師会",
        "会員統計月報（令和7年11月30日現在）の送付について",
        "会員統計月報_R7.11.30.pdf、会員統計月報_R7.11.30.xlsx",
        "事務局見本係",
        "以上",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn what_is_made_twice_is_the_same_to_the_byte() {
    let [one, other] = [(), ()].map(|()| {
        let office = approved();
        office.json("publish send 1");
        (office.json("publish list")[0]["sha256"].clone(), files(&delivered(&office, 1)))
    });
    assert_eq!(one, other);
}

#[test]
fn who_has_no_paper_is_told() {
    let office = approved();
    let run = office.run("publish status 1");
    assert_eq!(run.exit, Some(1));
    assert!(run.stdout.contains("届いていない 3") && run.stdout.contains("大宮医師会"), "{}", run.stdout);
    office.json("publish send 1");
    let run = office.run("publish status");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("配布済み 3、届いていない 0") && !run.stdout.contains("大宮"), "{}", run.stdout);
}

#[test]
fn distribution_that_is_not_finished_lets_no_other_of_its_day_begin() {
    let office = approved();
    let run = office.run(&format!("--json {PREPARE}"));
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &json!("PUB-003")));
    office.json("publish withdraw 1 --reason 見直し");
    assert_eq!(stage(&office, 1), "voided");
    let run = office.run("--json publish send 1");
    assert_eq!(run.error()["error"]["code"], "PUB-018");
    assert_eq!(office.json(PREPARE)["number"], 2);
}

/// The approver hears of a recipient that is new, one that is gone, and of numbers that changed strikingly.
#[test]
fn approver_sees_what_is_other_than_the_last_time() {
    let office = office();
    office.json(&PREPARE.replace("2025-11-30", "2025-10-31"));
    office.json("publish approve 1 --by 承認者");
    super::office::save_recipients(
        &office,
        &["11-001,,,,", "11-002,川口市医師会長,見本　花子,,", "11-004,,,,"].map(String::from),
    );
    office.json(PREPARE);
    let shown = office.json("publish show 2");
    let difference = &shown["difference"];
    assert_eq!(difference["number"], 1);
    assert_eq!((&difference["new"][0][0], &difference["missing"][0][0]), (&json!("11-004"), &json!("11-003")));
    assert_eq!(difference["readdressed"][0][0], "11-002");
    assert_eq!(shown["samples"].as_array().map(Vec::len), Some(3));
    assert!(shown["members"].as_i64() > Some(0) && shown["members_before"].as_i64() > Some(0), "{shown}");
    let run = office.run("publish show");
    assert!(run.stdout.contains("前回はなかった配布先（1）: 11-004"), "{}", run.stdout);
}
