//! The ledger of scheduled work: the statements are those of both stores.

use crate::domain::ledger::{JobFile, JobPaper, JobRevision, JobRun, JobState, JobVersion, VersionKind};
use chrono::{DateTime, Utc};

use super::cells::Cells;
use super::either::each_store;
use super::error::StoreError;
use super::facade::Store;
use super::stored::{StoredDay, StoredInstant};
use super::tables::{Column, JOB_PAPER, JOB_REVISION, JOB_RUN, Kind};

/// A version, after the number of its files.
const VERSION: &[Column] = &[
    (
        "(SELECT count(*) FROM job_file f WHERE f.job = v.job AND f.period = v.period AND f.version = v.version)",
        Kind::Big,
    ),
    ("job", Kind::Text),
    ("period", Kind::Text),
    ("version", Kind::Big),
    ("kind", Kind::Text),
    ("known_at", Kind::Day),
    ("head", Kind::Text),
    ("folder", Kind::Text),
    ("reason", Kind::Text),
    ("started_at", Kind::Instant),
    ("finished_at", Kind::Instant),
];

const FILE: &[Column] = &[("name", Kind::Text), ("sha256", Kind::Text)];

const NOTE_REVISION: &str =
    "INSERT INTO job_revision (job, period, version, noted_at, cause, papers) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (job, period, version)
     DO UPDATE SET noted_at = excluded.noted_at, cause = excluded.cause, papers = excluded.papers";

const ADD: &str = "INSERT INTO job_run (job, period, scheduled_at, state, attempts, note)
     VALUES ($1, $2, $3, 'due', 0, '') ON CONFLICT DO NOTHING";

const MOVE: &str = "UPDATE job_run SET scheduled_at = $3, state = 'due', note = ''
     WHERE job = $1 AND period = $2 AND state <> 'done'";

const DROP: &str = "DELETE FROM job_run
     WHERE job = $1 AND period = $2 AND attempts = 0 AND state IN ('due', 'waiting')";

const HOLD: &str = "UPDATE job_run SET state = $3, note = $4 WHERE job = $1 AND period = $2 AND state <> 'done'";

const CLAIM: &str = "UPDATE job_run SET state = 'running', attempts = attempts + 1, started_at = $3, note = ''
     WHERE job = $1 AND period = $2 AND state <> $4";

const BEGIN: &str = "INSERT INTO job_version (job, period, version, kind, known_at, head, folder, reason, started_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (job, period, version) DO UPDATE SET
         kind = excluded.kind, known_at = excluded.known_at, head = excluded.head, folder = excluded.folder,
         reason = excluded.reason, started_at = excluded.started_at, finished_at = NULL";

/// What a version that begins anew forgets: it has no files, whatever a failed one of its number has left.
const FORGET_ALL: &[&str] = &[
    "DELETE FROM job_paper WHERE job = $1 AND period = $2 AND version = $3",
    "DELETE FROM job_file WHERE job = $1 AND period = $2 AND version = $3",
];

/// What one that goes on forgets.
const FORGET_MISSING: &[&str] =
    &["DELETE FROM job_paper WHERE job = $1 AND period = $2 AND version = $3 AND code <> ''"];

const FINISH_VERSION: &str = "UPDATE job_version SET finished_at = $4 WHERE job = $1 AND period = $2 AND version = $3";

/// What is done or passed over is not begun again.
const BEGIN_RUN: &str = "UPDATE job_run SET state = 'running', attempts = attempts + 1, started_at = $3, note = ''
     WHERE job = $1 AND period = $2 AND state NOT IN ('done', 'skipped')";

const END_RUN: &str = "UPDATE job_run SET state = $3, finished_at = $4, note = $5
     WHERE job = $1 AND period = $2 AND state NOT IN ('done', 'skipped')";

const REOPEN_RUN: &str = "UPDATE job_run SET state = 'due', note = ''
     WHERE job = $1 AND period = $2 AND state IN ('done', 'skipped')";

