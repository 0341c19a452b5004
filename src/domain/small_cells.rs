//! Which counts may be shown to those who see numbers only, so that no single person shows in them (K3, K4).
//!
//! Counts stand in a tree: a whole, its groups (prefectures), their leaves (bodies). On each of a row of days a cell is shown or
//! not, and what is shown lets nobody compute what is not:
//!
//! - A count from 1 to below the smallest that is shown is masked.
//! - So is one that differs by less than that from any that was shown of the cell on an earlier day: two answers never differ by
//!   what may not be told, whichever two days are asked for.
//! - A sum with one masked part would tell it, so another part is masked as well, by its place and not by its size; likewise
//!   where all masked parts together are so few that each must be the least that it can be.
//!
//! The decision about a day depends on the days before it and on nothing that somebody asks. Start reading at [`released`].

use std::collections::BTreeSet;

/// The counts of a day: leaves by group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts(pub Vec<Vec<i64>>);

impl Counts {
    /// The sum of a group.
    pub fn group(&self, nth: usize) -> i64 {
        self.0.get(nth).map_or(0, |leaves| leaves.iter().sum())
    }

    /// The sum of all.
    pub fn whole(&self) -> i64 {
        self.0.iter().flatten().sum()
    }
}

/// What is shown of the counts of a day, in the same places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// The sum of all.
    pub whole: bool,
    /// Sums of groups.
    pub groups: Vec<bool>,
    /// Leaves by group.
    pub leaves: Vec<Vec<bool>>,
}

/// What is shown on each day, the days ascending; all have the same groups and leaves. `smallest` is the smallest count above 0, and
/// the smallest difference, that is shown: 1 masks nothing.
pub fn released(days: &[Counts], smallest: i64) -> Vec<Shown> {
    let mut history = History::default();
    let each = days.iter().map(|counts| {
        let shown = history.of_day(counts, smallest);
        history.keep(counts, &shown);
        shown
    });
    each.collect()
}

/// The values that were shown of each cell.
#[derive(Debug, Default)]
struct History {
    whole: BTreeSet<i64>,
    groups: Vec<BTreeSet<i64>>,
    leaves: Vec<Vec<BTreeSet<i64>>>,
}

impl History {
    fn of_day(&mut self, counts: &Counts, smallest: i64) -> Shown {
        self.groups.resize_with(counts.0.len(), BTreeSet::new);
        self.leaves.resize_with(counts.0.len(), Vec::new);
        let mut shown = Shown { whole: may_tell(counts.whole(), &self.whole, smallest), ..Shown::default() };
        for (nth, leaves) in counts.0.iter().enumerate() {
            self.leaves[nth].resize_with(leaves.len(), BTreeSet::new);
            shown.groups.push(may_tell(counts.group(nth), &self.groups[nth], smallest));
            let kept = leaves.iter().zip(&self.leaves[nth]);
            shown.leaves.push(kept.map(|(n, told)| may_tell(*n, told, smallest)).collect());
        }
        close(counts, &mut shown);
        shown
    }

    fn keep(&mut self, counts: &Counts, shown: &Shown) {
        self.whole.extend(shown.whole.then(|| counts.whole()));
        for (nth, leaves) in counts.0.iter().enumerate() {
            self.groups[nth].extend(shown.groups[nth].then(|| counts.group(nth)));
            for (at, n) in leaves.iter().enumerate() {
                self.leaves[nth][at].extend(shown.leaves[nth][at].then_some(*n));
            }
        }
    }
}

/// Whether a count is neither small nor close to another one that was shown of the cell.
fn may_tell(n: i64, told: &BTreeSet<i64>, smallest: i64) -> bool {
    let is_small = n > 0 && n < smallest;
    let mut near = told.range(n.saturating_sub(smallest - 1)..=n.saturating_add(smallest - 1));
    !is_small && near.all(|other| *other == n)
}

/// Masks further cells until no sum tells a masked one. Groups one by one: a group that is masked takes leaves with it, which are
/// looked at before the next one.
fn close(counts: &Counts, shown: &mut Shown) {
    loop {
        for (nth, leaves) in counts.0.iter().enumerate() {
            let parts: Vec<Part> = leaves.iter().map(|n| Part { n: *n, least: 1 }).collect();
            while is_masked_further(&parts, &mut shown.leaves[nth], &mut shown.groups[nth]) {}
        }
        let groups = counts.0.iter().zip(&shown.leaves).enumerate();
        let groups: Vec<Part> = groups
            .map(|(nth, (leaves, shown))| Part { n: counts.group(nth), least: least_of(leaves, shown) })
            .collect();
        if !is_masked_further(&groups, &mut shown.groups, &mut shown.whole) {
            return;
        }
    }
}

