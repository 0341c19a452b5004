//! From resolved stays to membership segments as known on one day: what the counting kernel reads.
//!
//! One segment is a half-open span of days on which a physician is a member of one body in one class. Segments
//! of one physician in one body never overlap (R1). This module does not count; `count` says independently what
//! a count is, and tests compare the two.

use chrono::NaiveDate;

use super::as_of::{KnownAt, WithdrawalDayRule};
use super::class::NationalClass;
use super::ids::{AssociationId, EnrolmentId, PhysicianId};
use super::resolved::ResolvedStay;

/// A span of days of one physician in one body and class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// The class on these days.
    pub class: NationalClass,
    /// First day, inclusive.
    pub starts_on: NaiveDate,
    /// First day that no longer counts; `None` when open.
    pub ended_on: Option<NaiveDate>,
    /// Whether the newest export no longer shows the stay (R6).
    pub not_shown: bool,
    /// The enrolment behind it.
    pub enrolment: EnrolmentId,
}

impl Segment {
    /// Whether the segment counts on a day.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ended_on.is_none_or(|end| day < end)
    }
}

/// Projects the stays of one physician in one body to segments, sorted by first day.
///
/// `stays` are all stays of that person in that body as resolved at `known_at`, of all sources.
pub fn segments(stays: &[ResolvedStay], known_at: KnownAt, rule: WithdrawalDayRule) -> Vec<Segment> {
    let mut pieces: Vec<(NaiveDate, Vec<Segment>)> =
        stays.iter().filter_map(|stay| stay_segments(stay, known_at, rule)).collect();
    // The stay that began later speaks for the days that two stays share (R1).
    pieces.sort_by_key(|(joined_on, pieces)| (*joined_on, pieces.first().map(|piece| piece.enrolment)));
    let mut out: Vec<Segment> = Vec::new();
    for (_, pieces) in pieces {
        for piece in pieces {
            cut(&mut out, piece.starts_on, piece.ended_on);
            out.push(piece);
        }
    }
    out.sort_by_key(|segment| segment.starts_on);
    out
}

/// The segments of one stay; `None` when it has no day.
fn stay_segments(
    resolved: &ResolvedStay,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
) -> Option<(NaiveDate, Vec<Segment>)> {
    let stay = &resolved.stay;
    let joined_on = stay.joined_on?;
    let ended_on = stay.left_on.map(|left| rule.ended_on(left));
    if ended_on.is_some_and(|end| end <= joined_on) {
        return None;
    }
    let classes = &resolved.classes;
    let mut pieces = Vec::with_capacity(classes.len());
    for (i, (class, from)) in classes.iter().enumerate() {
        let starts_on = from.map_or(joined_on, |from| from.max(joined_on));
        let next = classes.get(i + 1).and_then(|(_, from)| *from);
        let piece_end = match (next, ended_on) {
            (Some(next), Some(end)) => Some(next.min(end)),
            (next, end) => next.or(end),
        };
        if piece_end.is_none_or(|end| starts_on < end) {
            pieces.push(Segment {
                physician: stay.physician,
                association: stay.association,
                class: *class,
                starts_on,
                ended_on: piece_end,
                not_shown: vanished_while_open(resolved, known_at),
                enrolment: stay.enrolment,
            });
        }
    }
    Some((joined_on, pieces))
}

/// Whether the newest export no longer shows a stay that has not ended by known-at, and nobody confirmed it (R6);
/// ended rows go quietly. The day of the version does not decide: a replaced file of a later day moves it.
fn vanished_while_open(resolved: &ResolvedStay, known_at: KnownAt) -> bool {
    let stay = &resolved.stay;
    stay.rows_shown == 0 && !resolved.is_confirmed && stay.left_on.is_none_or(|left| left >= known_at.0)
}

/// Takes the days [from, to) out of all segments.
fn cut(segments: &mut Vec<Segment>, from: NaiveDate, to: Option<NaiveDate>) {
    let mut rest = Vec::with_capacity(segments.len() + 1);
    for segment in segments.drain(..) {
        let ends_before = segment.ended_on.is_some_and(|end| end <= from);
        let starts_after = to.is_some_and(|to| to <= segment.starts_on);
        if ends_before || starts_after {
            rest.push(segment);
            continue;
        }
        if segment.starts_on < from {
            rest.push(Segment { ended_on: Some(from), ..segment });
        }
        if let Some(to) = to
            && segment.ended_on.is_none_or(|end| to < end)
        {
            rest.push(Segment { starts_on: to, ..segment });
        }
    }
    *segments = rest;
}
