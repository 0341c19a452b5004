//! Which bodies a question is about, and on which map of them it is answered (C6).

use crate::service::known::map::{MapChoice, map_day};
use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::association::{Association, Associations, BodySet, Tier};
use crate::domain::day::day_number;
use crate::domain::ids::AssociationId;
use crate::service::known::names;
use crate::service::known::vintage::Vintage;
use crate::service::questions::question::Question;
use crate::stats::change_points::SummedDay;
use crate::stats::{Counts, Memberships, Restated, restate};
use crate::timeline::Evidence;

/// Which bodies a question is about, on one day.
#[derive(Debug)]
pub(in crate::service) struct Scope {
    only: Option<AssociationId>,
    below: bool,
    prefecture: Option<String>,
    tier: Option<Tier>,
    day: NaiveDate,
}

impl Scope {
    /// Reads the filters of a question. Names and the tree of bodies are those of `day`.
    ///
    /// # Errors
    /// [`Failure`](crate::error::Failure) QRY-004 when a filter names nothing, QRY-014 when it could mean several.
    pub(in crate::service) fn new(question: &Question, associations: &Associations, day: NaiveDate) -> Result<Self> {
        let only = match &question.association {
            None => None,
            Some(wanted) => Some(names::association_preferring(associations, wanted, question.tier, day)?.id),
        };
        let prefecture = match &question.prefecture {
            None => None,
            Some(wanted) => Some(names::prefecture(associations, wanted, day)?.to_string()),
        };
        Ok(Self { only, below: question.below, prefecture, tier: question.tier, day })
    }

    /// The prefecture whose national members the question is about: a filter by prefecture keeps those who belong to it
    /// (R23), not the national body with all of its members.
    pub(in crate::service) fn national_home(&self) -> Option<&str> {
        let asks_tier = self.tier.is_none_or(|tier| tier == Tier::National);
        self.prefecture.as_deref().filter(|_| asks_tier && self.only.is_none())
    }

    /// The national members of the prefecture that the question is limited to, among some memberships.
    fn national(&self, memberships: &Memberships, associations: &Associations) -> Option<Memberships> {
        Some(memberships.national_of_prefecture(associations, self.national_home()?))
    }

    /// The same filters with the tree of another day.
    pub(in crate::service) fn on(&self, day: NaiveDate) -> Self {
        Self { prefecture: self.prefecture.clone(), day, ..*self }
    }

    /// Whether the bodies depend on the day.
    pub(in crate::service) fn follows_the_tree(&self) -> bool {
        self.below && self.only.is_some()
    }

    /// Whether the question is about a body.
    pub(in crate::service) fn keeps(&self, associations: &Associations, body: &Association) -> bool {
        let is_only = |id: AssociationId| match self.below {
            true => associations.is_below_on(body.id, id, self.day),
            false => body.id == id,
        };
        self.only.is_none_or(is_only)
            && self.prefecture.as_ref().is_none_or(|prefecture| *prefecture == body.prefecture)
            && self.tier.is_none_or(|tier| tier == body.tier)
    }

    /// The counts of days, ascending, on the maps of these days, from the change points; `None` where they do not tell them.
    fn summed(&self, vintage: &Vintage, days: &[NaiveDate]) -> Result<Option<Vec<Counts>>> {
        let Some(sums) = vintage.sums(days)? else { return Ok(None) };
        let associations = &vintage.associations;
        let homes = self
            .national_home()
            .map(|home| BodySet::of(associations, |body| body.tier == Tier::Prefectural && body.prefecture == home));
        let bodies = self.bodies(associations);
        let counts = |(sums, day): (&SummedDay, &NaiveDate)| {
            let counts = match self.follows_the_tree() {
                true => sums.counts(&self.on(*day).bodies(associations))?,
                false => sums.counts(&bodies)?,
            };
            Some(homes.iter().fold(counts, |counts, homes| sums.with_national_of(counts, homes)))
        };
        Ok(sums.iter().zip(days).map(counts).collect())
    }

    /// The bodies that the question is about.
    pub(in crate::service) fn bodies(&self, associations: &Associations) -> BodySet {
        BodySet::of(associations, |body| self.keeps(associations, body))
    }
}

/// Memberships on the map that a question asks for.
#[derive(Debug)]
pub(in crate::service) struct MappedMemberships {
    /// What is counted; with a tree that changes all bodies, else those of the question.
    pub(in crate::service) all: Memberships,
    /// Those of them that stand under another body than on their days; `None` on the map of the as-of day.
    pub(in crate::service) moved: Option<Memberships>,
    /// The day of the map; `None` when it is that of the as-of day.
    pub(in crate::service) map_on: Option<NaiveDate>,
}

