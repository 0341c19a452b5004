//! Which figures have change points, and how they are numbered.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::domain::association::{Associations, BodySet, Tier};
use crate::stats::counts::{Counts, N_CLASSES};

/// Blocks of cells, each as long as there are bodies. Members by class come first.
const NOT_SHOWN: usize = 2 * N_CLASSES;
const NATIONAL_NOT_SHOWN: usize = NOT_SHOWN + 1;
/// Blocks before the heads.
const BLOCKS: usize = NATIONAL_NOT_SHOWN + 1;

/// Tiers of whose heads each prefecture has its own: the national body has no prefecture.
const TIERS_BY_PREFECTURE: [Tier; 2] = [Tier::Local, Tier::Prefectural];

/// The numbers of all figures that have change points:
///
/// 1. memberships by body and class,
/// 2. national memberships by prefectural body (R23) and class; at the national body those of no prefecture,
/// 3. memberships by body whose stay exports no longer show (R6), then national ones by prefectural body,
/// 4. heads by tier,
/// 5. heads by prefecture, of the local and of the prefectural tier.
#[derive(Debug)]
pub struct Cells {
    tiers: Vec<Tier>,
    /// Place of the prefecture of each body among all.
    prefecture: Vec<usize>,
    /// Codes of the prefectures, ascending; empty for what has none.
    prefectures: Vec<String>,
    /// What the numbering depends on, a body a line.
    names: String,
}

impl Cells {
    /// Numbers the figures of a master.
    pub fn new(associations: &Associations) -> Self {
        let mut codes: Vec<&str> = associations.iter().map(|body| body.prefecture.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        let place = |code: &str| codes.binary_search(&code).unwrap_or_default();
        let mut names = String::new();
        for body in associations.iter() {
            // A text takes more text.
            let _ = writeln!(names, "{} {} {} {}", body.id.0, body.code, body.tier.code(), body.prefecture);
        }
        Self {
            tiers: associations.iter().map(|body| body.tier).collect(),
            prefecture: associations.iter().map(|body| place(&body.prefecture)).collect(),
            prefectures: codes.into_iter().map(str::to_string).collect(),
            names,
        }
    }

    /// All that the numbering depends on, as a text.
    pub fn names(&self) -> &str {
        &self.names
    }

    /// What a number stands for; `None` for one that is not given.
    pub fn figure(&self, cell: usize) -> Option<Figure<'_>> {
        let n = self.n_bodies();
        let place = |cell: usize| {
            let (rank, class) = (u32::try_from(cell / N_CLASSES).ok()?, u8::try_from(cell % N_CLASSES).ok()?);
            Some((rank, class))
        };
        if let Some(heads) = cell.checked_sub(BLOCKS * n) {
            let tier = Tier::ALL.get(heads).copied().map(Figure::Heads);
            let of_prefecture = || {
                let at = heads.checked_sub(Tier::ALL.len())?;
                let tier = TIERS_BY_PREFECTURE.get(at / self.prefectures.len())?;
                Some(Figure::HeadsOfPrefecture(*tier, &self.prefectures[at % self.prefectures.len()]))
            };
            return tier.or_else(of_prefecture);
        }
        match cell / n {
            block if block < N_CLASSES => place(cell).map(|(rank, class)| Figure::Members(rank, class)),
            block if block < NOT_SHOWN => {
                place(cell - N_CLASSES * n).map(|(home, class)| Figure::National(home, class))
            }
            _ => Some(Figure::NotShown),
        }
    }

    /// How many figures there are.
    pub(super) fn n_figures(&self) -> usize {
        BLOCKS * self.n_bodies() + 3 + TIERS_BY_PREFECTURE.len() * self.prefectures.len()
    }

    pub(super) fn n_bodies(&self) -> usize {
        self.tiers.len()
    }

    pub(super) fn tier(&self, rank: u32) -> Tier {
        self.tiers[rank as usize]
    }

