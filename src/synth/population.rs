//! People as they stand at the first export, and people who join later.

use super::bodies::{Bodies, NATIONAL};
use super::names::{Duty, FAMILY_NAMES, GIVEN_NAMES};
use super::people::{ALWAYS, Ending, LocalStay, Physician, UpperStay};
use super::random::Draws;
use crate::domain::class::NationalClass;
use crate::domain::day::date_of;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::synth_target::{CLASSES, SynthTarget};

/// Members by class where no target says otherwise, roughly those of the national survey.
const USUAL_CLASSES: [u32; 5] = [483, 230, 14, 253, 20];

/// A① by 施設業務, likewise.
const USUAL_DUTIES: [u32; 4] = [48, 845, 91, 16];

/// Of a thousand members of a local body, how many are in the prefectural one.
const PREFECTURAL: u32 = 985;

/// Of a thousand members of a prefectural body, how many are in the national one, where no target says otherwise.
const NATIONAL_SHARE: u32 = 930;

/// Classes of those who join.
const JOINING_CLASSES: [u32; 5] = [16, 30, 12, 30, 12];

/// How people are drawn.
#[derive(Debug)]
pub(super) struct Mix {
    classes: [u32; 5],
    duties: [u32; 4],
    national: u32,
}

impl Mix {
    /// The mix of the first targets, else the usual one.
    pub(super) fn of(targets: &[(usize, SynthTarget)], physicians: u32) -> Self {
        let of_class = |target: &SynthTarget, class: NationalClass| match class {
            NationalClass::A1 => target.a1_total(),
            other => target.classes.get(&other).copied(),
        };
        let by_class = targets.iter().find_map(|(_, target)| {
            let counts: Option<Vec<u32>> = CLASSES.iter().map(|class| of_class(target, *class)).collect();
            counts.and_then(|counts| <[u32; 5]>::try_from(counts).ok())
        });
        let whole = targets.first().and_then(|(_, target)| target.whole());
        let national = whole.map_or(NATIONAL_SHARE, |whole| {
            let share = u64::from(whole) * 1_000_000 / u64::from(physicians.max(1)) / u64::from(PREFECTURAL);
            u32::try_from(share).unwrap_or(1000).min(1000)
        });
        Self {
            classes: by_class.unwrap_or(USUAL_CLASSES),
            duties: targets.iter().find_map(|(_, target)| target.a1).unwrap_or(USUAL_DUTIES),
            national,
        }
    }

    /// A class of somebody at the beginning.
    pub(super) fn class(&self, draws: &mut Draws) -> NationalClass {
        CLASSES[draws.weighted(&self.classes)]
    }

    /// A class of somebody who joins.
    pub(super) fn joining_class(draws: &mut Draws) -> NationalClass {
        CLASSES[draws.weighted(&JOINING_CLASSES)]
    }

    /// What somebody of a class does.
    pub(super) fn duty(&self, class: NationalClass, draws: &mut Draws) -> Duty {
        match class {
            NationalClass::A1 => Duty::OF_A1[draws.weighted(&self.duties)],
            other => Duty::outside_a1(other),
        }
    }

    /// Whether somebody is in the prefectural and in the national body.
    pub(super) fn tiers(&self, draws: &mut Draws) -> (bool, bool) {
        let prefectural = draws.chance(PREFECTURAL);
        (prefectural, prefectural && draws.chance(self.national))
    }
}

/// Ages of a class on joining and long after.
fn ages(class: NationalClass, is_new: bool) -> (i32, i32) {
    match (class, is_new) {
        (NationalClass::A2C | NationalClass::C, _) => (25, 31),
        (NationalClass::A1, false) => (40, 88),
        (NationalClass::A1, true) => (34, 55),
        (_, false) => (29, 72),
        (_, true) => (27, 45),
    }
}

