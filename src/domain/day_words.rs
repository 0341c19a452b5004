//! A day as a person writes it in one field: a date in any spelling, or a word such as 今月末 that depends on today.
//!
//! Today is handed in, as a day of Asia/Tokyo. Dates themselves are read in [`japanese_date`](super::japanese_date). Start
//! reading at [`read_day_words`].

use chrono::{Datelike, Days, NaiveDate};

use super::as_of::{month_before, month_end, month_start, months_before};
use super::japanese_date::{DateFault, era_date_with_weekday, read_day};
use super::text::{fold_width, is_invisible};

/// Why a text is no day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayFault {
    /// What is wrong with it as a date.
    Date(DateFault),
    /// The years of an era begin with 1: the era as it was written.
    YearZero(String),
    /// A month and a day without a year that no year near today has: month, day.
    InNoYear(u32, u32),
    /// Nothing of it can be read.
    Unreadable,
}

impl DayFault {
    /// Stable code of its text; the texts are in `messages`. `None` where there is nothing to add to "not a day".
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Date(fault) => fault.code(),
            Self::YearZero(_) => Some("WHY-030"),
            Self::InNoYear(..) => Some("WHY-031"),
            Self::Unreadable => None,
        }
    }

    /// What the text of the code leaves open.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Date(fault) => fault.words(),
            Self::YearZero(era) => vec![era.clone()],
            Self::InNoYear(month, day) => vec![month.to_string(), day.to_string()],
            Self::Unreadable => Vec::new(),
        }
    }
}

/// Reads a day that a person wrote.
///
/// A date in any spelling of [`read_day`]; the last day of a month (令和7年12月末, R7.12末, 12月末) or of a fiscal year
/// (令和7年度末), its first (令和7年度初); a month and a day without a year (12月1日, 12/1), which is the one nearest to
/// today, of two that are equally near the earlier; and the words of today: 今日, 昨日, 明日, 今月末, 前月末, 来月末, 今年度末,
/// 前年度末, 来年度末, 今年末, 前年末, 前月同日, 前年同日. 前年同月 is the day a year earlier, month end against month end, as in
/// 前年同月比; 前年同月末 the end of that month.
///
/// # Errors
/// [`DayFault`] with what is wrong.
pub fn read_day_words(text: &str, today: NaiveDate) -> Result<NaiveDate, DayFault> {
    let compact: String =
        fold_width(text).chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect::<String>();
    if compact.is_empty() {
        return Err(DayFault::Unreadable);
    }
    if let Some(day) = word_of_today(&compact, today) {
        return Ok(day);
    }
    if let Some(era) = era_with_year_zero(&compact) {
        return Err(DayFault::YearZero(era));
    }
    if let Some(year) = compact.strip_suffix("年度末") {
        return Ok(fiscal_year_of(year)?.1);
    }
    let beginning = ["年度当初", "年度初め", "年度初"].iter().find_map(|word| compact.strip_suffix(word));
    if let Some(year) = beginning {
        return Ok(fiscal_year_of(year)?.0);
    }
    if let Some(month) = compact.strip_suffix("末日").or_else(|| compact.strip_suffix('末')) {
        return end_of_month(month, today);
    }
    match without_year(&compact) {
        Some((month, day)) => nearest(month, day, today),
        None => date(text),
    }
}

/// A day in both calendars: 令和7年12月1日（月）、2025-12-01.
pub fn in_both_calendars(day: NaiveDate) -> String {
    format!("{}、{day}", era_date_with_weekday(day))
}

fn date(text: &str) -> Result<NaiveDate, DayFault> {
    let read = read_day(text).map_err(|fault| match fault {
        DateFault::NotADate => DayFault::Unreadable,
        fault => DayFault::Date(fault),
    })?;
    read.other_weekday.map_or(Ok(read.day), |weekday| Err(DayFault::Date(DateFault::WrongWeekday(weekday))))
}

fn word_of_today(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    let next_month = || month_end(today).succ_opt().map(month_end);
    Some(match word {
        "今日" | "本日" | "きょう" => today,
        "昨日" | "きのう" | "前日" => today.pred_opt()?,
        "一昨日" | "おととい" => today.checked_sub_days(Days::new(2))?,
        "明日" | "あした" | "翌日" => today.succ_opt()?,
        "今月末" | "当月末" | "月末" => month_end(today),
        "前月末" | "先月末" => month_start(today).pred_opt()?,
        "来月末" | "翌月末" => next_month()?,
        "今月初" | "今月初め" | "月初" | "月初め" => month_start(today),
        "今年度末" | "本年度末" | "当年度末" | "年度末" => fiscal_year_end(today, 0)?,
        "前年度末" | "昨年度末" => fiscal_year_end(today, -1)?,
        "来年度末" | "翌年度末" => fiscal_year_end(today, 1)?,
        "今年度初" | "今年度当初" | "年度初" | "年度当初" | "年度初め" => {
            fiscal_year_end(today, -1)?.succ_opt()?
        }
        "今年末" | "本年末" | "年末" => NaiveDate::from_ymd_opt(today.year(), 12, 31)?,
        "前年末" | "昨年末" => NaiveDate::from_ymd_opt(today.year() - 1, 12, 31)?,
        "前月同日" | "先月同日" => month_before(today),
        "前年同月" | "前年同日" | "昨年同月" | "昨年同日" => months_before(today, 12),
        "前年同月末" | "昨年同月末" => month_end(months_before(today, 12)),
        _ => return None,
    })
}

