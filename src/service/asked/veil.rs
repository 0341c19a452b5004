//! What number-only askers are told: on which days, and which numbers of these (K3, K4; `domain/small_cells.rs`).
//!
//! The decision is made for all bodies of the country and all days at once, from what is known now, so that it is the same for
//! every account and whatever is asked.

use std::sync::Arc;

use anyhow::Result;
use chrono::{Datelike, NaiveDate};

use super::figures::TierFigure;
use super::resolve::{Area, Asked};
use crate::domain::as_of::month_ends;
use crate::domain::association::{Associations, Tier};
use crate::domain::grouping::Dimension;
use crate::domain::ids::AssociationId;
use crate::domain::small_cells::{Counts, Shown, released};
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;
use crate::service::questions::answer::CountRow;

/// What stands in the place of a number that is not shown.
pub(super) const MASK: &str = "x";

/// What may be told on which day.
pub(super) struct Veil<'a> {
    associations: &'a Associations,
    drawn: Arc<Drawn>,
}

/// What is decided of a vintage.
#[derive(Debug)]
struct Drawn {
    days: Vec<NaiveDate>,
    tiers: [TierVeil; Tier::ALL.len()],
}

/// Decided once for a vintage, by the smallest number that is shown.
#[derive(Debug, Default)]
struct KeptDrawn(Memo<u32, Drawn>);

/// The counts of a tier on each day, and what is shown of them.
#[derive(Debug)]
struct TierVeil {
    /// Bodies by prefecture.
    groups: Vec<(String, Vec<AssociationId>)>,
    counts: Vec<Counts>,
    shown: Vec<Shown>,
}

/// Whose number it is, within a tier.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    Whole,
    Prefecture(&'a str),
    Body(AssociationId),
}

impl<'a> Place<'a> {
    /// The place of the area that is asked about.
    pub(super) fn of(asked: &'a Asked) -> Self {
        match &asked.area {
            Area::All => Self::Whole,
            Area::Prefecture(code) => Self::Prefecture(code),
            Area::Body(id) => Self::Body(*id),
        }
    }
}

impl Drawn {
    fn of(vintage: &Vintage, smallest: u32) -> Result<Self> {
        let days = days(vintage.export_days().first().copied(), vintage.known_at.0);
        let counted = vintage.count_series(|_| true, &days)?;
        let associations = &vintage.associations;
        let tiers = Tier::ALL.map(|tier| {
            let groups = groups(associations, tier);
            let counts: Vec<Counts> = counted
                .iter()
                .map(|counts| {
                    let n = |body: &AssociationId| {
                        let rank = associations.rank(*body);
                        rank.and_then(|rank| counts.cells.get(rank)).map_or(0, |classes| classes.iter().sum())
                    };
                    Counts(groups.iter().map(|(_, bodies)| bodies.iter().map(n).collect()).collect())
                })
                .collect();
            let shown = released(&counts, smallest.into());
            TierVeil { groups, counts, shown }
        });
        Ok(Self { days, tiers })
    }
}

