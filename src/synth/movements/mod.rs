//! What can happen to a physician (異動): every kind with its rate, its days, and what the source learns when.
//!
//! A kind finds somebody whom it can happen to, and writes stays, endings and applications. Nothing here knows exports.

use super::course::Course;
use super::names::{Duty, EVIDENCE};
use super::people::{ClassChange, Ending, Filing, LocalStay, Physician, Wanted, final_left};
use super::population::{Entry, Mix, enter, enter_with, somebody};
use crate::domain::enrolment::WithdrawalReason;

mod classes;
mod exits;
mod joins;
mod transfers;

pub(super) use exits::leaves_upper;

/// How the days of a move meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    /// The entry is the day after the exit.
    Next,
    /// Both are on one day.
    Same,
    /// Days lie between.
    Gap,
    /// The entry is before the exit.
    Overlap,
}

/// A kind of movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Movement {
    Join,
    JoinAfterPending,
    JoinKnownLate,
    JoinAhead,
    PendingNever,
    Rejoin,
    Death,
    DeathKnownLate,
    OwnWish,
    Ahead,
    CancelledBefore,
    CancelledAfter,
    ApprovedLate,
    NeverApproved,
    Missing,
    UnpaidFees,
    Expelled,
    OtherReason,
    UpperLeavesLate,
    WithdrawalMoved,
    NationalOnly,
    UpperOnly,
    Within(Meeting),
    Across(Meeting),
    NowhereSeen,
    ConcurrentNear,
    ConcurrentFar,
    ConcurrentEnds,
    Needless,
    Trained,
    Opened,
    Insured,
    Retired,
    Facility,
    JoinedCorrected,
    Unseen,
}

impl Movement {
    /// All kinds, in the order in which a month deals with them.
    pub(super) const ALL: [Self; 42] = [
        Self::Join,
        Self::JoinAfterPending,
        Self::JoinKnownLate,
        Self::JoinAhead,
        Self::PendingNever,
        Self::Rejoin,
        Self::Death,
        Self::DeathKnownLate,
        Self::OwnWish,
        Self::Ahead,
        Self::CancelledBefore,
        Self::CancelledAfter,
        Self::ApprovedLate,
        Self::NeverApproved,
        Self::Missing,
        Self::UnpaidFees,
        Self::Expelled,
        Self::OtherReason,
        Self::UpperLeavesLate,
        Self::WithdrawalMoved,
        Self::NationalOnly,
        Self::UpperOnly,
        Self::Within(Meeting::Next),
        Self::Within(Meeting::Same),
        Self::Within(Meeting::Gap),
        Self::Within(Meeting::Overlap),
        Self::Across(Meeting::Next),
        Self::Across(Meeting::Same),
        Self::Across(Meeting::Gap),
        Self::Across(Meeting::Overlap),
        Self::NowhereSeen,
        Self::ConcurrentNear,
        Self::ConcurrentFar,
        Self::ConcurrentEnds,
        Self::Needless,
        Self::Trained,
        Self::Opened,
        Self::Insured,
        Self::Retired,
        Self::Facility,
        Self::JoinedCorrected,
        Self::Unseen,
    ];

    /// How many there are in a year in 100,000 members. Rough: entries and exits are about as many, deaths a little more
    /// than one in a hundred, a third of the moves across prefectures.
    pub(super) fn rate(self) -> u64 {
        match self {
            Self::Join => 2300,
            Self::JoinAfterPending => 700,
            Self::Facility => 1500,
            Self::Trained => 1200,
            Self::OwnWish => 1100,
            Self::Death => 1000,
            Self::Within(Meeting::Next) => 900,
            Self::Opened => 700,
            Self::Across(Meeting::Next) => 500,
            Self::Retired => 400,
            Self::Insured => 300,
            Self::JoinKnownLate | Self::DeathKnownLate | Self::Ahead => 250,
            Self::Across(Meeting::Gap) => 200,
            Self::NowhereSeen | Self::NationalOnly | Self::Within(Meeting::Gap) => 150,
            Self::JoinAhead | Self::ConcurrentNear => 100,
            Self::Within(Meeting::Same | Meeting::Overlap) => 80,
            Self::Expelled => 5,
            Self::Unseen => 10,
            Self::NeverApproved => 30,
            Self::CancelledAfter | Self::Missing | Self::JoinedCorrected | Self::WithdrawalMoved => 40,
            Self::UnpaidFees => 50,
            Self::PendingNever
            | Self::Rejoin
            | Self::CancelledBefore
            | Self::ApprovedLate
            | Self::OtherReason
            | Self::UpperLeavesLate
            | Self::UpperOnly
            | Self::Across(Meeting::Same | Meeting::Overlap)
            | Self::ConcurrentFar
            | Self::ConcurrentEnds
            | Self::Needless => 60,
        }
    }
}

