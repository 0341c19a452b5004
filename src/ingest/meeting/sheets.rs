//! Sheets as texts by cell: of a workbook, or a CSV file, which is one sheet.

use std::collections::BTreeMap;
use std::path::Path;

use csv::ReaderBuilder;

use super::Faults;
use crate::domain::meeting::{CellPlace, MeetingFault, PlacedMeetingFault};
use crate::ingest::file_problem::IngestError;
use crate::ingest::limits::MOST_COLUMNS;
use crate::ingest::normalise::bare;
use crate::ingest::{decode, workbook};
use crate::input;

/// Rows of a sheet of a meeting. A board reads fewer.
const MOST_ROWS: u32 = 20_000;

/// A sheet with its cells as the office sees them.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Where it lies.
    pub place: CellPlace,
    /// Its name: of a CSV file the name without its ending.
    pub name: String,
    rows: BTreeMap<u32, Vec<String>>,
    faults: Vec<PlacedMeetingFault>,
}

impl Sheet {
    fn new(place: CellPlace, name: &str) -> Self {
        Self { place, name: name.to_string(), rows: BTreeMap::new(), faults: Vec::new() }
    }

    /// Rows that hold anything: number as Excel shows it, and cells from the first column.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &[String])> {
        self.rows.iter().map(|(number, cells)| (*number, cells.as_slice()))
    }

    /// Tells of cells that show an error or have no value. They matter only where the sheet is used.
    pub(super) fn tell_faults(&self, faults: &mut Faults) {
        faults.0.extend(self.faults.iter().cloned());
    }

    fn put(&mut self, row: u32, column: usize, text: &str) {
        let text = bare(text);
        if text.is_empty() {
            return;
        }
        if row > MOST_ROWS || column >= MOST_COLUMNS {
            if self.faults.iter().all(|fault| !matches!(fault.fault, MeetingFault::TooLarge(_))) {
                self.fault(row, column, MeetingFault::TooLarge(format!("{MOST_ROWS} × {MOST_COLUMNS}")));
            }
            return;
        }
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text.to_string();
    }

    fn fault(&mut self, row: u32, column: usize, fault: MeetingFault) {
        self.faults.push(PlacedMeetingFault { place: self.place.at(row, column), fault });
    }
}

/// The visible sheets of a workbook that hold anything, in order.
///
/// # Errors
/// A [`FileProblem`](crate::ingest::file_problem::FileProblem) when the file is no workbook, is locked, damaged or inflates
/// to too much; [`IngestError::Io`] when reading fails.
pub fn of_workbook(path: &Path, file: &str) -> Result<Sheets, IngestError> {
    let read = workbook::whole_sheets(path)?;
    let visible = read.sheets.into_iter().map(|whole| of_cells(whole, file)).collect();
    Ok(Sheets { visible, hidden: read.hidden })
}

/// The sheets of a workbook.
pub struct Sheets {
    /// Those that hold anything, in order.
    pub visible: Vec<Sheet>,
    /// Names of hidden ones, which are not read.
    pub hidden: Vec<String>,
}

fn of_cells(whole: workbook::WholeSheet, file: &str) -> Sheet {
    let mut sheet = Sheet::new(CellPlace::of_sheet(file, &whole.name), whole.name.trim());
    for (row, column, text) in whole.cells {
        match text {
            Ok(text) => sheet.put(row, column, &text),
            Err(error) => sheet.fault(row, column, MeetingFault::CellError(error.to_string())),
        }
    }
    for (row, column) in whole.unanswered {
        sheet.fault(row, column, MeetingFault::FormulaWithoutValue);
    }
    sheet
}

/// A CSV file as a sheet, in UTF-8 or CP932.
///
/// # Errors
/// [`IngestError`] when the file cannot be read. Bytes that are no text are a fault of the sheet.
pub fn of_csv(path: &Path, file: &str) -> Result<Sheet, IngestError> {
    let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let mut sheet = Sheet::new(CellPlace::of_file(file), name);
    let bytes = input::read(path)?;
    let Some(text) = decode::whole_text(&bytes) else {
        sheet.faults.push(PlacedMeetingFault { place: sheet.place.clone(), fault: MeetingFault::NotText });
        return Ok(sheet);
    };
    let lines = Lines::of(&text);
    if let Some(row) = lines.open_quote {
        sheet.fault(row, 0, MeetingFault::QuoteOpen);
    }
    for (row, line) in (1..).zip(&lines.rows) {
        let mut reader = ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        if let Some(record) = reader.records().next().transpose()? {
            record.iter().enumerate().for_each(|(column, cell)| sheet.put(row, column, cell));
        }
    }
    Ok(sheet)
}

/// A text cut into rows as Excel counts them: blank lines are rows, lines inside a quoted cell are none.
struct Lines<'t> {
    rows: Vec<&'t str>,
    /// The row in which a quotation mark was opened and never closed.
    open_quote: Option<u32>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let mut lines = Self { rows: Vec::new(), open_quote: None };
        let (mut start, mut is_quoted, mut before) = (0, false, ',');
        for (at, c) in text.char_indices() {
            match c {
                // A quotation mark opens a cell at its beginning only; anywhere else it is a letter.
                '"' if is_quoted || matches!(before, ',' | '\n') => is_quoted = !is_quoted,
                '"' if before == '"' => is_quoted = true,
                '\n' if !is_quoted => {
                    lines.rows.push(&text[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
            before = c;
        }
        lines.rows.push(&text[start..]);
        lines.open_quote = is_quoted.then(|| u32::try_from(lines.rows.len()).unwrap_or(u32::MAX));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_as_excel_counts_them() {
        let rows = |text| Lines::of(text).rows.len();
        assert_eq!(rows("a,b\r\n\r\nc"), 3);
        assert_eq!(rows("\"a\nb\",c\nd"), 2);
        assert_eq!(rows("5\" pipe,b\nc"), 2);
        assert_eq!(rows("\"say \"\"no\nyes\"\"\",b\nc"), 2);
        assert_eq!(Lines::of("a\n\"b\nc").open_quote, Some(2));
    }
}
