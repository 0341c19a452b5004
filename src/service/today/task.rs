//! One thing to do, and what the clock does next.

use std::fmt::Display;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::coded::coded;
use crate::error::{Detail, Failure};
use crate::service::doctor::line::Told;

coded! {
    /// What something to do is about, in the order in which it is told: what holds up the rest first. Programs know it by its
    /// code.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Subject {
        /// 設定: `kaiin.toml`.
        Settings = "settings",
        /// 台帳: the store.
        Store = "store",
        /// 定義: reports, packs, layouts and words.
        Definitions = "definitions",
        /// A data folder that came back from a backup.
        Restored = "restored",
        /// 受け取り口: the inbox.
        Inbox = "inbox",
        /// 会員一覧: the export that the coming month needs.
        Export = "export",
        /// Months of the ledger.
        Months = "months",
        /// 配布: papers on their way to recipients.
        Distribution = "distribution",
        /// 会議: the next meeting.
        Meeting = "meeting",
        /// The first commands in an empty data folder.
        FirstSteps = "first_steps",
    }
}

/// One thing to do, alike ones as one. None of its words names a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What it is about.
    pub subject: Subject,
    /// Code of text and remedy in `messages`; lines of the remedy that begin with `kaiin` are commands.
    pub code: &'static str,
    /// What the text leaves open.
    pub words: Vec<String>,
    /// How many things it stands for.
    pub n: usize,
    /// Why, one by one.
    pub details: Vec<Detail>,
}

impl Task {
    /// Something to do.
    pub fn new(subject: Subject, code: &'static str, n: usize, words: &[&dyn Display]) -> Self {
        let words = words.iter().map(ToString::to_string).collect();
        Self { subject, code, words, n, details: Vec::new() }
    }

    /// A part that could not be looked at, as its failure says.
    pub fn failed(subject: Subject, failure: &Failure) -> Self {
        Self::of_told(subject, Told::failed(failure))
    }

    /// What `kaiin doctor` says of a part.
    pub(super) fn of_told(subject: Subject, told: Told) -> Self {
        Self { subject, code: told.code, words: told.words, n: 1, details: told.details.into_vec() }
    }

    /// The same with its reasons.
    #[must_use]
    pub fn because(self, details: Vec<Detail>) -> Self {
        Self { details, ..self }
    }
}

/// The month that the clock makes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// Month, such as 2026-01.
    pub period: String,
    /// 基準日: the first day on which an export tells of it.
    pub as_of: NaiveDate,
    /// The last day on which an export comes in time.
    pub last: NaiveDate,
    /// When it is made.
    pub scheduled_at: DateTime<Utc>,
    /// Whether an export tells of it already.
    pub is_export_there: bool,
}

/// A path as a word of a command: between quotes where a shell would take it for something else.
pub(super) fn typed(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-:\\~+,@%=".contains(c);
    if path.chars().all(is_plain) { path } else { format!("\"{path}\"") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("meetings/2026-01-22_郡市医師会長会議", "meetings/2026-01-22_郡市医師会長会議")]
    #[case::blank("meetings/2026-01-22 理事会", "\"meetings/2026-01-22 理事会\"")]
    #[case::wide_blank("会議\u{3000}室", "\"会議\u{3000}室\"")]
    #[case::brackets("会議(臨時)", "\"会議(臨時)\"")]
    fn path_is_quoted_where_a_shell_would_break_it(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(typed(Path::new(path)), expected);
    }
}
