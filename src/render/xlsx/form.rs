//! Workbooks that people fill in: labels, shaded cells for what they write, lists to choose from, and what to write where.
//!
//! This module computes nothing. The same input always gives the same bytes.

use chrono::NaiveDate;
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use super::{A4, WorkbookError, excel_day, number, plain, set_properties};

/// Excel holds so much of a list of choices.
const MOST_OF_CHOICES: usize = 255;

/// Excel shows so much beside a cell.
const MOST_OF_HINT: usize = 255;

/// A day as offices write it.
const DAY: &str = "yyyy\\-mm\\-dd";

/// A cell of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormCell {
    /// Nothing.
    Blank,
    /// What stands beside a cell to fill in.
    Label(String),
    /// The heading of a column.
    Heading(String),
    /// A title, larger than the rest.
    Title(String),
    /// A text to read.
    Text(String),
    /// A text to fill in or change.
    Input(String),
    /// A day to fill in or change.
    InputDay(NaiveDate),
    /// A number to fill in or change.
    InputNumber(i64),
}

/// What a run of cells offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormChoice {
    /// First cell, row and column from 0.
    pub first: (u32, u16),
    /// Last cell.
    pub last: (u32, u16),
    /// Words to choose from; none for a hint alone. Other words can be written as well.
    pub words: Vec<String>,
    /// What Excel says beside the cell.
    pub hint: String,
}

/// A sheet to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormSheet {
    /// Its name.
    pub name: String,
    /// Rows from the top.
    pub rows: Vec<Vec<FormCell>>,
    /// Widths of columns in characters of Excel.
    pub widths: Vec<u16>,
    /// What cells offer.
    pub choices: Vec<FormChoice>,
}

/// Makes a workbook to fill in; `day` is told as the one on which it was made.
///
/// # Errors
/// [`WorkbookError`] for a sheet name that Excel does not take, or more rows than it has.
pub fn form_workbook(title: &str, day: NaiveDate, sheets: &[FormSheet]) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    set_properties(&mut workbook, title, day)?;
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn fill(worksheet: &mut Worksheet, sheet: &FormSheet) -> Result<(), WorkbookError> {
    let too_large = || WorkbookError::TooLarge(sheet.name.clone());
    worksheet.set_name(&sheet.name)?.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    for (column, width) in (0_u16..).zip(&sheet.widths) {
        worksheet.set_column_width(column, f64::from(*width))?;
    }
    for (row, cells) in sheet.rows.iter().enumerate() {
        let row = u32::try_from(row).map_err(|_| too_large())?;
        for (column, cell) in cells.iter().enumerate() {
            let column = u16::try_from(column).map_err(|_| too_large())?;
            write(worksheet, (row, column), cell)?;
        }
    }
    for choice in &sheet.choices {
        offer(worksheet, choice)?;
    }
    Ok(())
}

fn write(worksheet: &mut Worksheet, (row, column): (u32, u16), cell: &FormCell) -> Result<(), WorkbookError> {
    let input = || plain().set_background_color(Color::RGB(0x00FF_F9E5)).set_border(FormatBorder::Hair).set_text_wrap();
    match cell {
        FormCell::Blank => return Ok(()),
        FormCell::Label(text) => worksheet.write_string_with_format(row, column, text, &plain().set_bold())?,
        FormCell::Heading(text) => worksheet.write_string_with_format(row, column, text, &heading())?,
        FormCell::Title(text) => {
            worksheet.write_string_with_format(row, column, text, &plain().set_bold().set_font_size(14))?
        }
        FormCell::Text(text) => worksheet.write_string_with_format(row, column, text, &plain())?,
        FormCell::Input(text) if text.is_empty() => worksheet.write_blank(row, column, &input())?,
        FormCell::Input(text) => worksheet.write_string_with_format(row, column, text, &input())?,
        FormCell::InputDay(day) => {
            let format = input().set_num_format(DAY).set_align(FormatAlign::Left);
            worksheet.write_datetime_with_format(row, column, excel_day(*day)?, &format)?
        }
        FormCell::InputNumber(n) => match number(*n) {
            Some(value) => worksheet.write_number_with_format(row, column, value, &input())?,
            None => worksheet.write_string_with_format(row, column, n.to_string(), &input())?,
        },
    };
    Ok(())
}

fn heading() -> Format {
    plain().set_bold().set_background_color(Color::RGB(0x00D9_E1F2)).set_border_bottom(FormatBorder::Thin)
}

fn offer(worksheet: &mut Worksheet, choice: &FormChoice) -> Result<(), WorkbookError> {
    let mut words: Vec<&str> = Vec::new();
    for word in &choice.words {
        let used: usize = words.iter().map(|word| word.chars().count() + 1).sum();
        if used + word.chars().count() <= MOST_OF_CHOICES {
            words.push(word);
        }
    }
    let validation = match words.is_empty() {
        true => DataValidation::new().allow_any_value(),
        false => DataValidation::new().allow_list_strings(&words)?,
    };
    let hint: String = choice.hint.chars().take(MOST_OF_HINT).collect();
    let validation = validation.set_input_message(hint)?.show_error_message(false);
    let (first, last) = (choice.first, choice.last);
    worksheet.add_data_validation(first.0, first.1, last.0, last.1, &validation)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_form_gives_the_same_bytes() {
        let day: NaiveDate = "2026-01-22".parse().expect("a day");
        let sheet = FormSheet {
            name: "次第".into(),
            rows: vec![vec![FormCell::Label("開催日".into()), FormCell::InputDay(day)], vec![FormCell::InputNumber(3)]],
            widths: vec![12, 30],
            choices: vec![FormChoice {
                first: (0, 1), last: (0, 1), words: vec!["片面".into()], hint: "選ぶ".into()
            }],
        };
        let make = || form_workbook("会議", day, std::slice::from_ref(&sheet)).expect("the form is made");
        assert!(make() == make());
    }
}
