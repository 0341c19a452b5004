//! Which figure a printed cell is, by its meaning.
//!
//! What several places of a paper say of one figure is compared in `said_twice`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::association::{Association, Tier};
use super::class::NationalClass;
use super::grouping::Dimension;

/// Key of the part that names the tier.
pub(super) const TIER: &str = "tier";

/// A figure by its meaning, wherever it is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure {
    /// Id of the metric, or of what an audit counts. It says the unit too.
    pub what: &'static str,
    /// Of whom: value by dimension. What is not named is not divided.
    pub parts: BTreeMap<&'static str, String>,
    /// For changes the day before the first one: what happened after it, up to `on`. `None` for a count of one day.
    pub since: Option<NaiveDate>,
    /// 基準日; for changes the last day, inclusive.
    pub on: NaiveDate,
    /// 知識時点.
    pub known_at: NaiveDate,
}

impl Figure {
    /// A figure of one day, of everybody that the paper is about.
    pub fn new(what: &'static str, on: NaiveDate, known_at: NaiveDate) -> Self {
        Self { what, parts: BTreeMap::new(), since: None, on, known_at }
    }

    /// The same of one tier.
    pub fn of_tier(&self, tier: Tier) -> Self {
        self.part(TIER, tier.code())
    }

    /// The same of one body. A prefectural body is named by its prefecture, as members of R23 are.
    pub fn of_body(&self, body: &Association) -> Self {
        match body.tier {
            Tier::Local => self.part(Dimension::Association.code(), &body.code),
            Tier::Prefectural => self.part(Dimension::Prefecture.code(), &body.prefecture),
            Tier::National => self.clone(),
        }
    }

    /// The same of one class.
    pub fn of_class(&self, class: NationalClass) -> Self {
        self.part(Dimension::Class.code(), class.code())
    }

    /// The same of one group of a dimension.
    pub fn part(&self, dimension: &'static str, group: &str) -> Self {
        let mut out = self.clone();
        out.parts.insert(dimension, group.to_string());
        out
    }

    /// The same, on another day.
    pub fn on(&self, day: NaiveDate) -> Self {
        Self { on: day, ..self.clone() }
    }

    /// What happened after a day; of a count, the difference to it.
    pub fn since(&self, day: NaiveDate) -> Self {
        Self { since: Some(day), ..self.clone() }
    }

    /// Another figure of the same persons and days.
    pub fn but(&self, what: &'static str) -> Self {
        Self { what, ..self.clone() }
    }

    /// The same persons and days, whatever is counted of them. What names no tier is about the local one.
    pub(super) fn whatever_it_is(&self) -> Self {
        let mut out = self.but("");
        out.parts.retain(|key, value| *key != TIER || value != Tier::Local.code());
        out
    }
}

/// Where a table says a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a cell: place of the row, key of the column.
    Cell(usize, String),
    /// By the number of its body rows: all, or those whose cell in a column (key) reads as a text.
    Rows(Option<(String, String)>),
    /// By the sum of a column (key) over the body rows whose cell in another column (key) reads as a text.
    Sum(String, (String, String)),
    /// In the sentence above the table: the number after a word.
    Lead(String),
}

/// What a place of a table says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedFigure {
    /// The figure.
    pub figure: Figure,
    /// Where it stands.
    pub place: Place,
}

impl PrintedFigure {
    /// A cell of a table says a figure.
    pub fn cell(row: usize, column: &str, figure: Figure) -> Self {
        Self { figure, place: Place::Cell(row, column.to_string()) }
    }

    /// A table is as long as a figure.
    pub fn length(figure: Figure) -> Self {
        Self { figure, place: Place::Rows(None) }
    }

    /// A table has as many rows with a text in a column as a figure says.
    pub fn rows(column: &str, text: &str, figure: Figure) -> Self {
        Self { figure, place: Place::Rows(Some((column.to_string(), text.to_string()))) }
    }

    /// The numbers of a column add up to a figure, over the rows with a text in another column.
    pub fn sum(column: &str, (of, text): (&str, &str), figure: Figure) -> Self {
        Self { figure, place: Place::Sum(column.to_string(), (of.to_string(), text.to_string())) }
    }

    /// The sentence above a table says a figure, after a word.
    pub fn lead(word: &str, figure: Figure) -> Self {
        Self { figure, place: Place::Lead(word.to_string()) }
    }
}
