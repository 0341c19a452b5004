//! Rows of an answer: counted cells grouped by what was asked for, in the official order of the day.

use std::collections::HashMap;

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, Associations, BodySet, Tier, kind_order};
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::grouping::{ClassGroup, Dimension};
use crate::domain::person::{AGE_BANDS, Sex};
use crate::service::known::coverage::CoveredRows;
use crate::service::known::vintage::Vintage;
use crate::service::questions::answer::{CountRow, Keys};
use crate::service::questions::question::Question;
use crate::service::questions::scope::{MappedMemberships, Scope};
use crate::stats::frames::{GroupedCount, class_of_key};
use crate::stats::{Counts, Memberships, frames};

/// What a row of an answer needs to know of its day and map.
#[derive(Debug)]
pub(in crate::service) struct RowBasis<'a> {
    pub(in crate::service) associations: &'a Associations,
    /// The bodies that the question is about.
    pub(in crate::service) bodies: BodySet,
    /// By place in official order: the place on the day whose names and order hold.
    pub(in crate::service) order: Vec<usize>,
    /// The day whose bodies stand in rows: the as-of day, or that of the map.
    pub(in crate::service) bodies_on: NaiveDate,
    /// Memberships by body and class that were restated; `None` on the map of the as-of day.
    pub(in crate::service) moved: Option<Counts>,
    /// National memberships at the place of the prefectural body they belong to (R23), when prefectures are asked for.
    pub(in crate::service) homes: Option<Counts>,
    /// The only prefecture whose national members are asked for.
    pub(in crate::service) national_home: Option<String>,
    /// Which rows the exports reach.
    pub(in crate::service) reached: CoveredRows,
}

impl<'a> RowBasis<'a> {
    pub(in crate::service) fn new(
        associations: &'a Associations,
        scope: &Scope,
        as_of: NaiveDate,
        map_on: Option<NaiveDate>,
        moved: Option<Counts>,
        reached: CoveredRows,
    ) -> Self {
        let bodies_on = map_on.unwrap_or(as_of);
        let national_home = scope.national_home().map(str::to_string);
        let bodies = scope.on(bodies_on).bodies(associations);
        let has_national = national_home.is_some();
        Self {
            associations,
            bodies: bodies.with(associations, |body| body.tier == Tier::National && has_national),
            order: associations.order_on(bodies_on),
            bodies_on,
            moved,
            homes: None,
            national_home,
            reached,
        }
    }

    /// The same with national memberships by prefecture.
    pub(in crate::service) fn with_homes(mut self, homes: Option<Counts>) -> Self {
        self.homes = homes;
        self
    }

    /// The cells to be grouped: body, its place, prefecture, counts by class.
    fn cells<'c>(&'c self, counts: &'c Counts) -> impl Iterator<Item = Cells<'c>> {
        let bodies = self.associations.iter().zip(&counts.cells).enumerate().filter(|(rank, _)| self.bodies.has(*rank));
        let own = bodies
            .filter(|(_, (body, _))| self.homes.is_none() || body.tier != Tier::National)
            .map(|(rank, (body, cells))| Cells { rank, body, prefecture: &body.prefecture, cells });
        let national = self.associations.iter().position(|body| body.tier == Tier::National);
        let national =
            national.filter(|rank| self.bodies.has(*rank)).and_then(|rank| Some((rank, self.homes.as_ref()?)));
        let homes = national.into_iter().flat_map(move |(rank, homes)| {
            let asked = |home: &&Association| self.national_home.as_ref().is_none_or(|code| *code == home.prefecture);
            let placed = self.associations.iter().zip(&homes.cells).filter(move |(home, _)| asked(home));
            placed.filter_map(move |(home, cells)| match home.tier {
                Tier::Prefectural => Some(Cells { rank, body: self.national()?, prefecture: &home.prefecture, cells }),
                Tier::National => Some(Cells { rank, body: home, prefecture: "unknown", cells }),
                Tier::Local => None,
            })
        });
        own.chain(homes)
    }

    fn national(&self) -> Option<&'a Association> {
        self.associations.iter().find(|body| body.tier == Tier::National)
    }

    /// On today's map: whether any of the memberships at a place and class was restated, and whether the body there
    /// has ended. `None` on the map of the as-of day.
    pub(in crate::service) fn marks(&self, rank: usize, class: usize) -> Option<(bool, bool)> {
        let moved = self.moved.as_ref()?;
        let ended = self.associations.at_rank(rank).is_some_and(|body| body.has_ended_before(self.bodies_on));
        Some((moved.cells[rank][class] > 0, ended))
    }
}

