//! When a month's run is scheduled.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::line::{Line, PROOF_BEGINS, before};
use crate::clock::tokyo;
use crate::config::{ConfigError, JobsConfig};
use crate::domain::as_of::{month_end, month_start, months_before};
use crate::domain::business_days::BusinessCalendar;
use crate::domain::day::next_day;
use crate::domain::fault::{Fault, PlacedFault};

/// Most months that one catch-up makes rows for, counted back from the present one: far more than any outage.
const MOST_MONTHS: u32 = 400;

/// Months over which a line must come true once in each: weekdays and leap days repeat after 28 years.
const PROVED_MONTHS: u32 = 28 * 12;

/// The schedule of the monthly job.
#[derive(Debug, Clone)]
pub struct Schedule {
    line: Line,
}

/// The run of one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Month, such as 2025-12.
    pub period: String,
    /// 基準日 of the run: the last day of the month.
    pub as_of: NaiveDate,
    /// Instant of the run and cut-off of its exports.
    pub scheduled_at: DateTime<Utc>,
}

impl Schedule {
    /// Reads the cron line of the settings.
    ///
    /// # Errors
    /// [`ConfigError`] when the line is not a cron line, or does not come true exactly once in every month.
    pub fn of(config: &JobsConfig) -> Result<Self> {
        let line = monthly(config).map_err(|fault| {
            let (file, key) = ("kaiin.toml".into(), "jobs.monthly_at".into());
            ConfigError::of(PlacedFault { file, line: None, key, fault })
        })?;
        Ok(Self { line })
    }

    /// The run of a month: the time of the cron line in the month after.
    ///
    /// # Errors
    /// [`ConfigError`] when the line never comes true.
    pub fn of_month(&self, month: NaiveDate) -> Result<Occurrence> {
        let as_of = month_end(month);
        let at = self.line.next_after(before(next_day(as_of))).map_err(|why| {
            let (file, key) = ("kaiin.toml".into(), "jobs.monthly_at".into());
            let fault = Fault::NotASchedule(self.line.text().to_string(), why);
            ConfigError::of(PlacedFault { file, line: None, key, fault })
        })?;
        Ok(Occurrence { period: as_of.format("%Y-%m").to_string(), as_of, scheduled_at: at })
    }

    /// The runs of all months from `first` whose time has come by `now`, oldest first; of very many the newest.
    ///
    /// # Errors
    /// As [`Schedule::of_month`].
    pub fn between(&self, first: NaiveDate, now: DateTime<Utc>) -> Result<Vec<Occurrence>> {
        let today = now.with_timezone(&tokyo()).date_naive();
        let mut out = Vec::new();
        let mut month = month_start(first).max(month_start(months_before(month_start(today), MOST_MONTHS)));
        loop {
            let occurrence = self.of_month(month)?;
            if occurrence.scheduled_at > now {
                return Ok(out);
            }
            month = next_day(occurrence.as_of);
            out.push(occurrence);
        }
    }

    /// The next `n` runs after an instant of the months that are kept, from `first` on.
    ///
    /// # Errors
    /// As [`Schedule::of_month`].
    pub fn next(
        &self,
        now: DateTime<Utc>,
        n: usize,
        first: Option<NaiveDate>,
        is_kept: impl Fn(&str) -> bool,
    ) -> Result<Vec<Occurrence>> {
        let mut out = Vec::new();
        let present = month_start_before(now.with_timezone(&tokyo()).date_naive());
        let mut month = first.map_or(present, |first| first.max(present));
        while out.len() < n {
            let occurrence = self.of_month(month)?;
            month = next_day(occurrence.as_of);
            if occurrence.scheduled_at > now && is_kept(&occurrence.period) {
                out.push(occurrence);
            }
        }
        Ok(out)
    }
}

/// The line that was proved last with the calendar that it was proved for: each ring asks for the same several times.
static PROVED: Mutex<Option<(BusinessCalendar, Line)>> = Mutex::new(None);