    pub(super) fn members(&self, rank: u32, class: u8) -> usize {
        rank as usize * N_CLASSES + usize::from(class)
    }

    pub(super) fn national(&self, home: u32, class: u8) -> usize {
        N_CLASSES * self.n_bodies() + self.members(home, class)
    }

    pub(super) fn not_shown(&self, rank: u32) -> usize {
        NOT_SHOWN * self.n_bodies() + rank as usize
    }

    pub(super) fn national_not_shown(&self, home: u32) -> usize {
        NATIONAL_NOT_SHOWN * self.n_bodies() + home as usize
    }

    pub(super) fn heads(&self, tier: Tier) -> usize {
        BLOCKS * self.n_bodies() + tier.index()
    }

    /// Heads of a tier in the prefecture of a body; `None` for the national tier.
    pub(super) fn heads_of_prefecture(&self, rank: u32) -> Option<usize> {
        let block = TIERS_BY_PREFECTURE.iter().position(|tier| *tier == self.tier(rank))?;
        Some(self.heads(Tier::Local) + 3 + block * self.prefectures.len() + self.prefecture[rank as usize])
    }
}

/// What one number of [`Cells`] stands for. Bodies and classes are told by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure<'c> {
    /// Memberships of a body and class.
    Members(u32, u8),
    /// National memberships of a class, at the prefectural body they belong to (R23), or the national one.
    National(u32, u8),
    /// Memberships that exports no longer show (R6).
    NotShown,
    /// Distinct persons of a tier.
    Heads(Tier),
    /// Distinct persons of a tier in the prefecture with a code.
    HeadsOfPrefecture(Tier, &'c str),
}

/// All figures of one day, by the numbers of [`Cells`].
#[derive(Debug, Clone)]
pub struct SummedDay {
    cells: Arc<Cells>,
    /// The figures of this day and of those asked for with it.
    values: Arc<Vec<i32>>,
    /// Where those of this day begin.
    first: usize,
}

impl SummedDay {
    /// Days one after the other, each with all figures.
    pub(super) fn of_days(cells: &Arc<Cells>, values: Vec<i32>) -> Vec<Self> {
        let values = Arc::new(values);
        let day = |first| Self { cells: cells.clone(), values: values.clone(), first };
        (0..values.len()).step_by(cells.n_figures()).map(day).collect()
    }

    pub(super) fn new(cells: Arc<Cells>, values: Vec<i32>) -> Self {
        Self { cells, values: Arc::new(values), first: 0 }
    }

    fn at(&self, cell: usize) -> i64 {
        self.values[self.first + cell].into()
    }

    /// The counts of some bodies. `None` where heads are asked of bodies of which they are not summed: several that are neither a
    /// whole tier nor all of a tier in one prefecture.
    pub fn counts(&self, bodies: &BodySet) -> Option<Counts> {
        let n = self.cells.n_bodies();
        let mut out = Counts { cells: vec![[0; N_CLASSES]; n], heads: [0; 3], not_shown: [0; 3] };
        for rank in (0..u32::try_from(n).ok()?).filter(|rank| bodies.has(*rank as usize)) {
            out.cells[rank as usize] = self.classes(self.cells.members(rank, 0));
            out.not_shown[self.cells.tier(rank).index()] += self.at(self.cells.not_shown(rank));
        }
        for tier in Tier::ALL {
            out.heads[tier.index()] = self.heads(tier, bodies, &out)?;
        }
        Some(out)
    }

