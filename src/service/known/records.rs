//! What the store tells beside the timeline, read once for all audits and papers of a known-at: applications and
//! adjustments with what people wrote on them, findings, and names.
//!
//! Whoever counts needs none of it, so that a vintage has it only when it was asked for (`Vintage::read_records`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, ensure};

use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::KnownAt;
use crate::domain::finding::KnownFinding;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::service::keep::Workspace;

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
    /// Reads what is known at a day, of some bodies where they are given: of these applications and findings, of adjustments all.
    /// `stays_as` are the numbers that were given up by then, with those that stay.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn read(
        workspace: &Workspace,
        known_at: KnownAt,
        bodies: Option<&[AssociationId]>,
        stays_as: &BTreeMap<PhysicianId, PhysicianId>,
    ) -> Result<Self> {
        let mut applications: Vec<ApplicationVersion> = Vec::new();
        let take = |mut version: ApplicationVersion| {
            if version.known_on(known_at.0) {
                let person = version.application.physician;
                version.application.physician = stays_as.get(&person).copied().unwrap_or(person);
                applications.push(version);
            }
        };
        match bodies {
            Some(bodies) => workspace.store.each_application_in(bodies, take).await?,
            None => workspace.store.each_application(take).await?,
        }
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
        let findings = match bodies {
            Some(bodies) => workspace.store.findings_in(bodies, known_at).await?,
            None => workspace.store.findings(known_at).await?,
        };
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

/// The names of physicians as known at a day, one after the other.
#[derive(Debug, Default)]
pub struct Names {
    /// Ascending.
    physicians: Vec<PhysicianId>,
    /// Where the name of each ends.
    ends: Vec<usize>,
    text: String,
    /// Whether only those of some physicians were read.
    is_part: bool,
    /// Whether a part was asked for the name of somebody who is not in it.
    was_missed: AtomicBool,
}

impl Names {
    /// Reads the names of all physicians as known at a day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn read(workspace: &Workspace, known_at: KnownAt) -> Result<Self> {
        let mut out = Self::default();
        workspace.store.each_name(known_at, |physician, name| out.push(physician, name)).await?;
        Ok(out)
    }

    /// The same of some physicians, ascending; nobody else's name may be asked for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn read_of(workspace: &Workspace, physicians: &[PhysicianId], known_at: KnownAt) -> Result<Self> {
        let mut out = Self { is_part: true, ..Self::default() };
        workspace.store.each_name_of(physicians, known_at, |physician, name| out.push(physician, name)).await?;
        Ok(out)
    }

    pub(super) fn push(&mut self, physician: PhysicianId, name: &str) {
        self.physicians.push(physician);
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// The name exactly as it came; empty for somebody who was not described then, `None` for nobody.
    pub fn of(&self, physician: PhysicianId) -> Option<&str> {
        let Ok(at) = self.physicians.binary_search(&physician) else {
            self.was_missed.fetch_or(self.is_part, Ordering::Relaxed);
            return None;
        };
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        self.text.get(from..self.ends[at])
    }

    /// Refuses what was made with the names of some, where somebody else's was asked for.
    ///
    /// # Errors
    /// When that was so: a defect.
    pub(super) fn check(&self) -> Result<()> {
        ensure!(!self.was_missed.load(Ordering::Relaxed), "a name was asked for that was not read");
        Ok(())
    }
}
