//! `kaiin movements` and `kaiin snapshot diff` on the samples.

use std::collections::BTreeMap;

use rstest::{fixture, rstest};
use serde_json::Value;

use super::program::Office;
use super::samples::Sample;

/// An office that has taken in three prefectures.
#[fixture]
fn three() -> Office {
    Sample::three_prefectures().taken_in().0
}

/// Rows by their keys: tier, body, class.
fn by_key<'a>(rows: &'a Value, what: &str) -> BTreeMap<Vec<&'a str>, i64> {
    let key = |row: &'a Value| ["tier", "association", "class"].map(|key| row[key].as_str().unwrap_or("")).to_vec();
    let rows = rows.as_array().expect("rows is a list").iter();
    rows.map(|row| (key(row), row[what].as_i64().expect("a number"))).filter(|(_, n)| *n != 0).collect()
}

const PLUS: [&str; 5] = ["joined", "moved_in", "class_in", "reorganised_in", "corrected_in"];
const MINUS: [&str; 6] = ["left", "moved_out", "died", "class_out", "reorganised_out", "corrected_out"];

/// Period, opening day, closing day.
const PERIODS: [(&str, &str, &str); 5] = [
    ("--from 2025-12", "2025-11-30", "2025-12-31"),
    ("--from 2025-10 --to 2025-12", "2025-09-30", "2025-12-31"),
    ("--from 2025-11-30 --to 2025-11-30", "2025-11-29", "2025-11-30"),
    ("--from 令和7年4月 --to R7.12.10", "2025-03-31", "2025-12-10"),
    ("--from 2026-01", "2025-12-31", "2026-01-31"),
];

/// Opening and closing are what `kaiin count` says, and every row balances.
#[rstest]
fn lines_lead_from_count_to_count(three: Office) {
    for (span, opened_on, closed_on) in PERIODS {
        let answer = three.json(&format!("movements {span} --by association,class"));
        assert_eq!((&answer["opened_on"], &answer["to"]), (&opened_on.into(), &closed_on.into()));
        assert_eq!(answer["unbalanced"], serde_json::json!([]));
        for (day, what) in [(opened_on, "opening"), (closed_on, "closing")] {
            let count = three.json(&format!("count --as-of {day} --known-at 2025-12-31"));
            assert_eq!(by_key(&answer["rows"], what), by_key(&count["rows"], "memberships"), "{day}");
        }
        let lines = [&answer["rows"], &answer["totals"]].map(|rows| rows.as_array().expect("a list"));
        for row in lines.into_iter().flatten() {
            let n = |what: &&str| row[*what].as_i64().expect("a number");
            let moved = PLUS.iter().map(n).sum::<i64>() - MINUS.iter().map(n).sum::<i64>();
            assert_eq!(n(&"opening") + moved, n(&"closing"), "{row}");
        }
    }
}

/// What happens in three months is what happens in each of them.
#[rstest]
fn months_add_up_to_their_quarter(three: Office) {
    let answer = |span: &str| three.json(&format!("movements {span} --by association,class"));
    let whole = answer("--from 2025-10 --to 2025-12");
    let months = ["2025-10", "2025-11", "2025-12"].map(|month| answer(&format!("--from {month}")));
    for what in PLUS.iter().chain(&MINUS) {
        let mut sum: BTreeMap<Vec<&str>, i64> = BTreeMap::new();
        for (key, n) in months.iter().flat_map(|month| by_key(&month["rows"], what)) {
            *sum.entry(key).or_default() += n;
        }
        assert_eq!(sum, by_key(&whole["rows"], what), "{what}");
    }
}

#[rstest]
fn wrong_question_is_named(three: Office) {
    for (arguments, code) in [
        ("--from 2025-12 --to 2025-11", "QRY-007"),
        ("--from 2025-12 --by sex", "QRY-005"),
        ("--from 2025-12 --by colour", "QRY-005"),
        ("--from 2025-12 --association 99-999", "QRY-004"),
        ("--from 2025-12 --tier city", "QRY-008"),
        ("--from soon", "QRY-006"),
        ("--from 2025-12 --known-at 2025-01-01", "QRY-001"),
    ] {
        let run = three.run(&format!("movements {arguments}"));
        assert_eq!(run.exit, Some(2), "{arguments}: {}", run.stderr);
        assert!(run.stderr.contains(code) && run.stdout.is_empty(), "{arguments}: {}", run.stderr);
    }
}

#[rstest]
fn period_before_the_exports_reach_is_flagged(three: Office) {
    assert_eq!(three.json("movements --from 2025-01 --by tier")["complete"], false);
    assert!(three.run("movements --from 2025-01 --by tier").stdout.contains("不完全"));
}

/// The causes lead from the total of one snapshot to that of the other, and nobody is named on the screen.
#[rstest]
fn snapshots_differ_by_causes(three: Office) {
    three.run("snapshot take --as-of 2025-11-30 --known-at 2025-11-30");
    three.run("snapshot take --as-of 2025-11-30");
    three.run("snapshot take --as-of 2025-12-31");
    for (older, newer) in [
        ("2025-11-30_2025-11-30", "2025-12-31"),
        ("2025-11-30_2025-11-30", "2025-11-30_2025-12-31"),
        ("2025-11-30_2025-12-31", "2025-12-31"),
    ] {
        let answer = three.json(&format!("snapshot diff {older} {newer} --out people.csv"));
        let rows = answer["rows"].as_array().expect("a list");
        for total in answer["totals"].as_array().expect("a list") {
            let n = |what: &str| total[what].as_i64().expect("a number");
            let of_tier = rows.iter().filter(|row| row["tier"] == total["tier"]);
            let effect: i64 = of_tier.map(|row| row["effect"].as_i64().expect("a number")).sum();
            assert_eq!((n("before") + effect, effect), (n("after"), n("effect")), "{older} {newer}");
        }
        let people = std::fs::read_to_string(three.folder().join("people.csv")).expect("the file is written");
        let n: i64 = rows.iter().map(|row| row["n"].as_i64().expect("a number")).sum();
        assert_eq!(i64::try_from(people.lines().count()), Ok(n + 1));
        assert!(n > 0, "{older} {newer}");
    }
    let run = three.run("snapshot diff 2025-11-30_2025-11-30 2025-12-31 --out people.csv");
    let people = std::fs::read_to_string(three.folder().join("people.csv")).expect("the file is written");
    for row in people.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        assert!(!run.stdout.contains(cells[5]) && !run.stdout.contains(cells[6]));
    }
}

#[rstest]
fn snapshots_that_cannot_be_compared_are_named(three: Office) {
    three.run("snapshot take --as-of 2025-11-30 --known-at 2025-11-30");
    three.run("snapshot take --as-of 2025-12-31");
    for (pair, code) in [
        ("2025-12-31 2025-11-30_2025-11-30", "QRY-007"),
        ("2025-11-30_2025-11-30 2024", "SNP-002"),
        ("2025-1 2025-12-31", "SNP-002"),
    ] {
        let run = three.run(&format!("snapshot diff {pair}"));
        assert_eq!(run.exit, Some(2), "{pair}: {}", run.stderr);
        assert!(run.stderr.contains(code), "{pair}: {}", run.stderr);
    }
    // A snapshot differs from itself by nothing.
    assert_eq!(three.json("snapshot diff 2025-12-31 2025-12-31")["rows"], serde_json::json!([]));
}
