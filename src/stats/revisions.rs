//! Revisions (R17): two known-ats of one day beside each other, and why they differ.
//!
//! Who counts otherwise is found on plain columns; only those persons are looked at closely. The causes are those of
//! `domain::revision`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;

use super::flows::FlowSource;
use super::kernel::Memberships;
use crate::domain::as_of::{AsOf, KnownAt};
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::membership::Segment;
use crate::domain::revision::{BodyRevisions, Change, PersonRevised, RevisedMember, Revising, Revision};
use crate::domain::roll_forward::Booking;
use crate::timeline::{Evidence, Timeline, TimelineError};

/// What the store adds to the timeline.
#[derive(Debug, Clone)]
pub struct Background {
    /// Day of the first export of each source.
    pub sources_began: BTreeMap<SourceId, NaiveDate>,
    /// Persons and bodies with a withdrawal that was taken back by application, as known now.
    pub cancelled: BTreeSet<(PhysicianId, AssociationId)>,
}

/// Person, body, class.
type Member = (PhysicianId, AssociationId, NationalClass);

impl FlowSource<'_> {
    /// The revisions of the figures of several days since an earlier known-at, in the order of the days. `reported_now` are
    /// the memberships of all bodies as known now.
    ///
    /// # Errors
    /// [`TimelineError`] when the timeline cannot be read.
    pub fn revisions(
        &self,
        reported_now: &Memberships,
        days: &[NaiveDate],
        known_before: KnownAt,
        background: &Background,
    ) -> Result<Vec<Revision>, TimelineError> {
        let before = FlowSource { known_at: known_before, ..*self };
        let reported_before = &before.memberships()?;
        // Nearly everybody is told of as before; only the others are looked at day by day.
        let (old, new) = told_otherwise(reported_before, reported_now);
        let members = |memberships: &Memberships, day: &NaiveDate| self.members(memberships, day_number(*day));
        let changes: Vec<Vec<Change>> =
            days.iter().map(|day| changes(&members(&old, day), &members(&new, day))).collect();
        let numbers = Numbers::known_at(self.timeline, [known_before, self.known_at])?;
        let persons = changes.iter().flatten().map(|change| change.physician);
        let persons: BTreeSet<PhysicianId> = persons.flat_map(|person| numbers.around(person)).collect();
        let persons: Vec<PhysicianId> = persons.into_iter().collect();
        let reported_before = before.reported_of(reported_before, persons.as_slice())?;
        let reported_now = self.reported_of(reported_now, persons.as_slice())?;
        let of_day = |(day, changes): (&NaiveDate, Vec<Change>)| {
            let revising = Revising {
                as_of: AsOf(*day),
                known_before,
                rule: self.rule,
                sources_began: &background.sources_began,
                cancelled: &background.cancelled,
            };
            self.revision_of(&revising, changes, &numbers, [&reported_before, &reported_now])
        };
        Ok(days.iter().zip(changes).map(of_day).collect())
    }

    fn revision_of(
        &self,
        revising: &Revising<'_>,
        changes: Vec<Change>,
        numbers: &Numbers,
        [before, now]: [&Reported<'_>; 2],
    ) -> Revision {
        let day = day_number(revising.as_of.0);
        let mut out = Revision {
            as_of: revising.as_of,
            known_before: revising.known_before,
            known_at: self.known_at,
            cells: lines(&before.memberships.count_on(day).cells, &now.memberships.count_on(day).cells),
            people: Vec::new(),
        };
        let (without_before, without_now) = (before.unadjusted_on(self, day), now.unadjusted_on(self, day));
        for change in changes {
            let numbers_of_person = numbers.of(change.physician);
            let changes_without_adjustments = |number: &PhysicianId| {
                let key = (*number, change.association);
                without_before.get(&key) != without_now.get(&key)
            };
            let around = numbers.around(change.physician);
            let evidence = PersonRevised {
                numbers: &numbers_of_person,
                changes_without_adjustments: numbers_of_person.iter().any(changes_without_adjustments),
                stays_before: &of_persons(&before.stays, &around),
                stays_after: &of_persons(&now.stays, &around),
                bookings_before: of_person(&before.bookings, change.physician),
                bookings_after: of_person(&now.bookings, change.physician),
            };
            let member = RevisedMember { change, cause: revising.cause(&change, &evidence) };
            if let Some(rank) = self.associations.rank(change.association) {
                out.book(rank, &member);
            }
            out.people.push(member);
        }
        let rank = |member: &RevisedMember| self.associations.rank(member.change.association);
        out.people.sort_by_key(|member| (rank(member), member.cause, member.change.physician));
        out
    }

    /// What is known of chosen persons, ascending.
    fn reported_of<'m>(
        &self,
        memberships: &'m Memberships,
        chosen: &[PhysicianId],
    ) -> Result<Reported<'m>, TimelineError> {
        let mut stays: BTreeMap<PhysicianId, Vec<KnownStay>> = BTreeMap::new();
        for stay in self.timeline.stays_of(chosen, self.known_at, Evidence::All)? {
            stays.entry(stay.physician).or_default().push(stay);
        }
        let mut without = Memberships::of_tiers(self.associations);
        let told = |each: &mut dyn FnMut(Segment)| {
            self.timeline.each_adjusted_segment(self.known_at, self.rule, Evidence::WithoutAdjustments, each)
        };
        without.take(self.associations, self.known_at, |_| true, told)?;
        Ok(Reported {
            bookings: self.bookings_of(memberships, chosen, &stays),
            memberships,
            stays,
            without,
            adjusted: self.timeline.adjusted_persons(self.known_at)?.into_iter().flat_map(|(_, all)| all).collect(),
            chosen: chosen.to_vec(),
        })
    }

    fn memberships(&self) -> Result<Memberships, TimelineError> {
        Memberships::project(self.timeline, self.associations, self.known_at, self.rule, |_| true)
    }

    /// Who counts on a day, sorted.
    fn members(&self, memberships: &Memberships, day: i32) -> Vec<Member> {
        let mut out: Vec<Member> = memberships.rows_on(day).filter_map(|i| self.member(memberships, i)).collect();
        // Memberships stand by person and body already; this is how one makes sure.
        out.sort_unstable();
        out
    }

    fn member(&self, memberships: &Memberships, i: usize) -> Option<Member> {
        let body = self.associations.at_rank(usize::try_from(memberships.rank[i]).ok()?)?.id;
        Some((PhysicianId(memberships.physician[i]), body, NationalClass::from_index(memberships.class[i])?))
    }

    /// All movements of chosen persons, adjustments not told apart.
    fn bookings_of(
        &self,
        memberships: &Memberships,
        persons: &[PhysicianId],
        stays: &BTreeMap<PhysicianId, Vec<KnownStay>>,
    ) -> BTreeMap<PhysicianId, Vec<Booking>> {
        let booked = |person: &PhysicianId| {
            let rows = rows_of(memberships, *person);
            (*person, self.bookings_of_rows(memberships, rows, of_person(stays, *person), None))
        };
        persons.iter().map(booked).collect()
    }
}

