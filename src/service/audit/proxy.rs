//! Proxy filings, and members who left as missing and are seen again (E6).

use anyhow::Result;

use super::context::{AuditContext, rank};
use crate::domain::application::{ApplicationStatus, ApplicationVersion};
use crate::domain::as_of::Period;
use crate::domain::audit::proxy::{Reappearance, findings, reappearances};
use crate::domain::audit::{AuditCode, AuditFinding};
use crate::domain::enrolment::WithdrawalReason;
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;

/// An application that an association filed in the member's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyFiling {
    /// The application as known.
    pub version: ApplicationVersion,
    /// What is wrong with it, or that nothing is.
    pub codes: Vec<AuditCode>,
}

/// The proxy audit.
#[derive(Debug)]
pub struct ProxyAudit {
    /// Period, both ends inclusive.
    pub period: Period,
    /// Proxy filings with a 適用日 in the period, and those not approved whatever their day; by day, body, number.
    pub filings: Vec<ProxyFiling>,
    /// Members who left as missing, or are seen again, in the period.
    pub reappeared: Vec<Reappearance>,
}

/// What the proxy audits of all periods and areas are parts of.
#[derive(Debug)]
struct AllFilings {
    filings: Vec<ProxyFiling>,
    reappeared: Vec<Reappearance>,
}

impl ProxyAudit {
    /// One finding for each thing that is wrong, and for each filing that is in order.
    pub fn findings(&self) -> Vec<AuditFinding> {
        let filed = self.filings.iter().flat_map(|filing| filing.codes.iter().map(|code| of_filing(filing, *code)));
        filed.chain(self.reappeared.iter().map(of_reappearance)).collect()
    }
}

pub(super) fn of_filing(filing: &ProxyFiling, code: AuditCode) -> AuditFinding {
    let application = &filing.version.application;
    let reason = application.reason.label();
    let reason = if reason.is_empty() { "理由の記載なし" } else { reason };
    AuditFinding {
        before: application.effective_on,
        learnt_on: Some(filing.version.known_from),
        detail: format!("申請番号 {}、{reason}", application.number),
        ..AuditFinding::new(code, application.physician, Some(application.association))
    }
}

pub(super) fn of_reappearance(one: &Reappearance) -> AuditFinding {
    AuditFinding {
        other: Some(one.seen_in),
        before: Some(one.left_on),
        after: Some(one.seen_on),
        days: Some((one.seen_on - one.left_on).num_days()),
        ..AuditFinding::new(AuditCode::MissingReappeared, one.missing.physician, Some(one.missing.association))
    }
}

/// Audits the proxy filings of a period.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn audit(context: &AuditContext<'_>) -> Result<ProxyAudit> {
    let (vintage, allowed) = (context.vintage, context.proxy_reasons);
    let all = vintage.answers.of::<Filings>().0.get_or(allowed.to_vec(), || all(vintage, allowed))?;
    Ok(narrowed(&all, context))
}

/// Filings of a vintage by the reasons that are allowed.
#[derive(Debug, Default)]
struct Filings(Memo<Vec<WithdrawalReason>, AllFilings>);

/// Proxy filings and reappearances of all days, in all bodies.
///
/// # Errors
/// When the timeline cannot be read.
fn all(vintage: &Vintage, allowed: &[WithdrawalReason]) -> Result<AllFilings> {
    let versions = vintage.records()?.applications().iter();
    let mut filings: Vec<ProxyFiling> = versions
        .map(|version| (version, findings(&version.application, allowed)))
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(version, codes)| ProxyFiling { version: version.clone(), codes })
        .collect();
    filings.sort_by_key(|filing| {
        let application = &filing.version.application;
        (application.effective_on, rank(vintage, application.association), application.number.clone())
    });
    let stays = vintage.local_stays()?;
    let of_persons = stays.stays.chunk_by(|a, b| a.physician == b.physician);
    let mut reappeared: Vec<Reappearance> = of_persons.flat_map(reappearances).collect();
    reappeared.sort_by_key(|one| (one.seen_on, rank(vintage, one.missing.association), one.missing.physician));
    Ok(AllFilings { filings, reappeared })
}

/// Those of a period and an area: a filing that is still open whatever its day.
fn narrowed(all: &AllFilings, context: &AuditContext<'_>) -> ProxyAudit {
    let filings = all.filings.iter().filter(|filing| {
        let application = &filing.version.application;
        let is_open = application.status == ApplicationStatus::Pending;
        let of_period = application.effective_on.is_some_and(|day| context.period.contains(day));
        (is_open || of_period) && context.keeps(application.association)
    });
    let reappeared = all
        .reappeared
        .iter()
        .filter(|one| context.period.contains(one.left_on) || context.period.contains(one.seen_on))
        .filter(|one| context.keeps(one.missing.association) || context.keeps(one.seen_in));
    ProxyAudit {
        period: context.period,
        filings: filings.cloned().collect(),
        reappeared: reappeared.copied().collect(),
    }
}
