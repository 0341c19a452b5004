//! The ledger of withdrawals with what exports took back or lost (R22, R5, R6; E1).

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;

use super::context::{AuditContext, is_local, rank};
use super::transfers;
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::{AsOf, Period};
use crate::domain::audit::withdrawal_state::WithdrawalState;
use crate::domain::audit::withdrawals::{LagStatistics, PersonFacts, Withdrawal, lag_statistics, withdrawals};
use crate::domain::audit::{AuditFinding, CheckCode};
use crate::domain::enrolment::{KnownStay, ReportedBy};
use crate::domain::finding::FindingCode;
use crate::domain::finding::KnownFinding;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::transfer::TransferKind;
use crate::service::known::corrections;
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;
use crate::timeline::Evidence;

/// The withdrawal audit.
#[derive(Debug)]
pub struct WithdrawalAudit {
    /// Period, both ends inclusive.
    pub period: Period,
    /// Withdrawals with a 退会日 or 適用日 in the period, and open ones whatever their day; by day, body, person.
    pub withdrawals: Vec<Withdrawal>,
    /// 退会日 that vanished or moved, by exports of the period.
    pub changed: Vec<KnownFinding>,
    /// Members that the newest export no longer shows.
    pub vanished: Vec<KnownFinding>,
    /// Persons and bodies with a cancelled withdrawal among the applications: their vanished 退会日 is a 退会取消 (R5).
    pub cancelled: Arc<BTreeSet<(PhysicianId, AssociationId)>>,
}

impl WithdrawalAudit {
    /// How late those became known that end a membership.
    pub fn lags(&self) -> LagStatistics {
        lag_statistics(self.counted().map(|one| one.lag_days))
    }

    /// Withdrawals that end a membership: those that figures count.
    pub fn counted(&self) -> impl Iterator<Item = &Withdrawal> {
        self.withdrawals.iter().filter(|one| one.counts())
    }

    /// One finding for each withdrawal, then those of exports.
    pub fn findings(&self) -> Vec<AuditFinding> {
        let of_exports = self.changed.iter().chain(&self.vanished).map(|known| self.of_export(known));
        self.withdrawals.iter().map(of_withdrawal).chain(of_exports).collect()
    }

    fn of_export(&self, known: &KnownFinding) -> AuditFinding {
        let finding = &known.finding;
        let is_cancelled = finding.association.is_some_and(|body| self.cancelled.contains(&(finding.physician, body)));
        let (before, after, detail) = match finding.code {
            FindingCode::WithdrawalMoved => {
                let earlier = finding.date_before.map_or(String::new(), |day| format!("前の退会日 {day}"));
                (finding.date_after, None, earlier)
            }
            FindingCode::WithdrawalVanished if is_cancelled => (finding.date_before, None, "退会取消の申請あり".into()),
            FindingCode::WithdrawalVanished => (finding.date_before, None, String::new()),
            _ => (None, finding.date_before, String::new()),
        };
        AuditFinding {
            before,
            after,
            learnt_on: Some(known.known_from),
            detail,
            ..AuditFinding::new(CheckCode::Finding(finding.code), finding.physician, finding.association)
        }
    }
}

fn of_withdrawal(withdrawal: &Withdrawal) -> AuditFinding {
    let mut parts = vec![withdrawal.reason.label().to_string()];
    if let Some(application) = withdrawal.application() {
        parts.push(application.filer.label().to_string());
    }
    match withdrawal.stay {
        _ if withdrawal.left_on.is_none() => parts.push("適用日不明".to_string()),
        None => parts.push("会員一覧に在籍なし".to_string()),
        Some(stay) if withdrawal.counts() && stay.told.left_on != ReportedBy::Export => {
            parts.push(format!("{}だけで判明", stay.told.left_on.label()));
        }
        Some(_) => {}
    }
    parts.retain(|part| !part.is_empty());
    AuditFinding {
        before: withdrawal.left_on,
        after: withdrawal.stay.and_then(|stay| stay.joined_on),
        learnt_on: Some(withdrawal.recorded_on),
        days: withdrawal.lag_days,
        detail: parts.join("、"),
        ..AuditFinding::new(withdrawal.audit_code(), withdrawal.physician, Some(withdrawal.association))
    }
}

/// The ledger of withdrawals by as-of day.
#[derive(Debug, Default)]
struct Ledgers(Memo<AsOf, Vec<Withdrawal>>);

