//! Audits: what a person should look at, by kind, period and area (E1–E7).
//!
//! One computation serves the command line and the papers. Each kind has a file of its own that gathers the facts; the
//! rules stand in `domain::audit`. Figures are about the local tier unless the audit is about tiers; people stand in
//! official order of their bodies, then by day. Start reading at [`run`].

pub mod certain_future;
mod difference;
mod export;
mod late;
mod line;
mod proxy;
mod sources;
mod tiers;
mod transfers;
mod withdrawals;

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::{AsOf, KnownAt, Period};
use crate::domain::association::Tier;
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::layout::FileKind;
use crate::service::keep::Workspace;
use crate::service::known::area::Extent;
use crate::service::known::vintage::Vintage;
use crate::timeline::Evidence;

pub use crate::service::known::area::Area;
pub use crate::store::{KnownFinding, KnownPerson};
pub use difference::{DifferenceAudit, code as difference_code, mamis_difference};
pub use export::{csv, workbook};
pub use late::{ChangedFigure, LateAudit, LateFinding};
pub use line::{Line, LinePeople, people};
pub use proxy::{ProxyAudit, ProxyFiling};
pub use tiers::{PersonBreak, TierAudit};
pub use transfers::{PersonTransfer, TransferAudit};
pub use withdrawals::{PendingWithdrawal, WithdrawalAudit, pending_withdrawals, planned_withdrawals};

/// The kinds of audits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditKind {
    /// Withdrawals in their six states (R22).
    Withdrawals,
    /// Late and backdated changes, with the figures that they change (E5).
    Late,
    /// Proxy filings (E6).
    Proxy,
    /// Movements (R20).
    Transfers,
    /// Tier inclusion and cascade (R21).
    Tiers,
    /// The MAMIS difference (R15).
    MamisDifference,
    /// Withdrawals as they were filed, and what disagrees.
    Applications,
    /// Adjustments that hold.
    Adjustments,
    /// Candidates for one person under two numbers.
    SamePersons,
}

impl AuditKind {
    /// Machine name, as on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Withdrawals => "withdrawals",
            Self::Late => "late",
            Self::Proxy => "proxy",
            Self::Transfers => "transfers",
            Self::Tiers => "tiers",
            Self::MamisDifference => "mamis-difference",
            Self::Applications => "applications",
            Self::Adjustments => "adjustments",
            Self::SamePersons => "same-persons",
        }
    }

    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Withdrawals => "退会・転出・死亡",
            Self::Late => "遅れて分かった異動",
            Self::Proxy => "代理申請",
            Self::Transfers => "異動",
            Self::Tiers => "三層の整合",
            Self::MamisDifference => "MAMISの表示との差異",
            Self::Applications => "退会申請",
            Self::Adjustments => "調整",
            Self::SamePersons => "同一人物の候補",
        }
    }
}

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

/// A finished audit.
#[derive(Debug)]
pub struct Audited {
    /// Which audit.
    pub kind: AuditKind,
    /// One line for each finding.
    pub lines: Vec<Line>,
    /// The law of R15: all bodies, then each; only of the MAMIS difference.
    pub terms: Option<DifferenceAudit>,
    /// Whether a person must look at something.
    pub needs_person: bool,
}

/// What every audit is made from.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct Ask<'a> {
    pub(in crate::service) workspace: &'a Workspace,
    pub(in crate::service) vintage: &'a Vintage,
    pub(in crate::service) as_of: AsOf,
    pub(in crate::service) period: Period,
    pub(in crate::service) area: &'a Extent,
}

impl Ask<'_> {
    /// Whether the audit is about a body.
    pub(in crate::service) fn keeps(&self, id: AssociationId) -> bool {
        self.vintage.associations.rank(id).is_some_and(|rank| self.area.keeps_rank(rank))
    }

    /// Place of a body in official order.
    fn rank(&self, id: AssociationId) -> usize {
        rank(self.vintage, id)
    }
}

