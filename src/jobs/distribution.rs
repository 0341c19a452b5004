//! 配布: once the papers of a month are made, those for the associations are prepared, and what a person has approved is sent.
//!
//! Two gates stand in between, and both are a person: nothing is prepared while a file of the inbox waits for an answer, and
//! nothing leaves before somebody has approved it. Where nobody does for days, that is told at each ring.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::periods::{self, Present};
use super::retry::may_be_tried;
use super::tick_report::{JobOutcome, TickReport, Told};
use crate::crash::{self, CrashPoint};
use crate::domain::as_of::AsOf;
use crate::domain::distribution::{DeliveryState, Distribution, Stage};
use crate::domain::ledger::{JobRun, JobState, JobVersion};
use crate::domain::mail::Mail;
use crate::error::Failure;
use crate::service::intake::inbox::InboxState;
use crate::service::keep::{Workspace, ledger};
use crate::service::publish::{self, Wanted};

/// Name in the ledger.
pub const DISTRIBUTION: &str = "distribution";

/// Who makes it. Nobody of that name approves anything.
const MAKER: &str = "kaiin（定時）";

/// Why a distribution is withdrawn of which a newer version of its month was made.
const OUTRUN: &str = "JOB-059";

/// A distribution of a month with how far its deliveries are.
type Known = (Distribution, BTreeMap<DeliveryState, usize>);

/// What a period needs next.
enum Step {
    /// Nothing: it is what is said, and waits for nobody but a person, if for anybody.
    Rest(JobState, Told),
    /// Its papers are made, in place of a distribution that the month has outrun.
    Prepare(Wanted, Option<u32>),
    /// What was approved leaves.
    Send(u32),
}

/// Goes on with every month whose papers are made. One that fails is recorded, and stops no other.
///
/// # Errors
/// When the ledger cannot be read or written.
pub(super) async fn tick(workspace: &Workspace, report: &mut TickReport) -> Result<()> {
    if !workspace.config.jobs.distribute {
        return Ok(());
    }
    let present = Present::read(workspace).await?;
    for month in due(&present) {
        // The time of the month itself may be long ago: whoever answers and approves has as long from now on.
        ledger::add(workspace, DISTRIBUTION, &month, present.now).await?;
    }
    let (known, mails) = (publish::overviews(workspace).await?, workspace.store.mails().await?);
    let rows: Vec<JobRun> = ledger::runs(workspace).await?.into_iter().filter(|run| run.job == DISTRIBUTION).collect();
    let newest = rows.last().map(|run| run.period.clone());
    let questions = asking(report);
    for run in rows.iter().filter(|run| !matches!(run.state, JobState::Done | JobState::Skipped)) {
        let is_newest = newest.as_ref() == Some(&run.period);
        let run = &since_now(workspace, run, present.now).await?;
        let step = next_step(&present, run, (&known, &mails, is_newest), (&questions, deadline(workspace, run)));
        let Some(step) = step else { continue };
        let is_begun = !matches!(step, Step::Rest(..));
        let outcome = taken(workspace, run, step).await?;
        // What waits as it has waited is told, and not written at each ring.
        if is_begun || outcome.is_new {
            ledger::end(workspace, run, outcome.state, &outcome.note()).await?;
        }
        report.others.push(outcome);
    }
    Ok(())
}

/// Months whose papers are made and that have no row yet. The first time only the newest: what lies before was distributed in
/// another way, or not at all.
fn due(present: &Present) -> Vec<String> {
    let rows = present.runs.iter().filter(|run| run.job == DISTRIBUTION);
    let first = rows.clone().map(|run| run.period.as_str()).min();
    let is_new = |period: &str| rows.clone().all(|run| run.period != period);
    let made: Vec<&str> = present.made_months().collect();
    match first {
        None => made.last().map(ToString::to_string).into_iter().collect(),
        Some(first) => made.iter().filter(|month| **month > first && is_new(month)).map(ToString::to_string).collect(),
    }
}

/// A row from whose time people have their days: one of a clock that was ahead gets that of the clock that is right.
async fn since_now(workspace: &Workspace, run: &JobRun, now: DateTime<Utc>) -> Result<JobRun> {
    if run.scheduled_at <= now {
        return Ok(run.clone());
    }
    let moved = JobRun { scheduled_at: now, state: JobState::Due, note: String::new(), ..run.clone() };
    ledger::reschedule(workspace, &moved).await?;
    Ok(moved)
}

/// Files of the inbox that wait for an answer. What was refused lies aside, and is another file once it is mended.
fn asking(report: &TickReport) -> Vec<String> {
    report.notes.iter().filter(|note| note.state == InboxState::Asks).map(|note| note.name.clone()).collect()
}

/// Until when a person should have done what a period waits for.
fn deadline(workspace: &Workspace, run: &JobRun) -> DateTime<Utc> {
    run.scheduled_at + TimeDelta::days(workspace.config.jobs.approve_within_days.into())
}

