//! Lists for people who work in Excel: one workbook, a few flat sheets, no merged cells.
//!
//! Every text stays a text: leading zeros, dates as they came, and what looks like a formula. The same sheets and day
//! always give the same bytes. This module does not know what the rows are about.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, ObjectMovement, Workbook, Worksheet,
};

/// Stands on every Windows machine in Japan.
const FONT: &str = "游ゴシック";

/// What a cell of Excel can hold.
const MOST_CHARACTERS: usize = 32_767;

/// Notes are drawings, and Excel draws all of them when it opens the file.
const MOST_NOTES: usize = 2_000;

/// Why a workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// More rows or columns than a sheet has, or a sheet name that Excel does not take.
    #[error("the workbook cannot be made")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// A sheet has more columns or rows than the format can number.
    #[error("the sheet {0} is too large")]
    TooLarge(String),
}

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
    let too_large = || WorkbookError::TooLarge(title.to_string());
    let year = u16::try_from(day.year()).map_err(|_| too_large())?;
    let (month, of_month) = (u8::try_from(day.month()), u8::try_from(day.day()));
    let (Ok(month), Ok(of_month)) = (month, of_month) else { return Err(too_large()) };
    let made = ExcelDateTime::from_ymd(year, month, of_month)?;
    workbook.set_properties(&DocProperties::new().set_title(title).set_author("kaiin").set_creation_datetime(&made));
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn plain() -> Format {
    Format::new().set_font_name(FONT).set_font_size(11).set_align(FormatAlign::Top)
}

fn fill(worksheet: &mut Worksheet, sheet: &ListSheet) -> Result<(), WorkbookError> {
    /// A4.
    const PAPER: u8 = 9;
    let too_large = || WorkbookError::TooLarge(sheet.name.clone());
    let heading = plain()
        .set_bold()
        .set_background_color(Color::RGB(0x00D9_E1F2))
        .set_border_bottom(FormatBorder::Thin)
        .set_text_wrap();
    let text = plain().set_num_format("@");
    let marked = plain().set_num_format("@").set_background_color(sheet.mark.colour());
    let number = plain().set_num_format("0");
    worksheet.set_name(&sheet.name)?.set_landscape().set_paper_size(PAPER);
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
                ListCell::Number(n) => worksheet.write_number_with_format(line, column, *n, &number)?,
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

/// What Excel can hold of a text, in the units in which it counts.
fn cut(text: &str) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MOST_CHARACTERS {
            return &text[..at];
        }
    }
    text
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

    #[test]
    fn text_longer_than_a_cell_is_cut_between_characters() {
        assert_eq!(cut(&"𠮷".repeat(20_000)).chars().count(), MOST_CHARACTERS / 2);
        assert_eq!(cut("試験"), "試験");
    }
}
