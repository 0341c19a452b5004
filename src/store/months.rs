//! The ledger of scheduled work, behind the one face of both stores.

use chrono::{DateTime, Utc};

use super::StoreError;
use super::facade::{Store, each_store};
use super::ledger::{JobFile, JobPaper, JobRevision, JobRun, JobState, JobVersion};

impl Store {
    /// All rows of the ledger by job and period.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_runs(&self) -> Result<Vec<JobRun>, StoreError> {
        each_store!(self, store => store.job_runs().await)
    }

    /// Makes the row of a period unless it is there, and says whether it was made.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn add_job_run(&self, job: &str, period: &str, scheduled_at: DateTime<Utc>) -> Result<bool, StoreError> {
        each_store!(self, store => store.add_job_run(job, period, scheduled_at).await)
    }

    /// Records why a period is not done yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn hold_job_run(&self, job: &str, period: &str, state: JobState, note: &str) -> Result<(), StoreError> {
        each_store!(self, store => store.hold_job_run(job, period, state, note).await)
    }

    /// All versions by job, period and number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_versions(&self) -> Result<Vec<JobVersion>, StoreError> {
        each_store!(self, store => store.job_versions().await)
    }

    /// The papers of all versions by job, period, version and report.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_papers(&self) -> Result<Vec<JobPaper>, StoreError> {
        each_store!(self, store => store.job_papers().await)
    }

    /// The files of all papers by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_files(&self) -> Result<Vec<JobFile>, StoreError> {
        each_store!(self, store => store.job_files().await)
    }

    /// Months whose papers say something else by now, by job, period and version.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn job_revisions(&self) -> Result<Vec<JobRevision>, StoreError> {
        each_store!(self, store => store.job_revisions().await)
    }

    /// Notes that papers of a version say something else, in place of what was noted of it before.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn note_job_revision(&self, revision: &JobRevision) -> Result<(), StoreError> {
        each_store!(self, store => store.note_job_revision(revision).await)
    }

    /// Gives a period that is not done another time; it is due again.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn move_job_run(&self, job: &str, period: &str, scheduled_at: DateTime<Utc>) -> Result<(), StoreError> {
        each_store!(self, store => store.move_job_run(job, period, scheduled_at).await)
    }

    /// Takes out the row of a period that was never started.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn drop_job_run(&self, job: &str, period: &str) -> Result<(), StoreError> {
        each_store!(self, store => store.drop_job_run(job, period).await)
    }

    /// Claims a period for a version that is made now, and says whether it was claimed: a period that is done is
    /// claimed only to be made again. What the version could not make before is forgotten; what it has made stays, unless it
    /// comes without files.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn start_job_version(&self, version: &JobVersion) -> Result<bool, StoreError> {
        each_store!(self, store => store.start_job_version(version).await)
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
        each_store!(self, store => store.finish_job_version(version, now, state, note).await)
    }
}
