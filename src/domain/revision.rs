//! Why the figure of a past day changed between two known-ats (R17): by person, each change with one cause.
//!
//! A change is a person who counts in a body on the day at one of the two, or in another class. Its cause is the first of
//! these that fits:
//!
//! 1. 調整: without adjustments nothing would have changed for any of her numbers;
//! 2. 組織変更: what brings or ends the membership is booked as 組織変更 by R16, and
//!    was not booked before;
//! 3. 区分の再分類: she counts at both, in another class;
//! 4. she counts only since: 出力の開始 where the source of her stay had no export yet, 遅れた届出 where the stay or its
//!    入会日 was told later, 退会取消 where a withdrawal was taken back by application (R5), else 訂正;
//! 5. she no longer counts: 遅れた届出 where her 退会日 was told later, else 訂正.
//!
//! This module knows neither the store nor how changes are found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use chrono::NaiveDate;
use serde::Serialize;

use super::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use super::association::{Association, Associations};
use super::class::NationalClass;
use super::coded::coded;
use super::enrolment::KnownStay;
use super::ids::{AssociationId, PhysicianId, SourceId};
use super::roll_forward::{Booking, Flow};

coded! {
    /// Why a figure of a past day changed (R17).
    ///
    /// They stand in printing order.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum RevisionCause {
        /// An event on or before the day was told later (遅れた届出).
        LateReport = "late_report" / "遅れた届出",
        /// A withdrawal was taken back by application (退会取消).
        Cancelled = "cancelled" / "退会取消",
        /// A day was corrected, or vanished without an application (訂正).
        Corrected = "corrected" / "訂正",
        /// Counted in another class (区分の再分類).
        Reclassified = "reclassified" / "区分の再分類",
        /// The body was merged, divided or ended, and its successor told later (組織変更).
        Reorganised = "reorganised" / "組織変更",
        /// Only adjustments say so (調整).
        Adjusted = "adjusted" / "調整",
        /// The source had no export before (出力の開始).
        SourceBegan = "source_began" / "出力の開始",
    }
}

impl RevisionCause {
    /// Number of causes.
    pub const COUNT: usize = Self::ALL.len();

    /// Position in [`Self::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// A membership that counts otherwise than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// Class as known before; `None` for somebody who did not count.
    pub before: Option<NationalClass>,
    /// Class as known now; `None` for somebody who does not count. Never the same as before.
    pub after: Option<NationalClass>,
}

/// A change with its cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevisedMember {
    /// The change.
    pub change: Change,
    /// Its cause.
    pub cause: RevisionCause,
}

/// What is known of the person of a change.
#[derive(Debug, Clone, Copy)]
pub struct PersonRevised<'a> {
    /// Her numbers: her own, and those that were hers at one of the two known-ats (同一人物).
    pub numbers: &'a BTreeSet<PhysicianId>,
    /// Whether one of her numbers counts otherwise without adjustments too.
    pub changes_without_adjustments: bool,
    /// Stays as known before, those of her numbers included.
    pub stays_before: &'a [KnownStay],
    /// Stays as known now, those of her numbers included.
    pub stays_after: &'a [KnownStay],
    /// Movements as they would have been booked before.
    pub bookings_before: &'a [Booking],
    /// Movements as booked now.
    pub bookings_after: &'a [Booking],
}

/// What holds for all changes.
#[derive(Debug, Clone, Copy)]
pub struct Revising<'a> {
    /// The day of the figure.
    pub as_of: AsOf,
    /// The earlier known-at.
    pub known_before: KnownAt,
    /// 退会日の扱い.
    pub rule: WithdrawalDayRule,
    /// Day of the first export of each source.
    pub sources_began: &'a BTreeMap<SourceId, NaiveDate>,
    /// Persons and bodies with a withdrawal that was taken back by application.
    pub cancelled: &'a BTreeSet<(PhysicianId, AssociationId)>,
}

