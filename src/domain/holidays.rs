//! 休日: the days off of the Act on National Holidays (国民の祝日に関する法律, 昭和23年法律第178号), worked out from its text and
//! those of its amendments.
//!
//! A table of the past alone would end next year; the rules go on. The days of the two equinoxes are astronomical: the National
//! Astronomical Observatory announces those of the next year on 1 February (官報, 暦要項), and until then they are worked out here
//! and may be announced otherwise. [`CONFIRMED_UNTIL`] says how far they are announced; the tests compare every day since 1955
//! with the table of the Cabinet Office (tests/fixtures/holidays). What the law changes later has to be written here.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::day::next_day;

/// The last year whose equinoxes were announced (官報 2026-02-02) when this was written.
pub const CONFIRMED_UNTIL: i32 = 2027;

/// The year of a rule that still holds.
const NOW: i32 = i32::MAX;

/// Which day of its month a holiday is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    /// The same each year.
    Day(u32),
    /// Its n-th Monday.
    Monday(u32),
    /// 春分日.
    SpringEquinox,
    /// 秋分日.
    AutumnEquinox,
}

/// Article 2 as it stood and stands: name, month, day, first and last year.
const HOLIDAYS: [(&str, u32, On, i32, i32); 24] = [
    ("元日", 1, On::Day(1), 1949, NOW),
    ("成人の日", 1, On::Day(15), 1949, 1999),
    ("成人の日", 1, On::Monday(2), 2000, NOW),
    ("建国記念の日", 2, On::Day(11), 1967, NOW),
    ("天皇誕生日", 2, On::Day(23), 2020, NOW),
    ("春分の日", 3, On::SpringEquinox, 1949, NOW),
    ("天皇誕生日", 4, On::Day(29), 1949, 1988),
    ("みどりの日", 4, On::Day(29), 1989, 2006),
    ("昭和の日", 4, On::Day(29), 2007, NOW),
    ("憲法記念日", 5, On::Day(3), 1949, NOW),
    ("みどりの日", 5, On::Day(4), 2007, NOW),
    ("こどもの日", 5, On::Day(5), 1949, NOW),
    ("海の日", 7, On::Day(20), 1996, 2002),
    ("海の日", 7, On::Monday(3), 2003, NOW),
    ("山の日", 8, On::Day(11), 2016, NOW),
    ("敬老の日", 9, On::Day(15), 1966, 2002),
    ("敬老の日", 9, On::Monday(3), 2003, NOW),
    ("秋分の日", 9, On::AutumnEquinox, 1948, NOW),
    ("体育の日", 10, On::Day(10), 1966, 1999),
    ("体育の日", 10, On::Monday(2), 2000, 2019),
    ("スポーツの日", 10, On::Monday(2), 2020, NOW),
    ("文化の日", 11, On::Day(3), 1948, NOW),
    ("勤労感謝の日", 11, On::Day(23), 1948, NOW),
    ("天皇誕生日", 12, On::Day(23), 1989, 2018),
];

/// Holidays that were held on another day of one year: 令和三年東京オリンピック競技大会・東京パラリンピック競技大会特別措置法
/// (平成27年法律第33号) as amended in 2018 and 2020.
const MOVED: [(&str, i32, u32, u32); 6] = [
    ("海の日", 2020, 7, 23),
    ("スポーツの日", 2020, 7, 24),
    ("山の日", 2020, 8, 10),
    ("海の日", 2021, 7, 22),
    ("スポーツの日", 2021, 7, 23),
    ("山の日", 2021, 8, 8),
];

/// Holidays of one year by acts of their own; those of 2019 (平成30年法律第99号) count as 国民の祝日, so that the days between them
/// and others are off as well.
const ONCE: [(&str, i32, u32, u32); 6] = [
    ("皇太子明仁親王の結婚の儀", 1959, 4, 10),
    ("昭和天皇の大喪の礼", 1989, 2, 24),
    ("即位礼正殿の儀", 1990, 11, 12),
    ("皇太子徳仁親王の結婚の儀", 1993, 6, 9),
    ("天皇の即位の日", 2019, 5, 1),
    ("即位礼正殿の儀", 2019, 10, 22),
];

/// Article 3, paragraph 2 in its first form (昭和48年法律第10号): the Monday after a holiday on a Sunday.
const SUBSTITUTES_SINCE: NaiveDate = NaiveDate::from_ymd_opt(1973, 4, 12).expect("12 April is a day");

/// Article 3, paragraph 3 (昭和60年法律第103号): a day between two holidays.
const BETWEEN_SINCE: NaiveDate = NaiveDate::from_ymd_opt(1985, 12, 27).expect("27 December is a day");

/// The present form of both (平成17年法律第43号): the next day that is none, however many holidays follow a Sunday.
const PRESENT_LAW_SINCE: i32 = 2007;

/// What a day is off for: the name of the holiday, or 振替休日 or 国民の休日; `None` for every other day, Sundays among them.
pub fn day_off(day: NaiveDate) -> Option<&'static str> {
    holiday(day)
        .or_else(|| is_substitute(day).then_some("振替休日"))
        .or_else(|| is_between(day).then_some("国民の休日"))
}

/// The 国民の祝日 that a day is.
fn holiday(day: NaiveDate) -> Option<&'static str> {
    let (year, this) = (day.year(), (day.year(), day.month(), day.day()));
    let singular = MOVED.iter().chain(&ONCE).find(|(_, year, month, day)| (*year, *month, *day) == this);
    let was_moved = |name: &str| MOVED.iter().any(|(moved, of, ..)| *moved == name && *of == year);
    let usual = HOLIDAYS.iter().find(|(name, month, on, from, to)| {
        *month == day.month() && (*from..=*to).contains(&year) && on.is(day) && !was_moved(name)
    });
    singular.map(|(name, ..)| *name).or_else(|| usual.map(|(name, ..)| *name))
}