/// Audits the withdrawals of a period: those of the ledger, and what exports took back or lost.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn audit(context: &AuditContext<'_>) -> Result<WithdrawalAudit> {
    let (vintage, as_of) = (context.vintage, context.as_of);
    let ledger = vintage.answers.of::<Ledgers>().0.get_or(as_of, || ledger(vintage, as_of))?;
    let mut all: Vec<Withdrawal> = ledger.iter().filter(|one| concerns(context, one)).cloned().collect();
    all.sort_by_key(|one| {
        (one.left_on.is_none(), one.left_on, context.rank(one.association), one.physician, one.state)
    });
    let mut changed = open_findings(context, &[FindingCode::WithdrawalVanished, FindingCode::WithdrawalMoved])?;
    changed.retain(|known| context.period.contains(known.known_from));
    let vanished = open_findings(context, &[FindingCode::OpenStayVanished])?;
    let cancelled = corrections::cancelled_withdrawals(vintage)?;
    Ok(WithdrawalAudit { period: context.period, withdrawals: all, changed, vanished, cancelled })
}

/// Whether a withdrawal is of the bodies asked for, and open or of the period.
fn concerns(context: &AuditContext<'_>, one: &Withdrawal) -> bool {
    let is_of_period = one.is_open() || one.period_day().is_some_and(|day| context.period.contains(day));
    is_of_period && context.keeps(one.association)
}

/// Open findings of some kinds about local bodies that are asked for.
fn open_findings(context: &AuditContext<'_>, codes: &[FindingCode]) -> Result<Vec<KnownFinding>> {
    let is_here = |body: AssociationId| context.keeps(body) && is_local(context.vintage, body);
    let findings = corrections::open_findings(context.vintage)?;
    let of_kinds = findings.iter().filter(|known| codes.contains(&known.finding.code));
    Ok(of_kinds.filter(|known| known.finding.association.is_some_and(is_here)).cloned().collect())
}

/// All withdrawals that are known, of all periods and bodies, by person.
fn ledger(vintage: &Vintage, as_of: AsOf) -> Result<Vec<Withdrawal>> {
    let first = vintage.first_exports();
    // What somebody filed may have been told long before; only what the first export told has no day.
    let first_export = |stay: &KnownStay| -> Option<NaiveDate> {
        first.get(&stay.source).copied().filter(|_| stay.told.left_on == ReportedBy::Export)
    };
    let stays = vintage.local_stays()?;
    Ok(of_persons(vintage, as_of, &stays.stays, vintage.records()?.applications(), first_export))
}

/// The withdrawals of persons with their local stays and applications, both by person: first those with stays.
fn of_persons(
    vintage: &Vintage,
    as_of: AsOf,
    stays: &[KnownStay],
    applications: &[ApplicationVersion],
    first_export: impl Fn(&KnownStay) -> Option<NaiveDate>,
) -> Vec<Withdrawal> {
    let person = |version: &ApplicationVersion| version.application.physician;
    let mut others = applications.chunk_by(|a, b| person(a) == person(b)).peekable();
    let mut without_stays: Vec<&[ApplicationVersion]> = Vec::new();
    let mut out = Vec::new();
    for of_person in stays.chunk_by(|a, b| a.physician == b.physician) {
        let physician = of_person[0].physician;
        while let Some(own) = others.next_if(|own| person(&own[0]) < physician) {
            without_stays.push(own);
        }
        let own = others.next_if(|own| person(&own[0]) == physician).unwrap_or_default();
        let kept = without_reorganised(vintage, of_person);
        let facts = PersonFacts { stays: &kept, applications: own };
        out.extend(withdrawals(facts, as_of, vintage.rule, &first_export));
    }
    for own in without_stays.into_iter().chain(others) {
        let facts = PersonFacts { stays: &[], applications: own };
        out.extend(withdrawals(facts, as_of, vintage.rule, &first_export));
    }
    out
}

/// A withdrawal that was filed and not approved, its day ahead or not given (保留).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingWithdrawal {
    /// The body.
    pub association: AssociationId,
    /// The first day that would no longer count; `None` where no 適用日 is given.
    pub ends_on: Option<NaiveDate>,
    /// Whether it is a death, which the ledger tells apart from 保留 wherever it tells deaths (R22).
    pub is_death: bool,
}

