//! Excel workbooks (.xlsx): what offices make of an export when they save it again.
//!
//! [`container`] and [`markup`] look at the bytes before any parser does, [`cells`] turns a cell into the text that the office
//! sees, [`sheet`] streams rows. This module does not know what the rows mean, and no sheet is ever held whole.

mod cells;
mod container;
mod markup;
mod sheet;

use std::collections::BTreeMap;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Reader, SheetType, SheetVisible, XlsxError};
use csv::StringRecord;

use super::heading::Head;
use super::total::is_total;
use super::{FileProblem, IngestError};
use crate::domain::problem::{Problem, column_letters};

pub(super) use container::old_or_encrypted;
pub(super) use sheet::SheetRows;

/// Sheets that are looked at; a workbook with more of them is no export.
const MOST_SHEETS: usize = 100;

/// What Excel can show.
const MOST_ROWS: u32 = 1_048_576;

/// Cells that are looked at in one workbook: a million rows of fifty columns.
const MOST_CELLS: u64 = 50_000_000;

/// The texts of these cells together, in bytes. Many cells may share one text of the table.
const MOST_TEXT: usize = 768 << 20;

/// What may still come in a workbook.
struct Left {
    n_cells: u64,
    n_bytes: usize,
}

impl Left {
    /// Takes one cell; `None` when it is too much.
    fn take(&mut self, n_bytes: usize) -> Option<()> {
        self.n_cells = self.n_cells.checked_sub(1)?;
        self.n_bytes = self.n_bytes.checked_sub(n_bytes)?;
        Some(())
    }
}

/// What the first reading found on one visible sheet.
#[derive(Debug, Clone)]
pub(super) struct SheetScan {
    /// Name on the tab.
    pub(super) name: String,
    /// The first rows that hold anything; their cells without empty ones at the right end.
    pub(super) head: Head,
    /// Row of the headings as Excel shows it: the first that holds anything, until [`Self::begin_at`] says otherwise.
    pub(super) heading_row: u32,
    /// Headings by column, without empty ones at the right end.
    pub(super) headings: StringRecord,
    /// Number of the last row that holds anything.
    pub(super) n_rows: u32,
    /// Rows above the headings that hold anything.
    pub(super) title_rows: Vec<u32>,
    /// Row of the first cell of each column that holds anything below the head.
    first_in_column: BTreeMap<usize, u32>,
    /// What makes the sheet unusable.
    problem: Option<(Problem, u32, usize)>,
    /// First error cell of each column: row and error.
    errors: BTreeMap<usize, (u32, &'static str)>,
}

impl SheetScan {
    /// Takes a row of the head for the headings, those above it for titles.
    pub(super) fn begin_at(&mut self, at: usize) {
        if let Some((row, cells)) = self.head.get(at) {
            self.heading_row = *row;
            self.headings = cells.clone();
            self.title_rows = self.head[..at].iter().map(|(row, _)| *row).collect();
        }
    }

    /// The first cell below the headings that stands right of them.
    fn ragged(&self) -> Option<(u32, usize)> {
        let width = self.headings.len();
        let in_head = self.head.iter().filter(|(row, cells)| *row > self.heading_row && !is_total(cells.iter()));
        let in_head = in_head.filter_map(|(row, cells)| {
            let column = (width..cells.len()).find(|at| cells.get(*at).is_some_and(|cell| !cell.trim().is_empty()))?;
            Some((*row, column))
        });
        in_head.chain(self.first_in_column.range(width..).map(|(column, row)| (*row, *column))).min()
    }

    /// Whether there is a row below the headings.
    pub(super) fn has_rows(&self) -> bool {
        self.n_rows > self.heading_row
    }

