//! 控え: a backup of the data folder on another disk, and as many older ones as the settings keep.

use std::path::PathBuf;

use anyhow::Result;

use super::tick_report::Told;
use crate::error::Failure;
use crate::files::make_folder;
use crate::service::keep::{Workspace, WriteLock};
use crate::service::questions::backup::kept::remove_older;
use crate::service::questions::backup::make::back_up_under;
use crate::service::questions::backup::plan::{BackupRequest, refuse_place};

/// Folder of these backups within that of the settings: those that a person has made lie beside it and are never removed.
const FOLDER: &str = "定時";

/// Makes a backup, and tells its folder.
///
/// # Errors
/// As `kaiin backup`: [`Failure`] BAK-001 where the disk is not there, and no backup is removed then.
pub(super) async fn make(workspace: &Workspace, lock: &WriteLock) -> Result<Told> {
    let jobs = &workspace.config.jobs;
    let above = workspace.folder().join(jobs.backup_to.clone().unwrap_or_else(|| PathBuf::from(FOLDER)));
    // A disk that is not there must not become a folder of the one that is.
    refuse_place(workspace, &above)?;
    let to = above.join(FOLDER);
    make_folder(&to, workspace.readers()).map_err(|why| Failure::from_writing(&why, &to.display().to_string()))?;
    let made = back_up_under(workspace, lock, &BackupRequest::of(to.clone(), workspace.config.file.clone())).await?;
    remove_older(&to, usize::try_from(jobs.backups_kept).unwrap_or(usize::MAX))?;
    Ok(("JOB-042", made.folder.display().to_string()))
}
