//! From which day on the exports can tell about each body (R7).
//!
//! No export says for whom it speaks, so it is read from what was told: of the members whom anybody knows today to
//! have been in a body on an export day, how many had the exports of one source told of by then? A row of a body
//! elsewhere (兼務) is a few of many and makes no body told; the first export of the source that really tells of it is
//! nearly all of them. A source that takes the place of another does not shorten what the other reached.
//!
//! This module knows bodies and numbers; it does not know where stays are kept or how they are counted. Start reading
//! at [`Coverage`], then [`Tally`].

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::association::{Association, Associations, Tier};
use super::ids::SourceId;

/// Of fewer members than this a handful decides; the prefecture is asked as well.
const FEW: i64 = 10;

/// One export of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportDay {
    /// The source that it belongs to.
    pub source: SourceId,
    /// Export day.
    pub day: NaiveDate,
    /// How long it shows ended rows (`ended_rows_kept_days` of the layout).
    pub kept_days: u32,
}

/// Days of one membership, as places among the export days: those on which it was in force, by what is known today.
/// Ascending and apart from each other; the end is not contained.
pub type Spans = Vec<(usize, usize)>;

/// How many members each place had on each export day, and of how many each source had told by then.
///
/// A place is a body, by its place in official order; national members stand at the prefectural body above the bodies
/// in which they are told, at the national body where there is none.
#[derive(Debug, Clone)]
pub struct Tally {
    days: Vec<NaiveDate>,
    places: Vec<Counted>,
}

/// One place of a tally, as changes from export day to export day.
#[derive(Debug, Clone, Default)]
struct Counted {
    in_force: Vec<i64>,
    told: Vec<i64>,
    by_source: BTreeMap<SourceId, Vec<i64>>,
}

impl Counted {
    fn add(&mut self, n_days: usize, spans: &[(usize, usize)], first_reported: &[(SourceId, usize)]) {
        let span = |out: &mut Vec<i64>, from: usize, to: usize| {
            if from < to {
                if out.is_empty() {
                    out.resize(n_days + 1, 0);
                }
                out[from] += 1;
                out[to] -= 1;
            }
        };
        let first = first_reported.iter().map(|(_, day)| *day).min().unwrap_or(n_days);
        for (from, to) in spans {
            span(&mut self.in_force, *from, *to);
            span(&mut self.told, *from.max(&first), *to);
            for (source, told) in first_reported {
                span(self.by_source.entry(*source).or_default(), *from.max(told), *to);
            }
        }
    }

    fn add_all(&mut self, n_days: usize, other: &Self) {
        let add = |ours: &mut Vec<i64>, theirs: &[i64]| {
            ours.resize(n_days + 1, 0);
            ours.iter_mut().zip(theirs).for_each(|(sum, n)| *sum += n);
        };
        add(&mut self.in_force, &other.in_force);
        add(&mut self.told, &other.told);
        for (source, told) in &other.by_source {
            add(self.by_source.entry(*source).or_default(), told);
        }
    }

    /// Running sums: from changes to numbers.
    fn summed(mut self) -> Self {
        let sum = |values: &mut Vec<i64>| {
            values.iter_mut().fold(0, |sum, value| {
                *value += sum;
                *value
            });
        };
        sum(&mut self.in_force);
        sum(&mut self.told);
        self.by_source.values_mut().for_each(sum);
        self
    }

    /// What one source had told of by an export day.
    fn by(&self, source: SourceId, day: usize) -> i64 {
        at(self.by_source.get(&source).map_or(&[][..], Vec::as_slice), day)
    }
}

fn at(values: &[i64], day: usize) -> i64 {
    values.get(day).copied().unwrap_or_default()
}

impl Tally {
    /// An empty tally over all export days.
    pub fn new(exports: &[ExportDay], associations: &Associations) -> Self {
        let mut days: Vec<NaiveDate> = exports.iter().map(|export| export.day).collect();
        days.sort_unstable();
        days.dedup();
        // Own members first, then national ones by their prefecture.
        Self { days, places: vec![Counted::default(); 2 * associations.len()] }
    }

    /// Of these persons and others.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        let n_days = self.days.len();
        self.places.iter_mut().zip(&other.places).for_each(|(ours, theirs)| ours.add_all(n_days, theirs));
        self
    }

    /// The export days, ascending, each once.
    pub fn days(&self) -> &[NaiveDate] {
        &self.days
    }

    /// Adds one person's membership of a local or prefectural body, with the first export of each source that told of it.
    pub fn add_member(&mut self, rank: usize, spans: &Spans, first_reported: &[(SourceId, usize)]) {
        let n_days = self.days.len();
        if let Some(place) = self.places.get_mut(rank) {
            place.add(n_days, spans, first_reported);
        }
    }

    /// Adds one person's national membership at the body `home`.
    pub fn add_national(&mut self, home: usize, spans: &Spans, first_reported: &[(SourceId, usize)]) {
        self.add_member(self.places.len() / 2 + home, spans, first_reported);
    }
}

