//! Outside denominators of rates (組織率の分母): how many physicians there are, by whom counted and when.
//!
//! The numbers are data (`reports/denominators.toml`) with a source and dates; this module only chooses the version that
//! speaks. It knows no members.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::as_of::{AsOf, KnownAt};

/// Key of the whole country beside the prefecture codes 01 to 47.
pub const NATIONWIDE: &str = "00";

/// One edition of an outside statistic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denominator {
    /// Id of the statistic; editions of one statistic share it.
    pub id: String,
    /// What is counted, as printed (医師数).
    pub name: String,
    /// Who published it and where; never empty.
    pub source: String,
    /// Day of its figures.
    pub as_of: NaiveDate,
    /// Day of its publication; before it nobody could use it.
    pub published_on: NaiveDate,
    /// Numbers by prefecture code, and by [`NATIONWIDE`]; each at least 1.
    pub values: BTreeMap<String, i64>,
}

/// All editions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denominators(pub Vec<Denominator>);

impl Denominators {
    /// The edition of a statistic that speaks for a day: of those published by known-at, the newest whose day is not after
    /// the as-of day, else the oldest. `None` when none was published.
    pub fn edition(&self, id: &str, as_of: AsOf, known_at: KnownAt) -> Option<&Denominator> {
        let published = || self.0.iter().filter(|one| one.id == id && one.published_on <= known_at.0);
        let not_after = published().filter(|one| one.as_of <= as_of.0).max_by_key(|one| (one.as_of, one.published_on));
        not_after.or_else(|| published().min_by_key(|one| (one.as_of, one.published_on)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;

    fn edition(as_of: &str, published_on: &str) -> Denominator {
        Denominator {
            id: "physicians".into(),
            name: "医師数".into(),
            source: "試験".into(),
            as_of: day(as_of),
            published_on: day(published_on),
            values: BTreeMap::new(),
        }
    }

    #[test]
    fn edition_speaks_only_once_it_is_published() {
        let all = Denominators(vec![edition("2020-12-31", "2022-03-17"), edition("2022-12-31", "2024-03-19")]);
        let of = |as_of: &str, known_at: &str| {
            all.edition("physicians", AsOf(day(as_of)), KnownAt(day(known_at))).map(|one| one.as_of.to_string())
        };
        assert_eq!(of("2023-12-01", "2024-03-18").as_deref(), Some("2020-12-31"));
        assert_eq!(of("2023-12-01", "2024-03-19").as_deref(), Some("2022-12-31"));
        assert_eq!(of("2021-12-01", "2024-03-19").as_deref(), Some("2020-12-31"));
        assert_eq!(of("2019-12-01", "2024-03-19").as_deref(), Some("2020-12-31"));
        assert_eq!(of("2021-12-01", "2022-03-16"), None);
    }
}
