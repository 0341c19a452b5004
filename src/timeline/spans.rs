//! From versions to days by the short way: whoever is told of by exports alone, with each stay in one class, is plain
//! numbers and needs neither lists of versions nor dates.
//!
//! Everybody else takes the long way through `domain::resolved` and `domain::membership`. Both ways say the same; tests
//! compare them with the slow definition in tests/oracle. Start reading at [`Timeline::known`].

use std::ops::Range;

use super::columns::{NONE, Piece, class, date};
use super::corrections::{CorrectionTable, Evidence};
use super::error::TimelineError;
use super::read::Timeline;
use super::same_persons::{SamePersons, Touched};
use crate::domain::application::Application;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::class::NationalClass;
use crate::domain::day::{OPEN, date_of, day_number};
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId};
use crate::domain::membership::{Segment, segments};
use crate::domain::resolved::{Corrections, Resolved, ResolvedStay, resolve};

/// A span of days of one physician in one body and class, in day numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// The class on these days.
    pub class: NationalClass,
    /// First day.
    pub starts: i32,
    /// First day that no longer counts; [`OPEN`] when open.
    pub ends: i32,
    /// Whether the newest export no longer shows the stay (R6).
    pub not_shown: bool,
    /// The enrolment behind it.
    pub enrolment: EnrolmentId,
}

impl Span {
    /// The same with dates; `None` for a day outside the calendar, which no timeline holds.
    pub fn segment(&self) -> Option<Segment> {
        Some(Segment {
            physician: self.physician,
            association: self.association,
            class: self.class,
            starts_on: date_of(self.starts)?,
            ended_on: if self.ends == OPEN { None } else { date_of(self.ends) },
            not_shown: self.not_shown,
            enrolment: self.enrolment,
        })
    }
}

/// What is known of one person, by body.
#[derive(Debug)]
pub enum OfPerson<'a> {
    /// At most one span in each body.
    Plain(&'a [Span]),
    /// Anything else. The list may be emptied.
    Resolved(&'a mut Vec<Segment>),
}

/// What was known on a day.
#[derive(Debug)]
pub struct Known<'t> {
    timeline: &'t Timeline,
    corrections: &'t CorrectionTable,
    known_at: KnownAt,
    /// The same as a day number.
    known: i32,
    rule: WithdrawalDayRule,
    /// Who has several numbers.
    same: SamePersons,
    /// Days between 退会日 and the first day that no longer counts (R2).
    after_left: i32,
}

impl Timeline {
    /// Looks at the timeline as of the end of a day.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn known(&self, known_at: KnownAt, rule: WithdrawalDayRule) -> Result<Known<'_>, TimelineError> {
        let corrections = self.corrections()?;
        let after_left = day_number(rule.ended_on(known_at.0)) - day_number(known_at.0);
        let (known, same) = (day_number(known_at.0), corrections.same(known_at));
        Ok(Known { timeline: self, corrections, known_at, known, rule, same, after_left })
    }

    /// Calls `each` with every membership segment as known at a day, by physician and body.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read; some segments may have been handed over then.
    pub fn each_segment(
        &self,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
        mut each: impl FnMut(Segment),
    ) -> Result<(), TimelineError> {
        let known = self.known(known_at, rule)?;
        for nth in 0..known.n_pieces() {
            known.each_person(nth, |person| match person {
                OfPerson::Plain(spans) => spans.iter().filter_map(Span::segment).for_each(&mut each),
                OfPerson::Resolved(segments) => segments.drain(..).for_each(&mut each),
            })?;
        }
        Ok(())
    }
}

