//! Which bodies a question is about, and on which map of them it is answered (C6).

use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;

use super::query::{Knowledge, Question, find_association_on};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::ids::AssociationId;
use crate::error::Failure;
use crate::stats::{Memberships, Restated, restate};

/// On which map of bodies a count is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapChoice {
    /// Bodies as they were on the as-of day, under their names of that day.
    #[default]
    AsOf,
    /// Bodies as they are today: at known-at, or on the as-of day where that is later.
    Today,
}

/// Which bodies a question is about, on one day.
#[derive(Debug)]
pub(super) struct Scope {
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
    /// [`Failure`] QRY-004 when a filter names nothing.
    pub(super) fn new(question: &Question, associations: &Associations, day: NaiveDate) -> Result<Self> {
        let only = match &question.association {
            None => None,
            Some(wanted) => Some(find_association_on(associations, wanted, day)?.id),
        };
        let prefecture = match &question.prefecture {
            None => None,
            Some(wanted) => {
                let wanted = wanted.trim_start_matches('P').to_string();
                if !associations.iter().any(|body| body.prefecture == wanted) {
                    return Err(Failure::usage("QRY-004", wanted).into());
                }
                Some(wanted)
            }
        };
        Ok(Self { only, below: question.below, prefecture, tier: question.tier, day })
    }

    /// The same filters with the tree of another day.
    pub(super) fn on(&self, day: NaiveDate) -> Self {
        Self { prefecture: self.prefecture.clone(), day, ..*self }
    }

    /// Whether the bodies depend on the day.
    pub(super) fn follows_the_tree(&self) -> bool {
        self.below && self.only.is_some()
    }

    /// Whether the question is about a body.
    pub(super) fn keeps(&self, associations: &Associations, body: &Association) -> bool {
        let is_only = |id: AssociationId| match self.below {
            true => associations.is_below_on(body.id, id, self.day),
            false => body.id == id,
        };
        self.only.is_none_or(is_only)
            && self.prefecture.as_ref().is_none_or(|prefecture| *prefecture == body.prefecture)
            && self.tier.is_none_or(|tier| tier == body.tier)
    }

    /// For each place in official order whether the question is about the body there.
    pub(super) fn kept(&self, associations: &Associations) -> Vec<bool> {
        associations.iter().map(|body| self.keeps(associations, body)).collect()
    }
}

/// Memberships on the map that a question asks for.
#[derive(Debug)]
pub(super) struct MappedMemberships {
    /// What is counted.
    pub(super) all: Memberships,
    /// Those of them that stand under another body than on their days; `None` on the map of the as-of day.
    pub(super) moved: Option<Memberships>,
    /// The day of the map; `None` when it is that of the as-of day.
    pub(super) map_on: Option<NaiveDate>,
}

impl MappedMemberships {
    /// Projects what is known to the map asked for. `last_day` is the last day that will be counted.
    pub(super) fn of(knowledge: &Knowledge, map: MapChoice, scope: &Scope, last_day: NaiveDate) -> Self {
        let associations = &knowledge.associations;
        match map {
            MapChoice::AsOf if scope.follows_the_tree() => {
                Self { all: knowledge.memberships(|_| true), moved: None, map_on: None }
            }
            MapChoice::AsOf => {
                Self { all: knowledge.memberships(|body| scope.keeps(associations, body)), moved: None, map_on: None }
            }
            MapChoice::Today => {
                let map_on = map_day(knowledge, last_day);
                // Everything first: where somebody went may lie outside the question.
                let Restated { all, moved } = restate(&knowledge.memberships(|_| true), associations, map_on);
                let kept = scope.on(map_on).kept(associations);
                let only = |memberships: Memberships| memberships.kept(|rank| kept[rank]);
                Self { all: only(all), moved: Some(only(moved)), map_on: Some(map_on) }
            }
        }
    }
}

/// The day of today's map: known-at, or the last day counted where that is later. An earlier map could not hold a body
/// that has members on that day.
pub(super) fn map_day(knowledge: &Knowledge, last_day: NaiveDate) -> NaiveDate {
    knowledge.known_at.0.max(last_day)
}
