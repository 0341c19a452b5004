//! Japanese calendar dates (和暦): reading every spelling that offices use, and writing three forms of it.
//!
//! Eras are those of the law on era names: 令和 from 2019-05-01, 平成 from 1989-01-08, 昭和 from 1926-12-25,
//! 大正 from 1912-07-30, 明治 from 1868-01-25. A date outside its era (平成31年5月1日) is not a date.
//! This module does not know today. Start reading at [`read_day`].

mod fault;
mod read;

use chrono::{Datelike, NaiveDate, Weekday};

pub use fault::DateFault;
pub use read::{ReadDay, parse_date, read_day};

/// An era and its first and last Gregorian day.
struct Era {
    name: &'static str,
    letter: char,
    first: (i32, u32, u32),
    /// Exclusive: the first day of the next era; `None` for the present one.
    next: Option<(i32, u32, u32)>,
}

/// Newest first.
const ERAS: [Era; 5] = [
    Era { name: "令和", letter: 'R', first: (2019, 5, 1), next: None },
    Era { name: "平成", letter: 'H', first: (1989, 1, 8), next: Some((2019, 5, 1)) },
    Era { name: "昭和", letter: 'S', first: (1926, 12, 25), next: Some((1989, 1, 8)) },
    Era { name: "大正", letter: 'T', first: (1912, 7, 30), next: Some((1926, 12, 25)) },
    Era { name: "明治", letter: 'M', first: (1868, 1, 25), next: Some((1912, 7, 30)) },
];

fn era_of(date: NaiveDate) -> Option<(&'static Era, i32)> {
    let key = (date.year(), date.month(), date.day());
    ERAS.iter().find(|era| key >= era.first).map(|era| (era, date.year() - era.first.0 + 1))
}

/// Writes 令和7年12月31日; the first year of an era as 元年.
pub fn era_date(date: NaiveDate) -> String {
    match era_of(date) {
        Some((era, 1)) => format!("{}元年{}月{}日", era.name, date.month(), date.day()),
        Some((era, year)) => format!("{}{year}年{}月{}日", era.name, date.month(), date.day()),
        None => date.to_string(),
    }
}

/// Writes 令和7年12月31日（水）.
pub fn era_date_with_weekday(date: NaiveDate) -> String {
    format!("{}（{}）", era_date(date), weekday_of(date.weekday()))
}

/// The character of a weekday (曜日): 水.
pub fn weekday_of(weekday: Weekday) -> char {
    match weekday {
        Weekday::Mon => '月',
        Weekday::Tue => '火',
        Weekday::Wed => '水',
        Weekday::Thu => '木',
        Weekday::Fri => '金',
        Weekday::Sat => '土',
        Weekday::Sun => '日',
    }
}

/// Writes R7.12.31, the form of tables.
pub fn short_era_date(date: NaiveDate) -> String {
    match era_of(date) {
        Some((era, year)) => format!("{}{year}.{}.{}", era.letter, date.month(), date.day()),
        None => date.to_string(),
    }
}

/// Writes 令和7年12月.
pub fn era_month(date: NaiveDate) -> String {
    match era_of(date) {
        Some((era, 1)) => format!("{}元年{}月", era.name, date.month()),
        Some((era, year)) => format!("{}{year}年{}月", era.name, date.month()),
        None => date.format("%Y-%m").to_string(),
    }
}

/// Writes the fiscal year (年度, April to March) of a date: 令和7年度.
pub fn fiscal_year(date: NaiveDate) -> String {
    let start_year = if date.month() >= 4 { date.year() } else { date.year() - 1 };
    let start = NaiveDate::from_ymd_opt(start_year, 5, 1).unwrap_or(date);
    match era_of(start) {
        Some((era, 1)) => format!("{}元年度", era.name),
        Some((era, year)) => format!("{}{year}年度", era.name),
        None => format!("{start_year}年度"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;

    #[test]
    fn written_forms_follow_the_eras() {
        assert_eq!(era_date(day("2025-12-31")), "令和7年12月31日");
        assert_eq!(era_date(day("2019-05-01")), "令和元年5月1日");
        assert_eq!(era_date(day("2019-04-30")), "平成31年4月30日");
        assert_eq!(era_date_with_weekday(day("2023-07-27")), "令和5年7月27日（木）");
        assert_eq!(short_era_date(day("2023-07-26")), "R5.7.26");
        assert_eq!(fiscal_year(day("2026-03-31")), "令和7年度");
        assert_eq!(fiscal_year(day("2026-04-01")), "令和8年度");
        assert_eq!(fiscal_year(day("2019-04-01")), "令和元年度");
    }
}
