//! What an asker may see. Accounts are mapped to it elsewhere.

use std::collections::BTreeSet;

use crate::domain::association::{Association, Tier};

/// Bodies by code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bodies {
    /// Every local and prefectural body.
    All,
    /// These local and prefectural bodies, by the codes of the master.
    Only(BTreeSet<String>),
}

/// What an asker may see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Viewer {
    /// Of which local and prefectural bodies.
    pub bodies: Bodies,
    /// Whether of the national tier (日医) as well; it is never lent with a prefecture.
    pub national: bool,
    /// Whether persons too, and not only numbers.
    pub persons: bool,
}

impl Viewer {
    /// Everything.
    pub fn of_everything() -> Self {
        Self { bodies: Bodies::All, national: true, persons: true }
    }

    /// Whether figures of a body may be seen.
    pub fn sees(&self, body: &Association) -> bool {
        match (&self.bodies, body.tier) {
            (_, Tier::National) => self.national,
            (Bodies::All, _) => true,
            (Bodies::Only(codes), _) => codes.contains(&body.code),
        }
    }

    /// Whether nothing is hidden.
    pub(super) fn sees_everything(&self) -> bool {
        self.bodies == Bodies::All && self.national
    }
}
