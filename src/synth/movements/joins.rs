//! Entries: of somebody new, of somebody who was away, into a second body; and what is corrected about them.

use super::kind::Movement;
use crate::domain::enrolment::WithdrawalReason;
use crate::synth::course::Course;
use crate::synth::names::Duty;
use crate::synth::people::{Physician, final_left};
use crate::synth::population::{Entry, Mix, enter, enter_with, somebody};

/// How somebody joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Known within two weeks.
    Plain,
    /// Shown as 申請中 for a month or two before.
    AfterPending,
    /// Known four to eight weeks later: a backlog.
    KnownLate,
    /// Approved before the day.
    Ahead,
    /// Shown as 申請中 for some months, and then no longer.
    Never,
}

impl Course {
    pub(super) fn join(&mut self, month: (i32, i32), way: Way) -> Option<()> {
        let joined = self.day(month);
        let entry = self.entry(joined, way);
        let class = Mix::joining_class(&mut self.draws);
        let duty = self.mix.duty(class, &mut self.draws);
        self.add_joining(entry, class, duty, None);
        if way == Way::Never {
            let shown = self.draws.between(60, 150);
            let person = self.physicians.last_mut()?;
            person.prefectural.clear();
            person.national.clear();
            let stay = person.local.last_mut()?;
            (stay.prefectural, stay.national) = (None, None);
            stay.hidden = Some((entry.shown_from + shown, i32::MAX));
            stay.admitted = i32::MAX;
            let filing = self.filings.last_mut()?;
            (filing.approved, filing.bodies) = (None, filing.bodies.drain(..1).collect());
        }
        Some(())
    }

    /// The days of an entry.
    fn entry(&mut self, joined: i32, way: Way) -> Entry {
        let lag = match way {
            Way::KnownLate => self.draws.between(28, 56),
            Way::Ahead => -self.draws.between(10, 40),
            _ => self.draws.between(0, 14),
        };
        let admitted = self.known(joined, lag);
        let shown_from = match way {
            Way::AfterPending | Way::Never => joined - self.draws.between(30, 70),
            _ => admitted,
        };
        let wished = joined.min(shown_from) - self.draws.between(0, 7);
        Entry { joined, wished, shown_from, admitted }
    }

    /// Somebody new. `tiers` says prefectural and national, else both are drawn.
    pub(in crate::synth) fn add_joining(
        &mut self,
        entry: Entry,
        class: crate::domain::class::NationalClass,
        duty: Duty,
        tiers: Option<(bool, bool)>,
    ) {
        let tiers = tiers.unwrap_or_else(|| self.mix.tiers(&mut self.draws));
        let who = self.physicians.len();
        let mut person = somebody(who, class, duty, (entry.joined, true), &mut self.draws);
        let around = (entry.joined.min(entry.shown_from), entry.joined.max(entry.admitted));
        let body = self.bodies.draw(around.0, around.1, &mut self.draws);
        enter(&mut person, &self.bodies, body, entry, tiers);
        person.rest_after(around.1);
        let bodies = bodies_of_entry(&person, 0);
        self.physicians.push(person);
        self.file_entry(who, bodies, entry);
    }

    /// Days of a plain entry for somebody whom a target asks for.
    pub(in crate::synth) fn plain_entry(&mut self, joined: i32) -> Entry {
        self.entry(joined, Way::Plain)
    }

    /// Somebody who left long ago comes back.
    pub(super) fn rejoin(&mut self, month: (i32, i32)) -> Option<()> {
        let joined = self.day(month);
        let came_back = |person: &Physician| {
            let left = |reason| matches!(reason, WithdrawalReason::OwnWish | WithdrawalReason::Other);
            person.open().next().is_none()
                && person.local.iter().all(|stay| {
                    let wished = stay.endings.last().is_some_and(|ending| left(ending.reason));
                    wished && final_left(&stay.endings).is_some_and(|left| left + 250 < joined)
                })
        };
        let n = self.physicians.len();
        let who = (0..2000).map(|_| self.draws.place(n)).find(|at| came_back(&self.physicians[*at]))?;
        let entry = self.entry(joined, Way::Plain);
        let body = self.bodies.draw(joined, entry.admitted, &mut self.draws);
        let tiers = self.mix.tiers(&mut self.draws);
        let person = &mut self.physicians[who];
        enter(person, &self.bodies, body, entry, tiers);
        person.rest_after(entry.admitted);
        let bodies = bodies_of_entry(person, person.local.len() - 1);
        self.file_entry(who, bodies, entry);
        Some(())
    }

    /// A second local body beside the first (兼務).
    pub(super) fn join_second(&mut self, month: (i32, i32), movement: Movement) -> Option<()> {
        let joined = self.day(month);
        let entry = self.entry(joined, Way::Plain);
        let who = self.find((joined, entry.admitted), |person| {
            person.only_open().is_some_and(|at| person.local[at].joined < joined)
        })?;
        let person = &self.physicians[who];
        let first = person.only_open()?;
        let here = self.bodies.on(person.local[first].body, joined, person.number);
        let around = (joined, entry.admitted);
        let number = person.number;
        let (prefectural, national) = (person.local[first].prefectural, person.local[first].national);
        let body = match movement {
            Movement::ConcurrentNear => self.bodies.draw_near(here, around, number, &mut self.draws)?,
            _ => self.bodies.draw_far(here, around, &mut self.draws)?,
        };
        let person = &mut self.physicians[who];
        let before = person.prefectural.len();
        let prefectural = match movement {
            Movement::ConcurrentNear => prefectural,
            _ => {
                enter(person, &self.bodies, body, entry, (true, false));
                person.local.pop();
                Some(before)
            }
        };
        enter_with(person, body, entry, prefectural, national);
        person.rest_after(entry.admitted.max(joined));
        let mut bodies = vec![body];
        bodies.extend(person.prefectural.get(before).map(|stay| stay.body));
        self.file_entry(who, bodies, entry);
        Some(())
    }

    /// The 入会日 was wrong for some months and is corrected (訂正).
    pub(super) fn correct_joined(&mut self, month: (i32, i32)) -> Option<()> {
        let day = self.day(month);
        let who = self.find((day, day), |person| {
            person.only_open().is_some_and(|at| {
                let stay = &person.local[at];
                stay.corrected.is_none() && stay.joined + 60 < day && stay.joined + 900 > day && stay.endings.is_empty()
            })
        })?;
        let wrong_by = self.draws.between(3, 25);
        let known = self.known(day, 0);
        let person = &mut self.physicians[who];
        let at = person.only_open()?;
        let stay = &mut person.local[at];
        stay.corrected = Some((known, stay.joined + wrong_by));
        person.rest_after(known);
        Some(())
    }

    /// Somebody is missing from the exports of two or three months, and comes back.
    pub(super) fn hide(&mut self, month: (i32, i32)) -> Option<()> {
        let from = self.day(month);
        let lag = self.draws.between(50, 90);
        let until = self.known(from, lag);
        let who = self.find((from, until), |person| person.only_open().is_some())?;
        let person = &mut self.physicians[who];
        let at = person.only_open()?;
        person.local[at].hidden = Some((from, until));
        person.rest_after(until);
        Some(())
    }
}

/// Bodies of a local stay and of the upper tiers that began with it.
fn bodies_of_entry(person: &Physician, at: usize) -> Vec<u16> {
    let stay = &person.local[at];
    let prefectural = stay.prefectural.map(|place| person.prefectural[place].body);
    let national = stay.national.map(|place| person.national[place].body);
    std::iter::once(stay.body).chain(prefectural).chain(national).collect()
}
