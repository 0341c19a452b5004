//! Which months there are, when their time comes, and what they would be made from (R19, R29).
//!
//! The ledger follows the settings and the exports: months whose time has come get a row, the time of a month that is
//! not made follows the schedule, and a month before the first that any export can serve loses its row. [`Present`] is
//! read once for each command; what follows from it is computed here and written by [`settle`].

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use super::monthly_papers::{MONTHLY_PAPERS, SNAPSHOT};
use super::schedule::{self, Schedule};
use super::tick_report::{MadeVersion, TickReport};
use crate::clock::{Clock, tokyo_day};
use crate::config::ConfigError;
use crate::domain::as_of::month_end;
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::ledger::{JobPaper, JobRun, JobState, JobVersion, VersionKind};
use crate::error::{Failure, FailureKind};
use crate::service::keep::{Workspace, ledger};
use crate::service::papers;

/// The ledger, the exports and the schedule at one instant.
pub(super) struct Present {
    pub(super) schedule: Schedule,
    pub(super) now: DateTime<Utc>,
    /// Days of all exports that stand, ascending.
    exports: Vec<NaiveDate>,
    /// Days of all files that have a say about members, ascending.
    telling: Vec<NaiveDate>,
    /// The first month that the job is responsible for; `None` while nothing says which.
    pub(super) first: Option<NaiveDate>,
    pub(super) runs: Vec<JobRun>,
    versions: BTreeMap<String, Vec<JobVersion>>,
    papers: Vec<JobPaper>,
}

/// What the settings and the exports ask of a row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    None,
    /// Its time is another one now.
    Move(DateTime<Utc>),
    /// It lies before the first month and was never started.
    Drop,
}

impl Present {
    /// Reads everything.
    pub(super) async fn read(workspace: &Workspace) -> Result<Self> {
        let schedule = Schedule::of(&workspace.config.jobs)?;
        let now = workspace.clock.now();
        let exports = ledger::export_days(workspace).await?;
        let first = first_month(workspace, &schedule, now, exports.first().copied())?;
        let mut versions: BTreeMap<String, Vec<JobVersion>> = BTreeMap::new();
        for version in ledger::versions(workspace).await? {
            versions.entry(version.period.clone()).or_default().push(version);
        }
        Ok(Self {
            schedule,
            now,
            exports,
            telling: ledger::telling_days(workspace).await?,
            first,
            runs: ledger::runs(workspace).await?,
            versions,
            papers: ledger::papers(workspace).await?,
        })
    }

    /// The versions of a period by number.
    pub(super) fn versions(&self, period: &str) -> &[JobVersion] {
        self.versions.get(period).map_or(&[], Vec::as_slice)
    }

    /// The newest version of a period that is not one of before its cut-off.
    pub(super) fn firm(&self, period: &str) -> Option<&JobVersion> {
        self.versions(period).iter().rev().find(|version| version.kind != VersionKind::Early)
    }

    /// The papers of a version, made or not, by report.
    pub(super) fn papers<'p>(&'p self, version: &'p JobVersion) -> impl Iterator<Item = &'p JobPaper> {
        let is_of = |paper: &&JobPaper| {
            (&paper.job, &paper.period, paper.version) == (&version.job, &version.period, version.version)
        };
        self.papers.iter().filter(is_of)
    }

    /// What the ledger has of a period in a folder of papers.
    pub(super) fn run_in(&self, folder: &str, run: &JobRun) -> papers::Run {
        let versions = self.versions(&run.period).iter().filter(|version| version.folder == folder);
        let made = versions.flat_map(|version| self.papers(version)).filter(|paper| paper.is_made());
        papers::Run {
            name: format!("{} {}", run.job, run.period),
            recorded: made.map(|paper| paper.detail.clone()).collect(),
        }
    }

    /// Reports of a version that were made.
    pub(super) fn made(&self, version: &JobVersion) -> Vec<String> {
        self.papers(version).filter(|paper| paper.is_made()).map(|paper| paper.report.clone()).collect()
    }

    /// A version with the papers that the ledger has of it, and the versions before it.
    pub(super) fn made_version(&self, version: &JobVersion) -> MadeVersion {
        let papers = self.papers(version).filter(|paper| paper.is_made() && paper.report != SNAPSHOT);
        let kept = self.versions(&version.period).iter().filter(|one| one.version < version.version);
        MadeVersion {
            version: version.clone(),
            papers: papers.map(|paper| (paper.report.clone(), paper.detail.clone())).collect(),
            kept: kept.cloned().collect(),
        }
    }

