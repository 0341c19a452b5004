//! Small tables of the office, read by their headings: for whoever knows what the columns mean.

use std::path::Path;

use csv::StringRecord;

use super::file_problem::{FileProblem, IngestError};
use super::normalise::fold;
use super::rows::Rows;
use super::scan::scan;
use crate::domain::class_scheme::spelling_key;
use crate::domain::problem::{Problem, column_letters};

/// A table whose cells stand in the order in which they were asked for.
#[derive(Debug)]
pub struct HeadedTable {
    /// Letter of each column as Excel shows it; `None` for one that is not there.
    pub columns: Vec<Option<String>>,
    /// Rows below the headings.
    pub rows: Vec<HeadedRow>,
    /// Rows with more cells than the headings, and the last one where it has fewer: whose cells they are is not known. None of
    /// them is among the others.
    pub ragged: Vec<FileProblem>,
}

/// A row of a table.
#[derive(Debug)]
pub struct HeadedRow {
    /// Its number as Excel shows it.
    pub number: u32,
    /// Its cells without spaces around them; empty for a column that is not there.
    pub cells: Vec<String>,
    /// The same with small letters small and wide ones wide, as they are written.
    pub written: Vec<String>,
}

/// Reads a CSV or a workbook; each column is looked for under several headings. Other columns are left alone.
///
/// # Errors
/// As [`scan`] and [`Rows`], but for rows that are ragged.
pub fn read_by_heading(path: &Path, wanted: &[&[&str]]) -> Result<HeadedTable, IngestError> {
    let scanned = scan(path)?;
    let mut rows = Rows::open(path, &scanned)?;
    let places: Vec<Option<usize>> = wanted.iter().map(|words| place(rows.headings(), words)).collect();
    let columns = places.iter().map(|place| place.map(column_letters)).collect();
    let mut out = HeadedTable { columns, rows: Vec::new(), ragged: Vec::new() };
    let mut record = StringRecord::new();
    loop {
        let number = match rows.next_row(&mut record) {
            Ok(Some(number)) => number,
            Ok(None) => break,
            Err(IngestError::File(fault)) if fault.problem == Problem::Ragged && fault.row.is_some() => {
                // That the last row is short is known at the end.
                out.rows.pop_if(|row| Some(row.number) == fault.row);
                out.ragged.push(fault);
                continue;
            }
            Err(error) => return Err(error),
        };
        let cell = |place: &Option<usize>| place.and_then(|at| record.get(at)).unwrap_or_default().trim().to_string();
        let written: Vec<String> = places.iter().map(cell).collect();
        out.rows.push(HeadedRow { number, cells: written.iter().map(|text| fold(text)).collect(), written });
    }
    Ok(out)
}

/// Where one of some headings stands.
fn place(headings: &StringRecord, words: &[&str]) -> Option<usize> {
    headings.iter().position(|heading| words.iter().any(|word| spelling_key(word) == spelling_key(heading)))
}
