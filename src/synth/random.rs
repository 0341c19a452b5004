//! Draws of an invented world: SplitMix64, written out so that a seed gives the same world for ever.
//!
//! A crate for random numbers may change its sequence with a new version, and some do by design; here the bytes of a
//! world are a contract. Only whole numbers are drawn, so that every machine draws the same. Not for secrets.

/// The increment of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of draws.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    state: u64,
}

impl Draws {
    /// The sequence of a seed. `stream` keeps parts of a world apart: what one draws does not move another.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut draws = Self { state: seed };
        draws.state = draws.next().wrapping_add(stream.wrapping_mul(GOLDEN));
        draws
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but without `n`; 0 when `n` is 0.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        let high = self.next() >> 32;
        u32::try_from((high * u64::from(n)) >> 32).unwrap_or(0)
    }

    /// A place in a list of `n`; 0 when it is empty.
    pub(super) fn place(&mut self, n: usize) -> usize {
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        usize::try_from(self.below(n)).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included; `least` when there is none.
    pub(super) fn between(&mut self, least: i32, most: i32) -> i32 {
        let span = u32::try_from(most.saturating_sub(least)).map_or(1, |span| span.saturating_add(1));
        least.saturating_add(i32::try_from(self.below(span)).unwrap_or(0))
    }

    /// Whether something happens that happens `n` times in a thousand.
    pub(super) fn chance(&mut self, n: u32) -> bool {
        self.below(1000) < n
    }

    /// A place in a list of weights; 0 when they are all 0.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published first outputs of SplitMix64 for state 1234567.
    #[test]
    fn sequence_is_that_of_the_paper() {
        let mut draws = Draws { state: 1_234_567 };
        let first: Vec<u64> = (0..3).map(|_| draws.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut draws = Draws::new(7, 1);
        for _ in 0..1000 {
            assert!(draws.below(3) < 3);
            assert!((-2..=2).contains(&draws.between(-2, 2)));
            assert!([0, 2].contains(&draws.weighted(&[1, 0, 5])));
        }
        assert_eq!((draws.below(0), draws.between(5, 4), draws.weighted(&[])), (0, 5, 0));
    }
}
