//! Jobs with a schedule of their own, of which only the newest period counts: a backup or a comparison of last week is of no
//! use to anybody this week. A period that was missed is recorded as passed over, with the reason.

use anyhow::Result;
use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};

use super::line::{Line, PROOF_BEGINS, before};
use super::retry::{may_be_tried, was_ended_ahead};
use super::tick_report::{JobOutcome, TickReport};
use super::{backups, purging, verification, watch};
use crate::clock::tokyo_day;
use crate::config::{ConfigError, JobsConfig};
use crate::crash::{self, CrashPoint};
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::ledger::{JobRun, JobState};
use crate::error::Failure;
use crate::service::keep::{Workspace, WriteLock, ledger};

/// Most periods that one catch-up makes rows for: more than a year of days.
const MOST_PERIODS: usize = 400;

/// Occurrences over which a line must not come true twice in a day.
const PROVED: usize = 800;

/// Such a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routine {
    /// A backup of the data folder (控え).
    Backup,
    /// A comparison of everything with the chain (照合).
    Verification,
    /// What need not be kept any more (消去).
    Purge,
    /// What comes of withdrawals, and what nobody approved in time (見回り).
    Watch,
}

impl Routine {
    /// All of them, in the order in which they run.
    pub const ALL: [Self; 4] = [Self::Watch, Self::Verification, Self::Backup, Self::Purge];

    /// Name in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Verification => "verify",
            Self::Purge => "purge",
            Self::Watch => "watch",
        }
    }

    /// The key of its schedule in the settings.
    fn key(self) -> &'static str {
        match self {
            Self::Backup => "jobs.backup_at",
            Self::Verification => "jobs.verify_at",
            Self::Purge => "jobs.purge_at",
            Self::Watch => "jobs.watch_at",
        }
    }

    fn text(self, config: &JobsConfig) -> Option<&str> {
        match self {
            Self::Backup => config.backup_at.as_deref(),
            Self::Verification => config.verify_at.as_deref(),
            Self::Purge => config.purge_at.as_deref(),
            Self::Watch => config.watch_at.as_deref(),
        }
    }

    /// Its schedule; `None` where the settings have none.
    ///
    /// # Errors
    /// [`ConfigError`] for a line that is no schedule.
    pub(super) fn schedule(self, config: &JobsConfig) -> Result<Option<Line>> {
        let placed = |fault| PlacedFault { file: "kaiin.toml".into(), line: None, key: self.key().into(), fault };
        let line = self.text(config).map(|text| Line::parse(text, &config.calendar())).transpose();
        Ok(line.map_err(|fault| ConfigError::of(placed(fault)))?)
    }

    /// What is wrong with its schedule: a line that is no cron line, or that comes true twice in a day.
    pub(super) fn fault(self, config: &JobsConfig) -> Option<(&'static str, Fault)> {
        let text = self.text(config)?;
        let fault = match Line::parse(text, &config.calendar()) {
            Ok(line) => more_than_daily(&line).map(|day| Fault::MoreThanDaily(text.to_string(), day))?,
            Err(fault) => fault,
        };
        Some((self.key(), fault))
    }
}