impl<'a> Veil<'a> {
    /// Decides about all days. `smallest` is the smallest number and the smallest difference that is shown.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(super) fn drawn(vintage: &'a Vintage, smallest: u32) -> Result<Self> {
        let drawn = vintage.answers.of::<KeptDrawn>().0.get_or(smallest, || Drawn::of(vintage, smallest))?;
        Ok(Self { associations: &vintage.associations, drawn })
    }

    /// The days that may be asked about, ascending.
    pub(super) fn days(&self) -> &[NaiveDate] {
        &self.drawn.days
    }

    /// A number on a day, where it is shown.
    pub(super) fn told(&self, tier: Tier, place: Place<'_>, day: NaiveDate) -> Option<i64> {
        let at = self.drawn.days.binary_search(&day).ok()?;
        let veil = &self.drawn.tiers[tier.index()];
        let (counts, shown) = (veil.counts.get(at)?, veil.shown.get(at)?);
        let (n, is_shown) = match place {
            Place::Whole => (counts.whole(), shown.whole),
            Place::Prefecture(code) => {
                let nth = veil.groups.iter().position(|(prefecture, _)| prefecture == code)?;
                (counts.group(nth), *shown.groups.get(nth)?)
            }
            Place::Body(body) => {
                let place = |bodies: &[AssociationId]| bodies.iter().position(|one| *one == body);
                let mut found = veil.groups.iter().enumerate();
                let (nth, at) = found.find_map(|(nth, (_, bodies))| Some((nth, place(bodies)?)))?;
                (*counts.0.get(nth)?.get(at)?, *shown.leaves.get(nth)?.get(at)?)
            }
        };
        is_shown.then_some(n)
    }

    /// The newest day before another one on which a number is shown, with it.
    fn before(&self, tier: Tier, place: Place<'_>, day: NaiveDate) -> Option<(NaiveDate, i64)> {
        let mut earlier = self.drawn.days.iter().rev().filter(|other| **other < day);
        earlier.find_map(|other| Some((*other, self.told(tier, place, *other)?)))
    }

    /// The figure of a tier as it may be told.
    pub(super) fn over(&self, asked: &Asked, figure: TierFigure) -> TierFigure {
        let (tier, place) = (figure.tier, Place::of(asked));
        // Both are counted by the same kernel; were they not the same, neither would be told.
        let told = self.told(tier, place, asked.on).filter(|n| figure.memberships == Some(*n));
        let is_masked = figure.memberships.is_some() && told.is_none();
        let is_told = |row: &CountRow| {
            self.place_of(row).is_some_and(|place| self.told(tier, place, asked.on) == Some(row.memberships))
        };
        TierFigure {
            memberships: told,
            heads: None,
            not_shown: None,
            adjusted: None,
            is_masked,
            shown_before: if is_masked { self.before(tier, place, asked.on) } else { None },
            masked_rows: figure.rows.iter().map(|row| !is_told(row)).collect(),
            ..figure
        }
    }

    /// Whose number a row is: a body's where it names one, else a prefecture's.
    fn place_of<'r>(&self, row: &'r CountRow) -> Option<Place<'r>> {
        let value = |dimension: Dimension| {
            row.keys.0.iter().find(|(key, _)| *key == dimension.code()).map(|(_, value)| value.as_str())
        };
        match (value(Dimension::Association), value(Dimension::Prefecture)) {
            (Some(code), _) => self.associations.by_code(code).map(|body| Place::Body(body.id)),
            (None, Some(code)) => Some(Place::Prefecture(code)),
            (None, None) => None,
        }
    }
}

/// Month ends and the days of the survey (12月1日), from the first export to known-at.
fn days(first: Option<NaiveDate>, known_at: NaiveDate) -> Vec<NaiveDate> {
    let Some(first) = first else { return Vec::new() };
    let surveys = (first.year()..=known_at.year()).filter_map(|year| NaiveDate::from_ymd_opt(year, 12, 1));
    let mut days: Vec<NaiveDate> = month_ends(first, known_at).into_iter().chain(surveys).collect();
    days.retain(|day| first <= *day && *day <= known_at);
    days.sort_unstable();
    days
}

fn groups(associations: &Associations, tier: Tier) -> Vec<(String, Vec<AssociationId>)> {
    let mut out: Vec<(String, Vec<AssociationId>)> = Vec::new();
    for body in associations.of_tier(tier) {
        match out.iter_mut().find(|(prefecture, _)| *prefecture == body.prefecture) {
            Some((_, bodies)) => bodies.push(body.id),
            None => out.push((body.prefecture.clone(), vec![body.id])),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;

    #[test]
    fn days_are_month_ends_and_those_of_the_survey() {
        let days = days(Some(day("2025-10-15")), day("2026-01-30"));
        assert_eq!(days, ["2025-10-31", "2025-11-30", "2025-12-01", "2025-12-31"].map(day));
        assert_eq!(super::days(None, day("2026-01-30")), []);
    }
}
