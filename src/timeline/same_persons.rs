//! Numbers that are one person: which of them stays, and which were given up.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::domain::ids::PhysicianId;

/// A person about whom something was learnt beside the exports, with the numbers that are the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Touched {
    /// The physician that stays.
    pub(super) physician: PhysicianId,
    /// All physicians that are this person, ascending; the one that stays among them.
    pub(super) all: Vec<PhysicianId>,
}

/// Numbers that are one person, as known at a day.
#[derive(Debug, Default)]
pub(super) struct SamePersons {
    /// By the physician that stays.
    pub(super) persons: Vec<Touched>,
    /// All numbers of them, ascending.
    numbers: Vec<PhysicianId>,
    /// Those given up, ascending.
    given_up: Vec<PhysicianId>,
}

impl SamePersons {
    /// The persons who stay under a number of a range, the end exclusive.
    pub(super) fn between(&self, range: &Range<PhysicianId>) -> &[Touched] {
        let from = self.persons.partition_point(|person| person.physician < range.start);
        let to = self.persons.partition_point(|person| person.physician < range.end);
        &self.persons[from..to]
    }

    pub(super) fn new(same: &BTreeMap<PhysicianId, PhysicianId>) -> Self {
        let mut persons: BTreeMap<PhysicianId, Vec<PhysicianId>> = BTreeMap::new();
        for id in same.keys() {
            persons.entry(final_number(same, *id)).or_default().push(*id);
        }
        let persons: Vec<Touched> = persons
            .into_iter()
            .map(|(physician, mut all)| {
                all.push(physician);
                all.sort_unstable();
                // The one that stays was given up as well where numbers go round in a circle.
                all.dedup();
                Touched { physician, all }
            })
            .collect();
        let mut numbers: Vec<PhysicianId> = persons.iter().flat_map(|person| person.all.clone()).collect();
        numbers.sort_unstable();
        let given_up = given_up(&persons);
        Self { persons, numbers, given_up }
    }

    /// Whether a number is one of several of one person.
    pub(super) fn holds(&self, id: PhysicianId) -> bool {
        !self.numbers.is_empty() && self.numbers.binary_search(&id).is_ok()
    }

    /// The number that stays of one.
    pub(super) fn stays_as(&self, id: PhysicianId) -> PhysicianId {
        let of_several = self.holds(id).then(|| self.persons.iter().find(|person| person.all.contains(&id))).flatten();
        of_several.map_or(id, |person| person.physician)
    }

    /// Whether a number was given up for another.
    pub(super) fn has_given_up(&self, id: PhysicianId) -> bool {
        !self.given_up.is_empty() && self.given_up.binary_search(&id).is_ok()
    }
}

/// Numbers that were given up for another, ascending.
pub(super) fn given_up(touched: &[Touched]) -> Vec<PhysicianId> {
    let others = |person: &Touched| {
        let stays = person.physician;
        person.all.clone().into_iter().filter(move |id| *id != stays)
    };
    let mut out: Vec<PhysicianId> = touched.iter().flat_map(others).collect();
    out.sort_unstable();
    out
}

/// Follows numbers that were given up. Those given up for each other in a circle are one person, known by the smallest.
fn final_number(same: &BTreeMap<PhysicianId, PhysicianId>, id: PhysicianId) -> PhysicianId {
    let mut way = vec![id];
    let mut at = id;
    while let Some(next) = same.get(&at) {
        if let Some(first) = way.iter().position(|other| other == next) {
            return way[first..].iter().copied().fold(*next, PhysicianId::min);
        }
        way.push(*next);
        at = *next;
    }
    at
}