/// A day on which a line comes true more than once.
fn more_than_daily(line: &Line) -> Option<NaiveDate> {
    let next = |at: DateTime<Utc>| line.next_after(at).ok();
    let times = std::iter::successors(next(before(PROOF_BEGINS)), |at| next(*at));
    let days: Vec<_> = times.take(PROVED).map(tokyo_day).collect();
    days.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

/// Runs what is due of all of them. One that fails is recorded, and stops nothing else.
///
/// # Errors
/// When the ledger cannot be read or written, or a schedule is wrong.
pub(super) async fn tick(workspace: &Workspace, lock: &WriteLock, report: &mut TickReport) -> Result<()> {
    for routine in Routine::ALL {
        let due = due_of(workspace, routine, report).await?;
        let Some(run) = due else { continue };
        if !ledger::begin(workspace, &run).await? {
            continue;
        }
        crash::reach(CrashPoint::RoutineBegun);
        let made = match routine {
            Routine::Backup => backups::make(workspace, lock).await,
            Routine::Verification => verification::compare(workspace).await,
            Routine::Purge => purging::purge(workspace, lock).await,
            Routine::Watch => watch::watch(workspace, &run).await,
        };
        crash::reach(CrashPoint::RoutineDone);
        let outcome = match made {
            Ok(told) => JobOutcome::new(&run, JobState::Done, told),
            Err(error) => {
                let failure = Failure::of(&error);
                tracing::info!(job = run.job, period = run.period, error = format!("{error:#}"), "job failed");
                JobOutcome::failed(&run, failure)
            }
        };
        ledger::end(workspace, &run, outcome.state, &outcome.note()).await?;
        report.others.push(outcome);
    }
    Ok(())
}

/// The period of a routine that is to be run now, if there is one. All that were missed have their rows afterwards, and all but
/// the newest are passed over.
async fn due_of(workspace: &Workspace, routine: Routine, report: &mut TickReport) -> Result<Option<JobRun>> {
    let now = workspace.clock.now();
    let line = routine.schedule(&workspace.config.jobs)?;
    if let Some(line) = &line {
        let rows = rows(workspace, routine).await?;
        let last = rows.iter().map(|run| run.scheduled_at).filter(|at| *at <= now).max();
        // Of a clock that was set back to before the first one, nothing is due.
        let missed = if rows.is_empty() || last.is_some() { missed(line, last, now) } else { Vec::new() };
        for at in missed.into_iter().rev() {
            ledger::add(workspace, routine.name(), &period_of(at), at).await?;
        }
    }
    for run in rows(workspace, routine)
        .await?
        .iter()
        .filter(|run| !is_open(run) && run.scheduled_at <= now && was_ended_ahead(run, now))
    {
        ledger::reopen(workspace, run).await?;
    }
    let rows = rows(workspace, routine).await?;
    // Of a clock that was set back, what lies ahead is not due.
    let Some(newest) = rows.iter().filter(|run| run.scheduled_at <= now).max_by_key(|run| run.scheduled_at) else {
        return Ok(None);
    };
    for run in rows.iter().filter(|run| is_open(run) && run.scheduled_at <= now) {
        let why = match &line {
            None => ("JOB-044", String::new()),
            Some(_) if run.period != newest.period => ("JOB-041", newest.period.clone()),
            Some(_) => continue,
        };
        let outcome = JobOutcome::new(run, JobState::Skipped, why);
        ledger::end(workspace, run, outcome.state, &outcome.note()).await?;
        report.others.push(outcome);
    }
    let is_due = line.is_some() && is_open(newest) && may_be_tried(newest, now);
    Ok(is_due.then(|| newest.clone()))
}

async fn rows(workspace: &Workspace, routine: Routine) -> Result<Vec<JobRun>> {
    let mut runs = ledger::runs(workspace).await?;
    runs.retain(|run| run.job == routine.name());
    Ok(runs)
}

fn is_open(run: &JobRun) -> bool {
    !matches!(run.state, JobState::Done | JobState::Skipped)
}

/// Instants of a line after the last one and up to now, the newest first; without a last one the newest alone.
fn missed(line: &Line, last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    // The search goes back from an instant that is not itself among what it finds, and leaves fractions of a second as they are.
    let before = line.before(now.trunc_subsecs(0) + TimeDelta::seconds(1)).filter(|at| *at <= now);
    match last {
        None => before.take(1).collect(),
        Some(last) => before.take_while(|at| *at > last).take(MOST_PERIODS).collect(),
    }
}

/// A period is named by its day in Japan.
fn period_of(at: DateTime<Utc>) -> String {
    tokyo_day(at).to_string()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn days(line: &str, last: Option<&str>, now: &str) -> Vec<String> {
        let line = Line::parse(line, &JobsConfig::default().calendar()).expect("a line");
        missed(&line, last.map(at), at(now)).into_iter().map(period_of).collect()
    }

    #[test]
    fn first_time_only_the_newest_is_due() {
        assert_eq!(days("0 30 1 * * *", None, "2026-01-10T00:00:00Z"), ["2026-01-10"]);
        assert_eq!(days("0 0 3 * * SUN", None, "2026-01-10T00:00:00Z"), ["2026-01-04"]);
    }

    /// The very second of the line is due, the second before is not.
    #[rstest]
    #[case::before("2026-01-09T16:29:59Z", &[])]
    #[case::exactly("2026-01-09T16:30:00Z", &["2026-01-10"])]
    #[case::within_the_second("2026-01-09T16:30:00.999Z", &["2026-01-10"])]
    #[case::three_missed("2026-01-12T00:00:00Z", &["2026-01-12", "2026-01-11", "2026-01-10"])]
    #[case::clock_set_back("2020-01-12T00:00:00Z", &[])]
    fn what_was_missed_since_the_last_is_due(#[case] now: &str, #[case] expected: &[&str]) {
        // 01:30 in Tokyo on the 9th.
        assert_eq!(days("0 30 1 * * *", Some("2026-01-08T16:30:00Z"), now), expected);
    }

    /// In January the third business day is the 7th, in February the 4th, in May, after Golden Week, the 11th.
    #[rstest]
    #[case::second_before("2026-01-06T20:59:59Z", &[])]
    #[case::exactly("2026-01-06T21:00:00Z", &["2026-01-07"])]
    #[case::half_a_year("2026-06-01T00:00:00Z", &["2026-05-08", "2026-04-03", "2026-03-04", "2026-02-04", "2026-01-07"])]
    #[case::clock_set_back("2025-01-31T00:00:00Z", &[])]
    fn missed_business_days_are_found(#[case] now: &str, #[case] expected: &[&str]) {
        assert_eq!(days("0 0 6 3B * *", Some("2025-12-04T00:00:00Z"), now), expected);
    }

    #[test]
    fn very_many_missed_periods_are_bounded() {
        let found = days("0 30 1 * * *", Some("2020-01-08T16:30:00Z"), "2026-01-12T00:00:00Z");
        assert_eq!((found.len(), found[0].as_str()), (400, "2026-01-12"));
    }

    #[rstest]
    #[case::daily("0 30 1 * * *", None)]
    #[case::weekly("0 0 3 * * SUN", None)]
    #[case::monthly("0 0 3 1 * *", None)]
    #[case::leap_day("0 0 3 29 2 *", None)]
    #[case::business_day("0 0 3 3B * *", None)]
    #[case::twice_on_a_business_day("0 0 6,18 3B * *", Some("JOB-040"))]
    #[case::no_business_day("0 0 3 25B * *", Some("JOB-070"))]
    #[case::twice_a_day("0 0 6,18 * * *", Some("JOB-040"))]
    #[case::every_second("* * * * * *", Some("JOB-040"))]
    #[case::twice_on_mondays("0 0 6,18 * * MON", Some("JOB-040"))]
    #[case::no_line("毎日", Some("JOB-003"))]
    fn schedule_comes_true_once_a_day_at_most(#[case] line: &str, #[case] code: Option<&str>) {
        let config = JobsConfig { verify_at: Some(line.into()), ..JobsConfig::default() };
        let found = Routine::Verification.fault(&config);
        assert_eq!(found.as_ref().map(|(key, fault)| (*key, fault.code())), code.map(|code| ("jobs.verify_at", code)));
        assert_eq!(Routine::Backup.fault(&config), None);
    }
}
