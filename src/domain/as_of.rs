//! The two dates of every number and the rules that turn dates into days that count.
//!
//! This module does not know the clock: every date comes in as an argument.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::coded::coded;

/// The day a count is for (基準日).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AsOf(pub NaiveDate);

/// The day whose end a count looks back from (知識時点): exports dated up to it speak (R3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KnownAt(pub NaiveDate);

coded! {
    /// Whether the reported 退会日 is still a member day (退会日の扱い, R2). No public text resolves it.
    ///
    /// The printed name is a sentence (退会日の扱い).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum WithdrawalDayRule {
        /// It counts: 入会日 ≤ D ≤ 退会日 (在籍最終日).
        #[default]
        LastMemberDay = "last_member_day" / "在籍最終日（当日を含む）",
        /// It does not: 入会日 ≤ D < 退会日 (資格喪失日).
        FirstNonMemberDay = "first_non_member_day" / "資格喪失日（当日を含まない）",
    }
}

impl WithdrawalDayRule {
    /// First day that no longer counts for a reported 退会日; the only place where the rule is applied (R2).
    pub fn ended_on(self, left_on: NaiveDate) -> NaiveDate {
        match self {
            Self::LastMemberDay => left_on.succ_opt().unwrap_or(NaiveDate::MAX),
            Self::FirstNonMemberDay => left_on,
        }
    }
}

impl AsOf {
    /// Whether the day lies after known-at: the figure is 予定 (R7).
    pub fn is_future(self, known_at: KnownAt) -> bool {
        self.0 > known_at.0
    }
}

/// A span of days, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// Whether the day lies in the period.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// The period of a paper: the month that ends at the as-of day if that is a month end, else the previous
    /// full month (R18).
    pub fn of_paper(as_of: AsOf) -> Self {
        let to = if is_month_end(as_of.0) { as_of.0 } else { day_before(month_start(as_of.0)) };
        Self { from: month_start(to), to }
    }
}

/// The same day a month earlier; a month end goes to the month end (R18). 31 March → 28 or 29 February.
pub fn month_before(day: NaiveDate) -> NaiveDate {
    months_before(day, 1)
}

/// The same day `months` earlier, month end against month end (R18).
pub fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    let shifted = day.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN);
    if is_month_end(day) { month_end(shifted) } else { shifted }
}

/// Whether the day is the last of its month.
pub fn is_month_end(day: NaiveDate) -> bool {
    day == month_end(day)
}

/// Last day of the month of `day`.
pub fn month_end(day: NaiveDate) -> NaiveDate {
    month_start(day).checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX)
}

/// First day of the month of `day`.
pub fn month_start(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Month ends from the month of `from` to the month of `to`, both inclusive.
pub fn month_ends(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let last = month_end(to);
    let mut out = Vec::new();
    let mut day = month_end(from);
    while day <= last {
        out.push(day);
        let Some(next) = day.succ_opt() else { break };
        day = month_end(next);
    }
    out
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;
    use rstest::rstest;

    #[rstest]
    #[case::month_end("2025-12-31", "2025-12-01", "2025-12-31")]
    #[case::leap_february("2024-02-29", "2024-02-01", "2024-02-29")]
    #[case::mid_month("2026-01-22", "2025-12-01", "2025-12-31")]
    #[case::first_of_month("2025-12-01", "2025-11-01", "2025-11-30")]
    fn paper_period_follows_r18(#[case] as_of: &str, #[case] from: &str, #[case] to: &str) {
        assert_eq!(Period::of_paper(AsOf(day(as_of))), Period { from: day(from), to: day(to) });
    }

    #[rstest]
    #[case::end_to_end("2025-12-31", "2025-11-30")]
    #[case::short_to_long("2025-02-28", "2025-01-31")]
    #[case::march_to_leap("2024-03-31", "2024-02-29")]
    #[case::same_day("2025-12-01", "2025-11-01")]
    #[case::missing_day("2025-03-30", "2025-02-28")]
    fn month_before_compares_like_with_like(#[case] from: &str, #[case] to: &str) {
        assert_eq!(month_before(day(from)), day(to));
    }

    #[test]
    fn year_before_keeps_month_end() {
        assert_eq!(months_before(day("2025-02-28"), 12), day("2024-02-29"));
    }

    #[test]
    fn day_after_known_at_is_future() {
        let known_at = KnownAt(day("2025-12-31"));
        assert!(AsOf(day("2026-01-01")).is_future(known_at));
        assert!(!AsOf(day("2025-12-31")).is_future(known_at));
    }

    #[test]
    fn month_ends_span_a_leap_year() {
        let ends = month_ends(day("2024-01-15"), day("2024-03-01"));
        assert_eq!(ends, vec![day("2024-01-31"), day("2024-02-29"), day("2024-03-31")]);
    }
}
