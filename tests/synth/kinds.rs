//! Every kind of movement occurs in a small world, and the audits find it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::filled;
use crate::cli::program::{Office, Run};

/// Large enough for one of each kind, small enough for a test.
const WORLD: &str = "--physicians 2500 --prefectures 11,13,26 --from 2023-01 --to 2025-12";

/// What the findings of an audit say under a key.
#[track_caller]
fn told(office: &Office, audit: &str, key: &str) -> BTreeSet<String> {
    // An audit that finds anything ends with 1.
    let arguments = format!("--json audit {audit} --from 2023-01-01 --to 2026-03-31");
    let run = Run::of(office.program().args(arguments.split_whitespace()));
    let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let findings = answer["findings"].as_array().expect("an audit lists findings");
    findings.iter().filter_map(|finding| finding[key].as_str()).map(str::to_string).collect()
}

#[track_caller]
fn holds(found: &BTreeSet<String>, wanted: &[&str]) {
    let missing: Vec<&&str> = wanted.iter().filter(|word| !found.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} not among {found:?}");
}

#[test]
fn audits_of_a_world_find_every_kind() {
    let office = filled(WORLD);
    let transfers = told(&office, "transfers", "kind");
    let kinds = ["within_prefecture", "across_prefectures", "nowhere_seen", "needless", "concurrent", "reorganised"];
    holds(&transfers, &kinds);
    let reasons = told(&office, "withdrawals", "reason");
    holds(&reasons, &["death", "moved_away", "missing", "own_wish", "unpaid_fees", "expelled", "other"]);
    let states = told(&office, "withdrawals", "state");
    holds(&states, &["approved_past", "approved_future", "death"]);
    // A 退会日 taken back, one that was moved.
    holds(&told(&office, "withdrawals", "code"), &["FND-003", "FND-004"]);
    let filed = told(&office, "applications", "state");
    holds(&filed, &["cancelled", "overdue"]);
}

/// Exit and entry of a move meet, are on one day, leave a gap, and overlap.
#[test]
fn days_of_moves_meet_in_every_way() {
    let office = filled(WORLD);
    let run = Run::of(office.program().args("--json audit transfers --from 2023-01-01 --to 2025-12-31".split(' ')));
    let answer: Value = serde_json::from_str(&run.stdout).expect("an audit is JSON");
    let findings = answer["findings"].as_array().expect("an audit lists findings");
    for kind in ["within_prefecture", "across_prefectures"] {
        let gaps: BTreeSet<i64> =
            findings.iter().filter(|one| one["kind"] == kind).filter_map(|one| one["gap_days"].as_i64()).collect();
        assert!(gaps.contains(&0) && gaps.contains(&-1), "{kind}: {gaps:?}");
        assert!(gaps.iter().any(|gap| *gap > 1) && gaps.iter().any(|gap| *gap < -1), "{kind}: {gaps:?}");
    }
}

/// Late deaths, cancellations and backlogs change what is known of a past day.
#[test]
fn past_changes_with_what_is_known() {
    let office = filled(WORLD);
    let at = |known_at: &str| {
        let answer = office.json(&format!("count --as-of 2024-06-30 --known-at {known_at}"));
        (answer["totals"].clone(), answer["not_shown"].clone())
    };
    assert_ne!(at("2024-06-30"), at("2024-12-31"));
}
