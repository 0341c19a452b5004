//! 消去: what was kept for as long as the settings say goes.

use anyhow::Result;
use chrono::Days;

use super::tick_report::Told;
use crate::clock::tokyo_day;
use crate::error::{Failure, FailureKind};
use crate::service::keep::{Workspace, WriteLock, ledger};
use crate::service::purge::run::purge_under;

/// Why, as the record of purges has it.
const REASON: &str = "保存日数（定時）";

/// Days since the newest file after which nothing goes by itself: what is gone cannot be brought back once a clock that was ahead is
/// put right, and an office that takes in a file a month is never so far behind.
const MOST_SILENCE: Days = Days::new(100);

/// Removes what is to go, and tells the number of its record.
///
/// # Errors
/// As `kaiin purge --confirm`; what it has left is finished by the next try. [`Failure`] JOB-048 where the clock may be ahead.
pub(super) async fn purge(workspace: &Workspace, lock: &WriteLock) -> Result<Told> {
    let newest = ledger::telling_days(workspace).await?.last().copied();
    if let Some(newest) = newest.filter(|day| *day + MOST_SILENCE < tokyo_day(workspace.clock.now())) {
        return Err(Failure::new(FailureKind::Environment, "JOB-048", newest.to_string()).into());
    }
    let report = purge_under(workspace, lock, REASON).await?;
    Ok(report.number.map_or_else(|| ("JOB-047", String::new()), |number| ("JOB-046", number.to_string())))
}