/// Which numbers were one person at one of two days (同一人物).
struct Numbers {
    /// A number that was given up, and the person that stayed.
    given_up: BTreeSet<(PhysicianId, PhysicianId)>,
}

impl Numbers {
    fn known_at(timeline: &Timeline, days: [KnownAt; 2]) -> Result<Self, TimelineError> {
        let mut given_up = BTreeSet::new();
        for day in days {
            given_up.extend(timeline.same_persons(day)?);
        }
        Ok(Self { given_up })
    }

    /// A person's own number and those that were hers.
    fn of(&self, person: PhysicianId) -> BTreeSet<PhysicianId> {
        let hers = self.given_up.iter().filter(|(_, stays)| *stays == person).map(|(number, _)| *number);
        hers.chain([person]).collect()
    }

    /// The same, and the persons whose number hers was: a stay may stand under another of them at the other day.
    fn around(&self, person: PhysicianId) -> BTreeSet<PhysicianId> {
        let others = self.given_up.iter().filter(|(number, _)| *number == person).map(|(_, stays)| *stays);
        self.of(person).into_iter().chain(others).collect()
    }
}

/// What was known at one day of the persons who count otherwise at another one.
struct Reported<'m> {
    memberships: &'m Memberships,
    stays: BTreeMap<PhysicianId, Vec<KnownStay>>,
    bookings: BTreeMap<PhysicianId, Vec<Booking>>,
    /// Memberships without adjustments, of the numbers that adjustments concern.
    without: Memberships,
    adjusted: BTreeSet<PhysicianId>,
    chosen: Vec<PhysicianId>,
}

