//! What was removed because it was kept long enough (保存期間, 消去): rows of the record of purges.
//!
//! No row names anybody: what goes is told by its kind, its day, its size and its hash.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::coded::coded;
use super::ids::ImportId;

/// The name of a person whose personal columns were removed, as it stands in the store and in lists.
pub const REMOVED_NAME: &str = "（消去）";

coded! {
    /// Kinds of files with rows of members.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum RawKind {
        /// Taken in from the inbox, and kept there.
        Taken = "taken" / "取り込んだファイル（原本）",
        /// Refused in the inbox, and kept there; also the text beside it.
        Refused = "refused" / "取り込まなかったファイル",
        /// The workbook that an import gives back with rows of the file.
        List = "list" / "取込結果の表",
    }
}

/// The first day that is kept when everything older than so many days goes: on day 31 after a day it is more than 30 days ago.
/// `None` before the calendar begins.
pub fn first_kept_day(today: NaiveDate, days: u32) -> Option<NaiveDate> {
    today.checked_sub_days(Days::new(days.into()))
}

/// A purge that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// Number, from 1.
    pub number: i64,
    /// When it was begun.
    pub begun_at: DateTime<Utc>,
    /// The day in Japan from which the days were counted.
    pub counted_from: NaiveDate,
    /// Setting for raw files; `None` where none was to go.
    pub raw_files_days: Option<u32>,
    /// Setting for persons; `None` where none was to go.
    pub persons_days: Option<u32>,
    /// Files that went.
    pub n_files: u64,
    /// Persons whose personal columns went.
    pub n_persons: u64,
    /// Why, in the words of the office; never empty.
    pub reason: String,
    /// When nothing of it was left; `None` while something may be.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A file that a purge removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgedFile {
    /// Number of the purge.
    pub purge: i64,
    /// What it was.
    pub kind: RawKind,
    /// The import that it was taken in by, where one is known.
    pub import: Option<ImportId>,
    /// The day from which its days were counted.
    pub day: NaiveDate,
    /// Size.
    pub size_bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::written::day;

    #[rstest]
    #[case::day_before_the_limit("2026-01-01", true)]
    #[case::day_of_the_limit("2026-01-02", false)]
    #[case::day_after("2026-01-03", false)]
    fn what_is_more_than_thirty_days_ago_goes(#[case] of: &str, #[case] goes: bool) {
        let kept = first_kept_day(day("2026-02-01"), 30).expect("a day");
        assert_eq!(day(of) < kept, goes);
    }
}
