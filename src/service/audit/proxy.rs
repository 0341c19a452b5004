//! Proxy filings, and members who left as missing and are seen again (E6).

use anyhow::Result;

use super::{Ask, known_applications, local_stays};
use crate::domain::application::{ApplicationStatus, ApplicationVersion};
use crate::domain::as_of::Period;
use crate::domain::audit::proxy::{Reappearance, findings, reappearances};
use crate::domain::audit::{AuditCode, AuditFinding};
use crate::timeline::Evidence;

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
/// When the store or the timeline cannot be read.
pub(in crate::service) async fn audit(ask: &Ask<'_>) -> Result<ProxyAudit> {
    let allowed = &ask.workspace.config.audit.proxy_reasons;
    let mut filings: Vec<ProxyFiling> = known_applications(ask)
        .await?
        .into_values()
        .flatten()
        .filter(|version| {
            let application = &version.application;
            let is_open = application.status == ApplicationStatus::Pending;
            let of_period = application.effective_on.is_some_and(|day| ask.period.contains(day));
            (is_open || of_period) && ask.keeps(application.association)
        })
        .map(|version| ProxyFiling { codes: findings(&version.application, allowed), version })
        .filter(|filing| !filing.codes.is_empty())
        .collect();
    filings.sort_by_key(|filing| {
        let application = &filing.version.application;
        (application.effective_on, ask.rank(application.association), application.number.clone())
    });
    let stays = local_stays(ask.vintage, ask.vintage.known_at, Evidence::All)?;
    let mut reappeared: Vec<Reappearance> = stays
        .chunk_by(|a, b| a.physician == b.physician)
        .flat_map(reappearances)
        .filter(|one| ask.period.contains(one.left_on) || ask.period.contains(one.seen_on))
        .filter(|one| ask.keeps(one.missing.association) || ask.keeps(one.seen_in))
        .collect();
    reappeared.sort_by_key(|one| (one.seen_on, ask.rank(one.missing.association), one.missing.physician));
    Ok(ProxyAudit { period: ask.period, filings, reappeared })
}
