//! Rows of an answer: counted cells grouped by what was asked for, in the official order of the day.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;

use super::query::{CountRow, Keys, Knowledge, Question};
use super::scope::{MappedMemberships, Scope};
use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::person::{AGE_BANDS, Sex};
use crate::stats::frames::{self, Dimension, class_of_key};
use crate::stats::{Counts, Memberships};

/// What a row of an answer needs to know of its day and map.
#[derive(Debug)]
pub(super) struct RowBasis<'a> {
    pub(super) associations: &'a Associations,
    /// By place in official order: whether the question is about the body.
    pub(super) kept: Vec<bool>,
    /// By place in official order: the place on the day whose names and order hold.
    pub(super) order: Vec<usize>,
    /// The day whose bodies stand in rows: the as-of day, or that of the map.
    pub(super) bodies_on: NaiveDate,
    /// Memberships by body and class that were restated; `None` on the map of the as-of day.
    pub(super) moved: Option<Counts>,
}

impl<'a> RowBasis<'a> {
    pub(super) fn new(
        associations: &'a Associations,
        scope: &Scope,
        as_of: NaiveDate,
        map_on: Option<NaiveDate>,
        moved: Option<Counts>,
    ) -> Self {
        let bodies_on = map_on.unwrap_or(as_of);
        Self {
            associations,
            kept: scope.on(bodies_on).kept(associations),
            order: associations.order_on(bodies_on),
            bodies_on,
            moved,
        }
    }

    /// On today's map: whether any of the memberships at a place and class was restated, and whether the body there
    /// has ended. `None` on the map of the as-of day.
    pub(super) fn marks(&self, rank: usize, class: usize) -> Option<(bool, bool)> {
        let moved = self.moved.as_ref()?;
        let ended = self.associations.at_rank(rank).is_some_and(|body| body.has_ended_before(self.bodies_on));
        Some((moved.cells[rank][class] > 0, ended))
    }
}

/// Groups the cells of body × class to the rows asked for, in the official order of the day.
pub(super) fn cell_rows(
    basis: &RowBasis<'_>,
    counts: &Counts,
    question: &Question,
    as_of: Option<NaiveDate>,
) -> Vec<CountRow> {
    let mut rows: BTreeMap<Vec<usize>, CountRow> = BTreeMap::new();
    for (rank, (body, cells)) in basis.associations.iter().zip(&counts.cells).enumerate() {
        if !basis.kept[rank] {
            continue;
        }
        for class in NationalClass::ALL {
            let memberships = cells[usize::from(class.index())];
            // A row costs more than the count in it; none is made only to be left out again, and none for a body that
            // does not exist on the day.
            if memberships == 0 && !(question.zeros && body.exists_on(basis.bodies_on)) {
                continue;
            }
            let (order, keys) = keys_of_cell(&question.by, basis.order[rank], body, class);
            let order: Vec<usize> = std::iter::once(body.tier.index()).chain(order).collect();
            let row = rows.entry(order).or_insert_with(|| CountRow::empty(as_of, body.tier, Keys(keys)));
            row.add(memberships, basis.marks(rank, usize::from(class.index())));
        }
    }
    rows.into_values().collect()
}

impl CountRow {
    fn empty(as_of: Option<NaiveDate>, tier: Tier, keys: Keys) -> Self {
        Self { as_of, tier: tier.code(), keys, memberships: 0, restated: None, ended: None }
    }

    /// Adds memberships with the marks that hold if there are any.
    fn add(&mut self, memberships: i64, marks: Option<(bool, bool)>) {
        self.memberships += memberships;
        if let Some((restated, ended)) = marks {
            self.restated = Some(self.restated.unwrap_or_default() || restated);
            self.ended = Some(self.ended.unwrap_or_default() || (ended && memberships > 0));
        }
    }
}

