//! A file after its first reading: which layout it fits, and of which day and source it is.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::NaiveDate;

use super::export_day;
use super::options::ImportOptions;
use crate::domain::layout::Layout;
use crate::domain::layout_report::{LayoutReport, UnreadColumn};
use crate::error::Failure;
use crate::ingest::scan::{Scan, scan};
use crate::ingest::{Columns, describe, fit_file, unread_columns};
use crate::service::keep::Workspace;
use crate::service::keep::head::{head_of, next_head, sha256_of};
use crate::store::{ImportRecord, NewImport};

/// A file after its first reading.
pub(super) struct Inspected<'l> {
    pub(super) path: PathBuf,
    pub(super) file_name: String,
    pub(super) scan: Scan,
    pub(super) layout: &'l Layout,
    pub(super) columns: Columns,
    pub(super) known_on: NaiveDate,
}

/// The name of a file as it is told and kept: what would move a cursor or turn letters around is none of it.
pub fn name_of(path: &Path) -> String {
    let is_unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.chars().map(|c| if is_unseen(c) { '_' } else { c }).collect()
}

/// Lays a file beside the layout that it fits, or comes closest to, and says why it would be refused; nothing is stored.
///
/// # Errors
/// [`Failure`] when the file cannot be read, or has no headings.
pub fn explain_layout(
    workspace: &Workspace,
    path: &Path,
    layout: Option<&str>,
) -> Result<(LayoutReport, Option<Failure>)> {
    let (report, problem, _) = described(workspace, path, layout)?;
    Ok((report, problem))
}

/// As [`explain_layout`], with the columns that carry no field and some of their values.
///
/// # Errors
/// [`Failure`] when the file cannot be read, or has no headings.
pub fn explain_columns(workspace: &Workspace, path: &Path) -> Result<(LayoutReport, Vec<UnreadColumn>)> {
    let (report, _, scan) = described(workspace, path, None)?;
    let columns = unread_columns(path, &scan, &report).map_err(|error| Failure::from_ingest(error, &name_of(path)))?;
    Ok((report, columns))
}

fn described(
    workspace: &Workspace,
    path: &Path,
    layout: Option<&str>,
) -> Result<(LayoutReport, Option<Failure>, Scan)> {
    let file_name = name_of(path);
    let failed = |error| Failure::from_ingest(error, &file_name);
    let mut scan = scan(path).map_err(failed)?;
    let (report, problem) = describe(path, &mut scan, &workspace.layouts, layout).map_err(failed)?;
    Ok((report, problem.map(|problem| failed(problem.into())), scan))
}

pub(super) fn inspect<'l>(workspace: &'l Workspace, path: &Path, options: &ImportOptions) -> Result<Inspected<'l>> {
    let file_name = name_of(path);
    let failed = |error| Failure::from_ingest(error, &file_name);
    if path.is_dir() {
        let file = if file_name.is_empty() { path.display().to_string() } else { file_name };
        return Err(Failure { file: Some(file), ..Failure::usage("ENV-010", "") }.into());
    }
    let mut scan = scan(path).map_err(failed)?;
    let (layout, columns) = fit_file(path, &mut scan, &workspace.layouts, options.layout.as_deref()).map_err(failed)?;
    let known_on = export_day::of(workspace, path, layout.kind, options.known_at)?;
    Ok(Inspected { path: path.to_path_buf(), file_name, scan, layout, columns, known_on })
}

pub(super) fn source_of(file: &Inspected<'_>, options: &ImportOptions) -> String {
    options.source.clone().unwrap_or_else(|| file.layout.kind.code().to_string())
}

pub(super) fn new_import(
    workspace: &Workspace,
    file: &Inspected<'_>,
    source_name: String,
    imports: &[ImportRecord],
) -> NewImport {
    let vocabulary = &workspace.vocabulary;
    let schemes = (!vocabulary.schemes.source.is_empty()).then_some(vocabulary.schemes.source.as_str());
    let definitions: Vec<&str> = [file.layout.source.as_str(), &vocabulary.source].into_iter().chain(schemes).collect();
    let definitions_sha256 = sha256_of(&definitions);
    let head = next_head(
        &head_of(imports),
        &[file.layout.kind.code(), &source_name, &file.known_on.to_string(), &file.scan.sha256, &definitions_sha256],
    );
    NewImport {
        follows: Some(head_of(imports)),
        kind: file.layout.kind,
        source_name,
        known_on: file.known_on,
        file_name: file.file_name.clone(),
        sha256: file.scan.sha256.clone(),
        size_bytes: file.scan.size_bytes,
        encoding: file.scan.label().to_string(),
        layout: file.layout.name.clone(),
        definitions_sha256,
        ended_rows_kept_days: file.layout.ended_rows_kept_days,
        imported_at: workspace.clock.now(),
        n_rows: 0,
        n_rejected: 0,
        n_rejected_active: 0,
        accepted_drop_reason: None,
        head,
        problems: Vec::new(),
    }
}
