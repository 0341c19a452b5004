//! The counting kernel: plain columns, one scan for a day, one sweep for a series. Integers only, so any order
//! and any split of the work gives the same figures.

use std::ops::Range;

use super::counts::{Counts, N_CLASSES, Tally};
use super::places::{DayPlaces, Places};
use super::sweep::{Sweep, add_span};
use super::threads::{in_parallel, n_threads};
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::{Associations, Tier};
use crate::domain::body_days::{each_of_person_within_bodies, each_within_bodies};
use crate::domain::day::{OPEN, day_number};
use crate::domain::membership::Segment;
use crate::timeline::{OfPerson, Span, Timeline, TimelineError};

/// Membership segments as plain columns, sorted by physician. Segments of one physician in one body never
/// overlap, so that adding them up counts memberships (R1).
#[derive(Debug, Default)]
pub struct Memberships {
    /// Physician.
    pub physician: Vec<i64>,
    /// Body as its place in official order.
    pub rank: Vec<u32>,
    /// Class as its stored number.
    pub class: Vec<u8>,
    /// First day.
    pub starts: Vec<i32>,
    /// First day that no longer counts; [`OPEN`] when open.
    pub ends: Vec<i32>,
    /// Whether the newest export no longer shows the stay.
    pub not_shown: Vec<bool>,
    pub(super) tiers: Vec<Tier>,
}

/// One row of [`Memberships`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) physician: i64,
    pub(super) rank: u32,
    pub(super) class: u8,
    pub(super) starts: i32,
    pub(super) ends: i32,
    pub(super) not_shown: bool,
}

impl Memberships {
    /// Projects a timeline to what was known at a day. Bodies that `keep` refuses are left out.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn project(
        timeline: &Timeline,
        associations: &Associations,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
        keep: impl Fn(usize) -> bool,
    ) -> Result<Self, TimelineError> {
        let places = Places::new(associations, known_at, keep);
        let known = timeline.known(known_at, rule)?;
        let project = |pieces: &Range<usize>| {
            let mut out = Self::of_tiers(associations);
            out.reserve(known.n_versions(pieces.clone()));
            for nth in pieces.clone() {
                known.each_person(nth, |person| each_row(person, associations, &places, |row| out.push(row)))?;
            }
            Ok(out)
        };
        in_parallel(&parts_of_pieces(timeline, known.n_pieces()), project)
            .into_iter()
            .reduce(|first, then| Ok(first?.followed_by(then?)))
            .unwrap_or_else(|| Ok(Self::default()))
    }

    /// The rows of these persons and of those who come after them.
    fn followed_by(mut self, mut other: Self) -> Self {
        self.physician.append(&mut other.physician);
        self.rank.append(&mut other.rank);
        self.class.append(&mut other.class);
        self.starts.append(&mut other.starts);
        self.ends.append(&mut other.ends);
        self.not_shown.append(&mut other.not_shown);
        self
    }

    /// No memberships yet, of the bodies of a master.
    pub fn of_tiers(associations: &Associations) -> Self {
        Self { tiers: associations.iter().map(|body| body.tier).collect(), ..Self::default() }
    }

    /// Takes in segments as known at a day, which `each_segment` hands over person by person. Bodies that `keep`
    /// refuses are left out, and so are days on which a body does not exist: a stay that exports leave open ends with
    /// its body (see `domain::body_days`).
    pub fn take<R>(
        &mut self,
        associations: &Associations,
        known_at: KnownAt,
        keep: impl Fn(usize) -> bool,
        each_segment: impl FnOnce(&mut dyn FnMut(Segment)) -> R,
    ) -> R {
        let places = Places::new(associations, known_at, keep);
        each_within_bodies(associations, each_segment, |segment| {
            if let Some(row) = row_of(&span_of(&segment), &places) {
                self.push(row);
            }
        })
    }

    /// The memberships of the bodies that `keep` accepts by their place in official order.
    pub fn kept(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut out = self.without_rows();
        (0..self.len()).filter(|i| keep(self.rank[*i] as usize)).for_each(|i| out.push(self.row(i)));
        out
    }

    pub(super) fn without_rows(&self) -> Self {
        Self { tiers: self.tiers.clone(), ..Self::default() }
    }

    pub(super) fn row(&self, i: usize) -> Row {
        Row {
            physician: self.physician[i],
            rank: self.rank[i],
            class: self.class[i],
            starts: self.starts[i],
            ends: self.ends[i],
            not_shown: self.not_shown[i],
        }
    }

    pub(super) fn push(&mut self, row: Row) {
        self.physician.push(row.physician);
        self.rank.push(row.rank);
        self.class.push(row.class);
        self.starts.push(row.starts);
        self.ends.push(row.ends);
        self.not_shown.push(row.not_shown);
    }

    fn reserve(&mut self, n: usize) {
        self.physician.reserve(n);
        self.rank.reserve(n);
        self.class.reserve(n);
        self.starts.reserve(n);
        self.ends.reserve(n);
        self.not_shown.reserve(n);
    }

    pub(super) fn clear(&mut self) {
        self.physician.clear();
        self.rank.clear();
        self.class.clear();
        self.starts.clear();
        self.ends.clear();
        self.not_shown.clear();
    }

    /// Number of segments.
    pub fn len(&self) -> usize {
        self.physician.len()
    }

    /// Whether there are no segments.
    pub fn is_empty(&self) -> bool {
        self.physician.is_empty()
    }

    /// The rows in force on a day.
    pub fn rows_on(&self, day: i32) -> impl Iterator<Item = usize> + '_ {
        self.starts
            .iter()
            .zip(&self.ends)
            .enumerate()
            .filter(move |(_, (starts, ends))| **starts <= day && day < **ends)
            .map(|(i, _)| i)
    }

    /// Persons in parts of about the same size, as ranges of rows.
    fn parts(&self) -> Vec<Range<usize>> {
        let n = n_threads(self.len());
        let border = |nth: usize| match self.physician.get(self.len() * nth / n) {
            Some(id) if nth > 0 => self.physician.partition_point(|other| other < id),
            _ if nth == 0 => 0,
            _ => self.len(),
        };
        (0..n).map(|nth| border(nth)..border(nth + 1)).collect()
    }

    /// Counts the members of one day: one scan.
    pub fn count_on(&self, day: i32) -> Counts {
        let count = |rows: &Range<usize>| {
            let mut tally = Tally::of_tiers(&self.tiers);
            self.count_rows(rows.clone(), day, &mut tally);
            tally.into_counts()
        };
        in_parallel(&self.parts(), count)
            .into_iter()
            .reduce(|sum, other| sum.plus(&other))
            .unwrap_or_else(|| Tally::of_tiers(&self.tiers).into_counts())
    }

    /// Adds the members of one day among some rows.
    fn count_rows(&self, rows: Range<usize>, day: i32, tally: &mut Tally) {
        let days = self.starts[rows.clone()].iter().zip(&self.ends[rows.clone()]);
        let places = self.rank[rows.clone()].iter().zip(&self.class[rows.clone()]).zip(&self.not_shown[rows.clone()]);
        for (((starts, ends), ((rank, class), not_shown)), person) in days.zip(places).zip(&self.physician[rows]) {
            if *starts <= day && day < *ends {
                tally.add(*person, *rank, *class, *not_shown);
            }
        }
    }

    /// Counts the members of many days, ascending: one sweep over all segments.
    pub fn count_series(&self, days: &[i32]) -> Vec<Counts> {
        let places = DayPlaces::new(days);
        let sweep = |rows: &Range<usize>| {
            let mut out = Sweep::nothing(self.tiers.len(), &places);
            self.sweep(rows.clone(), &places, &mut out);
            out
        };
        in_parallel(&self.parts(), sweep)
            .into_iter()
            .reduce(|sum, other| sum.plus(&other))
            .map_or_else(Vec::new, Sweep::into_counts)
    }

    /// Adds what begins and ends in some rows. Distinct persons of a tier are the union of the days of one person in it.
    pub(super) fn sweep(&self, rows: Range<usize>, places: &DayPlaces, out: &mut Sweep) {
        let width = out.width;
        let mut ranges: [Vec<(usize, usize)>; 3] = Default::default();
        let mut person = i64::MIN;
        for i in rows {
            if self.physician[i] != person {
                person = self.physician[i];
                out.take_heads(&mut ranges, width);
            }
            let (from, to) = (places.of(self.starts[i]), places.of(self.ends[i]));
            if from == to {
                continue;
            }
            let rank = self.rank[i] as usize;
            let tier = self.tiers[rank].index();
            add_span((from, to), &mut out.cells, (rank * N_CLASSES + usize::from(self.class[i])) * width);
            if self.not_shown[i] {
                add_span((from, to), &mut out.not_shown, tier * width);
            }
            ranges[tier].push((from, to));
        }
        out.take_heads(&mut ranges, width);
    }
}