/// Somebody without stays. `nth` gives the registration number: a step without a common divisor with the count of
/// six-digit numbers meets each of them once.
pub(super) fn somebody(
    nth: usize,
    class: NationalClass,
    duty: Duty,
    (day, is_new): (i32, bool),
    draws: &mut Draws,
) -> Physician {
    const NUMBERS: u64 = 900_000;
    const STEP: u64 = 541_363;
    let number = 100_000 + (u64::try_from(nth).unwrap_or(0) * STEP) % NUMBERS;
    let (least, most) = ages(class, is_new);
    // Of two ages the lower among the new: most join young.
    let age =
        if is_new { draws.between(least, most).min(draws.between(least, most)) } else { draws.between(least, most) };
    let born = day - age * 365 - draws.between(0, 364) - age / 4;
    let sex = if draws.chance(220) { 8 + draws.below(4) } else { draws.below(8) };
    let given = u8::try_from(sex).unwrap_or(0);
    let family = u8::try_from(draws.place(FAMILY_NAMES.len())).unwrap_or(0);
    let late = draws.between(0, 4).min(age - 25).max(0);
    let born_year = date_of(born).map_or(1970, |date| chrono::Datelike::year(&date));
    Physician {
        number: u32::try_from(number).unwrap_or(0),
        family,
        given,
        sex: GIVEN_NAMES[usize::from(given)].2,
        born,
        graduated: born_year + 24 + late.min(3),
        facility: draws.below(40_000) + 1,
        facilities: Vec::new(),
        duty,
        duties: Vec::new(),
        class,
        classes: Vec::new(),
        local: Vec::new(),
        prefectural: Vec::new(),
        national: Vec::new(),
        free_from: ALWAYS,
    }
}

/// A stay that begins in the days before the first export, in all tiers that are asked for.
pub(super) fn resolve_before(
    person: &mut Physician,
    first_export: i32,
    (prefectural, national): (bool, bool),
    bodies: &Bodies,
    draws: &mut Draws,
) {
    // Nobody joins before the second year after graduation, nor in the last weeks before the first export.
    let graduated = chrono::NaiveDate::from_ymd_opt(person.graduated, 4, 1).map_or(0, crate::domain::day::day_number);
    let earliest = (graduated + 30).min(first_export - 400);
    let joined = draws.between(earliest, first_export - 60).max(draws.between(earliest, first_export - 60));
    let body = bodies.draw(first_export, first_export, draws);
    let wished = joined - draws.between(0, 14);
    enter(
        person,
        bodies,
        body,
        Entry { joined, wished, shown_from: ALWAYS, admitted: ALWAYS },
        (prefectural, national),
    );
}

/// Days of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) joined: i32,
    pub(super) wished: i32,
    pub(super) shown_from: i32,
    pub(super) admitted: i32,
}

/// A new local stay with new stays in the upper tiers.
pub(super) fn enter(
    person: &mut Physician,
    bodies: &Bodies,
    body: u16,
    entry: Entry,
    (prefectural, national): (bool, bool),
) {
    let upper = |stays: &mut Vec<UpperStay>, body| {
        stays.push(UpperStay { body, joined: entry.joined, endings: Vec::new() });
        stays.len() - 1
    };
    let prefectural = prefectural.then(|| upper(&mut person.prefectural, bodies.above(body)));
    let national = national.then(|| upper(&mut person.national, NATIONAL));
    enter_with(person, body, entry, prefectural, national);
}

/// A new local stay whose row repeats the given stays of the upper tiers.
pub(super) fn enter_with(
    person: &mut Physician,
    body: u16,
    entry: Entry,
    prefectural: Option<usize>,
    national: Option<usize>,
) {
    let Entry { joined, wished, shown_from, admitted } = entry;
    person.local.push(LocalStay {
        body,
        shown_from,
        hidden: None,
        admitted,
        wished,
        joined,
        corrected: None,
        endings: Vec::new(),
        prefectural,
        national,
    });
}

/// What else may be true of somebody at the first export: an end that has passed or lies ahead, an application.
pub(super) fn unsettle(person: &mut Physician, first_export: i32, kept_days: i32, draws: &mut Draws) {
    let left = match draws.below(1000) {
        0..25 => first_export - draws.between(1, kept_days.clamp(1, 190)),
        25..28 => first_export + draws.between(5, 60),
        28..31 => {
            person.local[0].admitted = first_export + draws.between(5, 50);
            person.local[0].joined = person.local[0].admitted - draws.between(0, 5);
            for stay in person.prefectural.iter_mut().chain(&mut person.national) {
                stay.joined = person.local[0].joined;
            }
            person.local[0].wished = person.local[0].joined - 30;
            person.rest_after(person.local[0].admitted);
            return;
        }
        _ => return,
    };
    if left <= person.local[0].joined {
        return;
    }
    const REASONS: [WithdrawalReason; 4] =
        [WithdrawalReason::OwnWish, WithdrawalReason::MovedAway, WithdrawalReason::Death, WithdrawalReason::Other];
    let reason = if left > first_export { WithdrawalReason::OwnWish } else { REASONS[draws.place(4)] };
    let ending = Ending { known: ALWAYS, left: Some(left), reason };
    person.leave(&[0], ending, ending);
    person.rest_after(left);
}
