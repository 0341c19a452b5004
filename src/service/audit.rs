//! Audits: withdrawals (R22 as far as the member file tells), transfers (R20) and the MAMIS difference (R15).
//!
//! One computation serves the command line and the papers. Figures are about the local tier; people stand in
//! official order of their bodies, then by day and number.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::query::Knowledge;
use super::{Workspace, corrections};
use crate::domain::as_of::{AsOf, KnownAt, Period, WithdrawalDayRule};
use crate::domain::association::Tier;
use crate::domain::difference::{DifferenceCause, DifferencePerson, DifferenceTerms, StayOnExportDay, difference};
use crate::domain::enrolment::{KnownStay, WithdrawalReason};
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::layout::FileKind;
use crate::domain::transfer::{LocalStay, Movement, movements};

use crate::timeline::Voices;

pub use crate::store::{KnownFinding, KnownPerson};

/// State of a withdrawal, as far as the member file tells (R22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WithdrawalState {
    /// 承認済・過去.
    Past,
    /// 承認済・未来.
    Ahead,
    /// 死亡.
    Death,
}

impl WithdrawalState {
    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Past => "承認済・過去",
            Self::Ahead => "承認済・未来",
            Self::Death => "死亡",
        }
    }

    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Past => "approved_past",
            Self::Ahead => "approved_future",
            Self::Death => "death",
        }
    }
}

/// One withdrawal from a local body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal {
    /// The stay that ends.
    pub stay: KnownStay,
    /// 退会日.
    pub left_on: NaiveDate,
    /// State on the as-of day.
    pub state: WithdrawalState,
    /// The newest export that still counted the person after the 退会日: its published figures were too high.
    pub overtaken_export: Option<NaiveDate>,
    /// Days from the 退会日 to the export that first showed it; `None` when it was announced before.
    pub lag_days: Option<i64>,
}

/// The withdrawal audit.
#[derive(Debug)]
pub struct WithdrawalAudit {
    /// Period, both ends inclusive.
    pub period: Period,
    /// Withdrawals with a 退会日 in the period.
    pub withdrawals: Vec<Withdrawal>,
    /// Withdrawals that exports of the period showed first, although an earlier export had still counted the
    /// person after the 退会日: figures of that export were too high.
    pub late: Vec<Withdrawal>,
    /// 退会日 that vanished or moved, by exports of the period.
    pub changed: Vec<KnownFinding>,
    /// Members that the newest export no longer shows.
    pub vanished: Vec<KnownFinding>,
    /// Persons and bodies with a cancelled withdrawal among the applications: their vanished 退会日 is a 退会取消 (R5).
    pub cancelled: BTreeSet<(PhysicianId, AssociationId)>,
}

impl WithdrawalAudit {
    /// Whether a person should look at something.
    pub fn needs_person(&self) -> bool {
        !self.changed.is_empty() || !self.vanished.is_empty() || !self.late.is_empty()
    }
}

/// A movement with its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonMovement {
    /// The person.
    pub physician: PhysicianId,
    /// The movement.
    pub movement: Movement,
}

/// The transfer audit.
#[derive(Debug)]
pub struct TransferAudit {
    /// Period, both ends inclusive: a movement belongs to it when its exit or its entry does.
    pub period: Period,
    /// Movements by kind, day, number.
    pub movements: Vec<PersonMovement>,
}

/// The MAMIS difference of an export day.
#[derive(Debug)]
pub struct DifferenceAudit {
    /// The export day.
    pub export_day: NaiveDate,
    /// Terms by body in official order; bodies without anything are left out.
    pub bodies: Vec<(AssociationId, DifferenceTerms)>,
    /// Sum over all bodies.
    pub total: DifferenceTerms,
    /// The people behind the difference, by cause, body, day.
    pub people: Vec<DifferencePerson>,
}

/// Local stays as known, each joined or pending.
fn local_stays(knowledge: &Knowledge, known_at: KnownAt, voices: Voices) -> Result<Vec<KnownStay>> {
    let is_local = |id: AssociationId| knowledge.associations.get(id).is_some_and(|body| body.tier == Tier::Local);
    Ok(knowledge.timeline.stays(known_at, voices, is_local)?)
}

fn rank(knowledge: &Knowledge, id: AssociationId) -> usize {
    knowledge.associations.rank(id).unwrap_or(usize::MAX)
}