impl On {
    fn is(self, day: NaiveDate) -> bool {
        match self {
            Self::Day(of) => day.day() == of,
            Self::Monday(nth) => day.weekday() == Weekday::Mon && (day.day() - 1) / 7 + 1 == nth,
            Self::SpringEquinox => i64::from(day.day()) == equinox(day.year(), [20_835_700, 20_843_100]),
            Self::AutumnEquinox => i64::from(day.day()) == equinox(day.year(), [23_258_800, 23_248_800]),
        }
    }
}

/// The day of March or September of an equinox in Japan: the approximation of 海上保安庁水路部 (新こよみ便利帳) for 1900–1979 and
/// 1980–2099, in millionths of a day.
fn equinox(year: i32, [before_1980, since_1980]: [i64; 2]) -> i64 {
    let since = i64::from(year) - 1980;
    let (epoch, leap_days) = if since < 0 { (before_1980, (since - 3) / 4) } else { (since_1980, since / 4) };
    (epoch + 242_194 * since).div_euclid(1_000_000) - leap_days
}

/// 振替休日.
fn is_substitute(day: NaiveDate) -> bool {
    if day < SUBSTITUTES_SINCE || holiday(day).is_some() {
        return false;
    }
    let mut before = day.pred_opt();
    while let Some(one) = before.filter(|one| holiday(*one).is_some()) {
        if one.weekday() == Weekday::Sun {
            return one >= SUBSTITUTES_SINCE;
        }
        before = one.pred_opt().filter(|_| day.year() >= PRESENT_LAW_SINCE);
    }
    false
}

/// 国民の休日.
fn is_between(day: NaiveDate) -> bool {
    let is_excepted = day.year() < PRESENT_LAW_SINCE && day.weekday() == Weekday::Sun;
    let before = day.checked_sub_days(Days::new(1)).unwrap_or(day);
    day >= BETWEEN_SINCE
        && !is_excepted
        && [before, next_day(day)].into_iter().all(|one| holiday(one).is_some())
        && holiday(day).is_none()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rstest::rstest;

    use super::*;
    use crate::written::day;

    /// The table of the Cabinet Office.
    const OFFICIAL: &str = include_str!("../../tests/fixtures/holidays/syukujitsu.csv");

    /// Its names of days whose own names it does not tell.
    fn official_name(name: &'static str) -> Vec<&'static str> {
        match name {
            "振替休日" | "国民の休日" => vec!["休日"],
            "天皇の即位の日" => vec!["休日（祝日扱い）"],
            "即位礼正殿の儀" => vec!["即位礼正殿の儀", "休日（祝日扱い）"],
            "昭和天皇の大喪の礼" => vec!["大喪の礼"],
            "皇太子明仁親王の結婚の儀" | "皇太子徳仁親王の結婚の儀" => vec!["結婚の儀"],
            "体育の日" => vec!["体育の日", "体育の日（スポーツの日）"],
            name => vec![name],
        }
    }

    #[test]
    fn every_day_since_1955_is_as_the_cabinet_office_has_it() {
        let official: BTreeMap<NaiveDate, &str> = OFFICIAL
            .lines()
            .map(|line| {
                let (day, name) = line.split_once(',').expect("two columns");
                (NaiveDate::parse_from_str(day, "%Y/%m/%d").expect("a day"), name)
            })
            .collect();
        assert_eq!(official.len(), 1067);
        let mut days = 0;
        let mut at = day("1955-01-01");
        while at.year() <= CONFIRMED_UNTIL {
            match (day_off(at), official.get(&at)) {
                (Some(name), Some(told)) => assert!(official_name(name).contains(told), "{at}: {name}, not {told}"),
                (ours, told) => assert_eq!(ours, told.copied(), "{at}"),
            }
            days += 1;
            at = next_day(at);
        }
        assert_eq!(days, 26_663);
        assert_eq!(official.keys().last().map(Datelike::year), Some(CONFIRMED_UNTIL));
    }

    #[rstest]
    #[case::before_the_act("1948-05-03", None)]
    #[case::first("1948-09-23", Some("秋分の日"))]
    #[case::new_year("2026-01-01", Some("元日"))]
    #[case::second_of_january("2026-01-02", None)]
    #[case::last_of_the_year("2025-12-31", None)]
    #[case::leap_day("2028-02-29", None)]
    #[case::after_three_holidays("2026-05-06", Some("振替休日"))]
    #[case::silver_week_monday("2026-09-21", Some("敬老の日"))]
    #[case::silver_week_between("2026-09-22", Some("国民の休日"))]
    #[case::silver_week_equinox("2026-09-23", Some("秋分の日"))]
    #[case::before_2007_only_monday("1998-05-06", None)]
    #[case::accession("2019-05-01", Some("天皇の即位の日"))]
    #[case::before_accession("2019-04-30", Some("国民の休日"))]
    #[case::after_accession("2019-05-02", Some("国民の休日"))]
    #[case::no_birthday_in_2019("2019-12-23", None)]
    #[case::olympic_sea("2020-07-20", None)]
    #[case::olympic_sport("2021-07-23", Some("スポーツの日"))]
    #[case::olympic_mountain("2021-08-09", Some("振替休日"))]
    #[case::ordinary_mountain("2021-08-11", None)]
    #[case::new_years_day_on_a_sunday("2034-01-02", Some("振替休日"))]
    fn day_is_off_as_the_law_of_its_year_says(#[case] at: &str, #[case] expected: Option<&str>) {
        assert_eq!(day_off(day(at)), expected);
    }
}
