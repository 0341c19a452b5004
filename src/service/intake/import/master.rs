//! Taking in the association master.

use anyhow::{Context, Result};

use super::summary::{ImportStatus, ImportSummary};
use super::{ImportOptions, ImportProgress, Inspected};
use crate::domain::association::Associations;
use crate::domain::problem::Problem;
use crate::error::Failure;
use crate::ingest::master::{ReadMaster, read_master};
use crate::service::keep::Workspace;
use crate::store::NewImport;

pub(super) async fn import(
    workspace: &Workspace,
    file: &Inspected<'_>,
    new: &mut NewImport,
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<ImportSummary> {
    let known = workspace.store.associations().await?;
    let ReadMaster { rows, skipped } = read_master(&file.path, &file.scan, &file.columns, &known)
        .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    new.n_rows = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    progress.rows_read(new.n_rows);
    let checked = Associations::new(rows.clone())
        .map_err(|error| Failure::input(Problem::MasterInvalid, &file.file_name, error.to_string()))?;
    if checked.national().is_none() {
        return Err(Failure::input(Problem::MasterInvalid, &file.file_name, "日本医師会 (JMA)").into());
    }
    let lost: Vec<String> = workspace
        .store
        .association_codes_in_use()
        .await?
        .into_iter()
        .filter(|code| checked.by_code(code).is_none())
        .collect();
    if !lost.is_empty() {
        return Err(Failure::input(Problem::MasterLosesBody, &file.file_name, lost.join("、")).into());
    }
    let status = if options.dry_run { ImportStatus::DryRun } else { ImportStatus::Stored };
    let mut summary = ImportSummary::new(file, new, status);
    for (row, problem) in skipped {
        summary.note(problem, Some(row), None);
    }
    if !options.dry_run {
        progress.storing();
        workspace.store.store_master(new, &rows).await.context("storing the master")?;
    }
    Ok(summary)
}
