//! A schedule as the settings write it: a cron line with seconds in Asia/Tokyo, whose day may be a business day (営業日).
//!
//! Where the day of the month is `3B` (the third business day), `LB` (the last one), `25-B` or `25+B` (the 25th, or the business
//! day before or after it where the office is closed), the rest of the line says the time, and the calendar of the office the day.

use chrono::{DateTime, Datelike, Duration, Months, NaiveDate, TimeZone, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use crate::clock::tokyo;
use crate::domain::as_of::month_start;
use crate::domain::business_days::BusinessCalendar;
use crate::domain::day::next_day;
use crate::domain::fault::Fault;

/// The place of the day of the month, and of the weekday, in a line.
const DAY: usize = 3;
const WEEKDAY: usize = 5;

/// Fields of a line.
const FIELDS: usize = 6;

/// The most business days that every month has, even one with a long holiday (the tests of `domain::business_days` prove it).
const MOST_BUSINESS_DAYS: usize = 15;

/// The last day that every month has.
const LAST_DAY_OF_ALL: u32 = 28;

/// Months over which a business day is looked for: a line may name one month, and the office may be closed in it for years.
const MOST_MONTHS: u32 = 12 * 40;

/// Steps after which a line never comes true: one a month, and one more for the time.
const MOST_STEPS: u32 = 2 * MOST_MONTHS;

/// A year without a leap day, after which a line must come true some day.
pub(super) const PROOF_BEGINS: NaiveDate = NaiveDate::from_ymd_opt(2025, 1, 1).expect("1 January is a day");

/// A schedule that comes true some day.
#[derive(Debug, Clone)]
pub(super) struct Line {
    text: String,
    cron: Cron,
    of_office: Option<(BusinessDay, BusinessCalendar)>,
}

/// Which business day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BusinessDay {
    /// The n-th, from 1.
    Nth(usize),
    /// The last.
    Last,
    /// A day of the month, or the next business day.
    From(u32),
    /// A day of the month, or the business day before.
    Until(u32),
}

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    /// [`Fault::NotASchedule`] when it is none, [`Fault::NotABusinessDay`] when it asks for a business day that not every month
    /// has, or for a weekday beside.
    pub(super) fn parse(text: &str, calendar: &BusinessCalendar) -> Result<Self, Fault> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let of_office = match fields.get(DAY).filter(|day| fields.len() == FIELDS && day.ends_with(['B', 'b'])) {
            None => None,
            Some(day) => {
                let is_alone = matches!(fields[WEEKDAY], "*" | "?");
                let read = BusinessDay::read(day).filter(|_| is_alone);
                Some((read.ok_or_else(|| Fault::NotABusinessDay(text.to_string()))?, calendar.clone()))
            }
        };
        let of_time = match of_office {
            None => text.to_string(),
            Some(_) => fields
                .iter()
                .enumerate()
                .map(|(at, field)| if at == DAY { "*" } else { field })
                .collect::<Vec<_>>()
                .join(" "),
        };
        let refused = |why: String| Fault::NotASchedule(text.to_string(), why);
        let parser = CronParser::builder().seconds(Seconds::Required).year(Year::Disallowed).build();
        let cron = parser.parse(&of_time).map_err(|error| refused(error.to_string()))?;
        let line = Self { text: text.to_string(), cron, of_office };
        line.next_after(before(PROOF_BEGINS)).map_err(refused)?;
        Ok(line)
    }

    /// Reads a line of those that have no business days, such as that of the bell.
    ///
    /// # Errors
    /// [`Fault::NotASchedule`] when it is none.
    pub(super) fn plain(text: &str) -> Result<Self, Fault> {
        let line = Self::parse(text, &BusinessCalendar::default());
        let is_plain = |line: &Self| line.of_office.is_none();
        let refused = || Fault::NotASchedule(text.to_string(), "business days cannot stand here".into());
        line.map_or_else(|_| Err(refused()), |line| if is_plain(&line) { Ok(line) } else { Err(refused()) })
    }

    /// As it stands in the settings.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The next instant after another one at which it comes true.
    ///
    /// # Errors
    /// Why there is none, for logs.
    pub(super) fn next_after(&self, instant: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
        let mut cursor = instant.with_timezone(&tokyo());
        for _ in 0..MOST_STEPS {
            let at = self.cron.find_next_occurrence(&cursor, false).map_err(|error| error.to_string())?;
            let Some(office) = &self.of_office else { return Ok(at.with_timezone(&Utc)) };
            let day = at.date_naive();
            match business_day_from(office, day) {
                Some(business_day) if business_day == day => return Ok(at.with_timezone(&Utc)),
                Some(business_day) => cursor = before(business_day).with_timezone(&tokyo()),
                None => break,
            }
        }
        Err("no such business day was found".into())
    }

    /// The instants before another one at which it comes true, the newest first.
    pub(super) fn before(&self, instant: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        std::iter::successors(self.last_before(instant), |at| self.last_before(*at))
    }

    fn last_before(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut cursor = instant.with_timezone(&tokyo());
        for _ in 0..MOST_STEPS {
            let at = self.cron.find_previous_occurrence(&cursor, false).ok()?;
            let Some(office) = &self.of_office else { return Some(at.with_timezone(&Utc)) };
            let day = at.date_naive();
            let business_day = business_day_until(office, day)?;
            if business_day == day {
                return Some(at.with_timezone(&Utc));
            }
            cursor = begin(next_day(business_day)).with_timezone(&tokyo());
        }
        None
    }
}

