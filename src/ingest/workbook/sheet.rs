//! Rows of one sheet, streamed: no sheet is held whole.
//!
//! The parser lends its cells for as long as the workbook is open, so the second reading runs in a thread of its
//! own and hands rows over in small lots.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Style, XlsxError, XlsxFormulaMetadata};
use csv::StringRecord;

use super::cells::{Look, Text, text_of};
use super::container::{self, Workbook};
use super::damage::{damaged, from_parser, guarded};
use super::limits::{Left, MOST_ROWS};
use super::sheet_scan::{SheetScan, is_nothing};
use crate::domain::problem::Problem;
use crate::ingest::file_problem::{FileProblem, IngestError};
use crate::ingest::limits::MOST_COLUMNS;

/// Rows handed over at once.
const LOT: usize = 256;

/// Their cells, in bytes; a row that is larger is handed over alone.
const LOT_BYTES: usize = 1 << 20;

/// Lots that wait for the reader.
const LOTS_AHEAD: usize = 4;

/// Calls `take` with row as Excel shows it, column from 0, and text of each cell that holds anything, in order; says
/// whether there are cells without a value.
pub(super) fn each_cell(
    workbook: &mut Workbook,
    (name, look_of): (&str, fn(&Style) -> Look),
    mut take: impl FnMut(u32, usize, Result<&str, &'static str>) -> Result<(), IngestError>,
) -> Result<bool, IngestError> {
    let failed = |error: XlsxError| from_parser(error, name);
    let mut cells = workbook.worksheet_cells_reader(name).map_err(failed)?;
    let looks: Vec<Look> = cells.styles().iter().map(look_of).collect();
    let mut buffer = String::new();
    let mut last = None;
    let mut has_empty = false;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(failed)? {
        let (row, column) = cell.get_position();
        let at = usize::try_from(column).map_err(|_| damaged(name))?;
        // Excel writes cells in order; anything else was made by hand.
        if row >= MOST_ROWS || at >= MOST_COLUMNS || last.is_some_and(|last| last >= (row, column)) {
            return Err(damaged(name).into());
        }
        last = Some((row, column));
        let look = looks.get(style).copied().unwrap_or(Look::Plain);
        let text = match text_of(cell.get_value(), look, &mut buffer) {
            Text::Shared(text) => Ok(text),
            Text::Written => Ok(buffer.as_str()),
            Text::Empty => {
                has_empty = true;
                continue;
            }
            Text::Error(error) => Err(error),
        };
        take(row + 1, at, text)?;
    }
    Ok(has_empty)
}

/// Formulas whose result no program has worked out, as generators of reports write them: read as values they would be
/// blank cells, and a 退会日 would be gone.
pub(super) fn each_formula_without_result(
    workbook: &mut Workbook,
    name: &str,
    mut take: impl FnMut(u32, usize),
) -> Result<(), IngestError> {
    let failed = |error: XlsxError| from_parser(error, name);
    let mut cells = workbook.worksheet_cells_reader(name).map_err(failed)?;
    // Not the formulas themselves: a shared one would be kept under a number that the file chooses, however large.
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(failed)? {
        let is_formula = match &cell.formula {
            Some(XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. }) => {
                !formula.is_empty()
            }
            Some(_) => true,
            None => false,
        };
        if is_formula && matches!(cell.value, DataRef::Empty) {
            let (row, column) = cell.pos;
            take(row + 1, usize::try_from(column).map_err(|_| damaged(name))?);
        }
    }
    Ok(())
}

/// Reads a sheet once; `None` when it holds nothing.
pub(super) fn scan_sheet(
    workbook: &mut Workbook,
    name: &str,
    left: &mut Left,
) -> Result<Option<SheetScan>, IngestError> {
    let mut scan: Option<SheetScan> = None;
    let has_empty = each_cell(workbook, (name, Look::of), |row, column, text| {
        left.take(text.map_or(0, str::len)).ok_or_else(|| FileProblem::of_file(Problem::WorkbookTooLarge, name))?;
        if text.is_ok_and(is_nothing) {
            return Ok(());
        }
        let scan = scan.get_or_insert_with(|| SheetScan::new(name, row));
        scan.n_rows = row;
        scan.take_cell(row, column, text);
        Ok(())
    })?;
    if let Some(scan) = scan.as_mut().filter(|_| has_empty) {
        each_formula_without_result(workbook, name, |row, column| scan.take_unanswered(row, column))?;
    }
    if let Some(scan) = scan.as_mut() {
        scan.begin_at(0);
    }
    Ok(scan)
}

