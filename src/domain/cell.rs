//! One finished value, and how it reads on paper.

use chrono::NaiveDate;
use serde::Serialize;

use super::decimal::Decimal;
use super::japanese_date::short_era_date;
use super::printed_number::{signed_count, thousands, thousands_unsigned};

/// A label and its text, such as 基準日 and 令和7年12月31日.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelledText {
    /// Label as printed.
    pub label: String,
    /// Text as printed.
    pub text: String,
}

impl LabelledText {
    /// Makes a labelled text from any two strings.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into() }
    }
}

/// One finished value. [`Cell::display`] is the only place where a value becomes printed text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Cell {
    /// Text exactly as it shall be printed; names stay as they came.
    Text(String),
    /// A count, printed with thousands separators.
    Count(i64),
    /// A difference, printed +1,234, ▲5 or 0.
    Difference(i64),
    /// A percentage in tenths (48.3 % is 483), printed 48.3.
    PercentTenths(i64),
    /// A number of the office, printed 1,234.5.
    Decimal(Decimal),
    /// A change that the office states, printed (+39,866) or (▲0.5).
    StatedChange(Decimal),
    /// A calendar date, printed in the short era form R7.12.31; ISO in machine files.
    Date(NaiveDate),
    /// A value that does not exist, printed as … (zero base, not applicable).
    NotApplicable,
    /// Nothing is printed.
    Blank,
}

impl Cell {
    /// A text cell from anything that is a string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A date, or an empty cell for `None`.
    pub fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Blank, Self::Date)
    }

    /// The text as printed on paper and in display files.
    pub fn display(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(n) => thousands(*n),
            Self::Difference(n) => signed_count(*n),
            Self::PercentTenths(tenths) => percent_tenths(*tenths),
            Self::Decimal(number) => number.to_string(),
            Self::StatedChange(number) => format!("({})", number.signed()),
            Self::Date(date) => short_era_date(*date),
            Self::NotApplicable => "…".into(),
            Self::Blank => String::new(),
        }
    }

    /// Whether the value is a number that a spreadsheet shall keep as a number.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Count(_) | Self::Difference(_) | Self::PercentTenths(_) | Self::Decimal(_) | Self::StatedChange(_)
        )
    }
}

/// Writes tenths of a percent with one decimal; negative values with ▲.
fn percent_tenths(tenths: i64) -> String {
    let sign = if tenths < 0 { "▲" } else { "" };
    let whole = tenths.unsigned_abs();
    format!("{sign}{}.{}", thousands_unsigned(whole / 10), whole % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_print_as_boards_are_used_to() {
        assert_eq!(Cell::PercentTenths(483).display(), "48.3");
        assert_eq!(Cell::PercentTenths(-5).display(), "▲0.5");
        assert_eq!(Cell::Difference(-1_234).display(), "▲1,234");
        assert_eq!(Cell::Difference(2).display(), "+2");
        assert_eq!(Cell::Difference(0).display(), "0");
        assert_eq!(Cell::NotApplicable.display(), "…");
    }
}
