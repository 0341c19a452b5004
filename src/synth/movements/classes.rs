//! Changes of class (区分変更): after training, on opening a practice, on insuring, on retiring.
//!
//! Somebody of class A① keeps the 施設業務 for good, so that a count of A① by 施設業務 is the same at every later export.

use super::kind::Movement;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::synth::course::Course;
use crate::synth::names::Duty;
use crate::synth::people::{ClassChange, Filing, Physician, Wanted, final_left};

/// Training takes at least so many days.
const TRAINING: i32 = 400;

/// Age in days at which somebody retires.
const RETIRING: i32 = 66 * 365;

impl Course {
    pub(super) fn change_class(&mut self, month: (i32, i32), movement: Movement) -> Option<()> {
        let from = self.day(month);
        let lag = self.draws.between(0, 12);
        let known = self.known(from, lag);
        let who =
            self.find((from, known), |person| next_class(person, movement, from).is_some() && has_begun(person, from))?;
        let class = next_class(&self.physicians[who], movement, from)?;
        let duty = match movement {
            Movement::Opened => Some(self.mix.duty(class, &mut self.draws)),
            Movement::Trained => Some(Duty::Employed),
            _ => None,
        };
        let person = &mut self.physicians[who];
        person.classes.push(ClassChange { known, from, class });
        if let Some(duty) = duty.filter(|duty| *duty != person.last_duty()) {
            person.duties.push((known, duty));
        }
        person.rest_after(known);
        let bodies = self.bodies_now(who, from);
        self.filings.push(Filing {
            physician: who,
            wanted: Wanted::ClassChange,
            bodies,
            by_proxy: false,
            applied: from.min(known),
            effective: from,
            approved: Some(known),
            cancelled: None,
            class: Some(class),
            reason: WithdrawalReason::None,
            note: "",
        });
        Some(())
    }

    /// The bodies of all tiers in which somebody is.
    fn bodies_now(&self, who: usize, day: i32) -> Vec<u16> {
        let person = &self.physicians[who];
        let mut out: Vec<u16> =
            person.open().map(|at| self.bodies.on(person.local[at].body, day, person.number)).collect();
        let upper = person.prefectural.iter().chain(&person.national);
        out.extend(upper.filter(|stay| final_left(&stay.endings).is_none()).map(|stay| stay.body));
        out
    }
}

/// Whether all open stays began well before a day: an export has shown the class before.
fn has_begun(person: &Physician, day: i32) -> bool {
    person.open().all(|at| person.local[at].joined + 60 < day)
}

/// The class that somebody changes to; `None` when the movement is not for this person.
fn next_class(person: &Physician, movement: Movement, day: i32) -> Option<NationalClass> {
    use NationalClass::{A1, A2B, A2C, B, C};
    let since = person.open().map(|at| person.local[at].joined).max()?;
    match (movement, person.last_class()) {
        (Movement::Trained, A2C) if day - since > TRAINING => Some(A2B),
        (Movement::Trained, C) if day - since > TRAINING => Some(B),
        (Movement::Opened, A2B | B) if !is_of_a1(person.last_duty()) => Some(A1),
        (Movement::Insured, B) if !is_of_a1(person.last_duty()) => Some(A2B),
        (Movement::Retired, A1) if day - person.born > RETIRING => Some(B),
        _ => None,
    }
}

fn is_of_a1(duty: Duty) -> bool {
    Duty::OF_A1.contains(&duty)
}
