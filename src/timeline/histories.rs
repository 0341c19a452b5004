//! What was known of each person, from the first export to the last: every day on which it may have become something else.
//!
//! A count of one known-at walks [`Known`] once. Whoever needs all of them (the change points) would walk it once for each
//! export; here each person is looked at on the few days only on which something about her was learnt.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use super::columns::Piece;
use super::corrections::{CorrectionTable, Evidence};
use super::error::TimelineError;
use super::read::Timeline;
use super::spans::{Known, OfPerson, Span, each_segment_of};
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::day::{OPEN, date_of, day_number};
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::membership::Segment;
use crate::domain::resolved::ResolvedStay;

/// What was known of persons on all days up to one. Each thread has its own.
#[derive(Debug)]
pub struct Histories<'t> {
    timeline: &'t Timeline,
    corrections: &'t CorrectionTable,
    newest: i32,
    rule: WithdrawalDayRule,
    /// What is asked of all persons alike, by day.
    known: BTreeMap<i32, Known<'t>>,
    /// Numbers that were ever told to be one person, each with all of them.
    same: BTreeMap<PhysicianId, Vec<PhysicianId>>,
    spans: Vec<Span>,
    segments: Vec<Segment>,
}

impl Timeline {
    /// The first day up to `newest` on which anything was known of a stay or of a person beside the exports; `None` where
    /// nothing was.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn first_known(&self, newest: KnownAt) -> Result<Option<i32>, TimelineError> {
        let of_exports = self.exports.first_day();
        let beside = self.corrections()?.first_day();
        Ok(of_exports.into_iter().chain(beside).min().filter(|day| *day <= newest.0).map(day_number))
    }

    /// Looks at all that was known up to the end of a day.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn histories(&self, newest: KnownAt, rule: WithdrawalDayRule) -> Result<Histories<'_>, TimelineError> {
        let corrections = self.corrections()?;
        Ok(Histories {
            timeline: self,
            corrections,
            newest: day_number(newest.0),
            rule,
            known: BTreeMap::new(),
            same: corrections.ever_same(),
            spans: Vec::new(),
            segments: Vec::new(),
        })
    }
}