impl Revising<'_> {
    /// The cause of a change.
    pub fn cause(&self, change: &Change, evidence: &PersonRevised<'_>) -> RevisionCause {
        if !evidence.changes_without_adjustments {
            return RevisionCause::Adjusted;
        }
        if is_reorganised(change, evidence, self.as_of.0) {
            return RevisionCause::Reorganised;
        }
        match (change.before, change.after) {
            (Some(_), Some(_)) => RevisionCause::Reclassified,
            (None, _) => self.cause_of_appearing(change, evidence),
            (_, None) => self.cause_of_disappearing(change, evidence),
        }
    }

    fn cause_of_appearing(&self, change: &Change, evidence: &PersonRevised<'_>) -> RevisionCause {
        let Some(now) = self.in_force(evidence.stays_after, change) else {
            return RevisionCause::Corrected;
        };
        let began = self.sources_began.get(&now.source);
        if began.is_some_and(|began| *began > self.known_before.0) {
            return RevisionCause::SourceBegan;
        }
        let before = evidence.stays_before.iter().find(|stay| stay.enrolment == now.enrolment);
        match before {
            // A stay, or the 入会日 of one that was pending, that nobody had told.
            None => RevisionCause::LateReport,
            Some(before) if before.joined_on.is_none() => RevisionCause::LateReport,
            Some(before) => {
                let is_cancelled = |number: &PhysicianId| self.cancelled.contains(&(*number, change.association));
                if self.has_left(before) && evidence.numbers.iter().any(is_cancelled) {
                    RevisionCause::Cancelled
                } else {
                    RevisionCause::Corrected
                }
            }
        }
    }

    fn cause_of_disappearing(&self, change: &Change, evidence: &PersonRevised<'_>) -> RevisionCause {
        let Some(before) = self.in_force(evidence.stays_before, change) else {
            return RevisionCause::Corrected;
        };
        let now = evidence.stays_after.iter().find(|stay| stay.enrolment == before.enrolment);
        match now {
            Some(now) if before.left_on.is_none() && self.has_left(now) => RevisionCause::LateReport,
            _ => RevisionCause::Corrected,
        }
    }

    /// The stay of the body that counts on the day; of several the one that began last (R1).
    fn in_force<'s>(&self, stays: &'s [KnownStay], change: &Change) -> Option<&'s KnownStay> {
        stays
            .iter()
            .filter(|stay| (stay.physician, stay.association) == (change.physician, change.association))
            .filter(|stay| stay.joined_on.is_some_and(|joined| joined <= self.as_of.0) && !self.has_left(stay))
            .max_by_key(|stay| (stay.joined_on, stay.enrolment))
    }

    fn has_left(&self, stay: &KnownStay) -> bool {
        stay.left_on.is_some_and(|left| self.rule.ended_on(left) <= self.as_of.0)
    }
}

/// Whether the entry or exit of the body that decides the day, the last one up to it, else the first one after it, is
/// 組織変更 and was not booked before.
fn is_reorganised(change: &Change, evidence: &PersonRevised<'_>, day: NaiveDate) -> bool {
    if change.before.is_some() && change.after.is_some() {
        return false;
    }
    let of_body = |booking: &&&Booking| booking.association == change.association && booking.effect() != 0;
    let [before, after]: [Vec<&Booking>; 2] = [evidence.bookings_before, evidence.bookings_after]
        .map(|bookings| bookings.iter().filter(|booking| of_body(&booking)).collect());
    let last = after.iter().filter(|booking| booking.day <= day).max_by_key(|booking| booking.day);
    let decides = last.or_else(|| after.iter().min_by_key(|booking| booking.day));
    let was_booked =
        |booking: &Booking| before.iter().any(|other| (other.day, other.effect()) == (booking.day, booking.effect()));
    decides.is_some_and(|booking| booking.flow == Flow::Reorganised && !was_booked(booking))
}

/// The revision of one figure. Causes are differences with their sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct RevisionRow {
    /// Members as known before.
    pub before: i64,
    /// What each cause adds, in printing order.
    pub causes: [i64; RevisionCause::COUNT],
    /// Members as known now.
    pub after: i64,
}

impl RevisionRow {
    /// The revision: what is known now less what was known before.
    pub fn revision(&self) -> i64 {
        self.after - self.before
    }

