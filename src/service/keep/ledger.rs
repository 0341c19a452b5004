//! The ledger of scheduled work, as the doors see it.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::ledger::{JobPaper, JobRun, JobState, JobVersion};
use crate::service::keep::Workspace;
use crate::service::keep::current_exports;
use crate::store::Publication;

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

/// All versions of all periods by job, period and number.
///
/// # Errors
/// When the store cannot be read.
pub async fn versions(workspace: &Workspace) -> Result<Vec<JobVersion>> {
    Ok(workspace.store.job_versions().await?)
}

/// The papers of all versions by job, period, version and report.
///
/// # Errors
/// When the store cannot be read.
pub async fn papers(workspace: &Workspace) -> Result<Vec<JobPaper>> {
    Ok(workspace.store.job_papers().await?)
}

/// Gives a period that is not done another time; it is due again (R29).
///
/// # Errors
/// When the store cannot be written.
pub async fn reschedule(workspace: &Workspace, run: &JobRun) -> Result<()> {
    Ok(workspace.store.move_job_run(&run.job, &run.period, run.scheduled_at).await?)
}

/// Takes out the row of a period that was never started.
///
/// # Errors
/// When the store cannot be written.
pub async fn drop_run(workspace: &Workspace, run: &JobRun) -> Result<()> {
    Ok(workspace.store.drop_job_run(&run.job, &run.period).await?)
}

/// Claims a period for a version, and says whether it was claimed. The caller holds the write lock, so that a row still
/// `running` was left behind by a process that died.
///
/// # Errors
/// When the store cannot be written.
pub async fn start(workspace: &Workspace, version: &JobVersion) -> Result<bool> {
    Ok(workspace.store.start_job_version(version).await?)
}

/// Records that a paper could not be made.
///
/// # Errors
/// When the store cannot be written.
pub async fn record_missing(workspace: &Workspace, paper: &JobPaper) -> Result<()> {
    Ok(workspace.store.record_job_paper(paper, &[]).await?)
}

/// Begins to publish a paper of a head of the store: whoever may write keeps that right until it is committed or dropped.
///
/// # Errors
/// When another writer has taken over, another import was stored since, or the store cannot be written.
pub async fn begin_paper(workspace: &Workspace, head: &str) -> Result<Publication> {
    Ok(workspace.store.begin_paper(Some(head)).await?)
}

/// Records why a period is not done yet.
///
/// # Errors
/// When the store cannot be written.
pub async fn hold(workspace: &Workspace, run: &JobRun, state: JobState, note: &str) -> Result<()> {
    Ok(workspace.store.hold_job_run(&run.job, &run.period, state, note).await?)
}

/// Ends a version whose papers are recorded, and says what its period is now.
///
/// # Errors
/// When the store cannot be written.
pub async fn finish(workspace: &Workspace, version: &JobVersion, state: JobState, note: &str) -> Result<()> {
    Ok(workspace.store.finish_job_version(version, workspace.clock.now(), state, note).await?)
}

/// Claims a period of a job without versions, and says whether it was claimed: one that is done or passed over is not.
///
/// # Errors
/// When the store cannot be written.
pub async fn begin(workspace: &Workspace, run: &JobRun) -> Result<bool> {
    Ok(workspace.store.begin_job_run(&run.job, &run.period, workspace.clock.now()).await?)
}

/// Lets a period of a job without versions that was done or passed over be due again.
///
/// # Errors
/// When the store cannot be written.
pub async fn reopen(workspace: &Workspace, run: &JobRun) -> Result<()> {
    Ok(workspace.store.reopen_job_run(&run.job, &run.period).await?)
}

/// Says what a period of a job without versions is now, and why.
///
/// # Errors
/// When the store cannot be written.
pub async fn end(workspace: &Workspace, run: &JobRun, state: JobState, note: &str) -> Result<()> {
    Ok(workspace.store.end_job_run((&run.job, &run.period), (state, note), workspace.clock.now()).await?)
}

/// Days of all member exports that stand, ascending.
///
/// # Errors
/// When the store cannot be read.
pub async fn export_days(workspace: &Workspace) -> Result<Vec<NaiveDate>> {
    let imports = workspace.store.imports().await?;
    let days: BTreeSet<NaiveDate> = current_exports::export_days(&imports).iter().map(|export| export.day).collect();
    Ok(days.into_iter().collect())
}

/// Days of all files that stand and have a say about members: exports, applications, adjustments; ascending.
///
/// # Errors
/// When the store cannot be read.
pub async fn telling_days(workspace: &Workspace) -> Result<Vec<NaiveDate>> {
    Ok(current_exports::telling_days(&workspace.store.imports().await?))
}
