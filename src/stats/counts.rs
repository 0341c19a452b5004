//! Counts of one day: members by body and class, and heads by tier.

use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;

pub(super) const N_CLASSES: usize = NationalClass::COUNT;

/// Counts on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Memberships by body (official order) and class.
    pub cells: Vec<[i64; N_CLASSES]>,
    /// Distinct persons by tier.
    pub heads: [i64; 3],
    /// Memberships by tier whose stay the newest export no longer shows (R6).
    pub not_shown: [i64; 3],
}

impl Counts {
    /// Of these persons and others.
    pub(super) fn plus(mut self, other: &Self) -> Self {
        let add = |ours: &mut [i64], theirs: &[i64]| ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        self.cells.iter_mut().zip(&other.cells).for_each(|(ours, theirs)| add(ours, theirs));
        add(&mut self.heads, &other.heads);
        add(&mut self.not_shown, &other.not_shown);
        self
    }

    /// Memberships of a tier. `tiers` is the tier of each body in official order.
    pub fn memberships(&self, associations: &Associations, tier: Tier) -> i64 {
        associations
            .iter()
            .zip(&self.cells)
            .filter(|(body, _)| body.tier == tier)
            .map(|(_, row)| row.iter().sum::<i64>())
            .sum()
    }
}

/// Members of one day while they are counted. They come person by person, who is new to a tier when the last one counted
/// there was another.
pub(super) struct Tally {
    counts: Counts,
    tiers: Vec<Tier>,
    last_head: [i64; 3],
}

impl Tally {
    pub(super) fn of_tiers(tiers: &[Tier]) -> Self {
        Self {
            counts: Counts { cells: vec![[0; N_CLASSES]; tiers.len()], heads: [0; 3], not_shown: [0; 3] },
            tiers: tiers.to_vec(),
            last_head: [i64::MIN; 3],
        }
    }

    /// Adds a membership that is in force on the day.
    #[inline]
    pub(super) fn add(&mut self, person: i64, rank: u32, class: u8, not_shown: bool) {
        let rank = rank as usize;
        let tier = self.tiers[rank].index();
        self.counts.cells[rank][usize::from(class)] += 1;
        self.counts.not_shown[tier] += i64::from(not_shown);
        self.counts.heads[tier] += i64::from(self.last_head[tier] != person);
        self.last_head[tier] = person;
    }

    pub(super) fn into_counts(self) -> Counts {
        self.counts
    }
}
