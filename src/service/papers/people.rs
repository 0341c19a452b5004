//! Names of the people behind a number, for the internal variant only.

use anyhow::Result;

use super::request::Variant;
use crate::domain::document::Cell;
use crate::domain::ids::PhysicianId;
use crate::service::known::records::Names;
use crate::service::known::vintage::Vintage;

/// Names as known on a day; none in the external variant.
pub(super) struct People<'v>(Option<&'v Names>);

impl<'v> People<'v> {
    /// The names of a vintage, which were read before.
    ///
    /// # Errors
    /// When they were not: a defect.
    pub(super) fn of(vintage: &'v Vintage, variant: Variant) -> Result<Self> {
        Ok(Self(match variant {
            Variant::Internal => Some(vintage.names()?),
            Variant::External => None,
        }))
    }

    /// The name exactly as it came, or nothing.
    pub(super) fn name(&self, id: PhysicianId) -> Cell {
        self.0.and_then(|names| names.of(id)).map_or(Cell::Blank, Cell::text)
    }
}
