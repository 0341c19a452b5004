//! 営業日: the days on which an office works. Neither Saturdays, Sundays and days off by law ([`super::holidays`]), nor days on which
//! the office itself is closed.

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use super::as_of::{month_end, month_start};
use super::day::next_day;
use super::holidays::day_off;

/// A day on which the office is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ClosedDay {
    /// Each year: month and day.
    EveryYear(u32, u32),
    /// Once.
    Once(NaiveDate),
}

/// A text that is neither a day nor the day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day like 12-29 or 2027-06-01")]
pub struct NotAClosedDay;

/// A year with 29 February.
const LEAP_YEAR: i32 = 2024;

impl TryFrom<String> for ClosedDay {
    type Error = NotAClosedDay;

    fn try_from(text: String) -> Result<Self, NotAClosedDay> {
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| NotAClosedDay);
        if has_form(&text, "00-00") {
            return day(&format!("{LEAP_YEAR}-{text}")).map(|day| Self::EveryYear(day.month(), day.day()));
        }
        if has_form(&text, "0000-00-00") {
            return day(&text).map(Self::Once);
        }
        Err(NotAClosedDay)
    }
}

/// Whether a text has digits where a form has 0, and its other letters where they are.
fn has_form(text: &str, form: &str) -> bool {
    let same = |(found, asked): (u8, u8)| if asked == b'0' { found.is_ascii_digit() } else { found == asked };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(same)
}

impl fmt::Display for ClosedDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EveryYear(month, day) => write!(f, "{month:02}-{day:02}"),
            Self::Once(day) => write!(f, "{day}"),
        }
    }
}

impl ClosedDay {
    fn is(self, day: NaiveDate) -> bool {
        match self {
            Self::EveryYear(month, of) => (day.month(), day.day()) == (month, of),
            Self::Once(once) => day == once,
        }
    }
}

/// The days on which an office works.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BusinessCalendar {
    /// Days on which it is closed beside those of everybody.
    pub closed: Vec<ClosedDay>,
    /// Days on which it works whatever else is said: a Saturday, or a day that the law moved since.
    pub open: Vec<NaiveDate>,
}

impl BusinessCalendar {
    /// Whether the office works on a day.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let is_closed = is_weekend || self.closed.iter().any(|closed| closed.is(day)) || day_off(day).is_some();
        !is_closed || self.open.contains(&day)
    }

    /// The n-th business day of the month of a day, from 1; `None` where the month has fewer.
    pub fn nth_of_month(&self, month: NaiveDate, nth: usize) -> Option<NaiveDate> {
        self.of_month(month).nth(nth.checked_sub(1)?)
    }

    /// The last business day of the month of a day; `None` where it has none.
    pub fn last_of_month(&self, month: NaiveDate) -> Option<NaiveDate> {
        self.of_month(month).last()
    }

    /// The first business day from a day on, that day included; `None` where the office is closed for a year.
    pub fn from(&self, day: NaiveDate) -> Option<NaiveDate> {
        day.iter_days().take(DAYS_OF_A_YEAR).find(|day| self.is_open(*day))
    }

    /// The last business day until a day, that day included; `None` where the office was closed for a year.
    pub fn until(&self, day: NaiveDate) -> Option<NaiveDate> {
        let mut days = std::iter::successors(Some(day), NaiveDate::pred_opt).take(DAYS_OF_A_YEAR);
        days.find(|day| self.is_open(*day))
    }

    fn of_month(&self, month: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let after = next_day(month_end(month));
        month_start(month).iter_days().take_while(move |day| *day < after).filter(|day| self.is_open(*day))
    }
}

