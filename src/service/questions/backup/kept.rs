//! Backups that are made by the clock, and how many of them are kept.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::make::{BackupReport, back_up_under};
use super::manifest::MANIFEST;
use super::plan::{BACKUP, BackupRequest, refuse_place};
use super::room::unwritable;
use crate::crash::{self, CrashPoint};
use crate::error::Failure;
use crate::files::{make_folder, remove_folder};
use crate::service::keep::{Workspace, WriteLock};

/// Folder of these backups: those that a person has made lie beside it and are never removed.
const FOLDER: &str = "定時";

/// Makes a backup in a folder of its own below `above`, which must be there, and removes all but the `kept` newest of it.
///
/// # Errors
/// As [`back_up_under`]; [`Failure`] of a folder that cannot be made or changed. Where the backup cannot be made, none is removed.
pub async fn back_up_and_keep(
    workspace: &Workspace,
    lock: &WriteLock,
    (above, kept): (&Path, usize),
) -> Result<BackupReport> {
    // A disk that is not there must not become a folder of the one that is.
    refuse_place(workspace, above)?;
    let to = above.join(FOLDER);
    make_folder(&to, workspace.readers()).map_err(|why| unwritable(&why, &to))?;
    let request = BackupRequest::of(to.clone(), workspace.config.file.clone());
    let made = back_up_under(workspace, lock, &request).await?;
    crash::reach(CrashPoint::BackupMade);
    remove_older(&to, kept)?;
    Ok(made)
}

/// Removes all backups of a folder but the `kept` newest by their names. What is no backup stays.
///
/// # Errors
/// [`Failure`] of a folder that cannot be read or changed.
fn remove_older(folder: &Path, kept: usize) -> Result<(), Failure> {
    let refused = |why: std::io::Error| unwritable(&why, folder);
    let mut backups: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        let is_named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(BACKUP));
        if is_named && path.join(MANIFEST).is_file() {
            backups.push(path);
        }
    }
    // The instant stands in the name.
    backups.sort();
    let n_older = backups.len().saturating_sub(kept);
    for path in &backups[..n_older] {
        remove_folder(path).map_err(refused)?;
    }
    Ok(())
}