impl BusinessDay {
    fn read(text: &str) -> Option<Self> {
        let text = text.strip_suffix(['B', 'b'])?;
        let day = |text: &str| text.parse().ok().filter(|day| (1..=LAST_DAY_OF_ALL).contains(day));
        if matches!(text, "L" | "l") {
            return Some(Self::Last);
        }
        if let Some(text) = text.strip_suffix('+') {
            return day(text).map(Self::From);
        }
        if let Some(text) = text.strip_suffix('-') {
            return day(text).map(Self::Until);
        }
        text.parse().ok().filter(|nth| (1..=MOST_BUSINESS_DAYS).contains(nth)).map(Self::Nth)
    }

    /// The business day that belongs to a month; it may lie in the one before or after.
    fn of_month(self, calendar: &BusinessCalendar, month: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Nth(nth) => calendar.nth_of_month(month, nth),
            Self::Last => calendar.last_of_month(month),
            Self::From(day) => calendar.from(month.with_day(day)?),
            Self::Until(day) => calendar.until(month.with_day(day)?),
        }
    }
}

/// The first of the business days of all months from a day on.
fn business_day_from((which, calendar): &(BusinessDay, BusinessCalendar), day: NaiveDate) -> Option<NaiveDate> {
    let first = month_start(day).checked_sub_months(Months::new(1))?;
    let months = (0..MOST_MONTHS).filter_map(|n| first.checked_add_months(Months::new(n)));
    months.filter_map(|month| which.of_month(calendar, month)).find(|found| *found >= day)
}

/// The last of the business days of all months until a day.
fn business_day_until((which, calendar): &(BusinessDay, BusinessCalendar), day: NaiveDate) -> Option<NaiveDate> {
    let last = month_start(day).checked_add_months(Months::new(1))?;
    let months = (0..MOST_MONTHS).filter_map(|n| last.checked_sub_months(Months::new(n)));
    months.filter_map(|month| which.of_month(calendar, month)).find(|found| *found <= day)
}

/// The first instant of a day.
fn begin(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_hms_opt(0, 0, 0).unwrap_or_default();
    tokyo().from_local_datetime(&midnight).single().unwrap_or_default().with_timezone(&Utc)
}

