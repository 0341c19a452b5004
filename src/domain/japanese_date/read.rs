//! Reading a date as offices, Excel, Macs and web systems write it.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Weekday};

use super::{DateFault, ERAS, Era};
use crate::domain::text::{fold_width, is_invisible};

/// A date that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDay {
    /// The day.
    pub day: NaiveDate,
    /// The weekday of the day, where the text names another one.
    pub other_weekday: Option<Weekday>,
}

/// Reads a date in any spelling of DOMAIN §4, or `None` when the text is not a date of the calendar, or names a weekday that
/// the date does not have.
///
/// Accepted: `2025-09-30`, `2025/9/30`, `2025.9.30`, `2025年9月30日`, `20250930`, `令和7年9月30日`,
/// `令和元年5月1日`, `R7.9.30`, `R070930`, `㋿7年9月30日`, each with full-width digits and letters, with a weekday behind it,
/// with a time of day after a blank or T, and with blanks around and between. Years 1868 to 2200. A time without a zone is that of
/// the office and is ignored; one with a zone is an instant, which becomes its day in Asia/Tokyo.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    if let Some(date) = parse_iso(text.as_bytes()) {
        return Some(date);
    }
    read_day(text).ok().filter(|read| read.other_weekday.is_none()).map(|read| read.day)
}

/// Reads a date as [`parse_date`] does, and says why where it is none. A weekday that the date does not have is told beside
/// the date.
///
/// # Errors
/// [`DateFault`] with what is wrong.
pub fn read_day(text: &str) -> Result<ReadDay, DateFault> {
    if let Some(day) = parse_iso(text.as_bytes()) {
        return Ok(ReadDay { day, other_weekday: None });
    }
    let folded = folded(text);
    let (date, time) = split_time(folded.trim());
    let compact: String = date.chars().filter(|c| !c.is_whitespace()).collect();
    let (compact, weekday) = split_weekday(&compact);
    let day = date_of(compact)?;
    let other_weekday = weekday.filter(|weekday| *weekday != day.weekday()).map(|_| day.weekday());
    let day = match time {
        Some(time) => in_tokyo(day, time)?,
        None => day,
    };
    Ok(ReadDay { day, other_weekday })
}

/// Width folded, invisible characters out, eras and weekdays of one character written out.
fn folded(text: &str) -> String {
    /// ㈪ ㈫ … ㈰ and ㊊ ㊋ … ㊐ come in this order.
    const WEEKDAYS: [char; 7] = ['月', '火', '水', '木', '金', '土', '日'];
    let weekday = |c: char, first: u32| {
        let nth = u32::from(c).checked_sub(first).and_then(|nth| usize::try_from(nth).ok())?;
        WEEKDAYS.get(nth).copied()
    };
    let mut out = String::with_capacity(text.len());
    for c in fold_width(text).chars().filter(|c| !is_invisible(*c)) {
        match c {
            '㋿' => out.push_str("令和"),
            '㍻' => out.push_str("平成"),
            '㍼' => out.push_str("昭和"),
            '㍽' => out.push_str("大正"),
            '㍾' => out.push_str("明治"),
            c => match weekday(c, 0x322A).or_else(|| weekday(c, 0x328A)) {
                Some(weekday) => out.extend(['(', weekday, ')']),
                None => out.push(c),
            },
        }
    }
    out
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
    western(i32::try_from(year).ok()?, month, day).ok()
}

/// Divides a date from its time of day (`2025-09-30 18:00:00`, `2025/9/30(火) 0:00`, `20250930T150000Z`).
fn split_time(text: &str) -> (&str, Option<&str>) {
    let is_time = |at: usize| {
        let rest = text[at + 1..].trim_start();
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_clock = matches!(n_digits, 1 | 2) && rest.get(n_digits..).is_some_and(|rest| rest.starts_with(':'));
        // Six digits behind a blank may be those of an era (H 160502).
        at > 0 && (is_clock || (n_digits == 6 && !text[at..].starts_with(' ')))
    };
    let begins = text.char_indices().filter(|(_, c)| matches!(c, ' ' | 'T' | 't'));
    let at = begins.map(|(at, _)| at).find(|at| is_time(*at));
    match at {
        Some(at) => (&text[..at], Some(text[at + 1..].trim())),
        None => (text, None),
    }
}