/// The count of one body and class, or of the national members of one prefecture and class.
struct Cell<'c> {
    rank: usize,
    body: &'c Association,
    prefecture: &'c str,
    class: NationalClass,
    memberships: i64,
}

/// The counts of one body, or of the national members of one prefecture.
struct Cells<'c> {
    rank: usize,
    body: &'c Association,
    prefecture: &'c str,
    cells: &'c [i64; NationalClass::COUNT],
}

/// Groups the cells of body × class to the rows asked for, in the official order of the day.
pub(in crate::service) fn cell_rows(
    basis: &RowBasis<'_>,
    counts: &Counts,
    question: &Question,
    as_of: Option<NaiveDate>,
    made: &mut MadeKeys,
) -> Vec<CountRow> {
    made.begin(basis, &question.by);
    let mut rows: Vec<(u128, CountRow)> = Vec::new();
    for (place, cell) in placed_cells(basis, counts, question) {
        let row = match rows.last_mut() {
            Some((last, row)) if *last == place => row,
            _ => {
                let keys = made.keys(place, || keys_of_cell(&question.by, &cell, basis));
                rows.push((place, CountRow::empty(as_of, cell.body.tier, keys)));
                let Some((_, row)) = rows.last_mut() else { continue };
                row
            }
        };
        row.add(cell.memberships, basis.marks(cell.rank, usize::from(cell.class.index())));
        row.is_complete &= basis.reached.of_row(&question.by, cell.body.tier, Some(cell.rank), cell.prefecture);
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The cells that rows are made of, by the place of their row.
fn placed_cells<'c>(basis: &'c RowBasis<'_>, counts: &'c Counts, question: &Question) -> Vec<(u128, Cell<'c>)> {
    let mut out = Vec::new();
    let is_of_bodies = basis.moved.is_none() && question.by.iter().all(|dimension| dimension.is_of_body());
    for Cells { rank, body, prefecture, cells } in basis.cells(counts) {
        // Where no row tells a class, and no mark hangs on one, a body is one cell.
        let cells = if is_of_bodies { all_in_one(cells) } else { *cells };
        for class in NationalClass::ALL {
            let memberships = cells[usize::from(class.index())];
            // A row costs more than the count in it; none is made only to be left out again, and none for a body that
            // does not exist on the day.
            if memberships == 0 && !(question.zeros && body.exists_on(basis.bodies_on)) {
                continue;
            }
            let cell = Cell { rank, body, prefecture, class, memberships };
            out.push((place_of_cell(&question.by, &cell, basis), cell));
        }
    }
    // Those of one row stay in official order.
    out.sort_by_key(|(place, _)| *place);
    out
}

/// The members of all classes as if they were of the first one.
fn all_in_one(cells: &[i64; NationalClass::COUNT]) -> [i64; NationalClass::COUNT] {
    let mut out = [0; NationalClass::COUNT];
    out[0] = cells.iter().sum();
    out
}

/// The keys of rows that were made, by place, for days on which the bodies stand in one order: the months of a series say the
/// same of most rows.
#[derive(Debug, Default)]
pub(in crate::service) struct MadeKeys {
    order: Vec<usize>,
    keys: HashMap<u128, Keys>,
}

impl MadeKeys {
    fn begin(&mut self, basis: &RowBasis<'_>, by: &[Dimension]) {
        // Of a kind the place says less than the word.
        if self.order != basis.order || by.contains(&Dimension::Kind) {
            self.order.clone_from(&basis.order);
            self.keys.clear();
        }
    }

    fn keys(&mut self, place: u128, make: impl Fn() -> Keys) -> Keys {
        self.keys.entry(place).or_insert_with(make).clone()
    }
}

impl CountRow {
    fn empty(as_of: Option<NaiveDate>, tier: Tier, keys: Keys) -> Self {
        Self { as_of, tier: tier.code(), keys, memberships: 0, is_complete: true, restated: None, ended: None }
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

/// Place of the row of a cell in official order: tier, then the dimensions asked for, each of which has room for a million. A
/// prefecture is ordered by its code. What is asked for twice says nothing new, so that all five fit.
fn place_of_cell(by: &[Dimension], cell: &Cell<'_>, basis: &RowBasis<'_>) -> u128 {
    let tier = cell.body.tier.index() as u128;
    by.iter().enumerate().filter(|(nth, dimension)| !by[..*nth].contains(dimension)).fold(
        tier,
        |place, (_, dimension)| {
            let own = match dimension {
                Dimension::Association => basis.order[cell.rank],
                Dimension::Class => usize::from(cell.class.index()),
                Dimension::ClassGroup => ClassGroup::of(cell.class).index(),
                Dimension::Kind => kind_order(&cell.body.span_on(basis.bodies_on).kind),
                _ => prefecture_order(cell.prefecture),
            };
            place << BITS | own.min((1 << BITS) - 1) as u128
        },
    )
}

/// Room of a dimension within a place.
const BITS: u32 = 20;

/// What the row of a cell is called.
fn keys_of_cell(by: &[Dimension], cell: &Cell<'_>, basis: &RowBasis<'_>) -> Keys {
    let value = |dimension: &Dimension| match dimension {
        Dimension::Association => cell.body.code.as_str(),
        Dimension::Class => cell.class.code(),
        Dimension::ClassGroup => ClassGroup::of(cell.class).code(),
        Dimension::Kind => &cell.body.span_on(basis.bodies_on).kind,
        _ => cell.prefecture,
    };
    Keys::new(by.iter().map(|dimension| (dimension.code(), value(dimension).to_string())))
}

/// Prefectures by their code, what has none first, what is unknown last.
fn prefecture_order(code: &str) -> usize {
    if code == "unknown" { usize::MAX } else { code.parse().unwrap_or_default() }
}

/// Tier and keys of groups.
type GroupKeys = Vec<(Tier, Vec<String>)>;

/// Rows by attributes of persons, through polars.
pub(in crate::service) fn personal_rows(
    vintage: &Vintage,
    mapped: &MappedMemberships,
    as_of: AsOf,
    question: &Question,
    basis: &RowBasis<'_>,
) -> Result<Vec<CountRow>> {
    let persons = vintage.persons()?;
    let everything = vintage.all_memberships()?;
    let by_keys = |memberships: &Memberships| {
        let (day, with) = (day_number(as_of.0), Some((persons, &vintage.duties)));
        frames::count_by(memberships, everything, &vintage.associations, with, day, &question.by)
    };
    let (grouped, _) = by_keys(&mapped.all)?;
    // Which groups hold somebody who was restated, or who stands under a body that has ended.
    let marked = |memberships: Option<&Memberships>| -> Result<Option<GroupKeys>> {
        let Some(memberships) = memberships else { return Ok(None) };
        Ok(Some(by_keys(memberships)?.0.into_iter().map(|group| (group.tier, group.keys)).collect()))
    };
    let restated = marked(mapped.moved.as_ref())?;
    let ended = mapped.map_on.map(|_| {
        mapped
            .all
            .kept(|rank| basis.associations.at_rank(rank).is_some_and(|body| body.has_ended_before(basis.bodies_on)))
    });
    let marks = restated.zip(marked(ended.as_ref())?);
    let mut rows: Vec<_> =
        grouped.into_iter().map(|group| personal_row(group, question, basis, marks.as_ref())).collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// One row and its place in order; `marks` are the groups with somebody who was restated, and under a body that has ended.
fn personal_row(
    group: GroupedCount,
    question: &Question,
    basis: &RowBasis<'_>,
    marks: Option<&(GroupKeys, GroupKeys)>,
) -> (Vec<(usize, String)>, CountRow) {
    let keys = question.by.iter().zip(&group.keys);
    let (order, keys): (Vec<_>, Vec<_>) = keys.map(|(dimension, key)| personal_key(*dimension, key, basis)).unzip();
    let order = std::iter::once((group.tier.index(), String::new())).chain(order).collect();
    let key_of = |wanted: Dimension| {
        let at = question.by.iter().position(|dimension| *dimension == wanted)?;
        group.keys.get(at).map(String::as_str)
    };
    let rank = key_of(Dimension::Association).and_then(|key| key.parse().ok());
    let prefecture = key_of(Dimension::Prefecture).unwrap_or_default();
    let is_complete = basis.reached.of_row(&question.by, group.tier, rank, prefecture);
    let mut row = CountRow { is_complete, ..CountRow::empty(None, group.tier, Keys::new(keys)) };
    let at = (group.tier, group.keys);
    row.add(group.memberships, marks.map(|(restated, ended)| (restated.contains(&at), ended.contains(&at))));
    (order, row)
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
        Dimension::Prefecture => ((prefecture_order(key), String::new()), key.to_string()),
        Dimension::Kind => ((kind_order(key), String::new()), key.to_string()),
        Dimension::ClassGroup | Dimension::Founder | Dimension::DutyGroup => {
            let key = if key.is_empty() { "unknown" } else { key };
            let codes: Vec<&str> = dimension.groups().into_iter().flatten().map(|(code, _)| code).collect();
            ((position(&codes, key), String::new()), key.to_string())
        }
        Dimension::Duty if key.is_empty() => ((1, String::new()), "unknown".to_string()),
        Dimension::Duty => ((0, key.to_string()), key.to_string()),
    };
    (order, (dimension.code(), value))
}
