//! Who is meant by a number, and whether she is in sight.

use anyhow::Result;

use super::sight::Sight;
use super::told::Told;
use crate::domain::ids::PhysicianId;
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;

/// Nobody has this id: whoever is not there is asked about in the same way.
const NOBODY: PhysicianId = PhysicianId(0);

/// Somebody who is in sight.
pub(super) struct Found {
    /// The number that stays.
    pub(super) physician: PhysicianId,
    /// All of her numbers of which something is in sight, ascending, and the one that stays.
    pub(super) numbers: Vec<PhysicianId>,
    pub(super) told: Told,
}

/// Finds whom an id means; `None` where there is no such person, or nothing of her is in sight. A number that was given up for
/// another is found only by what was told under it, so that nobody learns of numbers elsewhere.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub(super) async fn found(
    workspace: &Workspace,
    vintage: &Vintage,
    sight: &Sight,
    id: Option<PhysicianId>,
) -> Result<Option<Found>> {
    let id = id.unwrap_or(NOBODY);
    let same = vintage.timeline()?.same_persons(vintage.known_at)?;
    let physician = same.iter().find(|(given_up, _)| *given_up == id).map_or(id, |(_, stays)| *stays);
    let mut numbers: Vec<PhysicianId> =
        same.iter().filter(|(_, stays)| *stays == physician).map(|(given_up, _)| *given_up).collect();
    numbers.push(physician);
    numbers.sort_unstable();
    let told = Told::read(workspace, vintage, &numbers, sight).await?;
    let seen = told.physicians();
    let is_found = if id == physician { !seen.is_empty() } else { seen.contains(&id) };
    numbers.retain(|number| *number == physician || seen.contains(number));
    Ok(is_found.then_some(Found { physician, numbers, told }))
}
