//! Whether the exports reach a day, asked of the bodies that a figure is about (R7).
//!
//! A figure is complete when each of its areas is: the exports of one prefecture say nothing about another. Which area
//! is reached since when is read in `domain::coverage`; this module names the areas that are not.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, BodySet, Tier};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::era_date;
use crate::error::Failure;
use crate::messages::Lang;
use crate::service::known::map::MapChoice;
use crate::service::known::vintage::Vintage;

/// Notes name so many areas and count the others.
const MOST_NAMED: usize = 5;

/// An area whose figures on a day are not complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IncompleteArea {
    /// Code of the prefectural body, or of a local one where the others of its prefecture are reached.
    pub code: String,
    /// Name as printed: 埼玉県, 浦和.
    #[serde(skip)]
    pub name: String,
    /// First day on which it is complete; `None` when no export has told of it well enough.
    pub complete_from: Option<NaiveDate>,
}

/// How a day stands to what the exports tell of some bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaCoverage {
    /// Whether the exports reach the day in all of them.
    pub complete: bool,
    /// Whether the day lies after known-at (予定).
    pub future: bool,
    /// Areas that they do not reach, in official order.
    pub incomplete: Vec<IncompleteArea>,
}

impl AreaCoverage {
    /// The first day on which all of the areas are complete, as far as the exports tell.
    pub fn complete_from(&self) -> Option<NaiveDate> {
        self.incomplete.iter().map(|area| area.complete_from).max().flatten()
    }

    /// Names the areas that are not reached; see [`areas_sentence`].
    pub fn sentence(&self, lang: Lang) -> String {
        areas_sentence(&self.incomplete, lang)
    }
}

/// Names areas that are not reached: 「東京都は令和7年4月14日より前は不完全」. Empty when there are none.
pub fn areas_sentence(areas: &[IncompleteArea], lang: Lang) -> String {
    let name = |area: &IncompleteArea| match (area.complete_from, lang) {
        (Some(day), Lang::Ja) => format!("{}は{}より前は不完全", area.name, era_date(day)),
        (None, Lang::Ja) => format!("{}は不完全", area.name),
        (Some(day), Lang::En) => format!("{} is incomplete before {day}", area.code),
        (None, Lang::En) => format!("{} is incomplete", area.code),
    };
    let mut named: Vec<String> = areas.iter().take(MOST_NAMED).map(name).collect();
    let others = areas.len().saturating_sub(MOST_NAMED);
    if others > 0 {
        named.push(if lang == Lang::Ja { format!("ほか {others} か所") } else { format!("{others} more") });
    }
    named.join(if lang == Lang::Ja { "、" } else { ", " })
}

/// The bodies that a figure is about.
#[derive(Debug, Clone)]
pub struct AskedBodies {
    bodies: BodySet,
    /// Whether national members of the prefectural bodies among them are asked for (R23).
    with_national: bool,
}

impl AskedBodies {
    /// Some bodies. The national body stands for everybody in the country.
    pub fn new(vintage: &Vintage, bodies: &BodySet) -> Self {
        let with_national = bodies.bodies(&vintage.associations).any(|(_, body)| body.tier == Tier::National);
        let bodies = if with_national { BodySet::all(&vintage.associations) } else { bodies.clone() };
        Self { bodies, with_national }
    }

    /// The same, with the national members of a prefecture (R23).
    pub fn with_national_of(self, vintage: &Vintage, prefecture: &str) -> Self {
        let is_home = |body: &Association| body.tier == Tier::Prefectural && body.prefecture == prefecture;
        Self { bodies: self.bodies.with(&vintage.associations, is_home), with_national: true }
    }

    /// The bodies of the prefectures in which the marked ones stand: where a body that took the place of another is asked
    /// about a day before that, the other one must be reached.
    pub fn widened(self, vintage: &Vintage) -> Self {
        let bodies = self.bodies.bodies(&vintage.associations);
        let prefectures: BTreeSet<&str> = bodies.map(|(_, body)| body.prefecture.as_str()).collect();
        let bodies = BodySet::of(&vintage.associations, |body| prefectures.contains(body.prefecture.as_str()));
        Self { bodies, ..self }
    }
}

/// Which rows of an answer the exports reach on its day.
#[derive(Debug)]
pub(in crate::service) struct CoveredRows {
    by_rank: Vec<bool>,
    tiers: [bool; 3],
    /// Prefectures with the three tiers.
    areas: BTreeMap<String, [bool; 3]>,
}