/// The day in Asia/Tokyo of a time of day with a zone; the day itself where the time has none.
fn in_tokyo(day: NaiveDate, time: &str) -> Result<NaiveDate, DateFault> {
    let n_clock = time.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b',')).count();
    let (clock, zone) = time.split_at(n_clock);
    let zone: String = zone.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    // A clock of twelve hours, as Excel shows it, says no zone.
    if matches!(zone.as_str(), "" | "AM" | "PM" | "JST" | "時") {
        return Ok(day);
    }
    let minutes_east = minutes_east(&zone).ok_or(DateFault::UnknownZone)?;
    let whole = clock.split(['.', ',']).next().unwrap_or_default();
    let time = ["%H:%M:%S", "%H:%M", "%H%M%S"].iter().find_map(|form| NaiveTime::parse_from_str(whole, form).ok());
    let instant = day.and_time(time.ok_or(DateFault::NotADate)?);
    /// Asia/Tokyo has been nine hours ahead of UTC since 1951 without a break.
    const TOKYO: i64 = 9 * 60;
    let local = instant.checked_add_signed(TimeDelta::minutes(TOKYO - minutes_east));
    local.map(|local| local.date()).ok_or(DateFault::YearOutOfReach)
}

/// Minutes ahead of UTC: Z, UTC, GMT, +09:00, +0900, +09.
fn minutes_east(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "UTC" | "GMT") {
        return Some(0);
    }
    let zone = zone.strip_prefix("UTC").or_else(|| zone.strip_prefix("GMT")).unwrap_or(zone);
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(digits.len(), 1 | 2 | 4) {
        return None;
    }
    let (hours, minutes) = digits.split_at(digits.len().min(2));
    let hours: i64 = hours.parse().ok()?;
    let minutes: i64 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Divides a date from the weekday behind it: `(水)`, `水曜日`, `(水・祝)`, `(Wed)`.
fn split_weekday(compact: &str) -> (&str, Option<Weekday>) {
    if let Some((date, inside)) = compact.strip_suffix([')', ']']).and_then(|text| text.rsplit_once(['(', '['])) {
        let word = inside.trim_end_matches(['祝', '休', '振', '日', '・', '曜', '.', ',']);
        // 日 itself is a weekday and a suffix.
        let word = if word.is_empty() && inside.starts_with('日') { "日" } else { word };
        return match weekday(word) {
            Some(weekday) => (date, Some(weekday)),
            None => (compact, None),
        };
    }
    let stem = compact.strip_suffix("曜日").or_else(|| compact.strip_suffix('曜'));
    let Some((at, last)) = stem.and_then(|stem| stem.char_indices().last()) else { return (compact, None) };
    match weekday(last.encode_utf8(&mut [0; 4])) {
        Some(weekday) => (&compact[..at], Some(weekday)),
        None => (compact, None),
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    match word {
        "月" => Some(Weekday::Mon),
        "火" => Some(Weekday::Tue),
        "水" => Some(Weekday::Wed),
        "木" => Some(Weekday::Thu),
        "金" => Some(Weekday::Fri),
        "土" => Some(Weekday::Sat),
        "日" => Some(Weekday::Sun),
        _ => word.parse().ok(),
    }
}

fn date_of(compact: &str) -> Result<NaiveDate, DateFault> {
    match parse_era(compact) {
        Some(result) => result,
        None => parse_western(compact),
    }
}

fn parse_western(text: &str) -> Result<NaiveDate, DateFault> {
    let all_digits = text.bytes().all(|b| b.is_ascii_digit());
    if text.len() == 8 && all_digits {
        return western(read(&text[..4])?, read(&text[4..6])?, read(&text[6..])?);
    }
    if text.len() == 5 && all_digits {
        return Err(serial_number(text).map_or(DateFault::NotADate, DateFault::SerialNumber));
    }
    let Some((year, month, day)) = split_parts(text) else { return Err(without_parts(text)) };
    let (n_year, month, day) = (read::<i32>(year)?, read(month)?, read(day)?);
    match year.len() {
        4 => western(n_year, month, day),
        1 | 2 => Err(DateFault::ShortYear),
        _ => Err(DateFault::NotADate),
    }
}

/// The day that Excel would show for a number from 1955 on.
fn serial_number(text: &str) -> Option<NaiveDate> {
    let serial = text.parse::<u64>().ok().filter(|serial| (20_000..80_000).contains(serial))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(serial))
}

