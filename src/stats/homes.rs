//! National memberships by prefecture (日医会員の都道府県別, R23).
//!
//! The national body has no prefecture of its own: on each day a national member belongs to the prefecture of the
//! prefectural stay in force, else of the local one. This module places days; it does not count.

use std::collections::BTreeMap;

use super::kernel::{Memberships, Row};
use super::restate::{Run, runs};
use crate::domain::association::{Associations, BodySet, Tier};

impl Memberships {
    /// The national memberships, each day of them at the place of the prefectural body it belongs to, and at that of the
    /// national body where neither a prefectural nor a local stay is in force (不明). Of several stays in force the one
    /// that began last speaks, then official order. Nothing else is among them, so heads are those of the national tier.
    pub fn national_by_prefecture(&self, associations: &Associations) -> Self {
        let mut out = Self { tiers: vec![Tier::National; self.tiers.len()], ..Self::default() };
        let homes = homes_of_ranks(associations);
        let mut start = 0;
        while start < self.len() {
            let person = self.physician[start];
            let end = start + self.physician[start..].iter().take_while(|other| **other == person).count();
            if (start..end).any(|i| self.tier_at(i) == Tier::National) {
                let rows: Vec<Row> = (start..end).map(|i| self.row(i)).collect();
                place_national(&rows, |rank| self.tiers[rank as usize], &homes, |row| out.push(row));
            }
            start = end;
        }
        out
    }

    /// The days on which national members belong to one prefecture, at the place of the national body. Heads are those of
    /// the national tier.
    pub fn national_of_prefecture(&self, associations: &Associations, prefecture: &str) -> Self {
        let mut out = self.without_rows();
        let national = associations.iter().position(|body| body.tier == Tier::National);
        let Some(national) = national.and_then(|rank| u32::try_from(rank).ok()) else { return out };
        let homes = BodySet::of(associations, |body| body.tier == Tier::Prefectural && body.prefecture == prefecture);
        let placed = self.national_by_prefecture(associations);
        let rows = (0..placed.len()).map(|i| placed.row(i)).filter(|row| homes.has(row.rank as usize));
        rows.for_each(|row| out.push(Row { rank: national, ..row }));
        out
    }

    /// These memberships and others of other bodies, by physician.
    pub fn together_with(self, other: &Self) -> Self {
        if other.is_empty() {
            return self;
        }
        let mut rows: Vec<Row> = (0..self.len()).map(|i| self.row(i)).collect();
        rows.extend((0..other.len()).map(|i| other.row(i)));
        rows.sort_by_key(|row| row.physician);
        let mut out = self.without_rows();
        rows.into_iter().for_each(|row| out.push(row));
        out
    }

    fn tier_at(&self, i: usize) -> Tier {
        self.tiers[self.rank[i] as usize]
    }
}

/// Places the national rows of one person: calls `each` with every row that belongs to one place. `rows` are all of hers.
pub(super) fn place_national(
    rows: &[Row],
    tier: impl Fn(u32) -> Tier,
    homes: &[Option<u32>],
    mut each: impl FnMut(Row),
) {
    if let Some(home) = only_home(rows, &tier, homes) {
        let national = rows.iter().filter(|row| tier(row.rank) == Tier::National);
        national.for_each(|row| each(Row { rank: home, ..*row }));
        return;
    }
    let of_tier = |wanted: Tier| -> Vec<Row> { rows.iter().filter(|row| tier(row.rank) == wanted).copied().collect() };
    let below = [runs(&of_tier(Tier::Prefectural)), runs(&of_tier(Tier::Local))];
    for row in of_tier(Tier::National) {
        let mut cuts: Vec<i32> = below
            .iter()
            .flatten()
            .flat_map(|run| [run.starts, run.ends])
            .filter(|day| row.starts < *day && *day < row.ends)
            .chain([row.starts, row.ends])
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut placed: Vec<Row> = Vec::with_capacity(1);
        for pair in cuts.windows(2) {
            let rank = below.iter().find_map(|runs| home_on(pair[0], runs, homes)).unwrap_or(row.rank);
            match placed.last_mut() {
                Some(last) if last.rank == rank => last.ends = pair[1],
                _ => placed.push(Row { rank, starts: pair[0], ends: pair[1], ..row }),
            }
        }
        placed.into_iter().for_each(&mut each);
    }
}