const FINISH_RUN: &str = "UPDATE job_run SET state = $3, finished_at = $4, note = $5 WHERE job = $1 AND period = $2";

impl Store {
    /// All rows of the ledger by job and period.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_runs(&self) -> Result<Vec<JobRun>, StoreError> {
        let read = |row: &mut Cells| {
            Ok(JobRun {
                job: row.get()?,
                period: row.get()?,
                scheduled_at: row.get()?,
                state: row.coded(JobState::from_code)?,
                attempts: row.get()?,
                started_at: row.get()?,
                finished_at: row.get()?,
                note: row.get()?,
            })
        };
        self.read(JOB_RUN.name, JOB_RUN.columns, "job_run ORDER BY job, period", read).await
    }

    /// All versions by job, period and number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_versions(&self) -> Result<Vec<JobVersion>, StoreError> {
        let read = |row: &mut Cells| {
            Ok(JobVersion {
                n_files: row.get()?,
                job: row.get()?,
                period: row.get()?,
                version: row.get()?,
                kind: row.coded(VersionKind::from_code)?,
                known_at: row.get()?,
                head: row.get()?,
                folder: row.get()?,
                reason: row.get()?,
                started_at: row.get()?,
                finished_at: row.get()?,
            })
        };
        self.read("job_version", VERSION, "job_version v ORDER BY job, period, version", read).await
    }

    /// The papers of all versions by job, period, version and report.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_papers(&self) -> Result<Vec<JobPaper>, StoreError> {
        let read = |row: &mut Cells| {
            let (job, period, version) = (row.get()?, row.get()?, row.get()?);
            Ok(JobPaper { job, period, version, report: row.get()?, code: row.get()?, detail: row.get()? })
        };
        self.read(JOB_PAPER.name, JOB_PAPER.columns, "job_paper ORDER BY job, period, version, report", read).await
    }

    /// The files of all papers by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_files(&self) -> Result<Vec<JobFile>, StoreError> {
        let read = |row: &mut Cells| Ok(JobFile { name: row.get()?, sha256: row.get()? });
        self.read("job_file", FILE, "job_file ORDER BY name, version", read).await
    }

    /// Months whose papers say something else by now, by job, period and version.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_revisions(&self) -> Result<Vec<JobRevision>, StoreError> {
        let read = |row: &mut Cells| {
            Ok(JobRevision {
                job: row.get()?,
                period: row.get()?,
                version: row.get()?,
                noted_at: row.get()?,
                cause: row.get()?,
                papers: row.get::<String>()?.lines().map(str::to_string).collect(),
            })
        };
        self.read(JOB_REVISION.name, JOB_REVISION.columns, "job_revision ORDER BY job, period, version", read).await
    }

    /// Notes that papers of a version say something else, in place of what was noted of it before.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn note_job_revision(&self, revision: &JobRevision) -> Result<(), StoreError> {
        let JobRevision { job, period, version, noted_at, cause, papers } = revision;
        each_store!(self, store => {
            let note = sqlx::query(NOTE_REVISION).bind(job).bind(period).bind(i64::from(*version));
            let note = note.bind(StoredInstant::from(*noted_at)).bind(cause).bind(papers.join("\n"));
            note.execute(&store.pool).await?;
        });
        Ok(())
    }

    /// Makes the row of a period unless it is there, and says whether it was made.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn add_job_run(&self, job: &str, period: &str, scheduled_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let scheduled_at = StoredInstant::from(scheduled_at);
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            let made = sqlx::query(ADD).bind(job).bind(period).bind(scheduled_at).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(made.rows_affected() == 1)
        })
    }

    /// Gives a period that is not done another time; it is due again.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn move_job_run(&self, job: &str, period: &str, scheduled_at: DateTime<Utc>) -> Result<(), StoreError> {
        let scheduled_at = StoredInstant::from(scheduled_at);
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            sqlx::query(MOVE).bind(job).bind(period).bind(scheduled_at).execute(&mut *tx).await?;
            tx.commit().await?;
        });
        Ok(())
    }

    /// Takes out the row of a period that was never started.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn drop_job_run(&self, job: &str, period: &str) -> Result<(), StoreError> {
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            sqlx::query(DROP).bind(job).bind(period).execute(&mut *tx).await?;
            tx.commit().await?;
        });
        Ok(())
    }

    /// Records why a period is not done yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn hold_job_run(&self, job: &str, period: &str, state: JobState, note: &str) -> Result<(), StoreError> {
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            sqlx::query(HOLD).bind(job).bind(period).bind(state.code()).bind(note).execute(&mut *tx).await?;
            tx.commit().await?;
        });
        Ok(())
    }

    /// Claims a period for a version that is made now, and says whether it was claimed: a period that is done is
    /// claimed only to be made again. What the version could not make before is forgotten; what it has made stays, unless it
    /// comes without files.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn start_job_version(&self, version: &JobVersion) -> Result<bool, StoreError> {
        let JobVersion { job, period, kind, head, folder, reason, .. } = version;
        let barred = if *kind == VersionKind::Rerun { "" } else { JobState::Done.code() };
        let forgotten = if version.n_files == 0 { FORGET_ALL } else { FORGET_MISSING };
        let (number, started_at) = (i64::from(version.version), StoredInstant::from(version.started_at));
        let known_at = version.known_at.map(StoredDay::from);
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            let claim = sqlx::query(CLAIM).bind(job).bind(period).bind(started_at).bind(barred);
            if claim.execute(&mut *tx).await?.rows_affected() != 1 {
                return Ok(false);
            }
            let begin = sqlx::query(BEGIN).bind(job).bind(period).bind(number).bind(kind.code()).bind(known_at);
            let begin = begin.bind(head).bind(folder).bind(reason).bind(started_at);
            begin.execute(&mut *tx).await?;
            for statement in forgotten {
                sqlx::query(*statement).bind(job).bind(period).bind(number).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Records a paper together with its files, which are already in place; a paper that could not be made has none.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn record_job_paper(&self, paper: &JobPaper, files: &[JobFile]) -> Result<(), StoreError> {
        self.begin_paper(None).await?.commit(paper, files).await
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
        let JobVersion { job, period, .. } = version;
        let (number, now) = (i64::from(version.version), StoredInstant::from(now));
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            sqlx::query(FINISH_VERSION).bind(job).bind(period).bind(number).bind(now).execute(&mut *tx).await?;
            let run = sqlx::query(FINISH_RUN).bind(job).bind(period).bind(state.code()).bind(now).bind(note);
            run.execute(&mut *tx).await?;
            tx.commit().await?;
        });
        Ok(())
    }

    /// Claims a period of a job without versions, and says whether it was claimed. The caller holds the write lock, so that a
    /// row still `running` was left behind by a process that died.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn begin_job_run(&self, job: &str, period: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let now = StoredInstant::from(now);
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            let begun = sqlx::query(BEGIN_RUN).bind(job).bind(period).bind(now).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(begun.rows_affected() == 1)
        })
    }

    /// Lets a period of a job without versions that was done or passed over be due again.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn reopen_job_run(&self, job: &str, period: &str) -> Result<(), StoreError> {
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            sqlx::query(REOPEN_RUN).bind(job).bind(period).execute(&mut *tx).await?;
            tx.commit().await?;
        });
        Ok(())
    }

    /// Says what a period of a job without versions is now, and why.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn end_job_run(
        &self,
        (job, period): (&str, &str),
        (state, note): (JobState, &str),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let now = StoredInstant::from(now);
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            let end = sqlx::query(END_RUN).bind(job).bind(period).bind(state.code()).bind(now).bind(note);
            end.execute(&mut *tx).await?;
            tx.commit().await?;
        });
        Ok(())
    }
}
