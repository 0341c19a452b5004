//! Movements between local bodies, inside a prefecture and across (R20, E2).

use anyhow::Result;

use super::context::AuditContext;
use crate::domain::as_of::Period;
use crate::domain::audit::transfers::{code, days_between};
use crate::domain::audit::{AuditCode, AuditFinding};
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::PhysicianId;
use crate::domain::pairing::transfers_of_person;
use crate::domain::transfer::{StayToPair, Transfer};
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;

/// A transfer with its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonTransfer {
    /// The person.
    pub physician: PhysicianId,
    /// The transfer.
    pub transfer: Transfer,
    /// What it asks for.
    pub code: AuditCode,
    /// Days without membership between exit and entry under the rule of the office; negative days overlap.
    pub days_between: Option<i64>,
}

impl PersonTransfer {
    /// The transfer as a finding.
    pub fn finding(&self) -> AuditFinding {
        let (exit, entry) = (self.transfer.exit, self.transfer.entry);
        let body = exit.or(entry).map(|(body, _)| body);
        AuditFinding {
            other: exit.and(entry).map(|(body, _)| body),
            before: exit.map(|(_, day)| day),
            after: entry.map(|(_, day)| day),
            days: self.days_between,
            detail: self.transfer.kind.label().to_string(),
            ..AuditFinding::new(self.code, self.physician, body)
        }
    }
}

/// The transfer audit.
#[derive(Debug)]
pub struct TransferAudit {
    /// Period, both ends inclusive: a transfer belongs to it when its exit or its entry does.
    pub period: Period,
    /// Transfers by kind, day, person; one concerns the area when either of its bodies does.
    pub transfers: Vec<PersonTransfer>,
}

/// All transfers of a vintage; there is one list.
#[derive(Debug, Default)]
struct AllTransfers(Memo<(), Vec<PersonTransfer>>);

/// Audits the transfers of a period.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn audit(context: &AuditContext<'_>) -> Result<TransferAudit> {
    let known = context.vintage.answers.of::<AllTransfers>().0.get_or((), || all(context.vintage))?;
    let transfers = known.iter().filter(|one| concerns(context, &one.transfer)).copied().collect();
    Ok(TransferAudit { period: context.period, transfers })
}

/// Whether either half of a transfer is of the period, and either of the bodies asked for.
fn concerns(context: &AuditContext<'_>, transfer: &Transfer) -> bool {
    let mut halves = transfer.exit.iter().chain(&transfer.entry);
    transfer.days().any(|day| context.period.contains(day)) && halves.any(|(body, _)| context.keeps(*body))
}

/// The transfers of all persons, of all days and bodies.
fn all(vintage: &Vintage) -> Result<Vec<PersonTransfer>> {
    let stays = vintage.local_stays()?;
    let mut found = Vec::new();
    for group in stays.stays.chunk_by(|a, b| a.physician == b.physician) {
        found.extend(of_person(vintage, group).into_iter().map(|transfer| PersonTransfer {
            physician: group[0].physician,
            transfer,
            code: code(&transfer, vintage.rule, vintage.known_at),
            days_between: days_between(&transfer, vintage.rule),
        }));
    }
    found.sort_by_key(|one| (one.transfer.kind, one.transfer.days().max(), one.physician));
    Ok(found)
}

/// All transfers of one person.
pub(super) fn of_person(vintage: &Vintage, stays: &[KnownStay]) -> Vec<Transfer> {
    let of_person: Vec<StayToPair> =
        stays.iter().filter_map(|stay| StayToPair::of(stay, &vintage.associations)).collect();
    transfers_of_person(&of_person, &vintage.associations, vintage.known_at, vintage.rule)
}
