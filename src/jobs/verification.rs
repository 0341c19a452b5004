//! 照合: everything that was kept, compared with the chain.

use anyhow::Result;

use super::tick_report::Told;
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::questions::verify::verify;

/// Findings that are named; more are counted.
const NAMED: usize = 3;

/// Compares everything, and tells the head of the chain.
///
/// # Errors
/// [`Failure`] JOB-045 with what is not as it was; when the store cannot be read.
pub(super) async fn compare(workspace: &Workspace) -> Result<Told> {
    let found = verify(workspace).await?;
    if found.well {
        return Ok(("JOB-043", found.head));
    }
    let named: Vec<String> =
        found.findings.iter().take(NAMED).map(|one| format!("{} {}", one.code, one.place)).collect();
    let more = found.findings.len().saturating_sub(NAMED);
    let named = if more > 0 { format!("{}, … +{more}", named.join(", ")) } else { named.join(", ") };
    Err(Failure::new(FailureKind::Data, "JOB-045", named).into())
}
