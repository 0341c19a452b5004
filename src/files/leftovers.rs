//! What a killed process left behind, told from what another one is writing right now.
//!
//! Whoever writes holds a lock on the temporary file or folder, which the system lets go of when the process ends, however it
//! ends. So it does not matter who else is at work, nor on which paper.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

/// Start of the names of what is being written.
pub const TEMPORARY: &str = ".kaiin-";

/// Where a file system knows no locks, or a folder cannot be opened, only age tells. No file is written for so long.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Takes the lock of a writer; `false` when somebody else has it, who then takes the file for a left-over.
pub(super) fn hold(file: &File) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Removes what a killed process left half-written in a folder, and in the folders below it down to `levels`. Returns how
/// many were removed. What cannot be removed is logged: it must not stop whoever only wants to write beside it.
pub fn remove_leftovers(folder: &Path, levels: u32) -> usize {
    // The folder of a bare name is the current one.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let mut removed = 0;
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        let is_ours = entry.file_name().to_string_lossy().starts_with(TEMPORARY);
        if !is_ours && kind.is_dir() && levels > 0 {
            removed += remove_leftovers(&path, levels - 1);
        }
        // We make no links and no pipes.
        if !is_ours || !(kind.is_dir() || kind.is_file()) {
            continue;
        }
        match remove_unless_held(&path, kind.is_dir()) {
            Ok(is_removed) => removed += usize::from(is_removed),
            Err(error) => tracing::warn!(path = %path.display(), %error, "a left-over could not be removed"),
        }
    }
    removed
}

fn remove_unless_held(path: &Path, is_folder: bool) -> io::Result<bool> {
    let opened = File::open(path);
    let is_nobodys = match opened.as_ref().map(File::try_lock) {
        Ok(Ok(())) => true,
        Ok(Err(TryLockError::WouldBlock)) => false,
        // That of another account, in a folder for all; elsewhere folders cannot be opened at all.
        Err(error) if cfg!(unix) && error.kind() == io::ErrorKind::PermissionDenied => false,
        Ok(Err(TryLockError::Error(_))) | Err(_) => is_old(path)?,
    };
    if !is_nobodys {
        return Ok(false);
    }
    // The lock is kept until it is gone: a writer that has just made it tries to take it, and makes another one.
    let done = if is_folder { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match done {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_old(path: &Path) -> io::Result<bool> {
    Ok(std::fs::symlink_metadata(path)?.modified()?.elapsed().is_ok_and(|age| age > OLD))
}