    fn heads(&self, tier: Tier, bodies: &BodySet, counts: &Counts) -> Option<i64> {
        let of_tier = || (0..self.cells.n_bodies()).filter(|rank| self.cells.tiers[*rank] == tier);
        let mut chosen = of_tier().filter(|rank| bodies.has(*rank));
        let Some(first) = chosen.next() else { return Some(0) };
        if of_tier().all(|rank| bodies.has(rank)) {
            return Some(self.at(self.cells.heads(tier)));
        }
        // Nobody is in one body twice (R1).
        if chosen.next().is_none() {
            return Some(counts.cells[first].iter().sum());
        }
        let home = self.cells.prefecture[first];
        let is_whole_prefecture = of_tier().all(|rank| bodies.has(rank) == (self.cells.prefecture[rank] == home));
        let cell = self.cells.heads_of_prefecture(u32::try_from(first).ok()?)?;
        is_whole_prefecture.then(|| self.at(cell))
    }

    fn classes(&self, first: usize) -> [i64; N_CLASSES] {
        std::array::from_fn(|class| self.at(first + class))
    }

    /// National memberships by prefectural body (R23) where they stand at some bodies, as
    /// [`national_by_prefecture`](crate::stats::Memberships::national_by_prefecture) has them counted.
    pub fn national_by_prefecture(&self, homes: &BodySet) -> Counts {
        let (national, cells) = (Tier::National.index(), &self.cells);
        let n = cells.n_bodies();
        let mut out = Counts { cells: vec![[0; N_CLASSES]; n], heads: [0; 3], not_shown: [0; 3] };
        for home in homes.ranks().filter_map(|home| u32::try_from(home).ok()) {
            let classes = self.classes(cells.national(home, 0));
            // One body of the tier: a member is a head.
            out.heads[national] += classes.iter().sum::<i64>();
            out.not_shown[national] += self.at(cells.national_not_shown(home));
            out.cells[home as usize] = classes;
        }
        out
    }

    /// Adds the national members of some prefectural bodies (R23) at the national body.
    #[must_use]
    pub fn with_national_of(&self, mut counts: Counts, homes: &BodySet) -> Counts {
        let national = self.cells.tiers.iter().position(|tier| *tier == Tier::National);
        let Some(national) = national else { return counts };
        for home in homes.ranks().filter_map(|home| u32::try_from(home).ok()) {
            let classes = self.classes(self.cells.national(home, 0));
            // One body of the tier: a member is a head.
            counts.heads[Tier::National.index()] += classes.iter().sum::<i64>();
            counts.not_shown[Tier::National.index()] += self.at(self.cells.national_not_shown(home));
            counts.cells[national].iter_mut().zip(classes).for_each(|(sum, n)| *sum += n);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::{local, row, with_top};

    #[test]
    fn every_number_stands_for_the_figure_that_has_it() {
        let others = [("P13", Tier::Prefectural, "東京都", "JMA"), ("13-001", Tier::Local, "乙", "P13")];
        let others = others.map(|(code, tier, name, above)| row(code, tier, name, above, ["", ""], &[]));
        let rows = std::iter::once(local("11-001", "甲", ["", ""], &[])).chain(others);
        let master = Associations::new(with_top(rows.collect())).expect("sound");
        let cells = Cells::new(&master);
        let (mut n_not_shown, mut heads) = (0, Vec::new());
        for cell in 0..cells.n_figures() {
            match cells.figure(cell).expect("it is given") {
                Figure::Members(rank, class) => assert_eq!(cells.members(rank, class), cell),
                Figure::National(home, class) => assert_eq!(cells.national(home, class), cell),
                Figure::NotShown => n_not_shown += 1,
                Figure::Heads(tier) => assert_eq!(cells.heads(tier), cell),
                Figure::HeadsOfPrefecture(tier, code) => heads.push((tier, code, cell)),
            }
        }
        assert_eq!(n_not_shown, 2 * master.len());
        for (rank, body) in master.iter().enumerate().filter(|(_, body)| body.tier != Tier::National) {
            let cell = cells.heads_of_prefecture(u32::try_from(rank).expect("small")).expect("it has a prefecture");
            assert!(heads.contains(&(body.tier, body.prefecture.as_str(), cell)), "{}", body.code);
        }
        assert_eq!(cells.figure(cells.n_figures()), None);
    }
}
