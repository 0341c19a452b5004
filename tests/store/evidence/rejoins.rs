//! Stays that end without a word of exports, and what is shown in their place.

use chrono::NaiveDate;
use kaiin::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use kaiin::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use kaiin::domain::enrolment::WithdrawalReason;
use kaiin::domain::ids::SourceId;
use proptest::prelude::*;

use super::small_world::{
    Line, N_DAYS, Step, a_body, a_class, a_day, a_person, a_reason, a_source, import_of, nth_day,
};

/// A stay whose row vanishes or stays as it is, whose end only an application or an adjustment tells, and in whose place
/// exports come to show another 入会日: as often a re-join after that end as a correction.
#[derive(Debug, Clone)]
pub(super) struct Rejoin {
    pub(super) line: Line,
    /// The day of the end that is told, and the day on which it is.
    end: NaiveDate,
    learnt: NaiveDate,
    reason: WithdrawalReason,
    by: EndToldBy,
    is_taken_back_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy)]
enum EndToldBy {
    Application,
    /// With or without the 対象入会日.
    Adjustment {
        names_stay: bool,
    },
}

pub(super) fn a_rejoin() -> impl Strategy<Value = Rejoin> {
    let by = prop_oneof![
        2 => Just(EndToldBy::Application),
        1 => Just(EndToldBy::Adjustment { names_stay: true }),
        1 => Just(EndToldBy::Adjustment { names_stay: false }),
    ];
    let after = prop_oneof![4 => Just(Step::Keep), 1 => Just(Step::Hide), 1 => a_day().prop_map(Step::Join)];
    // How long the old row is shown, and whether it vanishes before the new one comes.
    let rows = (0..=2_usize, 0..=2_usize, prop::collection::vec(after, 5));
    let told = (a_day(), a_day(), a_reason(), by, prop::option::weighted(0.2, a_day()));
    ((a_source(), a_person(), a_body(), a_class()), (0..N_DAYS / 2, a_day()), rows, told).prop_map(
        |((source, physician, association, class), (joined, rejoined), (shown, hidden, after), told)| {
            let mut steps = vec![Step::Keep; shown];
            steps.extend(vec![Step::Hide; hidden]);
            steps.push(Step::Join(rejoined));
            steps.extend(after);
            steps.truncate(5);
            let (end, learnt, reason, by, is_taken_back_on) = told;
            let line = Line { source, physician, association, joined_on: nth_day(joined), class, steps };
            Rejoin { line, end, learnt, reason, by, is_taken_back_on }
        },
    )
}

impl Rejoin {
    /// When it is known, and when it no longer is.
    fn span(&self) -> (NaiveDate, Option<NaiveDate>) {
        (self.learnt, self.is_taken_back_on.filter(|day| *day > self.learnt))
    }

    pub(super) fn application(&self, nth: usize) -> Option<ApplicationVersion> {
        let (known_from, known_until) = self.span();
        let application = Application {
            number: format!("S{nth}").into(),
            kind: ApplicationKind::Withdrawal,
            physician: self.line.physician,
            association: self.line.association,
            filer: Filer::Person,
            applied_on: None,
            effective_on: Some(self.end),
            approved_on: None,
            cancelled_on: None,
            status: ApplicationStatus::Approved,
            class: None,
            reason: self.reason,
            note: "".into(),
        };
        let version = ApplicationVersion {
            application,
            source: SourceId(10),
            import: import_of(known_from),
            row: 90 + u32::try_from(nth).expect("few"),
            known_from,
            known_until,
        };
        matches!(self.by, EndToldBy::Application).then_some(version)
    }

    pub(super) fn adjustment(&self, nth: usize) -> Option<AdjustmentVersion> {
        let EndToldBy::Adjustment { names_stay } = self.by else { return None };
        let (known_from, known_until) = self.span();
        let adjustment = Adjustment {
            number: format!("T{nth}").into(),
            kind: AdjustmentKind::Left,
            physician: self.line.physician,
            association: Some(self.line.association),
            stay_joined_on: Some(self.line.joined_on).filter(|_| names_stay),
            day: Some(self.end),
            class: None,
            reason: self.reason,
            other: None,
            finding: None,
            is_revoked: false,
            why: "".into(),
            approver: "".into(),
        };
        Some(AdjustmentVersion {
            adjustment,
            source: SourceId(11),
            import: import_of(known_from),
            row: 90 + u32::try_from(nth).expect("few"),
            known_from,
            known_until,
        })
    }
}
