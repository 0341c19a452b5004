//! Rows that cross from SQLite as one text each.
//!
//! The driver copies every value of a row into memory of its own and hands the row to another thread: a million
//! rows of 19 columns took 8 seconds that way, and 2 as one JSON array each (docs/performance.md). So statements
//! that read a whole table pack their columns with `json_array`, in the order of the fields of the struct that
//! [`unpack`] makes of them; statements about a few rows need not.

use serde::Deserialize;

use crate::store::StoreError;

/// Reads a row that a statement packed with `json_array`. `what` names the row when it cannot be read.
pub(super) fn unpack<'t, T: Deserialize<'t>>(row: &'t str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(row).map_err(|_| StoreError::Corrupt(what))
}