/// The first day that exports can tell about, for each body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// By place in official order; `None` where nobody told anything of the prefecture.
    own: Vec<Option<NaiveDate>>,
    /// National members of a prefectural body, by its place.
    national: Vec<Option<NaiveDate>>,
}

impl Coverage {
    /// Reads the reach of every body from what was told (R7).
    ///
    /// Of each source the export counts from which on it had told of half of the members of the day, less the days for
    /// which it shows ended rows. A body of fewer than ten members then needs a source that told of two thirds of its
    /// prefecture, or half of the body and half of the prefecture by all sources together.
    pub fn of(tally: &Tally, exports: &[ExportDay], associations: &Associations) -> Self {
        let n = associations.len();
        let places: Vec<Counted> = tally.places.iter().cloned().map(Counted::summed).collect();
        let mut areas: BTreeMap<&str, Counted> = BTreeMap::new();
        for (rank, body) in associations.iter().enumerate() {
            let own = if body.tier == Tier::National { &tally.places[n + rank] } else { &tally.places[rank] };
            areas.entry(&body.prefecture).or_default().add_all(tally.days.len(), own);
        }
        let areas: BTreeMap<&str, Counted> = areas.into_iter().map(|(code, area)| (code, area.summed())).collect();
        let of_place = |place: usize, body: &Association| {
            let area = areas.get(body.prefecture.as_str())?;
            first_day(&places[place], area, &tally.days, exports)
        };
        let all = |first: usize| -> Vec<Option<NaiveDate>> {
            associations.iter().enumerate().map(|(rank, body)| of_place(first + rank, body)).collect()
        };
        Self { own: all(0), national: all(n) }
    }

    /// Number of bodies.
    pub fn n_bodies(&self) -> usize {
        self.own.len()
    }

    /// Whether the figures of a body on a day are complete: a local body by itself, a prefectural one with the local
    /// bodies of its prefecture that exist on the day, the national one with all prefectures that anybody told of.
    pub fn is_complete(&self, associations: &Associations, rank: usize, day: NaiveDate) -> bool {
        self.first_complete(associations, rank, day).is_none_or(|first| first <= day)
    }

    /// The first day on which the figures of a body are complete, asked on a day; `None` where nobody told anything.
    /// Only bodies that exist on the day are asked.
    pub fn first_complete(&self, associations: &Associations, rank: usize, day: NaiveDate) -> Option<NaiveDate> {
        let body = associations.at_rank(rank)?;
        let own = |rank: usize| self.own.get(rank).copied().flatten();
        if body.tier == Tier::Local {
            return own(rank);
        }
        let exists = |rank: &usize| associations.at_rank(*rank).is_some_and(|other| other.exists_on(day));
        if body.tier == Tier::Prefectural {
            let bodies = associations.ranks_of_prefecture(&body.prefecture).iter().filter(|rank| exists(rank));
            return bodies.filter_map(|rank| own(*rank)).max();
        }
        let bodies = (0..self.own.len()).filter(exists);
        bodies.flat_map(|rank| [own(rank), self.national.get(rank).copied().flatten()]).flatten().max()
    }

    /// The first day on which the national members of a prefecture are complete (R23), asked on a day.
    pub fn first_complete_national(
        &self,
        associations: &Associations,
        prefectural: usize,
        day: NaiveDate,
    ) -> Option<NaiveDate> {
        let of_bodies = self.first_complete(associations, prefectural, day)?;
        Some(self.national.get(prefectural).copied().flatten().map_or(of_bodies, |national| national.max(of_bodies)))
    }

    /// Whether any export told of the prefecture of a body, or for the national one of any.
    pub fn is_reported(&self, rank: usize) -> bool {
        let told = |days: &[Option<NaiveDate>]| days.get(rank).copied().flatten().is_some();
        told(&self.own) || told(&self.national)
    }
}

/// The earliest day that an export reaches which tells of a place.
fn first_day(place: &Counted, area: &Counted, days: &[NaiveDate], exports: &[ExportDay]) -> Option<NaiveDate> {
    if area.by_source.is_empty() {
        return None;
    }
    let reached = exports.iter().filter_map(|export| {
        let day = days.binary_search(&export.day).ok()?;
        let tells = is_reported_by(export.source, day, place, area);
        tells.then(|| horizon(export.day, kept_days(area, export.day, day, exports)))
    });
    // Told, but never by most: nothing is complete.
    Some(reached.min().unwrap_or(NaiveDate::MAX))
}

/// The first day that an export can tell about, when its source still shows ended rows for `kept_days` days
/// (`ended_rows_kept_days` of the layout).
fn horizon(export_day: NaiveDate, kept_days: u32) -> NaiveDate {
    export_day.checked_sub_days(Days::new(u64::from(kept_days))).unwrap_or(NaiveDate::MIN)
}

/// Whether a source had told of a place by an export day of its own.
fn is_reported_by(source: SourceId, day: usize, place: &Counted, area: &Counted) -> bool {
    let (in_force, told) = (at(&place.in_force, day), place.by(source, day));
    let is_half = told * 2 >= in_force;
    if in_force >= FEW {
        return is_half;
    }
    let in_area = at(&area.in_force, day);
    let tells_area = area.by(source, day) * 3 >= in_area * 2;
    let is_area_reported = at(&area.told, day) * 2 >= in_area;
    area.by_source.contains_key(&source) && (tells_area || (is_half && is_area_reported))
}