/// What a period needs next; `None` where it is too early to try again.
fn next_step(
    present: &Present,
    run: &JobRun,
    (known, mails, is_newest): (&[Known], &[Mail], bool),
    (questions, deadline): (&[String], DateTime<Utc>),
) -> Option<Step> {
    let as_of = periods::as_of(&run.period)?;
    let version = present.firm(&run.period)?;
    let is_late = present.now > deadline;
    let newest = known.iter().find(|(one, _)| one.as_of == as_of);
    let may_be_tried = may_be_tried(run, present.now);
    let (one, states) = match newest {
        Some((one, _)) if one.stage() == Stage::Voided && !was_changed(one) => {
            return Some(Step::Rest(JobState::Skipped, ("JOB-057", one.number.to_string())));
        }
        Some((one, states)) if one.stage() != Stage::Voided => (one, states),
        _ if !is_newest => return Some(Step::Rest(JobState::Skipped, ("JOB-058", run.period.clone()))),
        _ if !questions.is_empty() => {
            let code = if is_late { "JOB-052" } else { "JOB-050" };
            return Some(Step::Rest(JobState::Waiting, (code, questions.join("、"))));
        }
        _ => return may_be_tried.then(|| Step::Prepare(wanted(as_of, version), None)),
    };
    if one.stage() == Stage::Prepared {
        if version.known_at.is_some_and(|day| day > one.known_at) {
            return may_be_tried.then(|| Step::Prepare(wanted(as_of, version), Some(one.number)));
        }
        let code = if is_late { "JOB-053" } else { "JOB-051" };
        return Some(Step::Rest(JobState::Waiting, (code, one.number.to_string())));
    }
    let has = |state| states.contains_key(&state);
    let mails: Vec<&Mail> = mails.iter().filter(|mail| mail.distribution == one.number).collect();
    let has_papers_to_send = has(DeliveryState::Approved) || has(DeliveryState::Sending) || has(DeliveryState::Failed);
    if has_papers_to_send || mails.iter().any(|mail| is_to_be_sent(mail)) {
        return may_be_tried.then_some(Step::Send(one.number));
    }
    let number = one.number.to_string();
    Some(if has(DeliveryState::Uncertain) {
        Step::Rest(JobState::Partial, ("JOB-056", number))
    } else if mails.iter().any(|mail| mail.state != DeliveryState::Sent) {
        Step::Rest(JobState::Partial, ("JOB-062", number))
    } else {
        Step::Rest(JobState::Done, ("JOB-054", number))
    })
}

/// Whether a mail leaves by itself, now or after a pause, or was left behind by a run that was stopped.
fn is_to_be_sent(mail: &Mail) -> bool {
    mail.leaves_by_itself() || mail.state == DeliveryState::Sending
}

/// The distribution of a version of a month: with what that version knew.
fn wanted(as_of: NaiveDate, version: &JobVersion) -> Wanted {
    Wanted { as_of: AsOf(as_of), known_at: version.known_at, issued_on: None, maker: MAKER.into() }
}

/// Whether it was withdrawn because something had changed, not by a person: the reason is a code then.
fn was_changed(one: &Distribution) -> bool {
    let is_code = one.void_reason.split_once('-').is_some_and(|(room, number)| {
        room.len() == 3 && number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_code && one.void_reason.is_ascii()
}

/// Takes a step, and says what the period is afterwards. The outer error is one of the ledger.
async fn taken(workspace: &Workspace, run: &JobRun, step: Step) -> Result<JobOutcome> {
    if let Step::Rest(state, told) = step {
        return Ok(JobOutcome::new(run, state, told));
    }
    ledger::begin(workspace, run).await?;
    let made = match step {
        Step::Rest(state, told) => Ok((state, told)),
        Step::Prepare(wanted, old) => prepare(workspace, &wanted, old).await,
        Step::Send(number) => send(workspace, number).await,
    };
    Ok(match made {
        Ok((state, told)) => JobOutcome::new(run, state, told),
        Err(error) => {
            let failure = Failure::of(&error);
            tracing::info!(job = run.job, period = run.period, error = format!("{error:#}"), "job failed");
            match failure.code {
                // Everybody has it: that is what was wanted.
                "PUB-004" => JobOutcome::new(run, JobState::Done, ("JOB-055", run.period.clone())),
                _ => JobOutcome::failed(run, failure),
            }
        }
    })
}

/// Prepares the distribution of a month, in place of one that the month has outrun.
async fn prepare(workspace: &Workspace, wanted: &Wanted, old: Option<u32>) -> Result<(JobState, Told)> {
    if let Some(number) = old {
        publish::withdraw(workspace, number, OUTRUN).await?;
        crash::reach(CrashPoint::DistributionOutrun);
    }
    let made = publish::prepare(workspace, wanted, || ()).await?;
    Ok((JobState::Waiting, ("JOB-051", made.distribution.number.to_string())))
}

/// Sends what was approved and has not left.
async fn send(workspace: &Workspace, number: u32) -> Result<(JobState, Told)> {
    let sent = publish::send(workspace, number, || ()).await?;
    let is = |state| sent.unsent.iter().any(|one| one.state == state);
    let number = number.to_string();
    if let Some(first) = sent.unsent.first() {
        return Ok(match first {
            _ if is(DeliveryState::Failed) => (JobState::Failed, ("JOB-060", number)),
            _ => (JobState::Partial, ("JOB-056", number)),
        });
    }
    let mailed = sent.mailed.unwrap_or_default();
    let is_left = mailed.waiting > 0 || mailed.unsent.iter().any(|one| is_to_be_sent(&one.mail));
    Ok(match mailed.unsent.is_empty() {
        _ if is_left => (JobState::Failed, ("JOB-061", number)),
        false => (JobState::Partial, ("JOB-062", number)),
        true => (JobState::Done, ("JOB-054", number)),
    })
}
