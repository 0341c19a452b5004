//! The tables of change points: since which day a figure is another, by how much, and on which day that was learnt.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::segments::class_code;
use super::tables::{ExportFolder, prefecture_key};
use super::written::ExportedTable;
use crate::domain::as_of::KnownAt;
use crate::domain::association::{Associations, Tier};
use crate::domain::day::day_number;
use crate::error::Failure;
use crate::service::known::vintage::Vintage;
use crate::stats::change_points::{Cells, Figure, change_points};
use crate::stats::known_segments::{FOREVER, KnownSpan};
use crate::timeline::{ExchangeColumn, ExchangeColumns};

/// A figure that changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Tier.
    pub(super) tier: Tier,
    /// Code of the prefecture, 00 where there is none; `None` for a whole tier.
    pub(super) prefecture: Option<String>,
    /// Code of the body; `None` for heads.
    pub(super) body: Option<String>,
    /// Stored number of the class.
    pub(super) class: u8,
}

impl Place {
    /// Distinct persons of a tier, or of one prefecture in it.
    pub(super) fn of_heads(tier: Tier, prefecture: Option<String>) -> Self {
        Self { tier, prefecture, body: None, class: 0 }
    }
}

/// One change point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    /// First day on which it counts.
    pub(super) day: i32,
    /// First day on which it was known.
    pub(super) known_on: i32,
    /// Place of the figure among all.
    pub(super) place: usize,
    /// By how many.
    pub(super) delta: i32,
}

/// All change points of an export, those of memberships and those of heads apart.
#[derive(Debug)]
pub(super) struct KnownChanges {
    /// The figures, in order.
    pub(super) places: Vec<Place>,
    /// Memberships by body and class, national ones by prefecture (R23) as well.
    pub(super) memberships: Vec<Change>,
    /// Heads by tier.
    pub(super) heads: Vec<Change>,
    /// Heads by tier and prefecture, national ones by R23.
    pub(super) heads_of_prefectures: Vec<Change>,
}

impl KnownChanges {
    /// Finds the change points of what was known.
    ///
    /// # Errors
    /// [`Failure`] EXP-004 when there is more of anything than change points can tell; when the timeline cannot be read.
    pub(super) fn of(vintage: &Vintage, span: KnownSpan) -> Result<Self> {
        let (newest, only) = match span {
            KnownSpan::One(known_at, _) => (known_at, Some(day_number(known_at.0))),
            KnownSpan::UpTo(newest) => (newest, None),
        };
        let cells = Cells::new(&vintage.associations);
        let found = change_points(vintage.timeline()?, &vintage.associations, &cells, newest, vintage.rule);
        let Some(found) = found.context("reading the timeline")? else {
            return Err(Failure::usage("EXP-004", newest.0.to_string()).into());
        };
        let figures = Figures::new(&vintage.associations, &cells);
        let mut out: [Vec<Change>; 3] = Default::default();
        for ((known, day), (cell, delta)) in
            found.known.iter().zip(&found.day).zip(found.cell.iter().zip(&found.change))
        {
            let places = usize::try_from(*cell).ok().and_then(|cell| figures.of_cell.get(cell));
            for (table, place) in places.into_iter().flatten().filter(|_| *day < FOREVER) {
                let known_on = only.unwrap_or(*known);
                out[*table].push(Change { day: *day, known_on, place: *place, delta: *delta });
            }
        }
        let [memberships, heads, heads_of_prefectures] = out.map(added_up);
        Ok(Self { places: figures.places, memberships, heads, heads_of_prefectures })
    }

