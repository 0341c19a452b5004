//! Late changes: exits and entries that became known after figures for days at or after them were given out.
//!
//! This module says which given-out figures a change concerns; whether the figure really differs is counted elsewhere.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::AuditCode;
use crate::domain::as_of::WithdrawalDayRule;
use crate::domain::coded::coded;
use crate::domain::enrolment::KnownStay;

coded! {
    /// How a figure was given out.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum GivenOut {
        /// A month end that an export had reached.
        MonthEnd = "month_end" / "月末",
        /// A snapshot was taken (固定).
        Snapshot = "snapshot" / "固定",
        /// The monthly papers were written (定例の紙).
        Papers = "papers" / "定例",
    }
}

/// The figures of a day as they were given out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GivenOutDay {
    /// 基準日.
    pub as_of: NaiveDate,
    /// 知識時点.
    pub known_at: NaiveDate,
    /// In which ways; at least one.
    pub ways: BTreeSet<GivenOut>,
}

coded! {
    /// An exit or an entry.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ChangeKind {
        /// 退会.
        Exit = "exit" / "退会等",
        /// 入会.
        Entry = "entry" / "入会等",
    }
}

/// An exit or entry that was told after its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateChange {
    /// Which of both.
    pub kind: ChangeKind,
    /// The stay.
    pub stay: KnownStay,
    /// 退会日 or 入会日 as reported.
    pub day: NaiveDate,
    /// First day with another figure: the first one not counted, or 入会日 (R16).
    pub booked_on: NaiveDate,
    /// First day on which the figure is the same again: after the end of an entry's stay; `None` = never.
    pub until: Option<NaiveDate>,
    /// Day of the file that first told it.
    pub learnt_on: NaiveDate,
    /// Days from the reported day to that file, above zero.
    pub lag_days: i64,
}

impl LateChange {
    /// Whether figures that were given out may lack the change: for a day that it concerns, known before it was told.
    pub fn concerns(&self, figure: &GivenOutDay) -> bool {
        self.booked_on <= figure.as_of
            && self.until.is_none_or(|until| figure.as_of < until)
            && figure.known_at < self.learnt_on
    }

    /// The code: whether figures change decides.
    pub fn audit_code(&self, changes_figures: bool) -> AuditCode {
        match (self.kind, changes_figures) {
            (ChangeKind::Exit, true) => AuditCode::LateWithdrawal,
            (ChangeKind::Exit, false) => AuditCode::LateWithdrawalUnpublished,
            (ChangeKind::Entry, true) => AuditCode::LateJoin,
            (ChangeKind::Entry, false) => AuditCode::LateJoinUnpublished,
        }
    }
}

/// The late exit and the late entry of a stay; what the first export of its source told is none, since nobody knows since
/// when it was told.
pub fn late_changes(
    stay: &KnownStay,
    rule: WithdrawalDayRule,
    first_export: Option<NaiveDate>,
) -> impl Iterator<Item = LateChange> {
    let is_first = |learnt_on: NaiveDate| first_export == Some(learnt_on);
    let ended_on = stay.left_on.map(|left_on| rule.ended_on(left_on));
    let change = |kind, day: NaiveDate, booked_on, until, learnt_on: NaiveDate| {
        let lag_days = (learnt_on - day).num_days();
        (lag_days > 0 && !is_first(learnt_on)).then_some(LateChange {
            kind,
            stay: *stay,
            day,
            booked_on,
            until,
            learnt_on,
            lag_days,
        })
    };
    let entry = stay.joined_on.and_then(|day| change(ChangeKind::Entry, day, day, ended_on, stay.joined_known_from));
    let exit = match (stay.joined_on, stay.left_on, ended_on, stay.left_known_from) {
        (Some(_), Some(day), Some(booked_on), Some(learnt)) => change(ChangeKind::Exit, day, booked_on, None, learnt),
        _ => None,
    };
    [entry, exit].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::class::NationalClass;
    use crate::domain::enrolment::{ReportedBy, ReportedFacts, SourceStatus, WithdrawalReason};
    use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};
    use crate::written::day;

    fn stay(joined: (&str, &str), left: Option<(&str, &str)>) -> KnownStay {
        KnownStay {
            enrolment: EnrolmentId(1),
            source: SourceId(1),
            physician: PhysicianId(1),
            association: AssociationId(1),
            joined_on: Some(day(joined.0)),
            left_on: left.map(|(left, _)| day(left)),
            class: NationalClass::B,
            reason: WithdrawalReason::None,
            status: SourceStatus::Active,
            rows_shown: 1,
            joined_known_from: day(joined.1),
            left_known_from: left.map(|(_, learnt)| day(learnt)),
            left_shown_from: None,
            first_known_from: day(joined.1),
            told: ReportedFacts::all(ReportedBy::Export),
        }
    }

    fn found(stay: &KnownStay) -> Vec<LateChange> {
        late_changes(stay, WithdrawalDayRule::LastMemberDay, Some(day("2025-09-30"))).collect()
    }

    fn given_out(as_of: &str, known_at: &str) -> GivenOutDay {
        GivenOutDay { as_of: day(as_of), known_at: day(known_at), ways: BTreeSet::from([GivenOut::MonthEnd]) }
    }

    /// Left on 31 October, told on 30 November: the figures of 31 October count her, those of 1 November do not.
    #[rstest]
    #[case::last_member_day("2025-10-31", "2025-10-31", false)]
    #[case::first_day_after("2025-11-01", "2025-11-15", true)]
    #[case::known_when_given_out("2025-11-30", "2025-11-30", false)]
    #[case::known_the_day_before("2025-11-29", "2025-11-29", true)]
    fn late_exit_concerns_figures_between_its_day_and_its_telling(
        #[case] as_of: &str,
        #[case] known_at: &str,
        #[case] expected: bool,
    ) {
        let changes = found(&stay(("2010-04-01", "2025-09-30"), Some(("2025-10-31", "2025-11-30"))));
        assert_eq!((changes.len(), changes[0].kind, changes[0].lag_days), (1, ChangeKind::Exit, 30));
        assert_eq!(changes[0].concerns(&given_out(as_of, known_at)), expected);
    }

    #[rstest]
    #[case::day_before("2025-10-04", false)]
    #[case::on_the_day("2025-10-05", true)]
    #[case::last_day("2025-11-10", true)]
    #[case::after_the_end("2025-11-11", false)]
    fn late_entry_concerns_figures_of_its_days(#[case] as_of: &str, #[case] expected: bool) {
        let changes = found(&stay(("2025-10-05", "2025-12-31"), Some(("2025-11-10", "2025-12-31"))));
        assert_eq!(changes.iter().map(|one| one.kind).collect::<Vec<_>>(), [ChangeKind::Entry, ChangeKind::Exit]);
        assert_eq!(changes[0].concerns(&given_out(as_of, "2025-11-30")), expected);
    }

    #[test]
    fn what_was_told_in_time_or_by_the_first_export_is_not_late() {
        assert_eq!(found(&stay(("2010-04-01", "2025-09-30"), Some(("2025-08-01", "2025-09-30")))), []);
        assert_eq!(found(&stay(("2025-11-30", "2025-11-30"), Some(("2026-01-31", "2025-12-31")))), []);
    }
}
