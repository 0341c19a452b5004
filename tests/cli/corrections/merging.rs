//! Two numbers that are one person.

use serde_json::{Value, json};

use super::super::people::{edited, office};
use super::super::program::Office;
use super::{adjust, audit, column, counted};

/// The first person of 大宮 stands in the export a second time, in 浦和 and under a mistyped number.
pub fn twice() -> Office {
    let office = office();
    let shown = edited(|cells| {
        let mut row = cells[2].clone();
        (row[0], row[5], row[7]) = ("910200".into(), "浦和医師会".into(), "2025-10-01".into());
        cells.push(row);
    });
    office.save("members_2025-10-31.csv", shown);
    office.import("members_2025-10-31.csv");
    office
}

fn same_person(state: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("調整番号", "T1"),
        ("調整種別", "同一人物"),
        ("医籍登録番号", "910002"),
        ("統合元番号", "910200"),
        ("状態", state),
    ]
}

fn totals(office: &Office, known_at: &str) -> Value {
    let answer = office.json(&format!("count --as-of 2025-10-31 --known-at {known_at} --by tier"));
    let of = |tier: &str| json!([answer["totals"][tier]["memberships"], answer["totals"][tier]["heads"]]);
    json!([of("local"), of("prefectural"), of("national"), answer["adjusted"]])
}

#[test]
fn merged_numbers_are_one_head_and_a_membership_in_each_body() {
    let office = twice();
    let apart = json!([[61, 61], [61, 61], [61, 61], 0]);
    // Two local bodies, one prefecture, one nation: R1 leaves one membership where both stays are in one body.
    let merged = json!([[61, 60], [60, 60], [60, 60], -2]);
    assert_eq!(totals(&office, "2025-10-31"), apart);
    let before = counted(&office, "2025-10-31", "2025-10-31");
    let pairs = audit(&office, "same-persons");
    let of_pair = |line: &&Value| line["registration_number"] == 910_002 && line["other_number"] == 910_200;
    assert_eq!(pairs.iter().filter(of_pair).count(), 1, "{pairs:?}");
    assert!(column(&pairs, "code").iter().all(|code| *code == "FND-020"));

    adjust(&office, "2025-11-05", &[&same_person("")]);
    assert_eq!(counted(&office, "2025-10-31", "2025-10-31"), before);
    assert_eq!(totals(&office, "2025-11-04"), apart);
    assert_eq!(totals(&office, "2025-11-05"), merged);
    assert_eq!(audit(&office, "same-persons --known-at 2025-11-05").iter().filter(of_pair).count(), 0);
    assert_eq!(audit(&office, "same-persons --known-at 2025-10-31").iter().filter(of_pair).count(), 1);

    adjust(&office, "2025-11-20", &[&same_person("取消")]);
    assert_eq!((totals(&office, "2025-11-19"), totals(&office, "2025-11-20")), (merged, apart));
    assert_eq!(audit(&office, "same-persons").iter().filter(of_pair).count(), 1);
}

/// A typing slip merges two numbers both ways round: one person, whichever way.
#[test]
fn numbers_given_up_for_each_other_are_one_person() {
    let office = twice();
    let back = [("調整番号", "T2"), ("調整種別", "同一人物"), ("医籍登録番号", "910200"), ("統合元番号", "910002")];
    adjust(&office, "2025-11-05", &[&same_person(""), &back]);
    assert_eq!(totals(&office, "2025-11-05"), json!([[61, 60], [60, 60], [60, 60], -2]));
}

#[test]
fn candidate_that_a_person_looked_at_is_asked_no_more() {
    let office = twice();
    let n = |known_at: &str| audit(&office, &format!("same-persons --known-at {known_at}")).len();
    let looked_at = [
        ("調整番号", "T1"),
        ("調整種別", "確認済"),
        ("医籍登録番号", "910002"),
        ("統合元番号", "910200"),
        ("要確認コード", "FND-020"),
    ];
    let before = n("2025-10-31");
    adjust(&office, "2025-11-05", &[&looked_at]);
    assert_eq!((n("2025-10-31"), n("2025-11-05")), (before, before - 1));
    assert_eq!(totals(&office, "2025-11-05"), json!([[61, 61], [61, 61], [61, 61], 0]));
}