    /// Whether the causes add up to the revision (R17).
    pub fn balances(&self) -> bool {
        self.causes.iter().sum::<i64>() == self.revision()
    }
}

impl AddAssign for RevisionRow {
    fn add_assign(&mut self, other: Self) {
        self.before += other.before;
        self.after += other.after;
        self.causes.iter_mut().zip(other.causes).for_each(|(sum, n)| *sum += n);
    }
}

/// The lines of one body, one for each class in printing order.
pub type BodyRevisions = [RevisionRow; NationalClass::COUNT];

/// The revision of the figures of one day between two known-ats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The day of the figures.
    pub as_of: AsOf,
    /// The earlier known-at.
    pub known_before: KnownAt,
    /// The later one.
    pub known_at: KnownAt,
    /// Lines by body (official order) and class.
    pub cells: Vec<BodyRevisions>,
    /// The people behind the revision, by body, cause, person.
    pub people: Vec<RevisedMember>,
}

impl Revision {
    /// All bodies that `keep` accepts, all classes, added up.
    pub fn sum(&self, associations: &Associations, keep: impl Fn(&Association) -> bool) -> RevisionRow {
        let mut out = RevisionRow::default();
        let kept = associations.iter().zip(&self.cells).filter(|(body, _)| keep(body));
        kept.flat_map(|(_, rows)| rows).for_each(|row| out += *row);
        out
    }

    /// The sum over classes of one body by its place in official order.
    pub fn of_body(&self, rank: usize) -> RevisionRow {
        let mut out = RevisionRow::default();
        self.cells.get(rank).into_iter().flatten().for_each(|row| out += *row);
        out
    }

    /// Books a person into the lines of her body.
    pub fn book(&mut self, rank: usize, member: &RevisedMember) {
        let Some(rows) = self.cells.get_mut(rank) else { return };
        let cause = member.cause.index();
        if let Some(class) = member.change.before {
            rows[usize::from(class.index())].causes[cause] -= 1;
        }
        if let Some(class) = member.change.after {
            rows[usize::from(class.index())].causes[cause] += 1;
        }
    }

    /// Whether every line adds up. Always, unless the program is wrong.
    pub fn balances(&self) -> bool {
        self.cells.iter().flatten().all(RevisionRow::balances)
    }
}

/// How firm a figure is (速報・確報・改定).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureStatus {
    /// The backlog of its day has not passed (速報).
    Preliminary,
    /// It has (確報).
    Final,
    /// It has, and the figure is another one than when it was first final or first pinned (改定).
    Revised,
}