/// Keys of a cell and their place in official order. A prefecture is ordered by its code.
fn keys_of_cell(
    by: &[Dimension],
    place: usize,
    body: &Association,
    class: NationalClass,
) -> (Vec<usize>, Vec<(&'static str, String)>) {
    by.iter()
        .map(|dimension| {
            let (order, value) = match dimension {
                Dimension::Association => (place, body.code.clone()),
                Dimension::Class => (usize::from(class.index()), class.code().to_string()),
                _ => (body.prefecture.parse().unwrap_or_default(), body.prefecture.clone()),
            };
            (order, (dimension.code(), value))
        })
        .unzip()
}

/// Tier and keys of groups.
type GroupKeys = Vec<(Tier, Vec<String>)>;

/// Rows by attributes of persons, through polars.
pub(super) fn personal_rows(
    knowledge: &Knowledge,
    mapped: &MappedMemberships,
    as_of: AsOf,
    question: &Question,
    basis: &RowBasis<'_>,
) -> Result<Vec<CountRow>> {
    let persons = knowledge.timeline.persons(knowledge.known_at)?;
    let by_keys = |memberships: &Memberships| {
        let day = day_number(as_of.0);
        frames::count_by(memberships, &knowledge.associations, Some(&persons), day, &question.by)
    };
    let (grouped, _) = by_keys(&mapped.all)?;
    // Which groups hold somebody who was restated, or who stands under a body that has ended.
    let marked = |memberships: Option<&Memberships>| -> Result<Option<GroupKeys>> {
        let Some(memberships) = memberships else { return Ok(None) };
        Ok(Some(by_keys(memberships)?.0.into_iter().map(|group| (group.tier, group.keys)).collect()))
    };
    let restated = marked(mapped.moved.as_ref())?;
    let has_ended = |rank| basis.associations.at_rank(rank).is_some_and(|body| body.has_ended_before(basis.bodies_on));
    let ended = marked(mapped.map_on.map(|_| mapped.all.kept(has_ended)).as_ref())?;
    let mut rows: Vec<(Vec<(usize, String)>, CountRow)> = grouped
        .into_iter()
        .map(|group| {
            let (order, keys): (Vec<_>, Vec<_>) = question
                .by
                .iter()
                .zip(&group.keys)
                .map(|(dimension, key)| personal_key(*dimension, key, basis))
                .unzip();
            let order = std::iter::once((group.tier.index(), String::new())).chain(order).collect();
            let mut row = CountRow::empty(None, group.tier, Keys(keys));
            let at = (group.tier, group.keys);
            let marks = restated.as_ref().zip(ended.as_ref());
            row.add(group.memberships, marks.map(|(restated, ended)| (restated.contains(&at), ended.contains(&at))));
            (order, row)
        })
        .collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// Printed key and its place in order; texts without an order of their own come by code point, empty last.
fn personal_key(dimension: Dimension, key: &str, basis: &RowBasis<'_>) -> ((usize, String), (&'static str, String)) {
    let position = |list: &[&str], key: &str| list.iter().position(|other| *other == key).unwrap_or(list.len());
    let (order, value) = match dimension {
        Dimension::Association => {
            let rank: usize = key.parse().unwrap_or_default();
            let place = basis.order.get(rank).copied().unwrap_or(rank);
            let code = basis.associations.at_rank(rank).map_or(String::new(), |body| body.code.clone());
            ((place, String::new()), code)
        }
        Dimension::Class => {
            let class = class_of_key(key);
            ((usize::from(class.index()), String::new()), class.code().to_string())
        }
        Dimension::Sex => {
            let codes: Vec<&str> = Sex::ALL.into_iter().map(Sex::code).collect();
            let key = if key.is_empty() { "unknown" } else { key };
            ((position(&codes, key), String::new()), key.to_string())
        }
        Dimension::AgeBand => {
            let key = if key.is_empty() { "unknown" } else { key };
            ((position(&AGE_BANDS, key), String::new()), key.to_string())
        }
        Dimension::Prefecture => ((key.parse().unwrap_or_default(), String::new()), key.to_string()),
        Dimension::Duty if key.is_empty() => ((1, String::new()), "unknown".to_string()),
        Dimension::Duty => ((0, key.to_string()), key.to_string()),
    };
    (order, (dimension.code(), value))
}