/// The last day of the fiscal year of a day, or of one some years from it.
fn fiscal_year_end(today: NaiveDate, years: i32) -> Option<NaiveDate> {
    let next_april = if today.month() >= 4 { today.year() + 1 } else { today.year() };
    NaiveDate::from_ymd_opt(next_april + years, 3, 31)
}

/// First and last day of a fiscal year (令和7, R7, 2025).
fn fiscal_year_of(year: &str) -> Result<(NaiveDate, NaiveDate), DayFault> {
    // An era may begin or end within the year: 令和元年度 has no April of its own, 平成31年度 no May.
    let may = date(&format!("{}年5月1日", spelled(year)));
    let day = may.or_else(|fault| date(&format!("{}年4月1日", spelled(year))).map_err(|_| fault))?;
    let first = NaiveDate::from_ymd_opt(day.year(), 4, 1).ok_or(DayFault::Unreadable)?;
    Ok((first, fiscal_year_end(first, 0).ok_or(DayFault::Unreadable)?))
}

/// The name of an era for its letter: `read_day` takes R7 with points only.
fn spelled(year: &str) -> String {
    let names = [("R", "令和"), ("H", "平成"), ("S", "昭和"), ("T", "大正"), ("M", "明治")];
    let letter = year.get(..1).map(str::to_uppercase);
    let name = names.iter().find(|(one, _)| letter.as_deref() == Some(*one));
    name.map_or_else(|| year.to_string(), |(_, name)| format!("{name}{}", &year[1..]))
}

/// The last day of a month: 令和7年12月, R7.12, 2025-12, or 12月, the one nearest to today.
fn end_of_month(month: &str, today: NaiveDate) -> Result<NaiveDate, DayFault> {
    if let Some(number) = month.strip_suffix('月').and_then(number_of) {
        let ends = (-1..=1).filter_map(|years| NaiveDate::from_ymd_opt(today.year() + years, number, 1)).map(month_end);
        return ends.min_by_key(|end| distance(*end, today)).ok_or(DayFault::Date(DateFault::NoSuchMonth(number)));
    }
    let with = |rest: &str| date(&format!("{month}{rest}"));
    let first =
        with("1日").or_else(|fault| with(".1").or_else(|_| with("/1")).or_else(|_| with("-1")).map_err(|_| fault));
    first.map(month_end)
}

/// Days between two; of two equally far the earlier comes first.
fn distance(day: NaiveDate, today: NaiveDate) -> (u64, bool) {
    let days = (day - today).num_days();
    (days.unsigned_abs(), days > 0)
}

