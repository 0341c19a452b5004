//! Which column of a file would become what, for people who set up a layout. Reads headings, and where that is asked for a few of
//! the values below them.

use std::path::Path;

use csv::StringRecord;

use super::columns::most_like;
use super::file_problem::{FileProblem, IngestError};
use super::fit::fit_file;
use super::masking::KnownHeadings;
use super::normalise::{bare, fold};
use super::rows::Rows;
use super::scan::{Form, Scan};
use crate::domain::layout::Layout;
use crate::domain::layout_report::{FieldPlace, IgnoredColumn, LayoutReport, UnreadColumn};
use crate::domain::problem::column_letters;

/// Values of a column that are shown, and letters of one.
const MOST_VALUES: usize = 3;
const MOST_LETTERS: usize = 30;

/// Rows that are looked through for them.
const MOST_ROWS: usize = 500;

/// Lays a file beside the layout that it fits, or else comes closest to, and says why it would be refused.
///
/// # Errors
/// [`IngestError`] when the file has no headings that can be read.
pub fn describe(
    path: &Path,
    scan: &mut Scan,
    layouts: &[Layout],
    named: Option<&str>,
) -> Result<(LayoutReport, Option<FileProblem>), IngestError> {
    let (fitting, problem) = match fit_file(path, scan, layouts, named) {
        Ok((layout, _)) => (Some(layout), None),
        Err(IngestError::File(problem)) => (None, Some(problem)),
        Err(error @ IngestError::Io(_)) => return Err(error),
    };
    let headings = headings(path, scan)?;
    let Some(layout) = fitting.or_else(|| most_like(&headings, layouts, named)) else {
        return Err(problem.map_or_else(|| std::io::Error::other("no layout").into(), IngestError::from));
    };
    Ok((report(layout, &headings, &KnownHeadings::of(layouts)), problem))
}

fn headings(path: &Path, scan: &Scan) -> Result<StringRecord, IngestError> {
    match &scan.form {
        Form::Workbook { sheets, chosen } => {
            Ok(sheets.get(*chosen).map(|sheet| sheet.headings.clone()).unwrap_or_default())
        }
        Form::Text(_) => Ok(Rows::open(path, scan)?.headings().clone()),
    }
}

fn report(layout: &Layout, headings: &StringRecord, known: &KnownHeadings) -> LayoutReport {
    let keys: Vec<String> = headings.iter().map(fold).collect();
    let mut used = vec![false; keys.len()];
    let mut fields: Vec<(Option<usize>, FieldPlace)> = layout
        .fields
        .iter()
        .map(|(field, accepted)| {
            let names: Vec<String> = accepted.headings.iter().map(|heading| fold(heading)).collect();
            let at = keys.iter().position(|key| names.contains(key));
            for (i, key) in keys.iter().enumerate() {
                used[i] |= names.contains(key);
            }
            let place = FieldPlace {
                field: *field,
                heading: at.and_then(|at| headings.get(at)).map(str::to_string),
                column: at.map(column_letters),
                accepted: accepted.headings.clone(),
                is_required: accepted.required,
            };
            (at, place)
        })
        .collect();
    fields.sort_by_key(|(at, _)| at.unwrap_or(usize::MAX));
    let shown = known.shown_of(headings);
    let ignored = shown.into_iter().enumerate().filter(|(i, heading)| !used[*i] && !heading.trim().is_empty());
    LayoutReport {
        layout: layout.name.clone(),
        kind: layout.kind,
        ignored: ignored.map(|(i, heading)| IgnoredColumn { column: column_letters(i), heading }).collect(),
        fields: fields.into_iter().map(|(_, place)| place).collect(),
    }
}

/// The columns that [`describe`] has found to carry no field and whose heading is one, with some of their values from the first rows.
/// `scan` is the one that it was given.
///
/// # Errors
/// [`IngestError`] when the file has no headings that can be read.
pub fn unread_columns(path: &Path, scan: &Scan, report: &LayoutReport) -> Result<Vec<UnreadColumn>, IngestError> {
    let mut rows = Rows::open(path, scan)?;
    let is_told = |at: usize, heading: &str| {
        report.ignored.iter().any(|one| one.column == column_letters(at) && one.heading == heading)
    };
    let named = rows.headings().iter().enumerate().filter(|(at, heading)| is_told(*at, heading));
    let mut out: Vec<(usize, UnreadColumn)> = named
        .map(|(at, heading)| {
            (at, UnreadColumn { column: column_letters(at), heading: heading.to_string(), values: Vec::new() })
        })
        .collect();
    let mut row = StringRecord::new();
    for _ in 0..MOST_ROWS {
        // Rows that cannot be read are told of when the file is taken in.
        if !rows.next_row(&mut row).is_ok_and(|row| row.is_some()) {
            break;
        }
        for (at, column) in &mut out {
            let value: String = bare(row.get(*at).unwrap_or_default()).chars().take(MOST_LETTERS).collect();
            if column.values.len() < MOST_VALUES && !value.is_empty() && !column.values.contains(&value) {
                column.values.push(value);
            }
        }
        if out.iter().all(|(_, column)| column.values.len() == MOST_VALUES) {
            break;
        }
    }
    Ok(out.into_iter().map(|(_, column)| column).collect())
}
