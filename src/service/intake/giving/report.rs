//! What was found in a file, in words for people; it is kept beside the file.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::layout_report::UnreadColumn;

/// What becomes of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It can be taken in.
    Ready,
    /// The same content was taken in before.
    Same,
    /// It asks.
    Asks,
    /// It cannot be taken in.
    #[default]
    Refused,
    /// Another file that was given with it comes first.
    Waits,
    /// It was taken in.
    Stored,
    /// Somebody said that it is not to be taken in.
    Declined,
}

impl Verdict {
    /// Whether somebody has still to say what becomes of the file.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Ready | Self::Asks | Self::Waits)
    }

    /// Whether nothing can become of it any more.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Stored | Self::Declined)
    }
}

/// A message in Japanese.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Stable code.
    pub code: String,
    /// Where in the file; empty for the whole of it.
    pub place: String,
    /// What is so.
    pub text: String,
    /// What to do; may be empty.
    pub remedy: String,
}

/// Something to look at in a file that can be taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is.
    pub told: Told,
    /// How often.
    pub n: u32,
    /// Where, as far as it is told.
    pub places: Vec<String>,
}

/// A cell for which a row cannot be taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectLine {
    /// Row as Excel shows it.
    pub row: u32,
    /// Column letter and heading.
    pub column: String,
    /// Why, and how to mend it.
    pub told: Told,
}

/// Members of a tier before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierEffect {
    /// Name of the tier.
    pub tier: String,
    /// Members without the file.
    pub before: String,
    /// Members with it.
    pub after: String,
    /// The difference, with its sign.
    pub change: String,
}

/// What a file does to the headline figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The day counted for, in the Japanese calendar.
    pub as_of: String,
    /// By tier, in official order.
    pub tiers: Vec<TierEffect>,
}

/// A field that no column of a file carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeField {
    /// Machine name.
    pub code: String,
    /// Heading by which it is known best.
    pub label: String,
    /// Whether a file without it is refused.
    pub is_required: bool,
}

/// What is to be said of a file whose headings are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownHeadings {
    /// Name of the layout that it comes closest to.
    pub layout: String,
    /// Columns that nobody reads.
    pub columns: Vec<UnreadColumn>,
    /// What they might be; those that are required come first.
    pub fields: Vec<FreeField>,
}

/// Other ways to take a file in, for whoever knows better.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherWays {
    /// Sources of this kind of file that have told something already.
    pub sources: Vec<String>,
    /// Layouts of this kind; none where there is one only.
    pub layouts: Vec<String>,
}

/// What was found in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileReport {
    /// What becomes of it.
    pub verdict: Verdict,
    /// Head of the store that this holds of.
    pub head: String,
    /// Export day, where it is known.
    pub day: Option<NaiveDate>,
    /// How else it could be taken in; `None` where nobody knows what it is.
    pub ways: Option<OtherWays>,
    /// What the file is, by name of the fact.
    pub facts: Vec<(String, String)>,
    /// What it does to the headline figures.
    pub effect: Option<Effect>,
    /// Why it is refused, what it asks, or what became of it; the first line is the reason.
    pub told: Vec<Told>,
    /// Whether it asks for the export day.
    pub asks_day: bool,
    /// Whether a reason answers it: for members that are missing.
    pub asks_drop: bool,
    /// Whether a reason answers it: for what it changes.
    pub asks_change: bool,
    /// Warnings and findings.
    pub notices: Vec<Notice>,
    /// Rows that cannot be taken in.
    pub n_rejected: u32,
    /// Those of them that say 在籍.
    pub n_rejected_active: u32,
    /// The first cells of them.
    pub rejects: Vec<RejectLine>,
    /// How many there are.
    pub n_reject_lines: usize,
    /// Headings that are not known, of a file that is refused for its headings.
    pub unknown: Vec<String>,
    /// Headings that are needed and missing there.
    pub missing: Vec<String>,
    /// What can be said of them, so that they are known.
    pub headings: Option<UnknownHeadings>,
    /// Columns that are not used.
    pub ignored: Vec<String>,
    /// Whether a workbook tells the rows to mend.
    pub has_workbook: bool,
    /// Where the import has written it; not for people.
    pub workbook: Option<String>,
}
