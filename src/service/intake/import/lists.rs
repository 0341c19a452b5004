//! The workbook for the office (取込結果) as part of an import: written, missed, and made once more.

use std::path::Path;

use super::inspected::Inspected;
use super::options::ImportOptions;
use super::tally::summarise;
use crate::domain::layout::FileKind;
use crate::error::{Failure, FailureKind};
use crate::ingest::RowTally;
use crate::ingest::adjustments::read_adjustments;
use crate::ingest::applications::read_applications;
use crate::ingest::members::read_members;
use crate::service::intake::error_workbook::{workbook_path, write_error_workbook};
use crate::service::intake::import::summary::ImportSummary;
use crate::service::keep::Workspace;
use crate::store::NewImport;

/// Folder of the workbooks in the data folder.
pub(in crate::service) const FOLDER: &str = "rejects";

/// Writes the workbook, unless the file is only tried. The import does not depend on it: the rows are in the file of the
/// office. Where it cannot be written the report of the import says so.
pub(super) fn write_list(
    workspace: &Workspace,
    file: &Inspected<'_>,
    tally: &RowTally,
    options: &ImportOptions,
    summary: &mut ImportSummary,
) {
    if options.dry_run || options.is_trial {
        return;
    }
    let folder = workspace.folder().join(FOLDER);
    let place = (folder.as_path(), workspace.readers());
    match write_error_workbook(&file.path, &file.scan, summary, (&tally.rejects, &tally.warnings), place) {
        Ok(target) => summary.rejects_file = target.map(|target| target.display().to_string()),
        Err(error) => {
            tracing::debug!(error = format!("{error:#}"), "the workbook of the import could not be written");
            let failure = Failure::of(&error);
            let path = workbook_path(summary, Path::new(FOLDER)).display().to_string();
            summary.list_missed = Some([path, format!("{} {}", failure.code, failure.detail)]);
        }
    }
}

/// Says of a stored file that its workbook could not be written, and how to get it.
pub(super) fn tell_missed(workspace: &Workspace, summary: &ImportSummary) {
    if let Some([path, why]) = &summary.list_missed {
        workspace.notice(Failure::new(FailureKind::Environment, "ENV-025", format!("{path}: {why}")));
    }
}

/// Makes the workbook of a file that was taken in before, where it is not there: it could not be written then, or somebody
/// removed it. A file that can no longer be read so costs the workbook alone.
pub(super) async fn write_again(
    workspace: &Workspace,
    file: &Inspected<'_>,
    new: &NewImport,
    options: &ImportOptions,
    summary: &mut ImportSummary,
) {
    if options.dry_run || options.is_trial || workbook_path(summary, &workspace.folder().join(FOLDER)).exists() {
        return;
    }
    let Ok(Some(tally)) = tally_of(workspace, file).await else { return };
    let mut told = summarise(file, &mut new.clone(), &tally, options);
    write_list(workspace, file, &tally, options, &mut told);
    summary.rejects_file = told.rejects_file;
    summary.list_missed = told.list_missed;
}

/// What is wrong with the rows of a file; `None` for one that is taken in as a whole or not at all.
pub(super) async fn tally_of(workspace: &Workspace, file: &Inspected<'_>) -> anyhow::Result<Option<RowTally>> {
    let bodies = workspace.store.associations().await?;
    let (words, day) = (&workspace.vocabulary, file.known_on);
    let (path, scan, columns) = (&file.path, &file.scan, &file.columns);
    let failed = |error| Failure::from_ingest(error, &file.file_name);
    Ok(match file.layout.kind {
        FileKind::Associations => None,
        FileKind::Members => {
            Some(read_members(path, scan, columns, &bodies, words, day, &|_| ()).map_err(failed)?.tally)
        }
        FileKind::Applications => {
            Some(read_applications(path, scan, columns, &bodies, words, day).map_err(failed)?.tally)
        }
        FileKind::Adjustments => {
            Some(read_adjustments(path, scan, columns, &bodies, words, day).map_err(failed)?.tally)
        }
    })
}
