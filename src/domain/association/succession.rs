//! Bodies that took the place of others (合併・分割): where a body stands on the map of another day.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::{Association, Associations};
use crate::domain::ids::AssociationId;

/// Where a body stands on the map of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It stands, itself or as the one body that took its place in the end.
    Stands(AssociationId),
    /// Several bodies took the place of this one; each person says which.
    Divided(AssociationId),
    /// This one has ended and nothing took its place.
    Dissolved(AssociationId),
}

impl Associations {
    /// The bodies that took the place of one, as the master lists them.
    pub fn successors<'a>(&'a self, body: &'a Association) -> impl Iterator<Item = &'a Association> {
        body.successors.iter().filter_map(|code| self.by_code(code))
    }

    /// The body and all that took its place, directly or through others; each once, the body first.
    pub fn reach<'a>(&'a self, body: &'a Association) -> Vec<&'a Association> {
        let mut out = vec![body];
        let mut met = HashSet::from([body.id]);
        let mut at = 0;
        while at < out.len() {
            out.extend(self.successors(out[at]).filter(|next| met.insert(next.id)));
            at += 1;
        }
        out
    }

    /// Where a body stands on the map of a day: a merger is followed to the body that took its place, through as many
    /// mergers as there were.
    ///
    /// A body that has not begun by then stands as itself: nothing is restated backwards. `None` for an id that no
    /// body has.
    pub fn place_on(&self, id: AssociationId, day: NaiveDate) -> Option<Place> {
        let mut body = self.get(id)?;
        // Each step ends later than the one before, so this comes to an end.
        while body.has_ended_before(day) {
            let mut successors = self.successors(body);
            body = match (successors.next(), successors.next()) {
                (None, _) => return Some(Place::Dissolved(body.id)),
                (Some(only), None) => only,
                (Some(_), Some(_)) => return Some(Place::Divided(body.id)),
            };
        }
        Some(Place::Stands(body.id))
    }
}
