//! Second reading: records with the row number that Excel shows, from text or from the sheet of a workbook.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use csv::StringRecord;

use super::decode::DecodedReader;
use super::file_problem::{FileProblem, IngestError};
use super::heading::{Head, MOST_HEAD_ROWS};
use super::scan::{Form, Scan, TextForm};
use super::total::is_total;
use super::workbook::SheetRows;
use crate::domain::problem::{Problem, column_letters};
use crate::input;

/// The records of a file below its headings.
pub struct Rows {
    source: RowSource,
    headings: StringRecord,
    /// Rows above the headings, and totals met so far.
    skipped: Vec<(u32, Problem)>,
    /// The row that was read last, where it has fewer cells than the headings: its number and its cells.
    short: Option<(u32, usize)>,
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
        let above = |rows: &[u32]| rows.iter().map(|row| (*row, Problem::TitleSkipped)).collect();
        if let Some(sheet) = scan.sheet() {
            let source = RowSource::Sheet(SheetRows::open(path, sheet));
            let skipped = above(&sheet.title_rows);
            return Ok(Self { source, headings: sheet.headings.clone(), skipped, short: None });
        }
        let Form::Text(form) = &scan.form else {
            return Err(FileProblem::of_file(Problem::SheetMissing, "").into());
        };
        let mut rows = TextRows::open(path, form)?;
        let mut headings = StringRecord::new();
        let mut title_rows = Vec::new();
        loop {
            if !rows.read(&mut headings)? {
                return Err(FileProblem::of_file(Problem::FileEmpty, "").into());
            }
            if rows.row >= form.heading_row {
                break;
            }
            if headings.iter().any(|cell| !cell.trim().is_empty()) {
                title_rows.push(rows.row);
            }
        }
        let headings = without_blank_end(headings);
        Ok(Self { source: RowSource::Text(Box::new(rows)), headings, skipped: above(&title_rows), short: None })
    }

    /// The headings as they stand in the file.
    pub fn headings(&self) -> &StringRecord {
        &self.headings
    }

    /// Rows that were passed over so far, with what they are: titles above the headings, and totals.
    pub fn skipped(&self) -> &[(u32, Problem)] {
        &self.skipped
    }

    /// Whether the row that was read last has fewer cells than the headings: nobody can say which are missing, so that none of
    /// them tells anything.
    pub fn is_short(&self) -> bool {
        self.short.is_some()
    }

    /// As [`Self::next_row`], for files of which a short row makes the whole unusable.
    ///
    /// # Errors
    /// As [`Self::next_row`]; also when the row has fewer cells than the headings.
    pub fn next_whole_row(&mut self, record: &mut StringRecord) -> Result<Option<u32>, IngestError> {
        let row = self.next_row(record)?;
        match self.short {
            Some((row, n_cells)) => Err(self.ragged(row, n_cells).into()),
            None => Ok(row),
        }
    }

    fn ragged(&self, row: u32, n_cells: usize) -> FileProblem {
        let width = self.headings.len();
        let column = Some(column_letters(n_cells.min(width)));
        FileProblem { column, ..FileProblem::in_row(Problem::Ragged, row, format!("{n_cells} / {width}")) }
    }

    /// Reads the next row that holds anything, and returns its number as Excel shows it; `None` at the end. A line with a
    /// total is passed over and noted.
    ///
    /// # Errors
    /// [`FileProblem`] when the row has more cells than the headings, or when the last row has fewer: the file was cut off. Empty
    /// cells at the right end of a longer row are let pass.
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
            let Some(row) = row else {
                let last = self.short.take();
                return last.map_or(Ok(None), |(row, n_cells)| Err(self.ragged(row, n_cells).into()));
            };
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            self.short = None;
            if is_total(record.iter()) {
                self.skipped.push((row, Problem::TotalSkipped));
                continue;
            }
            let surplus = record.iter().skip(width).any(|cell| !cell.trim().is_empty());
            if surplus {
                return Err(self.ragged(row, record.len()).into());
            }
            self.short = (record.len() < width).then_some((row, record.len()));
            return Ok(Some(row));
        }
    }
}

/// Excel leaves empty cells behind at the right end.
fn without_blank_end(mut cells: StringRecord) -> StringRecord {
    while cells.len() > 1 && cells.get(cells.len() - 1).is_some_and(|cell| cell.trim().is_empty()) {
        cells.truncate(cells.len() - 1);
    }
    cells
}

/// The first rows of a text that hold anything.
pub(super) fn head_of_text(path: &Path, form: &TextForm) -> Result<Head, IngestError> {
    let mut rows = TextRows::open(path, form)?;
    let mut record = StringRecord::new();
    let mut head = Head::new();
    while head.len() < MOST_HEAD_ROWS && rows.read(&mut record)? {
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            head.push((rows.row, without_blank_end(record.clone())));
        }
    }
    Ok(head)
}

/// Decoded records of a text file, the headings first.
struct TextRows {
    reader: csv::Reader<DecodedReader<std::io::Take<File>>>,
    blank_rows: std::iter::Peekable<std::vec::IntoIter<u32>>,
    row: u32,
}

impl TextRows {
    fn open(path: &Path, form: &TextForm) -> Result<Self, IngestError> {
        let mut file = input::open(path)?;
        let (start, end) = form.bytes;
        file.seek(SeekFrom::Start(start))?;
        let decoded = DecodedReader::new(file.take(end.saturating_sub(start)), form.encoding);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(form.divider)
            .buffer_capacity(256 * 1024)
            .from_reader(decoded);
        Ok(Self { reader, blank_rows: form.blank_rows.clone().into_iter().peekable(), row: 0 })
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

/// Cells that are kept for the rejects file, in bytes. Thousands of rows of an export have hardly a twentieth of it.
const MOST_KEPT: usize = 64 << 20;

/// Reads the first `most_columns` cells of chosen rows again, for the rejects file of the office. `wanted` is ascending; of
/// rows that are enormous the later ones are left out.
///
/// # Errors
/// As [`Rows::next_row`].
pub fn cells_of(path: &Path, scan: &Scan, wanted: &[u32], most_columns: usize) -> Result<CellsOfRows, IngestError> {
    let mut rows = Rows::open(path, scan)?;
    let headings: Vec<String> = rows.headings().iter().take(most_columns).map(str::to_string).collect();
    let mut out = Vec::with_capacity(wanted.len());
    let mut record = StringRecord::new();
    let mut bytes_left = MOST_KEPT;
    while let Some(row) = rows.next_row(&mut record)? {
        if wanted.last().is_none_or(|last| *last < row) {
            break;
        }
        if wanted.binary_search(&row).is_ok() {
            bytes_left = match bytes_left.checked_sub(record.as_slice().len()) {
                Some(left) => left,
                None => break,
            };
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
