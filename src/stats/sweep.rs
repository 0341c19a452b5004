//! Many days in one pass: entries and exits by day, added up at the end.

use super::counts::{Counts, N_CLASSES};
use super::places::DayPlaces;

/// Changes from day to day: of each cell, and of each tier.
pub(super) struct Sweep {
    pub(super) cells: Vec<i32>,
    pub(super) not_shown: Vec<i32>,
    pub(super) heads: Vec<i32>,
    n_bodies: usize,
    /// Days and one more place, for what ends after the last one.
    pub(super) width: usize,
}

impl Sweep {
    pub(super) fn nothing(n_bodies: usize, places: &DayPlaces) -> Self {
        let width = places.n_days + 1;
        Self {
            cells: vec![0; n_bodies * N_CLASSES * width],
            not_shown: vec![0; 3 * width],
            heads: vec![0; 3 * width],
            n_bodies,
            width,
        }
    }

    /// The sums up to each day.
    pub(super) fn into_counts(mut self) -> Vec<Counts> {
        let width = self.width;
        running_sums(&mut self.cells, width);
        running_sums(&mut self.not_shown, width);
        running_sums(&mut self.heads, width);
        let at = |values: &[i32], row: usize, day: usize| i64::from(values[row * width + day]);
        (0..width - 1)
            .map(|day| Counts {
                cells: (0..self.n_bodies)
                    .map(|rank| std::array::from_fn(|class| at(&self.cells, rank * N_CLASSES + class, day)))
                    .collect(),
                heads: std::array::from_fn(|tier| at(&self.heads, tier, day)),
                not_shown: std::array::from_fn(|tier| at(&self.not_shown, tier, day)),
            })
            .collect()
    }

    pub(super) fn plus(mut self, other: &Self) -> Self {
        let add = |ours: &mut [i32], theirs: &[i32]| ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        add(&mut self.cells, &other.cells);
        add(&mut self.not_shown, &other.not_shown);
        add(&mut self.heads, &other.heads);
        self
    }

    /// Takes the days of one person in each tier, and empties the lists.
    #[inline]
    pub(super) fn take_heads(&mut self, ranges: &mut [Vec<(usize, usize)>; 3], width: usize) {
        for (tier, ranges) in ranges.iter_mut().enumerate() {
            match ranges.as_slice() {
                [] => {}
                // Nearly everybody has one stay in a tier.
                [only] => {
                    add_span(*only, &mut self.heads, tier * width);
                    ranges.clear();
                }
                _ => add_union(ranges, &mut self.heads[tier * width..(tier + 1) * width]),
            }
        }
    }
}

#[inline]
pub(super) fn add_span((from, to): (usize, usize), events: &mut [i32], row: usize) {
    events[row + from] += 1;
    events[row + to] -= 1;
}

/// Adds +1/−1 events for the union of index ranges and empties the list.
fn add_union(ranges: &mut Vec<(usize, usize)>, events: &mut [i32]) {
    ranges.sort_unstable();
    let mut covered = 0;
    for (from, to) in ranges.drain(..) {
        let from = from.max(covered);
        if from < to {
            events[from] += 1;
            events[to] -= 1;
            covered = to;
        }
    }
}

fn running_sums(values: &mut [i32], width: usize) {
    for row in values.chunks_mut(width) {
        let mut sum = 0;
        for value in row {
            sum += *value;
            *value = sum;
        }
    }
}
