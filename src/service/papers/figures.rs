//! Tables of figures by any two dimensions: what papers print and `kaiin reports check` proves.
//!
//! [`Figures`] holds the memberships of a paper; [`Figures::of_table`] answers one table of the definitions with finished
//! counts of all its days. This module does not know paper.

use super::table_figures::{Group, OnDay, Side, TableFigures};
use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::AsOf;
use crate::domain::association::kind_order;
use crate::domain::association::{Association, BodySet, Tier};
use crate::domain::class::NationalClass;
use crate::domain::comparison::Comparison;
use crate::domain::day::day_number;
use crate::domain::grouping::Dimension;
use crate::domain::report::TableSpec;
use crate::service::known::vintage::Vintage;
use crate::stats::groups::{Axis, Crosstab, Funnel, PersonKeys, crosstab, funnel};
use crate::stats::{Counts, Memberships};

/// The memberships that a paper is about, with what is known of the persons.
#[derive(Debug)]
pub struct Figures<'k> {
    vintage: &'k Vintage,
    as_of: AsOf,
    /// The bodies that the paper is about.
    bodies: BodySet,
    of_bodies: Memberships,
    persons: PersonKeys,
    national: Memberships,
    national_persons: PersonKeys,
}

impl<'k> Figures<'k> {
    /// Gathers the memberships of some bodies, and the national ones of their prefectures (R23).
    ///
    /// # Errors
    /// When the attributes of persons cannot be read.
    pub fn new(vintage: &'k Vintage, as_of: AsOf, bodies: BodySet) -> Result<Self> {
        let all = vintage.all_memberships()?;
        let persons = vintage.persons()?;
        // Everything of the persons concerned: who is in a body of the paper may be national too.
        let of_bodies = if bodies.is_everything() {
            all.kept(|_| true)
        } else {
            all.of_persons_in(&bodies, vintage.persons_by_body()?)
        };
        let national = of_bodies.national_by_prefecture(&vintage.associations).kept(|rank| bodies.has(rank));
        Ok(Self {
            vintage,
            as_of,
            persons: PersonKeys::of(&of_bodies, persons, &vintage.duties),
            national_persons: PersonKeys::of(&national, persons, &vintage.duties),
            bodies,
            of_bodies,
            national,
        })
    }

    /// Counts a table of the definitions.
    pub fn of_table(&self, spec: &TableSpec) -> TableFigures {
        let day = self.as_of.0;
        let mut days = vec![day];
        days.extend(Comparison::BESIDE_ROWS.map(|comparison| comparison.day(self.as_of)));
        let rows = self.side(spec.rows, spec.tier, &days);
        let columns = match spec.columns {
            Some(dimension) => self.side(dimension, spec.tier, &[day]),
            None => Side { groups: Vec::new(), axis: Axis::Whole },
        };
        let asked = Comparison::BESIDE_ROWS.into_iter().filter(|one| spec.comparisons().any(|asked| asked == *one));
        let mut figures = TableFigures {
            now: self.on_day(spec, day, &rows, &columns),
            before: asked.map(|one| (one, self.on_day(spec, one.day(self.as_of), &rows, &columns))).collect(),
            whole: self.crosstab(spec, day, &Axis::Whole, &columns.axis),
            unit: spec.unit,
            rows: rows.groups,
            columns: columns.groups,
        };
        figures.leave_out_unknown();
        figures
    }

    fn on_day(&self, spec: &TableSpec, day: NaiveDate, rows: &Side, columns: &Side) -> OnDay {
        OnDay {
            counted: self.crosstab(spec, day, &rows.axis, &columns.axis),
            reached: self.covered_rows(spec.tier, rows, day),
        }
    }

    /// For each row whether the exports reach a day in all bodies that it holds (R7). A row that is no area holds members of
    /// all of them.
    fn covered_rows(&self, tier: Tier, rows: &Side, day: NaiveDate) -> Vec<bool> {
        let mut out = vec![true; rows.groups.len()];
        for rank in self.vintage.uncovered(tier, |rank, _| self.bodies.has(rank), day) {
            match &rows.axis {
                Axis::Body(groups, _) => {
                    // Whoever belongs to no prefecture may belong to any that is not reached.
                    let unknown = rows.groups.iter().position(|group| group.key == "unknown");
                    groups[rank].into_iter().chain(unknown).for_each(|row| out[row] = false);
                }
                _ => out.fill(false),
            }
        }
        out
    }

