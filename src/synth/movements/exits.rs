//! Exits (退会): with every reason, on time, late, ahead, held back, taken back, or from some tiers only.

use super::filing::Exit;
use super::kind::Movement;
use crate::domain::enrolment::WithdrawalReason;
use crate::synth::course::Course;
use crate::synth::names::EVIDENCE;
use crate::synth::people::{Ending, Filing, Physician, Wanted, final_left};

/// Youngest age in days at which somebody dies in most cases, and retires.
const OLD: i32 = 65 * 365;

impl Course {
    /// A death, filed by the association: within three weeks, or two to four months later.
    pub(super) fn die(&mut self, month: (i32, i32), is_late: bool) -> Option<()> {
        let day = self.day(month);
        let lag = if is_late { self.draws.between(60, 110) } else { self.draws.between(3, 20) };
        let known = self.known(day, lag);
        let any_age = self.draws.chance(150);
        let who = self.find((day, known), |person| any_age || day - person.born > OLD)?;
        let note = self.evidence(0);
        let applied = known - self.draws.between(0, 3).min(known - day);
        let exit = Exit { applied, day, known, reason: WithdrawalReason::Death, by_proxy: true, note };
        let stays = self.all_open(who);
        self.end_stays(who, &stays, &exit);
        Some(())
    }

