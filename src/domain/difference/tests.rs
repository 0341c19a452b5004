//! The law for every kind of row, and for persons drawn at random.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rstest::rstest;

use super::*;

const LAST: WithdrawalDayRule = WithdrawalDayRule::LastMemberDay;
const FIRST: WithdrawalDayRule = WithdrawalDayRule::FirstNonMemberDay;
const STATES: [SourceStatus; 4] =
    [SourceStatus::Active, SourceStatus::Withdrawn, SourceStatus::Pending, SourceStatus::Unknown];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("test dates are ISO")
}

fn today() -> NaiveDate {
    day("2025-12-31")
}

fn stay(joined: &str, left: &str, status: SourceStatus, rows_shown: u16) -> StayOnExportDay {
    StayOnExportDay {
        physician: PhysicianId(1),
        association: AssociationId(1),
        joined_on: (!joined.is_empty()).then(|| day(joined)),
        left_on: (!left.is_empty()).then(|| day(left)),
        status,
        rows_shown,
        body_exists: true,
    }
}

fn elsewhere(joined: &str, left: &str, status: SourceStatus, rows_shown: u16) -> StayOnExportDay {
    StayOnExportDay { body_exists: false, ..stay(joined, left, status, rows_shown) }
}

/// Nothing but exports, counted as their days say.
fn of_exports(stays: &[StayOnExportDay], rule: WithdrawalDayRule) -> (DifferenceTerms, Vec<DifferencePerson>) {
    let resolved = stays.iter().find(|stay| stay.is_in_force(today(), rule)).copied();
    law_of_person(PersonInBody { exports: stays, resolved, is_counted: resolved.is_some() }, today(), rule)
}

#[rstest]
#[case::plain(stay("2010-04-01", "", SourceStatus::Active, 1), None)]
#[case::leaves_today(stay("2010-04-01", "2025-12-31", SourceStatus::Withdrawn, 1), Some((DifferenceCause::WithdrawalAhead, 1)))]
#[case::left_yesterday(stay("2010-04-01", "2025-12-30", SourceStatus::Withdrawn, 1), None)]
#[case::joins_tomorrow(stay("2026-01-01", "", SourceStatus::Active, 1), Some((DifferenceCause::JoinAhead, -1)))]
#[case::pending(stay("", "", SourceStatus::Pending, 1), None)]
#[case::pending_tomorrow(stay("2026-01-01", "", SourceStatus::Pending, 1), None)]
#[case::vanished(stay("2010-04-01", "", SourceStatus::Active, 0), Some((DifferenceCause::NotShown, 1)))]
#[case::state_without_day(stay("2010-04-01", "", SourceStatus::Withdrawn, 1), Some((DifferenceCause::Contradiction, 1)))]
#[case::pending_in_force(stay("2010-04-01", "", SourceStatus::Pending, 1), Some((DifferenceCause::Contradiction, 1)))]
#[case::day_without_state(stay("2010-04-01", "2026-01-31", SourceStatus::Active, 1), Some((DifferenceCause::Contradiction, 0)))]
#[case::active_after_end(stay("2010-04-01", "2025-11-30", SourceStatus::Active, 1), Some((DifferenceCause::Contradiction, -1)))]
#[case::active_without_day(stay("", "", SourceStatus::Active, 1), Some((DifferenceCause::Contradiction, -1)))]
#[case::body_has_ended(elsewhere("2010-04-01", "", SourceStatus::Active, 1), Some((DifferenceCause::BodyNotThere, -1)))]
#[case::body_has_ended_and_row_gone(elsewhere("2010-04-01", "", SourceStatus::Active, 0), None)]
#[case::body_has_ended_and_row_closed(elsewhere("2010-04-01", "2025-11-30", SourceStatus::Withdrawn, 1), None)]
#[case::body_has_ended_and_row_is_odd(elsewhere("2010-04-01", "2025-11-30", SourceStatus::Active, 1), Some((DifferenceCause::Contradiction, -1)))]
#[case::twice(stay("2010-04-01", "", SourceStatus::Active, 2), Some((DifferenceCause::DoubleRow, -1)))]
fn each_stay_has_its_cause(#[case] stay: StayOnExportDay, #[case] cause: Option<(DifferenceCause, i64)>) {
    let (terms, people) = of_exports(&[stay], LAST);
    assert_eq!(people.first().map(|person| (person.cause, person.effect)), cause);
    assert!(people.len() <= 1);
    assert_eq!(terms.remainder(), 0);
}

