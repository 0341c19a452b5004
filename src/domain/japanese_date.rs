//! Japanese calendar dates (和暦): reading every spelling that offices use, and writing three forms of it.
//!
//! Eras are those of the law on era names: 令和 from 2019-05-01, 平成 from 1989-01-08, 昭和 from 1926-12-25,
//! 大正 from 1912-07-30, 明治 from 1868-01-25. A date outside its era (平成31年5月1日) is not a date.
//! This module does not know today.

use chrono::{Datelike, NaiveDate, Weekday};

use super::document::thousands;
use super::text::fold_width;

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

/// Reads a date in any spelling of DOMAIN §4, or `None` when the text is not a date of the calendar.
///
/// Accepted: `2025-09-30`, `2025/9/30`, `2025.9.30`, `2025年9月30日`, `20250930`, `令和7年9月30日`,
/// `令和元年5月1日`, `R7.9.30`, `R070930`, each with full-width digits and letters, with a time of day after a
/// blank (ignored), and with blanks around and between. Years 1868 to 2200.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    if let Some(date) = parse_iso(text.as_bytes()) {
        return Some(date);
    }
    let folded = fold_width(text.trim());
    let compact = without_time(&folded);
    let compact: String = compact.chars().filter(|c| !c.is_whitespace()).collect();
    parse_era(&compact).or_else(|| parse_western(&compact))
}

/// The common case without any allocation: exactly `YYYY-MM-DD` or `YYYY/MM/DD` in ASCII.
fn parse_iso(bytes: &[u8]) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, s1, m1, m2, s2, d1, d2] = *bytes else { return None };
    if s1 != s2 || !(s1 == b'-' || s1 == b'/') {
        return None;
    }
    let digit = |b: u8| b.is_ascii_digit().then(|| u32::from(b - b'0'));
    let year = digit(y1)? * 1000 + digit(y2)? * 100 + digit(y3)? * 10 + digit(y4)?;
    let month = digit(m1)? * 10 + digit(m2)?;
    let day = digit(d1)? * 10 + digit(d2)?;
    western(i32::try_from(year).ok()?, month, day)
}

/// Cuts a time of day (`2025-09-30 18:00:00`, `2025/9/30 0:00`).
fn without_time(text: &str) -> &str {
    match text.split_once([' ', 'T']) {
        Some((date, time)) if time.contains(':') && date.starts_with(|c: char| c.is_ascii_digit()) => date,
        _ => text,
    }
}

fn parse_western(text: &str) -> Option<NaiveDate> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return western(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?);
    }
    let (year, month, day) = split_parts(text)?;
    if year.len() != 4 {
        return None;
    }
    western(number(year)?, number(month)?, number(day)?)
}

fn parse_era(text: &str) -> Option<NaiveDate> {
    let (era, rest) = ERAS.iter().find_map(|era| {
        text.strip_prefix(era.name)
            .or_else(|| text.strip_prefix(era.letter))
            .or_else(|| text.strip_prefix(era.letter.to_ascii_lowercase()))
            .map(|rest| (era, rest))
    })?;
    if rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_digit()) {
        return in_era(era, number(&rest[..2])?, number(&rest[2..4])?, number(&rest[4..])?);
    }
    let (year, month, day) = split_parts(rest)?;
    let year = if year == "元" { 1 } else { number(year)? };
    in_era(era, year, number(month)?, number(day)?)
}

/// Splits `7年9月30日`, `7.9.30`, `7/9/30`, `7-9-30`; the separators must be of one kind.
fn split_parts(text: &str) -> Option<(&str, &str, &str)> {
    if let Some((year, rest)) = text.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        return Some((year, month, rest.strip_suffix('日')?));
    }
    let separator = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = text.split(separator);
    let out = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some(out)
}

/// One to four ASCII digits as a number.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn western(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    (1868..=2200).contains(&year).then(|| NaiveDate::from_ymd_opt(year, month, day))?
}

fn in_era(era: &Era, year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    if year < 1 {
        return None;
    }
    let date = western(era.first.0 + year - 1, month, day)?;
    let key = (date.year(), date.month(), date.day());
    (key >= era.first && era.next.is_none_or(|next| key < next)).then_some(date)
}

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
    let weekday = match date.weekday() {
        Weekday::Mon => '月',
        Weekday::Tue => '火',
        Weekday::Wed => '水',
        Weekday::Thu => '木',
        Weekday::Fri => '金',
        Weekday::Sat => '土',
        Weekday::Sun => '日',
    };
    format!("{}（{weekday}）", era_date(date))
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

/// Writes a difference as papers do: +1,234, ▲5, 0.
pub fn signed_count(n: i64) -> String {
    match n {
        0 => "0".into(),
        n if n > 0 => format!("+{}", thousands(n)),
        n => format!("▲{}", thousands(n.saturating_neg())),
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
    #[case::iso("2025-09-30", "2025-09-30")]
    #[case::slashes("2025/9/30", "2025-09-30")]
    #[case::dots("2025.9.30", "2025-09-30")]
    #[case::kanji("2025年9月30日", "2025-09-30")]
    #[case::compact("20250930", "2025-09-30")]
    #[case::reiwa("令和7年9月30日", "2025-09-30")]
    #[case::full_width("令和７年９月３０日", "2025-09-30")]
    #[case::blanks(" 令和 7年 9月30日 ", "2025-09-30")]
    #[case::short_era("R7.9.30", "2025-09-30")]
    #[case::full_width_era("Ｒ７．９．３０", "2025-09-30")]
    #[case::six_digits("R070930", "2025-09-30")]
    #[case::lower("h31.4.30", "2019-04-30")]
    #[case::first_reiwa_day("令和元年5月1日", "2019-05-01")]
    #[case::last_showa_day("S64.1.7", "1989-01-07")]
    #[case::first_heisei_day("平成元年1月8日", "1989-01-08")]
    #[case::first_showa_day("昭和元年12月25日", "1926-12-25")]
    #[case::taisho("大正15年12月24日", "1926-12-24")]
    #[case::leap_day("R6.2.29", "2024-02-29")]
    #[case::time_of_day("2025-09-30 18:00:00", "2025-09-30")]
    #[case::excel_time("2025/9/30 0:00", "2025-09-30")]
    fn spelling_is_read(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(parse_date(text), Some(day(expected)));
    }

    #[rstest]
    #[case::empty("")]
    #[case::no_leap_day("R5.2.29")]
    #[case::thirty_february("2025-02-30")]
    #[case::past_heisei("H31.5.1")]
    #[case::before_reiwa("令和元年4月30日")]
    #[case::past_showa("S64.1.8")]
    #[case::year_zero("R0.1.1")]
    #[case::words("未定")]
    #[case::two_digit_year("25/9/30")]
    #[case::mixed_separators("2025-9/30")]
    #[case::far_future("9999-12-31")]
    #[case::month_only("2025-09")]
    #[case::trailing("2025-09-30x")]
    fn nonsense_is_not_a_date(#[case] text: &str) {
        assert_eq!(parse_date(text), None);
    }

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
