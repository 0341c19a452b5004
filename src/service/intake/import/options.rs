//! What the caller of an import may choose, and what hears how far it is.

use chrono::NaiveDate;

use crate::domain::layout::FileKind;

/// What the caller of an import may choose.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Export day of all files; else it comes from each file name.
    pub known_at: Option<NaiveDate>,
    /// Layout by name; else the one that fits.
    pub layout: Option<String>,
    /// Source by name; else the kind of the file.
    pub source: Option<String>,
    /// Stores nothing.
    pub dry_run: bool,
    /// Refuses a file with any reject.
    pub atomic: bool,
    /// Goes on although many members are missing, for this reason.
    pub accept_drop: Option<String>,
    /// Goes on although the file changes what was told, or looks cut off, for this reason (R34).
    pub accept_change: Option<String>,
    /// Deals with the files after one that is refused.
    pub keep_going: bool,
    /// Files that newer ones of their source wait for.
    pub holds: Vec<Hold>,
    /// Writes no workbook for the office: the file is only tried.
    pub is_trial: bool,
}

/// Hears how far an import is.
pub trait ImportProgress {
    /// A file begins; `n_rows` is its number of rows.
    fn file_begins(&self, file: &str, n_rows: u32);
    /// So many rows are read.
    fn rows_read(&self, n: u32);
    /// Reading is done, storing begins.
    fn storing(&self);
    /// The file is done.
    fn file_ends(&self);
}

/// Hears nothing.
pub struct Silent;

impl ImportProgress for Silent {
    fn file_begins(&self, _: &str, _: u32) {}
    fn rows_read(&self, _: u32) {}
    fn storing(&self) {}
    fn file_ends(&self) {}
}

/// A file that newer ones of its source wait for.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Kind of the file; `None` where it cannot be read, so that it may be of any.
    pub(super) kind: Option<FileKind>,
    /// Export days that it may have. Without one it could not be taken in as it lies there, and nothing waits for it.
    pub(super) days: Vec<NaiveDate>,
    /// Hash of its content, where it can be read.
    pub(super) sha256: Option<String>,
    /// Name of the file.
    pub(super) name: String,
}