    /// Whether a version has papers, which must stay as they are; the snapshot alone is none.
    pub(super) fn has_papers(&self, version: &JobVersion) -> bool {
        // An older program recorded files without their papers.
        let is_of_before = version.n_files > 0 && self.papers(version).next().is_none();
        is_of_before || self.papers(version).any(|paper| paper.is_made() && paper.report != SNAPSHOT)
    }

    /// Months whose papers are made as a whole, ascending.
    pub(super) fn made_months(&self) -> impl Iterator<Item = &str> {
        let made = self.runs.iter().filter(|run| run.job == MONTHLY_PAPERS && run.state == JobState::Done);
        made.map(|run| run.period.as_str()).filter(|period| self.firm(period).is_some())
    }

    /// Months that are done although their time has not come. Before its time a month is only made as a preliminary version,
    /// which does not make it done. What else was done ahead, such as a backup, is not made once more.
    pub(super) fn made_ahead(&self) -> Vec<String> {
        let done = self.runs.iter().filter(|run| run.job == MONTHLY_PAPERS && run.state == JobState::Done);
        let ahead = done.filter(|run| run.scheduled_at > self.now);
        ahead.map(|run| run.period.clone()).collect()
    }

    /// The row of a period, or the one that it would have.
    ///
    /// # Errors
    /// When the schedule never comes true.
    pub(super) fn run_of(&self, month: NaiveDate) -> Result<(JobRun, bool)> {
        let occurrence = self.schedule.of_month(month)?;
        if let Some(run) = self.runs.iter().find(|run| run.job == MONTHLY_PAPERS && run.period == occurrence.period) {
            return Ok((run.clone(), true));
        }
        let run = JobRun {
            job: MONTHLY_PAPERS.into(),
            period: occurrence.period,
            scheduled_at: occurrence.scheduled_at,
            state: JobState::Due,
            attempts: 0,
            started_at: None,
            finished_at: None,
            note: String::new(),
        };
        Ok((run, false))
    }

    /// What was known by the cut-off of a run, if an export between its as-of day and its cut-off tells of it (R19).
    pub(super) fn known_by_cut_off(&self, run: &JobRun) -> Option<NaiveDate> {
        // Exports of the cut-off day itself tell of its evening; a punctual run cannot have seen them.
        self.known_before(&run.period, tokyo_day(run.scheduled_at))
    }

    /// What the first export tells that tells of a period, if there is one by now: of one that came after the cut-off.
    pub(super) fn known_by_first_export(&self, period: &str) -> Option<NaiveDate> {
        let as_of = as_of(period)?;
        let first = self.exports.iter().copied().find(|day| *day >= as_of)?;
        self.known_now(period).map(|_| first)
    }

    /// What is known now, if an export since the as-of day of a period tells of it.
    pub(super) fn known_now(&self, period: &str) -> Option<NaiveDate> {
        // A file may be a day ahead of the clock (R24).
        self.known_before(period, tokyo_day(self.now).checked_add_days(Days::new(2))?)
    }

    fn known_before(&self, period: &str, end: NaiveDate) -> Option<NaiveDate> {
        let as_of = as_of(period)?;
        let is_reported = self.exports.iter().any(|day| *day >= as_of && *day < end);
        // Applications and adjustments since the export have their say, up to the same day.
        let known_at = self.telling.iter().copied().filter(|day| *day < end).max();
        known_at.filter(|_| is_reported)
    }

    /// The ledger as it is once the settings and the exports have had their say; nothing is written.
    pub(super) fn rows(&self) -> Result<Vec<JobRun>> {
        let mut out = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            match self.change(run)? {
                Change::None => out.push(run.clone()),
                Change::Move(scheduled_at) => out.push(Self::moved(run, scheduled_at)),
                Change::Drop => {}
            }
        }
        Ok(out)
    }

    fn moved(run: &JobRun, scheduled_at: DateTime<Utc>) -> JobRun {
        JobRun { scheduled_at, state: JobState::Due, note: String::new(), ..run.clone() }
    }

    /// Whether a period still waits for its time or its export: then its time follows the schedule.
    pub(super) fn is_open(&self, run: &JobRun) -> bool {
        let waits = matches!(run.state, JobState::Due | JobState::Waiting | JobState::Failed);
        // A version that a person has asked for, and papers that were made, keep the cut-off they were made for.
        let is_bound = |version: &JobVersion| version.kind != VersionKind::Punctual || self.has_papers(version);
        let firm = self.versions(&run.period).iter().filter(|version| version.kind != VersionKind::Early);
        waits && !firm.into_iter().any(is_bound)
    }

    fn change(&self, run: &JobRun) -> Result<Change> {
        let Some(month) = schedule::month_of(&run.period) else { return Ok(Change::None) };
        if run.job != MONTHLY_PAPERS || !self.is_open(run) {
            return Ok(Change::None);
        }
        let was_started = run.attempts > 0 || !self.versions(&run.period).is_empty();
        // A month that has not ended got its row from a clock that was wrong.
        let is_to_come = month_end(month) >= tokyo_day(self.now);
        if !was_started && (is_to_come || self.first.is_some_and(|first| month < first)) {
            return Ok(Change::Drop);
        }
        let scheduled_at = self.schedule.of_month(month)?.scheduled_at;
        Ok(if scheduled_at == run.scheduled_at { Change::None } else { Change::Move(scheduled_at) })
    }
}

