//! What a tick, or a command that does a part of one, tells of what it did.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::ledger::{JobRun, JobState, JobVersion};
use crate::error::{Failure, FailureKind};
use crate::service::intake::inbox::{InboxNote, InboxState};

/// What a tick, or a command that does a part of one, did.
#[derive(Debug, Default)]
pub struct TickReport {
    /// Files taken in from the inbox.
    pub taken: usize,
    /// Files refused.
    pub refused: Vec<String>,
    /// Files that are taken in later without anybody doing anything.
    pub left: Vec<String>,
    /// What lies in the inbox and was not taken in, refused files included.
    pub notes: Vec<InboxNote>,
    /// What kept the inbox from being dealt with to its end.
    pub trouble: Option<Failure>,
    /// Periods that were run to the end, in order.
    pub done: Vec<String>,
    /// Versions that were made as a whole, those of before their cut-off among them, in order.
    pub made: Vec<MadeVersion>,
    /// Periods that were asked for and are there already, in the version that stands.
    pub there: Vec<MadeVersion>,
    /// Periods that wait for an export.
    pub waiting: Vec<Waiting>,
    /// Versions of which only a part could be made (R31).
    pub partial: Vec<JobVersion>,
    /// Periods of which nothing could be made, with the first reason.
    pub failed: Vec<(String, Failure)>,
    /// Papers that could not be made, each with its reason.
    pub missing: Vec<MissingPaper>,
    /// Papers in which characters stand as 〓 (R33).
    pub unprintable: Vec<UnprintablePaper>,
    /// Periods whose time follows the schedule of the settings, with the new one.
    pub moved: Vec<(String, DateTime<Utc>)>,
    /// Periods that are done although their time has not come: the clock was wrong when they were made.
    pub ahead: Vec<String>,
    /// Periods that have no row any more: those before the first one that any export can serve, and `early`.
    pub dropped: Vec<String>,
    /// Of those the ones that have not ended; a clock that was ahead has begun them.
    pub early: Vec<String>,
    /// What became of periods of the other jobs.
    pub others: Vec<JobOutcome>,
}

/// Code of a message, and what its text leaves open.
pub(super) type Told = (&'static str, String);

/// What became of a period of a job that makes no papers of a month.
#[derive(Debug, Clone)]
pub struct JobOutcome {
    /// The job.
    pub job: String,
    /// The period.
    pub period: String,
    /// What it is now.
    pub state: JobState,
    /// Code and words of the message that says what was done, or why not.
    pub told: Failure,
    /// Whether it is another than before.
    pub is_new: bool,
}

impl JobOutcome {
    /// What became of a period.
    pub(super) fn new(run: &JobRun, state: JobState, (code, words): Told) -> Self {
        Self::of(run, state, Failure::new(FailureKind::Data, code, words))
    }

    /// That a period could not be done.
    pub(super) fn failed(run: &JobRun, failure: Failure) -> Self {
        Self::of(run, JobState::Failed, failure)
    }

    fn of(run: &JobRun, state: JobState, told: Failure) -> Self {
        let mut out = Self { job: run.job.clone(), period: run.period.clone(), state, told, is_new: true };
        out.is_new = (run.state, &run.note) != (state, &out.note());
        out
    }

    /// As the ledger keeps it.
    pub(super) fn note(&self) -> String {
        format!("{}: {}", self.told.code, self.told.detail)
    }

    /// Whether it goes on only once a person has done something.
    fn needs_a_person(&self) -> bool {
        matches!(self.state, JobState::Waiting | JobState::Partial)
    }
}

/// A version that was made as a whole.
#[derive(Debug, Clone)]
pub struct MadeVersion {
    /// The version.
    pub version: JobVersion,
    /// Its papers, each with its own folder in that of the version; none where an older program has made it.
    pub papers: Vec<(String, String)>,
    /// The versions before it, which stay, by number.
    pub kept: Vec<JobVersion>,
}

/// A paper that was made with 〓 in place of characters that no font has.
#[derive(Debug, Clone)]
pub struct UnprintablePaper {
    /// The period.
    pub period: String,
    /// Id of the report.
    pub report: String,
    /// The characters with their places; nobody's name is among the words.
    pub places: String,
}

/// A period that waits for an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The period.
    pub period: String,
    /// First day on which an export tells of its end: the as-of day.
    pub from: NaiveDate,
    /// First day on which an export comes too late: the day of the cut-off.
    pub cut_off: NaiveDate,
}

/// A paper that could not be made.
#[derive(Debug, Clone)]
pub struct MissingPaper {
    /// Its period.
    pub period: String,
    /// Number of the version.
    pub version: u32,
    /// Id of the report.
    pub report: String,
    /// Its title; empty where no definition makes it.
    pub title: String,
    /// Why.
    pub failure: Failure,
}

impl TickReport {
    /// Whether something happens only once a person does something: refused or asking files, months without an export.
    pub fn needs_a_person(&self) -> bool {
        let of_others = self.others.iter().any(JobOutcome::needs_a_person);
        of_others || !self.waiting.is_empty() || self.notes.iter().any(|note| note.state.needs_a_person())
    }

    /// Takes over what the inbox says of its files.
    pub(super) fn hear(&mut self, notes: Vec<InboxNote>) {
        let named = |state| notes.iter().filter(move |note| note.state == state).map(|note| note.name.clone());
        self.refused = named(InboxState::Refused).collect();
        self.left = named(InboxState::Left).collect();
        self.notes = notes;
    }

    /// Adds what another command did.
    pub fn append(&mut self, other: Self) {
        self.taken += other.taken;
        self.refused.extend(other.refused);
        self.left.extend(other.left);
        self.notes.extend(other.notes);
        self.trouble = self.trouble.take().or(other.trouble);
        self.done.extend(other.done);
        self.made.extend(other.made);
        self.there.extend(other.there);
        self.waiting.extend(other.waiting);
        self.partial.extend(other.partial);
        self.failed.extend(other.failed);
        self.missing.extend(other.missing);
        self.unprintable.extend(other.unprintable);
        self.moved.extend(other.moved);
        self.dropped.extend(other.dropped);
        self.early.extend(other.early);
        self.ahead.extend(other.ahead);
        self.others.extend(other.others);
    }
}
