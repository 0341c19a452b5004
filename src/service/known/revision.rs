//! Revisions of past figures (R17), and how firm a figure is (速報・確報・改定).

use std::collections::BTreeMap;

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::{AsOf, KnownAt};
use crate::domain::association::Association;
use crate::domain::ids::SourceId;
use crate::domain::revision::{FigureStatus, RevisedMember, Revision};
use crate::error::Failure;
use crate::service::known::corrections;
use crate::service::known::vintage::Vintage;
use crate::stats::flows::FlowSource;
use crate::stats::revisions::Background;

/// The revision of the figures of a day since an earlier known-at.
///
/// # Errors
/// [`Failure`] QRY-001 when nothing was known then, QRY-007 when it is not earlier than the known-at of `vintage`; when the
/// timeline cannot be read.
pub fn revision(vintage: &Vintage, as_of: AsOf, known_before: NaiveDate) -> Result<Revision> {
    let found = revisions(vintage, &[as_of.0], known_before)?;
    found.first().cloned().context("one day has one revision")
}

/// The revisions of several days since an earlier known-at, in the order of the days.
///
/// # Errors
/// As [`revision`].
pub fn revisions(vintage: &Vintage, days: &[NaiveDate], known_before: NaiveDate) -> Result<Arc<Vec<Revision>>> {
    vintage.answers.revisions.get_or((days.to_vec(), known_before), || {
        let background = background(vintage)?;
        check_span(&background, vintage, known_before)?;
        Ok(source(vintage)?.revisions(vintage.all_memberships()?, days, KnownAt(known_before), &background)?)
    })
}

/// How firm the figures of a day are in the bodies that `keep` accepts: 改定 where any of them is another one than when
/// it was first final, else 速報 until the backlog of the day (`final_after_days`) has passed, then 確報.
///
/// # Errors
/// When the timeline cannot be read.
pub fn status(
    vintage: &Vintage,
    as_of: AsOf,
    final_after_days: u32,
    keep: impl Fn(&Association) -> bool,
) -> Result<FigureStatus> {
    let status = FigureStatus::by_backlog(as_of, vintage.known_at, final_after_days);
    let first = first_firm(vintage, as_of, final_after_days).filter(|first| *first < vintage.known_at.0);
    let Some(first) = first else { return Ok(status) };
    let revised = revisions(vintage, &[as_of.0], first)?;
    let is_kept = |member: &RevisedMember| vintage.associations.get(member.change.association).is_some_and(&keep);
    Ok(if revised.iter().flat_map(|revision| &revision.people).any(is_kept) { FigureStatus::Revised } else { status })
}

/// The first day on which the figures of a day were known and final. `None` while they are not. It follows from exports alone:
/// a snapshot that somebody took in between must not change what a later paper of the same known-at says (R19).
pub fn first_firm(vintage: &Vintage, as_of: AsOf, final_after_days: u32) -> Option<NaiveDate> {
    let is_final = |day: &NaiveDate| {
        FigureStatus::by_backlog(as_of, KnownAt(*day), final_after_days) == FigureStatus::Final
            && *day <= vintage.known_at.0
    };
    let first_export = vintage.export_days().first().copied()?;
    let last_of_backlog = as_of.0.checked_add_days(chrono::Days::new(u64::from(final_after_days)));
    last_of_backlog.map(|day| day.max(first_export)).filter(is_final)
}

/// The known-at with which the paper of the month before was made, as far as the exports tell: the newest export on or
/// before the end of the month before that of known-at, else the first export. `None` where that is not earlier.
pub fn known_a_month_before(vintage: &Vintage, exports: &[NaiveDate]) -> Option<NaiveDate> {
    let known_at = vintage.known_at.0;
    let before = crate::domain::as_of::month_before(known_at);
    let newest = exports.iter().filter(|day| **day <= before).max();
    newest.or_else(|| exports.iter().min()).copied().filter(|day| *day < known_at)
}

/// What movements and revisions are made from.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn source(vintage: &Vintage) -> Result<FlowSource<'_>> {
    Ok(FlowSource {
        timeline: vintage.timeline()?,
        associations: &vintage.associations,
        known_at: vintage.known_at,
        rule: vintage.rule,
    })
}

fn background(vintage: &Vintage) -> Result<Background> {
    let mut sources_began: BTreeMap<SourceId, NaiveDate> = BTreeMap::new();
    for export in &vintage.exports {
        let first = sources_began.entry(export.source).or_insert(export.day);
        *first = export.day.min(*first);
    }
    Ok(Background { sources_began, cancelled: corrections::cancelled_withdrawals(vintage)?.as_ref().clone() })
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