/// Reads the line of the monthly job, which comes true exactly once in every month.
pub(super) fn monthly(config: &JobsConfig) -> Result<Line, Fault> {
    let (text, calendar) = (&config.monthly_at, config.calendar());
    let mut proved = PROVED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, line)) = proved.as_ref()
        && *of == calendar
        && line.text() == text
    {
        return Ok(line.clone());
    }
    let line = proved_monthly(text, &calendar)?;
    *proved = Some((calendar, line.clone()));
    Ok(line)
}

fn proved_monthly(text: &str, calendar: &BusinessCalendar) -> Result<Line, Fault> {
    let line = Line::parse(text, calendar)?;
    let refused = |why: String| Fault::NotASchedule(text.to_string(), why);
    let mut month = PROOF_BEGINS;
    let mut at = line.next_after(before(month)).map_err(refused)?;
    for _ in 0..PROVED_MONTHS {
        let end = before(next_day(month_end(month)));
        let mut n_times: u32 = 0;
        while at <= end && n_times < MANY_TIMES {
            n_times += 1;
            at = line.next_after(at).map_err(refused)?;
        }
        if n_times != 1 {
            return Err(Fault::NotMonthly(text.to_string(), month.format("%Y-%m").to_string(), n_times));
        }
        month = next_day(month_end(month));
    }
    Ok(line)
}

/// Where counting stops: a line that comes true so often in a month was not meant to be monthly.
const MANY_TIMES: u32 = 100;