impl CoveredRows {
    /// Asks for some bodies. On today's map a body is asked with all of its prefecture: it may hold the
    /// members of others.
    pub(in crate::service) fn of(vintage: &Vintage, bodies: &BodySet, map: MapChoice, day: NaiveDate) -> Self {
        let associations = &vintage.associations;
        let mut areas: BTreeMap<&str, [bool; 3]> = BTreeMap::new();
        for (rank, home) in associations.iter().enumerate().filter(|(_, body)| body.tier == Tier::Prefectural) {
            let first = vintage.coverage.first_complete_national(associations, rank, day);
            let national = first.is_none_or(|first| first <= day);
            areas.insert(&home.prefecture, [true, vintage.is_covered(rank, day), national]);
        }
        let mut tiers = [true; 3];
        let mut by_rank = vec![false; associations.len()];
        // Bodies of a prefecture mostly stand together: it is looked for once for all of them.
        let places: Vec<(usize, &Association)> = associations.iter().enumerate().collect();
        for of_prefecture in places.chunk_by(|(_, one), (_, next)| one.prefecture == next.prefecture) {
            let area = areas.entry(&of_prefecture[0].1.prefecture).or_insert([true; 3]);
            for (rank, body) in of_prefecture.iter().copied() {
                let is_covered = match (map, body.tier) {
                    (MapChoice::Today, Tier::Local) => area[Tier::Prefectural.index()],
                    _ => vintage.is_covered(rank, day),
                };
                // Of an area that nobody told of nothing is known; it is not among those that an answer is about.
                if body.tier != Tier::National && !vintage.coverage.is_reported(rank) {
                    *area = [false; 3];
                    continue;
                }
                by_rank[rank] = is_covered;
                if bodies.has(rank) {
                    tiers[body.tier.index()] &= is_covered;
                    area[body.tier.index()] &= is_covered;
                }
            }
        }
        let areas = areas.into_iter().map(|(code, area)| (code.to_string(), area)).collect();
        Self { by_rank, tiers, areas }
    }

    /// The same for a question that is limited to the national members of one prefecture (R23).
    pub(in crate::service) fn with_national_of(mut self, prefecture: Option<&str>) -> Self {
        let national = Tier::National.index();
        if let Some(area) = prefecture.and_then(|code| self.areas.get(code)) {
            let is_covered = area[national];
            self.tiers[national] = is_covered;
        }
        self
    }

    /// Whether a tier is reached in all bodies that are asked for.
    pub(in crate::service) fn of_tier(&self, tier: Tier) -> bool {
        self.tiers[tier.index()]
    }

    /// Whether a row is: by its body, else by its prefecture, else with its tier. A row of an area that nobody told of is
    /// not.
    pub(in crate::service) fn of_row(
        &self,
        by: &[Dimension],
        tier: Tier,
        rank: Option<usize>,
        prefecture: &str,
    ) -> bool {
        let of_area = || self.areas.get(prefecture).map_or(self.of_tier(tier), |area| area[tier.index()]);
        match (by.contains(&Dimension::Association), by.contains(&Dimension::Prefecture)) {
            (_, true) if tier == Tier::National => of_area(),
            (true, _) if tier != Tier::National => {
                rank.and_then(|rank| self.by_rank.get(rank)).copied().unwrap_or_else(|| self.of_tier(tier))
            }
            (_, true) => of_area(),
            _ => self.of_tier(tier),
        }
    }
}

impl Vintage {
    /// For each body, by its place in official order, the first day that the exports can tell about, looked at from
    /// known-at. Where nobody told of a body it is the latest of the others.
    pub fn horizons(&self) -> Vec<NaiveDate> {
        let first = |rank: usize| self.coverage.first_complete(&self.associations, rank, self.known_at.0);
        let firsts: Vec<Option<NaiveDate>> = (0..self.associations.len()).map(first).collect();
        let latest = firsts.iter().flatten().max().copied().unwrap_or(self.known_at.0);
        firsts.into_iter().map(|first| first.unwrap_or(latest)).collect()
    }

    /// Whether the exports reach a day in the body at a place in official order. Of a body that does not exist on the
    /// day nothing is missing.
    pub fn is_covered(&self, rank: usize, day: NaiveDate) -> bool {
        let exists = self.associations.at_rank(rank).is_some_and(|body| body.exists_on(day));
        !exists || self.coverage.is_complete(&self.associations, rank, day)
    }