impl Reported<'_> {
    /// Classes of the chosen numbers on a day as they would be without adjustments.
    fn unadjusted_on(
        &self,
        source: &FlowSource<'_>,
        day: i32,
    ) -> BTreeMap<(PhysicianId, AssociationId), NationalClass> {
        let is_chosen = |number: PhysicianId| self.chosen.binary_search(&number).is_ok();
        let untouched = self.chosen.iter().filter(|number| !self.adjusted.contains(number));
        let untouched = untouched.flat_map(|number| rows_of(self.memberships, *number));
        let is_in_force = |i: &usize| self.memberships.starts[*i] <= day && day < self.memberships.ends[*i];
        let untouched = untouched.filter(is_in_force).filter_map(|i| source.member(self.memberships, i));
        // The numbers of one person stand together here, so they are in no order.
        let adjusted = self.without.rows_on(day).filter_map(|i| source.member(&self.without, i));
        let adjusted = adjusted.filter(|(number, ..)| is_chosen(*number));
        untouched.chain(adjusted).map(|(physician, body, class)| ((physician, body), class)).collect()
    }
}

/// The memberships of those persons of whom the two tell otherwise: as before, and as now.
fn told_otherwise(before: &Memberships, now: &Memberships) -> (Memberships, Memberships) {
    let (mut old, mut new) = (before.without_rows(), now.without_rows());
    let (mut i, mut j) = (0, 0);
    while i < before.len() || j < now.len() {
        let person = match (before.physician.get(i), now.physician.get(j)) {
            (Some(a), Some(b)) => *a.min(b),
            (Some(a), None) => *a,
            (None, Some(b)) => *b,
            (None, None) => break,
        };
        let end = |memberships: &Memberships, start: usize| {
            start + memberships.physician[start..].iter().take_while(|other| **other == person).count()
        };
        let (i_end, j_end) = (end(before, i), end(now, j));
        let key = |memberships: &Memberships, at: usize| {
            (memberships.rank[at], memberships.class[at], memberships.starts[at], memberships.ends[at])
        };
        if !(i..i_end).map(|at| key(before, at)).eq((j..j_end).map(|at| key(now, at))) {
            (i..i_end).for_each(|at| old.push(before.row(at)));
            (j..j_end).for_each(|at| new.push(now.row(at)));
        }
        (i, j) = (i_end, j_end);
    }
    (old, new)
}

/// The rows of a physician.
fn rows_of(memberships: &Memberships, physician: PhysicianId) -> Range<usize> {
    let start = memberships.physician.partition_point(|id| *id < physician.0);
    let length = memberships.physician[start..].partition_point(|id| *id == physician.0);
    start..start + length
}

/// Who counts otherwise.
fn changes(before: &[Member], now: &[Member]) -> Vec<Change> {
    let mut classes: BTreeMap<(PhysicianId, AssociationId), [Option<NationalClass>; 2]> = BTreeMap::new();
    // Nearly everybody counts as before; only the others are kept.
    let (mut i, mut j) = (0, 0);
    while i < before.len() || j < now.len() {
        match (before.get(i), now.get(j)) {
            (Some(a), Some(b)) if a == b => (i, j) = (i + 1, j + 1),
            (Some(a), other) if other.is_none_or(|b| a < b) => {
                classes.entry((a.0, a.1)).or_default()[0] = Some(a.2);
                i += 1;
            }
            (_, Some(b)) => {
                classes.entry((b.0, b.1)).or_default()[1] = Some(b.2);
                j += 1;
            }
            // The arms above take everything that is left on either side.
            (_, None) => break,
        }
    }
    let change = |((physician, association), [before, after]): (_, [Option<NationalClass>; 2])| Change {
        physician,
        association,
        before,
        after,
    };
    classes.into_iter().map(change).collect()
}

fn of_person<T>(by_person: &BTreeMap<PhysicianId, Vec<T>>, person: PhysicianId) -> &[T] {
    by_person.get(&person).map_or(&[], Vec::as_slice)
}

fn of_persons(by_person: &BTreeMap<PhysicianId, Vec<KnownStay>>, persons: &BTreeSet<PhysicianId>) -> Vec<KnownStay> {
    persons.iter().flat_map(|person| of_person(by_person, *person)).copied().collect()
}

/// Lines with both figures.
fn lines(before: &[[i64; NationalClass::COUNT]], now: &[[i64; NationalClass::COUNT]]) -> Vec<BodyRevisions> {
    let mut out = vec![BodyRevisions::default(); now.len()];
    for ((rows, before), now) in out.iter_mut().zip(before).zip(now) {
        for ((row, before), now) in rows.iter_mut().zip(before).zip(now) {
            (row.before, row.after) = (*before, *now);
        }
    }
    out
}