/// A part of a sum.
struct Part {
    n: i64,
    /// What it is known to be at least where it is masked.
    least: i64,
}

/// What a masked group is known to be at least: leaves of nobody are never masked, so each masked one is 1.
fn least_of(leaves: &[i64], shown: &[bool]) -> i64 {
    leaves.iter().zip(shown).map(|(n, shown)| if *shown { *n } else { 1 }).sum()
}

/// Masks one more part, or the sum, where the sum and its parts tell a masked one; `false` where they tell none.
fn is_masked_further(parts: &[Part], shown: &mut [bool], sum: &mut bool) -> bool {
    let masked: Vec<&Part> =
        parts.iter().zip(shown.iter()).filter(|(_, shown)| !**shown).map(|(part, _)| part).collect();
    let together: i64 = masked.iter().map(|part| part.n).sum();
    let is_told = match (*sum, masked.len()) {
        (true, 0) => false,
        (false, 0) => true,
        (true, 1) => true,
        _ => together == masked.iter().map(|part| part.least).sum::<i64>(),
    };
    let next = parts.iter().zip(shown.iter()).position(|(part, shown)| *shown && part.n > 0);
    match (is_told, next) {
        (false, _) => false,
        (true, Some(next)) => {
            shown[next] = false;
            true
        }
        // All that have anybody are masked: then the sum is as well.
        (true, None) => std::mem::replace(sum, false),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn day(groups: &[&[i64]]) -> Counts {
        Counts(groups.iter().map(|leaves| leaves.to_vec()).collect())
    }

    #[test]
    fn small_count_takes_another_with_it() {
        let shown = &released(&[day(&[&[40, 2, 30], &[25, 26]])], 3)[0];
        assert_eq!(shown.leaves, [vec![false, false, true], vec![true, true]]);
        assert!(shown.whole && shown.groups == [true, true], "sums are told");
    }

    #[test]
    fn two_that_must_be_one_each_take_a_third() {
        let shown = &released(&[day(&[&[1, 1, 30, 0]])], 3)[0];
        assert_eq!(shown.leaves, [vec![false, false, false, true]]);
    }

    /// The two of the third group are one at least each, so the one of the second would be told by the whole.
    #[test]
    fn groups_that_must_be_as_small_as_they_can_take_another() {
        let shown = &released(&[day(&[&[6], &[1], &[1, 1]])], 2)[0];
        assert!(!shown.groups[0] && !shown.groups[1] && !shown.groups[2], "{shown:?}");
        let shown = &released(&[day(&[&[6], &[1], &[1, 2]])], 2)[0];
        assert!(shown.groups == [false, false, true] && shown.whole, "{shown:?}");
    }

    #[test]
    fn only_part_of_a_sum_hides_the_sum() {
        let shown = &released(&[day(&[&[2], &[50], &[60]])], 3)[0];
        assert_eq!(shown.leaves, [vec![false], vec![false], vec![true]]);
        assert!(shown.whole && shown.groups == [false, false, true]);
        let shown = &released(&[day(&[&[2]])], 3)[0];
        assert!(!shown.whole && !shown.groups[0] && !shown.leaves[0][0]);
    }

    #[test]
    fn count_that_moved_a_little_waits_until_it_moved_more() {
        let days: Vec<Counts> = [100, 101, 102, 103, 103, 101].iter().map(|n| day(&[&[*n], &[500]])).collect();
        let shown: Vec<bool> = released(&days, 3).iter().map(|shown| shown.leaves[0][0]).collect();
        assert_eq!(shown, [true, false, false, true, true, false]);
    }

    #[test]
    fn nothing_is_masked_where_one_may_be_told() {
        let days = [day(&[&[1, 2], &[1]]), day(&[&[2, 2], &[0]])];
        assert!(released(&days, 1).iter().all(|shown| shown.whole && shown.leaves.iter().flatten().all(|leaf| *leaf)));
    }

    /// Days of a world in which few come and go.
    fn worlds() -> impl Strategy<Value = (Vec<Counts>, i64)> {
        let leaf = prop_oneof![3 => 0_i64..6, 2 => 6_i64..60];
        let first = prop::collection::vec(prop::collection::vec(leaf, 1..5), 1..5);
        let steps = prop::collection::vec(prop::collection::vec(-3_i64..4, 16), 0..8);
        (first, steps, 1_i64..6).prop_map(|(first, steps, smallest)| {
            let mut days = vec![Counts(first)];
            for step in steps {
                let mut next = days.last().expect("there is a first").clone();
                let leaves = next.0.iter_mut().flatten();
                // Most stay as they are.
                leaves.zip(&step).filter(|(_, by)| **by % 2 != 0).for_each(|(leaf, by)| *leaf = (*leaf + by).max(0));
                days.push(next);
            }
            (days, smallest)
        })
    }

    /// A cell: the whole, a group, a leaf.
    type Cell = (Option<usize>, Option<usize>);

    fn cells(counts: &Counts) -> Vec<Cell> {
        let mut out = vec![(None, None)];
        for (nth, leaves) in counts.0.iter().enumerate() {
            out.push((Some(nth), None));
            out.extend((0..leaves.len()).map(|at| (Some(nth), Some(at))));
        }
        out
    }

    fn value(counts: &Counts, cell: Cell) -> i64 {
        match cell {
            (Some(nth), Some(at)) => counts.0[nth][at],
            (Some(nth), None) => counts.group(nth),
            _ => counts.whole(),
        }
    }

    fn is_shown(shown: &Shown, cell: Cell) -> bool {
        match cell {
            (Some(nth), Some(at)) => shown.leaves[nth][at],
            (Some(nth), None) => shown.groups[nth],
            _ => shown.whole,
        }
    }

    /// Other counts of the day that look the same: some leaves with one more or fewer, and nobody below 1 who is masked.
    fn others(counts: &Counts, shown: &Shown) -> Vec<Counts> {
        let leaves: Vec<(usize, usize)> = cells(counts).into_iter().filter_map(|(nth, at)| Some((nth?, at?))).collect();
        let masked: Vec<(usize, usize)> = leaves.into_iter().filter(|(nth, at)| !shown.leaves[*nth][*at]).collect();
        let mut out = Vec::new();
        for (nth, at) in &masked {
            for by in [-1, 1] {
                let mut one = counts.clone();
                one.0[*nth][*at] += by;
                out.push(one.clone());
                for (other, place) in &masked {
                    let mut two = one.clone();
                    two.0[*other][*place] -= by;
                    out.push(two);
                }
            }
        }
        let looks_the_same = |other: &Counts| {
            let each = cells(counts);
            let is_same = |cell: &Cell| match is_shown(shown, *cell) {
                true => value(other, *cell) == value(counts, *cell),
                false => value(other, *cell) >= 1,
            };
            each.iter().all(is_same)
        };
        out.retain(looks_the_same);
        out
    }

    /// The same worlds each time.
    fn config() -> ProptestConfig {
        let rng_seed = RngSeed::Fixed(20_261_130);
        ProptestConfig { cases: 2_000, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
    }

    proptest! {
        #![proptest_config(config())]

        /// Of every masked cell there are two values at least that agree with everything that is shown.
        #[test]
        fn nothing_masked_can_be_computed((days, smallest) in worlds()) {
            for (counts, shown) in days.iter().zip(released(&days, smallest)) {
                let others = others(counts, &shown);
                for cell in cells(counts).into_iter().filter(|cell| !is_shown(&shown, *cell)) {
                    let n = value(counts, cell);
                    prop_assert!(others.iter().any(|other| value(other, cell) != n), "{counts:?} {shown:?} {cell:?}");
                }
            }
        }

        /// No count below the smallest is shown, and no two answers about a cell differ by less than it.
        #[test]
        fn no_two_answers_differ_by_what_is_masked((days, smallest) in worlds()) {
            let shown = released(&days, smallest);
            for cell in cells(&days[0]) {
                let told = days.iter().zip(&shown).filter(|(_, shown)| is_shown(shown, cell));
                let told: Vec<i64> = told.map(|(counts, _)| value(counts, cell)).collect();
                prop_assert!(told.iter().all(|n| *n == 0 || *n >= smallest));
                let differ = told.iter().flat_map(|one| told.iter().map(move |other| (one - other).abs()));
                prop_assert!(differ.into_iter().all(|by| by == 0 || by >= smallest), "{told:?}");
            }
        }

        /// What is shown of a day does not depend on what comes after it.
        #[test]
        fn later_days_change_no_earlier_answer((days, smallest) in worlds()) {
            let all = released(&days, smallest);
            for n in 1..days.len() {
                prop_assert_eq!(&released(&days[..n], smallest)[..], &all[..n]);
            }
        }
    }
}
