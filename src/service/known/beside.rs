//! What the store tells beside the timeline of a vintage: records, names, and what lists of persons say.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::{Context, Result};

use crate::domain::as_of::KnownAt;
use crate::domain::ids::PhysicianId;
use crate::service::keep::Workspace;
use crate::service::known::at_hand::AtHand;
use crate::service::known::narrowed::Narrowed;
use crate::service::known::records::{Names, Records};
use crate::store::ImportRecord;

/// Of whom, as known when, and under which head of the store it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'v> {
    pub(super) known_at: KnownAt,
    pub(super) store_head: &'v str,
    /// Of whom it is asked, where that is not everybody.
    pub(super) narrowed: Option<&'v Narrowed>,
}

/// What the store tells, once it was asked. Where two tasks read it at once it is the same.
#[derive(Debug, Default)]
pub(super) struct Beside {
    records: OnceLock<Records>,
    names: OnceLock<Names>,
    at_hand: OnceLock<AtHand>,
}

impl Beside {
    /// Reads applications, adjustments and findings, unless that was done before; `same` has the number that stays of each that was
    /// given up.
    ///
    /// # Errors
    /// When the store cannot be read, or has another head by now.
    pub(super) async fn read_records(
        &self,
        workspace: &Workspace,
        of: Of<'_>,
        same: impl FnOnce() -> Result<BTreeMap<PhysicianId, PhysicianId>>,
    ) -> Result<()> {
        if self.records.get().is_none() {
            let bodies = of.narrowed.map(|narrowed| narrowed.bodies.as_slice());
            let records = Records::read(workspace, of.known_at, bodies, &same()?).await?;
            workspace.check_head(of.store_head).await?;
            let _ = self.records.set(records);
        }
        Ok(())
    }

    /// The same of names.
    ///
    /// # Errors
    /// As [`Self::read_records`].
    pub(super) async fn read_names(&self, workspace: &Workspace, of: Of<'_>) -> Result<()> {
        if self.names.get().is_none() {
            let named = of.narrowed.map(|narrowed| narrowed.named(self.records.get()));
            let names = match named {
                Some(named) => Names::read_of(workspace, &named, of.known_at).await?,
                None => Names::read(workspace, of.known_at).await?,
            };
            workspace.check_head(of.store_head).await?;
            let _ = self.names.set(names);
        }
        Ok(())
    }

    /// The same of what lists of persons say of anybody.
    ///
    /// # Errors
    /// As [`Self::read_records`].
    pub(super) async fn take_at_hand(&self, workspace: &Workspace, of: Of<'_>, imports: &[ImportRecord]) -> Result<()> {
        if self.at_hand.get().is_none() {
            let at_hand = AtHand::read(workspace, of.known_at, imports).await?;
            workspace.check_head(of.store_head).await?;
            let _ = self.at_hand.set(at_hand);
        }
        Ok(())
    }

    /// Applications, adjustments and findings.
    ///
    /// # Errors
    /// When they were not read: a defect.
    pub(super) fn records(&self) -> Result<&Records> {
        self.records.get().context("the records of the store were not read")
    }

    /// Names.
    ///
    /// # Errors
    /// When they were not read: a defect.
    pub(super) fn names(&self) -> Result<&Names> {
        self.names.get().context("the names of the store were not read")
    }

    /// What lists of persons say, where it was taken at hand.
    pub(super) fn at_hand(&self) -> Option<&AtHand> {
        self.at_hand.get()
    }

    /// Refuses what was made with names, where one was asked for that was not read.
    ///
    /// # Errors
    /// When that was so: a defect.
    pub(super) fn check_names(&self) -> Result<()> {
        self.names.get().map_or(Ok(()), Names::check)
    }
}