/// The one place of nearly everybody: the body of the only prefectural row, where that holds on all days of the national rows.
fn only_home(rows: &[Row], tier: &impl Fn(u32) -> Tier, homes: &[Option<u32>]) -> Option<u32> {
    let of_tier = |wanted: Tier| rows.iter().filter(move |row| tier(row.rank) == wanted);
    let mut prefectural = of_tier(Tier::Prefectural);
    let only = prefectural.next().filter(|_| prefectural.next().is_none())?;
    let covers = |row: &Row| only.starts <= row.starts && row.starts < row.ends && row.ends <= only.ends;
    homes[only.rank as usize].filter(|_| of_tier(Tier::National).all(covers))
}

/// The prefectural body of the run in force on a day that began last.
fn home_on(day: i32, runs: &[Run], homes: &[Option<u32>]) -> Option<u32> {
    let in_force = runs.iter().filter(|run| run.starts <= day && day < run.ends);
    in_force
        .filter_map(|run| Some((run, homes[run.rank as usize]?)))
        .max_by_key(|(run, _)| (run.starts, std::cmp::Reverse(run.rank)))
        .map(|(_, home)| home)
}

/// By place in official order: the place of the prefectural body of the same prefecture.
pub(super) fn homes_of_ranks(associations: &Associations) -> Vec<Option<u32>> {
    let prefectural: BTreeMap<&str, u32> = associations
        .iter()
        .enumerate()
        .filter(|(_, body)| body.tier == Tier::Prefectural)
        .filter_map(|(rank, body)| Some((body.prefecture.as_str(), u32::try_from(rank).ok()?)))
        .collect();
    associations.iter().map(|body| prefectural.get(body.prefecture.as_str()).copied()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::class::NationalClass;
    use crate::domain::day::{OPEN, day_number};
    use crate::written::{day, local, with_top};

    /// JMA, P11, P13 with one local body each.
    fn master() -> Associations {
        let mut rows = with_top(vec![local("11-001", "甲", ["", ""], &[])]);
        let mut tokyo: Vec<_> = rows.iter().filter(|row| row.tier != Tier::National).cloned().collect();
        for row in &mut tokyo {
            row.id.0 += 500;
            row.code = row.code.replace("11", "13");
            row.prefecture = "13".into();
            row.span.name = format!("東{}", row.span.name);
            row.span.short_name = format!("東{}", row.span.short_name);
            row.span.aliases.clear();
            row.span.parent = row.span.parent.as_ref().map(|parent| parent.replace("11", "13"));
        }
        rows.extend(tokyo);
        Associations::new(rows).expect("sound")
    }

    #[rstest]
    #[case::prefectural_stay(&[("P11", "2000-01-01", "")], "P11")]
    #[case::prefectural_stay_that_began_later(&[("P11", "2010-01-01", "")], "P11")]
    #[case::prefectural_stay_in_two_parts(&[("P13", "2000-01-01", "2010-01-01"), ("P13", "2010-01-01", "")], "P13")]
    #[case::local_stay_where_no_prefectural(&[("13-001", "2000-01-01", "")], "P13")]
    #[case::prefectural_before_local(&[("13-001", "2015-01-01", ""), ("P11", "2000-01-01", "")], "P11")]
    #[case::last_begun_of_two(&[("P11", "2000-01-01", ""), ("P13", "2015-01-01", "")], "P13")]
    #[case::ended_the_day_before(&[("P11", "2000-01-01", "2020-04-01"), ("13-001", "2010-01-01", "")], "P13")]
    #[case::begins_the_day_after(&[("P11", "2020-04-02", "")], "JMA")]
    #[case::nothing(&[], "JMA")]
    fn national_member_belongs_where_the_stay_is(#[case] stays: &[(&str, &str, &str)], #[case] expected: &str) {
        let master = master();
        let rank = |code: &str| master.by_code(code).and_then(|body| master.rank(body.id)).expect("in the master");
        let mut all = Memberships::of_tiers(&master);
        let national = [("JMA", "2000-01-01", "")];
        for (code, from, to) in stays.iter().chain(&national) {
            all.push(Row {
                physician: 7,
                rank: u32::try_from(rank(code)).expect("small"),
                class: NationalClass::B.index(),
                starts: day_number(day(from)),
                ends: if to.is_empty() { OPEN } else { day_number(day(to)) },
                not_shown: false,
            });
        }
        let counts = all.national_by_prefecture(&master).count_on(day_number(day("2020-04-01")));
        let found: Vec<&str> = master
            .iter()
            .zip(&counts.cells)
            .filter(|(_, cells)| cells.iter().sum::<i64>() == 1)
            .map(|(body, _)| body.code.as_str())
            .collect();
        assert_eq!((found, counts.heads), (vec![expected], [0, 0, 1]));
    }
}
