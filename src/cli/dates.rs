//! Days, months and instants as arguments, and instants on the screen.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::clock::tokyo;
use crate::domain::japanese_date::parse_date;

/// An argument that should be a date.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotADate(pub(super) String);

/// An argument that should be an instant.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotAnInstant(pub(super) String);

/// A date in any accepted spelling.
pub(super) fn date_arg(text: &str) -> Result<NaiveDate, NotADate> {
    parse_date(text).ok_or_else(|| NotADate(text.into()))
}

/// A month such as 2025-04 or 令和7年4月, or any date in it.
pub(super) fn month_arg(text: &str) -> Result<NaiveDate, NotADate> {
    date_arg(text)
        .or_else(|_| date_arg(&format!("{text}-01")))
        .or_else(|_| date_arg(&format!("{text}1日")))
        .or_else(|_| date_arg(&format!("{text}.1")))
        .or_else(|_| date_arg(&format!("{text}/1")))
        .map(|day| day.with_day(1).unwrap_or(day))
        .map_err(|_| NotADate(text.into()))
}

/// An instant with its zone.
pub(super) fn instant_arg(text: &str) -> Result<DateTime<Utc>, NotAnInstant> {
    let instant = DateTime::parse_from_rfc3339(text).map_err(|_| NotAnInstant(text.into()))?;
    Ok(instant.with_timezone(&Utc))
}

/// The zone is always said: servers run in UTC, people live in Tokyo.
pub(super) fn tokyo_text(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M JST").to_string()
}

/// The same in a column whose instants are all of Tokyo.
pub(super) fn short_tokyo_text(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M").to_string()
}
