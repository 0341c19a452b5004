//! The day of an export as its file name tells it (R24): only where a date stands alone in the name.
//!
//! A time (`T120131`), a version (`ver2.1.3`) and an era letter inside a word are no dates. This module does not know today.

use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use crate::domain::japanese_date::parse_date;

/// No export is older: a date before it in a file name is something else.
pub const FIRST_YEAR: i32 = 1990;

/// What a file name says about the export day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedDay {
    /// No date stands in it.
    None,
    /// One date, in one spelling or several.
    One(NaiveDate),
    /// Several dates, ascending: which is meant must be asked.
    Several(Vec<NaiveDate>),
    /// Only dates before [`FIRST_YEAR`]; the first of them.
    TooOld(NaiveDate),
}

/// The export day in a file name without its ending (`members_2025-09-30`, `会員一覧_20250930`, `会員一覧_令和7年9月30日`).
pub fn export_day_of(file_stem: &str) -> NamedDay {
    let letters: Vec<char> = file_stem.nfkc().collect();
    let mut found: Vec<NaiveDate> = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        match date_at(&letters, at) {
            Some((date, end)) => {
                found.push(date);
                at = end;
            }
            None => at += 1,
        }
    }
    found.sort_unstable();
    found.dedup();
    let (old, mut new): (Vec<_>, Vec<_>) = found.into_iter().partition(|date| date.year() < FIRST_YEAR);
    match (new.len(), old.first()) {
        (0, None) => NamedDay::None,
        (0, Some(old)) => NamedDay::TooOld(*old),
        (1, _) => NamedDay::One(new.remove(0)),
        _ => NamedDay::Several(new),
    }
}

/// A date that begins here and stands alone, with the place after it.
fn date_at(letters: &[char], at: usize) -> Option<(NaiveDate, usize)> {
    if !begins_alone(letters, at) {
        return None;
    }
    let end = end_of_date(letters, at)?;
    let text: String = letters[at..end].iter().map(|c| if *c == '_' { '-' } else { *c }).collect();
    // Of a time stamp in one number the day is the first half.
    let is_stamp = text.len() > 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let date = parse_date(if is_stamp { text.get(..8)? } else { &text })?;
    Some((date, end))
}

fn is_digit(letters: &[char], at: usize) -> bool {
    letters.get(at).is_some_and(char::is_ascii_digit)
}

/// Whether what stands before lets a date begin: no digit, no part of a number with points, no word for an era letter, no
/// mark of a version.
fn begins_alone(letters: &[char], at: usize) -> bool {
    let before = letters[..at].iter().rev();
    let after_point = before.clone().next() == Some(&'.') && at >= 2 && is_digit(letters, at - 2);
    if before.clone().next().is_some_and(char::is_ascii_digit) || after_point {
        return false;
    }
    let word: String = {
        let mut word: Vec<char> = before.take_while(|c| c.is_ascii_alphabetic()).copied().collect();
        word.reverse();
        word.into_iter().collect()
    };
    if !is_digit(letters, at) {
        return word.is_empty();
    }
    /// What marks a version or a number of something.
    const MARKS: [&str; 9] = ["v", "ver", "version", "r", "rev", "no", "id", "build", "t"];
    !MARKS.contains(&word.to_lowercase().as_str())
}

