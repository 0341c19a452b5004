//! What the parts of a paper need of the store: it is read before the first of them is built, and never by one of them.

use anyhow::Result;

use super::request::Variant;
use crate::domain::report::Definition;
use crate::domain::report::{Content, Part};
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;

/// Reads what a paper needs and no paper of the vintage has needed before.
///
/// # Errors
/// When the store cannot be read, or has taken in something since the vintage was.
pub(super) async fn read(
    workspace: &Workspace,
    vintage: &Vintage,
    all: &[Definition],
    reports: &[&str],
    variant: Variant,
) -> Result<()> {
    let parts = parts(all, reports);
    if parts.iter().copied().any(needs_records) {
        vintage.read_records(workspace).await?;
    }
    if variant == Variant::Internal && parts.iter().copied().any(names_people) {
        vintage.read_names(workspace).await?;
    }
    Ok(())
}

/// The parts of reports.
fn parts(all: &[Definition], reports: &[&str]) -> Vec<Part> {
    let contents = all.iter().filter(|one| reports.contains(&one.id())).flat_map(|definition| match definition {
        Definition::Report(report) => report.contents.iter().chain(&report.of_one_body).collect(),
        Definition::Pack(_) => Vec::new(),
    });
    let part = |content: &Content| match content {
        Content::Part(part) => Some(*part),
        Content::Table(_) => None,
    };
    contents.filter_map(part).collect()
}

/// Whether a part tells of applications, adjustments or findings.
fn needs_records(part: Part) -> bool {
    matches!(
        part,
        Part::WithdrawalSummary
            | Part::Withdrawals
            | Part::LateChanges
            | Part::ProxyFilings
            | Part::ChangedWithdrawals
            | Part::VanishedMembers
            | Part::FiledWithdrawals
            | Part::Adjustments
    )
}

/// Whether a part lists people by name in the internal variant.
fn names_people(part: Part) -> bool {
    matches!(
        part,
        Part::PlannedWithdrawals
            | Part::MamisDifference
            | Part::Withdrawals
            | Part::LateChanges
            | Part::ProxyFilings
            | Part::ChangedWithdrawals
            | Part::VanishedMembers
            | Part::FiledWithdrawals
            | Part::Adjustments
            | Part::TierBreaks
            | Part::Transfers
            | Part::UnmatchedTransfers
            | Part::ConcurrentEntries
            | Part::MovementLists
    )
}
