//! Day numbers of the store and back.

use chrono::NaiveDate;

use crate::domain::day::{date_of, day_number};
use crate::store::StoreError;

/// The stored number of a date.
pub(super) fn to_day(date: NaiveDate) -> i64 {
    i64::from(day_number(date))
}

/// The stored number of a date that may be missing.
pub(super) fn to_day_opt(date: Option<NaiveDate>) -> Option<i64> {
    date.map(to_day)
}

/// The date of a stored number.
pub(super) fn from_day(day: i64) -> Result<NaiveDate, StoreError> {
    i32::try_from(day).ok().and_then(date_of).ok_or(StoreError::Corrupt("day"))
}

/// The date of a stored number that may be missing.
pub(super) fn from_day_opt(day: Option<i64>) -> Result<Option<NaiveDate>, StoreError> {
    day.map(from_day).transpose()
}
