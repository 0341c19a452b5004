//! Audits: what a person should look at, by kind, period and area (E1–E7).
//!
//! One computation serves the command line and the papers. Each kind has a file of its own that gathers the facts; the
//! rules stand in `domain::audit`. Figures are about the local tier unless the audit is about tiers; people stand in
//! official order of their bodies, then by day. Start reading at [`run`].

pub mod certain_future;
mod context;
mod difference;
mod export;
mod filed_lines;
mod kind;
mod late;
mod line;
mod proxy;
mod sources;
mod tiers;
mod transfers;
mod watch;
mod withdrawals;

use anyhow::Result;

use crate::domain::as_of::{AsOf, Period};
use crate::domain::association::Tier;
use crate::service::keep::Workspace;
use crate::service::known::area::{Area, Extent};
use crate::service::known::identity;
use crate::service::known::vintage::Vintage;
use late::GivenOutOtherwise;

pub(in crate::service) use context::AuditContext;
pub use difference::{DifferenceAudit, mamis_difference};
pub use export::{csv, workbook};
pub use kind::AuditKind;
pub use late::{ChangedFigure, LateAudit, LateFinding};
pub use line::{AuditLine, Audited, LinePeople, people};
pub use proxy::{ProxyAudit, ProxyFiling};
pub use tiers::{PersonBreak, TierAudit};
pub use transfers::{PersonTransfer, TransferAudit};
pub use watch::watched_counts;
pub use withdrawals::{PendingWithdrawal, WithdrawalAudit, pending_withdrawals};

/// What an audit is asked for.
#[derive(Debug, Clone)]
pub struct AuditRequest {
    /// Which audit.
    pub kind: AuditKind,
    /// 基準日: states of withdrawals are those of this day.
    pub as_of: AsOf,
    /// Both ends inclusive.
    pub period: Period,
    /// Which bodies it is about.
    pub area: Area,
}

/// Reads what an audit needs of the store, and runs it.
///
/// # Errors
/// [`Failure`](crate::error::Failure) QRY-004 for an area that names nothing; when the store or the timeline cannot be
/// read.
pub async fn run(workspace: &Workspace, vintage: &Vintage, request: &AuditRequest) -> Result<Audited> {
    let area = Extent::new(&request.area, &vintage.associations, request.as_of)?;
    let proxy_reasons = &workspace.config.audit.proxy_reasons;
    let (as_of, period) = (request.as_of, request.period);
    let context = AuditContext { vintage, proxy_reasons, as_of, period, area: &area };
    if !matches!(request.kind, AuditKind::Transfers | AuditKind::MamisDifference) {
        vintage.read_records(workspace).await?;
    }
    let mut terms = None;
    let lines = match request.kind {
        AuditKind::Withdrawals => {
            let disagree = sources::contradictions(&context, |tier| tier == Tier::Local)?;
            line::of_withdrawals(&context, &withdrawals::audit(&context)?, disagree)
        }
        AuditKind::Late => {
            let given_out = GivenOutOtherwise::read(workspace, vintage).await?;
            line::of_late(&late::audit_beside(&given_out, &context)?)
        }
        AuditKind::Proxy => line::of_proxy(&proxy::audit(&context)?),
        AuditKind::Transfers => line::of_transfers(&context, &transfers::audit(&context)?),
        AuditKind::Tiers => {
            line::of_tiers(&tiers::audit(&context)?, sources::contradictions(&context, |tier| tier != Tier::Local)?)
        }
        AuditKind::MamisDifference => {
            let audit = mamis_difference(vintage)?.within(|body| context.keeps(body));
            let lines = line::of_difference(&audit);
            terms = Some(audit);
            lines
        }
        AuditKind::Applications => filed_lines::of_applications(&context, &withdrawals::audit(&context)?)?,
        AuditKind::Adjustments => filed_lines::of_adjustments(&context)?,
        AuditKind::SamePersons => {
            filed_lines::of_same_persons(&context, &identity::persons(workspace, vintage).await?)?
        }
    };
    let needs_person = lines.iter().any(|line| line.finding.needs_person())
        || terms.as_ref().is_some_and(|audit| audit.total.remainder() != 0);
    Ok(Audited { kind: request.kind, lines, terms, needs_person })
}

/// The audits as the builders of papers ask for them.
pub(in crate::service) mod of_paper {
    pub(in crate::service) use super::late::audit as late;
    pub(in crate::service) use super::proxy::audit as proxy;
    pub(in crate::service) use super::tiers::audit as tiers;
    pub(in crate::service) use super::transfers::audit as transfers;
    pub(in crate::service) use super::watch::{Watched, watched};
    pub(in crate::service) use super::withdrawals::{audit as withdrawals, planned};
}