    /// Writes the three tables.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write(&self, folder: &ExportFolder) -> Result<[ExportedTable; 3]> {
        Ok([
            folder.write_table("changes", &self.memberships, |rows| {
                let mut columns = self.columns(rows);
                columns.insert(4, ("body", self.texts(rows, |place| place.body.as_deref().unwrap_or_default())));
                columns.insert(5, ("class", self.texts(rows, |place| class_code(place.class))));
                columns
            })?,
            folder.write_table("head_changes_by_tier", &self.heads, |rows| {
                let mut columns = self.columns(rows);
                columns.remove(3);
                columns
            })?,
            folder.write_table("head_changes_by_prefecture", &self.heads_of_prefectures, |rows| self.columns(rows))?,
        ])
    }

    fn columns(&self, rows: &[Change]) -> ExchangeColumns<'_> {
        vec![
            ("day", ExchangeColumn::Days(rows.iter().map(|row| row.day).collect())),
            ("known_on", ExchangeColumn::Days(rows.iter().map(|row| row.known_on).collect())),
            ("tier", self.texts(rows, |place| place.tier.code())),
            ("prefecture", self.texts(rows, |place| place.prefecture.as_deref().unwrap_or_default())),
            ("delta", ExchangeColumn::Number(rows.iter().map(|row| row.delta).collect())),
        ]
    }

    fn texts<'c>(&'c self, rows: &[Change], text: fn(&'c Place) -> &'c str) -> ExchangeColumn<'c> {
        ExchangeColumn::Text(rows.iter().map(|row| text(&self.places[row.place])).collect())
    }

    /// The figures of one table on a day as known at another; what is 0 is left out.
    pub(super) fn on<'c>(&'c self, table: &[Change], known_at: KnownAt, day: i32) -> BTreeMap<&'c Place, i64> {
        let known = day_number(known_at.0);
        let mut out: BTreeMap<&Place, i64> = BTreeMap::new();
        for change in table.iter().filter(|change| change.day <= day && change.known_on <= known) {
            *out.entry(&self.places[change.place]).or_default() += i64::from(change.delta);
        }
        out.retain(|_, n| *n != 0);
        out
    }
}

/// The sums of changes of one figure, day and known day, in order. What nothing is left of is left out.
fn added_up(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_unstable();
    let mut out: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match out.last_mut() {
            Some(last) if (last.day, last.known_on, last.place) == (change.day, change.known_on, change.place) => {
                last.delta += change.delta;
            }
            _ => out.push(change),
        }
    }
    out.retain(|change| change.delta != 0);
    out.shrink_to_fit();
    out
}

/// Tables by the order of [`KnownChanges`].
const MEMBERSHIPS: usize = 0;
const HEADS: usize = 1;
const HEADS_OF_PREFECTURES: usize = 2;

/// The figures, and in which table and place the changes of each cell stand.
struct Figures {
    places: Vec<Place>,
    of_cell: Vec<Vec<(usize, usize)>>,
}

impl Figures {
    fn new(associations: &Associations, cells: &Cells) -> Self {
        let figures: Vec<Figure<'_>> = (0..).map_while(|cell| cells.figure(cell)).collect();
        let of_cell: Vec<Vec<(usize, Place)>> = figures.iter().map(|figure| places_of(figure, associations)).collect();
        let mut places: Vec<Place> = of_cell.iter().flatten().map(|(_, place)| place.clone()).collect();
        places.sort_unstable();
        places.dedup();
        let at = |(table, place): &(usize, Place)| (*table, places.binary_search(place).unwrap_or_default());
        let of_cell = of_cell.iter().map(|tables| tables.iter().map(at).collect()).collect();
        Self { places, of_cell }
    }
}

/// Where the changes of a figure stand. National members are told by prefecture: together they are all.
fn places_of(figure: &Figure<'_>, associations: &Associations) -> Vec<(usize, Place)> {
    let place = |tier: Tier, prefecture: &str, body: Option<&str>, class: u8| {
        let prefecture = Some(prefecture_key(prefecture).to_string());
        Place { tier, prefecture, body: body.map(str::to_string), class }
    };
    match *figure {
        Figure::Members(rank, class) => {
            let body = associations.at_rank(rank as usize).filter(|body| body.tier != Tier::National);
            let place = body.map(|body| place(body.tier, &body.prefecture, Some(&body.code), class));
            place.map(|place| (MEMBERSHIPS, place)).into_iter().collect()
        }
        Figure::National(home, class) => {
            let both = associations.at_rank(home as usize).filter(|body| body.tier != Tier::Local);
            let both = both.zip(associations.national()).map(|(home, national)| {
                let of_body = place(Tier::National, &home.prefecture, Some(&national.code), class);
                // A member of the one national body is one head.
                [(MEMBERSHIPS, of_body), (HEADS_OF_PREFECTURES, place(Tier::National, &home.prefecture, None, 0))]
            });
            both.into_iter().flatten().collect()
        }
        Figure::NotShown => Vec::new(),
        Figure::Heads(tier) => vec![(HEADS, Place::of_heads(tier, None))],
        Figure::HeadsOfPrefecture(tier, code) => vec![(HEADS_OF_PREFECTURES, place(tier, code, None, 0))],
    }
}
