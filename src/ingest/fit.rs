//! Which layout fits a file, and which sheet of a workbook is meant.

use std::path::Path;

use super::columns::{Columns, fit_layout};
use super::rows::Rows;
use super::scan::{Form, Scan};
use super::workbook::SheetScan;
use super::{FileProblem, IngestError};
use crate::domain::layout::Layout;
use crate::domain::problem::Problem;

/// Chooses the layout of a file, as [`fit_layout`] does, and of a workbook the sheet.
///
/// Only visible sheets are looked at. The sheet is the one whose headings fit a layout; of several the only one with
/// rows below its headings. Which sheet it is stays in `scan`.
///
/// # Errors
/// As [`fit_layout`], at the row of the headings; [`FileProblem`] with `SeveralSheets` when several sheets fit, with
/// `ErrorCell`, `ControlCharacter`, `CellTooLarge` or `Ragged` at a cell of the chosen sheet, with `TabSeparated` for a
/// text without commas.
pub fn fit_file<'l>(
    path: &Path,
    scan: &mut Scan,
    layouts: &'l [Layout],
    named: Option<&str>,
) -> Result<(&'l Layout, Columns), IngestError> {
    let Form::Workbook { sheets, chosen } = &mut scan.form else {
        let rows = Rows::open(path, scan)?;
        // Excel saves such files as "text"; the comma is what tells columns apart here.
        if rows.headings().len() == 1 && rows.headings().iter().any(|heading| heading.trim().contains('\t')) {
            return Err(FileProblem::in_row(Problem::TabSeparated, rows.heading_row(), "").into());
        }
        return fit_layout(rows.headings(), layouts, named).map_err(|error| moved(error, rows.heading_row()));
    };
    let (at, fit) = choose(sheets, layouts, named)?;
    *chosen = at;
    let sheet = &sheets[at];
    scan.n_rows = sheet.n_rows;
    let (layout, columns) = fit.map_err(|error| moved(error, sheet.heading_row))?;
    match sheet.problem(|column| columns.is_used(column)) {
        Some(problem) => Err(problem.into()),
        None => Ok((layout, columns)),
    }
}

type Fit<'l> = Result<(&'l Layout, Columns), IngestError>;

/// The sheet that fits, or the first with the reason why none does.
fn choose<'l>(
    sheets: &[SheetScan],
    layouts: &'l [Layout],
    named: Option<&str>,
) -> Result<(usize, Fit<'l>), IngestError> {
    let mut fits: Vec<(usize, Fit<'l>)> =
        sheets.iter().map(|sheet| fit_layout(&sheet.headings, layouts, named)).enumerate().collect();
    let n_fitting = fits.iter().filter(|(_, fit)| fit.is_ok()).count();
    if n_fitting > 1 && fits.iter().any(|(at, fit)| fit.is_ok() && sheets[*at].has_rows()) {
        fits.retain(|(at, _)| sheets[*at].has_rows());
    }
    let names: Vec<&str> =
        fits.iter().filter(|(_, fit)| fit.is_ok()).map(|(at, _)| sheets[*at].name.as_str()).collect();
    if names.len() > 1 {
        return Err(FileProblem::of_file(Problem::SeveralSheets, names.join("、")).into());
    }
    let best = fits.iter().position(|(_, fit)| fit.is_ok());
    // A damaged sheet of a known kind says more than a cover sheet.
    let best = best.or_else(|| fits.iter().position(|(_, fit)| !is_unknown(fit))).unwrap_or(0);
    Ok(fits.swap_remove(best))
}

fn is_unknown(fit: &Fit<'_>) -> bool {
    matches!(fit, Err(IngestError::File(FileProblem { problem: Problem::LayoutUnknown, .. })))
}

/// Headings need not stand in row 1.
fn moved(error: IngestError, heading_row: u32) -> IngestError {
    match error {
        IngestError::File(problem) => FileProblem { row: problem.row.map(|_| heading_row), ..problem }.into(),
        error @ IngestError::Io(_) => error,
    }
}
