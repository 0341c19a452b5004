//! Rows of the ledger of scheduled work; the same of both stores.

use crate::domain::ledger::{JobPaper, JobRevision, JobRun, JobState, JobVersion, VersionKind};
use sqlx::FromRow;

use super::codes::count;
use super::error::StoreError;
use super::stored::{StoredDay, StoredInstant};

/// A row of `job_run`.
#[derive(FromRow)]
pub(super) struct RunRow {
    job: String,
    period: String,
    scheduled_at: StoredInstant,
    state: String,
    attempts: i64,
    started_at: Option<StoredInstant>,
    finished_at: Option<StoredInstant>,
    note: String,
}

impl TryFrom<RunRow> for JobRun {
    type Error = StoreError;

    fn try_from(row: RunRow) -> Result<Self, StoreError> {
        Ok(Self {
            scheduled_at: row.scheduled_at.get()?,
            state: JobState::from_code(&row.state).ok_or(StoreError::Corrupt("job state"))?,
            started_at: row.started_at.map(StoredInstant::get).transpose()?,
            finished_at: row.finished_at.map(StoredInstant::get).transpose()?,
            job: row.job,
            period: row.period,
            attempts: count(row.attempts)?,
            note: row.note,
        })
    }
}

/// A row of `job_version`, with the number of its files.
#[derive(FromRow)]
pub(super) struct VersionRow {
    job: String,
    period: String,
    version: i64,
    kind: String,
    known_at: Option<StoredDay>,
    head: String,
    folder: String,
    reason: String,
    started_at: StoredInstant,
    finished_at: Option<StoredInstant>,
    n_files: i64,
}

impl TryFrom<VersionRow> for JobVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: VersionKind::from_code(&row.kind).ok_or(StoreError::Corrupt("kind of version"))?,
            known_at: row.known_at.map(StoredDay::get).transpose()?,
            started_at: row.started_at.get()?,
            finished_at: row.finished_at.map(StoredInstant::get).transpose()?,
            job: row.job,
            period: row.period,
            version: count(row.version)?,
            head: row.head,
            folder: row.folder,
            reason: row.reason,
            n_files: count(row.n_files)?,
        })
    }
}

/// A row of `job_paper`.
#[derive(FromRow)]
pub(super) struct PaperRow {
    job: String,
    period: String,
    version: i64,
    report: String,
    code: String,
    detail: String,
}

impl TryFrom<PaperRow> for JobPaper {
    type Error = StoreError;

    fn try_from(row: PaperRow) -> Result<Self, StoreError> {
        let PaperRow { job, period, version, report, code, detail } = row;
        Ok(Self { job, period, version: count(version)?, report, code, detail })
    }
}

/// A row of `job_revision`.
#[derive(FromRow)]
pub(super) struct RevisionRow {
    job: String,
    period: String,
    version: i64,
    noted_at: StoredInstant,
    cause: String,
    papers: String,
}

impl TryFrom<RevisionRow> for JobRevision {
    type Error = StoreError;

    fn try_from(row: RevisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            noted_at: row.noted_at.get()?,
            papers: row.papers.lines().map(str::to_string).collect(),
            job: row.job,
            period: row.period,
            version: count(row.version)?,
            cause: row.cause,
        })
    }
}