/// A date of two parts is a month.
fn without_parts(text: &str) -> DateFault {
    let text = text.strip_suffix('分').unwrap_or(text);
    let parts: Vec<&str> = text.trim_end_matches('月').split(['-', '/', '.', '年']).collect();
    let is_number = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [year, month] if (year.len() == 4 || text.contains('年')) && is_number(year) && is_number(month) => {
            month_only(month)
        }
        [whole] if whole.len() == 6 && whole.bytes().all(|b| b.is_ascii_digit()) && text.len() == 6 => {
            month_only(&text[4..])
        }
        _ => DateFault::NotADate,
    }
}

/// A month in place of a date: it may not exist either.
fn month_only(month: &str) -> DateFault {
    match month.parse() {
        Ok(1..=12) => DateFault::NoDay,
        Ok(month) => DateFault::NoSuchMonth(month),
        Err(_) => DateFault::NotADate,
    }
}

/// `None` where no era begins the text.
fn parse_era(text: &str) -> Option<Result<NaiveDate, DateFault>> {
    let (era, rest) = ERAS.iter().find_map(|era| {
        text.strip_prefix(era.name)
            .or_else(|| text.strip_prefix(era.letter))
            .or_else(|| text.strip_prefix(era.letter.to_ascii_lowercase()))
            .map(|rest| (era, rest))
    })?;
    Some(parse_in_era(era, rest))
}

fn parse_in_era(era: &Era, rest: &str) -> Result<NaiveDate, DateFault> {
    if rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_digit()) {
        return in_era(era, read(&rest[..2])?, read(&rest[2..4])?, read(&rest[4..])?);
    }
    let Some((year, month, day)) = split_parts(rest) else {
        let text = rest.replace('元', "1");
        let parts: Vec<&str> = text.trim_end_matches('月').split(['年', '.', '/', '-']).collect();
        return Err(match parts.as_slice() {
            [year, month] if read::<i32>(year).is_ok() => month_only(month),
            _ => DateFault::NotADate,
        });
    };
    let year = if year == "元" { 1 } else { read(year)? };
    in_era(era, year, read(month)?, read(day)?)
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
fn read<T: std::str::FromStr>(text: &str) -> Result<T, DateFault> {
    let is_number = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_number).ok_or(DateFault::NotADate)
}

fn western(year: i32, month: u32, day: u32) -> Result<NaiveDate, DateFault> {
    if !(1..=12).contains(&month) {
        return Err(DateFault::NoSuchMonth(month));
    }
    if !(1868..=2200).contains(&year) {
        return Err(DateFault::YearOutOfReach);
    }
    let of_day = |day| NaiveDate::from_ymd_opt(year, month, day);
    let last = || (28..=31).rev().find(|last| of_day(*last).is_some()).unwrap_or(31);
    of_day(day).ok_or_else(|| DateFault::NoSuchDay(year, month, last()))
}

