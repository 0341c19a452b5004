//! Movements between local bodies, inside a prefecture and across (R20, E2).

use anyhow::Result;

use super::{Ask, Knowledge, local_stays};
use crate::domain::as_of::Period;
use crate::domain::audit::movements::{code, days_between};
use crate::domain::audit::{AuditCode, AuditFinding};
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::PhysicianId;
use crate::domain::transfer::{LocalStay, Movement, movements};
use crate::timeline::Voices;

/// A movement with its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonMovement {
    /// The person.
    pub physician: PhysicianId,
    /// The movement.
    pub movement: Movement,
    /// What it asks for.
    pub code: AuditCode,
    /// Days without membership between exit and entry under the rule of the office; negative days overlap.
    pub days_between: Option<i64>,
}

impl PersonMovement {
    /// The movement as a finding.
    pub fn finding(&self) -> AuditFinding {
        let (exit, entry) = (self.movement.exit, self.movement.entry);
        let body = exit.or(entry).map(|(body, _)| body);
        AuditFinding {
            other: exit.and(entry).map(|(body, _)| body),
            before: exit.map(|(_, day)| day),
            after: entry.map(|(_, day)| day),
            days: self.days_between,
            detail: self.movement.kind.label().to_string(),
            ..AuditFinding::new(self.code, self.physician, body)
        }
    }
}

/// The transfer audit.
#[derive(Debug)]
pub struct TransferAudit {
    /// Period, both ends inclusive: a movement belongs to it when its exit or its entry does.
    pub period: Period,
    /// Movements by kind, day, person; one concerns the area when either of its bodies does.
    pub movements: Vec<PersonMovement>,
}

/// Audits the movements of a period.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn audit(ask: &Ask<'_>) -> Result<TransferAudit> {
    let known = ask.knowledge.answers.movements.get_or((), || all(ask.knowledge))?;
    let of_area = |movement: &Movement| movement.exit.iter().chain(&movement.entry).any(|(body, _)| ask.keeps(*body));
    let of_period = |movement: &Movement| movement.days().any(|day| ask.period.contains(day));
    let concerns = |one: &&PersonMovement| of_period(&one.movement) && of_area(&one.movement);
    Ok(TransferAudit { period: ask.period, movements: known.iter().filter(concerns).copied().collect() })
}

/// The movements of all persons, of all days and bodies.
fn all(knowledge: &Knowledge) -> Result<Vec<PersonMovement>> {
    let stays = local_stays(knowledge, knowledge.known_at, Voices::All)?;
    let mut found = Vec::new();
    for group in stays.chunk_by(|a, b| a.physician == b.physician) {
        found.extend(of_person(knowledge, group).into_iter().map(|movement| PersonMovement {
            physician: group[0].physician,
            movement,
            code: code(&movement, knowledge.rule, knowledge.known_at),
            days_between: days_between(&movement, knowledge.rule),
        }));
    }
    found.sort_by_key(|one| (one.movement.kind, one.movement.days().max(), one.physician));
    Ok(found)
}

/// All movements of one person.
pub(super) fn of_person(knowledge: &Knowledge, stays: &[KnownStay]) -> Vec<Movement> {
    let of_person: Vec<LocalStay> = stays.iter().filter_map(|stay| local_stay(knowledge, stay)).collect();
    movements(&of_person, &knowledge.associations, knowledge.known_at, knowledge.rule)
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
