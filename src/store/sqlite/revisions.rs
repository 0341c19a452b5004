//! Months whose papers say something else by now.

use sqlx::FromRow;

use super::SqliteStore;
use crate::store::{JobRevision, StoreError};

#[derive(FromRow)]
struct RevisionRow {
    job: String,
    period: String,
    version: u32,
    noted_at: String,
    cause: String,
    papers: String,
}

impl TryFrom<RevisionRow> for JobRevision {
    type Error = StoreError;

    fn try_from(row: RevisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            noted_at: row.noted_at.parse().map_err(|_| StoreError::Corrupt("instant"))?,
            papers: row.papers.lines().map(str::to_string).collect(),
            job: row.job,
            period: row.period,
            version: row.version,
            cause: row.cause,
        })
    }
}

impl SqliteStore {
    /// All of them by job, period and version.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_revisions(&self) -> Result<Vec<JobRevision>, StoreError> {
        let rows: Vec<RevisionRow> = sqlx::query_as(
            "SELECT job, period, version, noted_at, cause, papers FROM job_revision ORDER BY job, period, version",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Notes one, in place of what was noted of the version before.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn note_job_revision(&self, revision: &JobRevision) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO job_revision (job, period, version, noted_at, cause, papers) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (job, period, version)
             DO UPDATE SET noted_at = excluded.noted_at, cause = excluded.cause, papers = excluded.papers",
        )
        .bind(&revision.job)
        .bind(&revision.period)
        .bind(revision.version)
        .bind(revision.noted_at.to_rfc3339())
        .bind(&revision.cause)
        .bind(revision.papers.join("\n"))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
