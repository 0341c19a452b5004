//! The six states of R22 at their border days, and which application belongs to which stay.

use rstest::rstest;

use super::*;
use crate::domain::application::Filer;
use crate::domain::enrolment::{ReportedBy, ReportedFacts, SourceStatus};
use crate::domain::ids::{EnrolmentId, ImportId, SourceId};
use crate::written::day;

fn date(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| day(text))
}

fn stay(id: i64, joined: &str, left: &str, known: &str, reason: WithdrawalReason) -> KnownStay {
    KnownStay {
        enrolment: EnrolmentId(id),
        source: SourceId(1),
        physician: PhysicianId(1),
        association: AssociationId(1),
        joined_on: date(joined),
        left_on: date(left),
        class: NationalClass::B,
        reason,
        status: SourceStatus::Active,
        rows_shown: 1,
        joined_known_from: day("2025-09-30"),
        left_known_from: date(known),
        left_shown_from: None,
        first_known_from: day("2025-09-30"),
        told: ReportedFacts::all(ReportedBy::Export),
    }
}

fn filed(status: ApplicationStatus, effective: &str) -> ApplicationVersion {
    ApplicationVersion {
        application: Application {
            number: "W1".into(),
            kind: ApplicationKind::Withdrawal,
            physician: PhysicianId(1),
            association: AssociationId(1),
            filer: Filer::Person,
            applied_on: None,
            effective_on: date(effective),
            approved_on: None,
            cancelled_on: None,
            status,
            class: None,
            reason: WithdrawalReason::OwnWish,
            note: "".into(),
        },
        source: SourceId(2),
        import: ImportId(1),
        row: 2,
        known_from: day("2025-12-10"),
        known_until: None,
    }
}

fn told(stays: &[KnownStay], applications: &[ApplicationVersion], as_of: &str) -> Vec<(WithdrawalState, Option<i64>)> {
    let facts = PersonFacts { stays, applications };
    let rule = WithdrawalDayRule::LastMemberDay;
    let found = withdrawals(facts, AsOf(day(as_of)), rule, |_| date("2025-09-30"));
    found.iter().map(|one| (one.state, one.lag_days)).collect()
}

const WISH: WithdrawalReason = WithdrawalReason::OwnWish;

/// An approved application without 適用日 about somebody who has left is no second withdrawal, and tells the reason (R22).
#[rstest]
#[case::ended(&[("2010-04-01", "2025-12-20")], ApplicationStatus::Approved, &[WithdrawalState::Death])]
#[case::open(&[("2010-04-01", "")], ApplicationStatus::Approved, &[WithdrawalState::Death])]
#[case::joined_again(&[("2000-04-01", "2009-03-31"), ("2010-04-01", "")], ApplicationStatus::Approved, &[WithdrawalState::Past, WithdrawalState::Death])]
#[case::not_approved(&[("2010-04-01", "2025-12-20")], ApplicationStatus::Pending, &[WithdrawalState::Past, WithdrawalState::Death])]
fn application_without_day_is_about_the_last_stay(
    #[case] stays: &[(&str, &str)],
    #[case] status: ApplicationStatus,
    #[case] expected: &[WithdrawalState],
) {
    let known = |left: &str| if left.is_empty() { "" } else { "2025-12-10" };
    let stays: Vec<KnownStay> = stays
        .iter()
        .zip(1..)
        .map(|((joined, left), id)| stay(id, joined, left, known(left), WithdrawalReason::None))
        .collect();
    let mut application = filed(status, "");
    application.application.reason = WithdrawalReason::Death;
    let states: Vec<WithdrawalState> =
        told(&stays, &[application], "2025-12-31").into_iter().map(|(state, _)| state).collect();
    assert_eq!(states, expected);
}

#[rstest]
#[case::day_before("2025-12-19", WithdrawalState::Ahead)]
#[case::on_the_day("2025-12-20", WithdrawalState::Ahead)]
#[case::day_after("2025-12-21", WithdrawalState::Past)]
fn withdrawal_of_an_export_is_ahead_until_its_day(#[case] as_of: &str, #[case] expected: WithdrawalState) {
    let stays = [stay(1, "2010-04-01", "2025-12-20", "2025-12-10", WISH)];
    assert_eq!(told(&stays, &[], as_of), [(expected, Some(-10))]);
    // The application about it is the same withdrawal, also with another day.
    for other in ["2025-12-20", "2025-12-15"] {
        let applications = [filed(ApplicationStatus::Approved, other)];
        assert_eq!(told(&stays, &applications, as_of), [(expected, Some(-10))]);
    }
}

#[rstest]
#[case::on_the_day("2025-12-20", WithdrawalState::Pending)]
#[case::day_after("2025-12-21", WithdrawalState::Overdue)]
fn withdrawal_that_nobody_approved_is_pending_then_overdue(#[case] as_of: &str, #[case] expected: WithdrawalState) {
    let stays = [stay(1, "2010-04-01", "", "", WithdrawalReason::None)];
    assert_eq!(told(&stays, &[filed(ApplicationStatus::Pending, "2025-12-20")], as_of), [(expected, None)]);
}

