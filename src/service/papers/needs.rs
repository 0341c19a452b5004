//! What the parts of a paper need of the store: it is read before the first of them is built, and never by one of them.

use anyhow::Result;

use super::defined::find;
use super::request::{PaperRequest, Variant};
use crate::domain::report::Definition;
use crate::domain::report::{AgendaContent, Content, Part};
use crate::service::keep::Workspace;
use crate::service::known::area::{Area, Extent};
use crate::service::known::vintage::Vintage;

/// Narrows a vintage of which one paper is made, and nothing else, to the persons of whom that may tell. A paper about everybody,
/// and one with parts that look at everybody, leave it as it is; so does an area that nothing has the name of.
///
/// # Errors
/// When the timeline cannot be read.
pub fn narrow(vintage: &mut Vintage, all: &[Definition], request: &PaperRequest) -> Result<()> {
    let definition = find(all, &request.name)?;
    let parts = parts(all, &reports_of(definition));
    if request.area == Area::All || parts.is_empty() || !parts.into_iter().all(is_of_its_bodies) {
        return Ok(());
    }
    match Extent::new(&request.area, &vintage.associations, request.as_of) {
        Ok(extent) => vintage.narrow(&extent.bodies),
        Err(_) => Ok(()),
    }
}

/// Whether all that a part says of single persons follows from what is told of them in the bodies of the paper and, of those
/// very persons, elsewhere.
fn is_of_its_bodies(part: Part) -> bool {
    matches!(
        part,
        Part::PlannedWithdrawals
            | Part::WithdrawalSummary
            | Part::Withdrawals
            | Part::LateChanges
            | Part::ProxyFilings
            | Part::ChangedWithdrawals
            | Part::VanishedMembers
            | Part::FiledWithdrawals
            | Part::Adjustments
            | Part::ComingWithdrawals
            | Part::OverdueWithdrawals
    )
}

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

/// Ids of the reports that a definition is made of: itself, or those of its agenda.
fn reports_of(definition: &Definition) -> Vec<&str> {
    let Definition::Pack(pack) = definition else { return vec![definition.id()] };
    let items = pack.agenda.iter().flat_map(|group| &group.items);
    items
        .filter_map(|item| match &item.content {
            AgendaContent::Report(id) => Some(id.as_str()),
            _ => None,
        })
        .collect()
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
            | Part::ComingWithdrawals
            | Part::OverdueWithdrawals
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
            | Part::ComingWithdrawals
            | Part::OverdueWithdrawals
            | Part::TierBreaks
            | Part::Transfers
            | Part::UnmatchedTransfers
            | Part::ConcurrentEntries
            | Part::MovementLists
    )
}
