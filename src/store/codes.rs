//! Stored numbers and codes back to the values they stand for; the same on every store.

use super::StoreError;
use crate::domain::ids::RegistrationNumber;
use crate::domain::layout::FileKind;
use crate::domain::person::Sex;

/// The value at a stored number; `what` names it when there is none.
pub(super) fn indexed<T>(
    stored: impl TryInto<u8>,
    value: impl Fn(u8) -> Option<T>,
    what: &'static str,
) -> Result<T, StoreError> {
    stored.try_into().ok().and_then(value).ok_or(StoreError::Corrupt(what))
}

/// A sex.
pub(super) fn sex(stored: impl TryInto<u8>) -> Result<Sex, StoreError> {
    indexed(stored, Sex::from_index, "sex")
}

/// How many rows show a stay.
pub(super) fn rows_shown(stored: impl TryInto<u16>) -> Result<u16, StoreError> {
    stored.try_into().map_err(|_| StoreError::Corrupt("rows shown"))
}

/// A registration number.
pub(super) fn number(stored: i64) -> Result<RegistrationNumber, StoreError> {
    u32::try_from(stored).map(RegistrationNumber).map_err(|_| StoreError::Corrupt("registration number"))
}

/// A kind of file.
pub(super) fn kind_from(code: &str) -> Result<FileKind, StoreError> {
    FileKind::ALL.into_iter().find(|kind| kind.code() == code).ok_or(StoreError::Corrupt("kind"))
}

/// A count of rows or days.
pub(super) fn count(stored: i64) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|_| StoreError::Corrupt("count"))
}