    /// What keeps the sheet from being read. Error cells matter only in columns that somebody reads.
    pub(super) fn problem(&self, is_read: impl Fn(usize) -> bool) -> Option<FileProblem> {
        let ragged = self.ragged();
        if let Some((problem, row, column)) =
            self.problem.filter(|(_, row, column)| ragged.is_none_or(|at| (*row, *column) < at))
        {
            return Some(at_cell(problem, row, column, ""));
        }
        if let Some((row, column)) = ragged {
            return Some(at_cell(Problem::Ragged, row, column, &format!("{} / {}", column + 1, self.headings.len())));
        }
        let errors = self.errors.iter().filter(|(column, _)| is_read(**column));
        let (column, (row, error)) = errors.min_by_key(|(column, (row, _))| (*row, **column))?;
        Some(at_cell(Problem::ErrorCell, *row, *column, error))
    }
}

/// A problem at a cell; `column` counts from 0.
fn at_cell(problem: Problem, row: u32, column: usize, detail: &str) -> FileProblem {
    FileProblem { column: Some(column_letters(column)), ..FileProblem::in_row(problem, row, detail) }
}

/// Reads all visible sheets of a workbook once.
///
/// # Errors
/// [`FileProblem`] when the file is no workbook, is damaged, inflates to too much, or has no visible sheet that
/// holds anything.
pub(super) fn scan_sheets(path: &Path) -> Result<Vec<SheetScan>, IngestError> {
    container::check(path)?;
    guarded(|| {
        let mut workbook = container::open(path)?;
        let names: Vec<String> = workbook
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .collect();
        if names.len() > MOST_SHEETS {
            return Err(
                FileProblem::of_file(Problem::WorkbookTooLarge, format!("{} > {MOST_SHEETS}", names.len())).into()
            );
        }
        let mut left = Left { n_cells: MOST_CELLS, n_bytes: MOST_TEXT };
        let mut sheets = Vec::new();
        for name in &names {
            sheets.extend(sheet::scan_sheet(&mut workbook, name, &mut left)?);
        }
        if sheets.is_empty() {
            let problem = if names.is_empty() { Problem::SheetMissing } else { Problem::FileEmpty };
            return Err(FileProblem::of_file(problem, "").into());
        }
        Ok(sheets)
    })
}

/// A parser that stumbles over a damaged workbook must not take the program with it.
fn guarded<T>(read: impl FnOnce() -> Result<T, IngestError>) -> Result<T, IngestError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("XML").into()))
}

fn damaged(part: &str) -> FileProblem {
    FileProblem::of_file(Problem::WorkbookDamaged, part)
}

/// What the parser says, as what the office can do about it.
fn from_parser(error: XlsxError, part: &str) -> IngestError {
    match error {
        XlsxError::Password => FileProblem::of_file(Problem::WorkbookEncrypted, "").into(),
        XlsxError::Io(source) => from_io(source, part),
        XlsxError::WorksheetNotFound(name) => FileProblem::of_file(Problem::SheetMissing, name).into(),
        other => system_error(&other).map_or_else(|| damaged(part).into(), IngestError::from),
    }
}

/// What the system said first, below what parsers made of it.
fn system_error(error: &(dyn std::error::Error + 'static)) -> Option<std::io::Error> {
    let shared = error.downcast_ref::<std::sync::Arc<std::io::Error>>().map(AsRef::as_ref);
    let number = error.downcast_ref::<std::io::Error>().or(shared).and_then(std::io::Error::raw_os_error);
    match number {
        Some(number) => Some(std::io::Error::from_raw_os_error(number)),
        None => error.source().and_then(system_error),
    }
}

/// A disk or a network that refuses is no damaged workbook; a stream that cannot be inflated is one. What the system says has a
/// number, what a parser says has none.
fn from_io(source: std::io::Error, part: &str) -> IngestError {
    if source.raw_os_error().is_some() { source.into() } else { damaged(part).into() }
}

/// Reads up to a limit; `None` when there is more.
fn read_bounded(reader: &mut impl Read, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut out = Vec::new();
    let n = reader.take(limit + 1).read_to_end(&mut out)?;
    Ok(u64::try_from(n).is_ok_and(|n| n <= limit).then_some(out))
}
