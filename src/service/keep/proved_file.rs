//! Files that are handed out by a page, as they were recorded or not at all.

use std::path::Path;

use crate::error::{Failure, FailureKind};
use crate::files::sha256_hex;
use crate::input;

/// Bytes of a file that a page hands out: it is held as a whole, for nothing of it leaves before all of it was proved. The largest
/// pack of a meeting has some 20 MB.
const MOST_BYTES: usize = 64 << 20;

/// The bytes of a file, if they are still those that were recorded.
///
/// # Errors
/// [`Failure`] WEB-041 where they are not or the file is gone, WEB-042 where it is larger than a page hands out.
pub(in crate::service) fn proved_bytes(path: &Path, size_bytes: usize, sha256: &str) -> Result<Vec<u8>, Failure> {
    if size_bytes > MOST_BYTES {
        let told = format!("{} MB", size_bytes >> 20);
        return Err(Failure::new(FailureKind::Input, "WEB-042", told));
    }
    // Nothing that has grown since is read.
    let has_size = std::fs::metadata(path).is_ok_and(|file| usize::try_from(file.len()).is_ok_and(|n| n == size_bytes));
    let bytes = if has_size { input::read_whole(path).ok() } else { None };
    bytes.filter(|bytes| sha256_hex(bytes) == sha256).ok_or_else(|| {
        tracing::warn!(path = %path.display(), "a file of a paper is not as it was recorded and was not handed out");
        Failure::new(FailureKind::Data, "WEB-041", "")
    })
}