impl MappedMemberships {
    /// Projects what is known to the map asked for. `last_day` is the last day that will be counted.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(in crate::service) fn of(
        vintage: &Vintage,
        map: MapChoice,
        scope: &Scope,
        last_day: NaiveDate,
    ) -> Result<Self> {
        let associations = &vintage.associations;
        // Everything, where only the day, or where somebody went, tells which bodies are meant.
        let everything = map == MapChoice::Today || scope.follows_the_tree();
        let memberships = vintage.memberships(|body| everything || scope.keeps(associations, body))?;
        // Whoever is asked for by prefecture is found among the stays below.
        let national = match scope.national_home() {
            Some(_) => scope.national(vintage.all_memberships()?, associations),
            None => None,
        };
        Ok(Self::on_map(memberships, national.as_ref(), vintage, map, scope, last_day))
    }

    fn on_map(
        memberships: Memberships,
        national: Option<&Memberships>,
        vintage: &Vintage,
        map: MapChoice,
        scope: &Scope,
        last_day: NaiveDate,
    ) -> Self {
        let with_national = |memberships: Memberships| match national {
            Some(national) => memberships.together_with(national),
            None => memberships,
        };
        if map == MapChoice::AsOf {
            return Self { all: with_national(memberships), moved: None, map_on: None };
        }
        let associations = &vintage.associations;
        let map_on = map_day(vintage, last_day);
        let Restated { all, moved } = restate(&memberships, associations, map_on);
        let bodies = scope.on(map_on).bodies(associations);
        let only = |memberships: Memberships| memberships.kept(|rank| bodies.has(rank));
        Self { all: with_national(only(all)), moved: Some(only(moved)), map_on: Some(map_on) }
    }

    /// Counts the bodies of a question on a day.
    pub(in crate::service) fn count_on(&self, associations: &Associations, scope: &Scope, day: NaiveDate) -> Counts {
        if self.map_on.is_some() || !scope.follows_the_tree() {
            return self.all.count_on(day_number(day));
        }
        let bodies = scope.on(day).bodies(associations);
        self.all.kept(|rank| bodies.has(rank)).count_on(day_number(day))
    }

    /// As [`Self::count_on`] for many days, ascending.
    pub(in crate::service) fn count_series(
        &self,
        associations: &Associations,
        scope: &Scope,
        days: &[NaiveDate],
    ) -> Vec<Counts> {
        if self.map_on.is_none() && scope.follows_the_tree() {
            return days.iter().map(|day| self.count_on(associations, scope, *day)).collect();
        }
        let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
        self.all.count_series(&numbers)
    }
}

/// Counts of the days of a question, ascending.
#[derive(Debug)]
pub(in crate::service) struct Counted {
    /// Of each day.
    pub(in crate::service) counts: Vec<Counts>,
    /// On today's map: of each day those that stood under another body.
    pub(in crate::service) moved: Option<Vec<Counts>>,
    /// What was counted, where it had to be gathered.
    pub(in crate::service) mapped: Option<MappedMemberships>,
}

impl Counted {
    /// Adds change points up where they tell everything, else counts straight from the timeline, else gathers the memberships
    /// first.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(in crate::service) fn of(
        vintage: &Vintage,
        map: MapChoice,
        scope: &Scope,
        days: &[NaiveDate],
        is_personal: bool,
    ) -> Result<Self> {
        let associations = &vintage.associations;
        if !is_personal
            && map == MapChoice::AsOf
            && let Some(counts) = scope.summed(vintage, days)?
        {
            return Ok(Self { counts, moved: None, mapped: None });
        }
        let is_direct = map == MapChoice::AsOf && !scope.follows_the_tree() && scope.national_home().is_none();
        if !is_personal && is_direct {
            let counts = vintage.count_series(|body| scope.keeps(associations, body), days)?;
            return Ok(Self { counts, moved: None, mapped: None });
        }
        let last_day = days.last().copied().unwrap_or(vintage.known_at.0);
        let mapped = MappedMemberships::of(vintage, map, scope, last_day)?;
        let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
        Ok(Self {
            counts: mapped.count_series(associations, scope, days),
            moved: mapped.moved.as_ref().map(|moved| moved.count_series(&numbers)),
            mapped: Some(mapped),
        })
    }
}

/// What adjustments add to the memberships of each day: those of the persons concerned, less those that they would
/// have without adjustments.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn adjusted(
    vintage: &Vintage,
    map: MapChoice,
    scope: &Scope,
    days: &[NaiveDate],
) -> Result<Vec<i64>> {
    let associations = &vintage.associations;
    if vintage.n_adjustments() == 0 {
        return Ok(vec![0; days.len()]);
    }
    if map == MapChoice::AsOf && !scope.follows_the_tree() && scope.national_home().is_none() {
        return vintage.adjusted(days, |body| scope.keeps(associations, body));
    }
    let last_day = days.last().copied().unwrap_or(vintage.known_at.0);
    let of = |evidence| -> Result<Vec<Counts>> {
        let memberships = vintage.adjusted_memberships(evidence)?;
        let national = scope.national(&memberships, associations);
        let everything = map == MapChoice::Today || scope.follows_the_tree();
        let bodies = scope.bodies(associations);
        let asked = memberships.kept(|rank| everything || bodies.has(rank));
        let mapped = MappedMemberships::on_map(asked, national.as_ref(), vintage, map, scope, last_day);
        Ok(mapped.count_series(associations, scope, days))
    };
    let sums = |counts: &Counts| counts.cells.iter().flatten().sum::<i64>();
    let (with, without) = (of(Evidence::All)?, of(Evidence::WithoutAdjustments)?);
    Ok(with.iter().zip(&without).map(|(with, without)| sums(with) - sums(without)).collect())
}
