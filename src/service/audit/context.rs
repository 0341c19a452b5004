//! What every audit is made from: a vintage, a day and a period, and the bodies that it is about.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::{AsOf, KnownAt, Period};
use crate::domain::association::Tier;
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::layout::FileKind;
use crate::service::keep::Workspace;
use crate::service::known::area::Extent;
use crate::service::known::vintage::Vintage;
use crate::timeline::Evidence;

/// What every audit is made from.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct AuditContext<'a> {
    pub(in crate::service) workspace: &'a Workspace,
    pub(in crate::service) vintage: &'a Vintage,
    pub(in crate::service) as_of: AsOf,
    pub(in crate::service) period: Period,
    pub(in crate::service) area: &'a Extent,
}

impl AuditContext<'_> {
    /// Whether the audit is about a body.
    pub(in crate::service) fn keeps(&self, id: AssociationId) -> bool {
        self.vintage.associations.rank(id).is_some_and(|rank| self.area.keeps_rank(rank))
    }

    /// Place of a body in official order.
    pub(super) fn rank(&self, id: AssociationId) -> usize {
        rank(self.vintage, id)
    }
}

/// Local stays as known, each joined or pending, by physician and body.
pub(super) fn local_stays(vintage: &Vintage, known_at: KnownAt, evidence: Evidence) -> Result<Vec<KnownStay>> {
    let is_local = |id: AssociationId| vintage.associations.get(id).is_some_and(|body| body.tier == Tier::Local);
    Ok(vintage.timeline.stays(known_at, evidence, is_local)?)
}

pub(super) fn rank(vintage: &Vintage, id: AssociationId) -> usize {
    vintage.associations.rank(id).unwrap_or(usize::MAX)
}

/// The day of the first export of each source up to known-at: what it tells has been so for nobody knows how long.
pub(super) async fn first_exports(context: &AuditContext<'_>) -> Result<BTreeMap<SourceId, NaiveDate>> {
    let mut out: BTreeMap<SourceId, NaiveDate> = BTreeMap::new();
    for import in context.workspace.store.imports().await? {
        if import.kind == FileKind::Members && import.stands() && import.known_on <= context.vintage.known_at.0 {
            let first = out.entry(import.source).or_insert(import.known_on);
            *first = import.known_on.min(*first);
        }
    }
    Ok(out)
}

/// The number that stays of each that was given up, as known.
pub(super) fn stays_as(vintage: &Vintage) -> BTreeMap<PhysicianId, PhysicianId> {
    vintage.timeline.same_persons(vintage.known_at).into_iter().collect()
}

/// Applications as known, under the number that stays, by person.
pub(super) async fn known_applications(
    context: &AuditContext<'_>,
) -> Result<BTreeMap<PhysicianId, Vec<ApplicationVersion>>> {
    let known_at = context.vintage.known_at;
    let stays_as = stays_as(context.vintage);
    let mut out: BTreeMap<PhysicianId, Vec<ApplicationVersion>> = BTreeMap::new();
    let take = |mut version: ApplicationVersion| {
        if version.known_on(known_at.0) {
            let person = version.application.physician;
            version.application.physician = stays_as.get(&person).copied().unwrap_or(person);
            out.entry(version.application.physician).or_default().push(version);
        }
    };
    context.workspace.store.each_application(take).await?;
    Ok(out)
}
