//! From versions of facts to membership segments as known on one day: what the counting kernel reads.
//!
//! One segment is a half-open span of days on which a physician is a member of one body in one class. Segments
//! of one physician in one body never overlap (R1). This module does not count; `count` says independently what
//! a count is, and tests compare the two.

use chrono::NaiveDate;

use super::as_of::{KnownAt, WithdrawalDayRule};
use super::class::NationalClass;
use super::enrolment::EnrolmentVersion;
use super::ids::{AssociationId, EnrolmentId, PhysicianId};

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

/// Projects the versions of one physician in one body to segments, sorted by first day.
///
/// `versions` holds all versions of that person in that body, of all sources, in the order (enrolment,
/// known_from). Versions learnt after `known_at` are passed over.
pub fn segments(versions: &[EnrolmentVersion], known_at: KnownAt, rule: WithdrawalDayRule) -> Vec<Segment> {
    let mut stays: Vec<(NaiveDate, Vec<Segment>)> = Vec::new();
    for chain in versions.chunk_by(|a, b| a.enrolment == b.enrolment) {
        if let Some(stay) = stay_segments(chain, known_at, rule) {
            stays.push(stay);
        }
    }
    // The stay that began later speaks for the days that two stays share (R1).
    stays.sort_by_key(|(joined_on, pieces)| (*joined_on, pieces.first().map(|piece| piece.enrolment)));
    let mut out: Vec<Segment> = Vec::new();
    for (_, pieces) in stays {
        for piece in pieces {
            cut(&mut out, piece.starts_on, piece.ended_on);
            out.push(piece);
        }
    }
    out.sort_by_key(|segment| segment.starts_on);
    out
}

/// The segments of one enrolment as known at `known_at`; `None` when it is not a stay.
fn stay_segments(
    chain: &[EnrolmentVersion],
    known_at: KnownAt,
    rule: WithdrawalDayRule,
) -> Option<(NaiveDate, Vec<Segment>)> {
    let known = &chain[..chain.partition_point(|version| version.known_from <= known_at.0)];
    let current = known.last()?;
    let joined_on = current.facts.joined_on?;
    let ended_on = current.facts.left_on.map(|left| rule.ended_on(left));
    if ended_on.is_some_and(|end| end <= joined_on) {
        return None;
    }
    let classes = class_changes(known);
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
                physician: current.physician,
                association: current.association,
                class: *class,
                starts_on,
                ended_on: piece_end,
                not_shown: vanished_while_open(current, known_at),
                enrolment: current.enrolment,
            });
        }
    }
    Some((joined_on, pieces))
}

/// Whether the newest export no longer shows a stay that has not ended by known-at (R6); ended rows go quietly. The
/// day of the version does not decide: a replaced file of a later day moves it.
fn vanished_while_open(current: &EnrolmentVersion, known_at: KnownAt) -> bool {
    current.rows_shown == 0 && !current.facts.ended_before(known_at.0)
}

/// The classes that the versions assert, each with its first day; versions in a row with one class are one
/// assertion, and the last word on its first day stands (R9).
fn class_changes(known: &[EnrolmentVersion]) -> Vec<(NationalClass, Option<NaiveDate>)> {
    let mut out: Vec<(NationalClass, Option<NaiveDate>)> = Vec::with_capacity(1);
    for version in known {
        match out.last_mut() {
            Some(last) if last.0 == version.facts.class => last.1 = version.class_from,
            _ => out.push((version.facts.class, version.class_from)),
        }
    }
    if let Some(first) = out.first_mut() {
        // Before the first export, the first class seen.
        first.1 = None;
    }
    out
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
