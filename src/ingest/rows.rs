//! Second reading: records with the row number that Excel shows, from text or from the sheet of a workbook.

use std::fs::File;
use std::path::Path;

use csv::StringRecord;

use super::decode::{DecodedReader, Encoding};
use super::scan::{Form, Scan};
use super::workbook::SheetRows;
use super::{FileProblem, IngestError};
use crate::domain::problem::{Problem, column_letters};

/// The records of a file below its headings.
pub struct Rows {
    source: RowSource,
    headings: StringRecord,
    heading_row: u32,
}

enum RowSource {
    Text(Box<TextRows>),
    Sheet(SheetRows),
}

impl Rows {
    /// Opens a scanned file and reads its headings. Of a workbook it reads the sheet that was chosen by
    /// [`super::fit_file`], else the first.
    ///
    /// # Errors
    /// [`FileProblem`] when there are no headings; [`IngestError::Io`] when reading fails.
    pub fn open(path: &Path, scan: &Scan) -> Result<Self, IngestError> {
        if let Some(sheet) = scan.sheet() {
            let source = RowSource::Sheet(SheetRows::open(path, sheet));
            return Ok(Self { source, headings: sheet.headings.clone(), heading_row: sheet.heading_row });
        }
        let Form::Text { encoding, blank_rows } = &scan.form else {
            return Err(FileProblem::of_file(Problem::SheetMissing, "").into());
        };
        let mut rows = TextRows::open(path, *encoding, blank_rows.clone())?;
        let mut headings = StringRecord::new();
        if !rows.read(&mut headings)? {
            return Err(FileProblem::of_file(Problem::FileEmpty, "").into());
        }
        // Excel leaves empty cells behind at the right end.
        while headings.len() > 1 && headings.get(headings.len() - 1).is_some_and(|cell| cell.trim().is_empty()) {
            headings.truncate(headings.len() - 1);
        }
        Ok(Self { heading_row: rows.row, source: RowSource::Text(Box::new(rows)), headings })
    }

    /// The headings as they stand in the file.
    pub fn headings(&self) -> &StringRecord {
        &self.headings
    }

    /// Row of the headings as Excel shows it.
    pub fn heading_row(&self) -> u32 {
        self.heading_row
    }

    /// Reads the next row that holds anything, and returns its number as Excel shows it; `None` at the end.
    ///
    /// # Errors
    /// [`FileProblem`] when the row has more or fewer cells than the headings. Empty cells at the right end of a
    /// longer row are let pass.
    pub fn next_row(&mut self, record: &mut StringRecord) -> Result<Option<u32>, IngestError> {
        let width = self.headings.len();
        loop {
            let row = match &mut self.source {
                RowSource::Text(rows) => rows.read(record)?.then_some(rows.row),
                RowSource::Sheet(rows) => rows.next_row()?.map(|(row, cells)| {
                    *record = cells;
                    row
                }),
            };
            let Some(row) = row else { return Ok(None) };
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let surplus = record.iter().skip(width).any(|cell| !cell.trim().is_empty());
            if record.len() < width || surplus {
                let detail = format!("{} / {width}", record.len());
                let column = Some(column_letters(record.len().min(width)));
                return Err(FileProblem { column, ..FileProblem::in_row(Problem::Ragged, row, detail) }.into());
            }
            return Ok(Some(row));
        }
    }
}

/// Decoded records of a text file, the headings first.
struct TextRows {
    reader: csv::Reader<DecodedReader<File>>,
    blank_rows: std::iter::Peekable<std::vec::IntoIter<u32>>,
    row: u32,
}

impl TextRows {
    fn open(path: &Path, encoding: Encoding, blank_rows: Vec<u32>) -> Result<Self, IngestError> {
        let decoded = DecodedReader::new(File::open(path)?, encoding);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(256 * 1024)
            .from_reader(decoded);
        Ok(Self { reader, blank_rows: blank_rows.into_iter().peekable(), row: 0 })
    }

    fn read(&mut self, record: &mut StringRecord) -> Result<bool, IngestError> {
        let found = self.reader.read_record(record)?;
        self.row += 1;
        while self.blank_rows.next_if_eq(&self.row).is_some() {
            self.row += 1;
        }
        Ok(found)
    }
}

/// Reads the cells of chosen rows again, for the rejects file of the office. `wanted` is ascending.
///
/// # Errors
/// As [`Rows::next_row`].
pub fn cells_of(path: &Path, scan: &Scan, wanted: &[u32]) -> Result<CellsOfRows, IngestError> {
    let mut rows = Rows::open(path, scan)?;
    let headings: Vec<String> = rows.headings().iter().map(str::to_string).collect();
    let mut out = Vec::with_capacity(wanted.len());
    let mut record = StringRecord::new();
    while let Some(row) = rows.next_row(&mut record)? {
        if wanted.binary_search(&row).is_ok() {
            out.push((row, record.iter().take(headings.len()).map(str::to_string).collect()));
        }
    }
    Ok(CellsOfRows { headings, rows: out })
}

/// Headings and chosen rows of a file, cells exactly as they stand there.
#[derive(Debug)]
pub struct CellsOfRows {
    /// Headings.
    pub headings: Vec<String>,
    /// Row number as Excel shows it, and its cells.
    pub rows: Vec<(u32, Vec<String>)>,
}