#[test]
fn pending_application_about_a_day_that_the_export_tells_is_that_withdrawal() {
    let stays = [stay(1, "2010-04-01", "2025-12-20", "2025-12-10", WISH)];
    let same = filed(ApplicationStatus::Pending, "2025-12-20");
    assert_eq!(told(&stays, &[same], "2025-12-31"), [(WithdrawalState::Past, Some(-10))]);
}

/// Whoever has left waits for no approval; as long as she is a member, an application for another day does.
#[rstest]
#[case::day_before("2025-12-19", "2025-12-31", 1)]
#[case::days_after("2025-12-25", "2025-12-31", 1)]
#[case::ninety_days_before("2025-09-21", "2025-12-31", 1)]
#[case::further_away("2025-09-20", "2025-12-31", 2)]
#[case::day_ahead("2026-01-01", "2025-12-31", 2)]
#[case::still_a_member("2025-12-19", "2025-12-20", 2)]
fn pending_application_near_an_end_that_has_passed_is_that_withdrawal(
    #[case] filed_for: &str,
    #[case] as_of: &str,
    #[case] n: usize,
) {
    let stays = [stay(1, "2010-04-01", "2025-12-20", "2025-12-10", WISH)];
    let found = told(&stays, &[filed(ApplicationStatus::Pending, filed_for)], as_of);
    assert_eq!(found.len(), n, "{found:?}");
}

#[test]
fn death_is_a_state_of_its_own_and_its_lag_is_told() {
    let stays = [stay(1, "2010-04-01", "2025-10-20", "2025-12-31", WithdrawalReason::Death)];
    assert_eq!(told(&stays, &[], "2025-12-31"), [(WithdrawalState::Death, Some(72))]);
}

/// Filed by somebody and approved by nobody yet: a death all the same, which still waits for approval (R22).
#[rstest]
#[case::ahead("2025-12-20", "2025-12-20", WithdrawalStage::Open, AuditCode::WithdrawalPending)]
#[case::past("2025-12-20", "2025-12-21", WithdrawalStage::Overdue, AuditCode::WithdrawalOverdue)]
#[case::no_day("", "2025-12-31", WithdrawalStage::Open, AuditCode::WithdrawalPending)]
fn death_goes_before_other_states(
    #[case] effective: &str,
    #[case] as_of: &str,
    #[case] standing: WithdrawalStage,
    #[case] code: AuditCode,
) {
    let stays = [stay(1, "2010-04-01", "", "", WithdrawalReason::None)];
    let mut death = filed(ApplicationStatus::Pending, effective);
    death.application.reason = WithdrawalReason::Death;
    let facts = PersonFacts { stays: &stays, applications: &[death] };
    let found = withdrawals(facts, AsOf(day(as_of)), WithdrawalDayRule::LastMemberDay, |_| None);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].state, found[0].standing, found[0].audit_code()), (WithdrawalState::Death, standing, code));
    assert!(!found[0].counts() && found[0].is_open());
}

/// Without its reason a death stands where any other withdrawal of its stage and day would (R37).
#[rstest]
#[case::past(ApplicationStatus::Approved, "2025-12-30", WithdrawalState::Past)]
#[case::last_member_day(ApplicationStatus::Approved, "2025-12-31", WithdrawalState::Ahead)]
#[case::ahead(ApplicationStatus::Approved, "2026-01-01", WithdrawalState::Ahead)]
#[case::overdue(ApplicationStatus::Pending, "2025-12-30", WithdrawalState::Overdue)]
#[case::without_a_day(ApplicationStatus::Pending, "", WithdrawalState::Pending)]
fn death_stands_among_other_withdrawals_without_its_reason(
    #[case] status: ApplicationStatus,
    #[case] effective: &str,
    #[case] expected: WithdrawalState,
) {
    let (as_of, rule) = (AsOf(day("2025-12-31")), WithdrawalDayRule::LastMemberDay);
    let states = |reason: WithdrawalReason| {
        let left = if status == ApplicationStatus::Approved { effective } else { "" };
        let known = if left.is_empty() { "" } else { "2025-12-10" };
        let stays = [stay(1, "2010-04-01", left, known, reason)];
        let mut application = filed(status, effective);
        application.application.reason = reason;
        let facts = PersonFacts { stays: &stays, applications: &[application] };
        let found = withdrawals(facts, as_of, rule, |_| None);
        found.iter().map(|one| (one.state, one.state_without_reason(as_of, rule))).collect::<Vec<_>>()
    };
    assert_eq!(states(WithdrawalReason::Death), [(WithdrawalState::Death, expected)]);
    assert_eq!(states(WISH), [(expected, expected)]);
}

