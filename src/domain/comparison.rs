//! What a figure is compared with (前月比 and its kin): the earlier day, the difference to it, and the words for both.
//!
//! Every paper that prints a change takes its day from [`Comparison`], and its difference, its rate and its words from
//! [`NowAndBefore`]. Whether the exports reach the earlier day is asked in `service/papers/compared.rs`; the answer is kept
//! as a missing `before`. The headings and their sentences stand in the catalogue (`domain/metric.rs`).

use std::ops::AddAssign;

use chrono::{Datelike, NaiveDate};

use super::as_of::{AsOf, is_month_end, month_end, months_before};
use super::cell::Cell;
use super::japanese_date::era_date;
use super::printed_number::thousands;
use super::rounding::percent_tenths;

/// The earlier day that a figure is compared with, both as known at one day (R18).
///
/// On a month end [`Self::Month`] and [`Self::MonthEnd`] are the same day. In mid-month they are not, and neither are their
/// words: 前月比 of 15 December looks at 15 November, 前月末比 at 30 November.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// 前月比: the same day a month earlier, month end against month end (R18).
    Month,
    /// 前年同月比, and 対前年 of the survey: the same day a year earlier, month end against month end (R18).
    Year,
    /// 対前年度末: the last 31 March before the day.
    FiscalYear,
    /// 前月末比 of a series of month ends, and 増減 of a roll-forward over a month (R16): the end of the month before.
    MonthEnd,
}

impl Comparison {
    /// Those that stand beside the rows of a table of the definitions.
    pub const BESIDE_ROWS: [Self; 3] = [Self::Month, Self::Year, Self::FiscalYear];

    /// The day compared with.
    pub fn day(self, of: AsOf) -> NaiveDate {
        match self {
            Self::Month => months_before(of.0, 1),
            Self::Year => months_before(of.0, 12),
            Self::FiscalYear => fiscal_year_end_before(of.0),
            Self::MonthEnd => months_before(month_end(of.0), 1),
        }
    }

    /// The day as sentences name it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Month => "前月",
            Self::Year => "前年同月",
            Self::FiscalYear => "前年度末",
            Self::MonthEnd => "前月末",
        }
    }
}

/// The last 31 March before a day.
fn fiscal_year_end_before(day: NaiveDate) -> NaiveDate {
    let of_year = |year: i32| NaiveDate::from_ymd_opt(year, 3, 31).unwrap_or(NaiveDate::MIN);
    let this = of_year(day.year());
    if this < day { this } else { of_year(day.year() - 1) }
}

/// A count on its day and on the day that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NowAndBefore {
    /// On its day.
    pub now: i64,
    /// On the earlier day; `None` where the exports do not reach it (R7). A change is … then, and never 0.
    pub before: Option<i64>,
}

impl NowAndBefore {
    /// Nobody on either day: where sums begin.
    pub const NOBODY: Self = Self { now: 0, before: Some(0) };

    /// The change; `None` where the earlier count is not known.
    pub fn difference(self) -> Option<i64> {
        Some(self.now - self.before?)
    }

    /// The change as printed.
    pub fn difference_cell(self) -> Cell {
        self.difference().map_or(Cell::NotApplicable, Cell::Difference)
    }

    /// The change as a rate of the earlier count; … where that is not known or 0.
    pub fn rate_cell(self) -> Cell {
        let tenths = self.difference().zip(self.before).and_then(|(part, whole)| percent_tenths(part, whole));
        tenths.map_or(Cell::NotApplicable, Cell::PercentTenths)
    }

    /// The change in words that cannot contradict it, after the name of the earlier day: 「と同数」「より 12 人増」「より 3 人減」.
    pub fn words(self) -> Option<String> {
        Some(match self.difference()? {
            0 => "と同数".to_string(),
            n if n > 0 => format!("より {} 人増", thousands(n)),
            n => format!("より {} 人減", thousands(-n)),
        })
    }

