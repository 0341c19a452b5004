//! The two dates of a paper, as dates; people read them in words among the dates of its sections.

use chrono::NaiveDate;

/// The two dates of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperDates {
    /// Day of the figures (基準日).
    pub as_of: NaiveDate,
    /// Day up to whose exports was known what they say (知識時点).
    pub known_at: NaiveDate,
}
