//! What a file is and what is to be mended in it, told without taking anything in: for pages, which show a file before somebody
//! decides about it.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::inspected::{inspect, new_import, source_of};
use super::lists::tally_of;
use super::options::ImportOptions;
use super::summary::{ImportStatus, ImportSummary};
use super::tally::summarise;
use crate::domain::layout::FileKind;
use crate::files::NewFolder;
use crate::files::names::name_of;
use crate::input;
use crate::service::intake::error_workbook::write_error_workbook;
use crate::service::keep::Workspace;

/// What a file is, by its headings and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatItIs {
    /// Kind of file.
    pub kind: FileKind,
    /// Export day.
    pub known_on: NaiveDate,
}

/// Says what a file is.
///
/// # Errors
/// [`crate::error::Failure`] where an import would refuse it before it reads the rows.
pub fn what_it_is(workspace: &Workspace, path: &Path, options: &ImportOptions) -> Result<WhatItIs> {
    let file = inspect(workspace, path, options)?;
    Ok(WhatItIs { kind: file.layout.kind, known_on: file.known_on })
}

/// What is wrong with the rows of a file, whether it would be taken in or not; `None` for one whose rows are not judged one by one.
///
/// # Errors
/// As [`what_it_is`]; when the rows cannot be read.
pub async fn rows_to_mend(
    workspace: &Workspace,
    path: &Path,
    options: &ImportOptions,
) -> Result<Option<ImportSummary>> {
    Ok(read(workspace, path, options, None).await?.map(|(summary, _)| summary))
}

/// The workbook of such rows with its name, as an import would write it; `None` where there is nothing to mend.
///
/// # Errors
/// As [`rows_to_mend`]; when the workbook cannot be made.
pub async fn workbook_to_mend(
    workspace: &Workspace,
    path: &Path,
    options: &ImportOptions,
) -> Result<Option<(String, Vec<u8>)>> {
    let folder = NewFolder::within(workspace.folder(), workspace.readers())?;
    Ok(read(workspace, path, options, Some(&folder)).await?.and_then(|(_, workbook)| workbook))
}

type Read = (ImportSummary, Option<(String, Vec<u8>)>);

async fn read(
    workspace: &Workspace,
    path: &Path,
    options: &ImportOptions,
    folder: Option<&NewFolder>,
) -> Result<Option<Read>> {
    let file = inspect(workspace, path, options)?;
    let Some(tally) = tally_of(workspace, &file).await? else { return Ok(None) };
    let imports = workspace.store.imports().await?;
    let mut new = new_import(workspace, &file, source_of(&file, options), &imports);
    let summary = ImportSummary { status: ImportStatus::DryRun, ..summarise(&file, &mut new, &tally, options) };
    let Some(folder) = folder else { return Ok(Some((summary, None))) };
    let (problems, place) = ((&*tally.rejects, &*tally.warnings), (folder.path(), workspace.readers()));
    let written = write_error_workbook(&file.path, &file.scan, &summary, problems, place)?;
    let workbook = match written {
        Some(path) => Some((name_of(&path), input::read_whole(&path).context("reading the workbook")?)),
        None => None,
    };
    Ok(Some((summary, workbook)))
}
