//! Breaks between tiers at their border days: how each began, how it ended, and how long it was.

use rstest::rstest;

use super::*;
use crate::domain::class::NationalClass;
use crate::domain::ids::PhysicianId;
use crate::written::{day, local, row, with_top};

/// P11 with 甲 and 乙, P13 with 丙.
fn map() -> Associations {
    let mut rows = with_top(vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "乙", ["", ""], &[])]);
    rows.push(row("P13", Tier::Prefectural, "東京都", "JMA", ["", ""], &[]));
    rows.push(row("13-001", Tier::Local, "丙", "P13", ["", ""], &[]));
    Associations::new(rows).expect("sound")
}

fn id(all: &Associations, code: &str) -> AssociationId {
    all.by_code(code).expect("a body of the test").id
}

/// Code of the body, first day, first day that no longer counts.
fn told(stays: &[(&str, &str, &str)], reason: WithdrawalReason) -> Vec<String> {
    let all = map();
    let segments: Vec<Segment> = stays
        .iter()
        .zip(1..)
        .map(|((code, from, to), nth)| Segment {
            physician: PhysicianId(1),
            association: id(&all, code),
            class: NationalClass::B,
            starts_on: day(from),
            ended_on: (!to.is_empty()).then(|| day(to)),
            not_shown: false,
            enrolment: EnrolmentId(nth),
        })
        .collect();
    let window = Window {
        period: Period { from: day("2025-01-01"), to: day("2025-12-31") },
        horizon: day("2024-06-01"),
        known_at: KnownAt(day("2025-12-31")),
    };
    breaks(&segments, &all, window, |_| reason)
        .iter()
        .map(|one| {
            let until = one.until.map_or("-".to_string(), |day| day.to_string());
            let upper = &all.get(one.upper).expect("a body").code;
            format!("{} {upper} {}→{until} {}", one.code.code(), one.from, one.days)
        })
        .collect()
}

const NONE: WithdrawalReason = WithdrawalReason::None;

#[test]
fn member_of_all_tiers_has_no_break() {
    let stays = [("11-001", "2010-04-01", ""), ("P11", "2010-04-01", ""), ("JMA", "2010-05-01", "")];
    assert_eq!(told(&stays, NONE), [""; 0]);
    // The tier below on the same days, in two bodies that touch.
    let stays = [("11-001", "2010-04-01", "2025-05-01"), ("11-002", "2025-05-01", ""), ("P11", "2010-04-01", "")];
    assert_eq!(told(&stays, NONE), [""; 0]);
}

#[rstest]
#[case::one_day("2025-05-02", "AUD-040 P11 2025-05-01→2025-05-02 1")]
#[case::ninety_days("2025-07-30", "AUD-040 P11 2025-05-01→2025-07-30 90")]
#[case::a_day_more("2025-07-31", "AUD-045 P11 2025-05-01→2025-07-31 91")]
fn break_by_a_move_is_worth_watching_up_to_ninety_days(#[case] entered: &str, #[case] expected: &str) {
    let stays = [("11-001", "2010-04-01", "2025-05-01"), ("11-002", entered, ""), ("P11", "2010-04-01", "")];
    assert_eq!(told(&stays, NONE), [expected]);
}

/// The national body asks for any prefecture: who leaves below only breaks one tier.
#[test]
fn exit_that_the_upper_tier_did_not_follow_is_told_once() {
    let stays = [("11-001", "2010-04-01", "2025-05-01"), ("P11", "2010-04-01", ""), ("JMA", "2010-04-01", "")];
    assert_eq!(told(&stays, NONE), ["AUD-041 P11 2025-05-01→- 245"]);
}

#[rstest]
#[case::recently("2025-10-03", "AUD-040 P11 2025-10-03→- 90")]
#[case::too_long_ago("2025-10-02", "AUD-041 P11 2025-10-02→- 91")]
fn who_moves_away_may_still_be_seen_for_ninety_days(#[case] left: &str, #[case] expected: &str) {
    let stays = [("11-001", "2010-04-01", left), ("P11", "2010-04-01", "")];
    assert_eq!(told(&stays, WithdrawalReason::MovedAway), [expected]);
}

#[rstest]
#[case::same_day("2025-05-01", &[])]
#[case::a_day_late("2025-05-02", &["AUD-042 P11 2025-05-01→2025-05-02 1"])]
#[case::a_day_early("2025-04-30", &["AUD-044 P11 2025-04-30→2025-05-01 1"])]
#[case::ninety_days_early("2025-01-31", &["AUD-044 P11 2025-01-31→2025-05-01 90"])]
#[case::of_its_own("2025-01-30", &[])]
fn upper_exit_follows_on_the_same_day(#[case] upper_left: &str, #[case] expected: &[&str]) {
    let stays = [("11-001", "2010-04-01", "2025-05-01"), ("P11", "2010-04-01", upper_left)];
    assert_eq!(told(&stays, NONE), expected);
}

#[rstest]
#[case::never(&[("JMA", "2010-04-01", "")], &["AUD-043 JMA 2010-04-01→- 5754"])]
#[case::joined_above_first(
    &[("11-001", "2025-04-11", ""), ("P11", "2025-04-01", "")],
    &["AUD-043 P11 2025-04-01→2025-04-11 10"]
)]
#[case::below_another_prefecture(
    &[("13-001", "2010-04-01", ""), ("P11", "2025-04-01", "")],
    &["AUD-043 P11 2025-04-01→- 275"]
)]
fn upper_tier_without_the_one_below_needs_a_person(#[case] stays: &[(&str, &str, &str)], #[case] expected: &[&str]) {
    assert_eq!(told(stays, NONE), expected);
}

/// Ended rows leave the exports after a while: what was below before the horizon is not known.
#[test]
fn break_before_the_first_export_is_not_told() {
    let stays = [("11-001", "2024-05-31", ""), ("P11", "2010-04-01", "")];
    assert_eq!(told(&stays, NONE), [""; 0]);
}

#[test]
fn move_across_prefectures_breaks_the_national_tier_for_its_gap() {
    let stays = [
        ("11-001", "1999-04-01", "2025-04-06"),
        ("P11", "1999-04-01", "2025-04-06"),
        ("13-001", "2025-04-15", ""),
        ("P13", "2025-04-15", ""),
        ("JMA", "1999-05-01", ""),
    ];
    assert_eq!(told(&stays, NONE), ["AUD-040 JMA 2025-04-06→2025-04-15 9"]);
}