/// The withdrawals of the ledger that are 保留, and the deaths that would be but for their reason, for forecasts: nothing is asked of the store.
///
/// # Errors
/// When the timeline cannot be read.
pub fn pending_withdrawals(vintage: &Vintage, as_of: AsOf) -> Result<Arc<Vec<PendingWithdrawal>>> {
    vintage.answers.of::<Pending>().0.get_or(as_of, || find_pending(vintage, as_of))
}

/// Withdrawals filed and not approved, by as-of day.
#[derive(Debug, Default)]
struct Pending(Memo<AsOf, Vec<PendingWithdrawal>>);

fn find_pending(vintage: &Vintage, as_of: AsOf) -> Result<Vec<PendingWithdrawal>> {
    let stays_as = vintage.stays_as()?;
    let mut applications: Vec<ApplicationVersion> =
        vintage.timeline()?.applications(vintage.known_at)?.cloned().collect();
    for version in &mut applications {
        let person = &mut version.application.physician;
        *person = stays_as.get(person).copied().unwrap_or(*person);
    }
    applications.sort_by_key(|version| version.application.physician);
    let mut persons: Vec<PhysicianId> = applications.iter().map(|version| version.application.physician).collect();
    persons.dedup();
    let mut stays = vintage.timeline()?.stays_of(&persons, vintage.known_at, Evidence::All)?;
    stays.retain(|stay| is_local(vintage, stay.association));
    stays.sort_by_key(|stay| (stay.physician, stay.association, stay.enrolment));
    let ledger = of_persons(vintage, as_of, &stays, &applications, |_| None);
    let pending = ledger.iter().filter(|one| one.state_without_reason(as_of, vintage.rule) == WithdrawalState::Pending);
    Ok(pending
        .map(|one| PendingWithdrawal {
            association: one.association,
            ends_on: one.left_on.map(|day| vintage.rule.ended_on(day)),
            is_death: one.state == WithdrawalState::Death,
        })
        .collect())
}

/// The stays of a person without the 退会日 that a merger or division gave them: 組織変更 is no 退会 (R16).
fn without_reorganised(vintage: &Vintage, of_person: &[KnownStay]) -> Vec<KnownStay> {
    let associations = &vintage.associations;
    let has_heir =
        |stay: &KnownStay| associations.get(stay.association).is_some_and(|body| !body.successors.is_empty());
    if !of_person.iter().any(|stay| stay.left_on.is_some() && has_heir(stay)) {
        return of_person.to_vec();
    }
    let passed_on: BTreeSet<(AssociationId, NaiveDate)> = transfers::of_person(vintage, of_person)
        .into_iter()
        .filter(|movement| movement.kind == TransferKind::Reorganised)
        .filter_map(|movement| movement.exit)
        .collect();
    let ended_on = |stay: &KnownStay| {
        let last = associations.get(stay.association).and_then(|body| body.valid_to);
        stay.left_on.map(|left_on| last.map_or(left_on, |last| last.min(left_on)))
    };
    of_person
        .iter()
        .map(|stay| match ended_on(stay) {
            Some(day) if passed_on.contains(&(stay.association, day)) => {
                KnownStay { left_on: None, left_known_from: None, left_shown_from: None, ..*stay }
            }
            _ => *stay,
        })
        .collect()
}

/// Planned withdrawals by as-of day.
#[derive(Debug, Default)]
struct Planned(Memo<AsOf, Vec<KnownStay>>);

/// Members on the as-of day whose withdrawal day is known, the as-of day itself included when it counts; by 退会日, body,
/// person.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn planned(context: &AuditContext<'_>) -> Result<Vec<KnownStay>> {
    let (vintage, as_of) = (context.vintage, context.as_of);
    let all = vintage.answers.of::<Planned>().0.get_or(as_of, || find_planned(vintage, as_of))?;
    Ok(all.iter().filter(|stay| context.keeps(stay.association)).copied().collect())
}

fn find_planned(vintage: &Vintage, as_of: AsOf) -> Result<Vec<KnownStay>> {
    let stays = vintage.local_stays()?;
    let mut out: Vec<KnownStay> = stays
        .stays
        .iter()
        .filter(|stay| stay.joined_on.is_some_and(|joined| joined <= as_of.0))
        .filter(|stay| vintage.associations.get(stay.association).is_none_or(|body| body.exists_on(as_of.0)))
        .filter(|stay| stay.left_on.is_some_and(|left| as_of.0 < vintage.rule.ended_on(left)))
        .copied()
        .collect();
    out.sort_by_key(|stay| (stay.left_on, rank(vintage, stay.association), stay.physician));
    Ok(out)
}