impl Known<'_> {
    /// Number of pieces, at least one.
    pub fn n_pieces(&self) -> usize {
        self.timeline.n_pieces()
    }

    /// Versions in some pieces: as many spans are to be expected.
    pub fn n_versions(&self, pieces: Range<usize>) -> usize {
        self.timeline.pieces.n_rows_of(pieces)
    }

    /// Calls `each` once for every person of a piece, by physician. Persons of a piece come after those of the pieces
    /// before it, so that several threads can take some pieces each.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read; some persons may have been handed over then.
    pub fn each_person(&self, nth: usize, each: impl FnMut(OfPerson<'_>)) -> Result<(), TimelineError> {
        self.timeline.pieces.pass(nth, false, |piece| self.each_of_piece(nth, piece, each))?
    }

    /// Whether a number was given up for another.
    pub(super) fn has_given_up(&self, id: PhysicianId) -> bool {
        self.same.has_given_up(id)
    }

    /// Days between 退会日 and the first day that no longer counts (R2).
    pub(super) fn after_left(&self) -> i32 {
        self.after_left
    }

    /// The person of a number that was not given up, where something that counts was learnt beside the exports.
    pub(super) fn touched(&self, piece: &Piece, physician: PhysicianId) -> Option<Touched> {
        if self.same.holds(physician) {
            return self.same.persons.iter().find(|person| person.physician == physician).cloned();
        }
        let has_effect = |application: &Application| self.is_open_without(piece, application);
        let is_touched = self.corrections.is_touched(physician, self.known_at, &self.same, has_effect);
        is_touched.then(|| Touched { physician, all: vec![physician] })
    }

    fn each_of_piece(
        &self,
        nth: usize,
        piece: &Piece,
        mut each: impl FnMut(OfPerson<'_>),
    ) -> Result<(), TimelineError> {
        let touched = self.corrections.touched_in_days(
            self.known_at,
            &self.same,
            self.timeline.pieces.physicians_of(nth),
            |application| self.is_open_without(piece, application),
        );
        let mut touched = touched.iter().peekable();
        let (mut spans, mut segments) = (Vec::new(), Vec::new());
        let mut start = 0;
        while start < piece.len() {
            let physician = PhysicianId(piece.physician[start]);
            let end = start + piece.physician[start..].iter().take_while(|id| **id == physician.0).count();
            // Some have no rows of their own: an adjustment may tell a stay that no export shows.
            while let Some(person) = touched.next_if(|person| person.physician < physician) {
                self.resolve(piece, nth, person, &mut segments)?;
                each(OfPerson::Resolved(&mut segments));
            }
            if let Some(person) = touched.next_if(|person| person.physician == physician) {
                self.resolve(piece, nth, person, &mut segments)?;
                each(OfPerson::Resolved(&mut segments));
            } else if !self.same.has_given_up(physician) {
                if self.take_plain(piece, start..end, &mut spans) {
                    each(OfPerson::Plain(&spans));
                } else {
                    self.resolve_exports(piece, start..end, &mut segments);
                    each(OfPerson::Resolved(&mut segments));
                }
            }
            start = end;
        }
        for person in touched {
            self.resolve(piece, nth, person, &mut segments)?;
            each(OfPerson::Resolved(&mut segments));
        }
        Ok(())
    }

    /// Whether an approved withdrawal may end a stay that exports leave open (R22), or tell that what they show in the
    /// place of an old stay is a new one (R28). Where they tell a 退会日 of all stays that had begun, they stand. Of what
    /// several sources tell it is not decided here (R26).
    fn is_open_without(&self, piece: &Piece, application: &Application) -> bool {
        let Some(day) = application.effective_on.map(day_number) else { return false };
        let mut sources = piece.rows_of(application.physician).map(|i| piece.source(i));
        if sources.next().is_some_and(|first| sources.any(|other| other != first)) {
            return true;
        }
        let mut rows = piece.rows_of(application.physician).peekable();
        while let Some(i) = rows.next() {
            let is_of_body = piece.association[i] == application.association.0;
            if !is_of_body || piece.known_from[i] > self.known || piece.joined_on[i] == NONE {
                continue;
            }
            let next = rows
                .peek()
                .copied()
                .filter(|next| piece.enrolment[*next] == piece.enrolment[i] && piece.known_from[*next] <= self.known);
            let may_end = match next {
                Some(next) => piece.joined_on[next] != piece.joined_on[i],
                None => piece.joined_on[i] <= day && date(piece.left_on[i]).is_none(),
            };
            if may_end {
                return true;
            }
        }
        false
    }

    fn resolve(
        &self,
        piece: &Piece,
        nth: usize,
        person: &Touched,
        out: &mut Vec<Segment>,
    ) -> Result<(), TimelineError> {
        out.clear();
        let resolved = self.timeline.resolved_at(piece, nth, person, self.known_at, Evidence::All)?;
        each_segment_of(&resolved, self.known_at, self.rule, &mut |segment| out.push(segment));
        Ok(())
    }

    fn resolve_exports(&self, piece: &Piece, rows: Range<usize>, out: &mut Vec<Segment>) {
        out.clear();
        self.each_of_exports(piece, rows, |stays| out.extend(segments(&stays, self.known_at, self.rule)));
    }

    /// Calls `take` with the stays of one person in each body, as exports alone tell them.
    pub(super) fn each_of_exports(&self, piece: &Piece, rows: Range<usize>, mut take: impl FnMut(Vec<ResolvedStay>)) {
        let mut start = rows.start;
        while start < rows.end {
            let end = piece.end_of_group(start);
            let physician = PhysicianId(piece.physician[start]);
            let versions: Vec<EnrolmentVersion> = (start..end).map(|i| piece.version(i)).collect();
            let exports = &self.timeline.exports;
            take(resolve(physician, &versions, &Corrections::default(), exports, self.known_at).stays);
            start = end;
        }
    }

    /// The spans of a person; false when somebody has two stays in one body or one in two classes.
    #[inline]
    pub(super) fn take_plain(&self, piece: &Piece, rows: Range<usize>, out: &mut Vec<Span>) -> bool {
        out.clear();
        let first = rows.start;
        let (association, known_from) = (&piece.association[rows.clone()], &piece.known_from[rows.clone()]);
        let (enrolment, class) = (&piece.enrolment[rows.clone()], &piece.class[rows]);
        let mut last: Option<usize> = None;
        for at in (0..association.len()).filter(|at| known_from[*at] <= self.known) {
            match last {
                Some(before) if association[before] != association[at] => {
                    out.extend(self.span(piece, first + before));
                }
                Some(before) if enrolment[before] != enrolment[at] || class[before] != class[at] => return false,
                _ => {}
            }
            last = Some(at);
        }
        out.extend(last.and_then(|at| self.span(piece, first + at)));
        true
    }

    /// The days of the version at a row; `None` when it has none.
    #[inline]
    fn span(&self, piece: &Piece, i: usize) -> Option<Span> {
        let (starts, left) = (piece.joined_on[i], piece.left_on[i]);
        let is_open = left == NONE || left == OPEN;
        let ends = if is_open { OPEN } else { left + self.after_left };
        if starts == NONE || ends <= starts {
            return None;
        }
        Some(Span {
            physician: PhysicianId(piece.physician[i]),
            association: AssociationId(piece.association[i]),
            class: class(piece.class[i]),
            starts,
            ends,
            not_shown: piece.rows_shown[i] == 0 && (is_open || left >= self.known),
            enrolment: EnrolmentId(piece.enrolment[i]),
        })
    }
}

/// The segments of a person, body by body.
pub(super) fn each_segment_of(
    resolved: &Resolved,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
    each: &mut impl FnMut(Segment),
) {
    for of_body in resolved.stays.chunk_by(|a, b| a.stay.association == b.stay.association) {
        segments(of_body, known_at, rule).into_iter().for_each(&mut *each);
    }
}
