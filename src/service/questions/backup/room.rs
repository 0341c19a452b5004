//! Whether there is room, and why something cannot be written or read.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::error::{Failure, FailureKind};
use crate::files::{CopyFault, free_bytes};
use crate::store::StoreError;

/// Refuses what does not fit, before anything is written.
///
/// # Errors
/// [`Failure`] BAK-003.
pub(super) fn refuse_no_room(folder: &Path, needed_bytes: u64) -> Result<(), Failure> {
    match free_bytes(folder).ok() {
        Some(free) if free < needed_bytes => Err(no_room(folder, &format!("{needed_bytes} > {free} bytes"))),
        _ => Ok(()),
    }
}

/// Why a copy failed; `place` is where it should go, `from` what is copied.
pub(super) fn failure_of(fault: &CopyFault, from: &Path, place: &Path) -> Failure {
    match fault {
        CopyFault::Read(why) => unreadable(from, why),
        CopyFault::Write(why) => unwritable(why, place),
    }
}

/// That a file of the data folder cannot be read: a backup without it would be none.
pub(super) fn unreadable(from: &Path, why: &Error) -> Failure {
    Failure::new(FailureKind::Environment, "BAK-004", format!("{}: {why}", from.display()))
}

/// Why nothing can be written in a place.
pub(super) fn unwritable(why: &Error, place: &Path) -> Failure {
    match why.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => no_room(place, &why.to_string()),
        _ => Failure::from_writing(why, &place.display().to_string()),
    }
}

/// Why the store could not be copied; anything but a full disk is told as it is elsewhere.
pub(super) fn of_store(error: StoreError, place: &Path) -> anyhow::Error {
    if error.is_disk_full() { no_room(place, &error.to_string()).into() } else { error.into() }
}

fn no_room(place: &Path, why: &str) -> Failure {
    Failure::new(FailureKind::Environment, "BAK-003", format!("{}: {why}", place.display()))
}
