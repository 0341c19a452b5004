//! The clock: what is due, in which order, and never twice.
//!
//! tokio-cron-scheduler only rings the bell; the truth is the ledger with one row for each job and period. Each
//! ring brings the rows in line with settings and exports, and runs what is not done, oldest first, under the write
//! lock. Start reading at [`tick`]; what a person can ask for by hand stands in `by_hand`; [`serve()`] is the bell; each
//! job has a file of its own.

mod attempt;
mod by_hand;
mod listing;
mod monthly_papers;
mod periods;
mod reports;
mod schedule;
mod serve;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use crate::error::Failure;
use crate::service::intake::inbox;
use crate::service::intake::inbox::{InboxNote, InboxState};
use crate::service::keep::ledger::{JobState, JobVersion};
use crate::service::keep::{Workspace, WriteLock, home};

pub use by_hand::{move_here, release, rerun, run_one};
pub use listing::{ListedRun, ListedVersion, list, next};
pub use reports::{check_reports, unknown_reports};
pub use schedule::{Occurrence, Schedule, faults};
pub use serve::{LOOKS_EVERY, serve};

/// The only job so far: name in the ledger.
pub const MONTHLY_PAPERS: &str = "monthly-papers";

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
    /// Periods before the first one that any export can serve; they have no row any more.
    pub dropped: Vec<String>,
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
        !self.waiting.is_empty() || self.notes.iter().any(|note| note.state.needs_a_person())
    }

    fn hear(&mut self, notes: Vec<InboxNote>) {
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
        self.ahead.extend(other.ahead);
    }
}

/// Does what the bell would do at the clock's instant, once.
///
/// # Errors
/// When the store cannot be read or written, or a schedule is wrong. What the inbox meets is told in the report; a period that
/// fails is recorded and does not stop the later ones.
pub async fn tick(workspace: &Workspace, lock: &WriteLock) -> Result<TickReport> {
    // Before anything is taken in: a line that is no schedule stops the whole tick.
    Schedule::of(&workspace.config.jobs)?;
    periods::refuse_clock_behind(workspace).await?;
    let mut report = TickReport::default();
    let inbox = inbox::take_in(workspace, lock).await;
    report.taken = inbox.taken.len();
    report.trouble = inbox.trouble;
    report.hear(inbox.notes);
    periods::settle(workspace, &mut report).await?;
    let present = periods::Present::read(workspace).await?;
    report.ahead = present.made_ahead();
    let elsewhere = home::elsewhere(workspace).await?;
    for run in &present.runs {
        if run.job == MONTHLY_PAPERS && run.state != JobState::Done && run.scheduled_at <= present.now {
            let result = match &elsewhere {
                Some(failure) => Err(failure.clone().into()),
                None => attempt::punctual(workspace, &present, run, &mut report).await,
            };
            if let Err(error) = result {
                // A ledger that refuses one month may take the next one; what cannot be recorded is tried again.
                report.failed.push((run.period.clone(), Failure::of(&error)));
            }
        }
    }
    Ok(report)
}
