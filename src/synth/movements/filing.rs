//! Endings and entries as they are written: into the stays of somebody, and as applications.

use crate::domain::enrolment::WithdrawalReason;
use crate::synth::course::Course;
use crate::synth::people::{Ending, Filing, Wanted};
use crate::synth::population::Entry;

/// An exit as it is filed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exit {
    pub(super) applied: i32,
    /// 退会日.
    pub(super) day: i32,
    /// Day of approval, on which the export begins to show it.
    pub(super) known: i32,
    pub(super) reason: WithdrawalReason,
    pub(super) by_proxy: bool,
    pub(super) note: &'static str,
}

impl Course {
    /// Ends local stays of somebody with the upper tiers that rest on them, and files the withdrawal.
    pub(super) fn end_stays(&mut self, who: usize, stays: &[usize], exit: &Exit) {
        let ending = Ending { known: exit.known, left: Some(exit.day), reason: exit.reason };
        let person = &mut self.physicians[who];
        let mut bodies: Vec<u16> =
            stays.iter().map(|at| self.bodies.on(person.local[*at].body, exit.day, person.number)).collect();
        bodies.extend(person.leave(stays, ending, ending));
        person.rest_after(exit.known.max(exit.day));
        self.file_withdrawal(who, bodies, exit);
    }

    pub(super) fn file_withdrawal(&mut self, who: usize, bodies: Vec<u16>, exit: &Exit) {
        self.filings.push(Filing {
            physician: who,
            wanted: Wanted::Withdrawal,
            bodies,
            by_proxy: exit.by_proxy,
            applied: exit.applied,
            effective: exit.day,
            approved: Some(exit.known),
            cancelled: None,
            class: None,
            reason: exit.reason,
            note: exit.note,
        });
    }

    pub(super) fn file_entry(&mut self, who: usize, bodies: Vec<u16>, entry: Entry) {
        self.filings.push(Filing {
            physician: who,
            wanted: Wanted::Joining,
            bodies,
            by_proxy: false,
            applied: entry.shown_from,
            effective: entry.joined,
            approved: Some(entry.admitted.max(entry.shown_from)),
            cancelled: None,
            class: None,
            reason: WithdrawalReason::None,
            note: "",
        });
    }

    pub(super) fn all_open(&self, who: usize) -> Vec<usize> {
        self.physicians[who].open().collect()
    }
}
