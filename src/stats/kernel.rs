//! The counting kernel: plain columns, one scan for a day, one sweep for a series. Integers only, so any order
//! and any split of the work gives the same figures.

use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::body_days::each_within_bodies;
use crate::domain::class::NationalClass;
use crate::domain::day::{OPEN, day_number};
use crate::domain::membership::Segment;
use crate::timeline::Timeline;

const N_CLASSES: usize = NationalClass::COUNT;

/// Membership segments as plain columns, sorted by physician. Segments of one physician in one body never
/// overlap, so that adding them up counts memberships (R1).
#[derive(Debug, Default)]
pub struct Memberships {
    /// Physician.
    pub physician: Vec<i64>,
    /// Body as its place in official order.
    pub rank: Vec<u32>,
    /// Class as its stored number.
    pub class: Vec<u8>,
    /// First day.
    pub starts: Vec<i32>,
    /// First day that no longer counts; [`OPEN`] when open.
    pub ends: Vec<i32>,
    /// Whether the newest export no longer shows the stay.
    pub not_shown: Vec<bool>,
    pub(super) tiers: Vec<Tier>,
}

/// Where the persons of each body begin among memberships: an index for papers about one body among many.
#[derive(Debug)]
pub struct PersonsByBody(Vec<Vec<u32>>);

/// One row of [`Memberships`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) physician: i64,
    pub(super) rank: u32,
    pub(super) class: u8,
    pub(super) starts: i32,
    pub(super) ends: i32,
    pub(super) not_shown: bool,
}

/// Counts on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Memberships by body (official order) and class.
    pub cells: Vec<[i64; N_CLASSES]>,
    /// Distinct persons by tier.
    pub heads: [i64; 3],
    /// Memberships by tier whose stay the newest export no longer shows (R6).
    pub not_shown: [i64; 3],
}

impl Counts {
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

impl Memberships {
    /// Projects a timeline to what was known at a day. Bodies that `keep` refuses are left out.
    pub fn project(
        timeline: &Timeline,
        associations: &Associations,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
        keep: impl Fn(usize) -> bool,
    ) -> Self {
        let mut out = Self::of_tiers(associations);
        out.reserve(timeline.len());
        out.take(associations, known_at, keep, |each| timeline.each_segment(known_at, rule, each));
        out
    }

    /// No memberships yet, of the bodies of a master.
    pub fn of_tiers(associations: &Associations) -> Self {
        Self { tiers: associations.iter().map(|body| body.tier).collect(), ..Self::default() }
    }

    /// Takes in segments as known at a day, which `each_segment` hands over person by person. Bodies that `keep`
    /// refuses are left out, and so are days on which a body does not exist: a stay that exports leave open ends with
    /// its body (see `domain::body_days`).
    pub fn take(
        &mut self,
        associations: &Associations,
        known_at: KnownAt,
        keep: impl Fn(usize) -> bool,
        each_segment: impl FnOnce(&mut dyn FnMut(Segment)),
    ) {
        let bodies: Vec<&Association> = associations.iter().collect();
        each_within_bodies(associations, each_segment, |segment| {
            let Some(rank) = associations.rank(segment.association).filter(|rank| keep(*rank)) else { return };
            let Ok(narrow) = u32::try_from(rank) else { return };
            self.push(Row {
                physician: segment.physician.0,
                rank: narrow,
                class: segment.class.index(),
                starts: day_number(segment.starts_on),
                ends: segment.ended_on.map_or(OPEN, day_number),
                // Nobody misses a row of a body that is no more.
                not_shown: segment.not_shown && !bodies[rank].has_ended_before(known_at.0),
            });
        });
    }

    /// The memberships of the bodies that `keep` accepts by their place in official order.
    pub fn kept(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut out = self.without_rows();
        (0..self.len()).filter(|i| keep(self.rank[*i] as usize)).for_each(|i| out.push(self.row(i)));
        out
    }

    /// For each body, by its place in official order, where the persons begin who have any membership there, ascending.
    pub fn persons_by_body(&self) -> PersonsByBody {
        let mut firsts: Vec<Vec<u32>> = vec![Vec::new(); self.tiers.len()];
        let mut start = 0;
        while start < self.len() {
            let end = self.end_of_person(start);
            let Ok(first) = u32::try_from(start) else { break };
            for rank in &self.rank[start..end] {
                let of_body = &mut firsts[*rank as usize];
                if of_body.last() != Some(&first) {
                    of_body.push(first);
                }
            }
            start = end;
        }
        PersonsByBody(firsts)
    }