    fn crosstab(&self, spec: &TableSpec, day: NaiveDate, rows: &Axis, columns: &Axis) -> Crosstab {
        let (memberships, persons) = self.memberships(spec.tier);
        let bodies = self.bodies_of(spec.tier);
        // The breakdown of A① is taken of A① alone.
        let only_a1 = [Some(spec.rows), spec.columns].contains(&Some(Dimension::Founder));
        let a1 = NationalClass::A1.index();
        let keep = |i: usize| bodies.has(memberships.rank[i] as usize) && (!only_a1 || memberships.class[i] == a1);
        crosstab(memberships, persons, day_number(day), keep, rows, columns)
    }

    /// National members stand under prefectures (R23), the others under their bodies.
    fn memberships(&self, tier: Tier) -> (&Memberships, &PersonKeys) {
        match tier {
            Tier::National => (&self.national, &self.national_persons),
            Tier::Local | Tier::Prefectural => (&self.of_bodies, &self.persons),
        }
    }

    /// The bodies at whose places memberships of a tier stand.
    fn bodies_of(&self, tier: Tier) -> BodySet {
        match tier {
            Tier::National => self.bodies.clone(),
            tier => self.bodies.of_tier(&self.vintage.associations, tier),
        }
    }

    /// Memberships of one day by body and class.
    ///
    /// # Errors
    /// When the change points cannot be read.
    pub fn counts_on(&self, day: NaiveDate) -> Result<Counts> {
        self.series(&[day])?.pop().context("one day has one count")
    }

    /// The same of many days, ascending.
    ///
    /// # Errors
    /// As [`Self::counts_on`].
    pub fn series(&self, days: &[NaiveDate]) -> Result<Vec<Counts>> {
        let sums = self.vintage.sums_once(days)?;
        let summed = sums.iter().flatten().map(|sums| sums.counts(&self.bodies));
        let counted = summed.collect::<Option<Vec<Counts>>>().filter(|_| sums.is_some());
        Ok(counted.unwrap_or_else(|| self.kept_bodies().count_series(&day_numbers(days))))
    }

    /// National memberships by prefectural body and class (R23) on many days, ascending.
    ///
    /// # Errors
    /// As [`Self::counts_on`].
    pub fn national_series(&self, days: &[NaiveDate]) -> Result<Vec<Counts>> {
        match self.vintage.sums_once(days)?.as_ref() {
            Some(sums) => Ok(sums.iter().map(|sums| sums.national_by_prefecture(&self.bodies)).collect()),
            None => Ok(self.national.count_series(&day_numbers(days))),
        }
    }

    fn kept_bodies(&self) -> Memberships {
        self.of_bodies.kept(|rank| self.bodies.has(rank))
    }

    /// The funnel of the as-of day by a dimension.
    pub fn funnel(&self, rows: Dimension) -> (Vec<Group>, Funnel) {
        let side = self.side(rows, Tier::Local, &[self.as_of.0]);
        let local = self.bodies_of(Tier::Local);
        let counted =
            funnel(&self.of_bodies, &self.persons, day_number(self.as_of.0), |rank| local.has(rank), &side.axis);
        (side.groups, counted)
    }

    /// The whole funnel of the as-of day.
    pub fn whole_funnel(&self) -> Funnel {
        let local = self.bodies_of(Tier::Local);
        funnel(&self.of_bodies, &self.persons, day_number(self.as_of.0), |rank| local.has(rank), &Axis::Whole)
    }

    /// The groups of a dimension in printing order, for the bodies that exist on one of the days or have members.
    fn side(&self, dimension: Dimension, tier: Tier, days: &[NaiveDate]) -> Side {
        match dimension {
            Dimension::Association => self.bodies(tier, days),
            Dimension::Prefecture => self.prefectures(tier),
            Dimension::Kind => self.kinds(tier),
            fixed => {
                let groups = fixed.groups().unwrap_or_default();
                let groups = groups.into_iter().map(|(key, label)| Group {
                    key: key.to_string(),
                    label: label.to_string(),
                    prefecture: String::new(),
                });
                Side { groups: groups.collect(), axis: fixed_axis(fixed) }
            }
        }
    }

