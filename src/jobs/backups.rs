//! 控え: a backup of the data folder on another disk, and as many older ones as the settings keep.

use anyhow::Result;

use super::tick_report::Told;
use crate::error::Failure;
use crate::service::keep::{Workspace, WriteLock};
use crate::service::questions::backup::kept::back_up_and_keep;

/// Makes a backup, and tells its folder.
///
/// # Errors
/// As [`back_up_and_keep`]; [`Failure`] BAK-001 where the settings name no folder.
pub(super) async fn make(workspace: &Workspace, lock: &WriteLock) -> Result<Told> {
    let jobs = &workspace.config.jobs;
    let to = jobs.backup_to.as_ref().ok_or_else(|| Failure::usage("BAK-001", "jobs.backup_to"))?;
    let kept = usize::try_from(jobs.backups_kept).unwrap_or(usize::MAX);
    let made = back_up_and_keep(workspace, lock, (&workspace.folder().join(to), kept)).await?;
    Ok(("JOB-042", made.folder.display().to_string()))
}
