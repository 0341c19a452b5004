//! The ledger of distributions, edited behind the program's back.

use rstest::rstest;
use serde_json::{Value, json};

use super::office::{PREPARE, TO, approved, counted, delivered, execute, office, save_recipients};
use crate::cli::program::Office;

/// Kinds and subjects that `kaiin verify` names, without the numbers of the rest.
#[track_caller]
fn told(office: &Office) -> Vec<(String, String)> {
    let run = office.run("--json verify");
    let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("no answer: {run:?}"));
    let findings = answer["findings"].as_array().expect("a list");
    let is_other = |one: &&Value| one["code"] != "STO-023";
    assert_eq!(findings.iter().find(is_other), None);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings.iter().map(|one| (text(&one["place"]), text(&one["state"]))).collect()
}

/// An office in which one distribution was delivered but for one recipient, which failed, and another one was withdrawn.
fn busy() -> Office {
    let office = approved();
    office.json("publish send 1");
    save_recipients(&office, &TO.map(|(code, _)| format!("{code},別の宛名,,,")));
    let other = PREPARE.replace("2025-11-30", "2025-10-31").replace("2025-12-31", "2025-11-30");
    office.json(&other);
    office.json("publish withdraw 2 --reason 見直し");
    office
}

#[test]
fn every_step_of_a_distribution_is_in_the_chain() {
    let office = busy();
    assert!(told(&office).is_empty(), "{:?}", told(&office));
    let of_steps = counted(
        &office,
        "SELECT kind, count(*) FROM chain WHERE kind IN ('distribution', 'approval', 'withdrawal', 'delivery') GROUP BY kind",
    );
    let steps: Vec<(&str, i64)> = of_steps.iter().map(|(kind, n)| (kind.as_str(), *n)).collect();
    assert_eq!(steps, [("approval", 1), ("delivery", 3), ("distribution", 2), ("withdrawal", 1)]);
}

/// Each edit stands for its kind: a word, a day, a state, a row taken out, a row put in.
#[rstest]
#[case::approver("UPDATE distribution SET approver = '別人' WHERE number = 1", "approval 1", "changed")]
#[case::hash("UPDATE distribution SET manifest_sha256 = 'ab' WHERE number = 1", "distribution 1", "changed")]
#[case::day("UPDATE distribution SET known_at = known_at + 1 WHERE number = 1", "distribution 1", "changed")]
#[case::recipient("UPDATE delivery SET recipient = '11-004' WHERE recipient = '11-003'", "distribution 1", "changed")]
#[case::edition("UPDATE delivery SET edition = 2 WHERE distribution = 1", "distribution 1", "changed")]
#[case::sent_again(
    "UPDATE delivery SET state = 'approved' WHERE distribution = 1 AND recipient = '11-002'",
    "delivery 1/11-002",
    "missing"
)]
#[case::begun_again(
    "UPDATE delivery SET state = 'sending' WHERE distribution = 1 AND recipient = '11-002'",
    "delivery 1/11-002",
    "changed"
)]
#[case::never_sent(
    "UPDATE delivery SET state = 'sent' WHERE distribution = 2 AND recipient = '11-002'",
    "delivery 2/11-002",
    "added"
)]
#[case::reason("UPDATE delivery SET detail = 'x' WHERE recipient = '11-001'", "delivery 1/11-001", "changed")]
#[case::restored("UPDATE distribution SET voided_at = NULL WHERE number = 2", "withdrawal 2", "missing")]
#[case::withdrawn(
    "UPDATE distribution SET voided_at = made_at, void_reason = 'x' WHERE number = 1",
    "withdrawal 1",
    "added"
)]
#[case::approved_by_hand(
    "UPDATE distribution SET approver = 'x', approved_at = made_at WHERE number = 2",
    "approval 2",
    "added"
)]
fn edit_is_found(#[case] edit: &'static str, #[case] place: &str, #[case] state: &str) {
    let office = busy();
    execute(&office, edit);
    let found = told(&office);
    assert!(found.contains(&(place.to_owned(), state.to_owned())), "{found:?}");
}

#[test]
fn distribution_that_is_taken_out_or_put_in_is_found() {
    let office = busy();
    execute(&office, "DELETE FROM delivery WHERE distribution = 2");
    execute(&office, "DELETE FROM distribution WHERE number = 2");
    assert!(told(&office).contains(&("distribution 2".to_owned(), "missing".to_owned())));
    let office = busy();
    execute(
        &office,
        "INSERT INTO distribution SELECT 3, as_of, known_at, reports, folder, manifest_sha256, maker, made_at, approver,
             approved_at, NULL, '' FROM distribution WHERE number = 1",
    );
    let found = told(&office);
    assert!(found.contains(&("distribution 3".to_owned(), "added".to_owned())), "{found:?}");
}

/// Nobody but a person who approves lets anything leave, not even who can write into the database.
#[test]
fn what_was_approved_in_the_database_alone_does_not_leave() {
    let office = office();
    office.json(PREPARE);
    execute(&office, "UPDATE distribution SET approver = '承認者', approved_at = made_at");
    execute(&office, "UPDATE delivery SET state = 'approved'");
    let run = office.run("--json publish send 1");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(1), &json!("PUB-040")), "{}", run.stderr);
    assert!(!delivered(&office, 1).exists());
    office.json("publish withdraw 1 --reason やり直し");
    office.json(PREPARE);
    office.json("publish approve 2 --by 承認者");
    assert_eq!(office.json("publish send 2")["sent"], json!(TO.len()));
}

/// The first step after the edit of a distribution that waits is its approval.
#[test]
fn edited_distribution_is_not_approved() {
    let office = office();
    office.json(PREPARE);
    execute(&office, "UPDATE distribution SET maker = '別人'");
    let run = office.run("--json publish approve 1 --by 作成係");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(1), &json!("PUB-040")), "{}", run.stderr);
}
