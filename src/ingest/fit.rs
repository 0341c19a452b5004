//! Which layout fits a file, and which sheet of a workbook is meant.

use std::path::Path;

use csv::StringRecord;

use super::columns::Columns;
use super::file_problem::{FileProblem, IngestError};
use super::heading::{self, Fit};
use super::rows::head_of_text;
use super::scan::{Form, Scan, TextForm};
use super::workbook::SheetScan;
use crate::domain::layout::Layout;
use crate::domain::problem::{Hint, Problem};

/// Chooses the layout of a file, as `fit_layout` does, the row of its headings, and of a workbook the sheet.
///
/// Titles may stand above the headings. Only visible sheets are looked at. The sheet is the one whose headings fit a layout; of
/// several the only one with rows below its headings. Which row and sheet it is stays in `scan`.
///
/// # Errors
/// As `fit_layout`, at the row of the headings; [`FileProblem`] with `SeveralSheets` when several sheets fit, with
/// `ErrorCell`, `ControlCharacter`, `CellTooLarge` or `Ragged` at a cell of the chosen sheet, with `TabSeparated` for a
/// text without commas, with `QuoteSwallowsRows` for one in which a quotation mark took other rows into a cell.
pub fn fit_file<'l>(
    path: &Path,
    scan: &mut Scan,
    layouts: &'l [Layout],
    named: Option<&str>,
) -> Result<(&'l Layout, Columns), IngestError> {
    match &mut scan.form {
        Form::Text(form) => fit_text(path, form, layouts, named),
        Form::Workbook { sheets, chosen } => {
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
    }
}

fn fit_text<'l>(path: &Path, form: &mut TextForm, layouts: &'l [Layout], named: Option<&str>) -> Fit<'l> {
    let head = head_of_text(path, form)?;
    let Some((first, _)) = head.first() else { return Err(FileProblem::of_file(Problem::FileEmpty, "").into()) };
    let has_tab = |cells: &StringRecord| cells.iter().any(|cell| cell.trim().contains('\t'));
    // Excel saves such files as "text"; the comma is what tells columns apart here.
    if head.iter().all(|(_, cells)| cells.len() == 1) && head.iter().any(|(_, cells)| has_tab(cells)) {
        return Err(FileProblem::in_row(Problem::TabSeparated, *first, "").into());
    }
    let (at, fit) = heading::find(&head, layouts, named);
    let (row, headings) = &head[at];
    form.heading_row = *row;
    let (layout, columns) = fit.map_err(|error| looked_through(moved(error, *row), &head))?;
    let below = form.spanning_rows.iter().filter(|spanning| spanning.row > *row);
    match below.filter_map(|spanning| spanning.problem(headings.len())).next() {
        Some(problem) => Err(problem.into()),
        None => Ok((layout, columns)),
    }
}

/// The sheet that fits, or the first with the reason why none does.
fn choose<'l>(
    sheets: &mut [SheetScan],
    layouts: &'l [Layout],
    named: Option<&str>,
) -> Result<(usize, Fit<'l>), IngestError> {
    let fits = sheets.iter_mut().map(|sheet| {
        let (at, fit) = heading::find(&sheet.head, layouts, named);
        sheet.begin_at(at);
        fit
    });
    let mut fits: Vec<(usize, Fit<'l>)> = fits.enumerate().collect();
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

/// Says of a text that fits nothing what it is, where its first rows show that.
fn looked_through(error: IngestError, head: &[(u32, StringRecord)]) -> IngestError {
    let IngestError::File(problem) = error else { return error };
    let all = |is_met: &dyn Fn(&StringRecord) -> bool| head.iter().all(|(_, cells)| is_met(cells));
    let first = head.first().and_then(|(_, cells)| cells.get(0)).unwrap_or_default().trim_start();
    let code = match problem.problem {
        Problem::LayoutUnknown if first.starts_with('<') => "WHY-020",
        Problem::LayoutUnknown if all(&|cells| cells.get(0).is_some_and(|cell| cell.contains(';'))) => "WHY-021",
        _ => return problem.into(),
    };
    FileProblem { hint: Some(Box::new(Hint { code, words: Vec::new() })), ..problem }.into()
}

/// Headings need not stand in row 1.
fn moved(error: IngestError, heading_row: u32) -> IngestError {
    match error {
        IngestError::File(problem) => FileProblem { row: problem.row.map(|_| heading_row), ..problem }.into(),
        error @ IngestError::Io(_) => error,
    }
}
