//! Bringing a world to given counts: where too few are members on a day, more join; where too many, some leave the
//! national body or, before the first target, never were in it.
//!
//! A world is made month by month; a target is resolved once everything that happens by its day is written, and what is
//! written after it does not touch that day. Days before an earlier target are left alone.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::cell::Cell;
use super::course::Course;
use super::movements::leaves_upper;
use super::names::Duty;
use super::spec::{Spec, SynthError};
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::synth_target::{A1_KEYS, CLASSES, SynthTarget};

/// Somebody who is to leave needs so many days between the last change and the exit.
const REST: i32 = 46;

/// Members that a target counts together.
struct Group {
    key: String,
    /// Whom to add: one of these, drawn.
    cells: Vec<Cell>,
    wanted: u32,
}

impl Course {
    /// Settles the targets that lie in the month of an export.
    ///
    /// # Errors
    /// [`SynthError::Target`] when more would have to leave than can.
    pub(super) fn settle_targets(&mut self, spec: &Spec, export: NaiveDate) -> Result<(), SynthError> {
        let month = crate::domain::as_of::month_start(export);
        let due = spec.targets.iter().filter(|(_, target)| month <= target.day && target.day <= export);
        for (nth, target) in due {
            let day = day_number(target.day);
            for group in groups(*nth, target) {
                self.settle(&group, day)?;
            }
            self.resolved = Some(day);
        }
        Ok(())
    }

    fn settle(&mut self, group: &Group, day: i32) -> Result<(), SynthError> {
        let members: Vec<usize> = (0..self.physicians.len()).filter(|at| self.is_in(*at, group, day)).collect();
        let have = u32::try_from(members.len()).unwrap_or(u32::MAX);
        for _ in have..group.wanted {
            let cell = group.cells[self.draws.place(group.cells.len())];
            self.add_for(cell, day);
        }
        let surplus = usize::try_from(have.saturating_sub(group.wanted)).unwrap_or(usize::MAX);
        let mut can_leave: Vec<usize> = members.into_iter().filter(|at| self.can_leave(*at, day)).collect();
        if can_leave.len() < surplus {
            let why = format!("{have} → {} (-{} / {surplus})", group.wanted, can_leave.len());
            return Err(SynthError::Target { key: group.key.clone(), why });
        }
        for _ in 0..surplus {
            let who = can_leave.swap_remove(self.draws.place(can_leave.len()));
            self.remove(who, day);
        }
        Ok(())
    }

    fn is_in(&self, who: usize, group: &Group, day: i32) -> bool {
        let person = &self.physicians[who];
        if !person.is_national_on(day) {
            return false;
        }
        let class = person.class_on(day);
        let duty = (class == NationalClass::A1).then(|| person.last_duty());
        group.cells.iter().any(|cell| cell.class == class && (cell.duty.is_none() || cell.duty == duty))
    }

    fn add_for(&mut self, cell: Cell, day: i32) {
        let Some(resolved) = self.resolved else {
            self.add_resolved(Some(cell));
            return;
        };
        let joined = self.draws.between(resolved + 1, day);
        let duty = cell.duty.unwrap_or_else(|| self.mix.duty(cell.class, &mut self.draws));
        let entry = self.plain_entry(joined);
        self.add_joining(entry, cell.class, duty, Some((true, true)));
    }

    /// Before the first target those can be left out to whom nothing happens by its day; later those can leave who have
    /// been left alone since the target before.
    fn can_leave(&self, who: usize, day: i32) -> bool {
        let person = &self.physicians[who];
        match self.resolved {
            None => {
                let stays = (person.local.len(), person.national.len());
                stays == (1, 1) && person.free_from == super::people::ALWAYS
            }
            Some(resolved) => self.earliest_exit(who, resolved) < day && leaves_upper(person, resolved),
        }
    }

    /// First day on which somebody can leave after a target.
    fn earliest_exit(&self, who: usize, resolved: i32) -> i32 {
        let person = &self.physicians[who];
        let earliest = (resolved + 1).max(person.free_from).max(self.start + 1);
        if person.free_from > resolved { earliest + REST } else { earliest }
    }

    fn remove(&mut self, who: usize, day: i32) {
        let Some(resolved) = self.resolved else {
            self.physicians[who].national.clear();
            self.physicians[who].local[0].national = None;
            return;
        };
        let earliest = self.earliest_exit(who, resolved);
        // The last day that counts lies before the day of the target.
        let left = self.draws.between(earliest, day - 1);
        let known = self.known(left, 7);
        // Whoever can leave has one local stay and an open national one, so this always ends it.
        let _ = self.leave_national(who, left, known, false);
    }
}

/// Groups that a target counts, each member of the national body in at most one.
fn groups(nth: usize, target: &SynthTarget) -> Vec<Group> {
    let mut out = Vec::new();
    let mut rest: BTreeMap<NationalClass, ()> = CLASSES.into_iter().map(|class| (class, ())).collect();
    if let Some(duties) = target.a1 {
        rest.remove(&NationalClass::A1);
        for ((key, duty), wanted) in A1_KEYS.into_iter().zip(Duty::OF_A1).zip(duties) {
            let cells = vec![Cell { class: NationalClass::A1, duty: Some(duty) }];
            out.push(Group { key: format!("target[{nth}].a1.{key}"), cells, wanted });
        }
    }
    for (class, wanted) in &target.classes {
        if rest.remove(class).is_some() {
            let cells = vec![Cell { class: *class, duty: None }];
            out.push(Group { key: format!("target[{nth}].{}", class.code()), cells, wanted: *wanted });
        }
    }
    let named: u32 = out.iter().map(|group| group.wanted).sum();
    if let Some(total) = target.total.filter(|_| !rest.is_empty()) {
        let cells = rest.into_keys().map(|class| Cell { class, duty: None }).collect();
        out.push(Group { key: format!("target[{nth}].total"), cells, wanted: total.saturating_sub(named) });
    }
    out
}
