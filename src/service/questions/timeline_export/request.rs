//! What is asked of an export.

use std::path::PathBuf;

use chrono::NaiveDate;

/// What is exported, and where to.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// The folder; it must not be there, be empty, or hold an export that may be replaced.
    pub out: PathBuf,
    /// Which known-ats.
    pub vintages: Vintages,
    /// Whether another export may be replaced.
    pub replace: bool,
}

/// Of which known-ats an export tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vintages {
    /// Of one; `None` is the newest.
    One(Option<NaiveDate>),
    /// Of all up to the newest.
    All,
}
