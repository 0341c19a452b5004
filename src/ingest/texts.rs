//! Every text of a table file, wherever it stands: for whoever must know what a file says, not what it means.

use std::path::Path;

use super::decode::whole_text;
use super::file_problem::{FileProblem, IngestError};
use super::workbook::whole_sheets;
use crate::domain::problem::Problem;
use crate::input;

/// The texts of all cells of a CSV or of a workbook; empty ones are left out.
///
/// # Errors
/// [`FileProblem`] when the file is neither, or a workbook with hidden sheets, of which nobody sees what they say;
/// [`IngestError::Io`] when reading fails.
pub fn texts_of(path: &Path) -> Result<Vec<String>, IngestError> {
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx")) {
        let workbook = whole_sheets(path)?;
        if let Some(hidden) = workbook.hidden.first() {
            return Err(FileProblem::of_file(Problem::SheetMissing, hidden.as_str()).into());
        }
        let cells = workbook.sheets.into_iter().flat_map(|sheet| sheet.cells);
        return Ok(cells.filter_map(|(_, _, text)| text.ok()).filter(|text| !text.is_empty()).collect());
    }
    let text = whole_text(&input::read_whole(path)?);
    let text = text.ok_or_else(|| FileProblem::of_file(Problem::NotText, ""))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut out = Vec::new();
    for record in reader.records() {
        // What cannot be read is not passed over: nobody would know what it says.
        let record = record.map_err(|_| FileProblem::of_file(Problem::NotText, ""))?;
        out.extend(record.iter().filter(|cell| !cell.is_empty()).map(str::to_string));
    }
    Ok(out)
}
