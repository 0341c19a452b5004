//! Backups that are made by the clock, and how many of them are kept.

use std::fs;
use std::io::{self, Error, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::make::{BackupReport, back_up_under};
use super::manifest::MANIFEST;
use super::plan::{BACKUP, BackupRequest, refuse_place};
use super::room::unwritable;
use crate::crash::{self, CrashPoint};
use crate::files::{make_folder, remove_folder, set_aside};
use crate::service::keep::{Workspace, WriteLock};

/// Folder of these backups: those that a person has made lie beside it and are never removed.
const FOLDER: &str = "定時";

/// A backup that was made, and older ones that should have gone and are still there, or are there in part.
#[derive(Debug)]
pub struct KeptBackup {
    /// The backup.
    pub made: BackupReport,
    /// The others, each with the reason why it could not be removed.
    pub unremoved: Vec<Unremoved>,
}

/// Something that could not be removed.
#[derive(Debug)]
pub struct Unremoved {
    /// Where it lies now.
    pub place: PathBuf,
    /// Why.
    pub why: Error,
}

/// Makes a backup in a folder of its own below `above`, which must be there, and removes all but the `kept` newest of it. What
/// cannot be removed is told and stops nothing: the backup is there.
///
/// # Errors
/// As [`back_up_under`]; [`Failure`](crate::error::Failure) of a folder that cannot be made. Where the backup cannot be made, none
/// is removed.
pub async fn back_up_and_keep(
    workspace: &Workspace,
    lock: &WriteLock,
    (above, kept): (&Path, usize),
) -> Result<KeptBackup> {
    // A disk that is not there must not become a folder of the one that is.
    refuse_place(workspace, above)?;
    let to = above.join(FOLDER);
    make_folder(&to, workspace.readers()).map_err(|why| unwritable(&why, &to))?;
    let request = BackupRequest::of(to.clone(), workspace.config.file.clone());
    let made = back_up_under(workspace, lock, &request).await?;
    crash::reach(CrashPoint::BackupMade);
    let unremoved = remove_older(&to, kept).unwrap_or_else(|why| vec![Unremoved { place: to.clone(), why }]);
    Ok(KeptBackup { made, unremoved })
}

/// Removes all backups of a folder but the `kept` newest by their names, and what is left of those that could not be removed as a
/// whole. What is no backup stays. Returns what is still there.
fn remove_older(folder: &Path, kept: usize) -> io::Result<Vec<Unremoved>> {
    let mut backups = named(folder, BACKUP)?;
    backups.retain(|path| path.join(MANIFEST).is_file());
    let n_older = backups.len().saturating_sub(kept);
    let of_whole = backups.drain(..n_older).map(|place| (remove_folder(&place), place));
    let mut tried: Vec<(io::Result<()>, PathBuf)> = of_whole.collect();
    // One that was set aside and went in part is told by its remains.
    tried.retain(|(_, place)| place.exists());
    let remains = named(folder, &set_aside(BACKUP))?.into_iter().filter(|place| place.is_dir());
    tried.extend(remains.map(|place| (fs::remove_dir_all(&place), place)));
    let unremoved = tried.into_iter().filter_map(|(done, place)| Some(Unremoved { place, why: done.err()? }));
    Ok(unremoved.filter(|one| one.why.kind() != ErrorKind::NotFound).collect())
}

/// What lies in a folder under a name that begins so, by name: the instant stands in the name.
fn named(folder: &Path, beginning: &str) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let is_named = |entry: &&fs::DirEntry| entry.file_name().to_string_lossy().starts_with(beginning);
    let mut out: Vec<PathBuf> = entries.iter().filter(is_named).map(fs::DirEntry::path).collect();
    out.sort();
    Ok(out)
}