fn in_era(era: &Era, year: i32, month: u32, day: u32) -> Result<NaiveDate, DateFault> {
    if year < 1 {
        return Err(DateFault::NotADate);
    }
    let date = western(era.first.0 + year - 1, month, day)?;
    let of = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).ok_or(DateFault::NotADate);
    let first = of(era.first)?;
    if date < first {
        return Err(DateFault::EraNotBegun(era.name, first));
    }
    let Some(next) = era.next else { return Ok(date) };
    let next = of(next)?;
    if date < next { Ok(date) } else { Err(DateFault::EraOver(era.name, next.pred_opt().unwrap_or(next))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;
    use rstest::rstest;

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

    #[rstest]
    #[case::utc("2025-12-31T15:00:00Z", "2026-01-01")]
    #[case::utc_before_midnight("2025-12-31T14:59:59Z", "2025-12-31")]
    #[case::parts_of_a_second("2025-11-30T15:00:00.000Z", "2025-12-01")]
    #[case::tokyo("2025-12-01T00:00:00+09:00", "2025-12-01")]
    #[case::tokyo_without_colon("2025-12-01T00:00:00+0900", "2025-12-01")]
    #[case::behind("2025-12-31T09:00:00-08:00", "2026-01-01")]
    #[case::word("2025-12-31 15:00:00 UTC", "2026-01-01")]
    #[case::basic("20251231T150000Z", "2026-01-01")]
    #[case::without_seconds("2025/12/31 15:00Z", "2026-01-01")]
    #[case::leap_day("2024-02-28T15:00:00Z", "2024-02-29")]
    #[case::no_zone("2025-12-31T15:00:00", "2025-12-31")]
    #[case::late("2025/12/31 23:59", "2025-12-31")]
    #[case::twelve_hours("2025/12/31 3:00:00 PM", "2025-12-31")]
    fn instant_becomes_a_day_of_tokyo(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(parse_date(text), Some(day(expected)));
    }

    #[rstest]
    #[case::weekday("2015/4/1(水)", "2015-04-01")]
    #[case::full_width("２０１５年４月１日（水曜日）", "2015-04-01")]
    #[case::bare("2015年4月1日水曜日", "2015-04-01")]
    #[case::blank_before("2015-04-01 (水)", "2015-04-01")]
    #[case::holiday("2015/4/29(水・祝)", "2015-04-29")]
    #[case::sunday("2015年4月5日(日)", "2015-04-05")]
    #[case::sunday_in_full("2015年4月5日（日曜日）", "2015-04-05")]
    #[case::in_a_circle("2015/4/1㊌", "2015-04-01")]
    #[case::in_brackets("2015/4/1㈬", "2015-04-01")]
    #[case::english("2015-04-01 (Wed)", "2015-04-01")]
    #[case::with_time("2015/4/1(水) 9:00", "2015-04-01")]
    #[case::era("令和7年12月31日（水）", "2025-12-31")]
    #[case::one_character("㋿7年12月31日", "2025-12-31")]
    #[case::heisei("㍻27年4月1日", "2015-04-01")]
    #[case::showa("㍼64.1.7", "1989-01-07")]
    #[case::zero_width("\u{FEFF}2015\u{200B}-04-01\u{200B}", "2015-04-01")]
    fn spelling_of_excel_and_macs_is_read(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(parse_date(text), Some(day(expected)));
    }

    #[test]
    fn other_weekday_is_told_beside_the_date() {
        let read = read_day("2015/4/1(木)").expect("the date is there");
        assert_eq!(read, ReadDay { day: day("2015-04-01"), other_weekday: Some(Weekday::Wed) });
        assert_eq!(parse_date("2015/4/1(木)"), None);
    }

    #[rstest]
    #[case("R7.2.30", DateFault::NoSuchDay(2025, 2, 28))]
    #[case("2024-02-30", DateFault::NoSuchDay(2024, 2, 29))]
    #[case("2025/4/31", DateFault::NoSuchDay(2025, 4, 30))]
    #[case("2025-04-00", DateFault::NoSuchDay(2025, 4, 30))]
    #[case("R7.13.1", DateFault::NoSuchMonth(13))]
    #[case("20251301", DateFault::NoSuchMonth(13))]
    #[case("R7.13", DateFault::NoSuchMonth(13))]
    #[case("R7.12", DateFault::NoDay)]
    #[case("2015年4月", DateFault::NoDay)]
    #[case("平成27年4月", DateFault::NoDay)]
    #[case("2015-04", DateFault::NoDay)]
    #[case("201504", DateFault::NoDay)]
    #[case("15/4/1", DateFault::ShortYear)]
    #[case("9999-12-31", DateFault::YearOutOfReach)]
    #[case("38109", DateFault::SerialNumber(NaiveDate::from_ymd_opt(2004, 5, 2).expect("a day")))]
    #[case("2025-12-31T15:00:00 PST", DateFault::UnknownZone)]
    #[case("2025-12-31T15:00:00+99:00", DateFault::UnknownZone)]
    #[case("2025-12-31T25:00:00Z", DateFault::NotADate)]
    #[case("未定", DateFault::NotADate)]
    #[case("2015/4/1(本)", DateFault::NotADate)]
    #[case("", DateFault::NotADate)]
    fn reason_is_told(#[case] text: &str, #[case] expected: DateFault) {
        assert_eq!(read_day(text), Err(expected));
    }

    #[test]
    fn eras_tell_their_days() {
        assert_eq!(read_day("令和元年4月30日"), Err(DateFault::EraNotBegun("令和", day("2019-05-01"))));
        assert_eq!(read_day("H31.5.1"), Err(DateFault::EraOver("平成", day("2019-04-30"))));
        assert_eq!(read_day("昭和64年1月8日"), Err(DateFault::EraOver("昭和", day("1989-01-07"))));
    }
}