fn number_of(text: &str) -> Option<u32> {
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// A month and a day: 12月1日, 12/1.
fn without_year(compact: &str) -> Option<(u32, u32)> {
    let of_kanji = compact.strip_suffix('日').and_then(|text| text.split_once('月'));
    let (month, day) = of_kanji.or_else(|| compact.split_once('/'))?;
    Some((number_of(month)?, number_of(day)?))
}

fn nearest(month: u32, day: u32, today: NaiveDate) -> Result<NaiveDate, DayFault> {
    if !(1..=12).contains(&month) {
        return Err(DayFault::Date(DateFault::NoSuchMonth(month)));
    }
    let days = (-1..=1).filter_map(|years| NaiveDate::from_ymd_opt(today.year() + years, month, day));
    days.min_by_key(|day| distance(*day, today)).ok_or(DayFault::InNoYear(month, day))
}

/// The era of 令和0年12月1日, R0.12.1 or R00.12.1.
fn era_with_year_zero(compact: &str) -> Option<String> {
    let eras = ["令和", "平成", "昭和", "大正", "明治"];
    let spelled = spelled(compact);
    let (era, rest) = eras.iter().find_map(|era| spelled.strip_prefix(era).map(|rest| (*era, rest)))?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_zero = (1..=2).contains(&digits) && rest[..digits].bytes().all(|digit| digit == b'0');
    is_zero.then(|| era.to_string())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::written::day;

    /// A Sunday in the last quarter of a fiscal year.
    const TODAY: &str = "2026-02-01";

    #[rstest]
    #[case::short("R7.12.1", "2025-12-01")]
    #[case::era("令和7年12月1日", "2025-12-01")]
    #[case::iso("2025-12-01", "2025-12-01")]
    #[case::slashes("2025/12/1", "2025-12-01")]
    #[case::digits("20251201", "2025-12-01")]
    #[case::full_width("Ｒ７．１２．１", "2025-12-01")]
    #[case::full_width_digits("２０２５－１２－０１", "2025-12-01")]
    #[case::with_weekday("令和7年12月1日（月）", "2025-12-01")]
    #[case::blanks(" 2025-12-01　", "2025-12-01")]
    #[case::today("今日", "2026-02-01")]
    #[case::yesterday("昨日", "2026-01-31")]
    #[case::tomorrow("明日", "2026-02-02")]
    #[case::end_of_month("今月末", "2026-02-28")]
    #[case::end_of_last_month("前月末", "2026-01-31")]
    #[case::end_of_next_month("来月末", "2026-03-31")]
    #[case::end_of_fiscal_year("今年度末", "2026-03-31")]
    #[case::end_of_last_fiscal_year("前年度末", "2025-03-31")]
    #[case::end_of_next_fiscal_year("来年度末", "2027-03-31")]
    #[case::year_before("前年同月", "2025-02-01")]
    #[case::end_a_year_before("前年同月末", "2025-02-28")]
    #[case::end_of_last_year("前年末", "2025-12-31")]
    #[case::nearest_is_past("12月1日", "2025-12-01")]
    #[case::nearest_is_ahead("3月31日", "2026-03-31")]
    #[case::nearest_with_slash("12/1", "2025-12-01")]
    #[case::nearest_full_width("１２月１日", "2025-12-01")]
    #[case::today_without_year("2月1日", "2026-02-01")]
    #[case::half_a_year_away("8月3日", "2025-08-03")]
    #[case::half_a_year_ahead("8月2日", "2026-08-02")]
    #[case::end_of_named_month("12月末", "2025-12-31")]
    #[case::end_of_february("2月末", "2026-02-28")]
    #[case::end_of_month_of_era("令和7年12月末", "2025-12-31")]
    #[case::end_of_month_short("R7.12末", "2025-12-31")]
    #[case::end_of_month_iso("2025-12末", "2025-12-31")]
    #[case::end_of_leap_february("2024年2月末日", "2024-02-29")]
    #[case::fiscal_year_of_era("令和7年度末", "2026-03-31")]
    #[case::fiscal_year_short("R6年度末", "2025-03-31")]
    #[case::fiscal_year_western("2025年度末", "2026-03-31")]
    #[case::first_fiscal_year("令和元年度末", "2020-03-31")]
    #[case::last_of_heisei("平成31年度末", "2020-03-31")]
    #[case::beginning("令和7年度初", "2025-04-01")]
    fn day_is_read(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(read_day_words(text, day(TODAY)), Ok(day(expected)));
    }

    #[rstest]
    #[case::no_leap_day("2025-02-29", DayFault::Date(DateFault::NoSuchDay(2025, 2, 28)))]
    #[case::no_month("令和7年13月", DayFault::Date(DateFault::NoSuchMonth(13)))]
    #[case::no_month_with_day("13月1日", DayFault::Date(DateFault::NoSuchMonth(13)))]
    #[case::no_such_end("13月末", DayFault::Date(DateFault::NoSuchMonth(13)))]
    #[case::year_zero("令和0年12月1日", DayFault::YearZero("令和".into()))]
    #[case::year_zero_short("R0.12.1", DayFault::YearZero("令和".into()))]
    #[case::year_zero_alone("令和0年", DayFault::YearZero("令和".into()))]
    #[case::era_over("平成99年1月1日", DayFault::Date(DateFault::EraOver("平成", NaiveDate::from_ymd_opt(2019, 4, 30).expect("a day"))))]
    #[case::month_only("2025-12", DayFault::Date(DateFault::NoDay))]
    #[case::leap_day_of_no_near_year("2月29日", DayFault::InNoYear(2, 29))]
    #[case::thirty_second("12月32日", DayFault::InNoYear(12, 32))]
    #[case::other_weekday("2025-12-01（火）", DayFault::Date(DateFault::WrongWeekday(chrono::Weekday::Mon)))]
    #[case::words("来たる日", DayFault::Unreadable)]
    #[case::empty("　", DayFault::Unreadable)]
    #[case::mark("🙂", DayFault::Unreadable)]
    fn reason_is_told(#[case] text: &str, #[case] expected: DayFault) {
        assert_eq!(read_day_words(text, day(TODAY)), Err(expected));
    }

    /// On the last day of a fiscal year 今年度末 is today; on the day after it lies a year ahead.
    #[rstest]
    #[case("2026-03-31", "今年度末", "2026-03-31")]
    #[case("2026-04-01", "今年度末", "2027-03-31")]
    #[case("2026-04-01", "前年度末", "2026-03-31")]
    #[case("2026-03-31", "前年同月", "2025-03-31")]
    #[case("2024-02-29", "前年同月", "2023-02-28")]
    #[case("2025-02-28", "前年同月", "2024-02-29")]
    #[case("2024-02-29", "2月29日", "2024-02-29")]
    #[case("2026-01-01", "前月末", "2025-12-31")]
    // Equally near: 183 days each way, as the leap day lies between.
    #[case("2024-01-31", "8月1日", "2023-08-01")]
    fn words_follow_today(#[case] today: &str, #[case] word: &str, #[case] expected: &str) {
        assert_eq!(read_day_words(word, day(today)), Ok(day(expected)));
    }

    #[test]
    fn day_is_read_back_in_both_calendars() {
        assert_eq!(in_both_calendars(day("2025-12-01")), "令和7年12月1日（月）、2025-12-01");
    }
}
