//! Physicians of an invented world, and what the source was told about them on which day.
//!
//! Days are day numbers ([`crate::domain::day`]). Everything that happens is written once with the day on which it
//! happened and the day on which the source learnt it; what an export shows follows from both ([`super::shown`]).

use super::names::Duty;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::person::Sex;

/// Known before the first export.
pub(super) const ALWAYS: i32 = i32::MIN;

/// Nothing happens to somebody for so long after the last thing became known: an export lies between, so that two
/// changes are never shown at once.
pub(super) const PAUSE: i32 = 45;

/// A physician.
#[derive(Debug)]
pub(super) struct Physician {
    /// 医籍登録番号.
    pub(super) number: u32,
    pub(super) family: u8,
    pub(super) given: u8,
    pub(super) sex: Sex,
    pub(super) born: i32,
    /// 卒業年; the month is always March.
    pub(super) graduated: i32,
    pub(super) facility: u32,
    /// Other facilities: day learnt, number.
    pub(super) facilities: Vec<(i32, u32)>,
    pub(super) duty: Duty,
    /// Other duties: day learnt.
    pub(super) duties: Vec<(i32, Duty)>,
    pub(super) class: NationalClass,
    /// Other classes in the order of days.
    pub(super) classes: Vec<ClassChange>,
    /// One for each row of an export.
    pub(super) local: Vec<LocalStay>,
    pub(super) prefectural: Vec<UpperStay>,
    pub(super) national: Vec<UpperStay>,
    /// First day on which something else may happen.
    pub(super) free_from: i32,
}

/// Another class (区分変更).
#[derive(Debug, Clone, Copy)]
pub(super) struct ClassChange {
    pub(super) known: i32,
    pub(super) from: i32,
    pub(super) class: NationalClass,
}

/// What the source was told about the end of a stay; `left` is `None` when a withdrawal was taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending {
    pub(super) known: i32,
    pub(super) left: Option<i32>,
    pub(super) reason: WithdrawalReason,
}

/// A stay in a local body, and the row that tells of it.
#[derive(Debug)]
pub(super) struct LocalStay {
    pub(super) body: u16,
    /// First day on which an export shows the row.
    pub(super) shown_from: i32,
    /// Days on which exports do not show it although they should: first day, first day after.
    pub(super) hidden: Option<(i32, i32)>,
    /// Day on which the 入会日 was entered; before it the row is 申請中.
    pub(super) admitted: i32,
    pub(super) wished: i32,
    pub(super) joined: i32,
    /// Day of a correction, and the 入会日 until then.
    pub(super) corrected: Option<(i32, i32)>,
    pub(super) endings: Vec<Ending>,
    /// Places of the stays of the upper tiers that the row repeats.
    pub(super) prefectural: Option<usize>,
    pub(super) national: Option<usize>,
}

/// A stay in a body of an upper tier.
#[derive(Debug)]
pub(super) struct UpperStay {
    pub(super) body: u16,
    pub(super) joined: i32,
    pub(super) endings: Vec<Ending>,
}

/// The day on which a stay ends by all that is ever told.
pub(super) fn final_left(endings: &[Ending]) -> Option<i32> {
    endings.last().and_then(|ending| ending.left)
}

/// What was told of the end by a day.
pub(super) fn ending_on(endings: &[Ending], day: i32) -> Option<Ending> {
    endings.iter().rev().find(|ending| ending.known <= day).copied().filter(|ending| ending.left.is_some())
}

