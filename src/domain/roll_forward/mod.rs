//! The roll-forward of member counts (R16): opening, movements of a period, closing, for each body and class.
//!
//! [`FlowRow`] is one line of it and says whether it balances; [`Booking`] is one movement of one person, so that a
//! list of people is always as long as its column. Which movement is booked how is decided in [`booking`]. This module
//! knows neither the store nor how persons are found; tests/oracle/flows.rs says independently what a booking
//! is.

pub mod booking;

use std::ops::AddAssign;

use chrono::NaiveDate;
use serde::Serialize;

use super::association::{Association, Associations};
use super::class::NationalClass;
use super::comparison::NowAndBefore;
use super::enrolment::WithdrawalReason;
use super::ids::{AssociationId, PhysicianId};
use super::metric::Metric;

/// Why a figure changed (R16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Entered (入会).
    Joined,
    /// Entered, paired with an exit elsewhere by R20 (転入).
    MovedIn,
    /// Left (退会).
    Left,
    /// Left, paired with an entry elsewhere by R20 or with 転出 as the reason (転出).
    MovedOut,
    /// Left by death (死亡).
    Died,
    /// Changed class inside one body (区分変更).
    ClassChanged,
    /// The body began, ended, was merged or divided (組織変更).
    Reorganised,
    /// Only an adjustment says so (訂正).
    Corrected,
}

impl Flow {
    /// All kinds in printing order.
    pub const ALL: [Self; 8] = [
        Self::Joined,
        Self::MovedIn,
        Self::Left,
        Self::MovedOut,
        Self::Died,
        Self::ClassChanged,
        Self::Reorganised,
        Self::Corrected,
    ];

    /// The figure that counts it.
    pub fn metric(self) -> Metric {
        match self {
            Self::Joined => Metric::Joined,
            Self::MovedIn => Metric::MovedIn,
            Self::Left => Metric::Left,
            Self::MovedOut => Metric::MovedOut,
            Self::Died => Metric::Died,
            Self::ClassChanged => Metric::ClassChanged,
            Self::Reorganised => Metric::Reorganised,
            Self::Corrected => Metric::Corrected,
        }
    }

    /// Printed name.
    pub fn label(self) -> &'static str {
        self.metric().name()
    }

    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::MovedIn => "moved_in",
            Self::Left => "left",
            Self::MovedOut => "moved_out",
            Self::Died => "died",
            Self::ClassChanged => "class_changed",
            Self::Reorganised => "reorganised",
            Self::Corrected => "corrected",
        }
    }
}

/// One movement of one person in one body on one day. At least one of `before` and `after` is there, and they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// The day it is booked on: the first day with the change.
    pub day: NaiveDate,
    /// What it is.
    pub flow: Flow,
    /// Class on the day before; `None` for somebody who was no member.
    pub before: Option<NationalClass>,
    /// Class on the day; `None` for somebody who is no member.
    pub after: Option<NationalClass>,
    /// 退会日 as reported for an exit; the booked day for everything else. Lists of people go by this day.
    pub listed_on: NaiveDate,
    /// Reason of the exit; [`WithdrawalReason::None`] for everything else.
    pub reason: WithdrawalReason,
    /// The body at the other end of a transfer or of a 組織変更, where it is known.
    pub other: Option<AssociationId>,
}

impl Booking {
    /// What it adds to the members of its body, classes taken together: 1, −1 or 0.
    pub fn effect(&self) -> i64 {
        i64::from(self.after.is_some()) - i64::from(self.before.is_some())
    }
}

/// One line of a roll-forward: members on the opening day, movements, members on the closing day. All numbers of
/// movements are 0 or more, whatever their sign in the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct FlowRow {
    /// Members on the opening day (期首).
    pub opening: i64,
    /// 入会, added.
    pub joined: i64,
    /// 転入, added.
    pub moved_in: i64,
    /// 退会, taken away.
    pub left: i64,
    /// 転出, taken away.
    pub moved_out: i64,
    /// 死亡, taken away.
    pub died: i64,
    /// 区分変更 into the class, added.
    pub class_in: i64,
    /// 区分変更 out of the class, taken away.
    pub class_out: i64,
    /// 組織変更 into the body, added.
    pub reorganised_in: i64,
    /// 組織変更 out of the body, taken away.
    pub reorganised_out: i64,
    /// 訂正 that adds.
    pub corrected_in: i64,
    /// 訂正 that takes away.
    pub corrected_out: i64,
    /// Members on the closing day (期末).
    pub closing: i64,
}

impl FlowRow {
    /// Books somebody who is in the line from that day on.
    ///
    /// Kinds of exits book nothing here: nobody comes in by them.
    pub fn book_in(&mut self, flow: Flow) {
        match flow {
            Flow::Joined => self.joined += 1,
            Flow::MovedIn => self.moved_in += 1,
            Flow::ClassChanged => self.class_in += 1,
            Flow::Reorganised => self.reorganised_in += 1,
            Flow::Corrected => self.corrected_in += 1,
            Flow::Left | Flow::MovedOut | Flow::Died => {}
        }
    }

    /// Books somebody who is no longer in the line from that day on.
    ///
    /// Kinds of entries book nothing here: nobody goes out by them.
    pub fn book_out(&mut self, flow: Flow) {
        match flow {
            Flow::Left => self.left += 1,
            Flow::MovedOut => self.moved_out += 1,
            Flow::Died => self.died += 1,
            Flow::ClassChanged => self.class_out += 1,
            Flow::Reorganised => self.reorganised_out += 1,
            Flow::Corrected => self.corrected_out += 1,
            Flow::Joined | Flow::MovedIn => {}
        }
    }