/// Where a text of the form of a date ends; whether it is one is asked afterwards.
fn end_of_date(letters: &[char], at: usize) -> Option<usize> {
    let n_digits = |from: usize| letters[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let rest = &letters[at..];
    let is_era_name =
        ["令和", "平成", "昭和", "大正", "明治"].iter().any(|era| rest.iter().take(2).collect::<String>() == *era);
    let is_era_letter = rest.first().is_some_and(|c| "RHSTM".contains(*c));
    let first = match (is_era_name, is_era_letter) {
        (true, _) => at + 2,
        (_, true) => at + 1,
        _ => at,
    };
    let n = n_digits(first);
    let is_era = is_era_name || is_era_letter;
    // 20251231 with or without a time of day behind it; R071231.
    if n == if is_era { 6 } else { 8 } || (!is_era && matches!(n, 12 | 14) && is_clock(&letters[first + 8..first + n]))
    {
        return stands_alone(letters, first + n, is_era_letter).then_some(first + n);
    }
    let is_first_year = is_era_name && letters.get(first) == Some(&'元');
    let is_year = is_first_year || if is_era { matches!(n, 1 | 2) } else { n == 4 };
    let year_end = first + if is_first_year { 1 } else { n };
    let separator = *letters.get(year_end).filter(|_| is_year)?;
    let (second, last) = match separator {
        '年' => ('月', Some('日')),
        '-' | '/' | '.' => (separator, None),
        '_' if !is_era => ('_', None),
        _ => return None,
    };
    let n_month = n_digits(year_end + 1);
    let month_end = year_end + 1 + n_month;
    if !matches!(n_month, 1 | 2) || letters.get(month_end) != Some(&second) {
        return None;
    }
    let n_day = n_digits(month_end + 1);
    let day_end = month_end + 1 + n_day;
    if !matches!(n_day, 1 | 2) {
        return None;
    }
    if let Some(last) = last {
        return (letters.get(day_end) == Some(&last)).then_some(day_end + 1);
    }
    // A fourth number behind a point makes it a version.
    let is_longer = separator == '.' && letters.get(day_end) == Some(&'.') && is_digit(letters, day_end + 1);
    (!is_longer && stands_alone(letters, day_end, is_era_letter)).then_some(day_end)
}

/// Whether what follows lets a date end: no digit, and behind an era letter no other letter.
fn stands_alone(letters: &[char], end: usize, is_era_letter: bool) -> bool {
    let next = letters.get(end);
    let goes_on = |c: &char| c.is_ascii_digit() || (is_era_letter && c.is_ascii_alphabetic());
    !next.is_some_and(goes_on)
}

/// Whether four or six digits are a time of day.
fn is_clock(digits: &[char]) -> bool {
    let mut pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>().parse::<u32>().unwrap_or(u32::MAX));
    pairs.next().is_some_and(|hour| hour < 24) && pairs.all(|part| part < 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;
    use rstest::rstest;

    #[rstest]
    #[case("members_2025-12-31")]
    #[case("会員一覧_R7.12.31")]
    #[case("会員一覧令和7年12月31日")]
    #[case("members_20251231")]
    #[case("members20251231")]
    #[case("members_20251231T120131")]
    #[case("20251231_120131")]
    #[case("20251231120131")]
    #[case("202512311201")]
    #[case("2025-12-31 (1)")]
    #[case("会員一覧(2025.12.31時点)_最終版2")]
    #[case("会員一覧＿２０２５年１２月３１日")]
    #[case("会員一覧_Ｒ７．１２．３１")]
    #[case("会員一覧㋿7年12月31日現在")]
    #[case("members_2025-12-31_ver2.1.3")]
    #[case("members_2025-12-31_v2.1.3")]
    #[case("members_2025-12-31_r2.1.3")]
    #[case("members_ver2.1.3_2025-12-31")]
    #[case("members_2025-12-31_R7.12.31")]
    #[case("2025_12_31_会員")]
    #[case("2025_12_31_120131")]
    #[case("2025-12-31T12-01-31")]
    #[case("2025-12-31_12.01.31")]
    #[case("members_R071231")]
    #[case("members_S60.4.1_2025-12-31")]
    #[case("20251231-2")]
    #[case("P11_members_2025-12-31")]
    #[case("members_2025-12-31のコピー")]
    #[case("members_2025-12-31_H120131b")]
    #[case("build20200101_2025-12-31")]
    fn date_that_stands_alone_is_the_export_day(#[case] stem: &str) {
        assert_eq!(export_day_of(stem), NamedDay::One(day("2025-12-31")));
    }

    #[rstest]
    #[case("members")]
    #[case("members_1234567890")]
    #[case("members_ver2.1.3")]
    #[case("members_v2025.12.31")]
    #[case("members_2025.12.31.5")]
    #[case("members_1.2025.12.31")]
    #[case("members_2025-13-31")]
    #[case("members_2025-12")]
    #[case("order2.1.3")]
    #[case("T120131x")]
    #[case("members_R7.2.30")]
    #[case("members_251231")]
    #[case("11-001")]
    fn nothing_else_is_an_export_day(#[case] stem: &str) {
        assert_eq!(export_day_of(stem), NamedDay::None);
    }

    #[rstest]
    #[case("2025-08-31版_members_2025-09-30", "2025-08-31", "2025-09-30")]
    #[case("20250401-20250930", "2025-04-01", "2025-09-30")]
    #[case("members_2025-09-30_2020-09-30", "2020-09-30", "2025-09-30")]
    #[case("R7.9.30_会員一覧_2025-08-31", "2025-08-31", "2025-09-30")]
    fn two_dates_are_asked_about(#[case] stem: &str, #[case] first: &str, #[case] second: &str) {
        assert_eq!(export_day_of(stem), NamedDay::Several(vec![day(first), day(second)]));
    }

    #[rstest]
    #[case("members_1989-12-31", Some("1989-12-31"))]
    #[case("会員一覧_昭和60年4月1日", Some("1985-04-01"))]
    #[case("T120131", Some("1923-01-31"))]
    #[case("members_1990-01-01", None)]
    fn no_export_is_older_than_1990(#[case] stem: &str, #[case] old: Option<&str>) {
        let expected = old.map_or_else(|| NamedDay::One(day("1990-01-01")), |old| NamedDay::TooOld(day(old)));
        assert_eq!(export_day_of(stem), expected);
    }
}
