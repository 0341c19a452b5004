//! Months whose papers say something else by now.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::PostgresStore;
use crate::store::{JobRevision, StoreError};

#[derive(FromRow)]
struct RevisionRow {
    job: String,
    period: String,
    version: i64,
    noted_at: DateTime<Utc>,
    cause: String,
    papers: String,
}

impl TryFrom<RevisionRow> for JobRevision {
    type Error = StoreError;

    fn try_from(row: RevisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            version: u32::try_from(row.version).map_err(|_| StoreError::Corrupt("version"))?,
            papers: row.papers.lines().map(str::to_string).collect(),
            job: row.job,
            period: row.period,
            noted_at: row.noted_at,
            cause: row.cause,
        })
    }
}

impl PostgresStore {
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
        .bind(i64::from(revision.version))
        .bind(revision.noted_at)
        .bind(&revision.cause)
        .bind(revision.papers.join("\n"))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