impl Course {
    /// Lets a movement happen within a month. False when it can happen to nobody now.
    pub(super) fn happen(&mut self, movement: Movement, month: (i32, i32)) -> bool {
        let done = match movement {
            Movement::Join => self.join(month, joins::Way::Plain),
            Movement::JoinAfterPending => self.join(month, joins::Way::AfterPending),
            Movement::JoinKnownLate => self.join(month, joins::Way::KnownLate),
            Movement::JoinAhead => self.join(month, joins::Way::Ahead),
            Movement::PendingNever => self.join(month, joins::Way::Never),
            Movement::Rejoin => self.rejoin(month),
            Movement::Death | Movement::DeathKnownLate => self.die(month, movement == Movement::DeathKnownLate),
            Movement::OwnWish | Movement::OtherReason => self.withdraw(month, movement),
            Movement::Missing | Movement::UnpaidFees | Movement::Expelled => self.be_withdrawn(month, movement),
            Movement::Ahead => self.withdraw_ahead(month),
            Movement::CancelledBefore | Movement::CancelledAfter => self.take_back(month, movement),
            Movement::ApprovedLate | Movement::NeverApproved => self.hold_back(month, movement),
            Movement::UpperLeavesLate => self.leave_in_steps(month),
            Movement::WithdrawalMoved => self.move_withdrawal(month),
            Movement::NationalOnly | Movement::UpperOnly => self.leave_upper(month, movement),
            Movement::Within(meeting) => self.move_within(month, meeting),
            Movement::Across(meeting) => self.move_across(month, meeting),
            Movement::NowhereSeen => self.move_out_of_sight(month),
            Movement::ConcurrentNear | Movement::ConcurrentFar => self.join_second(month, movement),
            Movement::ConcurrentEnds => self.leave_second(month),
            Movement::Needless => self.leave_and_return(month),
            Movement::Trained | Movement::Opened | Movement::Insured | Movement::Retired => {
                self.change_class(month, movement)
            }
            Movement::Facility => self.change_facility(month),
            Movement::JoinedCorrected => self.correct_joined(month),
            Movement::Unseen => self.hide(month),
        };
        done.is_some()
    }

    /// Ends local stays of somebody with the upper tiers that rest on them, and files the withdrawal.
    fn end_stays(&mut self, who: usize, stays: &[usize], exit: &Exit) {
        let ending = Ending { known: exit.known, left: Some(exit.day), reason: exit.reason };
        let person = &mut self.physicians[who];
        let mut bodies: Vec<u16> =
            stays.iter().map(|at| self.bodies.on(person.local[*at].body, exit.day, person.number)).collect();
        bodies.extend(person.leave(stays, ending, ending));
        person.rest_after(exit.known.max(exit.day));
        self.file_withdrawal(who, bodies, exit);
    }

    fn file_withdrawal(&mut self, who: usize, bodies: Vec<u16>, exit: &Exit) {
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

    fn file_entry(&mut self, who: usize, bodies: Vec<u16>, entry: Entry) {
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

    fn all_open(&self, who: usize) -> Vec<usize> {
        self.physicians[who].open().collect()
    }
}

/// An exit as it is filed.
#[derive(Debug, Clone, Copy)]
struct Exit {
    applied: i32,
    /// 退会日.
    day: i32,
    /// Day of approval, on which the export begins to show it.
    known: i32,
    reason: WithdrawalReason,
    by_proxy: bool,
    note: &'static str,
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
