//! What answers about members look like: rows, totals and what they say about themselves.
//!
//! The keys of the JSON are a contract. A figure that is not known is `null` there, never 0. Nothing is counted here.

use std::sync::Arc;

use crate::service::known::basis::Basis;
use crate::service::known::totals::Totals;
use chrono::NaiveDate;
use serde::Serialize;
use serde::ser::SerializeMap;

use crate::service::known::coverage::IncompleteArea;
use crate::service::known::map::MapChoice;

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRow {
    /// Day of the row; in series only.
    pub as_of: Option<NaiveDate>,
    /// Tier.
    pub tier: &'static str,
    /// Keys in the order asked for.
    pub keys: Keys,
    /// Memberships that are known of.
    pub memberships: i64,
    /// Whether the exports reach the day in the bodies of the row (R7).
    pub is_complete: bool,
    /// On today's map only: whether any of them stood under another body on the day.
    pub restated: Option<bool>,
    /// On today's map only: whether any of them stands under a body that has ended, because nothing is known to have
    /// taken its place for them.
    pub ended: Option<bool>,
}

impl CountRow {
    /// The figure of the row; `None` where a 0 would only mean that nothing is known.
    pub fn figure(&self) -> Option<i64> {
        (self.is_complete || self.memberships != 0).then_some(self.memberships)
    }
}

impl Serialize for CountRow {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(as_of) = self.as_of {
            map.serialize_entry("as_of", &as_of)?;
        }
        map.serialize_entry("tier", self.tier)?;
        for (key, value) in self.keys.0.iter() {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry("memberships", &self.figure())?;
        if !self.is_complete {
            map.serialize_entry("complete", &false)?;
        }
        for (key, mark) in [("restated", self.restated), ("ended", self.ended)] {
            if let Some(mark) = mark {
                map.serialize_entry(key, &mark)?;
            }
        }
        map.end()
    }
}

/// The map that an answer is restated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AnswerMap {
    /// Always `today`.
    pub map: MapChoice,
    /// The day whose bodies stand in the rows.
    pub map_on: NaiveDate,
}

impl AnswerMap {
    pub(in crate::service) fn of(map_on: Option<NaiveDate>) -> Option<Self> {
        map_on.map(|map_on| Self { map: MapChoice::Today, map_on })
    }
}

/// Keys of a row: the machine name of the dimension and its value. Rows of several days share them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys(pub Arc<Vec<(&'static str, String)>>);

impl Keys {
    /// Keys in the order asked for.
    pub fn new(keys: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(Arc::new(keys.into_iter().collect()))
    }
}

impl Serialize for Keys {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// The answer of `kaiin count`.
#[derive(Debug, Clone, Serialize)]
pub struct CountAnswer {
    /// As of.
    pub as_of: NaiveDate,
    /// Whether the exports reach back that far in every area that the answer is about (R7).
    pub complete: bool,
    /// The areas that they do not reach.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incomplete_areas: Vec<IncompleteArea>,
    /// Whether the day lies after known-at (予定).
    pub future: bool,
    /// What is counted in rows.
    pub unit: &'static str,
    /// The map, when it is not that of the as-of day.
    #[serde(flatten)]
    pub map: Option<AnswerMap>,
    /// Dates and rules.
    #[serde(flatten)]
    pub basis: Basis,
    /// Rows in official order.
    pub rows: Vec<CountRow>,
    /// Totals by tier, filters applied.
    pub totals: Totals,
    /// Memberships counted although the newest export no longer shows them (R6).
    pub not_shown: i64,
    /// What adjustments add to the memberships of the answer, all tiers together; they are contained.
    pub adjusted: i64,
}

/// The answer of `kaiin series`.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesAnswer {
    /// Month ends.
    pub days: Vec<SeriesDay>,
    /// What is counted in rows.
    pub unit: &'static str,
    /// The map, when it is not that of the as-of day.
    #[serde(flatten)]
    pub map: Option<AnswerMap>,
    /// Dates and rules.
    #[serde(flatten)]
    pub basis: Basis,
    /// Rows by day, then in official order.
    pub rows: Vec<CountRow>,
}

/// One day of a series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesDay {
    /// As of.
    pub as_of: NaiveDate,
    /// Whether the exports reach back that far in every area that the answer is about (R7).
    pub complete: bool,
    /// The areas that they do not reach.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incomplete_areas: Vec<IncompleteArea>,
    /// Whether the day lies after known-at (予定).
    pub future: bool,
    /// Totals by tier.
    pub totals: Totals,
    /// Memberships that the newest export no longer shows.
    pub not_shown: i64,
    /// What adjustments add, all tiers together; they are contained.
    pub adjusted: i64,
}
