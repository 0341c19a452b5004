//! Rows of the ledger of scheduled work, as read and as written.
//!
//! What a state means for the next step is decided in `jobs`.

use chrono::{DateTime, NaiveDate, Utc};

use super::coded::coded;

coded! {
    /// State of a period of a job.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum JobState {
        /// Its time comes, or has come.
        Due = "due",
        /// No export lies between the as-of day and the cut-off (R19); of a distribution: a person has something to do first.
        Waiting = "waiting",
        /// Being run, or left behind by a process that died.
        Running = "running",
        /// Some papers were made and some could not be (R31); the next tick tries those.
        Partial = "partial",
        /// Done; made again only when a person asks for it.
        Done = "done",
        /// Nothing could be made; the next tick tries again.
        Failed = "failed",
        /// It is not done any more, for the reason that is noted.
        Skipped = "skipped",
    }
}

coded! {
    /// Why a version of a period was made (R29).
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum VersionKind {
        /// Before the cut-off, by hand (速報).
        Early = "early",
        /// At the cut-off or later, with what was known by the cut-off.
        Punctual = "punctual",
        /// Released by hand, with what was known then.
        Released = "released",
        /// Asked for again by hand, with what was known then.
        Rerun = "rerun",
    }
}

/// One row of the ledger: a period of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Job.
    pub job: String,
    /// Period, such as 2025-12.
    pub period: String,
    /// Instant at which it is scheduled; the cut-off of its exports (R19).
    pub scheduled_at: DateTime<Utc>,
    /// State.
    pub state: JobState,
    /// How often it was started.
    pub attempts: u32,
    /// Last start.
    pub started_at: Option<DateTime<Utc>>,
    /// Last end.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it is not done.
    pub note: String,
}

/// One version of the papers of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobVersion {
    /// Job.
    pub job: String,
    /// Period.
    pub period: String,
    /// Number within the period, from 1.
    pub version: u32,
    /// Why it was made.
    pub kind: VersionKind,
    /// 知識時点; `None` where an older program did not record it.
    pub known_at: Option<NaiveDate>,
    /// Hash of what it was made from; empty where it was not recorded.
    pub head: String,
    /// Folder of its papers, from the data folder on.
    pub folder: String,
    /// Why a person released the period or asked for it again; else empty.
    pub reason: String,
    /// Last start.
    pub started_at: DateTime<Utc>,
    /// Last end; `None` while it is being made, or when its maker died.
    pub finished_at: Option<DateTime<Utc>>,
    /// Files recorded.
    pub n_files: u32,
}

/// One paper of a version, made or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPaper {
    /// Job.
    pub job: String,
    /// Period.
    pub period: String,
    /// Version of the period.
    pub version: u32,
    /// Id of the report, or the name of the snapshot.
    pub report: String,
    /// Code of the reason why it could not be made; empty when it was made.
    pub code: String,
    /// Of a paper that was made, its own folder in that of the version; else what the text of the code leaves open.
    pub detail: String,
}

impl JobPaper {
    /// Whether it was made.
    pub fn is_made(&self) -> bool {
        self.code.is_empty()
    }
}

/// That papers of a version say something else since a file was taken in, or taken back, after they were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRevision {
    /// Job.
    pub job: String,
    /// Period.
    pub period: String,
    /// Version of the period.
    pub version: u32,
    /// When this was noted last.
    pub noted_at: DateTime<Utc>,
    /// What was taken in or back last.
    pub cause: String,
    /// Folders of the papers, from the data folder on, ascending.
    pub papers: Vec<String>,
}

/// A file of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFile {
    /// Name relative to the data folder.
    pub name: String,
    /// SHA-256.
    pub sha256: String,
}

/// The data folder in which papers are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperHome {
    /// What makes it another than every other one.
    pub folder: String,
    /// Where it is, as people know it.
    pub place: String,
    /// Why a person has moved it here; empty for the first one.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
}
