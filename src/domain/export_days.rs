//! Which exports each source of members made, and in which order they were taken in: what decides which source speaks
//! about a stay (R26).
//!
//! This module knows days; it does not know what an export said.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::coverage::ExportDay;
use super::ids::SourceId;

/// The place of an export among all: by day, those of one day in the order in which they were taken in. The greater one
/// is the newer word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Export day.
    pub day: NaiveDate,
    /// Order among all exports that were taken in.
    nth: usize,
}

/// One export of a source.
#[derive(Debug, Clone, Copy)]
struct Export {
    place: Place,
    kept_days: u32,
}

/// The exports of all sources of members.
#[derive(Debug, Clone, Default)]
pub struct ExportDays {
    /// Exports of each source, by day.
    by_source: BTreeMap<SourceId, Vec<Export>>,
}

impl ExportDays {
    /// Takes the exports in the order in which they were taken in. Those that another one of their day replaced, or that
    /// were taken back, are not among them.
    pub fn new(exports: &[ExportDay]) -> Self {
        let mut by_source: BTreeMap<SourceId, Vec<Export>> = BTreeMap::new();
        for (nth, export) in exports.iter().enumerate() {
            let place = Place { day: export.day, nth };
            by_source.entry(export.source).or_default().push(Export { place, kept_days: export.kept_days });
        }
        by_source.values_mut().for_each(|exports| exports.sort_by_key(|export| export.place));
        Self { by_source }
    }

    /// Whether more than one source tells of members.
    pub fn are_of_several_sources(&self) -> bool {
        self.by_source.len() > 1
    }

    /// The first export day of any source.
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.by_source.values().filter_map(|exports| exports.first()).map(|export| export.place.day).min()
    }

    /// The newest export of a source up to the end of a day.
    pub fn newest(&self, source: SourceId, day: NaiveDate) -> Option<Place> {
        self.up_to(source, day).last().map(|export| export.place)
    }

    /// The newest export of a source before a day.
    pub fn newest_before(&self, source: SourceId, day: NaiveDate) -> Option<Place> {
        day.pred_opt().and_then(|eve| self.newest(source, eve))
    }

    /// Whether a source still tells of its members on a day: its newest export is not older than it shows ended rows. One that
    /// another took the place of, under a new name, was given up.
    pub fn is_kept_up(&self, source: SourceId, day: NaiveDate) -> bool {
        self.up_to(source, day).last().is_some_and(|newest| {
            newest.place.day.checked_add_days(Days::new(newest.kept_days.into())).is_none_or(|last| day <= last)
        })
    }

    /// The export days of a source from one day to another, both inclusive, ascending.
    pub fn days_of(&self, source: SourceId, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        self.up_to(source, to).iter().map(|export| export.place.day).filter(move |day| from <= *day)
    }

    fn up_to(&self, source: SourceId, day: NaiveDate) -> &[Export] {
        let exports = self.by_source.get(&source).map_or(&[][..], Vec::as_slice);
        &exports[..exports.partition_point(|export| export.place.day <= day)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;

    const OLD: SourceId = SourceId(1);
    const NEW: SourceId = SourceId(2);

    fn exports(days: &[(SourceId, &str)]) -> ExportDays {
        let export = |(source, text): &(SourceId, &str)| ExportDay { source: *source, day: day(text), kept_days: 200 };
        ExportDays::new(&days.iter().map(export).collect::<Vec<_>>())
    }

    #[test]
    fn later_day_is_newer_whatever_was_taken_in_first() {
        let exports = exports(&[(NEW, "2025-12-31"), (OLD, "2025-12-05")]);
        let newest = |source| exports.newest(source, day("2026-01-31"));
        assert!(newest(NEW) > newest(OLD));
        assert_eq!(exports.newest(NEW, day("2025-12-30")), None);
    }

    #[test]
    fn of_one_day_the_one_taken_in_later_is_newer() {
        let newest = |exports: &ExportDays, source| exports.newest(source, day("2025-12-31"));
        let old_first = exports(&[(OLD, "2025-12-31"), (NEW, "2025-12-31")]);
        assert!(newest(&old_first, NEW) > newest(&old_first, OLD));
        let new_first = exports(&[(NEW, "2025-12-31"), (OLD, "2025-12-31")]);
        assert!(newest(&new_first, NEW) < newest(&new_first, OLD));
    }

    #[test]
    fn source_is_given_up_after_as_many_days_as_it_shows_ended_rows() {
        let exports = exports(&[(OLD, "2025-03-31")]);
        assert!(exports.is_kept_up(OLD, day("2025-10-17")));
        assert!(!exports.is_kept_up(OLD, day("2025-10-18")));
        assert!(!exports.is_kept_up(NEW, day("2025-03-31")));
    }

    #[test]
    fn days_of_a_source_are_those_between() {
        let exports = exports(&[(OLD, "2025-01-31"), (NEW, "2025-02-10"), (OLD, "2025-02-28"), (OLD, "2025-03-31")]);
        let days: Vec<_> = exports.days_of(OLD, day("2025-02-01"), day("2025-03-31")).collect();
        assert_eq!(days, [day("2025-02-28"), day("2025-03-31")]);
        assert_eq!(exports.newest_before(OLD, day("2025-02-28")).map(|place| place.day), Some(day("2025-01-31")));
    }
}