    /// The same of one tier: of the national one the national members of the prefectural body at the place (R23).
    pub fn is_tier_covered(&self, tier: Tier, rank: usize, day: NaiveDate) -> bool {
        if tier != Tier::National {
            return self.is_covered(rank, day);
        }
        let exists = self.associations.at_rank(rank).is_some_and(|body| body.exists_on(day));
        let first = self.coverage.first_complete_national(&self.associations, rank, day);
        !exists || first.is_none_or(|first| first <= day)
    }

    /// The bodies among those that `keep` accepts in which the exports do not reach a day, by place in official order. Of the
    /// national tier they are prefectural bodies, asked for their national members (R23).
    pub fn uncovered<'v>(
        &'v self,
        tier: Tier,
        keep: impl Fn(usize, &Association) -> bool + 'v,
        day: NaiveDate,
    ) -> impl Iterator<Item = usize> + 'v {
        let asked = if tier == Tier::National { Tier::Prefectural } else { tier };
        let bodies = self.associations.iter().enumerate();
        let kept = bodies.filter(move |(rank, body)| body.tier == asked && keep(*rank, body));
        kept.map(|(rank, _)| rank).filter(move |rank| !self.is_tier_covered(tier, *rank, day))
    }

    /// How a day stands to what the exports tell of all bodies.
    pub fn coverage(&self, as_of: AsOf) -> AreaCoverage {
        self.coverage_of(&AskedBodies::new(self, &BodySet::all(&self.associations)), as_of)
    }

    /// How a day stands to what the exports tell of some bodies.
    pub fn coverage_of(&self, asked: &AskedBodies, as_of: AsOf) -> AreaCoverage {
        let incomplete = self.incomplete(asked, as_of.0);
        // Filters that contradict each other leave no body, and nothing that could be missing.
        let is_reported = asked.bodies.is_empty() || asked.bodies.ranks().any(|rank| self.coverage.is_reported(rank));
        let future = as_of.is_future(self.known_at);
        AreaCoverage { complete: incomplete.is_empty() && is_reported, future, incomplete }
    }

    /// The areas among some bodies that the exports do not reach on a day.
    fn incomplete(&self, asked: &AskedBodies, day: NaiveDate) -> Vec<IncompleteArea> {
        let first = |rank: usize, body: &Association| match body.tier {
            Tier::Prefectural if asked.with_national => {
                self.coverage.first_complete_national(&self.associations, rank, day)
            }
            _ => self.coverage.first_complete(&self.associations, rank, day),
        };
        let mut out = Vec::new();
        for home in self.associations.of_tier(Tier::Prefectural) {
            let ranks = self.associations.ranks_of_prefecture(&home.prefecture).iter().copied();
            let bodies: Vec<(usize, &Association)> = ranks
                .filter(|rank| asked.bodies.has(*rank))
                .filter_map(|rank| Some((rank, self.associations.at_rank(rank)?)))
                .filter(|(_, body)| body.exists_on(day) && body.tier != Tier::National)
                .collect();
            let missing = bodies
                .iter()
                .filter_map(|(rank, body)| Some((*body, first(*rank, body)?)))
                .filter(|(_, first)| *first > day);
            let (local, upper): (Vec<_>, Vec<_>) = missing.partition(|(body, _)| body.tier == Tier::Local);
            let n_local = bodies.iter().filter(|(_, body)| body.tier == Tier::Local).count();
            let is_whole = !upper.is_empty() && (local.is_empty() || local.len() == n_local);
            let named = if is_whole { upper } else { local };
            out.extend(named.into_iter().map(|(body, first)| IncompleteArea {
                code: body.code.clone(),
                name: body.span_on(day).short_name.clone(),
                complete_from: Some(first).filter(|first| *first < NaiveDate::MAX),
            }));
        }
        out
    }

    /// Refuses a day on which nothing is known of some bodies: a 0 would say otherwise.
    ///
    /// # Errors
    /// [`Failure`] QRY-010 where the exports do not reach the day and tell of no member on it, QRY-011 where they tell of
    /// nobody in these bodies at all.
    pub fn refuse_unknown(&self, coverage: &AreaCoverage, day: NaiveDate, n_members: i64, asked: &str) -> Result<()> {
        if coverage.complete || n_members != 0 {
            return Ok(());
        }
        // Without a filter there is no area to name.
        if coverage.incomplete.is_empty() && !asked.is_empty() {
            return Err(Failure::usage("QRY-011", asked).into());
        }
        let reached = coverage.complete_from().map_or("…".to_string(), |first| first.to_string());
        Err(Failure::usage("QRY-010", format!("{day} < {reached}")).into())
    }
}
