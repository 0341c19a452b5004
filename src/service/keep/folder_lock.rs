//! The lock of a data folder: a file that one process holds while it writes.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::error::{Failure, FailureKind};
use crate::files::{Readers, make_file};

/// Locks a file, trying again for a while when another process has it.
///
/// # Errors
/// [`Failure`] ENV-001 when another process has it for longer than that; when the file cannot be made or opened.
pub(in crate::service) async fn lock_folder(path: &Path, patience: Duration, readers: Readers) -> Result<File> {
    let file = open_to_lock(path, readers)?;
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begin.elapsed() < patience => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::new(FailureKind::Environment, "ENV-001", "").into());
            }
            Err(TryLockError::Error(source)) => return Err(Failure::from_io(&source, "kaiin.lock").into()),
        }
    }
}

/// Opens the file of the lock, making it when it is not there. Nothing is ever written to it.
fn open_to_lock(path: &Path, readers: Readers) -> Result<File> {
    let refused = |source: std::io::Error| Failure::from_writing(&source, &path.display().to_string());
    make_file(path, readers).map_err(refused)?;
    // A link would lock somebody else's file, and opening a pipe would wait for ever.
    if !fs::symlink_metadata(path).map_err(refused)?.is_file() {
        return Err(Failure::new(FailureKind::Environment, "ENV-020", path.display().to_string()).into());
    }
    Ok(File::options().read(true).write(true).open(path).map_err(refused)?)
}
