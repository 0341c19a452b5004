//! Moves between local bodies (異動), inside a prefecture and across, and exits that only look like moves.

use super::filing::Exit;
use super::kind::Meeting;
use crate::domain::enrolment::WithdrawalReason;
use crate::synth::course::Course;
use crate::synth::people::{Ending, LocalStay, final_left};
use crate::synth::population::{Entry, enter, enter_with};

/// The days of a move: exit, entry, and when each becomes known.
#[derive(Debug, Clone, Copy)]
struct MoveDays {
    left: i32,
    left_known: i32,
    entry: Entry,
}

impl MoveDays {
    fn span(&self) -> (i32, i32) {
        (self.left.min(self.entry.joined), self.left_known.max(self.entry.admitted))
    }
}

impl Course {
    fn move_days(&mut self, month: (i32, i32), meeting: Meeting) -> MoveDays {
        let left = self.day(month);
        let joined = left + days_between(meeting, self);
        let lag = self.draws.between(0, 10);
        let left_known = self.known(left, lag);
        // The new body tells of the move after the old one, but for overlaps and on one day.
        let lag = self.draws.between(0, 10);
        let admitted = self.known(joined, lag).max(if meeting == Meeting::Overlap { joined } else { left_known });
        let wished = joined - self.draws.between(0, 14);
        MoveDays { left, left_known, entry: Entry { joined, wished, shown_from: admitted, admitted } }
    }

    /// The only local stay of somebody who can move then.
    fn mover(&mut self, days: MoveDays) -> Option<(usize, usize, u16)> {
        let (first, last) = days.span();
        let who = self.find((first, last), |person| {
            person.only_open().is_some_and(|at| {
                let stay = &person.local[at];
                let upper = stay.prefectural.map(|place| &person.prefectural[place].endings);
                let is_whole = |endings: Option<&Vec<Ending>>| endings.is_none_or(|told| final_left(told).is_none());
                let national = stay.national.map(|place| &person.national[place].endings);
                stay.joined + 100 < first && is_whole(upper) && is_whole(national)
            })
        })?;
        let person = &self.physicians[who];
        let at = person.only_open()?;
        Some((who, at, self.bodies.on(person.local[at].body, first, person.number)))
    }

    fn exit_of(days: MoveDays, reason: WithdrawalReason) -> Exit {
        let applied = days.left.min(days.left_known);
        Exit { applied, day: days.left, known: days.left_known, reason, by_proxy: false, note: "" }
    }

    /// Inside a prefecture only the two local rows move.
    pub(super) fn move_within(&mut self, month: (i32, i32), meeting: Meeting) -> Option<()> {
        let days = self.move_days(month, meeting);
        let (who, at, here) = self.mover(days)?;
        let number = self.physicians[who].number;
        let there = self.bodies.draw_near(here, days.span(), number, &mut self.draws)?;
        self.replace_local(who, at, (here, there), days, WithdrawalReason::MovedAway);
        Some(())
    }

    /// Out of a body and into the same again within a month, for no reason (不要な退会・入会).
    pub(super) fn leave_and_return(&mut self, month: (i32, i32)) -> Option<()> {
        let mut days = self.move_days(month, Meeting::Gap);
        let gap = 1 + (days.entry.joined - days.left) / 2;
        days.entry.admitted = days.entry.admitted.max(days.left + gap);
        days.entry.shown_from = days.entry.admitted;
        days.entry.joined = days.left + gap;
        let (who, at, here) = self.mover(days)?;
        self.replace_local(who, at, (here, here), days, WithdrawalReason::Other);
        Some(())
    }

    fn replace_local(
        &mut self,
        who: usize,
        at: usize,
        (here, there): (u16, u16),
        days: MoveDays,
        reason: WithdrawalReason,
    ) {
        let exit = Self::exit_of(days, reason);
        let person = &mut self.physicians[who];
        let LocalStay { prefectural, national, .. } = person.local[at];
        person.local[at].endings.push(Ending { known: exit.known, left: Some(exit.day), reason });
        enter_with(person, there, days.entry, prefectural, national);
        person.rest_after(days.span().1);
        self.file_withdrawal(who, vec![here], &exit);
        self.file_entry(who, vec![there], days.entry);
    }

    /// Across prefectures a withdrawal and an entry are separate; where they overlap the national stay goes on.
    pub(super) fn move_across(&mut self, month: (i32, i32), meeting: Meeting) -> Option<()> {
        let days = self.move_days(month, meeting);
        let (who, at, here) = self.mover(days)?;
        let there = self.bodies.draw_far(here, days.span(), &mut self.draws)?;
        let exit = Self::exit_of(days, WithdrawalReason::MovedAway);
        let ending = Ending { known: exit.known, left: Some(exit.day), reason: exit.reason };
        let person = &mut self.physicians[who];
        let LocalStay { prefectural, national, .. } = person.local[at];
        let goes_on = meeting == Meeting::Overlap;
        person.local[at].endings.push(ending);
        let (mut left, mut entered) = (vec![here], vec![there]);
        if let Some(stay) = prefectural.and_then(|place| person.prefectural.get_mut(place)) {
            stay.endings.push(ending);
            left.push(stay.body);
        }
        if let Some(stay) = national.filter(|_| !goes_on).and_then(|place| person.national.get_mut(place)) {
            stay.endings.push(ending);
            left.push(stay.body);
        }
        let (above, top) = (prefectural.is_some(), national.is_some());
        enter(person, &self.bodies, there, days.entry, (above, top && !goes_on));
        if goes_on && let Some(stay) = person.local.last_mut() {
            stay.national = national;
        }
        entered.extend(person.prefectural.last().filter(|_| above).map(|stay| stay.body));
        entered.extend(person.national.last().filter(|_| top && !goes_on).map(|stay| stay.body));
        person.rest_after(days.span().1);
        self.file_withdrawal(who, left, &exit);
        self.file_entry(who, entered, days.entry);
        Some(())
    }

    /// Left with 転出 and seen nowhere after (転出後未入会).
    pub(super) fn move_out_of_sight(&mut self, month: (i32, i32)) -> Option<()> {
        let days = self.move_days(month, Meeting::Next);
        let (who, at, _) = self.mover(days)?;
        self.end_stays(who, &[at], &Self::exit_of(days, WithdrawalReason::MovedAway));
        Some(())
    }

    /// The second of two local bodies is left.
    pub(super) fn leave_second(&mut self, month: (i32, i32)) -> Option<()> {
        let day = self.day(month);
        let known = self.known(day, 8);
        let who = self.find((day, known), |person| {
            person.open().count() == 2 && person.open().all(|at| person.local[at].joined + 60 < day)
        })?;
        let at = self.physicians[who].open().last()?;
        let reason = WithdrawalReason::OwnWish;
        let exit = Exit { applied: day.min(known), day, known, reason, by_proxy: false, note: "" };
        self.end_stays(who, &[at], &exit);
        Some(())
    }
}

/// Days between exit and entry: the entry is so long after the exit.
fn days_between(meeting: Meeting, course: &mut Course) -> i32 {
    match meeting {
        Meeting::Next => 1,
        Meeting::Same => 0,
        Meeting::Gap => course.draws.between(2, 60),
        Meeting::Overlap => -course.draws.between(1, 30),
    }
}
