//! 会員数調査: the papers of 1 December (12月1日現在), once a year.
//!
//! Each year is asked for, so each that was missed is made, the oldest first. Its papers are made like those of a month, with what
//! was known by the time of the schedule; where no export told of the day by then, with what the first one tells that does.

use anyhow::Result;
use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::attempt;
use super::line::{Line, PROOF_BEGINS, before};
use super::monthly_papers::SURVEY;
use super::periods::Present;
use super::schedule::survey_day;
use super::tick_report::{JobOutcome, TickReport};
use crate::clock::tokyo_day;
use crate::config::{ConfigError, JobsConfig};
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::ledger::{JobRun, JobState};
use crate::error::Failure;
use crate::service::keep::{Workspace, ledger};

/// The key of its schedule in the settings.
const KEY: &str = "jobs.survey_at";

/// Years over which a line must come true once in each: weekdays and leap days repeat after 28 years.
const PROVED_YEARS: i32 = 28;

/// Where counting stops: a line that comes true so often in a year was not meant to be yearly.
const MANY_TIMES: u32 = 400;

/// Its schedule; `None` where the settings have none.
///
/// # Errors
/// [`ConfigError`] for a line that is no schedule, or not one of once a year.
pub(super) fn schedule(config: &JobsConfig) -> Result<Option<Line>> {
    let Some(text) = &config.survey_at else { return Ok(None) };
    let placed = |fault| PlacedFault { file: "kaiin.toml".into(), line: None, key: KEY.into(), fault };
    Ok(Some(yearly(text, config).map_err(|fault| ConfigError::of(placed(fault)))?))
}

/// What is wrong with its schedule.
pub(super) fn fault(config: &JobsConfig) -> Option<(&'static str, Fault)> {
    let text = config.survey_at.as_ref()?;
    yearly(text, config).err().map(|fault| (KEY, fault))
}

/// Reads a line that comes true exactly once in every year.
fn yearly(text: &str, config: &JobsConfig) -> Result<Line, Fault> {
    let line = Line::parse(text, &config.calendar())?;
    let refused = |why: String| Fault::NotASchedule(text.to_string(), why);
    let mut at = line.next_after(before(PROOF_BEGINS)).map_err(refused)?;
    for year in PROOF_BEGINS.year()..PROOF_BEGINS.year() + PROVED_YEARS {
        let mut n_times = 0;
        while tokyo_day(at).year() == year && n_times < MANY_TIMES {
            n_times += 1;
            at = line.next_after(at).map_err(refused)?;
        }
        if n_times != 1 {
            return Err(Fault::NotYearly(text.to_string(), year, n_times));
        }
    }
    Ok(line)
}

/// When the survey of a year is due: the first time of the schedule from its day on.
fn due_at(line: &Line, year: i32) -> Option<DateTime<Utc>> {
    line.next_after(before(NaiveDate::from_ymd_opt(year, 12, 1)?)).ok()
}

