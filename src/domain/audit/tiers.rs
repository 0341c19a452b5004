//! Tier inclusion and cascade: nobody is in an upper tier without the tier below (R21).
//!
//! A prefectural body asks for a local one below it, the national body for any prefectural one. Each span of days without
//! is one break, judged by how it began and how it ended. Works on the membership segments of one person, cut to the days
//! of their bodies; says nothing about why the source shows them so.

use chrono::NaiveDate;

use super::AuditCode;
use crate::domain::as_of::{KnownAt, Period};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::ids::{AssociationId, EnrolmentId};
use crate::domain::membership::Segment;
use crate::domain::pairing::PAIRING_DAYS;

/// A break between an upper tier and the one below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierBreak {
    /// What it is.
    pub code: AuditCode,
    /// The body of the upper tier.
    pub upper: AssociationId,
    /// The body below that was left, or, where none was, the one that was entered.
    pub lower: Option<AssociationId>,
    /// First day without the tier below; of an earlier exit the first day out of the upper one.
    pub from: NaiveDate,
    /// First day on which all is well again; `None` while it goes on.
    pub until: Option<NaiveDate>,
    /// Days of the break; of one that goes on those up to the last day looked at.
    pub days: i64,
}

/// Which days are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Breaks that share a day with it are told.
    pub period: Period,
    /// First day that the exports can tell about (R7): before it the tier below may only be forgotten.
    pub horizon: NaiveDate,
    /// Known at.
    pub known_at: KnownAt,
}

impl Window {
    /// The last day that breaks without an end are counted to.
    fn last_day(&self, from: NaiveDate) -> NaiveDate {
        if from <= self.known_at.0 { self.period.to.min(self.known_at.0) } else { self.period.to }
    }

    fn shares_days(&self, from: NaiveDate, until: Option<NaiveDate>) -> bool {
        from <= self.period.to && until.is_none_or(|until| self.period.from.max(self.horizon) < until)
    }
}

/// Days without a break in one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    body: AssociationId,
    starts_on: NaiveDate,
    ended_on: Option<NaiveDate>,
    /// The stay that ends the run.
    last: EnrolmentId,
}

/// The breaks of one person by first day and body. `segments` are hers, in any order; `reason` says why a stay ended.
pub fn breaks(
    segments: &[Segment],
    associations: &Associations,
    window: Window,
    reason: impl Fn(EnrolmentId) -> WithdrawalReason,
) -> Vec<TierBreak> {
    let runs = runs(segments);
    let tier_of = |run: &Run| associations.get(run.body).map(|body| body.tier);
    let mut out = Vec::new();
    for upper in &runs {
        let Some(body) = associations.get(upper.body).filter(|body| body.tier != Tier::Local) else { continue };
        let lower: Vec<Run> = runs
            .iter()
            .filter(|run| tier_of(run).is_some_and(|tier| tier.index() + 1 == body.tier.index()))
            .filter(|run| is_above(body, run.body, associations))
            .copied()
            .collect();
        let whole = union(&lower);
        for gap in gaps(upper, &whole) {
            if window.shares_days(gap.starts_on, gap.ended_on) {
                out.push(judge(upper, gap, &lower, window, &reason));
            }
        }
        let comes_back = |until: NaiveDate| {
            runs.iter().any(|run| run.body == upper.body && run.starts_on > upper.starts_on && run.starts_on <= until)
        };
        out.extend(earlier_exit(upper, &whole, window).filter(|one| !one.until.is_some_and(comes_back)));
    }
    out.sort_by_key(|one| (one.from, associations.rank(one.upper)));
    out
}

/// The body itself is not above it: a ward below a city body is of its tier.
fn is_above(upper: &Association, lower: AssociationId, associations: &Associations) -> bool {
    associations.chain(lower).into_iter().skip(1).any(|above| above.id == upper.id)
}

/// Segments of one body that touch or overlap are one run.
fn runs(segments: &[Segment]) -> Vec<Run> {
    let mut sorted: Vec<&Segment> = segments.iter().collect();
    sorted.sort_by_key(|segment| (segment.association, segment.starts_on));
    let mut out: Vec<Run> = Vec::new();
    for segment in sorted {
        let run = Run {
            body: segment.association,
            starts_on: segment.starts_on,
            ended_on: segment.ended_on,
            last: segment.enrolment,
        };
        match out.last_mut().filter(|last| last.body == run.body && touches(last, &run)) {
            Some(last) => extend(last, &run),
            None => out.push(run),
        }
    }
    out
}

