//! What was told of some numbers by a day, within sight.

use std::collections::BTreeSet;

use anyhow::Result;

use super::sight::Sight;
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::ApplicationVersion;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;

/// Versions that were known by the end of the day, those that were superseded by then among them.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) stays: Vec<EnrolmentVersion>,
    pub(super) applications: Vec<ApplicationVersion>,
    /// With those that are about no body where nothing is left out.
    pub(super) adjustments: Vec<AdjustmentVersion>,
}

impl Told {
    /// Reads it; `ids` ascend. Of nobody the same is read, so that an answer takes as long.
    ///
    /// # Errors
    /// When the store or the timeline cannot be read.
    pub(super) async fn read(
        workspace: &Workspace,
        vintage: &Vintage,
        ids: &[PhysicianId],
        sight: &Sight,
    ) -> Result<Self> {
        let (store, day) = (&workspace.store, vintage.known_at.0);
        let mut out = Self::default();
        let take = |version: EnrolmentVersion| {
            if version.known_from <= day && sight.has(version.association) {
                out.stays.push(version);
            }
        };
        store.each_version_of(ids, take).await?;
        let take = |version: ApplicationVersion| {
            if version.known_from <= day && sight.has(version.application.association) {
                out.applications.push(version);
            }
        };
        store.each_application_of(ids, take).await?;
        let adjustments = vintage.timeline()?.adjustments(vintage.known_at)?;
        let hers = adjustments.filter(|version| is_about(&version.adjustment, ids));
        let seen = hers.filter(|version| match version.adjustment.association {
            Some(body) => sight.has(body),
            None => sight.is_whole(),
        });
        out.adjustments = seen.cloned().collect();
        Ok(out)
    }

    /// The numbers of whom exports, applications, or an adjustment that makes a stay tell anything.
    pub(super) fn physicians(&self) -> BTreeSet<PhysicianId> {
        let added = self.adjustments.iter().map(|version| &version.adjustment);
        let added = added.filter(|one| one.kind == AdjustmentKind::Joined && one.association.is_some());
        let stays = self.stays.iter().map(|version| version.physician);
        let applications = self.applications.iter().map(|version| version.application.physician);
        stays.chain(applications).chain(added.map(|one| one.physician)).collect()
    }

    /// The bodies of which something is told.
    pub(super) fn bodies(&self) -> BTreeSet<AssociationId> {
        let stays = self.stays.iter().map(|version| version.association);
        let applications = self.applications.iter().map(|version| version.application.association);
        let adjustments = self.adjustments.iter().filter_map(|version| version.adjustment.association);
        stays.chain(applications).chain(adjustments).collect()
    }
}

/// Whether an adjustment is about one of some numbers, which ascend.
fn is_about(adjustment: &Adjustment, ids: &[PhysicianId]) -> bool {
    let mut named = std::iter::once(adjustment.physician).chain(adjustment.other);
    named.any(|id| ids.binary_search(&id).is_ok())
}