/// Longer than any office is closed.
const DAYS_OF_A_YEAR: usize = 366;

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::written::day;

    fn calendar(closed: &[&str], open: &[&str]) -> BusinessCalendar {
        let closed = closed.iter().map(|text| ClosedDay::try_from((*text).to_string()).expect("a closed day"));
        BusinessCalendar { closed: closed.collect(), open: open.iter().map(|text| day(text)).collect() }
    }

    const YEAR_END: [&str; 5] = ["12-29", "12-30", "12-31", "01-02", "01-03"];

    #[rstest]
    #[case::last_of_2025("2025-12-28", "2026-01-05", "2025-12-26")]
    #[case::new_year_of_2027("2026-12-29", "2027-01-04", "2026-12-28")]
    #[case::golden_week("2026-05-02", "2026-05-07", "2026-05-01")]
    #[case::silver_week("2026-09-19", "2026-09-24", "2026-09-18")]
    #[case::leap_day("2028-02-29", "2028-02-29", "2028-02-29")]
    #[case::fifth_on_a_saturday("2026-09-05", "2026-09-07", "2026-09-04")]
    fn nearest_business_days_are_found(#[case] from: &str, #[case] on_or_after: &str, #[case] on_or_before: &str) {
        let calendar = calendar(&YEAR_END, &[]);
        assert_eq!(calendar.from(day(from)), Some(day(on_or_after)));
        assert_eq!(calendar.until(day(from)), Some(day(on_or_before)));
    }

    #[rstest]
    #[case::january("2026-01-31", 1, Some("2026-01-05"))]
    #[case::january_third("2026-01-01", 3, Some("2026-01-07"))]
    #[case::may("2026-05-01", 2, Some("2026-05-07"))]
    #[case::september("2026-09-30", 15, Some("2026-09-24"))]
    #[case::too_many("2026-05-01", 19, None)]
    #[case::none("2026-05-01", 0, None)]
    fn nth_business_day_is_counted(#[case] month: &str, #[case] nth: usize, #[case] expected: Option<&str>) {
        assert_eq!(calendar(&YEAR_END, &[]).nth_of_month(day(month), nth), expected.map(day));
    }

    #[test]
    fn last_business_day_is_before_the_year_end() {
        let calendar = calendar(&YEAR_END, &[]);
        assert_eq!(calendar.last_of_month(day("2026-12-01")), Some(day("2026-12-28")));
        assert_eq!(calendar.last_of_month(day("2028-02-01")), Some(day("2028-02-29")));
    }

    #[test]
    fn days_of_the_office_go_before_those_of_everybody() {
        let calendar = calendar(&["2026-06-01"], &["2026-06-06", "2026-09-22"]);
        let is_open = |text: &str| calendar.is_open(day(text));
        assert!(!is_open("2026-06-01") && is_open("2026-06-02") && is_open("2026-06-06"));
        assert!(is_open("2026-09-22") && !is_open("2026-09-23"));
        assert!(is_open("2026-12-29"), "the year end is a setting");
    }

    /// What the settings promise of a line like 15B.
    #[test]
    fn every_month_of_the_century_has_fifteen_business_days() {
        let calendar = calendar(&YEAR_END, &[]);
        for year in 2000..2100 {
            for month in 1..=12 {
                let month = NaiveDate::from_ymd_opt(year, month, 1).expect("a month");
                assert!(calendar.nth_of_month(month, 15).is_some(), "{month}");
            }
        }
    }

    #[rstest]
    #[case("12-29", Some("12-29"))]
    #[case("02-29", Some("02-29"))]
    #[case("2027-06-01", Some("2027-06-01"))]
    #[case("02-30", None)]
    #[case("2027-02-29", None)]
    #[case("12/29", None)]
    #[case("1-2", None)]
    #[case("12月29日", None)]
    #[case("+2-29", None)]
    #[case("", None)]
    fn closed_day_is_a_day_or_that_of_a_month(#[case] text: &str, #[case] expected: Option<&str>) {
        let read = ClosedDay::try_from(text.to_string());
        assert_eq!(read.ok().map(|one| one.to_string()).as_deref(), expected);
    }
}