/// Overlapping stays of one person count once; the one that began later is the second row.
#[test]
fn second_row_of_another_joining_day_is_its_own_term() {
    let stays = [stay("2010-04-01", "", SourceStatus::Active, 1), stay("2012-04-01", "", SourceStatus::Active, 1)];
    let (terms, people) = of_exports(&stays, LAST);
    assert_eq!(
        (terms.source_count, terms.figure(DifferenceCause::DoubleRow), terms.ours, terms.remainder()),
        (2, 1, 1, 0)
    );
    assert_eq!(
        people.iter().map(|one| (one.cause, one.stay.joined_on)).collect::<Vec<_>>(),
        [(DifferenceCause::DoubleRow, Some(day("2012-04-01")))]
    );
}

/// Left and came back: two rows, but no second one.
#[test]
fn rejoined_member_is_no_double_row() {
    let left = stay("2010-04-01", "2020-03-31", SourceStatus::Withdrawn, 1);
    let (terms, people) = of_exports(&[left, stay("2021-04-01", "", SourceStatus::Active, 1)], LAST);
    assert_eq!((terms.source_count, terms.ours, people.len()), (1, 1, 0));
}

/// Only the figures can be wrong then: the law says so, and names the person.
#[rstest]
#[case::counted_and_should_not(stay("2010-04-01", "2025-11-30", SourceStatus::Withdrawn, 1), true, 1)]
#[case::not_counted_and_should(stay("2010-04-01", "", SourceStatus::Active, 1), false, -1)]
fn figure_that_no_term_explains_is_a_remainder(
    #[case] stay: StayOnExportDay,
    #[case] is_counted: bool,
    #[case] n: i64,
) {
    let resolved = stay.is_in_force(today(), LAST).then_some(stay);
    let (terms, people) = law_of_person(PersonInBody { exports: &[stay], resolved, is_counted }, today(), LAST);
    assert_eq!(terms.remainder(), n);
    assert_eq!(
        people.iter().map(|one| (one.cause, one.effect)).collect::<Vec<_>>(),
        [(DifferenceCause::Unexplained, n)]
    );
}

/// A stay that an application or adjustment had ended before its row vanished is not in force (R6).
#[test]
fn vanished_stay_that_was_ended_before_is_no_term() {
    let vanished = [stay("2010-04-01", "", SourceStatus::Active, 0)];
    let (terms, people) =
        law_of_person(PersonInBody { exports: &vanished, resolved: None, is_counted: false }, today(), LAST);
    assert_eq!(
        (
            terms.figure(DifferenceCause::NotShown),
            terms.figure(DifferenceCause::Corrected),
            terms.remainder(),
            people.len()
        ),
        (0, 0, 0, 0)
    );
}

/// The days that matter beside the export day: long before, the eve, the day, the day after, much later.
const DAYS: [&str; 6] = ["", "2010-04-01", "2025-12-30", "2025-12-31", "2026-01-01", "2026-03-31"];

/// Each row that contradicts itself, said again from the ruling: 在籍 with a 退会日 past or to come, or without 入会日; any
/// other state, 退会 with a 退会日 to come left out, with days in force.
fn contradicts(stay: &StayOnExportDay, rule: WithdrawalDayRule) -> bool {
    let t = today();
    let has_begun = stay.joined_on.is_some_and(|joined| joined <= t);
    let last_day = stay.left_on.map(|left| if rule == LAST { left } else { left.pred_opt().expect("a day") });
    let in_force = has_begun && last_day.is_none_or(|last| t <= last);
    match stay.status {
        _ if in_force && !stay.body_exists => false,
        SourceStatus::Active if stay.joined_on.is_none() => true,
        // On the last day both say the same.
        SourceStatus::Active => has_begun && stay.left_on.is_some() && !(in_force && stay.left_on == Some(t)),
        SourceStatus::Withdrawn => in_force && stay.left_on.is_none(),
        SourceStatus::Pending | SourceStatus::Unknown => in_force,
    }
}

