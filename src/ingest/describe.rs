//! Which column of a file would become what, for people who set up a layout. Reads headings only.

use std::path::Path;

use csv::StringRecord;
use serde::Serialize;

use super::columns::most_like;
use super::file_problem::{FileProblem, IngestError};
use super::fit::fit_file;
use super::masking::KnownHeadings;
use super::normalise::fold;
use super::rows::Rows;
use super::scan::{Form, Scan};
use crate::domain::layout::{Field, FileKind, Layout};
use crate::domain::problem::column_letters;

/// What becomes of one field of a layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldPlace {
    /// The field.
    pub field: Field,
    /// Heading of the column that carries it; `None` when no column does.
    pub heading: Option<String>,
    /// Its letter as Excel shows it.
    pub column: Option<String>,
    /// Accepted headings, the preferred one first.
    pub accepted: Vec<String>,
    /// Whether a file without it is refused.
    pub is_required: bool,
}

/// A column that no field names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IgnoredColumn {
    /// Letter as Excel shows it.
    pub column: String,
    /// Heading; of what may be no heading but a person, kind and length.
    pub heading: String,
}

/// How a file meets the layout that it fits, or comes closest to.
#[derive(Debug, Serialize)]
pub struct LayoutReport {
    /// Name of the layout.
    pub layout: String,
    /// Kind of file it describes.
    pub kind: FileKind,
    /// Fields in the order of the columns; those without one come last.
    pub fields: Vec<FieldPlace>,
    /// Columns without a field, in file order.
    pub ignored: Vec<IgnoredColumn>,
    /// Why the file would be refused; `None` when it fits.
    #[serde(skip)]
    pub problem: Option<FileProblem>,
}

/// Lays a file beside the layout that it fits, or else comes closest to.
///
/// # Errors
/// [`IngestError`] when the file has no headings that can be read.
pub fn describe(
    path: &Path,
    scan: &mut Scan,
    layouts: &[Layout],
    named: Option<&str>,
) -> Result<LayoutReport, IngestError> {
    let (fitting, problem) = match fit_file(path, scan, layouts, named) {
        Ok((layout, _)) => (Some(layout), None),
        Err(IngestError::File(problem)) => (None, Some(problem)),
        Err(error @ IngestError::Io(_)) => return Err(error),
    };
    let headings = headings(path, scan)?;
    let Some(layout) = fitting.or_else(|| most_like(&headings, layouts, named)) else {
        return Err(problem.map_or_else(|| std::io::Error::other("no layout").into(), IngestError::from));
    };
    Ok(report(layout, &headings, &KnownHeadings::of(layouts), problem))
}

fn headings(path: &Path, scan: &Scan) -> Result<StringRecord, IngestError> {
    match &scan.form {
        Form::Workbook { sheets, chosen } => {
            Ok(sheets.get(*chosen).map(|sheet| sheet.headings.clone()).unwrap_or_default())
        }
        Form::Text(_) => Ok(Rows::open(path, scan)?.headings().clone()),
    }
}

fn report(
    layout: &Layout,
    headings: &StringRecord,
    known: &KnownHeadings,
    problem: Option<FileProblem>,
) -> LayoutReport {
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
        problem,
    }
}