/// Calls `each` with the rows of a person in bodies that are counted, on days on which these exist.
#[inline]
pub(super) fn each_row(person: OfPerson<'_>, associations: &Associations, places: &Places, mut each: impl FnMut(Row)) {
    let mut each_segment = |segments: &mut Vec<Segment>| {
        each_of_person_within_bodies(segments, associations, |segment| {
            row_of(&span_of(&segment), places).into_iter().for_each(&mut each);
        });
    };
    match person {
        OfPerson::Plain(spans)
            if places.are_limited() && spans.iter().any(|span| places.is_limited(span.association)) =>
        {
            each_segment(&mut spans.iter().filter_map(Span::segment).collect());
        }
        OfPerson::Plain(spans) => spans.iter().filter_map(|span| row_of(span, places)).for_each(each),
        OfPerson::Resolved(segments) => each_segment(segments),
    }
}

fn span_of(segment: &Segment) -> Span {
    let (starts, ends) = (day_number(segment.starts_on), segment.ended_on.map_or(OPEN, day_number));
    let Segment { physician, association, class, not_shown, enrolment, .. } = *segment;
    Span { physician, association, class, starts, ends, not_shown, enrolment }
}

/// The row of a span; `None` in a body that is not counted.
#[inline]
fn row_of(span: &Span, places: &Places) -> Option<Row> {
    let place = places.of(span.association)?;
    Some(Row {
        physician: span.physician.0,
        rank: place.rank,
        class: span.class.index(),
        starts: span.starts,
        ends: span.ends,
        // Nobody misses a row of a body that is no more.
        not_shown: span.not_shown && !place.has_ended,
    })
}

/// Pieces of a timeline in parts of about the same size, one for each thread.
pub(super) fn parts_of_pieces(timeline: &Timeline, n_pieces: usize) -> Vec<Range<usize>> {
    let n = n_threads(timeline.len()).min(n_pieces);
    (0..n).map(|nth| n_pieces * nth / n..n_pieces * (nth + 1) / n).collect()
}
