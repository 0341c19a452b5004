//! What every answer says about itself.

use chrono::NaiveDate;
use serde::Serialize;

/// What every answer says about itself (R3, R6, R7, R13).
#[derive(Debug, Clone, Serialize)]
pub struct Basis {
    /// Known at.
    pub known_at: NaiveDate,
    /// Hash over all exports up to known-at and the master: what the answer is made from.
    pub head: String,
    /// 退会日の扱い.
    pub withdrawal_day_rule: &'static str,
    /// The same as printed.
    #[serde(skip)]
    pub withdrawal_day_label: &'static str,
    /// Rows of the newest exports that could not be taken in.
    pub rejected_rows: u32,
    /// How many of them say 在籍.
    pub rejected_active_rows: u32,
    /// Adjustments that hold (調整).
    pub adjustments: usize,
    /// Sources whose newest export is older than that of others: name and day.
    pub older_sources: Vec<(String, NaiveDate)>,
}
