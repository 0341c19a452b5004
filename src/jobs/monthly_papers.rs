//! The month's work: a snapshot of its last day and the reports of the settings.
//!
//! Everything follows from (as-of, known-at) and the exports up to known-at, so a late run writes the same bytes
//! as a punctual one (R19).

use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::AsOf;
use crate::service::Workspace;
use crate::service::export::remove_leftovers;
use crate::service::ledger::JobFile;
use crate::service::papers::{self, Area, PaperFormat, PaperRequest, Variant};
use crate::service::query::Knowledge;
use crate::service::snapshot;

/// Writes the files of a month and returns them with their hashes.
pub(super) async fn run(
    workspace: &Workspace,
    period: &str,
    as_of: NaiveDate,
    known_at: NaiveDate,
) -> Result<Vec<JobFile>> {
    let out = workspace.folder().join(&workspace.config.jobs.papers).join(period);
    remove_leftovers(&out)?;
    remove_leftovers(&workspace.folder().join("snapshots"))?;
    let knowledge = Knowledge::open(workspace, Some(known_at)).await?;
    let (_, mut written) = snapshot::take(workspace, &knowledge, AsOf(as_of)).context("taking the snapshot")?;
    for name in &workspace.config.jobs.reports {
        let request = PaperRequest {
            name: name.clone(),
            as_of: AsOf(as_of),
            known_at: Some(known_at),
            issued_on: None,
            variant: Variant::Internal,
            area: Area::All,
            draft: false,
        };
        let (document, knowledge) = papers::build(workspace, &request).await.with_context(|| name.clone())?;
        let formats = [PaperFormat::Pdf, PaperFormat::Csv];
        let published =
            papers::publish(&document, &knowledge, &request, &formats, &out).with_context(|| name.clone())?;
        written.extend(published.files);
    }
    written.iter().map(|path| job_file(workspace, path)).collect()
}

fn job_file(workspace: &Workspace, path: &Path) -> Result<JobFile> {
    let name = path.strip_prefix(workspace.folder()).unwrap_or(path).to_string_lossy().replace('\\', "/");
    Ok(JobFile { name, sha256: snapshot::sha256_of_file(path)? })
}