impl Physician {
    /// Places of the local stays that have no end and are no mere applications.
    pub(super) fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.local.len()).filter(|at| {
            let stay = &self.local[*at];
            final_left(&stay.endings).is_none() && stay.admitted < i32::MAX
        })
    }

    /// The only open stay; `None` when there is none or several.
    pub(super) fn only_open(&self) -> Option<usize> {
        let mut open = self.open();
        open.next().filter(|_| open.next().is_none())
    }

    /// The class by all that is ever told.
    pub(super) fn class_on(&self, day: i32) -> NationalClass {
        self.classes.iter().rev().find(|change| change.from <= day).map_or(self.class, |change| change.class)
    }

    /// The newest class.
    pub(super) fn last_class(&self) -> NationalClass {
        self.classes.last().map_or(self.class, |change| change.class)
    }

    /// The class that an export of a day shows for a stay that is told to end on `left`.
    pub(super) fn class_shown(&self, day: i32, left: Option<i32>) -> NationalClass {
        let is_shown = |change: &&ClassChange| change.known <= day && left.is_none_or(|left| change.from <= left);
        self.classes.iter().rev().find(is_shown).map_or(self.class, |change| change.class)
    }

    /// 施設業務 as shown on a day.
    pub(super) fn duty_on(&self, day: i32) -> Duty {
        self.duties.iter().rev().find(|(known, _)| *known <= day).map_or(self.duty, |(_, duty)| *duty)
    }

    /// The newest 施設業務.
    pub(super) fn last_duty(&self) -> Duty {
        self.duties.last().map_or(self.duty, |(_, duty)| *duty)
    }

    /// Number of the facility as shown on a day.
    pub(super) fn facility_on(&self, day: i32) -> u32 {
        self.facilities.iter().rev().find(|(known, _)| *known <= day).map_or(self.facility, |(_, number)| *number)
    }

    /// Whether the person is a member of the national body on a day, by all that is ever told and when the 退会日 counts.
    pub(super) fn is_national_on(&self, day: i32) -> bool {
        self.national.iter().any(|stay| stay.joined <= day && final_left(&stay.endings).is_none_or(|left| day <= left))
    }

    /// Notes that something became known on a day.
    pub(super) fn rest_after(&mut self, day: i32) {
        self.free_from = self.free_from.max(day + PAUSE);
    }

    /// Ends local stays, and those of the upper tiers that rest on no other stay, which end on `upper_left`. Returns the
    /// bodies of the upper tiers that were left.
    pub(super) fn leave(&mut self, stays: &[usize], ending: Ending, upper: Ending) -> Vec<u16> {
        for at in stays {
            self.local[*at].endings.push(ending);
        }
        let still: Vec<(Option<usize>, Option<usize>)> =
            self.open().map(|at| (self.local[at].prefectural, self.local[at].national)).collect();
        let mut out = Vec::new();
        for at in stays {
            let (prefectural, national) = (self.local[*at].prefectural, self.local[*at].national);
            let rests = |place: Option<usize>, held: bool| place.filter(|_| !held);
            let prefectural = rests(prefectural, still.iter().any(|(held, _)| *held == prefectural));
            let national = rests(national, still.iter().any(|(_, held)| *held == national));
            if let Some(stay) = prefectural.and_then(|place| self.prefectural.get_mut(place)) {
                end(stay, upper, &mut out);
            }
            if let Some(stay) = national.and_then(|place| self.national.get_mut(place)) {
                end(stay, upper, &mut out);
            }
        }
        out
    }
}

/// Ends a stay of an upper tier unless it has ended.
fn end(stay: &mut UpperStay, ending: Ending, left: &mut Vec<u16>) {
    if final_left(&stay.endings).is_none() {
        stay.endings.push(ending);
        left.push(stay.body);
    }
}

/// What is applied for (申請種別).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Joining,
    Withdrawal,
    ClassChange,
    Facility,
}

/// An application (申請), one row for each body concerned.
#[derive(Debug, Clone)]
pub(super) struct Filing {
    pub(super) physician: usize,
    pub(super) wanted: Wanted,
    pub(super) bodies: Vec<u16>,
    pub(super) by_proxy: bool,
    pub(super) applied: i32,
    pub(super) effective: i32,
    pub(super) approved: Option<i32>,
    pub(super) cancelled: Option<i32>,
    pub(super) class: Option<NationalClass>,
    pub(super) reason: WithdrawalReason,
    pub(super) note: &'static str,
}
