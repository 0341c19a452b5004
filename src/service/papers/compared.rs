//! Whether the exports reach the day that a paper is compared with, and what it says where they do not (R7).
//!
//! Which day that is, the difference and its words: `domain/comparison.rs`.

use chrono::NaiveDate;

use super::context::PaperContext;
use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, Tier};
use crate::domain::comparison::Comparison;
use crate::domain::japanese_date::era_date;
use crate::messages::Lang;

impl PaperContext<'_> {
    /// The day that the figures of the paper are compared with.
    pub(super) fn earlier(&self, comparison: Comparison) -> NaiveDate {
        comparison.day(self.as_of)
    }

    /// The as-of day, then the month ends before it, newest first.
    pub(super) fn month_ends_back(&self) -> impl Iterator<Item = NaiveDate> {
        std::iter::successors(Some(self.as_of.0), |day| Some(Comparison::MonthEnd.day(AsOf(*day))))
    }

    /// The opening day of the period: the last day of the month before it.
    pub(super) fn opened_on(&self) -> NaiveDate {
        Comparison::MonthEnd.day(AsOf(self.period.to))
    }

    /// Whether exports reach back to the opening day in all bodies of the paper.
    pub(super) fn reaches_opening(&self) -> bool {
        self.reaches(self.opened_on())
    }

    /// Whether the exports reach a day in all bodies of a tier that the paper is about and `keep` accepts. Of the national
    /// tier it is asked in the prefectural bodies: their national members (R23).
    pub(super) fn covers(&self, tier: Tier, day: NaiveDate, keep: impl Fn(&Association) -> bool) -> bool {
        let is_asked = |rank: usize, body: &Association| self.area.bodies.has(rank) && keep(body);
        self.vintage.uncovered(tier, is_asked, day).next().is_none()
    }

    /// The same of one body.
    pub(super) fn covers_body(&self, body: &Association, day: NaiveDate) -> bool {
        let is_national = body.tier == Tier::National;
        self.covers(body.tier, day, |other| is_national || other.id == body.id)
    }

    /// Says which of the days compared with the exports do not reach.
    pub(super) fn uncovered_notes(&self, comparisons: impl Iterator<Item = Comparison>) -> Vec<String> {
        let mut days: Vec<NaiveDate> = comparisons.map(|one| self.earlier(one)).collect();
        days.sort_unstable();
        days.dedup();
        days.into_iter().filter_map(|day| self.uncovered_note(day, "これとの比較")).collect()
    }

    /// Says that the exports do not reach a day, in which areas, and what is left open for it. `None` where they do.
    pub(super) fn uncovered_note(&self, day: NaiveDate, what: &str) -> Option<String> {
        let coverage = self.coverage(day);
        let areas = coverage.sentence(Lang::Ja);
        (!coverage.complete).then(|| format!("{} は出力が及ばないため（{areas}）、{what}は … とした。", era_date(day)))
    }
}
