//! The persons of each body among all memberships: an index for papers about one body among many.
//!
//! This module does not count.

use super::kernel::Memberships;
use crate::domain::association::BodySet;
use crate::domain::class::NationalClass;
use crate::domain::ids::PhysicianId;

/// Where the persons of each body begin among memberships: an index for papers about one body among many.
#[derive(Debug)]
pub struct PersonsByBody(Vec<Vec<u32>>);

impl Memberships {
    /// For each body, by its place in official order, where the persons begin who have any membership there, ascending.
    pub fn persons_by_body(&self) -> PersonsByBody {
        let mut firsts: Vec<Vec<u32>> = vec![Vec::new(); self.tiers.len()];
        let mut start = 0;
        while start < self.len() {
            let end = self.end_of_person(start);
            let Ok(first) = u32::try_from(start) else { break };
            for rank in &self.rank[start..end] {
                let of_body = &mut firsts[*rank as usize];
                if of_body.last() != Some(&first) {
                    of_body.push(first);
                }
            }
            start = end;
        }
        PersonsByBody(firsts)
    }

    /// All memberships of the persons who have any in some bodies.
    pub fn of_persons_in(&self, bodies: &BodySet, index: &PersonsByBody) -> Self {
        let mut firsts: Vec<u32> = bodies.ranks().flat_map(|rank| index.0[rank].iter().copied()).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let mut out = self.without_rows();
        for first in firsts {
            let start = first as usize;
            (start..self.end_of_person(start)).for_each(|i| out.push(self.row(i)));
        }
        out
    }

    /// Class and person of everybody who is in one of some bodies on a day, in any order.
    pub fn members_on(&self, bodies: &BodySet, index: &PersonsByBody, day: i32) -> Vec<(NationalClass, PhysicianId)> {
        let mut out = Vec::new();
        for rank in bodies.ranks() {
            for first in index.0[rank].iter().map(|first| *first as usize) {
                let in_force = (first..self.end_of_person(first))
                    .filter(|i| self.rank[*i] as usize == rank && self.starts[*i] <= day && day < self.ends[*i]);
                let member =
                    |i: usize| Some((NationalClass::from_index(self.class[i])?, PhysicianId(self.physician[i])));
                out.extend(in_force.filter_map(member));
            }
        }
        out
    }

    /// All memberships of some persons; `persons` ascend.
    pub fn of_persons(&self, persons: &[PhysicianId]) -> Self {
        let mut out = self.without_rows();
        for person in persons {
            let start = self.physician.partition_point(|other| *other < person.0);
            let rows = (start..self.len()).take_while(|i| self.physician[*i] == person.0);
            rows.for_each(|i| out.push(self.row(i)));
        }
        out
    }

    fn end_of_person(&self, start: usize) -> usize {
        start + self.physician[start..].iter().take_while(|other| **other == self.physician[start]).count()
    }
}