/// The days of several bodies together; of each run the body is that of the stay which ends it.
fn union(runs: &[Run]) -> Vec<Run> {
    let mut sorted = runs.to_vec();
    sorted.sort_by_key(|run| (run.starts_on, run.body));
    let mut out: Vec<Run> = Vec::new();
    for run in sorted {
        match out.last_mut().filter(|last| touches(last, &run)) {
            Some(last) => extend(last, &run),
            None => out.push(run),
        }
    }
    out
}

fn touches(earlier: &Run, later: &Run) -> bool {
    earlier.ended_on.is_none_or(|end| later.starts_on <= end)
}

fn extend(run: &mut Run, by: &Run) {
    let is_longer = match (run.ended_on, by.ended_on) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(a), Some(b)) => a <= b,
    };
    if is_longer {
        (run.ended_on, run.last, run.body) = (by.ended_on, by.last, by.body);
    }
}

/// The days of `upper` that `whole`, in order and without overlaps, does not cover.
fn gaps(upper: &Run, whole: &[Run]) -> Vec<Run> {
    let mut out = Vec::new();
    let mut from = Some(upper.starts_on);
    for run in whole {
        let Some(start) = from else { break };
        if run.ended_on.is_some_and(|end| end <= start) {
            continue;
        }
        if upper.ended_on.is_some_and(|end| end <= run.starts_on) {
            break;
        }
        if start < run.starts_on {
            out.push(Run { starts_on: start, ended_on: Some(run.starts_on), ..*upper });
        }
        from = run.ended_on;
    }
    if let Some(start) = from.filter(|start| upper.ended_on.is_none_or(|end| *start < end)) {
        out.push(Run { starts_on: start, ended_on: upper.ended_on, ..*upper });
    }
    out
}

fn judge(
    upper: &Run,
    gap: Run,
    lower: &[Run],
    window: Window,
    reason: &impl Fn(EnrolmentId) -> WithdrawalReason,
) -> TierBreak {
    let left = lower.iter().filter(|run| run.ended_on == Some(gap.starts_on)).max_by_key(|run| run.starts_on);
    let left = left.filter(|_| upper.starts_on < gap.starts_on);
    let entered = lower.iter().find(|run| Some(run.starts_on) == gap.ended_on);
    let until_or_last = gap.ended_on.or_else(|| window.last_day(gap.starts_on).succ_opt());
    let days = until_or_last.map_or(0, |until| (until - gap.starts_on).num_days());
    let is_short = days <= PAIRING_DAYS;
    let code = match (left, entered, gap.ended_on) {
        (None, ..) => AuditCode::TierWithoutLower,
        (Some(_), Some(_), _) if is_short => AuditCode::TierMove,
        (Some(_), Some(_), _) => AuditCode::TierLongMove,
        (Some(_), None, Some(_)) => AuditCode::TierExitLate,
        // She moves away, and the other body may still show her (R20).
        (Some(left), None, None) if is_short && reason(left.last) == WithdrawalReason::MovedAway => AuditCode::TierMove,
        (Some(_), None, None) => AuditCode::TierExitMissing,
    };
    let lower = left.or(entered).map(|run| run.body);
    TierBreak { code, upper: upper.body, lower, from: gap.starts_on, until: gap.ended_on, days }
}

/// An exit from the upper tier while the tier below goes on for up to 90 days more.
fn earlier_exit(upper: &Run, whole: &[Run], window: Window) -> Option<TierBreak> {
    let from = upper.ended_on?;
    let below = whole.iter().find(|run| run.starts_on < from && run.ended_on.is_some_and(|end| from < end))?;
    let until = below.ended_on?;
    let days = (until - from).num_days();
    (days <= PAIRING_DAYS && window.shares_days(from, Some(until))).then_some(TierBreak {
        code: AuditCode::TierExitEarlier,
        upper: upper.body,
        lower: Some(below.body),
        from,
        until: Some(until),
        days,
    })
}

#[cfg(test)]
mod tests;