/// Runs an audit.
///
/// # Errors
/// [`Failure`](crate::error::Failure) QRY-004 for an area that names nothing; when the store or the timeline cannot be
/// read.
pub async fn run(workspace: &Workspace, vintage: &Vintage, request: &AuditRequest) -> Result<Audited> {
    let area = Extent::new(&request.area, &vintage.associations, request.as_of)?;
    let ask = Ask { workspace, vintage, as_of: request.as_of, period: request.period, area: &area };
    let mut terms = None;
    let lines = match request.kind {
        AuditKind::Withdrawals => {
            let disagree = sources::contradictions(&ask, |tier| tier == Tier::Local).await?;
            line::of_withdrawals(&ask, &withdrawals::audit(&ask).await?, disagree)
        }
        AuditKind::Late => line::of_late(&late::audit(&ask).await?),
        AuditKind::Proxy => line::of_proxy(&proxy::audit(&ask).await?),
        AuditKind::Transfers => line::of_transfers(&ask, &transfers::audit(&ask)?),
        AuditKind::Tiers => {
            line::of_tiers(&tiers::audit(&ask)?, sources::contradictions(&ask, |tier| tier != Tier::Local).await?)
        }
        AuditKind::MamisDifference => {
            let audit = mamis_difference(vintage)?.within(|body| ask.keeps(body));
            let lines = line::of_difference(&audit);
            terms = Some(audit);
            lines
        }
        AuditKind::Applications => line::of_applications(&ask, &withdrawals::audit(&ask).await?).await?,
        AuditKind::Adjustments => line::of_adjustments(&ask).await?,
        AuditKind::SamePersons => line::of_same_persons(&ask).await?,
    };
    let needs_person = lines.iter().any(|line| line.finding.needs_person())
        || terms.as_ref().is_some_and(|audit| audit.total.remainder != 0);
    Ok(Audited { kind: request.kind, lines, terms, needs_person })
}

/// The audits as the builders of papers ask for them.
pub(in crate::service) mod of_paper {
    pub(in crate::service) use super::late::audit_of_paper as late;
    pub(in crate::service) use super::proxy::audit as proxy;
    pub(in crate::service) use super::tiers::audit as tiers;
    pub(in crate::service) use super::transfers::audit as transfers;
    pub(in crate::service) use super::withdrawals::audit as withdrawals;
}

/// Local stays as known, each joined or pending, by physician and body.
fn local_stays(vintage: &Vintage, known_at: KnownAt, evidence: Evidence) -> Result<Vec<KnownStay>> {
    let is_local = |id: AssociationId| vintage.associations.get(id).is_some_and(|body| body.tier == Tier::Local);
    Ok(vintage.timeline.stays(known_at, evidence, is_local)?)
}

fn rank(vintage: &Vintage, id: AssociationId) -> usize {
    vintage.associations.rank(id).unwrap_or(usize::MAX)
}

/// The day of the first export of each source up to known-at: what it tells has been so for nobody knows how long.
async fn first_exports(ask: &Ask<'_>) -> Result<BTreeMap<SourceId, NaiveDate>> {
    let mut out: BTreeMap<SourceId, NaiveDate> = BTreeMap::new();
    for import in ask.workspace.store.imports().await? {
        if import.kind == FileKind::Members && import.stands() && import.known_on <= ask.vintage.known_at.0 {
            let first = out.entry(import.source).or_insert(import.known_on);
            *first = import.known_on.min(*first);
        }
    }
    Ok(out)
}

/// The number that stays of each that was given up, as known.
fn stays_as(vintage: &Vintage) -> BTreeMap<PhysicianId, PhysicianId> {
    vintage.timeline.same_persons(vintage.known_at).into_iter().collect()
}

/// Applications as known, under the number that stays, by person.
async fn known_applications(ask: &Ask<'_>) -> Result<BTreeMap<PhysicianId, Vec<ApplicationVersion>>> {
    let known_at = ask.vintage.known_at;
    let stays_as = stays_as(ask.vintage);
    let mut out: BTreeMap<PhysicianId, Vec<ApplicationVersion>> = BTreeMap::new();
    let take = |mut version: ApplicationVersion| {
        if version.known_on(known_at.0) {
            let person = version.application.physician;
            version.application.physician = stays_as.get(&person).copied().unwrap_or(person);
            out.entry(version.application.physician).or_default().push(version);
        }
    };
    ask.workspace.store.each_application(take).await?;
    Ok(out)
}
