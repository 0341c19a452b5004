//! Names of the people behind a number, for the internal variant only.

use std::collections::HashMap;

use anyhow::Result;

use super::Variant;
use crate::domain::as_of::KnownAt;
use crate::domain::document::Cell;
use crate::domain::ids::PhysicianId;
use crate::service::keep::Workspace;

/// Names as known on a day; empty in the external variant.
pub(super) struct People {
    names: HashMap<PhysicianId, String>,
}

impl People {
    pub(super) async fn load(
        workspace: &Workspace,
        known_at: KnownAt,
        ids: impl Iterator<Item = PhysicianId>,
        variant: Variant,
    ) -> Result<Self> {
        if variant == Variant::External {
            return Ok(Self { names: HashMap::new() });
        }
        let mut ids: Vec<PhysicianId> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let persons = workspace.store.persons(&ids, known_at).await?;
        let names = persons.into_iter().map(|known| (known.physician, known.person.texts().name)).collect();
        Ok(Self { names })
    }

    /// The name exactly as it came, or nothing.
    pub(super) fn name(&self, id: PhysicianId) -> Cell {
        self.names.get(&id).map_or(Cell::Blank, Cell::text)
    }
}