fn check(stays: &[StayOnExportDay], resolved: Option<StayOnExportDay>, rule: WithdrawalDayRule) {
    let person = PersonInBody { exports: stays, resolved, is_counted: resolved.is_some() };
    let (terms, people) = law_of_person(person, today(), rule);
    assert_eq!(terms.remainder(), 0, "{stays:?} {resolved:?} {rule:?}");
    let said: i64 = people.iter().map(|one| one.effect).sum();
    let n_active: i64 =
        stays.iter().filter(|stay| stay.status == SourceStatus::Active).map(|stay| i64::from(stay.rows_shown)).sum();
    assert_eq!((terms.source_count, n_active + said), (n_active, terms.ours), "{stays:?} {resolved:?} {rule:?}");
    for stay in stays.iter().filter(|stay| stay.rows_shown > 0) {
        let n_alike = stays.iter().filter(|other| *other == stay).count();
        let of_stay = people.iter().filter(|one| one.cause == DifferenceCause::Contradiction && one.stay == *stay);
        assert_eq!(of_stay.count(), if contradicts(stay, rule) { n_alike } else { 0 }, "{stay:?} {rule:?}");
    }
    assert!(people.iter().all(|one| one.contradiction.is_some() == (one.cause == DifferenceCause::Contradiction)));
}

/// Every state × 入会日 × 退会日 × rows × body × told otherwise by an application or adjustment × rule, one stay at a time.
#[test]
fn law_holds_for_every_kind_of_row() {
    let mut n = 0;
    for (status, joined, left) in all_rows() {
        for rows_shown in 0..=3 {
            for body_exists in [true, false] {
                let one = StayOnExportDay { body_exists, ..stay(joined, left, status, rows_shown) };
                for rule in [LAST, FIRST] {
                    for resolved in [None, Some(stay("2010-04-01", "", status, rows_shown))] {
                        check(&[one], resolved, rule);
                        n += 1;
                    }
                }
            }
        }
    }
    assert_eq!(n, 4 * 26 * 4 * 2 * 2 * 2);
}

fn all_rows() -> impl Iterator<Item = (SourceStatus, &'static str, &'static str)> {
    let days = || DAYS.into_iter().flat_map(|joined| DAYS.into_iter().map(move |left| (joined, left)));
    let possible = |(joined, left): &(&str, &str)| left.is_empty() || joined.is_empty() || joined <= left;
    STATES.into_iter().flat_map(move |status| days().filter(possible).map(move |(joined, left)| (status, joined, left)))
}

fn any_stay() -> impl Strategy<Value = StayOnExportDay> {
    let rows: Vec<_> = all_rows().collect();
    (prop::sample::select(rows), 0_u16..4, any::<bool>()).prop_map(
        |((status, joined, left), rows_shown, body_exists)| StayOnExportDay {
            body_exists,
            ..stay(joined, left, status, rows_shown)
        },
    )
}

proptest! {
    /// Several rows of one person in one body, in any mixture.
    #[test]
    fn law_holds_for_any_rows_of_a_person(
        stays in prop::collection::vec(any_stay(), 0..4),
        is_resolved in any::<bool>(),
        is_first in any::<bool>(),
    ) {
        let resolved = is_resolved.then(|| stay("2010-04-01", "", SourceStatus::Unknown, 0));
        check(&stays, resolved, if is_first { FIRST } else { LAST });
    }
}

#[test]
fn each_cause_has_a_term_with_names_of_its_own() {
    let terms = DifferenceCause::ALL.map(DifferenceCause::term);
    assert_eq!(terms.map(|term| term.cause), DifferenceCause::ALL);
    let names = |name: fn(&Term) -> &'static str| terms.iter().map(name).collect::<BTreeSet<_>>().len();
    assert_eq!([names(|term| term.key), names(|term| term.code), names(|term| term.label)], [8, 8, 8]);
    assert_eq!(names(|term| term.metric.id()), 8);
}
