//! The ledger of scheduled work.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, Postgres, Transaction};

use super::PostgresStore;
use crate::store::codes::count;
use crate::store::{JobFile, JobPaper, JobRun, JobState, JobVersion, PaperHome, StoreError, VersionKind};

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

#[derive(FromRow)]
struct VersionRow {
    job: String,
    period: String,
    version: i64,
    kind: String,
    known_at: Option<NaiveDate>,
    head: String,
    folder: String,
    reason: String,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    n_files: i64,
}

#[derive(FromRow)]
struct PaperRow {
    job: String,
    period: String,
    version: i64,
    report: String,
    code: String,
    detail: String,
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

impl TryFrom<VersionRow> for JobVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: VersionKind::from_code(&row.kind).ok_or(StoreError::Corrupt("kind of version"))?,
            version: count(row.version)?,
            n_files: count(row.n_files)?,
            job: row.job,
            period: row.period,
            known_at: row.known_at,
            head: row.head,
            folder: row.folder,
            reason: row.reason,
            started_at: row.started_at,
            finished_at: row.finished_at,
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

    /// All versions by job, period and number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_versions(&self) -> Result<Vec<JobVersion>, StoreError> {
        let rows: Vec<VersionRow> = sqlx::query_as(
            "SELECT job, period, version, kind, known_at, head, folder, reason, started_at, finished_at,
                 (SELECT count(*) FROM job_file f
                  WHERE f.job = v.job AND f.period = v.period AND f.version = v.version) AS n_files
             FROM job_version v ORDER BY job, period, version",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The papers of all versions by job, period, version and report.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_papers(&self) -> Result<Vec<JobPaper>, StoreError> {
        let rows: Vec<PaperRow> = sqlx::query_as(
            "SELECT job, period, version, report, code, detail
             FROM job_paper ORDER BY job, period, version, report",
        )
        .fetch_all(&self.pool)
        .await?;
        let paper = |row: PaperRow| {
            Ok(JobPaper {
                version: count(row.version)?,
                job: row.job,
                period: row.period,
                report: row.report,
                code: row.code,
                detail: row.detail,
            })
        };
        rows.into_iter().map(paper).collect()
    }

