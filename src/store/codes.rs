//! Stored numbers and codes back to the values they stand for; the same on every store.

use super::StoreError;
use crate::domain::layout::FileKind;

/// A kind of file.
pub(super) fn kind_from(code: &str) -> Result<FileKind, StoreError> {
    FileKind::from_code(code).ok_or(StoreError::Corrupt("kind"))
}

/// A count of rows or days.
pub(super) fn count(stored: i64) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|_| StoreError::Corrupt("count"))
}
