//! How many backups are kept.

use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::MANIFEST;
use super::plan::BACKUP;
use super::room::unwritable;
use crate::error::Failure;
use crate::files::remove_folder;

/// Removes all backups of a folder but the `kept` newest by their names, and says how many went. What is no backup stays.
///
/// # Errors
/// [`Failure`] of a folder that cannot be read or changed.
pub fn remove_older(folder: &Path, kept: usize) -> Result<usize, Failure> {
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
    Ok(n_older)
}
