//! Excel workbooks (.xlsx): what offices make of an export when they save it again.
//!
//! [`container`] and [`markup`] look at the bytes before any parser does, [`cells`] turns a cell into the text that the office
//! sees, [`sheet`] streams rows. This module does not know what the rows mean, and no sheet is ever held whole.

mod cells;
mod container;
mod damage;
mod limits;
mod markup;
mod sheet;
mod sheet_scan;
mod whole;

use std::path::Path;

use calamine::{Reader, SheetType, SheetVisible};

use self::damage::guarded;
use self::limits::{Left, MOST_CELLS, MOST_SHEETS, MOST_TEXT};
use super::file_problem::{FileProblem, IngestError};
use crate::domain::problem::Problem;

pub(super) use container::old_or_encrypted;
pub(super) use sheet::SheetRows;
pub(super) use sheet_scan::SheetScan;
pub(super) use whole::{WholeSheet, whole_sheets};

/// Reads all visible sheets of a workbook once.
///
/// # Errors
/// [`FileProblem`] when the file is no workbook, is damaged, inflates to too much, or has no visible sheet that
/// holds anything.
pub(super) fn scan_sheets(path: &Path) -> Result<Vec<SheetScan>, IngestError> {
    container::check(path)?;
    guarded(|| {
        let mut workbook = container::open(path)?;
        let names = visible_sheets(&workbook)?;
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

/// Names of the sheets that the office sees, in order.
fn visible_sheets(workbook: &container::Workbook) -> Result<Vec<String>, IngestError> {
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.len() > MOST_SHEETS {
        return Err(FileProblem::of_file(Problem::WorkbookTooLarge, format!("{} > {MOST_SHEETS}", names.len())).into());
    }
    Ok(names)
}

/// Names of the sheets that the office has hidden.
fn hidden_sheets(workbook: &container::Workbook) -> Vec<String> {
    let hidden = workbook.sheets_metadata().iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
    hidden.map(|sheet| sheet.name.clone()).collect()
}
