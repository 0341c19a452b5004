//! Of whom a vintage is asked that is asked about some bodies only: of single persons it looks at those of whom that may tell.
//!
//! Figures are not narrowed: whoever counts looks at everybody, or at sums of everybody.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use crate::domain::as_of::KnownAt;
use crate::domain::association::{Associations, BodySet};
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::service::known::records::Records;
use crate::stats::stays::persons_in;
use crate::timeline::Timeline;

/// Some bodies, and of whom they may tell.
#[derive(Debug)]
pub(super) struct Narrowed {
    /// The bodies, ascending.
    pub(super) bodies: Vec<AssociationId>,
    /// Who was ever told of in one of them, and whoever an adjustment concerns, by the number that stays; ascending.
    pub(super) persons: Vec<PhysicianId>,
}

impl Narrowed {
    /// Finds the persons of some bodies, as known at a day.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(super) fn to(
        bodies: &BodySet,
        associations: &Associations,
        timeline: &Timeline,
        known_at: KnownAt,
    ) -> Result<Self> {
        let mut bodies: Vec<AssociationId> = bodies.bodies(associations).map(|(_, body)| body.id).collect();
        bodies.sort_unstable();
        let is_asked = |body: AssociationId| bodies.binary_search(&body).is_ok();
        let persons = persons_in(timeline, known_at, is_asked).context("reading the timeline")?;
        Ok(Self { bodies, persons })
    }

    /// Whose names may be asked for beside these records, ascending.
    pub(super) fn named(&self, records: Option<&Records>) -> Vec<PhysicianId> {
        let findings = records.into_iter().flat_map(|records| &records.findings);
        let found = findings.map(|known| known.finding.physician);
        let all: BTreeSet<PhysicianId> = self.persons.iter().copied().chain(found).collect();
        all.into_iter().collect()
    }
}