/// First day of a month written 2025-12.
pub(super) fn month_of(text: &str) -> Option<NaiveDate> {
    let (year, month) = text.split_once('-')?;
    (year.len() == 4 && month.len() == 2).then_some(())?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

/// The day of a survey whose period is written 2026.
pub(super) fn survey_day(period: &str) -> Option<NaiveDate> {
    let is_year = period.len() == 4 && period.bytes().all(|byte| byte.is_ascii_digit());
    NaiveDate::from_ymd_opt(period.parse().ok().filter(|_| is_year)?, 12, 1)
}

/// First day of the month of a day.
pub(super) fn month_start_of(day: NaiveDate) -> NaiveDate {
    month_start(day)
}

/// First day of the month before the month of a day.
pub(super) fn month_start_before(day: NaiveDate) -> NaiveDate {
    months_before(month_start(day), 1).with_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn schedule() -> Schedule {
        Schedule::of(&JobsConfig::default()).expect("the default line is sound")
    }

    fn next(schedule: &Schedule, now: &str, n: usize) -> Vec<String> {
        schedule
            .next(now.parse().expect("an instant"), n, None, |_| true)
            .expect("the line comes true")
            .iter()
            .map(|one| format!("{} {}", one.period, one.scheduled_at.with_timezone(&tokyo()).format("%F %R")))
            .collect()
    }

    #[test]
    fn twelve_months_run_on_the_fifth_at_six_in_tokyo() {
        // The run of November is exactly now, so it is not among the next ones.
        assert_eq!(
            next(&schedule(), "2025-12-04T21:00:00Z", 4),
            [
                "2025-12 2026-01-05 06:00",
                "2026-01 2026-02-05 06:00",
                "2026-02 2026-03-05 06:00",
                "2026-03 2026-04-05 06:00"
            ]
        );
    }

    #[test]
    fn catch_up_lists_missed_months_oldest_first() {
        let first = "2025-09-01".parse().expect("a day");
        let now = "2026-01-05T00:00:00Z".parse().expect("an instant");
        let missed: Vec<String> =
            schedule().between(first, now).expect("the line comes true").into_iter().map(|one| one.period).collect();
        assert_eq!(missed, ["2025-09", "2025-10", "2025-11", "2025-12"]);
    }

    /// A first month of long ago must not keep the present one away.
    #[test]
    fn catch_up_of_very_many_months_ends_with_the_present_one() {
        let first = "1925-12-01".parse().expect("a day");
        let now = "2026-01-05T00:00:00Z".parse().expect("an instant");
        let missed = schedule().between(first, now).expect("the line comes true");
        let periods = (missed[0].period.as_str(), missed[missed.len() - 1].period.as_str());
        assert_eq!((missed.len(), periods), (400, ("1992-09", "2025-12")));
    }

    /// The first Monday, the last day, and lines that say a day of every month in other words.
    #[rstest]
    #[case::day("0 0 6 5 * *", "2025-12 2026-01-05 06:00")]
    #[case::day_28("0 30 23 28 * *", "2025-11 2025-12-28 23:30")]
    #[case::first_second_of_the_month("0 0 0 1 * *", "2025-12 2026-01-01 00:00")]
    #[case::last_day("0 0 6 L * *", "2025-11 2025-12-31 06:00")]
    #[case::first_monday("0 0 6 * * MON#1", "2025-12 2026-01-05 06:00")]
    #[case::last_friday("0 0 6 * * FRI#L", "2025-11 2025-12-26 06:00")]
    #[case::weekday_next_to_the_fifth("0 0 6 5W * *", "2025-12 2026-01-05 06:00")]
    #[case::day_and_weekday("0 0 6 1-7 * +MON", "2025-12 2026-01-05 06:00")]
    #[case::both_halves_of_the_year("0 0 6 5 1-6,7-12 *", "2025-12 2026-01-05 06:00")]
    #[case::third_business_day("0 0 6 3B * *", "2025-12 2026-01-07 06:00")]
    #[case::last_business_day("0 0 6 LB * *", "2025-11 2025-12-26 06:00")]
    #[case::fifth_or_next_business_day("0 0 6 5+B * *", "2025-12 2026-01-05 06:00")]
    #[case::tenth_or_business_day_before("0 0 6 10-B * *", "2025-11 2025-12-10 06:00")]
    #[case::small_letters("0 0 6 * * mon#1", "2025-12 2026-01-05 06:00")]
    fn line_that_comes_true_once_a_month_is_taken(#[case] line: &str, #[case] first: &str) {
        let schedule = Schedule::of(&JobsConfig { monthly_at: line.into(), ..JobsConfig::default() });
        assert_eq!(next(&schedule.expect("a monthly line"), "2025-12-04T22:00:00Z", 1), [first]);
    }

    #[rstest]
    #[case::thirty_first("0 0 6 31 * *", "2025-02", 0)]
    #[case::twenty_ninth("0 0 6 29 * *", "2025-02", 0)]
    #[case::april_only("0 0 6 5 4 *", "2025-01", 0)]
    #[case::every_second_month("0 0 6 5 */2 *", "2025-02", 0)]
    #[case::day_or_monday("0 0 6 1-7 * MON", "2025-01", 10)]
    #[case::every_weekday("0 0 6 * * MON-FRI", "2025-01", 23)]
    #[case::twice_a_month("0 0 6 5,20 * *", "2025-01", 2)]
    #[case::twice_a_day("0 0 6,18 5 * *", "2025-01", 2)]
    #[case::every_day("0 0 6 * * *", "2025-01", 31)]
    #[case::every_second("* * * * * *", "2025-01", 100)]
    #[case::business_day_that_leaves_the_month("0 0 6 1-B * *", "2025-03", 0)]
    #[case::business_day_of_one_month("0 0 6 3B 4 *", "2025-01", 0)]
    #[case::twice_on_a_business_day("0 0 6,18 3B * *", "2025-01", 2)]
    #[case::fifth_monday("0 0 6 * * MON#5", "2025-01", 0)]
    fn line_that_does_not_come_true_once_in_every_month_is_refused(
        #[case] line: &str,
        #[case] month: &str,
        #[case] n_times: u32,
    ) {
        let jobs = JobsConfig { monthly_at: line.into(), ..JobsConfig::default() };
        assert_eq!(monthly(&jobs).err(), Some(Fault::NotMonthly(line.into(), month.into(), n_times)));
    }
}