    /// All memberships of the persons who have any in a body that `kept` marks by its place in official order.
    pub fn of_persons_in(&self, kept: &[bool], index: &PersonsByBody) -> Self {
        let of_body = |(firsts, kept): (&'_ Vec<u32>, &bool)| if *kept { firsts.clone() } else { Vec::new() };
        let mut firsts: Vec<u32> = index.0.iter().zip(kept).flat_map(of_body).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let mut out = self.without_rows();
        for first in firsts {
            let start = first as usize;
            (start..self.end_of_person(start)).for_each(|i| out.push(self.row(i)));
        }
        out
    }

    fn end_of_person(&self, start: usize) -> usize {
        start + self.physician[start..].iter().take_while(|other| **other == self.physician[start]).count()
    }

    pub(super) fn without_rows(&self) -> Self {
        Self { tiers: self.tiers.clone(), ..Self::default() }
    }

    pub(super) fn row(&self, i: usize) -> Row {
        Row {
            physician: self.physician[i],
            rank: self.rank[i],
            class: self.class[i],
            starts: self.starts[i],
            ends: self.ends[i],
            not_shown: self.not_shown[i],
        }
    }

    pub(super) fn push(&mut self, row: Row) {
        self.physician.push(row.physician);
        self.rank.push(row.rank);
        self.class.push(row.class);
        self.starts.push(row.starts);
        self.ends.push(row.ends);
        self.not_shown.push(row.not_shown);
    }

    fn reserve(&mut self, n: usize) {
        self.physician.reserve(n);
        self.rank.reserve(n);
        self.class.reserve(n);
        self.starts.reserve(n);
        self.ends.reserve(n);
        self.not_shown.reserve(n);
    }

    /// Number of segments.
    pub fn len(&self) -> usize {
        self.physician.len()
    }

    /// Whether there are no segments.
    pub fn is_empty(&self) -> bool {
        self.physician.is_empty()
    }

    /// The rows in force on a day.
    pub fn rows_on(&self, day: i32) -> impl Iterator<Item = usize> + '_ {
        self.starts
            .iter()
            .zip(&self.ends)
            .enumerate()
            .filter(move |(_, (starts, ends))| **starts <= day && day < **ends)
            .map(|(i, _)| i)
    }

    /// Counts the members of one day: one scan.
    pub fn count_on(&self, day: i32) -> Counts {
        let mut out = Counts { cells: vec![[0; N_CLASSES]; self.tiers.len()], heads: [0; 3], not_shown: [0; 3] };
        // Rows stand by physician: a person is new to a tier when the last head of the tier was another one.
        let mut last_head = [i64::MIN; 3];
        for i in self.rows_on(day) {
            let rank = self.rank[i] as usize;
            let tier = self.tiers[rank].index();
            out.cells[rank][usize::from(self.class[i])] += 1;
            out.not_shown[tier] += i64::from(self.not_shown[i]);
            if last_head[tier] != self.physician[i] {
                last_head[tier] = self.physician[i];
                out.heads[tier] += 1;
            }
        }
        out
    }

    /// Counts the members of many days, ascending: one sweep over all segments for the cells.
    pub fn count_series(&self, days: &[i32]) -> Vec<Counts> {
        let n_cells = self.tiers.len() * N_CLASSES;
        let width = days.len() + 1;
        let mut cells = vec![0_i32; n_cells * width];
        let mut not_shown = vec![0_i32; 3 * width];
        for i in 0..self.len() {
            let from = days.partition_point(|day| *day < self.starts[i]);
            let to = days.partition_point(|day| *day < self.ends[i]);
            let rank = self.rank[i] as usize;
            let cell = (rank * N_CLASSES + usize::from(self.class[i])) * width;
            cells[cell + from] += 1;
            cells[cell + to] -= 1;
            if self.not_shown[i] {
                let tier = self.tiers[rank].index() * width;
                not_shown[tier + from] += 1;
                not_shown[tier + to] -= 1;
            }
        }
        running_sums(&mut cells, width);
        running_sums(&mut not_shown, width);
        let heads = self.heads_series(days);
        (0..days.len())
            .map(|d| Counts {
                cells: (0..self.tiers.len())
                    .map(|rank| std::array::from_fn(|class| i64::from(cells[(rank * N_CLASSES + class) * width + d])))
                    .collect(),
                heads: heads[d],
                not_shown: std::array::from_fn(|tier| i64::from(not_shown[tier * width + d])),
            })
            .collect()
    }

    /// Distinct persons by tier on each day: the union of the day ranges of one person in one tier, swept.
    fn heads_series(&self, days: &[i32]) -> Vec<[i64; 3]> {
        let width = days.len() + 1;
        let mut events = vec![0_i32; 3 * width];
        let mut ranges: [Vec<(usize, usize)>; 3] = Default::default();
        let mut start = 0;
        while start < self.len() {
            let person = self.physician[start];
            let end = start + self.physician[start..].iter().take_while(|other| **other == person).count();
            for i in start..end {
                let from = days.partition_point(|day| *day < self.starts[i]);
                let to = days.partition_point(|day| *day < self.ends[i]);
                ranges[self.tiers[self.rank[i] as usize].index()].push((from, to));
            }
            for (tier, ranges) in ranges.iter_mut().enumerate() {
                add_union(ranges, &mut events[tier * width..(tier + 1) * width]);
            }
            start = end;
        }
        running_sums(&mut events, width);
        (0..days.len()).map(|d| std::array::from_fn(|tier| i64::from(events[tier * width + d]))).collect()
    }
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
