//! What can happen to a physician (異動): every kind with its rate, its days, and what the source learns when.
//!
//! A kind finds somebody whom it can happen to, and writes stays, endings and applications. Nothing here knows exports.

mod classes;
mod exits;
mod filing;
mod joins;
mod kind;
mod transfers;

use chrono::NaiveDate;

use self::joins::Way;
use super::course::{Course, UNIT};
use crate::domain::day::day_number;

pub(super) use exits::leaves_upper;
pub(super) use kind::Movement;

impl Course {
    /// What happens after one export up to the next.
    pub(in crate::synth) fn month(&mut self, after: NaiveDate, until: NaiveDate) {
        let days = (day_number(after) + 1, day_number(until));
        for (at, movement) in Movement::ALL.into_iter().enumerate() {
            self.due[at] += movement.rate() * self.size;
            while self.due[at] >= UNIT {
                if !self.happen(movement, days) {
                    // Nobody was found: what is due waits, but does not pile up.
                    self.due[at] = self.due[at].min(UNIT * 3);
                    break;
                }
                self.due[at] -= UNIT;
            }
        }
    }

    /// Lets a movement happen within a month. False when it can happen to nobody now.
    fn happen(&mut self, movement: Movement, month: (i32, i32)) -> bool {
        let done = match movement {
            Movement::Join => self.join(month, Way::Plain),
            Movement::JoinAfterPending => self.join(month, Way::AfterPending),
            Movement::JoinKnownLate => self.join(month, Way::KnownLate),
            Movement::JoinAhead => self.join(month, Way::Ahead),
            Movement::PendingNever => self.join(month, Way::Never),
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
}
