//! Small workbooks held whole: what an office writes for a meeting.

use std::io::Read;
use std::path::Path;

use super::cells::Look;
use super::container;
use super::damage::guarded;
use super::limits::Left;
use super::sheet::{each_cell, each_formula_without_result};
use super::{hidden_sheets, visible_sheets};
use crate::domain::problem::Problem;
use crate::ingest::file_problem::{FileProblem, IngestError};
use crate::input;

/// Cells of all sheets together: five thousand rows of forty columns.
const MOST_CELLS: u64 = 200_000;

/// Their texts, in bytes.
const MOST_TEXT: usize = 32 << 20;

/// A sheet with all its cells.
pub(in crate::ingest) struct WholeSheet {
    /// Its name.
    pub(in crate::ingest) name: String,
    /// Row as Excel shows it, column from 0, and the text or the error that stands there; in order.
    pub(in crate::ingest) cells: Vec<(u32, usize, Result<String, &'static str>)>,
    /// Cells of formulas that no program has worked out.
    pub(in crate::ingest) unanswered: Vec<(u32, usize)>,
}

/// A workbook with all its sheets.
pub(in crate::ingest) struct WholeWorkbook {
    /// The visible ones that hold anything, in order.
    pub(in crate::ingest) sheets: Vec<WholeSheet>,
    /// Names of those that are hidden.
    pub(in crate::ingest) hidden: Vec<String>,
}

/// All visible sheets that hold anything, in order, and the names of the others.
///
/// # Errors
/// [`FileProblem`] when the file is no workbook, is locked, damaged, or larger than any meeting needs.
pub(in crate::ingest) fn whole_sheets(path: &Path) -> Result<WholeWorkbook, IngestError> {
    let mut start = Vec::new();
    input::open(path)?.take(8).read_to_end(&mut start)?;
    if start.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(container::old_or_encrypted(path)?.into());
    }
    container::check(path)?;
    guarded(|| {
        let mut workbook = container::open(path)?;
        let mut left = Left { n_cells: MOST_CELLS, n_bytes: MOST_TEXT };
        let mut sheets = Vec::new();
        for name in visible_sheets(&workbook)? {
            let mut sheet = WholeSheet { name: name.clone(), cells: Vec::new(), unanswered: Vec::new() };
            let has_empty = each_cell(&mut workbook, (&name, Look::as_shown), |row, column, text| {
                let too_large = || FileProblem::of_file(Problem::WorkbookTooLarge, name.as_str());
                left.take(text.map_or(0, str::len)).ok_or_else(too_large)?;
                sheet.cells.push((row, column, text.map(str::to_string)));
                Ok(())
            })?;
            if has_empty {
                each_formula_without_result(&mut workbook, &name, |row, column| sheet.unanswered.push((row, column)))?;
            }
            if !sheet.cells.is_empty() || !sheet.unanswered.is_empty() {
                sheets.push(sheet);
            }
        }
        Ok(WholeWorkbook { sheets, hidden: hidden_sheets(&workbook) })
    })
}
