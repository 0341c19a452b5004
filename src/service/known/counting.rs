//! Counts of a vintage: from its change points where they tell them, else by looking at every stay.

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::KnownAt;
use crate::domain::association::{Association, BodySet};
use crate::domain::day::day_number;
use crate::domain::membership::Segment;
use crate::service::known::change_points::Changes;
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;
use crate::stats::change_points::SummedDay;
use crate::stats::stream_count::StreamCount;
use crate::stats::{Counts, Memberships};
use crate::timeline::Evidence;

/// Figures by days.
#[derive(Debug, Default)]
struct Sums(Memo<Vec<NaiveDate>, Option<Vec<SummedDay>>>);

impl Vintage {
    /// All figures of some days, ascending, where the change points tell them.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(in crate::service) fn sums(&self, days: &[NaiveDate]) -> Result<Option<Vec<SummedDay>>> {
        match (&self.changes, days) {
            (None, _) => Ok(None),
            // A page asks about the day of its question several times.
            (Some(changes), [day]) if changes.is_kept() => {
                let kept = self.answers.of::<Sums>().0.get_or(vec![*day], || self.summed(changes, days))?;
                Ok(kept.as_ref().clone())
            }
            (Some(changes), _) => self.summed(changes, days),
        }
    }

    fn summed(&self, changes: &Changes, days: &[NaiveDate]) -> Result<Option<Vec<SummedDay>>> {
        changes.sums(self.known_at, self.rule, days)
    }

    /// The same, worked out once: the papers of many areas ask about the same days.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(in crate::service) fn sums_once(&self, days: &[NaiveDate]) -> Result<Arc<Option<Vec<SummedDay>>>> {
        self.answers.of::<Sums>().0.get_or(days.to_vec(), || self.sums(days))
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
        let bodies = BodySet::of(&self.associations, keep);
        let summed = self.sums(days)?.and_then(|sums| sums.iter().map(|sums| sums.counts(&bodies)).collect());
        match summed {
            Some(counts) => Ok(counts),
            None => self.scan(&bodies, days),
        }
    }

    /// Counts all bodies on a day as known at another one, which is not after known-at: for whoever asks about many of both.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(in crate::service) fn count_known_at(&self, known_at: KnownAt, day: NaiveDate) -> Result<Counts> {
        let everything = BodySet::all(&self.associations);
        let sum = match &self.changes {
            Some(changes) => changes.sum_kept(known_at, self.rule, day)?,
            None => None,
        };
        match sum.and_then(|sum| sum.counts(&everything)) {
            Some(counts) => Ok(counts),
            None if known_at == self.known_at => Ok(self.all_memberships()?.count_on(day_number(day))),
            None => {
                let then = StreamCount { known_at, ..self.passing(&everything)? };
                then.count_on(day_number(day)).context("reading the timeline")
            }
        }
    }

    /// What adjustments add to the memberships of each day, ascending, in the bodies that `keep` accepts: those of the
    /// persons concerned, less those that they would have without adjustments.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn adjusted(&self, days: &[NaiveDate], keep: impl Fn(&Association) -> bool) -> Result<Vec<i64>> {
        let bodies = BodySet::of(&self.associations, keep);
        let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
        let of = |evidence| -> Result<Vec<Counts>> {
            Ok(self.adjusted_memberships(evidence)?.kept(|rank| bodies.has(rank)).count_series(&numbers))
        };
        let sum = |counts: &Counts| counts.cells.iter().flatten().sum::<i64>();
        let (with, without) = (of(Evidence::All)?, of(Evidence::WithoutAdjustments)?);
        Ok(with.iter().zip(&without).map(|(with, without)| sum(with) - sum(without)).collect())
    }

    /// Membership segments of those persons whom an adjustment concerns: as they count, or as they would without. Worked out once.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(in crate::service) fn adjusted_memberships(&self, evidence: Evidence) -> Result<Arc<Memberships>> {
        self.answers.adjusted.get_or(evidence, || {
            let mut out = Memberships::of_tiers(&self.associations);
            let timeline = self.timeline()?;
            let told = |each: &mut dyn FnMut(Segment)| {
                timeline.each_adjusted_segment(self.known_at, self.rule, evidence, each)
            };
            out.take(&self.associations, self.known_at, |_| true, told).context("reading the timeline")?;
            Ok(out)
        })
    }

    /// Counts days by looking at every stay.
    fn scan(&self, bodies: &BodySet, days: &[NaiveDate]) -> Result<Vec<Counts>> {
        let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
        match (self.all.get(), numbers.as_slice()) {
            (Some(all), _) => Ok(all.kept(|rank| bodies.has(rank)).count_series(&numbers)),
            (None, [day]) => Ok(vec![self.passing(bodies)?.count_on(*day).context("reading the timeline")?]),
            (None, _) => self.passing(bodies)?.count_series(&numbers).context("reading the timeline"),
        }
    }

    fn passing<'k>(&'k self, bodies: &'k BodySet) -> Result<StreamCount<'k, impl Fn(usize) -> bool + Sync + 'k>> {
        Ok(StreamCount {
            timeline: self.timeline()?,
            associations: &self.associations,
            known_at: self.known_at,
            rule: self.rule,
            keep: |rank| bodies.has(rank),
        })
    }
}
