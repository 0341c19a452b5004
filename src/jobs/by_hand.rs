//! What a person asks for: a period now, a period that waits released, a period that is done once more (R29).

use anyhow::Result;
use chrono::NaiveDate;

use super::attempt::{self, attempt, early, waiting};
use super::monthly_papers::{MONTHLY_PAPERS, SURVEY};
use super::periods::{self, Present};
use super::schedule;
use super::tick_report::TickReport;
use crate::domain::as_of::AsOf;
use crate::domain::ledger::{JobRun, JobState, JobVersion, PaperHome, VersionKind};
use crate::error::Failure;
use crate::service::keep::{Workspace, home, ledger};
use crate::service::known::vintage::Vintage;
use crate::service::papers;

/// Runs one period now. Before its cut-off this makes a preliminary version (速報), and the punctual run follows; one that is
/// done stays as it is, and the report says where it lies.
///
/// # Errors
/// [`Failure`] JOB-001 or JOB-002 for an unknown job or a period that is not a month; otherwise as [`super::tick()`].
pub async fn run_one(workspace: &Workspace, job: &str, period: &str) -> Result<TickReport> {
    if job != MONTHLY_PAPERS {
        return Err(Failure::usage("JOB-001", job).into());
    }
    if schedule::month_of(period).is_none() {
        return Err(Failure::usage("JOB-002", period).into());
    }
    let mut report = TickReport::default();
    let (present, run, is_there) = asked(workspace, period, &mut report).await?;
    if run.state == JobState::Done {
        report.there.extend(present.firm(&run.period).map(|version| present.made_version(version)));
        return Ok(report);
    }
    let known_at = present.known_by_cut_off(&run);
    if let (None, false) = (known_at, is_there) {
        // A row comes with the time of the month; a month of long ago gets none.
        report.waiting.push(waiting(&run));
        return Ok(report);
    }
    ledger::add(workspace, &run.job, &run.period, run.scheduled_at).await?;
    match known_at {
        _ if run.scheduled_at <= present.now => attempt::punctual(workspace, &present, &run, &mut report).await?,
        Some(known_at) => early(workspace, &present, &run, known_at, &mut report).await?,
        None => report.waiting.push(waiting(&run)),
    }
    Ok(report)
}

/// What [`run_one`] would do about a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreseen {
    /// Nothing: it is made already, in this version.
    There(u32),
    /// It would be made with what was known on this day, before its cut-off (速報) or at it.
    Make(NaiveDate, VersionKind),
    /// No export tells of its end.
    Wait,
}

/// What [`run_one`] would do about a period; nothing is changed.
///
/// # Errors
/// [`Failure`] JOB-001 or JOB-002 for an unknown job or a period that is not a month; when the store cannot be read.
pub async fn foresee(workspace: &Workspace, job: &str, period: &str) -> Result<Foreseen> {
    if job != MONTHLY_PAPERS {
        return Err(Failure::usage("JOB-001", job).into());
    }
    let month = schedule::month_of(period).ok_or_else(|| Failure::usage("JOB-002", period))?;
    let present = Present::read(workspace).await?;
    let (run, _) = present.run_of(month)?;
    if run.state == JobState::Done {
        return Ok(Foreseen::There(present.firm(&run.period).map_or(1, |version| version.version)));
    }
    let kind = if run.scheduled_at <= present.now { VersionKind::Punctual } else { VersionKind::Early };
    Ok(present.known_by_cut_off(&run).map_or(Foreseen::Wait, |known_at| Foreseen::Make(known_at, kind)))
}

/// Lets a period that waits, or could not be finished, use what is known now.
///
/// # Errors
/// [`Failure`] JOB-002 for a period that is not a month, JOB-019 without a reason, JOB-017 for one that does not wait, JOB-008
/// while no export tells of its end, RPT-002 for one that the exports do not reach; otherwise as [`super::tick()`].
pub async fn release(workspace: &Workspace, period: &str, reason: &str) -> Result<TickReport> {
    let reason = stated(reason)?;
    let mut report = TickReport::default();
    let (present, run, _) = asked(workspace, period, &mut report).await?;
    let would_run = run.state == JobState::Due && present.known_by_cut_off(&run).is_some();
    if run.state == JobState::Done || run.scheduled_at > present.now || would_run {
        return Err(Failure::usage("JOB-017", run.period).into());
    }
    let known_at = known_now(&present, &run)?;
    if let Some(as_of) = periods::as_of(&run.period) {
        // A month that could never be made would fail at every tick.
        let vintage = Vintage::open(workspace, Some(known_at)).await?;
        papers::refuse_day_out_of_reach(&vintage, AsOf(as_of))?;
    }
    ledger::add(workspace, &run.job, &run.period, run.scheduled_at).await?;
    let version = attempt::version(workspace, &present, &run, VersionKind::Released, known_at);
    attempt(workspace, &present, &run, JobVersion { reason, ..version }, &mut report).await?;
    Ok(report)
}

/// Makes a period that is done once more, with what is known now, as its next version; the ones before stay.
///
/// # Errors
/// [`Failure`] JOB-002 for a period that is not a month, JOB-019 without a reason, JOB-009 for one that is not done; otherwise
/// as [`super::tick()`].
pub async fn rerun(workspace: &Workspace, period: &str, reason: &str) -> Result<TickReport> {
    let reason = stated(reason)?;
    let mut report = TickReport::default();
    let (present, run, _) = asked(workspace, period, &mut report).await?;
    if run.state != JobState::Done {
        return Err(Failure::usage("JOB-009", run.period).into());
    }
    let known_at = known_now(&present, &run)?;
    let version = attempt::version(workspace, &present, &run, VersionKind::Rerun, known_at);
    attempt(workspace, &present, &run, JobVersion { reason, ..version }, &mut report).await?;
    Ok(report)
}

/// Lets papers be written in this data folder from now on (JOB-021 says where they were, and what is not here).
///
/// # Errors
/// [`Failure`] JOB-019 without a reason; when the store or the data folder cannot be read or written.
pub async fn move_here(workspace: &Workspace, reason: &str) -> Result<(Option<PaperHome>, usize)> {
    home::move_here(workspace, &stated(reason)?).await
}

/// The row of a period, as settings and exports have it now, and whether the ledger has it.
async fn asked(workspace: &Workspace, period: &str, report: &mut TickReport) -> Result<(Present, JobRun, bool)> {
    let month = schedule::month_of(period);
    if month.is_none() && schedule::survey_day(period).is_none() {
        return Err(Failure::usage("JOB-002", period).into());
    }
    if let Some(failure) = home::elsewhere(workspace).await? {
        return Err(failure.into());
    }
    periods::follow(workspace, report).await?;
    let present = Present::read(workspace).await?;
    let (run, is_there) = match month {
        Some(month) => present.run_of(month)?,
        // A survey has its row from the clock alone.
        None => {
            let run = present.runs.iter().find(|run| run.job == SURVEY && run.period == period);
            (run.cloned().ok_or_else(|| Failure::usage("JOB-002", period))?, true)
        }
    };
    Ok((present, run, is_there))
}

/// What is known now of a period that has ended.
fn known_now(present: &Present, run: &JobRun) -> Result<NaiveDate> {
    let known_at = present.known_now(&run.period);
    known_at.ok_or_else(|| Failure::usage("JOB-008", run.period.as_str()).into())
}

/// A reason that says something.
fn stated(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::usage("JOB-019", "").into());
    }
    Ok(reason.to_string())
}
