//! The ledger of scheduled work, as the doors see it.

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::Workspace;
use super::speaking::tells_of_members;
use crate::domain::layout::FileKind;
use crate::store::ImportRecord;

pub use crate::store::{JobFile, JobRun, JobState};

/// All rows by job and period.
///
/// # Errors
/// When the store cannot be read.
pub async fn runs(workspace: &Workspace) -> Result<Vec<JobRun>> {
    Ok(workspace.store.job_runs().await?)
}

/// Makes the row of a period unless it is there, and says whether it was made.
///
/// # Errors
/// When the store cannot be written.
pub async fn add(workspace: &Workspace, job: &str, period: &str, scheduled_at: DateTime<Utc>) -> Result<bool> {
    Ok(workspace.store.add_job_run(job, period, scheduled_at).await?)
}

/// Claims a period that is not done. The caller holds the write lock, so that a row still `running` was left
/// behind by a process that died.
///
/// # Errors
/// When the store cannot be written.
pub async fn claim(workspace: &Workspace, run: &JobRun) -> Result<bool> {
    Ok(workspace.store.claim_job_run(&run.job, &run.period, workspace.clock.now()).await?)
}

/// Records why a period is not done yet.
///
/// # Errors
/// When the store cannot be written.
pub async fn hold(workspace: &Workspace, run: &JobRun, state: JobState, note: &str) -> Result<()> {
    Ok(workspace.store.hold_job_run(&run.job, &run.period, state, note).await?)
}

/// Marks a period as done together with its files, which are in place.
///
/// # Errors
/// When the store cannot be written.
pub async fn finish(workspace: &Workspace, run: &JobRun, files: &[JobFile]) -> Result<()> {
    Ok(workspace.store.finish_job_run(&run.job, &run.period, workspace.clock.now(), files).await?)
}

/// Days of all member exports that stand, ascending.
///
/// # Errors
/// When the store cannot be read.
pub async fn export_days(workspace: &Workspace) -> Result<Vec<NaiveDate>> {
    days_of(workspace, |import| import.kind == FileKind::Members && import.stands()).await
}

/// Days of all files that stand and have a say about members: exports, applications, adjustments; ascending.
///
/// # Errors
/// When the store cannot be read.
pub async fn telling_days(workspace: &Workspace) -> Result<Vec<NaiveDate>> {
    days_of(workspace, tells_of_members).await
}

async fn days_of(workspace: &Workspace, keep: impl Fn(&ImportRecord) -> bool) -> Result<Vec<NaiveDate>> {
    let imports = workspace.store.imports().await?;
    let mut days: Vec<NaiveDate> = imports.iter().filter(|import| keep(import)).map(|import| import.known_on).collect();
    days.sort_unstable();
    days.dedup();
    Ok(days)
}