    fn kept_of(&self, tier: Tier) -> impl Iterator<Item = (usize, &Association)> {
        self.bodies.bodies(&self.vintage.associations).filter(move |(_, body)| body.tier == tier)
    }

    /// Bodies in the official order of the day. Those that exist neither on it nor on a day compared with are left out
    /// once they prove empty.
    fn bodies(&self, tier: Tier, days: &[NaiveDate]) -> Side {
        let day = self.as_of.0;
        let order = self.vintage.associations.order_on(day);
        let mut found: Vec<(usize, usize, &Association)> = self
            .kept_of(tier)
            .filter(|(_, body)| days.iter().any(|day| body.exists_on(*day)))
            .map(|(rank, body)| (order[rank], rank, body))
            .collect();
        found.sort_by_key(|(place, ..)| *place);
        let mut groups_of = vec![None; self.vintage.associations.len()];
        let mut groups = Vec::with_capacity(found.len());
        for (nth, (_, rank, body)) in found.into_iter().enumerate() {
            groups_of[rank] = Some(nth);
            groups.push(Group {
                key: body.code.clone(),
                label: body.span_on(day).short_name.clone(),
                prefecture: body.prefecture.clone(),
            });
        }
        let n = groups.len();
        Side { groups, axis: Axis::Body(groups_of, n) }
    }

    /// Prefectures in official order; national members without one stand under 不明.
    fn prefectures(&self, tier: Tier) -> Side {
        let associations = &self.vintage.associations;
        let mut groups: Vec<Group> = self
            .kept_of(Tier::Prefectural)
            .map(|(_, body)| Group {
                key: body.prefecture.clone(),
                label: body.span_on(self.as_of.0).short_name.clone(),
                prefecture: body.prefecture.clone(),
            })
            .collect();
        if groups.is_empty() {
            // A paper of one local body: its prefecture.
            groups.extend(self.kept_of(Tier::Local).next().map(|(_, body)| Group {
                key: body.prefecture.clone(),
                label: associations.prefectural_above(body.id).map_or(String::new(), |above| above.short_name.clone()),
                prefecture: body.prefecture.clone(),
            }));
        }
        if tier == Tier::National {
            groups.push(Group { key: "unknown".into(), label: "不明".into(), prefecture: String::new() });
        }
        let place = |body: &Association| {
            let key = if body.tier == Tier::National { "unknown" } else { body.prefecture.as_str() };
            groups.iter().position(|group| group.key == key)
        };
        let axis = Axis::Body(associations.iter().map(place).collect(), groups.len());
        Side { groups, axis }
    }

    fn kinds(&self, tier: Tier) -> Side {
        let day = self.as_of.0;
        let mut kinds: Vec<&str> = self.kept_of(tier).map(|(_, body)| body.span_on(day).kind.as_str()).collect();
        kinds.sort_by_key(|kind| (kind_order(kind), *kind));
        kinds.dedup();
        let place = |body: &Association| kinds.iter().position(|kind| *kind == body.span_on(day).kind);
        let axis = Axis::Body(self.vintage.associations.iter().map(place).collect(), kinds.len());
        let group = |kind: &&str| Group { key: (*kind).into(), label: (*kind).into(), prefecture: String::new() };
        Side { groups: kinds.iter().map(group).collect(), axis }
    }
}

fn day_numbers(days: &[NaiveDate]) -> Vec<i32> {
    days.iter().copied().map(day_number).collect()
}

fn fixed_axis(dimension: Dimension) -> Axis {
    match dimension {
        Dimension::Class => Axis::Class,
        Dimension::ClassGroup => Axis::ClassGroup,
        Dimension::Founder => Axis::Founder,
        Dimension::Sex => Axis::Sex,
        Dimension::AgeBand => Axis::AgeBand,
        Dimension::Duty | Dimension::DutyGroup => Axis::DutyGroup,
        Dimension::Prefecture | Dimension::Association | Dimension::Kind => Axis::Whole,
    }
}