    /// One proxy filing in ten lacks its evidence.
    fn evidence(&mut self, kind: usize) -> &'static str {
        if self.draws.chance(100) { "" } else { EVIDENCE[kind] }
    }

    /// A withdrawal at the member's wish, approved up to three weeks before its day.
    pub(super) fn withdraw(&mut self, month: (i32, i32), movement: Movement) -> Option<()> {
        let day = self.day(month);
        let known = day - self.draws.between(0, 20);
        let applied = known - self.draws.between(3, 20);
        let reason = match movement {
            Movement::OtherReason => WithdrawalReason::Other,
            _ => WithdrawalReason::OwnWish,
        };
        let who = self.find((applied, day), |person| began_before(person, applied))?;
        let exit = Exit { applied, day, known, reason, by_proxy: false, note: "" };
        let stays = self.all_open(who);
        self.end_stays(who, &stays, &exit);
        Some(())
    }

    /// A withdrawal that the association files: whereabouts unknown, fees not paid, expulsion.
    pub(super) fn be_withdrawn(&mut self, month: (i32, i32), movement: Movement) -> Option<()> {
        let day = self.day(month);
        let lag = self.draws.between(5, 30);
        let known = self.known(day, lag);
        let who = self.find((day, known), |person| began_before(person, day))?;
        let (reason, note) = match movement {
            Movement::Missing => (WithdrawalReason::Missing, self.evidence(1)),
            Movement::UnpaidFees => (WithdrawalReason::UnpaidFees, self.evidence(2)),
            _ => (WithdrawalReason::Expelled, self.evidence(2)),
        };
        let exit = Exit { applied: day.min(known), day, known, reason, by_proxy: true, note };
        let stays = self.all_open(who);
        self.end_stays(who, &stays, &exit);
        Some(())
    }

    /// Approved in this month, effective one to three months later: the source counts the member out at once.
    pub(super) fn withdraw_ahead(&mut self, month: (i32, i32)) -> Option<()> {
        let known = self.day(month);
        let day = known + self.draws.between(40, 100);
        let who = self.find((known - 5, day), |person| began_before(person, known))?;
        let reason = WithdrawalReason::OwnWish;
        let exit = Exit { applied: known - 5, day, known, reason, by_proxy: false, note: "" };
        let stays = self.all_open(who);
        self.end_stays(who, &stays, &exit);
        Some(())
    }

    /// Approved and taken back (退会取消), before or after its day.
    pub(super) fn take_back(&mut self, month: (i32, i32), movement: Movement) -> Option<()> {
        let known = self.day(month);
        let day = known + self.draws.between(35, 60);
        let cancelled = match movement {
            Movement::CancelledBefore => day - self.draws.between(1, 4),
            _ => {
                let lag = self.draws.between(5, 30);
                self.known(day, lag)
            }
        };
        let who = self.find((known - 5, day.max(cancelled)), |person| began_before(person, known))?;
        let person = &mut self.physicians[who];
        let at = person.only_open()?;
        let number = person.number;
        let reason = WithdrawalReason::OwnWish;
        let ending = Ending { known, left: Some(day), reason };
        let back = Ending { known: cancelled, left: None, reason: WithdrawalReason::None };
        let mut bodies = vec![self.bodies.on(person.local[at].body, day, number)];
        bodies.extend(person.leave(&[at], ending, ending));
        person.local[at].endings.push(back);
        let (prefectural, national) = (person.local[at].prefectural, person.local[at].national);
        let upper = prefectural.and_then(|place| person.prefectural.get_mut(place)).into_iter();
        for stay in upper.chain(national.and_then(|place| person.national.get_mut(place))) {
            if final_left(&stay.endings) == Some(day) {
                stay.endings.push(back);
            }
        }
        person.rest_after(cancelled.max(day));
        let exit = Exit { applied: known - 5, day, known, reason, by_proxy: false, note: "" };
        self.file_withdrawal(who, bodies, &exit);
        self.filings.last_mut()?.cancelled = Some(cancelled);
        Some(())
    }

    /// Filed and held back: approved a month or two after its day (the past changes), or never (承認漏れ).
    pub(super) fn hold_back(&mut self, month: (i32, i32), movement: Movement) -> Option<()> {
        let applied = self.day(month);
        let day = applied + self.draws.between(20, 40);
        let lag = self.draws.between(20, 60);
        let known = self.known(day, lag);
        let who = self.find((applied, known), |person| began_before(person, applied))?;
        let reason = WithdrawalReason::OwnWish;
        let exit = Exit { applied, day, known, reason, by_proxy: false, note: "" };
        let stays = self.all_open(who);
        if movement == Movement::ApprovedLate {
            self.end_stays(who, &stays, &exit);
            return Some(());
        }
        let person = &mut self.physicians[who];
        person.rest_after(day);
        let bodies = vec![self.bodies.on(person.local[stays[0]].body, day, person.number)];
        self.file_withdrawal(who, bodies, &exit);
        self.filings.last_mut()?.approved = None;
        Some(())
    }

    /// The upper tiers follow one or two months after the local body: inclusion is broken between.
    pub(super) fn leave_in_steps(&mut self, month: (i32, i32)) -> Option<()> {
        let day = self.day(month);
        let later = day + self.draws.between(20, 60);
        let (known, known_later) = (self.known(day, 5), self.known(later, 5));
        let who = self.find((day, known_later), |person| began_before(person, day) && person.only_open().is_some())?;
        let reason = WithdrawalReason::OwnWish;
        let person = &mut self.physicians[who];
        let at = person.only_open()?;
        let ending = Ending { known, left: Some(day), reason };
        let upper = Ending { known: known_later, left: Some(later), reason };
        let body = self.bodies.on(person.local[at].body, day, person.number);
        let bodies = person.leave(&[at], ending, upper);
        person.rest_after(known_later);
        let exit = Exit { applied: day, day, known, reason, by_proxy: false, note: "" };
        self.file_withdrawal(who, vec![body], &exit);
        if !bodies.is_empty() {
            let exit = Exit { applied: known_later, day: later, known: known_later, ..exit };
            self.file_withdrawal(who, bodies, &exit);
        }
        Some(())
    }

    /// A 退会日 ahead is moved by some weeks.
    pub(super) fn move_withdrawal(&mut self, month: (i32, i32)) -> Option<()> {
        let known = self.day(month);
        let moved = known + self.draws.between(35, 50);
        let day = moved + self.draws.between(1, 30);
        let last = day + self.draws.between(10, 30);
        let who = self.find((known, last), |person| began_before(person, known) && person.only_open().is_some())?;
        let reason = WithdrawalReason::OwnWish;
        let exit = Exit { applied: known, day, known, reason, by_proxy: false, note: "" };
        let stays = self.all_open(who);
        self.end_stays(who, &stays, &exit);
        let person = &mut self.physicians[who];
        let again = Ending { known: moved, left: Some(last), reason };
        let stay = &mut person.local[stays[0]];
        stay.endings.push(again);
        let (prefectural, national) = (stay.prefectural, stay.national);
        let upper = prefectural.and_then(|place| person.prefectural.get_mut(place)).into_iter();
        for stay in upper.chain(national.and_then(|place| person.national.get_mut(place))) {
            stay.endings.push(again);
        }
        person.rest_after(last);
        Some(())
    }

    /// An exit from the national body alone, or from it and the prefectural one.
    pub(super) fn leave_upper(&mut self, month: (i32, i32), movement: Movement) -> Option<()> {
        let day = self.day(month);
        let known = self.known(day, 7);
        let with_prefectural = movement == Movement::UpperOnly;
        let who = self.find((day, known), |person| leaves_upper(person, day))?;
        self.leave_national(who, day, known, with_prefectural)
    }

    /// Ends the national stay of somebody with one local stay, and files it.
    pub(in crate::synth) fn leave_national(
        &mut self,
        who: usize,
        day: i32,
        known: i32,
        with_prefectural: bool,
    ) -> Option<()> {
        let person = &mut self.physicians[who];
        let at = person.only_open()?;
        let reason = WithdrawalReason::OwnWish;
        let ending = Ending { known, left: Some(day), reason };
        let (prefectural, national) = (person.local[at].prefectural, person.local[at].national);
        let mut bodies = Vec::new();
        let upper = prefectural.filter(|_| with_prefectural).and_then(|place| person.prefectural.get_mut(place));
        for stay in upper.into_iter().chain(national.and_then(|place| person.national.get_mut(place))) {
            stay.endings.push(ending);
            bodies.push(stay.body);
        }
        person.rest_after(known.max(day));
        let exit = Exit { applied: day.min(known), day, known, reason, by_proxy: false, note: "" };
        self.file_withdrawal(who, bodies, &exit);
        Some(())
    }

    /// Another facility (施設変更): neither an exit nor an entry.
    pub(super) fn change_facility(&mut self, month: (i32, i32)) -> Option<()> {
        let known = self.day(month);
        let who = self.find((known, known), |_| true)?;
        let facility = self.draws.below(40_000) + 1;
        let person = &mut self.physicians[who];
        let at = person.open().next()?;
        let body = self.bodies.on(person.local[at].body, known, person.number);
        person.facilities.push((known, facility));
        person.rest_after(known);
        self.filings.push(Filing {
            physician: who,
            wanted: Wanted::Facility,
            bodies: vec![body],
            by_proxy: false,
            applied: known,
            effective: known,
            approved: Some(known),
            cancelled: None,
            class: None,
            reason: WithdrawalReason::None,
            note: "",
        });
        Some(())
    }
}

/// Whether everything that is open had begun by a day: nobody leaves before joining.
fn began_before(person: &Physician, day: i32) -> bool {
    person.open().all(|at| {
        let stay = &person.local[at];
        let joined = |place: Option<usize>, stays: &[super::super::people::UpperStay]| {
            place.and_then(|place| stays.get(place)).is_none_or(|stay| stay.joined < day)
        };
        stay.joined < day && joined(stay.prefectural, &person.prefectural) && joined(stay.national, &person.national)
    })
}

/// Whether somebody with one local stay is an open member of the national body since before a day.
pub(in crate::synth) fn leaves_upper(person: &Physician, day: i32) -> bool {
    let Some(at) = person.only_open() else { return false };
    let national = person.local[at].national.and_then(|place| person.national.get(place));
    began_before(person, day) && national.is_some_and(|stay| final_left(&stay.endings).is_none())
}
