//! Who has left for so long that nobody needs to be named any more.
//!
//! A person goes when everything about her lies more than the days of the setting ago: the last day as a member anywhere, and the
//! last day on which anything was learnt, also that an export shows her no longer. As long as an export may show her, the number
//! is needed to know her again. Whoever an adjustment is about stays, and whoever may be one person with another: both are
//! decided by numbers and names.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::KnownAt;
use crate::domain::ids::PhysicianId;
use crate::domain::membership::Segment;
use crate::service::keep::Workspace;
use crate::service::known::identity;
use crate::service::known::vintage::Vintage;
use crate::store::QuietPerson;

/// Who is to go, and who stays although long gone.
#[derive(Debug, Default)]
pub(super) struct DuePersons {
    /// Who goes, ascending, each with the last day that counts.
    pub(super) due: Vec<(PhysicianId, NaiveDate)>,
    /// Those of them who stay because an adjustment is about them.
    pub(super) kept_for_adjustments: usize,
    /// Those of them who stay because they may be one person with another.
    pub(super) kept_as_candidates: usize,
}

/// Persons of whom nothing lies on `first_kept` or after it.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub(super) async fn due_persons(workspace: &Workspace, first_kept: NaiveDate, today: NaiveDate) -> Result<DuePersons> {
    let quiet = workspace.store.quiet_persons(first_kept).await?;
    if quiet.is_empty() {
        return Ok(DuePersons::default());
    }
    let vintage = Vintage::open(workspace, None).await?;
    let left = last_days(&vintage, &quiet, today)?;
    let gone = quiet.into_iter().filter_map(|person| {
        let last = left.get(&person.physician).copied().unwrap_or(Some(person.known_last))?;
        let day = last.max(person.known_last);
        (day < first_kept).then_some((person, day))
    });
    let (adjusted, free): (Vec<_>, Vec<_>) = gone.partition(|(person, _)| person.is_adjusted);
    let mut out = DuePersons { kept_for_adjustments: adjusted.len(), ..DuePersons::default() };
    if !free.is_empty() {
        let candidates = candidates(workspace, &vintage).await?;
        let (candidates, due): (Vec<_>, Vec<_>) =
            free.into_iter().partition(|(person, _)| candidates.contains(&person.physician));
        out.kept_as_candidates = candidates.len();
        out.due = due.into_iter().map(|(person, day)| (person.physician, day)).collect();
    }
    Ok(out)
}

/// The last day on which each of them counts anywhere, as is known today; `None` for whoever is still a member or will be.
fn last_days(
    vintage: &Vintage,
    of: &[QuietPerson],
    today: NaiveDate,
) -> Result<BTreeMap<PhysicianId, Option<NaiveDate>>> {
    let asked: BTreeSet<PhysicianId> = of.iter().map(|person| person.physician).collect();
    let mut out: BTreeMap<PhysicianId, Option<NaiveDate>> = BTreeMap::new();
    let known_at = KnownAt(vintage.known_at.0.max(today));
    let take = |segment: Segment| {
        if asked.contains(&segment.physician) {
            // The first day that no longer counts is the one after the last.
            let last = segment.ended_on.and_then(|ended| ended.pred_opt());
            let so_far = out.entry(segment.physician).or_insert(last);
            *so_far = so_far.and_then(|so_far| Some(so_far.max(last?)));
        }
    };
    vintage.timeline()?.each_segment(known_at, vintage.rule, take).context("reading the timeline")?;
    Ok(out)
}

/// Whoever may be one person with somebody else (FND-020).
async fn candidates(workspace: &Workspace, vintage: &Vintage) -> Result<BTreeSet<PhysicianId>> {
    vintage.read_records(workspace).await?;
    let persons = identity::persons(workspace, vintage).await?;
    let pairs = identity::candidates(vintage, &persons)?;
    Ok(pairs.into_iter().flat_map(|pair| [pair.physician, pair.other_physician]).collect())
}
