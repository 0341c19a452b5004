//! Draws that are the same on every run.

use chrono::{Days, NaiveDate};

/// A stream of numbers (splitmix64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).expect("a count")).expect("it is below a count")
    }

    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    pub fn is(&mut self, in_a_hundred: usize) -> bool {
        self.below(100) < in_a_hundred
    }

    pub fn day(&mut self, from: &str, n_days: usize) -> NaiveDate {
        let from: NaiveDate = from.parse().expect("a day");
        from + Days::new(u64::try_from(self.below(n_days)).expect("a count"))
    }
}

/// How often something is tried: `n`, times KAIIN_TIMES where that is set.
pub fn times(n: usize) -> usize {
    n * std::env::var("KAIIN_TIMES").map_or(1, |times| times.parse().expect("KAIIN_TIMES is a number"))
}
