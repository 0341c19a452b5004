//! When a month's run is scheduled. Cron lines carry seconds and are read in Asia/Tokyo.

use anyhow::Result;
use chrono::{DateTime, Datelike, Duration, NaiveDate, TimeZone, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds};

use crate::clock::tokyo;
use crate::config::JobsConfig;
use crate::domain::as_of::{month_end, month_start, months_before};
use crate::domain::day::next_day;
use crate::error::Failure;

/// Most months that one catch-up makes rows for: far more than any outage, far less than a typing mistake in
/// the first month would ask for.
const MOST_MONTHS: usize = 400;

/// The schedule of the monthly job.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
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
    /// [`Failure`] JOB-003 when the line is not a cron line or never comes true.
    pub fn of(config: &JobsConfig) -> Result<Self> {
        let cron = parse(&config.monthly_at)?;
        Ok(Self { cron })
    }

    /// The run of a month: the first time of the cron line after the month's last day.
    ///
    /// # Errors
    /// [`Failure`] JOB-003 when the line never comes true.
    pub fn of_month(&self, month: NaiveDate) -> Result<Occurrence> {
        let as_of = month_end(month);
        let midnight = next_day(as_of).and_hms_opt(0, 0, 0).unwrap_or_default();
        let after = tokyo().from_local_datetime(&midnight).single().unwrap_or_default() - Duration::seconds(1);
        let at = self
            .cron
            .find_next_occurrence(&after, false)
            .map_err(|error| Failure::usage("JOB-003", error.to_string()))?;
        Ok(Occurrence { period: as_of.format("%Y-%m").to_string(), as_of, scheduled_at: at.with_timezone(&Utc) })
    }

    /// The runs of all months from `first` whose time has come by `now`, oldest first.
    ///
    /// # Errors
    /// As [`Schedule::of_month`].
    pub fn between(&self, first: NaiveDate, now: DateTime<Utc>) -> Result<Vec<Occurrence>> {
        let mut out = Vec::new();
        let mut month = month_start(first);
        while out.len() < MOST_MONTHS {
            let occurrence = self.of_month(month)?;
            if occurrence.scheduled_at > now {
                break;
            }
            month = next_day(occurrence.as_of);
            out.push(occurrence);
        }
        Ok(out)
    }

    /// The next `n` runs after an instant.
    ///
    /// # Errors
    /// As [`Schedule::of_month`].
    pub fn next(&self, now: DateTime<Utc>, n: usize) -> Result<Vec<Occurrence>> {
        let mut out = Vec::new();
        let mut month = month_before(now.with_timezone(&tokyo()).date_naive());
        while out.len() < n {
            let occurrence = self.of_month(month)?;
            month = next_day(occurrence.as_of);
            if occurrence.scheduled_at > now {
                out.push(occurrence);
            }
        }
        Ok(out)
    }
}

/// Reads a cron line with seconds.
///
/// # Errors
/// [`Failure`] JOB-003 when it is not one.
pub(super) fn parse(line: &str) -> Result<Cron> {
    CronParser::builder()
        .seconds(Seconds::Required)
        .build()
        .parse(line)
        .map_err(|error| Failure::usage("JOB-003", format!("{line}: {error}")).into())
}

/// First day of a month written 2025-12.
pub(super) fn month_of(text: &str) -> Option<NaiveDate> {
    let (year, month) = text.split_once('-')?;
    (year.len() == 4 && month.len() == 2).then_some(())?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

/// First day of the month of a day.
pub(super) fn month_start_of(day: NaiveDate) -> NaiveDate {
    month_start(day)
}

/// First day of the month before the month of a day.
pub(super) fn month_before(day: NaiveDate) -> NaiveDate {
    months_before(month_start(day), 1).with_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule() -> Schedule {
        Schedule::of(&JobsConfig::default()).expect("the default line is sound")
    }

    #[test]
    fn twelve_months_run_on_the_fifth_at_six_in_tokyo() {
        let now = "2025-12-04T21:00:00Z".parse().expect("an instant");
        let next: Vec<String> = schedule()
            .next(now, 4)
            .expect("the line comes true")
            .iter()
            .map(|one| format!("{} {}", one.period, one.scheduled_at.with_timezone(&tokyo()).format("%F %R")))
            .collect();
        // The run of November is exactly now, so it is not among the next ones.
        assert_eq!(
            next,
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

    #[test]
    fn line_that_is_no_cron_line_is_refused() {
        let config = JobsConfig { monthly_at: "every month".into(), ..JobsConfig::default() };
        assert!(Schedule::of(&config).is_err());
    }
}