/// How long ended rows were shown by then: of all sources that tell anything of the prefecture the shortest.
fn kept_days(area: &Counted, by: NaiveDate, day: usize, exports: &[ExportDay]) -> u32 {
    let tells = area.by_source.keys().filter(|source| area.by(**source, day) > 0);
    let newest = |source: &SourceId| {
        let own = exports.iter().filter(|export| export.source == *source && export.day <= by);
        own.max_by_key(|export| export.day).map(|export| export.kept_days)
    };
    let kept = tells.filter_map(newest).min();
    kept.or_else(|| exports.iter().filter(|export| export.day == by).map(|export| export.kept_days).min()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::{day, local, with_top};

    const OLD: SourceId = SourceId(1);
    const NEW: SourceId = SourceId(2);

    /// JMA, P11 and two local bodies.
    fn master() -> Associations {
        Associations::new(with_top(vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "乙", ["", ""], &[])]))
            .expect("sound")
    }

    fn exports(days: &[(SourceId, &str, u32)]) -> Vec<ExportDay> {
        let export = |(source, text, kept_days): &(SourceId, &str, u32)| ExportDay {
            source: *source,
            day: day(text),
            kept_days: *kept_days,
        };
        days.iter().map(export).collect()
    }

    /// The first complete day of a body in which so many members, in force on all export days, were first told by a
    /// source on an export day.
    fn first(exports: &[ExportDay], told: &[(&str, i64, SourceId, usize)], asked: &str) -> Option<NaiveDate> {
        let master = master();
        let mut tally = Tally::new(exports, &master);
        let all = vec![(0, tally.days().len())];
        let rank = |code: &str| master.by_code(code).and_then(|body| master.rank(body.id)).expect("in the master");
        for (code, n, source, from) in told {
            (0..*n).for_each(|_| tally.add_member(rank(code), &all, &[(*source, *from)]));
        }
        Coverage::of(&tally, exports, &master).first_complete(&master, rank(asked), day("2026-01-01"))
    }

    #[test]
    fn first_export_less_the_kept_days_is_the_first_complete_day() {
        let exports = exports(&[(OLD, "2025-09-30", 200), (OLD, "2025-10-31", 200)]);
        let told = [("11-001", 20, OLD, 0), ("11-002", 3, OLD, 0)];
        for body in ["11-001", "11-002", "P11", "JMA"] {
            assert_eq!(first(&exports, &told, body), Some(day("2025-03-14")), "{body}");
        }
    }

    /// Ended rows that a layout does not keep are not known, whatever another one keeps.
    #[test]
    fn later_export_that_keeps_more_reaches_further() {
        let exports = exports(&[(OLD, "2025-09-30", 0), (OLD, "2025-10-31", 365)]);
        assert_eq!(first(&exports, &[("11-001", 20, OLD, 0)], "11-001"), Some(day("2024-10-31")));
    }

    #[test]
    fn few_that_were_told_by_the_way_reach_nothing() {
        let exports = exports(&[(OLD, "2025-09-30", 200), (NEW, "2025-10-31", 200)]);
        let told = [("11-001", 2, OLD, 0), ("11-001", 18, NEW, 1), ("11-002", 3, NEW, 1)];
        for body in ["11-001", "11-002", "P11"] {
            assert_eq!(first(&exports, &told, body), Some(day("2025-04-14")), "{body}");
        }
    }

    /// A member or two who are reported late shorten nothing, not even in a body of three.
    #[test]
    fn late_reports_in_a_small_body_shorten_nothing() {
        let exports = exports(&[(OLD, "2025-09-30", 200), (OLD, "2025-10-31", 200)]);
        let told = [("11-001", 40, OLD, 0), ("11-002", 1, OLD, 0), ("11-002", 2, OLD, 1)];
        assert_eq!(first(&exports, &told, "11-002"), Some(day("2025-03-14")));
    }

    #[test]
    fn body_with_a_source_of_its_own_is_reached_by_that() {
        let exports = exports(&[(OLD, "2025-09-30", 200), (NEW, "2025-10-31", 200)]);
        let told = [("11-001", 20, OLD, 0), ("11-002", 20, NEW, 1)];
        assert_eq!(first(&exports, &told, "11-001"), Some(day("2025-03-14")));
        assert_eq!(first(&exports, &told, "11-002"), Some(day("2025-04-14")));
        assert_eq!(first(&exports, &told, "P11"), Some(day("2025-04-14")));
    }

    #[test]
    fn body_of_which_nobody_told_anything_has_no_day() {
        let exports = exports(&[(OLD, "2025-09-30", 200)]);
        assert_eq!(first(&exports, &[], "11-001"), None);
        // Its prefecture was told: then nobody was in it.
        assert_eq!(first(&exports, &[("11-001", 20, OLD, 0)], "11-002"), Some(day("2025-03-14")));
    }
}
