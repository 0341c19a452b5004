//! On which map of bodies something is counted (C6).

use chrono::NaiveDate;
use serde::Serialize;

use crate::service::known::vintage::Vintage;

/// On which map of bodies a count is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapChoice {
    /// Bodies as they were on the as-of day, under their names of that day.
    #[default]
    AsOf,
    /// Bodies as they are today: at known-at, or on the as-of day where that is later.
    Today,
}

/// The day of today's map: known-at, or the last day counted where that is later. An earlier map could not hold a body
/// that has members on that day.
pub(in crate::service) fn map_day(vintage: &Vintage, last_day: NaiveDate) -> NaiveDate {
    vintage.known_at.0.max(last_day)
}