/// Years whose time has come and that have no row: all after the last one, the first time the newest alone. None from before the
/// first month that an export can serve.
fn due_years(
    line: &Line,
    last: Option<i32>,
    first: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Vec<(i32, DateTime<Utc>)> {
    let Some(first) = first.map(|month| month.year()) else { return Vec::new() };
    let this = tokyo_day(now).year();
    let due = |year: i32| due_at(line, year).filter(|at| *at <= now).map(|at| (year, at));
    match last {
        Some(last) => (last + 1..=this).filter_map(due).collect(),
        None => (first..=this).rev().find_map(due).into_iter().collect(),
    }
}

/// Makes the surveys that are due. One that fails is recorded, and stops nothing else.
///
/// # Errors
/// When the ledger cannot be read or written, or the schedule is wrong.
pub(super) async fn tick(workspace: &Workspace, report: &mut TickReport) -> Result<()> {
    let line = schedule(&workspace.config.jobs)?;
    let present = Present::read(workspace).await?;
    if let Some(line) = &line {
        let years = present.runs.iter().filter(|run| run.job == SURVEY).filter_map(|run| survey_day(&run.period));
        let last = years.map(|day| day.year()).max();
        for (year, at) in due_years(line, last, present.first, present.now) {
            ledger::add(workspace, SURVEY, &year.to_string(), at).await?;
        }
    }
    let present = Present::read(workspace).await?;
    let is_open = |run: &&JobRun| !matches!(run.state, JobState::Done | JobState::Skipped);
    for run in present.runs.iter().filter(|run| run.job == SURVEY).filter(is_open) {
        if run.scheduled_at > present.now {
            continue;
        }
        if line.is_none() {
            record(workspace, run, JobOutcome::new(run, JobState::Skipped, ("JOB-044", String::new())), report).await?;
            continue;
        }
        let known_at = present.known_by_cut_off(run).or_else(|| present.known_by_first_export(&run.period));
        match attempt::begin_or_go_on(workspace, &present, (run, known_at), report).await {
            Ok(true) => {}
            Ok(false) => wait(workspace, &present, run, report).await?,
            // A ledger that refuses one year may take the next one; what cannot be recorded is tried again.
            Err(error) => report.failed.push((run.period.clone(), Failure::of(&error))),
        }
    }
    Ok(())
}

/// Says that no export tells of the day. Until the time of the month itself that is as it should be, and nobody hears of it.
async fn wait(workspace: &Workspace, present: &Present, run: &JobRun, report: &mut TickReport) -> Result<()> {
    let Some(day) = survey_day(&run.period) else { return Ok(()) };
    if present.now < present.schedule.of_month(day)?.scheduled_at {
        return Ok(());
    }
    record(workspace, run, JobOutcome::new(run, JobState::Waiting, ("JOB-075", run.period.clone())), report).await
}

/// Writes what a survey is now, unless it is as it was, and tells it.
async fn record(workspace: &Workspace, run: &JobRun, outcome: JobOutcome, report: &mut TickReport) -> Result<()> {
    if outcome.is_new {
        ledger::end(workspace, run, outcome.state, &outcome.note()).await?;
    }
    report.others.push(outcome);
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn line(text: &str) -> Line {
        yearly(text, &JobsConfig::default()).expect("a yearly line")
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[rstest]
    #[case::second_before("2026-11-30T20:59:59Z", Some(2025), &[])]
    #[case::exactly("2026-11-30T21:00:00Z", Some(2025), &[2026])]
    #[case::new_year("2026-12-31T15:00:00Z", Some(2025), &[2026])]
    #[case::three_missed("2028-12-01T00:00:00Z", Some(2025), &[2026, 2027, 2028])]
    #[case::the_first_time_the_newest("2028-06-01T00:00:00Z", None, &[2027])]
    #[case::none_before_the_first_export("2025-06-01T00:00:00Z", None, &[])]
    #[case::clock_set_back("2020-12-02T00:00:00Z", Some(2025), &[])]
    fn years_come_one_by_one(#[case] now: &str, #[case] last: Option<i32>, #[case] expected: &[i32]) {
        let first = NaiveDate::from_ymd_opt(2025, 4, 1);
        let found = due_years(&line("0 0 6 1 12 *"), last, first, at(now));
        assert_eq!(found.iter().map(|(year, _)| *year).collect::<Vec<_>>(), expected);
        assert!(due_years(&line("0 0 6 1 12 *"), last, None, at(now)).is_empty(), "nothing was taken in");
    }

    /// A time in January is that of the survey of the December before.
    #[rstest]
    #[case::december("0 0 6 10 12 *", "2026-12-09T21:00:00Z")]
    #[case::january("0 0 6 5 1 *", "2027-01-04T21:00:00Z")]
    #[case::business_day("0 0 6 3B 1 *", "2027-01-05T21:00:00Z")]
    fn survey_is_due_at_the_first_time_from_its_day_on(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(due_at(&line(text), 2026), Some(at(expected)));
    }

    #[rstest]
    #[case::monthly("0 0 6 1 * *", "JOB-074")]
    #[case::daily("0 0 6 * * *", "JOB-074")]
    #[case::leap_day("0 0 6 29 2 *", "JOB-074")]
    #[case::twice("0 0 6 1,2 12 *", "JOB-074")]
    #[case::no_line("12月1日", "JOB-003")]
    #[case::no_business_day("0 0 6 25B 12 *", "JOB-070")]
    fn line_that_is_not_yearly_is_refused(#[case] text: &str, #[case] code: &str) {
        let config = JobsConfig { survey_at: Some(text.into()), ..JobsConfig::default() };
        assert_eq!(fault(&config).map(|(key, fault)| (key, fault.code())), Some((KEY, code)));
    }
}