type Rows = Vec<(u32, StringRecord)>;

/// The rows of a sheet below its headings.
pub(in crate::ingest) struct SheetRows {
    lots: Receiver<Result<Rows, IngestError>>,
    lot: std::vec::IntoIter<(u32, StringRecord)>,
    ended: bool,
}

impl SheetRows {
    /// Begins to read a sheet that was scanned.
    pub(in crate::ingest) fn open(path: &Path, sheet: &SheetScan) -> Self {
        let (sender, lots) = sync_channel(LOTS_AHEAD);
        let (path, name, heading_row, width) =
            (path.to_path_buf(), sheet.name.clone(), sheet.heading_row, sheet.headings.len());
        std::thread::spawn(move || {
            let task = Task { path, name, heading_row, width };
            if let Err(Stop::Problem(error)) = task.run(&sender) {
                // Nobody listens any more: nobody needs to know.
                drop(sender.send(Err(error)));
            }
        });
        Self { lots, lot: Vec::new().into_iter(), ended: false }
    }

    /// The next row with its number; `None` at the end.
    pub(in crate::ingest) fn next_row(&mut self) -> Result<Option<(u32, StringRecord)>, IngestError> {
        loop {
            if let Some(row) = self.lot.next() {
                return Ok(Some(row));
            }
            if self.ended {
                return Ok(None);
            }
            // A reader that vanished without a last lot has died.
            let lot = self.lots.recv().unwrap_or_else(|_| Err(damaged("XML").into()))?;
            self.ended = lot.is_empty();
            self.lot = lot.into_iter();
        }
    }
}

/// Why the reading thread stops early.
enum Stop {
    /// Nobody wants more rows.
    NotWanted,
    Problem(IngestError),
}

struct Task {
    path: PathBuf,
    name: String,
    heading_row: u32,
    width: usize,
}

impl Task {
    fn run(&self, sender: &SyncSender<Result<Rows, IngestError>>) -> Result<(), Stop> {
        let mut wanted = true;
        let result = guarded(|| {
            let mut workbook = container::open(&self.path)?;
            let mut lot = Lot { sender, rows: Vec::with_capacity(LOT), n_bytes: 0, width: self.width };
            each_cell(&mut workbook, (&self.name, Look::of), |row, column, text| {
                if row > self.heading_row && column < self.width && wanted {
                    wanted = lot.take_cell(row, column, text.unwrap_or_else(|error| error));
                }
                if wanted { Ok(()) } else { Err(damaged("").into()) }
            })?;
            lot.finish();
            Ok(())
        });
        match result {
            Err(_) if !wanted => Err(Stop::NotWanted),
            result => result.map_err(Stop::Problem),
        }
    }
}

/// Rows on their way to the reader.
struct Lot<'s> {
    sender: &'s SyncSender<Result<Rows, IngestError>>,
    rows: Rows,
    n_bytes: usize,
    width: usize,
}

impl Lot<'_> {
    /// Returns whether anybody still wants rows.
    fn take_cell(&mut self, row: u32, column: usize, text: &str) -> bool {
        if self.rows.last().is_none_or(|(last, _)| *last != row) {
            self.fill();
            if (self.rows.len() == LOT || self.n_bytes > LOT_BYTES) && !self.send() {
                return false;
            }
            // A row has an end for each of its columns, even where all are blank.
            self.n_bytes += self.width * size_of::<usize>();
            self.rows.push((row, StringRecord::with_capacity(256, self.width)));
        }
        if let Some((_, record)) = self.rows.last_mut() {
            (record.len()..column).for_each(|_| record.push_field(""));
            record.push_field(text);
            self.n_bytes += text.len();
        }
        true
    }

    /// Gives the last row the cells that it lacks at its right end.
    fn fill(&mut self) {
        if let Some((_, record)) = self.rows.last_mut() {
            (record.len()..self.width).for_each(|_| record.push_field(""));
        }
    }

    fn send(&mut self) -> bool {
        self.n_bytes = 0;
        self.sender.send(Ok(std::mem::replace(&mut self.rows, Vec::with_capacity(LOT)))).is_ok()
    }

    /// The last rows, then an empty lot for the end.
    fn finish(mut self) {
        self.fill();
        if !self.rows.is_empty() {
            self.send();
        }
        self.send();
    }
}