/// The last second before a day.
pub(super) fn before(day: NaiveDate) -> DateTime<Utc> {
    begin(day) - Duration::seconds(1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::config::JobsConfig;

    fn line(text: &str) -> Line {
        Line::parse(text, &JobsConfig::default().calendar()).expect("a line")
    }

    fn shown(at: DateTime<Utc>) -> String {
        at.with_timezone(&tokyo()).format("%F %T").to_string()
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}+09:00").parse::<DateTime<chrono::FixedOffset>>().expect("an instant").with_timezone(&Utc)
    }

    #[rstest]
    #[case::third("0 0 6 3B * *", "2026-01-01T00:00:00", &["2026-01-07 06:00:00", "2026-02-04 06:00:00", "2026-03-04 06:00:00"])]
    #[case::first_after_golden_week("0 0 6 2B 5 *", "2026-01-01T00:00:00", &["2026-05-07 06:00:00", "2027-05-07 06:00:00"])]
    #[case::silver_week("0 30 8 12B * *", "2026-09-01T00:00:00", &["2026-09-16 08:30:00", "2026-10-19 08:30:00"])]
    #[case::after_silver_week("0 30 8 14B 9 *", "2026-09-01T00:00:00", &["2026-09-18 08:30:00", "2027-09-21 08:30:00"])]
    #[case::last_of_the_year("0 0 6 LB 12 *", "2026-01-01T00:00:00", &["2026-12-28 06:00:00", "2027-12-28 06:00:00"])]
    #[case::leap_day("0 0 6 LB 2 *", "2027-12-01T00:00:00", &["2028-02-29 06:00:00", "2029-02-28 06:00:00"])]
    #[case::fifth_or_next("0 0 6 5+B * *", "2026-04-30T00:00:00", &["2026-05-07 06:00:00", "2026-06-05 06:00:00", "2026-07-06 06:00:00"])]
    #[case::fifth_or_before("0 0 6 5-B * *", "2026-04-30T00:00:00", &["2026-05-01 06:00:00", "2026-06-05 06:00:00", "2026-07-03 06:00:00"])]
    #[case::first_or_before("0 0 6 1-B * *", "2025-12-02T00:00:00", &["2025-12-26 06:00:00", "2026-01-30 06:00:00", "2026-02-27 06:00:00"])]
    #[case::twenty_eighth_or_next("0 0 6 28+B * *", "2030-12-01T00:00:00", &["2031-01-06 06:00:00", "2031-01-28 06:00:00"])]
    #[case::twice_that_day("0 0 6,18 3b * ?", "2026-01-07T06:00:00", &["2026-01-07 18:00:00", "2026-02-04 06:00:00"])]
    #[case::last_small_letters("0 0 6 lb * *", "2026-01-30T06:00:00", &["2026-02-27 06:00:00"])]
    fn business_days_come_in_order_both_ways(#[case] text: &str, #[case] from: &str, #[case] expected: &[&str]) {
        let line = line(text);
        let mut cursor = at(from);
        let mut found = Vec::new();
        for _ in expected {
            cursor = line.next_after(cursor).expect("it comes true");
            found.push(shown(cursor));
        }
        assert_eq!(found, expected);
        let mut back: Vec<String> =
            line.before(cursor + Duration::seconds(1)).take(expected.len()).map(shown).collect();
        back.reverse();
        assert_eq!(back, expected);
    }

    /// Forward and back over thirty years are the same instants.
    #[rstest]
    #[case("0 0 6 3B * *")]
    #[case("0 0 6 LB * *")]
    #[case("0 0 6 28+B * *")]
    #[case("0 0 6 1-B * *")]
    #[case("0 0 6 5 * *")]
    fn way_back_is_the_way_there(#[case] text: &str) {
        let line = line(text);
        let (first, last) = (at("2000-01-01T00:00:00"), at("2030-01-01T00:00:00"));
        let there: Vec<DateTime<Utc>> =
            std::iter::successors(line.next_after(first).ok(), |at| line.next_after(*at).ok())
                .take_while(|at| *at < last)
                .collect();
        let mut back: Vec<DateTime<Utc>> = line.before(last).take_while(|at| *at > first).collect();
        back.reverse();
        assert!(there.len() >= 359, "{}", there.len());
        assert_eq!(there, back);
    }

    #[rstest]
    #[case::none("0 0 6 0B * *")]
    #[case::too_many("0 0 6 25B * *")]
    #[case::sixteenth("0 0 6 16B * *")]
    #[case::beside_a_weekday("0 0 6 3B * MON")]
    #[case::day_that_is_none("0 0 6 0+B * *")]
    #[case::day_of_few_months("0 0 6 29-B * *")]
    #[case::letters("0 0 6 xB * *")]
    #[case::alone("0 0 6 B * *")]
    #[case::list("0 0 6 1B,3B * *")]
    #[case::huge("0 0 6 99999999999999999999B * *")]
    fn business_day_that_cannot_be_is_refused(#[case] text: &str) {
        let found = Line::parse(text, &JobsConfig::default().calendar()).err();
        assert_eq!(found, Some(Fault::NotABusinessDay(text.into())));
    }

    #[test]
    fn office_that_is_never_open_has_no_business_day() {
        let closed = (1..=12).flat_map(|month| (1..=31).map(move |day| format!("{month:02}-{day:02}")));
        let closed = closed.filter_map(|text| text.try_into().ok()).collect();
        let calendar = BusinessCalendar { closed, open: Vec::new() };
        for text in ["0 0 6 1B * *", "0 0 6 LB * *", "0 0 6 5+B * *", "0 0 6 5-B * *"] {
            assert!(matches!(Line::parse(text, &calendar), Err(Fault::NotASchedule(..))), "{text}");
        }
    }

    #[test]
    fn bell_has_no_business_days() {
        assert!(matches!(Line::plain("0 0 6 3B * *"), Err(Fault::NotASchedule(..))));
        assert!(Line::plain("0 */10 * * * *").is_ok());
    }
}