    /// The files of all papers by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_files(&self) -> Result<Vec<JobFile>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT name, sha256 FROM job_file ORDER BY name, version").fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|(name, sha256)| JobFile { name, sha256 }).collect())
    }

    /// Makes the row of a period unless it is there, and says whether it was made.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn add_job_run(&self, job: &str, period: &str, scheduled_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let made = sqlx::query(
            "INSERT INTO job_run (job, period, scheduled_at, state, attempts, note)
             VALUES ($1, $2, $3, 'due', 0, '') ON CONFLICT DO NOTHING",
        )
        .bind(job)
        .bind(period)
        .bind(scheduled_at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(made.rows_affected() == 1)
    }

    /// Gives a period that is not done another time; it is due again.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn move_job_run(&self, job: &str, period: &str, scheduled_at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE job_run SET scheduled_at = $3, state = 'due', note = ''
             WHERE job = $1 AND period = $2 AND state <> 'done'",
        )
        .bind(job)
        .bind(period)
        .bind(scheduled_at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes out the row of a period that was never started.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn drop_job_run(&self, job: &str, period: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM job_run
             WHERE job = $1 AND period = $2 AND attempts = 0 AND state IN ('due', 'waiting')",
        )
        .bind(job)
        .bind(period)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records why a period is not done yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn hold_job_run(&self, job: &str, period: &str, state: JobState, note: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE job_run SET state = $3, note = $4 WHERE job = $1 AND period = $2 AND state <> 'done'")
            .bind(job)
            .bind(period)
            .bind(state.code())
            .bind(note)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Claims a period for a version that is made now, and says whether it was claimed: a period that is done is
    /// claimed only to be made again. What the version could not make before is forgotten; what it has made stays, unless it
    /// comes without files.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn start_job_version(&self, version: &JobVersion) -> Result<bool, StoreError> {
        let barred = if version.kind == VersionKind::Rerun { "" } else { JobState::Done.code() };
        let mut tx = self.begin().await?;
        let claimed = sqlx::query(
            "UPDATE job_run SET state = 'running', attempts = attempts + 1, started_at = $3, note = ''
             WHERE job = $1 AND period = $2 AND state <> $4",
        )
        .bind(&version.job)
        .bind(&version.period)
        .bind(version.started_at)
        .bind(barred)
        .execute(&mut *tx)
        .await?;
        if claimed.rows_affected() != 1 {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO job_version (job, period, version, kind, known_at, head, folder, reason, started_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (job, period, version) DO UPDATE SET
                 kind = excluded.kind, known_at = excluded.known_at, head = excluded.head, folder = excluded.folder,
                 reason = excluded.reason, started_at = excluded.started_at, finished_at = NULL",
        )
        .bind(&version.job)
        .bind(&version.period)
        .bind(i64::from(version.version))
        .bind(version.kind.code())
        .bind(version.known_at)
        .bind(&version.head)
        .bind(&version.folder)
        .bind(&version.reason)
        .bind(version.started_at)
        .execute(&mut *tx)
        .await?;
        // A version that begins anew has no files, whatever a failed one of its number has left.
        let forgotten = if version.n_files == 0 {
            [
                "DELETE FROM job_paper WHERE job = $1 AND period = $2 AND version = $3",
                "DELETE FROM job_file WHERE job = $1 AND period = $2 AND version = $3",
            ]
            .as_slice()
        } else {
            ["DELETE FROM job_paper WHERE job = $1 AND period = $2 AND version = $3 AND code <> ''"].as_slice()
        };
        for statement in forgotten {
            sqlx::query(*statement)
                .bind(&version.job)
                .bind(&version.period)
                .bind(i64::from(version.version))
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a version whose papers are recorded, and says what its period is now.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; the period is not done then.
    pub async fn finish_job_version(
        &self,
        version: &JobVersion,
        now: DateTime<Utc>,
        state: JobState,
        note: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE job_version SET finished_at = $4 WHERE job = $1 AND period = $2 AND version = $3")
            .bind(&version.job)
            .bind(&version.period)
            .bind(i64::from(version.version))
            .bind(now)
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE job_run SET state = $3, finished_at = $4, note = $5 WHERE job = $1 AND period = $2")
            .bind(&version.job)
            .bind(&version.period)
            .bind(state.code())
            .bind(now)
            .bind(note)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The data folder in which the papers of this store are written; `None` before the first ones.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn paper_home(&self) -> Result<Option<PaperHome>, StoreError> {
        let row: Option<(String, String, String, DateTime<Utc>)> =
            sqlx::query_as("SELECT folder, place, reason, since FROM paper_home ORDER BY nth DESC LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        row.map(|(folder, place, reason, since)| Ok(PaperHome { folder, place, reason, since })).transpose()
    }

    /// Lets papers be written in a data folder from now on.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn move_paper_home(&self, home: &PaperHome) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO paper_home (nth, folder, place, reason, since)
             SELECT coalesce((SELECT max(nth) FROM paper_home), 0) + 1, $1, $2, $3, $4",
        )
        .bind(&home.folder)
        .bind(&home.place)
        .bind(&home.reason)
        .bind(home.since)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Records a paper with its files, which are in place.
pub(in crate::store) async fn insert_paper(
    tx: &mut Transaction<'static, Postgres>,
    paper: &JobPaper,
    files: &[JobFile],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO job_paper (job, period, version, report, code, detail) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (job, period, version, report) DO UPDATE SET code = excluded.code, detail = excluded.detail",
    )
    .bind(&paper.job)
    .bind(&paper.period)
    .bind(i64::from(paper.version))
    .bind(&paper.report)
    .bind(&paper.code)
    .bind(&paper.detail)
    .execute(&mut **tx)
    .await?;
    for file in files {
        sqlx::query(
            "INSERT INTO job_file (job, period, version, name, report, sha256) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (job, period, version, name)
             DO UPDATE SET report = excluded.report, sha256 = excluded.sha256",
        )
        .bind(&paper.job)
        .bind(&paper.period)
        .bind(i64::from(paper.version))
        .bind(&file.name)
        .bind(&paper.report)
        .bind(&file.sha256)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
