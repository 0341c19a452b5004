//! Revisions of past figures (R17), and how firm a figure is (速報・確報・改定).

use std::collections::BTreeMap;

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::{AsOf, KnownAt};
use crate::domain::association::Association;
use crate::domain::ids::SourceId;
use crate::domain::layout::FileKind;
use crate::domain::revision::{FigureStatus, RevisedMember, Revision};
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::known::corrections;
use crate::service::known::vintage::Vintage;
use crate::stats::flows::FlowSource;
use crate::stats::revisions::Background;

/// The revision of the figures of a day since an earlier known-at.
///
/// # Errors
/// [`Failure`] QRY-001 when nothing was known then, QRY-007 when it is not earlier than the known-at of `vintage`;
/// store and timeline errors.
pub async fn revision(
    workspace: &Workspace,
    vintage: &Vintage,
    as_of: AsOf,
    known_before: NaiveDate,
) -> Result<Revision> {
    let found = revisions(workspace, vintage, &[as_of.0], known_before).await?;
    found.first().cloned().context("one day has one revision")
}

/// The revisions of several days since an earlier known-at, in the order of the days.
///
/// # Errors
/// As [`revision`].
pub async fn revisions(
    workspace: &Workspace,
    vintage: &Vintage,
    days: &[NaiveDate],
    known_before: NaiveDate,
) -> Result<Arc<Vec<Revision>>> {
    let question = (days.to_vec(), known_before);
    if let Some(found) = vintage.answers.revisions.get(&question) {
        return Ok(found);
    }
    let background = background(workspace, vintage).await?;
    check_span(&background, vintage, known_before)?;
    let found = source(vintage).revisions(vintage.all_memberships()?, days, KnownAt(known_before), &background)?;
    Ok(vintage.answers.revisions.keep(question, found))
}

/// How firm the figures of a day are in the bodies that `keep` accepts: 改定 where any of them is another one than when
/// it was first final, else 速報 until the backlog of the day has passed, then 確報.
///
/// # Errors
/// Store and timeline errors.
pub async fn status(
    workspace: &Workspace,
    vintage: &Vintage,
    as_of: AsOf,
    keep: impl Fn(&Association) -> bool,
) -> Result<FigureStatus> {
    let days = workspace.config.figures.final_after_days;
    let status = FigureStatus::by_backlog(as_of, vintage.known_at, days);
    let first = first_firm(workspace, vintage, as_of).await?.filter(|first| *first < vintage.known_at.0);
    let Some(first) = first else { return Ok(status) };
    let revised = revisions(workspace, vintage, &[as_of.0], first).await?;
    let is_kept = |member: &RevisedMember| vintage.associations.get(member.change.association).is_some_and(&keep);
    Ok(if revised.iter().flat_map(|revision| &revision.people).any(is_kept) { FigureStatus::Revised } else { status })
}

/// The first day on which the figures of a day were known and final. `None` while they are not. It follows from exports alone:
/// a snapshot that somebody took in between must not change what a later paper of the same known-at says (R19).
///
/// # Errors
/// When the store cannot be read.
pub async fn first_firm(workspace: &Workspace, vintage: &Vintage, as_of: AsOf) -> Result<Option<NaiveDate>> {
    let days = workspace.config.figures.final_after_days;
    let is_final = |day: &NaiveDate| {
        FigureStatus::by_backlog(as_of, KnownAt(*day), days) == FigureStatus::Final && *day <= vintage.known_at.0
    };
    let Some(first_export) = export_days(workspace, vintage).await?.first().copied() else { return Ok(None) };
    let last_of_backlog = as_of.0.checked_add_days(chrono::Days::new(u64::from(days)));
    Ok(last_of_backlog.map(|day| day.max(first_export)).filter(is_final))
}

/// The known-at with which the paper of the month before was made, as far as the exports tell: the newest export on or
/// before the end of the month before that of known-at, else the first export. `None` where that is not earlier.
pub fn known_a_month_before(vintage: &Vintage, exports: &[NaiveDate]) -> Option<NaiveDate> {
    let known_at = vintage.known_at.0;
    let before = crate::domain::as_of::month_before(known_at);
    let newest = exports.iter().filter(|day| **day <= before).max();
    newest.or_else(|| exports.iter().min()).copied().filter(|day| *day < known_at)
}

/// Days of all exports of members up to known-at, ascending.
///
/// # Errors
/// When the store cannot be read.
pub async fn export_days(workspace: &Workspace, vintage: &Vintage) -> Result<Vec<NaiveDate>> {
    let imports = workspace.store.imports().await?;
    let members = imports.iter().filter(|import| import.kind == FileKind::Members && import.stands());
    let mut out: Vec<NaiveDate> =
        members.map(|import| import.known_on).filter(|day| *day <= vintage.known_at.0).collect();
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

pub(in crate::service) fn source(vintage: &Vintage) -> FlowSource<'_> {
    FlowSource {
        timeline: &vintage.timeline,
        associations: &vintage.associations,
        known_at: vintage.known_at,
        rule: vintage.rule,
    }
}

async fn background(workspace: &Workspace, vintage: &Vintage) -> Result<Background> {
    let mut sources_began: BTreeMap<SourceId, NaiveDate> = BTreeMap::new();
    let imports = workspace.store.imports().await?;
    for import in imports.iter().filter(|import| import.kind == FileKind::Members && import.stands()) {
        let first = sources_began.entry(import.source).or_insert(import.known_on);
        *first = import.known_on.min(*first);
    }
    let cancelled = corrections::cancelled_withdrawals(vintage);
    Ok(Background { sources_began, cancelled })
}

/// The earlier known-at must be one at which something was known, and the earlier one.
fn check_span(background: &Background, vintage: &Vintage, known_before: NaiveDate) -> Result<()> {
    if background.sources_began.values().all(|began| known_before < *began) {
        return Err(Failure::usage("QRY-001", known_before.to_string()).into());
    }
    if known_before >= vintage.known_at.0 {
        return Err(Failure::usage("QRY-007", format!("{known_before} – {}", vintage.known_at.0)).into());
    }
    Ok(())
}