    /// 区分変更, with its sign.
    pub fn class_changed(&self) -> i64 {
        self.class_in - self.class_out
    }

    /// All entries (入会・転入 計).
    pub fn entries(&self) -> i64 {
        self.joined + self.moved_in
    }

    /// All exits (退会・転出・死亡 計).
    pub fn exits(&self) -> i64 {
        self.left + self.moved_out + self.died
    }

    /// 組織変更, with its sign.
    pub fn reorganised(&self) -> i64 {
        self.reorganised_in - self.reorganised_out
    }

    /// 訂正, with its sign.
    pub fn corrected(&self) -> i64 {
        self.corrected_in - self.corrected_out
    }

    /// Closing beside opening (増減).
    pub fn compared(&self) -> NowAndBefore {
        NowAndBefore { now: self.closing, before: Some(self.opening) }
    }

    /// All movements together, with their signs.
    pub fn moved(&self) -> i64 {
        self.entries() - self.exits() + self.class_changed() + self.reorganised() + self.corrected()
    }

    /// The number of one kind as printed: 区分変更, 組織変更 and 訂正 with their signs, the others 0 or more.
    pub fn get(&self, flow: Flow) -> i64 {
        match flow {
            Flow::Joined => self.joined,
            Flow::MovedIn => self.moved_in,
            Flow::Left => self.left,
            Flow::MovedOut => self.moved_out,
            Flow::Died => self.died,
            Flow::ClassChanged => self.class_changed(),
            Flow::Reorganised => self.reorganised(),
            Flow::Corrected => self.corrected(),
        }
    }

    /// Whether opening and movements make the closing (R16).
    pub fn balances(&self) -> bool {
        self.opening + self.moved() == self.closing
    }

    /// Whether there is nothing in the line.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl AddAssign for FlowRow {
    fn add_assign(&mut self, other: Self) {
        self.opening += other.opening;
        self.joined += other.joined;
        self.moved_in += other.moved_in;
        self.left += other.left;
        self.moved_out += other.moved_out;
        self.died += other.died;
        self.class_in += other.class_in;
        self.class_out += other.class_out;
        self.reorganised_in += other.reorganised_in;
        self.reorganised_out += other.reorganised_out;
        self.corrected_in += other.corrected_in;
        self.corrected_out += other.corrected_out;
        self.closing += other.closing;
    }
}

impl std::iter::Sum for FlowRow {
    fn sum<I: Iterator<Item = Self>>(rows: I) -> Self {
        let mut out = Self::default();
        rows.for_each(|row| out += row);
        out
    }
}

/// The lines of one body, one for each class in printing order.
pub type BodyFlows = [FlowRow; NationalClass::COUNT];

/// The roll-forward of all bodies and classes over (opening day, closing day], both as known at one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollForward {
    /// Opening day: its members are the opening figure, its movements belong to the period before.
    pub opened_on: NaiveDate,
    /// Closing day, inclusive.
    pub closed_on: NaiveDate,
    /// Lines by body (official order) and class.
    pub cells: Vec<BodyFlows>,
    /// The movements behind the lines, by day, body, person.
    pub bookings: Vec<Booking>,
}

impl RollForward {
    /// This one and that of the period right after it, as of one period. What is booked on a day does not depend on the period.
    #[must_use]
    pub fn followed_by(mut self, later: &Self) -> Self {
        for (line, after) in self.cells.iter_mut().flatten().zip(later.cells.iter().flatten()) {
            let (opening, closing) = (line.opening, after.closing);
            *line += *after;
            (line.opening, line.closing) = (opening, closing);
        }
        self.closed_on = later.closed_on;
        self.bookings.extend_from_slice(&later.bookings);
        self
    }

    /// The sum over classes of one body by its place in official order.
    pub fn of_body(&self, rank: usize) -> FlowRow {
        self.cells.get(rank).into_iter().flatten().copied().sum()
    }

    /// The lines by class of all bodies that `keep` accepts, added up. 区分変更 stays zero in the sum over classes.
    pub fn by_class(&self, associations: &Associations, keep: impl Fn(&Association) -> bool) -> BodyFlows {
        let mut out = BodyFlows::default();
        for (_, cells) in associations.iter().zip(&self.cells).filter(|(body, _)| keep(body)) {
            out.iter_mut().zip(cells).for_each(|(sum, row)| *sum += *row);
        }
        out
    }

    /// All bodies that `keep` accepts, all classes, added up.
    pub fn sum(&self, associations: &Associations, keep: impl Fn(&Association) -> bool) -> FlowRow {
        self.by_class(associations, keep).into_iter().sum()
    }

    /// Bodies and classes whose line does not balance, by place in official order. Always empty, unless the program is
    /// wrong.
    pub fn unbalanced(&self) -> Vec<(usize, NationalClass, FlowRow)> {
        let of_body = |(rank, cells): (usize, &BodyFlows)| {
            let rows = NationalClass::ALL.into_iter().zip(*cells).filter(|(_, row)| !row.balances());
            rows.map(|(class, row)| (rank, class, row)).collect::<Vec<_>>()
        };
        self.cells.iter().enumerate().flat_map(of_body).collect()
    }
}
