//! Why a text that looks like a date is none: the month, the day, or the era. For people; nothing is read here.

use chrono::{Datelike, NaiveDate};

use super::as_of::month_end;
use super::japanese_date::{era_date, era_month, parse_date};
use super::text::fold_width;

/// What is wrong with a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateReason {
    /// The month is not 1 to 12: the number given.
    Month(u32),
    /// The month has fewer days: the month as people write it, and its last day.
    Day(String, u32),
    /// The year is of another era: the era and year as given.
    Era(String),
    /// Only a month is given: its last day.
    OnlyMonth(NaiveDate),
    /// The year has two digits.
    ShortYear,
}

impl DateReason {
    /// The reason why a text that [`parse_date`] refuses is no date; `None` when it does not even look like one.
    pub fn of(text: &str) -> Option<Self> {
        let folded: String = fold_width(text).chars().filter(|letter| !letter.is_whitespace()).collect();
        let (year, numbers) = parts(&folded)?;
        // The first of a month exists in every era that has the month, but in those of change: there the last one may.
        let first_of = |month: u32| {
            parse_date(&format!("{year}.{month}.1")).or_else(|| {
                (28..=31)
                    .rev()
                    .find_map(|day| parse_date(&format!("{year}.{month}.{day}")))
                    .map(|day| day.with_day(1).unwrap_or(day))
            })
        };
        match numbers.as_slice() {
            [month] | [month, ..] if !(1..=12).contains(month) => Some(Self::Month(*month)),
            [_] | [_, _] if is_short(&year) => Some(Self::ShortYear),
            [month] => first_of(*month).map(|first| Self::OnlyMonth(month_end(first))),
            [month, day] => match first_of(*month) {
                Some(first) if *day == 0 || *day > month_end(first).day() => {
                    Some(Self::Day(era_month(first), month_end(first).day()))
                }
                // The month has that day, and yet the date is none: it lies beyond its era.
                _ => (!year.starts_with(|letter: char| letter.is_ascii_digit())).then(|| Self::Era(year.clone())),
            },
            _ => None,
        }
    }

    /// The words that a message leaves open.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Month(month) => vec![month.to_string()],
            Self::Day(month, last) => vec![month.clone(), last.to_string()],
            Self::Era(year) => vec![year.clone()],
            Self::OnlyMonth(last) => vec![last.to_string(), era_date(*last)],
            Self::ShortYear => Vec::new(),
        }
    }
}

fn is_short(year: &str) -> bool {
    year.len() < 4 && year.bytes().all(|byte| byte.is_ascii_digit())
}

/// The year with its era as given, and the numbers after it: `R7.2.30` is R7 and 2, 30.
fn parts(text: &str) -> Option<(String, Vec<u32>)> {
    let marks = ['年', '月', '日', '-', '/', '.'];
    let mut parts = text.split(marks).filter(|part| !part.is_empty());
    let first = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    let n_digits = first.chars().filter(char::is_ascii_digit).count();
    // 20250230 and R070230 hold all in one.
    let cut = |year: &str, digits: &str| -> Option<(String, Vec<u32>)> {
        Some((year.into(), vec![digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?]))
    };
    if rest.is_empty() {
        let at = first.find(|letter: char| letter.is_ascii_digit())?;
        return match (at, n_digits) {
            (0, 8) if first.len() == 8 => cut(&first[..4], &first[4..]),
            (1.., 6) if first.len() == at + 6 => cut(&first[..at + 2], &first[at + 2..]),
            _ => None,
        };
    }
    let numbers: Option<Vec<u32>> = rest.iter().map(|part| part.parse().ok()).collect();
    let is_year = first.ends_with('元') || first.ends_with(|letter: char| letter.is_ascii_digit());
    Some((first.into(), numbers.filter(|numbers| is_year && numbers.len() <= 2)?))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn day(month: &str, last: u32) -> Option<DateReason> {
        Some(DateReason::Day(month.into(), last))
    }

    #[rstest]
    #[case::february("R7.2.30", day("令和7年2月", 28))]
    #[case::leap_year("2024-02-30", day("令和6年2月", 29))]
    #[case::april("令和7年4月31日", day("令和7年4月", 30))]
    #[case::full_width("Ｒ７．９．３１", day("令和7年9月", 30))]
    #[case::day_zero("2025/9/0", day("令和7年9月", 30))]
    #[case::compact("20250230", day("令和7年2月", 28))]
    #[case::compact_era("R070230", day("令和7年2月", 28))]
    #[case::month("R7.13", Some(DateReason::Month(13)))]
    #[case::month_and_day("R7.13.1", Some(DateReason::Month(13)))]
    #[case::month_zero("2025-00-10", Some(DateReason::Month(0)))]
    #[case::past_heisei("H31.5.1", Some(DateReason::Era("H31".into())))]
    #[case::before_reiwa("令和元年4月30日", Some(DateReason::Era("令和元".into())))]
    #[case::short_year("25/9/30", Some(DateReason::ShortYear))]
    #[case::only_a_month("2025-12", NaiveDate::from_ymd_opt(2025, 12, 31).map(DateReason::OnlyMonth))]
    #[case::only_a_month_of_an_era("令和7年2月", NaiveDate::from_ymd_opt(2025, 2, 28).map(DateReason::OnlyMonth))]
    #[case::words("soon", None)]
    #[case::nothing("", None)]
    #[case::version("1.2.3.4", None)]
    fn reason_is_named(#[case] text: &str, #[case] expected: Option<DateReason>) {
        assert_eq!(parse_date(text), None, "{text} is a date");
        assert_eq!(DateReason::of(text), expected);
    }
}
