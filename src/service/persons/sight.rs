//! In which bodies persons may be looked at.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::access::{Access, AccessArea};
use crate::domain::association::{Associations, Tier};
use crate::domain::ids::AssociationId;

/// The bodies whose members an asker may see by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    bodies: BTreeSet<AssociationId>,
    /// Whether nothing is left out.
    is_whole: bool,
}

impl Sight {
    /// What an account may see on a day.
    pub fn of(access: &Access, associations: &Associations, today: NaiveDate) -> Self {
        let seen = access.persons_of(associations, today);
        let has_all_tiers = Tier::ALL.into_iter().all(|tier| access.tiers().has(tier));
        Self {
            bodies: seen.bodies(associations).map(|(_, body)| body.id).collect(),
            is_whole: access.persons() && access.area() == &AccessArea::Everywhere && has_all_tiers,
        }
    }

    /// Whether persons of a body may be seen.
    pub fn has(&self, body: AssociationId) -> bool {
        self.bodies.contains(&body)
    }

    /// Whether nothing is left out.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }
}