impl FigureStatus {
    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Preliminary => "速報",
            Self::Final => "確報",
            Self::Revised => "改定",
        }
    }

    /// Judges a day by its backlog alone: final from `final_after_days` days after it on.
    pub fn by_backlog(as_of: AsOf, known_at: KnownAt, final_after_days: u32) -> Self {
        let is_final = (known_at.0 - as_of.0).num_days() >= i64::from(final_after_days);
        if is_final { Self::Final } else { Self::Preliminary }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::enrolment::{ReportedBy, ReportedFacts, SourceStatus, WithdrawalReason};
    use crate::domain::ids::EnrolmentId;
    use crate::written::day;

    /// One stay as told: 入会日 (`-` where nothing is told, blank while pending) and 退会日.
    fn told(joined: &str, left: &str) -> Vec<KnownStay> {
        if joined == "-" {
            return Vec::new();
        }
        let date = |text: &str| (!text.is_empty()).then(|| day(text));
        vec![KnownStay {
            enrolment: EnrolmentId(1),
            source: SourceId(1),
            physician: PhysicianId(1),
            association: AssociationId(1),
            joined_on: date(joined),
            left_on: date(left),
            class: NationalClass::B,
            reason: WithdrawalReason::None,
            status: SourceStatus::Unknown,
            rows_shown: 1,
            joined_known_from: day("2025-09-30"),
            left_known_from: None,
            left_shown_from: None,
            first_known_from: day("2025-09-30"),
            told: ReportedFacts::all(ReportedBy::Export),
        }]
    }

    /// Members on 2025-10-31 as known on that day and a month later.
    #[rstest]
    #[case::left_late(("2010-04-01", ""), ("2010-04-01", "2025-10-30"), RevisionCause::LateReport)]
    #[case::joined_late(("-", ""), ("2025-10-15", ""), RevisionCause::LateReport)]
    #[case::no_longer_pending(("", ""), ("2025-10-15", ""), RevisionCause::LateReport)]
    #[case::left_earlier(("2010-04-01", "2025-12-31"), ("2010-04-01", "2025-10-30"), RevisionCause::Corrected)]
    #[case::joined_later(("2010-04-01", ""), ("2025-11-01", ""), RevisionCause::Corrected)]
    #[case::joined_earlier(("2025-11-01", ""), ("2025-10-15", ""), RevisionCause::Corrected)]
    #[case::reopened(("2010-04-01", "2025-10-15"), ("2010-04-01", ""), RevisionCause::Corrected)]
    #[case::left_late_and_joined_otherwise(("2010-04-01", ""), ("2010-05-01", "2025-10-30"), RevisionCause::LateReport)]
    #[case::joined_later_and_left(("2010-04-01", ""), ("2025-11-01", "2025-11-30"), RevisionCause::Corrected)]
    fn change_has_the_cause_that_its_stay_tells(
        #[case] before: (&str, &str),
        #[case] after: (&str, &str),
        #[case] expected: RevisionCause,
    ) {
        assert_eq!(cause(before, after, "2025-09-30", &BTreeSet::new()), expected);
    }

    #[test]
    fn reopened_stay_is_a_cancellation_where_an_application_says_so() {
        let cancelled = BTreeSet::from([(PhysicianId(1), AssociationId(1))]);
        let found = cause(("2010-04-01", "2025-10-15"), ("2010-04-01", ""), "2025-09-30", &cancelled);
        assert_eq!(found, RevisionCause::Cancelled);
    }

    #[test]
    fn stay_of_a_source_without_an_export_before_is_no_late_report() {
        let found = cause(("-", ""), ("2010-04-01", ""), "2025-11-30", &BTreeSet::new());
        assert_eq!(found, RevisionCause::SourceBegan);
    }

    fn cause(
        before: (&str, &str),
        after: (&str, &str),
        source_began: &str,
        cancelled: &BTreeSet<(PhysicianId, AssociationId)>,
    ) -> RevisionCause {
        let (stays_before, stays_after) = (told(before.0, before.1), told(after.0, after.1));
        let sources_began = BTreeMap::from([(SourceId(1), day(source_began))]);
        let revising = Revising {
            as_of: AsOf(day("2025-10-31")),
            known_before: KnownAt(day("2025-10-31")),
            rule: WithdrawalDayRule::LastMemberDay,
            sources_began: &sources_began,
            cancelled,
        };
        let pair = Change { physician: PhysicianId(1), association: AssociationId(1), before: None, after: None };
        let class = |stays: &[KnownStay]| revising.in_force(stays, &pair).map(|stay| stay.class);
        let change = Change { before: class(&stays_before), after: class(&stays_after), ..pair };
        assert_ne!(change.before, change.after);
        let evidence = PersonRevised {
            numbers: &BTreeSet::from([PhysicianId(1)]),
            changes_without_adjustments: true,
            stays_before: &stays_before,
            stays_after: &stays_after,
            bookings_before: &[],
            bookings_after: &[],
        };
        revising.cause(&change, &evidence)
    }

    #[rstest]
    #[case::the_day_itself("2025-12-31", FigureStatus::Preliminary)]
    #[case::a_day_too_early("2026-02-28", FigureStatus::Preliminary)]
    #[case::sixty_days_later("2026-03-01", FigureStatus::Final)]
    #[case::day_ahead("2025-11-30", FigureStatus::Preliminary)]
    fn figure_is_final_when_its_backlog_has_passed(#[case] known_at: &str, #[case] expected: FigureStatus) {
        assert_eq!(FigureStatus::by_backlog(AsOf(day("2025-12-31")), KnownAt(day(known_at)), 60), expected);
    }
}
