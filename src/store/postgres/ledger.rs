//! The ledger of scheduled work.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::PostgresStore;
use crate::store::codes::count;
use crate::store::{JobFile, JobRun, JobState, StoreError};

#[derive(FromRow)]
struct RunRow {
    job: String,
    period: String,
    scheduled_at: DateTime<Utc>,
    state: String,
    attempts: i64,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    note: String,
}

impl TryFrom<RunRow> for JobRun {
    type Error = StoreError;

    fn try_from(row: RunRow) -> Result<Self, StoreError> {
        Ok(Self {
            scheduled_at: row.scheduled_at,
            state: JobState::from_code(&row.state).ok_or(StoreError::Corrupt("job state"))?,
            started_at: row.started_at,
            finished_at: row.finished_at,
            job: row.job,
            period: row.period,
            attempts: count(row.attempts)?,
            note: row.note,
        })
    }
}

impl PostgresStore {
    /// All rows of the ledger by job and period.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_runs(&self) -> Result<Vec<JobRun>, StoreError> {
        let rows: Vec<RunRow> = sqlx::query_as(
            "SELECT job, period, scheduled_at, state, attempts, started_at, finished_at, note
             FROM job_run ORDER BY job, period",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Makes the row of a period unless it is there, and says whether it was made.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn add_job_run(&self, job: &str, period: &str, scheduled_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let made = sqlx::query(
            "INSERT INTO job_run (job, period, scheduled_at, state, attempts, note)
             VALUES ($1, $2, $3, 'due', 0, '') ON CONFLICT DO NOTHING",
        )
        .bind(job)
        .bind(period)
        .bind(scheduled_at)
        .execute(&self.pool)
        .await?;
        Ok(made.rows_affected() == 1)
    }

    /// Claims a period that is not done, and says whether it was claimed.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn claim_job_run(&self, job: &str, period: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let claimed = sqlx::query(
            "UPDATE job_run SET state = 'running', attempts = attempts + 1, started_at = $3, note = ''
             WHERE job = $1 AND period = $2 AND state <> 'done'",
        )
        .bind(job)
        .bind(period)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(claimed.rows_affected() == 1)
    }

    /// Records why a period is not done yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn hold_job_run(&self, job: &str, period: &str, state: JobState, note: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE job_run SET state = $3, note = $4 WHERE job = $1 AND period = $2 AND state <> 'done'")
            .bind(job)
            .bind(period)
            .bind(state.code())
            .bind(note)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Marks a period as done together with its files, which are already in place.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; the period is not done then.
    pub async fn finish_job_run(
        &self,
        job: &str,
        period: &str,
        now: DateTime<Utc>,
        files: &[JobFile],
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for file in files {
            sqlx::query(
                "INSERT INTO job_file (job, period, name, sha256) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (job, period, name) DO UPDATE SET sha256 = excluded.sha256",
            )
            .bind(job)
            .bind(period)
            .bind(&file.name)
            .bind(&file.sha256)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query("UPDATE job_run SET state = 'done', finished_at = $3 WHERE job = $1 AND period = $2")
            .bind(job)
            .bind(period)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
