//! Names of the people behind a number. Only internal papers list people (`service/papers/sections.rs`).

use anyhow::Result;

use crate::domain::cell::Cell;
use crate::domain::ids::PhysicianId;
use crate::service::known::records::Names;
use crate::service::known::vintage::Vintage;

/// Names as known on a day.
pub(super) struct People<'v>(&'v Names);

impl<'v> People<'v> {
    /// The names of a vintage, which were read before.
    ///
    /// # Errors
    /// When they were not, as for papers that are for others: a defect.
    pub(super) fn of(vintage: &'v Vintage) -> Result<Self> {
        Ok(Self(vintage.names()?))
    }

    /// The name exactly as it came, or nothing.
    pub(super) fn name(&self, id: PhysicianId) -> Cell {
        self.0.of(id).map_or(Cell::Blank, Cell::text)
    }
}
