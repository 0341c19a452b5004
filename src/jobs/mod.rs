//! The clock: what is due, in which order, and never twice.
//!
//! tokio-cron-scheduler only rings the bell; the truth is the ledger with one row for each job and period. Each
//! ring makes the rows that are due, and runs what is not done, oldest first, under the write lock. Start
//! reading at [`tick`]; [`serve()`] is the bell; each job has a file of its own.

mod monthly_papers;
mod schedule;
mod serve;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::tokyo_day;
use crate::domain::as_of::month_end;
use crate::error::Failure;
use crate::service::ledger::{self, JobRun, JobState};
use crate::service::inbox::{self, InboxNote, InboxState};
use crate::service::{Workspace, WriteLock};

pub use schedule::{Occurrence, Schedule};
pub use serve::serve;

/// The only job so far: name in the ledger.
pub const MONTHLY_PAPERS: &str = "monthly-papers";

/// What a tick did.
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
    /// Periods that were run to the end, in order.
    pub done: Vec<String>,
    /// Periods that wait, with the reason.
    pub waiting: Vec<(String, String)>,
    /// Periods that failed, with the reason.
    pub failed: Vec<(String, Failure)>,
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
}

/// Does what the bell would do at the clock's instant, once.
///
/// # Errors
/// When the store or a folder cannot be read or written, or a schedule is wrong. A period that fails is recorded
/// and does not stop the later ones.
pub async fn tick(workspace: &Workspace, lock: &WriteLock) -> Result<TickReport> {
    let schedule = Schedule::of(&workspace.config.jobs)?;
    let now = workspace.clock.now();
    let mut report = TickReport::default();
    let inbox = inbox::take_in(workspace, lock).await.context("taking in the inbox")?;
    report.taken = inbox.taken.len();
    report.hear(inbox.notes);
    add_due(workspace, &schedule, now).await?;
    for run in ledger::runs(workspace).await? {
        if run.state != JobState::Done && run.scheduled_at <= now {
            run_period(workspace, &run, &mut report).await?;
        }
    }
    Ok(report)
}

/// Runs one period now, whether or not its time has come; one that is done stays as it is.
///
/// # Errors
/// [`Failure`] JOB-001 or JOB-002 for an unknown job or a period that is not a month; otherwise as [`tick`].
pub async fn run_one(workspace: &Workspace, job: &str, period: &str) -> Result<TickReport> {
    if job != MONTHLY_PAPERS {
        return Err(Failure::usage("JOB-001", job).into());
    }
    let schedule = Schedule::of(&workspace.config.jobs)?;
    let month = schedule::month_of(period).ok_or_else(|| Failure::usage("JOB-002", period))?;
    let occurrence = schedule.of_month(month)?;
    ledger::add(workspace, job, &occurrence.period, occurrence.scheduled_at).await?;
    let mut report = TickReport::default();
    for run in ledger::runs(workspace).await? {
        if run.job == job && run.period == occurrence.period && run.state != JobState::Done {
            run_period(workspace, &run, &mut report).await?;
        }
    }
    Ok(report)
}

/// Makes a row for each month whose time has come since the first one.
async fn add_due(workspace: &Workspace, schedule: &Schedule, now: DateTime<Utc>) -> Result<()> {
    let Some(first) = first_month(workspace, schedule).await? else { return Ok(()) };
    for occurrence in schedule.between(first, now)? {
        ledger::add(workspace, MONTHLY_PAPERS, &occurrence.period, occurrence.scheduled_at).await?;
    }
    Ok(())
}

/// The month from the settings, else the oldest one that the first export can serve.
async fn first_month(workspace: &Workspace, schedule: &Schedule) -> Result<Option<NaiveDate>> {
    if let Some(text) = &workspace.config.jobs.first_month {
        let month = schedule::month_of(text).ok_or_else(|| Failure::usage("JOB-002", text))?;
        return Ok(Some(month));
    }
    let Some(first) = ledger::export_days(workspace).await?.first().copied() else { return Ok(None) };
    let before = schedule::month_before(first);
    let serves_before = first < tokyo_day(schedule.of_month(before)?.scheduled_at) && first >= month_end(before);
    Ok(Some(if serves_before { before } else { schedule::month_start_of(first) }))
}

async fn run_period(workspace: &Workspace, run: &JobRun, report: &mut TickReport) -> Result<()> {
    let Some(month) = schedule::month_of(&run.period) else { return Ok(()) };
    let as_of = month_end(month);
    let cut_off = tokyo_day(run.scheduled_at);
    // Exports of the cut-off day itself tell of its evening; a punctual run cannot have seen them (R19).
    let exports = ledger::export_days(workspace).await?;
    if !exports.into_iter().any(|day| day >= as_of && day < cut_off) {
        let note = format!("{as_of} から {cut_off} の前日までの出力がありません");
        ledger::hold(workspace, run, JobState::Waiting, &note).await?;
        report.waiting.push((run.period.clone(), note));
        return Ok(());
    }
    // Applications and adjustments since the export have their say, up to the same cut-off.
    let telling = ledger::telling_days(workspace).await?;
    let Some(known_at) = telling.into_iter().filter(|day| *day < cut_off).max() else { return Ok(()) };
    if !ledger::claim(workspace, run).await? {
        return Ok(());
    }
    match monthly_papers::run(workspace, &run.period, as_of, known_at).await {
        Ok(files) => {
            ledger::finish(workspace, run, &files).await?;
            report.done.push(run.period.clone());
        }
        Err(error) => {
            let failure = Failure::of(&error);
            tracing::error!(job = run.job, period = run.period, error = format!("{error:#}"), "job failed");
            ledger::hold(workspace, run, JobState::Failed, &failure.to_string()).await?;
            report.failed.push((run.period.clone(), failure));
        }
    }
    Ok(())
}
