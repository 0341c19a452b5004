//! Headings that have changed (見出しの変更): the columns that nobody reads, the fields that they might be, and what somebody says
//! they are. What is said becomes a layout of the office, so that the next file is read as well.

use std::collections::BTreeSet;

use anyhow::Result;

use super::given::Given;
use super::report::{FreeField, UnknownHeadings};
use crate::domain::layout_report::{LayoutReport, UnreadColumn};
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::keep::definition_files::{Settings, add_headings, field_code};

/// What is to be said of a file; nothing where nothing is lacking, or more than there are columns to choose from: that is another kind
/// of file.
pub(super) fn unknown_headings(report: &LayoutReport, columns: Vec<UnreadColumn>) -> Option<UnknownHeadings> {
    let free = report.fields.iter().filter(|place| place.heading.is_none());
    let mut fields: Vec<FreeField> = free
        .map(|place| FreeField {
            code: field_code(place.field),
            label: place.accepted.first().cloned().unwrap_or_default(),
            is_required: place.is_required,
        })
        .collect();
    fields.sort_by_key(|field| !field.is_required);
    let n_required = fields.iter().filter(|field| field.is_required).count();
    (1..=columns.len()).contains(&n_required).then(|| UnknownHeadings {
        layout: report.layout.clone(),
        columns,
        fields,
    })
}

/// What somebody says of columns: the number of each among those that nobody reads, and the machine name of its field.
pub type SaidOfColumns = Vec<(usize, String)>;

/// Checks what somebody says of the columns of a file.
///
/// # Errors
/// [`Failure`] WEB-055 where nothing is said, WEB-056 where two columns would be one field, WEB-026 where there is no such column or
/// field.
pub fn check_headings(given: &Given, nth: usize, said: &[(usize, String)]) -> Result<()> {
    let asked = asked(given, nth)?;
    let mut fields = BTreeSet::new();
    for (column, code) in said {
        let field = asked.fields.iter().find(|field| field.code == *code);
        let (Some(_), Some(field)) = (asked.columns.get(*column), field) else {
            return Err(Failure::usage("WEB-026", "").into());
        };
        if !fields.insert(&field.code) {
            return Err(Failure::usage("WEB-056", &field.label).into());
        }
    }
    if said.is_empty() {
        return Err(Failure::usage("WEB-055", "").into());
    }
    Ok(())
}

fn asked(given: &Given, nth: usize) -> Result<&UnknownHeadings> {
    let report = given.files.get(nth).and_then(|file| file.report.as_ref());
    Ok(report.and_then(|report| report.headings.as_ref()).ok_or_else(|| Failure::usage("WEB-026", ""))?)
}

/// Adds the headings of a file to the layout that it comes closest to, and notes that beside the file. Only definitions that are
/// opened from now on know them. Whether the folder of definitions was named in the settings for it.
///
/// # Errors
/// As [`check_headings`]; ENV-001 while something else is written; as [`add_headings`].
pub async fn add_known_headings(
    workspace: &Workspace,
    settings: Settings<'_>,
    (id, login, nth): (&str, &str, usize),
    said: &[(usize, String)],
) -> Result<bool> {
    // Two who add at once would each write the layout without the heading of the other.
    let _lock = workspace.lock_for_writing().await?;
    let mut given = Given::open(workspace.folder(), id, login)?;
    check_headings(&given, nth, said)?;
    let asked = asked(&given, nth)?;
    let heading = |column: usize| asked.columns.get(column).map_or("", |column| column.heading.trim());
    let pairs: Vec<String> = said.iter().map(|(column, code)| format!("{code}={}", heading(*column))).collect();
    let written = add_headings(settings, Some(&asked.layout), &pairs)?;
    let label = |code: &str| asked.fields.iter().find(|field| field.code == code).map_or("", |field| &field.label);
    let mut told: Vec<String> =
        said.iter().map(|(column, code)| format!("「{}」を「{}」として読む", heading(*column), label(code))).collect();
    if written.settings.is_some() {
        told.push("受け取り口のファイルは、サーバーの kaiin serve を起動し直してから、この読み方になる".into());
    }
    given.files[nth].read_as.extend(told);
    given.save()?;
    Ok(written.settings.is_some())
}
