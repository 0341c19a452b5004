//! The difference law (R15): why our count and the source's own differ on an export day, person by person.
//!
//! The source (MAMIS) subtracts a member as soon as a withdrawal is approved and adds one as soon as a join is;
//! we count by date.

use chrono::NaiveDate;

use super::as_of::WithdrawalDayRule;
use super::enrolment::SourceStatus;
use super::ids::{AssociationId, PhysicianId};

/// A local stay as the newest export leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayOnExportDay {
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// 入会日; `None` = pending.
    pub joined_on: Option<NaiveDate>,
    /// 退会日.
    pub left_on: Option<NaiveDate>,
    /// The stored 会員状態.
    pub status: SourceStatus,
    /// Rows of the export that show the stay; 0 = not shown.
    pub rows_shown: u16,
    /// Whether the body exists on the export day; nobody is a member of one that does not.
    pub body_exists: bool,
}

/// Why a person makes the two counts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DifferenceCause {
    /// Approved withdrawal whose day has not passed: we count, the source does not (+1).
    WithdrawalAhead,
    /// Approved join whose day has not come: the source counts, we do not (−1).
    JoinAhead,
    /// Stay in force that the export no longer shows (+1).
    NotShown,
    /// Counted, or not counted, because of an application or adjustment that the export does not reflect (±1).
    Corrected,
    /// Row that says 在籍 of a body that has ended or not yet begun: the source counts, we do not (−1).
    BodyNotThere,
    /// Nothing of the above explains it; must be empty.
    Unexplained,
}

/// One person behind the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DifferencePerson {
    /// Why.
    pub cause: DifferenceCause,
    /// What it adds to the source's count.
    pub effect: i64,
    /// The stay; of an unexplained one the first of the person in the body.
    pub stay: StayOnExportDay,
}

/// The terms of the law for one body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DifferenceTerms {
    /// Rows whose stored 会員状態 is 在籍.
    pub source_count: i64,
    /// + approved withdrawals with 入会日 ≤ t ≤ 退会日.
    pub withdrawals_ahead: i64,
    /// − approved joins with 入会日 > t.
    pub joins_ahead: i64,
    /// + stays in force that the export no longer shows.
    pub not_shown: i64,
    /// ± memberships through applications and adjustments that the export does not reflect.
    pub corrected: i64,
    /// − rows in force by their dates of bodies that do not exist on the day (組織変更).
    pub bodies_not_there: i64,
    /// What is left over; must be 0.
    pub remainder: i64,
    /// Our memberships.
    pub ours: i64,
}

impl DifferenceTerms {
    /// Adds the terms of another body.
    pub fn add(&mut self, other: &Self) {
        self.source_count += other.source_count;
        self.withdrawals_ahead += other.withdrawals_ahead;
        self.joins_ahead += other.joins_ahead;
        self.not_shown += other.not_shown;
        self.corrected += other.corrected;
        self.bodies_not_there += other.bodies_not_there;
        self.remainder += other.remainder;
        self.ours += other.ours;
    }
}

/// Sets up the law for all stays of one person in one body on export day `t`: the terms and the people in them.
///
/// `source_count` comes from the stored cell, the other terms from dates, so the remainder can be non-empty: it
/// shows rows whose state contradicts their dates.
pub fn difference(
    stays: &[StayOnExportDay],
    t: NaiveDate,
    rule: WithdrawalDayRule,
) -> (DifferenceTerms, Vec<DifferencePerson>) {
    let mut terms = DifferenceTerms::default();
    let mut people = Vec::new();
    let mut counted = false;
    for stay in stays {
        let started = stay.joined_on.is_some_and(|joined| joined <= t);
        let not_ended = stay.left_on.is_none_or(|left| t < rule.ended_on(left));
        let in_force = started && not_ended && stay.body_exists;
        counted |= in_force;
        if stay.status == SourceStatus::Active {
            terms.source_count += i64::from(stay.rows_shown);
        }
        let shown = stay.rows_shown > 0;
        let cause = match (shown, in_force) {
            (true, true) if stay.left_on.is_some() => DifferenceCause::WithdrawalAhead,
            (false, true) => DifferenceCause::NotShown,
            (true, false) if !stay.body_exists && stay.status == SourceStatus::Active => DifferenceCause::BodyNotThere,
            (true, false) if stay.left_on.is_none() && stay.joined_on.is_some_and(|joined| joined > t) => {
                DifferenceCause::JoinAhead
            }
            _ => continue,
        };
        let (term, effect) = match cause {
            DifferenceCause::WithdrawalAhead => (&mut terms.withdrawals_ahead, 1),
            DifferenceCause::JoinAhead => (&mut terms.joins_ahead, -1),
            DifferenceCause::BodyNotThere => (&mut terms.bodies_not_there, -1),
            _ => (&mut terms.not_shown, 1),
        };
        *term += 1;
        people.push(DifferencePerson { cause, effect, stay: *stay });
    }
    terms.ours = i64::from(counted);
    terms.remainder = terms.ours
        - (terms.source_count + terms.withdrawals_ahead - terms.joins_ahead - terms.bodies_not_there + terms.not_shown);
    if terms.remainder != 0
        && let Some(first) = stays.first()
    {
        people.push(DifferencePerson { cause: DifferenceCause::Unexplained, effect: terms.remainder, stay: *first });
    }
    (terms, people)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("test dates are ISO")
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

    #[rstest]
    #[case::plain(stay("2010-04-01", "", SourceStatus::Active, 1), None)]
    #[case::leaves_today(
        stay("2010-04-01", "2025-12-31", SourceStatus::Withdrawn, 1),
        Some(DifferenceCause::WithdrawalAhead)
    )]
    #[case::left_yesterday(stay("2010-04-01", "2025-12-30", SourceStatus::Withdrawn, 1), None)]
    #[case::joins_tomorrow(stay("2026-01-01", "", SourceStatus::Active, 1), Some(DifferenceCause::JoinAhead))]
    #[case::pending(stay("", "", SourceStatus::Pending, 1), None)]
    #[case::vanished(stay("2010-04-01", "", SourceStatus::Active, 0), Some(DifferenceCause::NotShown))]
    #[case::state_without_day(stay("2010-04-01", "", SourceStatus::Withdrawn, 1), Some(DifferenceCause::Unexplained))]
    #[case::body_has_ended(elsewhere("2010-04-01", "", SourceStatus::Active, 1), Some(DifferenceCause::BodyNotThere))]
    #[case::body_has_ended_and_row_gone(elsewhere("2010-04-01", "", SourceStatus::Active, 0), None)]
    #[case::body_has_ended_and_row_closed(elsewhere("2010-04-01", "2025-11-30", SourceStatus::Withdrawn, 1), None)]
    #[case::day_without_state(
        stay("2010-04-01", "2026-01-31", SourceStatus::Active, 1),
        Some(DifferenceCause::WithdrawalAhead)
    )]
    fn each_stay_has_its_cause(#[case] stay: StayOnExportDay, #[case] cause: Option<DifferenceCause>) {
        let (terms, people) = difference(&[stay], day("2025-12-31"), WithdrawalDayRule::LastMemberDay);
        let first = people.first().map(|person| person.cause);
        assert_eq!(first, cause);
        assert_eq!(
            terms.ours,
            terms.source_count + terms.withdrawals_ahead - terms.joins_ahead - terms.bodies_not_there
                + terms.not_shown
                + terms.remainder
        );
    }
}
