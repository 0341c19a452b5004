//! What is wrong in the settings of the jobs.

use chrono::Datelike;

use super::line::Line;
use super::routine::Routine;
use super::schedule::{month_of, monthly};
use super::survey;
use crate::config::Config;
use crate::domain::fault::Fault;

/// Years that a first month can have: exports are never older (R24), and a later one is a slip of the finger.
const FIRST_YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// What is wrong in the settings of the jobs, by key: lines that are no schedules, a monthly line that does not come
/// true exactly once in every month, a first month that cannot be.
pub fn faults(config: &Config) -> Vec<(&'static str, Fault)> {
    let jobs = &config.jobs;
    let mut out = Vec::new();
    out.extend(monthly(jobs).err().map(|fault| ("jobs.monthly_at", fault)));
    out.extend(Line::plain(&jobs.bell).err().map(|fault| ("jobs.bell", fault)));
    out.extend(Routine::ALL.iter().filter_map(|routine| routine.fault(jobs)));
    out.extend(survey::fault(jobs));
    let is_wrong = |text: &&String| month_of(text).is_none_or(|month| !FIRST_YEARS.contains(&month.year()));
    let wrong = jobs.first_month.as_ref().filter(is_wrong);
    out.extend(wrong.map(|text| ("jobs.first_month", Fault::NotAFirstMonth(text.clone()))));
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::config::JobsConfig;

    #[rstest]
    #[case("毎月5日")]
    #[case("every month")]
    #[case("0 6 5 * *")]
    #[case("0 0 6 5 * * 2026")]
    #[case("0 0 6 32 * *")]
    #[case("0 0 6 30 2 *")]
    #[case("")]
    fn line_that_is_no_cron_line_is_refused(#[case] line: &str) {
        let jobs = JobsConfig { monthly_at: line.into(), ..JobsConfig::default() };
        assert!(matches!(monthly(&jobs), Err(Fault::NotASchedule(..))), "{line}");
        let config = Config { jobs: JobsConfig { bell: line.into(), ..JobsConfig::default() }, ..Config::default() };
        let keys: Vec<_> = faults(&config).into_iter().map(|(key, fault)| (key, fault.code())).collect();
        assert_eq!(keys, [("jobs.bell", "JOB-003")]);
    }

    #[rstest]
    #[case("1925-12", false)]
    #[case("1989-12", false)]
    #[case("1990-01", true)]
    #[case("2025-12", true)]
    #[case("2025-13", false)]
    #[case("2025-1", false)]
    #[case("20251-2", false)]
    #[case("2205-12", false)]
    fn first_month_that_cannot_be_is_refused(#[case] month: &str, #[case] is_taken: bool) {
        let jobs = JobsConfig { first_month: Some(month.into()), ..JobsConfig::default() };
        assert_eq!(faults(&Config { jobs, ..Config::default() }).is_empty(), is_taken);
    }
}