/// Audits the withdrawals of a period.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub async fn withdrawals(
    workspace: &Workspace,
    knowledge: &Knowledge,
    as_of: AsOf,
    period: Period,
) -> Result<WithdrawalAudit> {
    let exports = export_days(workspace, knowledge).await?;
    let mut all: Vec<Withdrawal> = local_stays(knowledge, knowledge.known_at, Voices::All)?
        .into_iter()
        .filter_map(|stay| withdrawal(stay, knowledge, as_of, &exports))
        .collect();
    all.sort_by_key(|w| (w.left_on, rank(knowledge, w.stay.association), w.stay.physician));
    let late = all
        .iter()
        .filter(|w| w.overtaken_export.is_some() && w.stay.left_known_from.is_some_and(|day| period.contains(day)))
        .copied()
        .collect();
    all.retain(|w| period.contains(w.left_on));
    let findings = corrections::open_findings(workspace, knowledge).await?;
    let of = |codes: &[FindingCode]| -> Vec<KnownFinding> {
        findings.iter().filter(|known| codes.contains(&known.finding.code)).cloned().collect()
    };
    let mut changed = of(&[FindingCode::WithdrawalVanished, FindingCode::WithdrawalMoved]);
    changed.retain(|known| period.contains(known.known_from) && is_local(knowledge, known.finding.association));
    let mut vanished = of(&[FindingCode::OpenStayVanished]);
    vanished.retain(|known| is_local(knowledge, known.finding.association));
    let cancelled = corrections::cancelled_withdrawals(workspace, knowledge).await?;
    Ok(WithdrawalAudit { period, withdrawals: all, late, changed, vanished, cancelled })
}

fn is_local(knowledge: &Knowledge, id: Option<AssociationId>) -> bool {
    id.and_then(|id| knowledge.associations.get(id)).is_some_and(|body| body.tier == Tier::Local)
}

/// Days of the exports of members up to known-at, with their source.
async fn export_days(workspace: &Workspace, knowledge: &Knowledge) -> Result<Vec<(SourceId, NaiveDate)>> {
    let imports = workspace.store.imports().await?;
    Ok(imports
        .iter()
        .filter(|import| import.kind == FileKind::Members && !import.replaced)
        .map(|import| (import.source, import.known_on))
        .filter(|(_, day)| *day <= knowledge.known_at.0)
        .collect())
}

fn withdrawal(
    stay: KnownStay,
    knowledge: &Knowledge,
    as_of: AsOf,
    exports: &[(SourceId, NaiveDate)],
) -> Option<Withdrawal> {
    let (left_on, known_from) = (stay.left_on?, stay.left_known_from?);
    stay.joined_on?;
    let state = match stay.reason {
        WithdrawalReason::Death => WithdrawalState::Death,
        _ if as_of.0 < knowledge.rule.ended_on(left_on) => WithdrawalState::Ahead,
        _ => WithdrawalState::Past,
    };
    // Late in the sense of the figures: an export in between still showed the stay without this day.
    let overtaken_export = exports
        .iter()
        .filter(|(source, day)| *source == stay.source && *day < known_from && *day > left_on)
        .map(|(_, day)| *day)
        .filter(|day| *day >= stay.first_known_from)
        .max();
    let lag = (known_from - left_on).num_days();
    Some(Withdrawal { stay, left_on, state, overtaken_export, lag_days: (lag > 0).then_some(lag) })
}

/// Members on the as-of day whose withdrawal day is known, the as-of day itself included when it counts.
///
/// # Errors
/// When the timeline cannot be read.
pub fn planned_withdrawals(knowledge: &Knowledge, as_of: AsOf) -> Result<Vec<KnownStay>> {
    let mut out: Vec<KnownStay> = local_stays(knowledge, knowledge.known_at, Voices::All)?
        .into_iter()
        .filter(|stay| stay.joined_on.is_some_and(|joined| joined <= as_of.0))
        .filter(|stay| knowledge.associations.get(stay.association).is_none_or(|body| body.exists_on(as_of.0)))
        .filter(|stay| stay.left_on.is_some_and(|left| as_of.0 < knowledge.rule.ended_on(left)))
        .collect();
    out.sort_by_key(|stay| (stay.left_on, rank(knowledge, stay.association), stay.physician));
    Ok(out)
}

/// Audits the movements of a period.
///
/// # Errors
/// When the timeline cannot be read.
pub fn transfers(knowledge: &Knowledge, period: Period) -> Result<TransferAudit> {
    let stays = local_stays(knowledge, knowledge.known_at, Voices::All)?;
    let mut found = Vec::new();
    for group in stays.chunk_by(|a, b| a.physician == b.physician) {
        let of_person: Vec<LocalStay> = group.iter().filter_map(|stay| local_stay(knowledge, stay)).collect();
        found.extend(
            movements(&of_person, &knowledge.associations, knowledge.known_at)
                .into_iter()
                .filter(|movement| movement.days().any(|day| period.contains(day)))
                .map(|movement| PersonMovement { physician: group[0].physician, movement }),
        );
    }
    found.sort_by_key(|one| (one.movement.kind, one.movement.days().max(), one.physician));
    Ok(TransferAudit { period, movements: found })
}