impl Histories<'_> {
    /// Calls `each` for every number of a piece with each day, ascending, on which what is known of it may have become
    /// something else, and what was known at the end of that day. A number that was given up has nothing from then on.
    /// `ended_from` says from which day on nobody misses rows of a body, for it is no more.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read; some may have been handed over then.
    pub fn each_of_piece(
        &mut self,
        nth: usize,
        ended_from: &impl Fn(AssociationId) -> Option<i32>,
        mut each: impl FnMut(PhysicianId, i32, OfPerson<'_>),
    ) -> Result<(), TimelineError> {
        let (timeline, corrections) = (self.timeline, self.corrections);
        timeline.pieces.pass(nth, false, |piece| {
            for (physician, rows) in numbers(piece, &corrections.adjusted_among(timeline.pieces.physicians_of(nth))) {
                self.each_of_number(piece, nth, (physician, rows), ended_from, &mut each)?;
            }
            Ok(())
        })?
    }

    fn each_of_number(
        &mut self,
        piece: &Piece,
        nth: usize,
        (physician, rows): (PhysicianId, Range<usize>),
        ended_from: &impl Fn(AssociationId) -> Option<i32>,
        each: &mut impl FnMut(PhysicianId, i32, OfPerson<'_>),
    ) -> Result<(), TimelineError> {
        let days = self.days_of(piece, nth, physician, rows.clone())?;
        let newest = self.newest;
        let mut days = days.into_iter().filter(|day| *day <= newest).peekable();
        let mut fades = OPEN;
        loop {
            let day = days.peek().map_or(fades, |day| fades.min(*day));
            if day > newest {
                return Ok(());
            }
            days.next_if_eq(&day);
            fades = self.look(piece, nth, (physician, rows.clone()), day)?;
            let missed = self.spans.iter().filter(|span| span.not_shown).map(|span| span.association);
            let missed =
                missed.chain(self.segments.iter().filter(|segment| segment.not_shown).map(|one| one.association));
            fades = missed.filter_map(ended_from).filter(|ended| *ended > day).fold(fades, i32::min);
            match self.segments.is_empty() {
                true => each(physician, day, OfPerson::Plain(&self.spans)),
                false => each(physician, day, OfPerson::Resolved(&mut self.segments)),
            }
        }
    }

    /// The days on which something was learnt of a number, ascending, each once.
    fn days_of(
        &self,
        piece: &Piece,
        nth: usize,
        physician: PhysicianId,
        rows: Range<usize>,
    ) -> Result<Vec<i32>, TimelineError> {
        let (timeline, own) = (self.timeline, [physician]);
        let mut days = Vec::new();
        let all = self.same.get(&physician).map_or(&own[..], Vec::as_slice);
        let mut sources = Vec::new();
        let mut take = |piece: &Piece, rows: Range<usize>| {
            days.extend_from_slice(&piece.known_from[rows.clone()]);
            sources.extend(rows.map(|i| piece.source(i)));
        };
        take(piece, rows);
        for other in all.iter().filter(|other| **other != physician) {
            let at = timeline.pieces.holding(*other);
            let piece = if at == nth { piece } else { timeline.pieces.keep(at)? };
            take(piece, piece.rows_of(*other));
        }
        for id in all {
            days.extend(self.corrections.learnt_of(*id).map(day_number));
        }
        // What several sources tell of one stay may be told otherwise by each of their exports (R26).
        sources.sort_unstable();
        sources.dedup();
        if sources.len() > 1
            && let Some(first) = days.iter().min().copied().and_then(date_of)
        {
            let to = date_of(self.newest).unwrap_or(first);
            days.extend(sources.iter().flat_map(|source| timeline.exports.days_of(*source, first, to)).map(day_number));
        }
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }

    /// Finds what was known of a number at the end of a day: segments, or spans where there are none of these. Returns the
    /// first later day on which a stay that exports no longer show is missed no more, for it has ended (R6).
    fn look(
        &mut self,
        piece: &Piece,
        nth: usize,
        (physician, rows): (PhysicianId, Range<usize>),
        day: i32,
    ) -> Result<i32, TimelineError> {
        let (timeline, rule) = (self.timeline, self.rule);
        self.spans.clear();
        self.segments.clear();
        let Some(known_at) = date_of(day).map(KnownAt) else { return Ok(OPEN) };
        let known = match self.known.entry(day) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(timeline.known(known_at, rule)?),
        };
        let segments = &mut self.segments;
        let mut fades = OPEN;
        if known.has_given_up(physician) {
            return Ok(fades);
        }
        if let Some(person) = known.touched(piece, physician) {
            let resolved = timeline.resolved_at(piece, nth, &person, known_at, Evidence::All)?;
            fades = fades.min(fading(&resolved.stays, day));
            each_segment_of(&resolved, known_at, rule, &mut |segment| segments.push(segment));
        } else if known.take_plain(piece, rows.clone(), &mut self.spans) {
            let ended = |span: &Span| if span.ends == OPEN { OPEN } else { span.ends - known.after_left() + 1 };
            fades = self.spans.iter().filter(|span| span.not_shown).map(ended).fold(fades, i32::min);
        } else {
            self.spans.clear();
            known.each_of_exports(piece, rows, |stays| {
                fades = fades.min(fading(&stays, day));
                segments.extend(crate::domain::membership::segments(&stays, known_at, rule));
            });
        }
        Ok(fades)
    }
}

/// The first day after `day` on which one of the stays that exports no longer show has ended.
fn fading(stays: &[ResolvedStay], day: i32) -> i32 {
    let missing = stays.iter().filter(|one| one.stay.rows_shown == 0 && !one.is_confirmed);
    let ends = missing.filter_map(|one| Some(day_number(one.stay.left_on?) + 1)).filter(|end| *end > day);
    ends.min().unwrap_or(OPEN)
}

/// The numbers of a piece with their rows, ascending: those of the exports and those that only adjustments tell of.
fn numbers<'p>(
    piece: &'p Piece,
    adjusted: &'p [PhysicianId],
) -> impl Iterator<Item = (PhysicianId, Range<usize>)> + 'p {
    let mut adjusted = adjusted.iter().copied().peekable();
    let mut start = 0;
    std::iter::from_fn(move || {
        let of_rows = piece.physician.get(start).copied().map(PhysicianId);
        let alone = |id: &PhysicianId| of_rows.is_none_or(|of_rows| *id < of_rows);
        if let Some(id) = adjusted.next_if(alone) {
            return Some((id, start..start));
        }
        let physician = of_rows?;
        adjusted.next_if_eq(&physician);
        let rows = start..start + piece.physician[start..].iter().take_while(|id| **id == physician.0).count();
        start = rows.end;
        Some((physician, rows))
    })
}
