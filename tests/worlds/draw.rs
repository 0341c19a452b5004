//! Chance: a tiny seeded generator, the days it likes to draw, and the calendar of export days.
//!
//! Knows nothing of members. Same seed, same draws, on every machine.

use chrono::{Datelike, Days, NaiveDate};

/// A splitmix64 generator.
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..n`; `n` must not be zero.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).expect("usize is at most 64 bits wide");
        usize::try_from(self.next() % n).expect("smaller than the usize it was taken modulo")
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    pub(super) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// A day in `first..=last`.
    pub(super) fn day_between(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        let length = usize::try_from((last - first).num_days()).expect("first is not after last");
        plus(first, self.between(0, length))
    }

    /// A day long before every export, leap days and the borders of eras often among them.
    pub(super) fn old_day(&mut self) -> NaiveDate {
        match self.below(8) {
            0 => leap_day(self.pick(&[1988, 1992, 1996, 2000, 2004, 2008, 2012, 2016, 2020])),
            1 => self.pick(&[day(1989, 1, 7), day(1989, 1, 8), day(2019, 4, 30), day(2019, 5, 1)]),
            _ => self.day_between(day(1986, 1, 1), day(2023, 6, 30)),
        }
    }

    /// A day from four months before the first export to four months after the last, boundary days preferred.
    pub(super) fn near_day(&mut self, exports: &[NaiveDate]) -> NaiveDate {
        match self.below(4) {
            0 => self.pick(&boundary_days()),
            1 => plus(before(self.pick(exports), 1), self.below(3)),
            _ => self.day_between(before(exports[0], 120), plus(exports[exports.len() - 1], 120)),
        }
    }
}

/// Draws `n` month ends between 2023-10 and 2025-06, ascending, 29 February 2024 or a 31 March among them.
///
/// # Panics
/// When `n` is 0 or more than 21.
pub(super) fn export_days(draw: &mut Draw, n: usize) -> Vec<NaiveDate> {
    let ends: Vec<NaiveDate> = (0..21).map(|months| month_end(2023, 10 + months)).collect();
    assert!((1..=ends.len()).contains(&n), "1 to 21 exports, not {n}");
    let anchor_day = draw.pick(&[day(2024, 2, 29), day(2024, 3, 31), day(2025, 3, 31)]);
    let anchor = ends.iter().position(|&end| end == anchor_day).expect("the anchors are month ends of the span");
    if draw.percent(60) {
        let first = draw.between((anchor + 1).saturating_sub(n), anchor.min(ends.len() - n));
        return ends[first..first + n].to_vec();
    }
    let mut others = ends;
    others.remove(anchor);
    draw.shuffle(&mut others);
    others.truncate(n - 1);
    others.push(anchor_day);
    others.sort_unstable();
    others
}

/// 28 and 29 February, 1 March, 31 March and 1 April of the years the exports lie in.
pub(super) fn boundary_days() -> Vec<NaiveDate> {
    let mut days = vec![day(2024, 2, 29)];
    for year in 2023..=2025 {
        days.extend([day(year, 2, 28), day(year, 3, 1), day(year, 3, 31), day(year, 4, 1)]);
    }
    days.sort_unstable();
    days
}

pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("written by hand, on the calendar")
}

pub(super) fn leap_day(year: i32) -> NaiveDate {
    day(year, 2, 29)
}

pub(super) fn plus(from: NaiveDate, days: usize) -> NaiveDate {
    from + Days::new(u64::try_from(days).expect("usize is at most 64 bits wide"))
}

pub(super) fn before(from: NaiveDate, days: usize) -> NaiveDate {
    from - Days::new(u64::try_from(days).expect("usize is at most 64 bits wide"))
}

/// The last day of a month; `month` may run past 12 into the following years.
fn month_end(year: i32, month: u32) -> NaiveDate {
    let mut first = day(year, 1, 1);
    for _ in 0..month {
        first = plus(first, 31).with_day(1).expect("every month has a first day");
    }
    before(first, 1)
}
