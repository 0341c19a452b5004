//! Workbooks for people who work in Excel: [`list`] writes flat lists, [`paper`] a whole paper, [`form`] what is filled in.
//!
//! No cell is merged, numbers are numbers, days are days, and a text is never taken for anything else. The same input
//! always gives the same bytes.

mod agenda;
mod cells;
mod chart;
pub mod form;
mod layout;
mod lines;
pub mod list;
mod page;
pub mod paper;
mod remarks;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook};
use thiserror::Error;

pub use form::{FormCell, FormChoice, FormSheet, form_workbook};
pub use list::{ListCell, ListSheet, MarkColour, list_workbook};
pub use paper::paper_workbook;

use super::soundness::DocumentFault;

/// Stands on every Windows machine in Japan.
const FONT: &str = "游ゴシック";

/// What a cell of Excel can hold.
const MOST_CHARACTERS: usize = 32_767;

/// Paper size of Excel for A4.
const A4: u8 = 9;

/// Why a workbook could not be made.
#[derive(Debug, Error)]
pub enum WorkbookError {
    /// More rows or columns than a sheet has, or a sheet name that Excel does not take.
    #[error("the workbook cannot be made")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// A sheet has more columns or rows than the format can number.
    #[error("the sheet {0} is too large")]
    TooLarge(String),
    /// The document breaks a promise.
    #[error(transparent)]
    Fault(#[from] DocumentFault),
}

fn plain() -> Format {
    Format::new().set_font_name(FONT).set_font_size(11).set_align(FormatAlign::Top)
}

/// Title and the day on which the file was made: without it the bytes would tell the hour.
fn set_properties(workbook: &mut Workbook, title: &str, day: NaiveDate) -> Result<(), WorkbookError> {
    let made = excel_day(day)?;
    workbook.set_properties(&DocProperties::new().set_title(title).set_author("kaiin").set_creation_datetime(&made));
    Ok(())
}

/// A day as Excel counts it.
fn excel_day(day: NaiveDate) -> Result<ExcelDateTime, WorkbookError> {
    let too_far = || WorkbookError::TooLarge(day.to_string());
    let year = u16::try_from(day.year()).map_err(|_| too_far())?;
    let (month, of_month) = (u8::try_from(day.month()), u8::try_from(day.day()));
    let (Ok(month), Ok(of_month)) = (month, of_month) else { return Err(too_far()) };
    Ok(ExcelDateTime::from_ymd(year, month, of_month)?)
}

/// A count as Excel keeps numbers; `None` for one that it could not keep exactly.
fn number(n: i64) -> Option<f64> {
    i32::try_from(n).ok().map(f64::from)
}

/// What Excel can hold of a text, in the units in which it counts.
fn cut(text: &str) -> &str {
    cut_to(text, MOST_CHARACTERS)
}

fn cut_to(text: &str, most: usize) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > most {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_longer_than_a_cell_is_cut_between_characters() {
        assert_eq!(cut(&"𠮷".repeat(20_000)).chars().count(), MOST_CHARACTERS / 2);
        assert_eq!(cut("試験"), "試験");
    }
}
