//! Rows of the ledger of scheduled work, as read and as written.
//!
//! What a state means for the next step is decided in `jobs`.

use chrono::{DateTime, Utc};

/// State of a period of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Its time has come.
    Due,
    /// No export lies between the as-of day and the cut-off (R19).
    Waiting,
    /// Being run, or left behind by a process that died.
    Running,
    /// Done; never run again.
    Done,
    /// The last attempt failed; the next tick tries again.
    Failed,
}

impl JobState {
    /// Stored name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The state of a stored name.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Due, Self::Waiting, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Job.
    pub job: String,
    /// Period, such as 2025-12.
    pub period: String,
    /// Instant at which it was scheduled; the cut-off of its exports (R19).
    pub scheduled_at: DateTime<Utc>,
    /// State.
    pub state: JobState,
    /// How often it was started.
    pub attempts: u32,
    /// Last start.
    pub started_at: Option<DateTime<Utc>>,
    /// End, once done.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it is not done.
    pub note: String,
}

/// A file that a period has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFile {
    /// Name relative to the data folder.
    pub name: String,
    /// SHA-256.
    pub sha256: String,
}