    /// The end of a sentence about the count of a day: 「である。」, or 「、前月末（…）より 12 人増えた。」.
    pub fn ending(self, comparison: Comparison, of: AsOf) -> String {
        let Some(difference) = self.difference() else { return "である。".to_string() };
        let day = comparison.day(of);
        let is_end = comparison == Comparison::Month && is_month_end(day);
        let label = if is_end { Comparison::MonthEnd.label() } else { comparison.label() };
        let earlier = format!("、{label}（{}）", era_date(day));
        match difference {
            0 => format!("{earlier}と同じである。"),
            n if n > 0 => format!("{earlier}より {} 人増えた。", thousands(n)),
            n => format!("{earlier}より {} 人減った。", thousands(-n)),
        }
    }
}

/// A sum is known before where all of its parts are.
impl AddAssign for NowAndBefore {
    fn add_assign(&mut self, other: Self) {
        self.now += other.now;
        self.before = self.before.zip(other.before).map(|(sum, n)| sum + n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("test dates are ISO")
    }

    #[rstest]
    #[case::month_end("2025-12-31", "2025-11-30", "2025-11-30")]
    #[case::mid_month("2025-12-15", "2025-11-15", "2025-11-30")]
    #[case::first("2025-12-01", "2025-11-01", "2025-11-30")]
    #[case::end_of_february("2025-02-28", "2025-01-31", "2025-01-31")]
    #[case::before_a_short_month("2025-03-30", "2025-02-28", "2025-02-28")]
    fn month_and_month_end_part_in_mid_month(#[case] of: &str, #[case] month: &str, #[case] month_end: &str) {
        let of = AsOf(day(of));
        assert_eq!([Comparison::Month.day(of), Comparison::MonthEnd.day(of)], [day(month), day(month_end)]);
    }

    #[rstest]
    #[case::after("2025-12-31", "2025-03-31")]
    #[case::first_day("2025-04-01", "2025-03-31")]
    #[case::on_the_day("2025-03-31", "2024-03-31")]
    #[case::before("2025-03-30", "2024-03-31")]
    fn fiscal_year_ends_before_the_day(#[case] of: &str, #[case] expected: &str) {
        assert_eq!(Comparison::FiscalYear.day(AsOf(day(of))), day(expected));
    }

    #[test]
    fn year_keeps_the_month_end() {
        assert_eq!(Comparison::Year.day(AsOf(day("2025-02-28"))), day("2024-02-29"));
    }

    #[test]
    fn words_follow_the_numbers() {
        let of = |now: i64, before: i64| NowAndBefore { now, before: Some(before) };
        let of_day = AsOf(day("2025-12-31"));
        let all = |one: NowAndBefore| {
            format!("{}／{}", one.words().unwrap_or_default(), one.ending(Comparison::Month, of_day))
        };
        assert_eq!(all(of(3, 3)), "と同数／、前月末（令和7年11月30日）と同じである。");
        assert_eq!(all(of(15, 3)), "より 12 人増／、前月末（令和7年11月30日）より 12 人増えた。");
        assert_eq!(all(of(3, 15)), "より 12 人減／、前月末（令和7年11月30日）より 12 人減った。");
    }

    #[test]
    fn nothing_is_said_of_a_day_that_is_not_reached() {
        let one = NowAndBefore { now: 3, before: None };
        assert_eq!((one.difference(), one.words()), (None, None));
        assert_eq!((one.difference_cell(), one.rate_cell()), (Cell::NotApplicable, Cell::NotApplicable));
        assert_eq!(one.ending(Comparison::Month, AsOf(day("2025-12-31"))), "である。");
        let mut sum = NowAndBefore::NOBODY;
        sum += NowAndBefore { now: 4, before: Some(2) };
        sum += one;
        assert_eq!(sum, NowAndBefore { now: 7, before: None });
    }

    #[test]
    fn rate_needs_a_base() {
        assert_eq!(NowAndBefore { now: 3, before: Some(0) }.rate_cell(), Cell::NotApplicable);
        assert_eq!(NowAndBefore { now: 101, before: Some(100) }.rate_cell(), Cell::PercentTenths(10));
    }
}
