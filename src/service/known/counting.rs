//! Counts of a vintage: from its change points where they tell them, else by looking at every stay.

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::association::Association;
use crate::domain::day::day_number;
use crate::service::known::vintage::Vintage;
use crate::stats::Counts;
use crate::stats::change_points::SummedDay;
use crate::stats::stream_count::StreamCount;

impl Vintage {
    /// All figures of some days, ascending, where the change points tell them.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(in crate::service) fn sums(&self, days: &[NaiveDate]) -> Result<Option<Vec<SummedDay<'_>>>> {
        match &self.changes {
            Some(changes) => changes.sums(self.known_at, self.rule, days),
            None => Ok(None),
        }
    }

    /// Counts one day in the bodies that `keep` accepts.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn count_on(&self, keep: impl Fn(&Association) -> bool, day: NaiveDate) -> Result<Counts> {
        self.count_series(keep, &[day])?.pop().context("one day has one count")
    }

    /// As [`Self::count_on`] for many days, ascending.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn count_series(&self, keep: impl Fn(&Association) -> bool, days: &[NaiveDate]) -> Result<Vec<Counts>> {
        let kept: Vec<bool> = self.associations.iter().map(keep).collect();
        let summed = self.sums(days)?.and_then(|sums| sums.iter().map(|sums| sums.counts(&kept)).collect());
        match summed {
            Some(counts) => Ok(counts),
            None => self.scan(&kept, days),
        }
    }

    /// Counts days by looking at every stay.
    fn scan(&self, kept: &[bool], days: &[NaiveDate]) -> Result<Vec<Counts>> {
        let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
        match (self.all.get(), numbers.as_slice()) {
            (Some(all), _) => Ok(all.kept(|rank| kept[rank]).count_series(&numbers)),
            (None, [day]) => Ok(vec![self.passing(kept).count_on(*day).context("reading the timeline")?]),
            (None, _) => self.passing(kept).count_series(&numbers).context("reading the timeline"),
        }
    }

    fn passing<'k>(&'k self, kept: &'k [bool]) -> StreamCount<'k, impl Fn(usize) -> bool + Sync + 'k> {
        StreamCount {
            timeline: &self.timeline,
            associations: &self.associations,
            known_at: self.known_at,
            rule: self.rule,
            keep: |rank| kept[rank],
        }
    }
}
