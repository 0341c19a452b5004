//! 消去: what was kept for as long as the settings say goes.

use anyhow::Result;

use super::tick_report::Told;
use crate::service::keep::{Workspace, WriteLock};
use crate::service::purge::run::purge_under;

/// Why, as the record of purges has it.
const REASON: &str = "保存日数（定時）";

/// Removes what is to go, and tells the number of its record.
///
/// # Errors
/// As `kaiin purge --confirm`; what it has left is finished by the next try.
pub(super) async fn purge(workspace: &Workspace, lock: &WriteLock) -> Result<Told> {
    let report = purge_under(workspace, lock, REASON).await?;
    Ok(report.number.map_or_else(|| ("JOB-047", String::new()), |number| ("JOB-046", number.to_string())))
}
