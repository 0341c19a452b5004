//! One ring of the bell.

use anyhow::Result;

use super::monthly_papers::MONTHLY_PAPERS;
use super::periods::{self, Present};
use super::schedule::Schedule;
use super::tick_report::TickReport;
use super::{attempt, distribution, meetings, routine, survey};
use crate::domain::ledger::JobState;
use crate::error::Failure;
use crate::service::intake::inbox;
use crate::service::keep::{Workspace, WriteLock, home};

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
    let present = Present::read(workspace).await?;
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
    if elsewhere.is_none() {
        survey::tick(workspace, &mut report).await?;
        meetings::tick(workspace, &mut report).await?;
        distribution::tick(workspace, &mut report).await?;
        routine::tick(workspace, lock, &mut report).await?;
    }
    Ok(report)
}
