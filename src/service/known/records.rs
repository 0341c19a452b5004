//! What the store tells beside the timeline, read once for all audits and papers of a known-at: applications and
//! adjustments with what people wrote on them, findings, and names.
//!
//! Whoever counts needs none of it, so that a vintage has it only when it was asked for. Start reading at
//! [`Vintage::read_records`](super::vintage::Vintage::read_records).

use std::collections::BTreeMap;

use anyhow::Result;

use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::ids::PhysicianId;
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;
use crate::store::KnownFinding;

/// Applications, adjustments and findings as known at a day.
#[derive(Debug)]
pub struct Records {
    /// Applications under the number that stays, by person.
    applications: Vec<ApplicationVersion>,
    /// Adjustments by source, number and file, with those that were taken back.
    adjustments: Vec<AdjustmentVersion>,
    /// Findings as they were raised; whether one is still open follows from the adjustments.
    pub(super) findings: Vec<KnownFinding>,
}

impl Records {
    /// Reads what is known at the day of a vintage.
    ///
    /// # Errors
    /// When the store cannot be read, or has taken in something since the vintage was.
    pub(super) async fn read(workspace: &Workspace, vintage: &Vintage) -> Result<Self> {
        let known_at = vintage.known_at;
        let stays_as = vintage.stays_as();
        let mut applications: Vec<ApplicationVersion> = Vec::new();
        let take = |mut version: ApplicationVersion| {
            if version.known_on(known_at.0) {
                let person = version.application.physician;
                version.application.physician = stays_as.get(&person).copied().unwrap_or(person);
                applications.push(version);
            }
        };
        workspace.store.each_application(take).await?;
        // Those of one person stay in the order of the store.
        applications.sort_by_key(|version| version.application.physician);
        applications.shrink_to_fit();
        let mut adjustments: Vec<AdjustmentVersion> = Vec::new();
        let take =
            |version: AdjustmentVersion| adjustments.extend(Some(version).filter(|one| one.known_on(known_at.0)));
        workspace.store.each_adjustment(take).await?;
        adjustments.sort_by_cached_key(|version| {
            (version.source, version.adjustment.number.clone(), version.import, version.row)
        });
        let findings = workspace.store.findings(known_at).await?;
        workspace.check_head(&vintage.store_head).await?;
        Ok(Self { applications, adjustments, findings })
    }

    /// All applications under the number that stays, by person.
    pub fn applications(&self) -> &[ApplicationVersion] {
        &self.applications
    }

    /// The applications of a person.
    pub fn applications_of(&self, person: PhysicianId) -> &[ApplicationVersion] {
        let from = self.applications.partition_point(|version| version.application.physician < person);
        let n = self.applications[from..].partition_point(|version| version.application.physician == person);
        &self.applications[from..from + n]
    }

    /// Adjustments by source, number and file, with those that were taken back: their numbers are used up.
    pub fn adjustments(&self) -> &[AdjustmentVersion] {
        &self.adjustments
    }

    /// Adjustments that hold, by source, number and file.
    pub fn holding(&self) -> impl DoubleEndedIterator<Item = &AdjustmentVersion> {
        self.adjustments.iter().filter(|version| !version.adjustment.is_revoked)
    }
}

/// The names of all physicians as known at a day, one after the other.
#[derive(Debug, Default)]
pub struct Names {
    /// Ascending.
    physicians: Vec<PhysicianId>,
    /// Where the name of each ends.
    ends: Vec<usize>,
    text: String,
}

impl Names {
    /// Reads the names as known at the day of a vintage.
    ///
    /// # Errors
    /// When the store cannot be read, or has taken in something since the vintage was.
    pub(super) async fn read(workspace: &Workspace, vintage: &Vintage) -> Result<Self> {
        let mut out = Self::default();
        workspace.store.each_name(vintage.known_at, |physician, name| out.push(physician, name)).await?;
        workspace.check_head(&vintage.store_head).await?;
        Ok(out)
    }

    fn push(&mut self, physician: PhysicianId, name: &str) {
        self.physicians.push(physician);
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// The name exactly as it came; empty for somebody who was not described then, `None` for nobody.
    pub fn of(&self, physician: PhysicianId) -> Option<&str> {
        let at = self.physicians.binary_search(&physician).ok()?;
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        self.text.get(from..self.ends[at])
    }
}

impl Vintage {
    /// Reads applications, adjustments and findings from the store, unless that was done before.
    ///
    /// # Errors
    /// When the store cannot be read, or has taken in something since the vintage was.
    pub async fn read_records(&self, workspace: &Workspace) -> Result<()> {
        if self.beside.records.get().is_none() {
            // Another task may have read them meanwhile; they are the same.
            let _ = self.beside.records.set(Records::read(workspace, self).await?);
        }
        Ok(())
    }

    /// The same of names.
    ///
    /// # Errors
    /// As [`Self::read_records`].
    pub async fn read_names(&self, workspace: &Workspace) -> Result<()> {
        if self.beside.names.get().is_none() {
            let _ = self.beside.names.set(Names::read(workspace, self).await?);
        }
        Ok(())
    }

    /// The number that stays of each that was given up, as known.
    pub fn stays_as(&self) -> BTreeMap<PhysicianId, PhysicianId> {
        self.timeline.same_persons(self.known_at).into_iter().collect()
    }
}
