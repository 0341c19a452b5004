//! Roll-forwards in one sweep (R16): who moved is found on plain columns, and only those are looked at closely.
//!
//! Opening and closing are counted by the kernel; the movements between them are booked person by person by
//! `domain::roll_forward`. The two know nothing of each other, so that a line that balances has been checked.
//! tests/oracle/flows.rs is the slow definition.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::kernel::Memberships;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::Associations;
use crate::domain::class::NationalClass;
use crate::domain::day::{OPEN, date_of, day_number};
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::PhysicianId;
use crate::domain::roll_forward::booking::{ClassSpan, Person, Surroundings, bookings};
use crate::domain::roll_forward::{BodyFlows, Booking, RollForward};
use crate::timeline::{Evidence, Timeline, TimelineError};

/// What roll-forwards are made from.
#[derive(Debug, Clone, Copy)]
pub struct FlowSource<'a> {
    /// Versions of all stays.
    pub timeline: &'a Timeline,
    /// The master.
    pub associations: &'a Associations,
    /// Known at, for opening, movements and closing alike.
    pub known_at: KnownAt,
    /// 退会日の扱い.
    pub rule: WithdrawalDayRule,
}

impl FlowSource<'_> {
    /// The roll-forwards of consecutive periods: from each day to the next. `days` ascend; one fewer comes back.
    ///
    /// `memberships` are those of all bodies as known, `unadjusted` those of persons whom adjustments concern, as they
    /// would be without.
    ///
    /// # Errors
    /// [`TimelineError`] when the reasons of withdrawals cannot be read.
    pub fn roll_forwards(
        &self,
        memberships: &Memberships,
        unadjusted: &Memberships,
        days: &[NaiveDate],
    ) -> Result<Vec<RollForward>, TimelineError> {
        let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
        let counts = memberships.count_series(&numbers);
        let mut out: Vec<RollForward> = days
            .windows(2)
            .zip(counts.windows(2))
            .map(|(days, counts)| RollForward {
                opened_on: days[0],
                closed_on: days[1],
                cells: ends_of_lines(&counts[0].cells, &counts[1].cells),
                bookings: Vec::new(),
            })
            .collect();
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Ok(out) };
        for booking in self.bookings(memberships, unadjusted, *first, *last)? {
            // The period whose closing day is the first on or after the booked one.
            let at = days.partition_point(|day| *day < booking.day);
            if let Some(period) = at.checked_sub(1).and_then(|at| out.get_mut(at)) {
                self.book(&booking, &mut period.cells);
                period.bookings.push(booking);
            }
        }
        let rank = |booking: &Booking| self.associations.rank(booking.association);
        for period in &mut out {
            period.bookings.sort_by_key(|booking| (booking.day, rank(booking), booking.physician));
        }
        Ok(out)
    }

    fn book(&self, booking: &Booking, cells: &mut [BodyFlows]) {
        let Some(of_body) = self.associations.rank(booking.association).and_then(|rank| cells.get_mut(rank)) else {
            return;
        };
        if let Some(class) = booking.before {
            of_body[usize::from(class.index())].book_out(booking.flow);
        }
        if let Some(class) = booking.after {
            of_body[usize::from(class.index())].book_in(booking.flow);
        }
    }

    /// The movements after `opened` and up to `closed`.
    fn bookings(
        &self,
        memberships: &Memberships,
        unadjusted: &Memberships,
        opened: i32,
        closed: i32,
    ) -> Result<Vec<Booking>, TimelineError> {
        let groups = movers(memberships, opened, closed);
        let persons: Vec<PhysicianId> =
            groups.iter().map(|rows| PhysicianId(memberships.physician[rows.start])).collect();
        let stays = self.timeline.stays_of(&persons, self.known_at, Evidence::All)?;
        let stays_by_person: BTreeMap<PhysicianId, &[KnownStay]> = stays
            .chunk_by(|a, b| a.physician == b.physician)
            .map(|of_person| (of_person[0].physician, of_person))
            .collect();
        let reported_without = self.unadjusted_spans(unadjusted)?;
        let mut out = Vec::new();
        for (rows, person) in groups.into_iter().zip(persons) {
            let stays = stays_by_person.get(&person).copied().unwrap_or_default();
            let unadjusted = reported_without.get(&person).map(Vec::as_slice);
            let in_time = |booking: &Booking| (opened + 1..=closed).contains(&day_number(booking.day));
            out.extend(self.bookings_of_rows(memberships, rows, stays, unadjusted).into_iter().filter(in_time));
        }
        Ok(out)
    }

    /// All movements of the person in some rows, on whatever day.
    pub(super) fn bookings_of_rows(
        &self,
        memberships: &Memberships,
        rows: Range<usize>,
        stays: &[KnownStay],
        unadjusted: Option<&[ClassSpan]>,
    ) -> Vec<Booking> {
        let spans: Vec<ClassSpan> = rows.filter_map(|i| self.span(memberships, i)).collect();
        let around = Surroundings { associations: self.associations, known_at: self.known_at, rule: self.rule };
        bookings(&Person { spans: &spans, stays, unadjusted }, &around)
    }

    /// The days of persons whom adjustments concern, as they would be without, by the number that stays.
    fn unadjusted_spans(
        &self,
        unadjusted: &Memberships,
    ) -> Result<BTreeMap<PhysicianId, Vec<ClassSpan>>, TimelineError> {
        let adjusted = self.timeline.adjusted_persons(self.known_at)?;
        let person_of: BTreeMap<PhysicianId, PhysicianId> =
            adjusted.iter().flat_map(|(person, all)| all.iter().map(|id| (*id, *person))).collect();
        let mut out: BTreeMap<PhysicianId, Vec<ClassSpan>> =
            adjusted.iter().map(|(person, _)| (*person, Vec::new())).collect();
        for span in (0..unadjusted.len()).filter_map(|i| self.span(unadjusted, i)) {
            let person = person_of.get(&span.physician).copied().unwrap_or(span.physician);
            out.entry(person).or_default().push(span);
        }
        Ok(out)
    }

    fn span(&self, memberships: &Memberships, i: usize) -> Option<ClassSpan> {
        let rank = usize::try_from(memberships.rank[i]).ok()?;
        Some(ClassSpan {
            physician: PhysicianId(memberships.physician[i]),
            association: self.associations.at_rank(rank)?.id,
            class: NationalClass::from_index(memberships.class[i])?,
            starts_on: date_of(memberships.starts[i])?,
            ended_on: Some(memberships.ends[i]).filter(|end| *end != OPEN).and_then(date_of),
        })
    }
}

/// Lines with their opening and closing.
fn ends_of_lines(opening: &[[i64; NationalClass::COUNT]], closing: &[[i64; NationalClass::COUNT]]) -> Vec<BodyFlows> {
    let mut out = vec![BodyFlows::default(); opening.len()];
    for ((lines, opening), closing) in out.iter_mut().zip(opening).zip(closing) {
        for ((line, opening), closing) in lines.iter_mut().zip(opening).zip(closing) {
            (line.opening, line.closing) = (*opening, *closing);
        }
    }
    out
}

/// The rows of each person for whom something begins or ends after `opened` and up to `closed`. Everybody else is
/// passed over without a look at her other rows.
fn movers(memberships: &Memberships, opened: i32, closed: i32) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let in_time = |day: i32| opened < day && day <= closed;
    let mut start = 0;
    let mut moves = false;
    let n = memberships.len();
    for i in 0..n {
        moves |= in_time(memberships.starts[i]) || in_time(memberships.ends[i]);
        if i + 1 == n || memberships.physician[i + 1] != memberships.physician[i] {
            if moves {
                out.push(start..i + 1);
            }
            (start, moves) = (i + 1, false);
        }
    }
    out
}