/// 死亡 goes before any other state, whoever told it; the reason that the list gives stands, a blank one is that of the
/// approved application.
#[rstest]
#[case::blank(WithdrawalReason::None, ApplicationStatus::Approved, WithdrawalState::Death, WithdrawalReason::Death)]
#[case::own(WISH, ApplicationStatus::Approved, WithdrawalState::Death, WISH)]
#[case::pending(WithdrawalReason::None, ApplicationStatus::Pending, WithdrawalState::Death, WithdrawalReason::None)]
#[case::taken_back(WISH, ApplicationStatus::Cancelled, WithdrawalState::Past, WISH)]
fn death_of_an_application_is_the_state_and_fills_a_blank_reason(
    #[case] shown: WithdrawalReason,
    #[case] status: ApplicationStatus,
    #[case] state: WithdrawalState,
    #[case] reason: WithdrawalReason,
) {
    let stays = [stay(1, "2010-04-01", "2025-12-10", "2025-12-20", shown)];
    let mut death = filed(status, "2025-12-10");
    death.application.reason = WithdrawalReason::Death;
    let facts = PersonFacts { stays: &stays, applications: &[death] };
    let found = withdrawals(facts, AsOf(day("2025-12-31")), WithdrawalDayRule::LastMemberDay, |_| None);
    assert_eq!(found.iter().map(|one| (one.state, one.reason)).collect::<Vec<_>>(), [(state, reason)]);
}

/// Nobody knows when: 保留（適用日不明）, approved or not, and only a cancellation is something else.
#[rstest]
#[case::pending(ApplicationStatus::Pending, Some(WithdrawalState::Pending))]
#[case::approved(ApplicationStatus::Approved, Some(WithdrawalState::Pending))]
#[case::cancelled(ApplicationStatus::Cancelled, Some(WithdrawalState::Cancelled))]
#[case::unknown(ApplicationStatus::Unknown, None)]
fn application_without_day_is_pending(#[case] status: ApplicationStatus, #[case] expected: Option<WithdrawalState>) {
    let stays = [stay(1, "2010-04-01", "", "", WithdrawalReason::None)];
    let facts = PersonFacts { stays: &stays, applications: &[filed(status, "")] };
    let found = withdrawals(facts, AsOf(day("2025-12-31")), WithdrawalDayRule::LastMemberDay, |_| None);
    assert_eq!(found.iter().map(|one| one.state).collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>());
    assert!(found.iter().all(|one| one.left_on.is_none() && !one.counts()));
}

#[test]
fn person_shown_twice_leaves_once() {
    let stays = [
        stay(1, "2010-04-01", "2025-12-20", "2025-12-31", WISH),
        stay(2, "2012-04-01", "2025-12-20", "2025-12-31", WISH),
    ];
    assert_eq!(told(&stays, &[], "2025-12-31"), [(WithdrawalState::Past, Some(11))]);
}

#[test]
fn cancelled_withdrawal_is_one_line_and_the_stay_goes_on() {
    let stays = [stay(1, "2010-04-01", "", "", WithdrawalReason::None)];
    let found = told(&stays, &[filed(ApplicationStatus::Cancelled, "2025-12-20")], "2025-12-31");
    assert_eq!(found, [(WithdrawalState::Cancelled, None)]);
}

/// The export took the day back; a finding says that the application disagrees.
#[test]
fn approved_application_whose_stay_goes_on_is_no_withdrawal() {
    let stays = [stay(1, "2010-04-01", "", "", WithdrawalReason::None)];
    assert_eq!(told(&stays, &[filed(ApplicationStatus::Approved, "2025-12-20")], "2025-12-31"), []);
    assert_eq!(
        told(&[], &[filed(ApplicationStatus::Approved, "2025-12-20")], "2025-12-31"),
        [(WithdrawalState::Past, None)]
    );
}

/// An application is about the stay that had begun by its day, not about the one after it.
#[test]
fn second_stay_keeps_its_own_withdrawal() {
    let stays = [
        stay(1, "2010-04-01", "2025-10-20", "2025-10-31", WISH),
        stay(2, "2025-11-01", "", "", WithdrawalReason::None),
    ];
    let found = told(&stays, &[filed(ApplicationStatus::Approved, "2025-10-20")], "2025-12-31");
    assert_eq!(found, [(WithdrawalState::Past, Some(11))]);
}

#[test]
fn day_that_the_first_export_told_has_no_lag() {
    let stays = [stay(1, "2010-04-01", "2025-06-20", "2025-09-30", WISH)];
    assert_eq!(told(&stays, &[], "2025-12-31"), [(WithdrawalState::Past, None)]);
}

#[rstest]
#[case::none(&[], None, None, 0)]
#[case::announced_before(&[Some(-3), Some(0)], None, None, 0)]
#[case::odd(&[Some(5), Some(1), Some(31)], Some(5), Some(31), 1)]
#[case::even_rounds_half_up(&[Some(1), Some(4), None], Some(3), Some(4), 0)]
#[case::thirty_is_not_over(&[Some(30), Some(30)], Some(30), Some(30), 0)]
fn lags_are_summed_up(
    #[case] lags: &[Option<i64>],
    #[case] median: Option<i64>,
    #[case] longest: Option<i64>,
    #[case] over: usize,
) {
    let found = lag_statistics(lags.iter().copied());
    assert_eq!((found.median_days, found.longest_days, found.n_over_30), (median, longest, over));
}