fn local_stay(knowledge: &Knowledge, stay: &KnownStay) -> Option<LocalStay> {
    Some(LocalStay {
        association: stay.association,
        prefecture: knowledge.associations.get(stay.association)?.prefecture.clone(),
        joined_on: stay.joined_on?,
        left_on: stay.left_on,
        reason: stay.reason,
    })
}

/// Sets up the difference law on the newest export that speaks.
///
/// The law holds for what exports say. What applications and adjustments known by now add or take away is a term of its
/// own, person by person.
///
/// # Errors
/// When the timeline cannot be read.
pub fn mamis_difference(knowledge: &Knowledge) -> Result<DifferenceAudit> {
    let export_day = knowledge.newest_export();
    let stays = local_stays(knowledge, KnownAt(export_day), Voices::ExportsOnly)?;
    let mut bodies: BTreeMap<usize, (AssociationId, DifferenceTerms)> = BTreeMap::new();
    let mut people = Vec::new();
    for group in stays.chunk_by(|a, b| (a.physician, a.association) == (b.physician, b.association)) {
        let of_person: Vec<StayOnExportDay> =
            group.iter().map(|stay| on_export_day(knowledge, stay, export_day)).collect();
        let (terms, found) = difference(&of_person, export_day, knowledge.rule);
        let body = group[0].association;
        bodies.entry(rank(knowledge, body)).or_insert((body, DifferenceTerms::default())).1.add(&terms);
        people.extend(found);
    }
    for person in corrected(knowledge, &stays, export_day)? {
        let body = person.stay.association;
        let terms = &mut bodies.entry(rank(knowledge, body)).or_insert((body, DifferenceTerms::default())).1;
        terms.corrected += person.effect;
        terms.ours += person.effect;
        people.push(person);
    }
    people.sort_by_key(|person| {
        let day = person.stay.left_on.or(person.stay.joined_on);
        (person.cause, rank(knowledge, person.stay.association), day, person.stay.physician)
    });
    let mut total = DifferenceTerms::default();
    bodies.values().for_each(|(_, terms)| total.add(terms));
    Ok(DifferenceAudit { export_day, bodies: bodies.into_values().collect(), total, people })
}

/// Memberships on the export day that applications and adjustments add to those of the exports (+1), or take from
/// them (−1).
fn corrected(knowledge: &Knowledge, exports: &[KnownStay], day: NaiveDate) -> Result<Vec<DifferencePerson>> {
    let settled = local_stays(knowledge, knowledge.known_at, Voices::All)?;
    let in_force = |stays: &[KnownStay]| -> BTreeMap<(PhysicianId, AssociationId), KnownStay> {
        let exists =
            |stay: &KnownStay| knowledge.associations.get(stay.association).is_none_or(|body| body.exists_on(day));
        let counted = stays.iter().filter(|stay| exists(stay) && in_force(stay, day, knowledge.rule));
        counted.map(|stay| (key(stay), *stay)).collect()
    };
    let (before, after) = (in_force(exports), in_force(&settled));
    let only_in = |a: &BTreeMap<_, KnownStay>, b: &BTreeMap<_, KnownStay>, effect: i64| -> Vec<DifferencePerson> {
        let new = a.iter().filter(|(key, _)| !b.contains_key(*key));
        new.map(|(_, stay)| DifferencePerson {
            cause: DifferenceCause::Corrected,
            effect,
            stay: on_export_day(knowledge, stay, day),
        })
        .collect()
    };
    Ok([only_in(&after, &before, 1), only_in(&before, &after, -1)].concat())
}

fn key(stay: &KnownStay) -> (PhysicianId, AssociationId) {
    (stay.physician, stay.association)
}

fn in_force(stay: &KnownStay, day: NaiveDate, rule: WithdrawalDayRule) -> bool {
    stay.joined_on.is_some_and(|joined| joined <= day) && stay.left_on.is_none_or(|left| day < rule.ended_on(left))
}

fn on_export_day(knowledge: &Knowledge, stay: &KnownStay, export_day: NaiveDate) -> StayOnExportDay {
    StayOnExportDay {
        physician: stay.physician,
        association: stay.association,
        joined_on: stay.joined_on,
        left_on: stay.left_on,
        status: stay.status,
        rows_shown: stay.rows_shown,
        body_exists: knowledge.associations.get(stay.association).is_none_or(|body| body.exists_on(export_day)),
    }
}
