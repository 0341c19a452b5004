//! Lists: a few flat sheets, each with its headings frozen and a filter.
//!
//! Every text stays a text: leading zeros, dates as they came, and what looks like a formula. This module does not know
//! what the rows are about.

use chrono::NaiveDate;
use rust_xlsxwriter::{Color, FormatBorder, Note, ObjectMovement, Workbook, Worksheet};

use super::{A4, FONT, WorkbookError, cut, excel_day, number, plain, set_properties};

/// Notes are drawings, and Excel draws all of them when it opens the file.
const MOST_NOTES: usize = 2_000;

/// A sheet: headings, frozen and with a filter, and rows below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSheet {
    /// Name on the tab; at most 31 characters.
    pub name: String,
    /// Headings with the width of their column in characters.
    pub columns: Vec<(String, u16)>,
    /// Rows with one cell for each heading.
    pub rows: Vec<Vec<ListCell>>,
    /// How marked cells look.
    pub mark: MarkColour,
}

/// One cell of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListCell {
    /// A number that Excel may sort, such as a row number.
    Number(u32),
    /// A number of either sign.
    Integer(i64),
    /// A day, shown as 2025-12-31 and sorted as a day.
    Day(NaiveDate),
    /// A text on colour.
    Coloured(String),
    /// A text, never anything else.
    Text(String),
    /// A text on colour, with a note that says why.
    Marked {
        /// The text.
        text: String,
        /// The note.
        note: String,
    },
}

/// Colour of marked cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkColour {
    /// Something is wrong.
    Orange,
    /// Something is doubtful.
    Yellow,
}

impl MarkColour {
    fn colour(self) -> Color {
        match self {
            Self::Orange => Color::RGB(0x00F8_CBAD),
            Self::Yellow => Color::RGB(0x00FF_F2CC),
        }
    }
}

/// Makes a workbook of lists; `day` is the day that its properties carry as the day it was made.
///
/// # Errors
/// [`WorkbookError`] for a name that no sheet can have, and for more rows or columns than a sheet has.
pub fn list_workbook(title: &str, day: NaiveDate, sheets: &[ListSheet]) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    set_properties(&mut workbook, title, day)?;
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn fill(worksheet: &mut Worksheet, sheet: &ListSheet) -> Result<(), WorkbookError> {
    let too_large = || WorkbookError::TooLarge(sheet.name.clone());
    let heading = plain()
        .set_bold()
        .set_background_color(Color::RGB(0x00D9_E1F2))
        .set_border_bottom(FormatBorder::Thin)
        .set_text_wrap();
    let text = plain().set_num_format("@");
    let marked = plain().set_num_format("@").set_background_color(sheet.mark.colour());
    let count = plain().set_num_format("0");
    let day = plain().set_num_format("yyyy-mm-dd");
    worksheet.set_name(&sheet.name)?.set_landscape().set_paper_size(A4);
    for (at, (title, width)) in sheet.columns.iter().enumerate() {
        let column = u16::try_from(at).map_err(|_| too_large())?;
        worksheet.write_string_with_format(0, column, cut(title), &heading)?;
        worksheet.set_column_width(column, f64::from(*width))?;
    }
    let mut n_notes = 0;
    for (at, row) in sheet.rows.iter().enumerate() {
        let line = u32::try_from(at + 1).map_err(|_| too_large())?;
        for (at, cell) in row.iter().enumerate() {
            let column = u16::try_from(at).map_err(|_| too_large())?;
            match cell {
                ListCell::Number(n) => worksheet.write_number_with_format(line, column, *n, &count)?,
                ListCell::Integer(n) => match number(*n) {
                    Some(value) => worksheet.write_number_with_format(line, column, value, &count)?,
                    None => worksheet.write_string_with_format(line, column, n.to_string(), &text)?,
                },
                ListCell::Day(date) => worksheet.write_datetime_with_format(line, column, excel_day(*date)?, &day)?,
                ListCell::Coloured(content) => {
                    worksheet.write_string_with_format(line, column, cut(content), &marked)?
                }
                ListCell::Text(content) => worksheet.write_string_with_format(line, column, cut(content), &text)?,
                ListCell::Marked { text, note } => {
                    if n_notes < MOST_NOTES {
                        n_notes += 1;
                        worksheet.insert_note(line, column, &note_of(note))?;
                    }
                    worksheet.write_string_with_format(line, column, cut(text), &marked)?
                }
            };
        }
    }
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).map_err(|_| too_large())?;
    let last_row = u32::try_from(sheet.rows.len()).map_err(|_| too_large())?;
    worksheet.autofilter(0, 0, last_row, last_column)?;
    worksheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    Ok(())
}

fn note_of(text: &str) -> Note {
    Note::new(text)
        .set_author("kaiin")
        .add_author_prefix(false)
        .set_font_name(FONT)
        .set_font_size(10)
        .set_width(320)
        .set_height(110)
        .set_object_movement(ObjectMovement::MoveButDontSizeWithCells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> ListSheet {
        ListSheet {
            name: "取込不可".into(),
            columns: vec![("行".into(), 6), ("氏名".into(), 20)],
            rows: vec![
                vec![ListCell::Number(2), ListCell::Text("=1+1".into())],
                vec![
                    ListCell::Number(3),
                    ListCell::Marked {
                        text: "試験　太郎".into(), note: "IMP-117 氏名がありません".into()
                    },
                ],
            ],
            mark: MarkColour::Orange,
        }
    }

    fn day() -> NaiveDate {
        "2025-09-30".parse().expect("test dates are ISO")
    }

    #[test]
    fn same_sheets_give_the_same_bytes() {
        let make = || list_workbook("取込結果", day(), &[sheet()]).expect("the workbook is made");
        assert_eq!(make(), make());
    }
}
