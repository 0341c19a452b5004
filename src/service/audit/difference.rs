//! The MAMIS difference of an export day, person by person (R15, E3).

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;

use super::{Knowledge, local_stays, rank};
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::audit::{AuditCode, AuditFinding};
use crate::domain::difference::{DifferenceCause, DifferencePerson, DifferenceTerms, StayOnExportDay, difference};
use crate::domain::enrolment::{KnownStay, ToldBy};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId};
use crate::timeline::Voices;

/// The MAMIS difference of an export day.
#[derive(Debug, Clone)]
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

impl DifferenceAudit {
    /// One finding for each person behind the difference.
    pub fn findings(&self) -> Vec<AuditFinding> {
        self.people.iter().map(finding).collect()
    }

    /// The same difference for those bodies only that `keep` accepts.
    pub(in crate::service) fn within(&self, keep: impl Fn(AssociationId) -> bool) -> Self {
        let mut total = DifferenceTerms::default();
        let bodies: Vec<_> = self.bodies.iter().filter(|(body, _)| keep(*body)).copied().collect();
        bodies.iter().for_each(|(_, terms)| total.add(terms));
        let people = self.people.iter().filter(|person| keep(person.stay.association)).copied().collect();
        Self { export_day: self.export_day, bodies, total, people }
    }
}

/// The code of a cause.
pub fn code(cause: DifferenceCause) -> AuditCode {
    match cause {
        DifferenceCause::WithdrawalAhead => AuditCode::DifferenceWithdrawalAhead,
        DifferenceCause::JoinAhead => AuditCode::DifferenceJoinAhead,
        DifferenceCause::NotShown => AuditCode::DifferenceNotShown,
        DifferenceCause::Corrected => AuditCode::DifferenceCorrected,
        DifferenceCause::BodyNotThere => AuditCode::DifferenceBodyNotThere,
        DifferenceCause::Unexplained => AuditCode::DifferenceUnexplained,
    }
}

fn finding(person: &DifferencePerson) -> AuditFinding {
    let stay = &person.stay;
    let sign = if person.effect < 0 { "−" } else { "＋" };
    AuditFinding {
        before: stay.left_on,
        after: stay.joined_on,
        detail: format!("差 {sign}{}", person.effect.unsigned_abs()),
        ..AuditFinding::new(code(person.cause), stay.physician, Some(stay.association))
    }
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
    let settled = local_stays(knowledge, knowledge.known_at, Voices::All)?;
    let mut stays = local_stays(knowledge, KnownAt(export_day), Voices::ExportsOnly)?;
    end_as_told(&mut stays, &settled, export_day, knowledge.rule);
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
    for person in corrected(knowledge, &stays, &settled, export_day) {
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
fn corrected(
    knowledge: &Knowledge,
    exports: &[KnownStay],
    settled: &[KnownStay],
    day: NaiveDate,
) -> Vec<DifferencePerson> {
    let in_force = |stays: &[KnownStay]| -> BTreeMap<(PhysicianId, AssociationId), KnownStay> {
        let exists =
            |stay: &KnownStay| knowledge.associations.get(stay.association).is_none_or(|body| body.exists_on(day));
        let counted = stays.iter().filter(|stay| exists(stay) && in_force(stay, day, knowledge.rule));
        counted.map(|stay| (key(stay), *stay)).collect()
    };
    let (before, after) = (in_force(exports), in_force(settled));
    let only_in = |a: &BTreeMap<_, KnownStay>, b: &BTreeMap<_, KnownStay>, effect: i64| -> Vec<DifferencePerson> {
        let new = a.iter().filter(|(key, _)| !b.contains_key(*key));
        new.map(|(_, stay)| DifferencePerson {
            cause: DifferenceCause::Corrected,
            effect,
            stay: on_export_day(knowledge, stay, day),
        })
        .collect()
    };
    [only_in(&after, &before, 1), only_in(&before, &after, -1)].concat()
}

/// A stay that the export no longer shows and that an application or an adjustment had ended by its day is not one in
/// force that is not shown, set off by a correction: it is over (R6).
fn end_as_told(exports: &mut [KnownStay], settled: &[KnownStay], export_day: NaiveDate, rule: WithdrawalDayRule) {
    let ends = |stay: &&KnownStay| stay.told.left_on != ToldBy::Export && stay.left_on.is_some();
    // Of one enrolment that is several stays (R28) the last is what exports tell now.
    let mut by_enrolment: BTreeMap<EnrolmentId, &KnownStay> = BTreeMap::new();
    for stay in settled {
        let last = by_enrolment.entry(stay.enrolment.stored()).or_insert(stay);
        if last.first_known_from <= stay.first_known_from {
            *last = stay;
        }
    }
    for stay in exports.iter_mut().filter(|stay| stay.rows_shown == 0) {
        let told = by_enrolment.get(&stay.enrolment).copied().filter(ends).and_then(|told| told.left_on);
        if let Some(left_on) = told.filter(|left_on| rule.ended_on(*left_on) <= export_day) {
            stay.left_on = Some(left_on);
        }
    }
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