/// The clock of a machine before this year was never set.
const UNSET_BEFORE: i32 = 2020;

/// Refuses to work by a clock that is behind what was taken in: files would be refused as if they came from the future, and
/// months would wait. A time that a person has said is taken as said.
///
/// # Errors
/// [`Failure`] JOB-022 with the time and the day of the newest file; when the store cannot be read.
pub(super) async fn refuse_clock_behind(workspace: &Workspace) -> Result<()> {
    if matches!(workspace.clock, Clock::Fixed(_)) {
        return Ok(());
    }
    let today = tokyo_day(workspace.clock.now());
    let newest = ledger::telling_days(workspace).await?.last().copied();
    // A file may be a day ahead of the clock (R24).
    let is_behind = newest.is_some_and(|day| today.checked_add_days(Days::new(1)).is_some_and(|last| last < day));
    if !is_behind && today.year() >= UNSET_BEFORE {
        return Ok(());
    }
    let newest = newest.map_or_else(|| "-".to_string(), |day| day.to_string());
    Err(Failure::new(FailureKind::Environment, "JOB-022", format!("{today} < {newest}")).into())
}

/// 基準日 of a period: the end of a month, 1 December of a survey.
pub(super) fn as_of(period: &str) -> Option<NaiveDate> {
    schedule::month_of(period).map(month_end).or_else(|| schedule::survey_day(period))
}

/// Lets the times of periods that are not made follow the schedule of the settings (R29).
pub(super) async fn follow(workspace: &Workspace, report: &mut TickReport) -> Result<()> {
    let present = Present::read(workspace).await?;
    for run in &present.runs {
        if let Change::Move(scheduled_at) = present.change(run)? {
            ledger::reschedule(workspace, &Present::moved(run, scheduled_at)).await?;
            report.moved.push((run.period.clone(), scheduled_at));
        }
    }
    Ok(())
}

/// Brings the ledger in line with the settings and the exports, and makes a row for each month whose time has come.
pub(super) async fn settle(workspace: &Workspace, report: &mut TickReport) -> Result<()> {
    follow(workspace, report).await?;
    let present = Present::read(workspace).await?;
    for run in &present.runs {
        if present.change(run)? == Change::Drop {
            ledger::drop_run(workspace, run).await?;
            // A month before the first export has ended long ago.
            if schedule::month_of(&run.period).is_some_and(|month| month_end(month) >= tokyo_day(present.now)) {
                report.early.push(run.period.clone());
            }
            report.dropped.push(run.period.clone());
        }
    }
    let Some(first) = present.first else { return Ok(()) };
    for occurrence in present.schedule.between(first, present.now)? {
        ledger::add(workspace, MONTHLY_PAPERS, &occurrence.period, occurrence.scheduled_at).await?;
    }
    Ok(())
}

/// The first month that the job is responsible for: that of the settings, but none before the first that an export can
/// serve. Where there is no export yet, the newest month that has ended may still get one.
fn first_month(
    workspace: &Workspace,
    schedule: &Schedule,
    now: DateTime<Utc>,
    first_export: Option<NaiveDate>,
) -> Result<Option<NaiveDate>> {
    let Some(text) = &workspace.config.jobs.first_month else {
        return first_export.map(|day| first_served(schedule, day)).transpose();
    };
    let asked = schedule::month_of(text).ok_or_else(|| {
        let (file, key) = ("kaiin.toml".into(), "jobs.first_month".into());
        ConfigError::of(PlacedFault { file, line: None, key, fault: Fault::NotAFirstMonth(text.clone()) })
    })?;
    let served = match first_export {
        Some(day) => first_served(schedule, day)?,
        None => schedule::month_start_before(tokyo_day(now)),
    };
    Ok(Some(asked.max(served)))
}

/// The oldest month that an export of a day can serve.
fn first_served(schedule: &Schedule, day: NaiveDate) -> Result<NaiveDate> {
    let before = schedule::month_start_before(day);
    let serves_before = day < tokyo_day(schedule.of_month(before)?.scheduled_at) && day >= month_end(before);
    Ok(if serves_before { before } else { schedule::month_start_of(day) })
}
