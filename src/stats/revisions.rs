//! Revisions (R17): two known-ats of one day beside each other, and why they differ.
//!
//! Who counts otherwise is found on plain columns; only those persons are looked at closely. The causes are those of
//! `domain::revision`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::flows::FlowSource;
use super::kernel::Memberships;
use crate::domain::as_of::{AsOf, KnownAt};
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::membership::Segment;
use crate::domain::revision::{BodyRevisions, Change, Evidence, RevisedMember, Revising, Revision};
use crate::domain::roll_forward::Booking;
use crate::timeline::{TimelineError, Voices};

/// What the store adds to the timeline.
#[derive(Debug, Clone)]
pub struct Background {
    /// Day of the first export of each source.
    pub sources_began: BTreeMap<SourceId, NaiveDate>,
    /// Persons and bodies with a withdrawal that was taken back by application, as known now.
    pub cancelled: BTreeSet<(PhysicianId, AssociationId)>,
}

/// Person, place of the body, class.
type Member = (PhysicianId, u32, NationalClass);

impl FlowSource<'_> {
    /// The revision of the figures of a day since an earlier known-at.
    ///
    /// # Errors
    /// [`TimelineError`] when the timeline cannot be read.
    pub fn revision(
        &self,
        as_of: AsOf,
        known_before: KnownAt,
        background: &Background,
    ) -> Result<Revision, TimelineError> {
        let before = FlowSource { known_at: known_before, ..*self };
        let day = day_number(as_of.0);
        let (told_before, told_now) = (&before.memberships(), &self.memberships());
        let mut out = Revision {
            as_of,
            known_before,
            known_at: self.known_at,
            cells: lines(&told_before.count_on(day).cells, &told_now.count_on(day).cells),
            people: Vec::new(),
        };
        let changes = self.changes(&members(told_before, day), &members(told_now, day));
        let persons: BTreeSet<PhysicianId> = changes.iter().map(|change| change.physician).collect();
        let persons: Vec<PhysicianId> = persons.into_iter().collect();
        let stays_before = by_person(before.timeline.stays_of(&persons, known_before, Voices::All)?);
        let stays_now = by_person(self.timeline.stays_of(&persons, self.known_at, Voices::All)?);
        let bookings_before = before.bookings_of(told_before, &persons, &stays_before);
        let bookings_now = self.bookings_of(told_now, &persons, &stays_now);
        let without = (before.unadjusted_on(told_before, &persons, day), self.unadjusted_on(told_now, &persons, day));
        let revising = Revising {
            as_of,
            known_before,
            rule: self.rule,
            sources_began: &background.sources_began,
            cancelled: &background.cancelled,
        };
        for change in changes {
            let key = (change.physician, change.association);
            let evidence = Evidence {
                changes_without_adjustments: without.0.get(&key) != without.1.get(&key),
                stays_before: stays_before.get(&change.physician).map_or(&[], Vec::as_slice),
                stays_after: stays_now.get(&change.physician).map_or(&[], Vec::as_slice),
                bookings_before: bookings_before.get(&change.physician).map_or(&[], Vec::as_slice),
                bookings_after: bookings_now.get(&change.physician).map_or(&[], Vec::as_slice),
            };
            let member = RevisedMember { change, cause: revising.cause(&change, &evidence) };
            if let Some(rank) = self.associations.rank(change.association) {
                out.book(rank, &member);
            }
            out.people.push(member);
        }
        let rank = |member: &RevisedMember| self.associations.rank(member.change.association);
        out.people.sort_by_key(|member| (rank(member), member.cause, member.change.physician));
        Ok(out)
    }

    fn memberships(&self) -> Memberships {
        Memberships::project(self.timeline, self.associations, self.known_at, self.rule, |_| true)
    }

    fn changes(&self, before: &[Member], now: &[Member]) -> Vec<Change> {
        let mut classes: BTreeMap<(PhysicianId, u32), [Option<NationalClass>; 2]> = BTreeMap::new();
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
                // The second arm takes everything that the others leave.
                (Some(_) | None, None) => break,
            }
        }
        let change = |((physician, rank), [before, after]): ((PhysicianId, u32), [Option<NationalClass>; 2])| {
            let association = self.associations.at_rank(usize::try_from(rank).ok()?)?.id;
            Some(Change { physician, association, before, after })
        };
        classes.into_iter().filter_map(change).collect()
    }

    /// All movements of chosen persons, adjustments not told apart.
    fn bookings_of(
        &self,
        memberships: &Memberships,
        persons: &[PhysicianId],
        stays: &BTreeMap<PhysicianId, Vec<KnownStay>>,
    ) -> BTreeMap<PhysicianId, Vec<Booking>> {
        let of_person = |person: &PhysicianId| {
            let start = memberships.physician.partition_point(|id| *id < person.0);
            let length = memberships.physician[start..].partition_point(|id| *id == person.0);
            let stays = stays.get(person).map_or(&[][..], Vec::as_slice);
            (*person, self.bookings_of_rows(memberships, start..start + length, stays, None))
        };
        persons.iter().map(of_person).collect()
    }

    /// Classes of chosen numbers on a day as they would be without adjustments.
    fn unadjusted_on(
        &self,
        memberships: &Memberships,
        chosen: &[PhysicianId],
        day: i32,
    ) -> BTreeMap<(PhysicianId, AssociationId), NationalClass> {
        let adjusted: BTreeSet<PhysicianId> =
            self.timeline.adjusted_persons(self.known_at).into_iter().flat_map(|(_, all)| all).collect();
        let mut without = Memberships::of_tiers(self.associations);
        let told = |each: &mut dyn FnMut(Segment)| {
            self.timeline.each_adjusted_segment(self.known_at, self.rule, Voices::WithoutAdjustments, each);
        };
        without.take(self.associations, self.known_at, |_| true, told);
        let mut all = members(memberships, day);
        all.retain(|(physician, ..)| !adjusted.contains(physician));
        all.extend(members(&without, day));
        all.retain(|(physician, ..)| chosen.binary_search(physician).is_ok());
        let body = |rank: u32| Some(self.associations.at_rank(usize::try_from(rank).ok()?)?.id);
        all.into_iter().filter_map(|(physician, rank, class)| Some(((physician, body(rank)?), class))).collect()
    }
}

/// Who counts on a day, sorted.
fn members(memberships: &Memberships, day: i32) -> Vec<Member> {
    let member = |i: usize| {
        let class = NationalClass::from_index(memberships.class[i]).unwrap_or(NationalClass::Unknown);
        (PhysicianId(memberships.physician[i]), memberships.rank[i], class)
    };
    let mut out: Vec<Member> = memberships.rows_on(day).map(member).collect();
    out.sort_unstable();
    out
}

fn by_person(stays: Vec<KnownStay>) -> BTreeMap<PhysicianId, Vec<KnownStay>> {
    let mut out: BTreeMap<PhysicianId, Vec<KnownStay>> = BTreeMap::new();
    for stay in stays {
        out.entry(stay.physician).or_default().push(stay);
    }
    out
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
