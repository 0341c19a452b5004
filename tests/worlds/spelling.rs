//! The many ways of writing one fact that exports use (DOMAIN §4): none of them may change a count.

use chrono::{Datelike, NaiveDate};

use super::draw::{Draw, day};
use super::history::Class;

/// A date in one of the unambiguous spellings.
pub(super) fn date(draw: &mut Draw, date: NaiveDate) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match draw.below(10) {
        0..=2 => format!("{year}-{month:02}-{day:02}"),
        3 => format!("{year}/{month:02}/{day:02}"),
        4 => format!("{year}/{month}/{day}"),
        5 => format!("{year}{month:02}{day:02}"),
        6 => in_era(date),
        7 => full_width(&in_era(date)),
        8 => {
            let (_, letter, nth) = era(date);
            format!("{letter}{nth}.{month}.{day}")
        }
        _ => full_width(&format!("{year}/{month:02}/{day:02}")),
    }
}

fn in_era(date: NaiveDate) -> String {
    let (name, _, nth) = era(date);
    let nth = if nth == 1 { "元".to_owned() } else { nth.to_string() };
    format!("{name}{nth}年{}月{}日", date.month(), date.day())
}

/// Name, letter and year of the era: 令和 from 2019-05-01, 平成 from 1989-01-08, else 昭和 (from 1926-12-25).
fn era(date: NaiveDate) -> (&'static str, char, i32) {
    if date >= day(2019, 5, 1) {
        ("令和", 'R', date.year() - 2018)
    } else if date >= day(1989, 1, 8) {
        ("平成", 'H', date.year() - 1988)
    } else {
        ("昭和", 'S', date.year() - 1925)
    }
}

/// Digits become full-width; everything else stays.
fn full_width(text: &str) -> String {
    let widen = |c: char| match c.to_digit(10) {
        Some(digit) => char::from_u32(u32::from('０') + digit).expect("ten digits follow the full-width zero"),
        None => c,
    };
    text.chars().map(widen).collect()
}

pub(super) fn class(draw: &mut Draw, class: Class) -> &'static str {
    let spellings: &[&'static str] = match class {
        Class::A1 => &["A①", "A1", "Ａ１", "A(1)", "A①会員"],
        Class::A2B => &["A②(B)", "A2B", "A②会員(B)", "Ａ②（Ｂ）"],
        Class::A2C => &["A②(C)", "A2C", "A②会員(C)", "Ａ②（Ｃ）", "A②（Ｃ）会員"],
        Class::B => &["B", "Ｂ", "B会員"],
        Class::C => &["C", "Ｃ", "C会員"],
        Class::Unknown => &["特別", "賛助"],
    };
    draw.pick(spellings)
}

/// 医籍登録番号 with and without leading zeros, 第…号, full-width (R11).
pub(super) fn number(draw: &mut Draw, number: usize) -> String {
    match draw.below(6) {
        0 | 1 => format!("{number:06}"),
        2 => number.to_string(),
        3 => format!("第{number:06}号"),
        4 => full_width(&format!("{number:06}")),
        _ => full_width(&format!("第{number:06}号")),
    }
}

/// One cell of a CSV line, quoted when it must be and now and then when it need not.
pub(super) fn cell(draw: &mut Draw, text: &str) -> String {
    if draw.percent(5) || text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}
