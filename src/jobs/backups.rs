//! 控え: a backup of the data folder on another disk, and as many older ones as the settings keep.

use anyhow::Result;

use super::tick_report::Told;
use crate::error::Failure;
use crate::service::keep::{Workspace, WriteLock};
use crate::service::questions::backup::kept::{Unremoved, back_up_and_keep};

/// Code of a backup that was made beside older ones that could not be removed.
pub(super) const UNREMOVED: &str = "JOB-100";

/// Folders that are named; more are counted.
const NAMED: usize = 3;

/// Makes a backup, and tells its folder, or the older ones that could not be removed.
///
/// # Errors
/// As [`back_up_and_keep`]; [`Failure`] BAK-001 where the settings name no folder.
pub(super) async fn make(workspace: &Workspace, lock: &WriteLock) -> Result<Told> {
    let jobs = &workspace.config.jobs;
    let to = jobs.backup_to.as_ref().ok_or_else(|| Failure::usage("BAK-001", "jobs.backup_to"))?;
    let kept = usize::try_from(jobs.backups_kept).unwrap_or(usize::MAX);
    let done = back_up_and_keep(workspace, lock, (&workspace.folder().join(to), kept)).await?;
    if done.unremoved.is_empty() {
        return Ok(("JOB-042", done.made.folder.display().to_string()));
    }
    for one in &done.unremoved {
        tracing::warn!(place = %one.place.display(), why = %one.why, "an older backup could not be removed");
    }
    Ok((UNREMOVED, told(&done.unremoved)))
}

/// The first few, each with its reason, and how many more there are.
fn told(unremoved: &[Unremoved]) -> String {
    let named = unremoved.iter().take(NAMED).map(|one| format!("{}: {}", one.place.display(), one.why));
    let named = named.collect::<Vec<_>>().join(", ");
    match unremoved.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named}, … +{more}"),
    }
}
