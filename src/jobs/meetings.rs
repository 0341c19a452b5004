//! 会議: the folder of each meeting of the calendar, and some days before it a draft of its pack.
//!
//! The calendar is a table of the office; folders are made beside it. The agenda and the tables in a folder are the work of people: the
//! clock makes a draft of what is there, waits where something is to be mended, and makes no pack that is handed out.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::retry::{may_be_tried, was_ended_ahead};
use super::tick_report::{JobOutcome, TickReport};
use crate::clock::{tokyo, tokyo_day};
use crate::config::JobsConfig;
use crate::crash::{self, CrashPoint};
use crate::domain::as_of::AsOf;
use crate::domain::ledger::{JobRun, JobState};
use crate::domain::report::Definition;
use crate::error::Failure;
use crate::service::keep::{Workspace, ledger};
use crate::service::known::vintage::Vintage;
use crate::service::meetings::{self, CalendarMeeting, MeetingRequest};
use crate::service::papers::{self, PaperFormat, Variant};

/// Name in the ledger.
pub const MEETING: &str = "meeting";

/// The job of the calendar itself, of which there is one row: whether it can be read, and since when the clock follows it.
pub const CALENDAR: &str = "meeting-calendar";

/// The period of that row.
const FOLLOWED: &str = "calendar";

/// Letters of the day with which a period begins.
const DAY_LENGTH: usize = 10;

/// The hour of Tokyo at which something is due on its day.
const HOUR: u32 = 6;

/// A meeting with what the clock does about it.
struct Planned {
    meeting: CalendarMeeting,
    folder: PathBuf,
    /// Name of the folder: the period.
    period: String,
    /// When its folder is made.
    folder_at: DateTime<Utc>,
    /// When its draft is made.
    draft_at: DateTime<Utc>,
}

/// Where the calendar is; `None` where the settings have none.
fn calendar_file(workspace: &Workspace) -> Option<PathBuf> {
    workspace.config.jobs.meetings.as_ref().map(|file| workspace.folder().join(file))
}

/// The instant at which something is due so many days before a day.
fn due_before(day: NaiveDate, days: u32) -> Option<DateTime<Utc>> {
    let on = day.checked_sub_days(Days::new(days.into()))?;
    let hour = NaiveTime::from_hms_opt(HOUR, 0, 0)?;
    on.and_time(hour).and_local_timezone(tokyo()).single().map(|at| at.to_utc())
}

fn planned(all: &[Definition], root: &Path, config: &JobsConfig, meeting: CalendarMeeting) -> Option<Planned> {
    let period = meetings::folder_name(all, &meeting.name, meeting.held_on);
    let folder_days = config.meeting_folder_days.max(config.meeting_draft_days);
    Some(Planned {
        folder: root.join(&period),
        period,
        folder_at: due_before(meeting.held_on, folder_days)?,
        draft_at: due_before(meeting.held_on, config.meeting_draft_days)?,
        meeting,
    })
}

/// Reads the calendar.
fn read(workspace: &Workspace, file: &Path) -> Result<(Vec<Planned>, Vec<Failure>)> {
    let (all, root) = (papers::list(workspace)?, file.parent().unwrap_or(Path::new("")));
    let read = meetings::calendar(file, &|name, held_on| meetings::folder_name(&all, name, held_on))?;
    let config = &workspace.config.jobs;
    let planned = read.meetings.into_iter().filter_map(|one| planned(&all, root, config, one));
    Ok((planned.collect(), read.faults))
}

/// The next draft of a meeting to come: its folder, and when it is made; none where the calendar cannot be read.
pub(super) fn coming(workspace: &Workspace) -> Option<(String, DateTime<Utc>)> {
    let now = workspace.clock.now();
    let (planned, _) = read(workspace, &calendar_file(workspace)?).ok()?;
    planned.into_iter().find(|one| one.draft_at > now).map(|one| (one.period, one.draft_at))
}

/// Makes folders and drafts that are due. One that fails is recorded, and stops nothing else.
///
/// # Errors
/// When the ledger cannot be read or written.
pub(super) async fn tick(workspace: &Workspace, report: &mut TickReport) -> Result<()> {
    let Some(file) = calendar_file(workspace) else {
        for run in rows(workspace).await?.iter().filter(|run| is_open(run)) {
            record(workspace, run, JobOutcome::new(run, JobState::Skipped, ("JOB-044", String::new())), report).await?;
        }
        return Ok(());
    };
    let rows = rows(workspace).await?;
    let own = followed(workspace, &rows).await?;
    let read = read(workspace, &file);
    let (planned, mut faults) = match read {
        Ok((planned, faults)) => (planned, faults.into_iter()),
        Err(error) => (Vec::new(), vec![Failure::of(&error)].into_iter()),
    };
    let (fault, since) = (faults.next(), own.scheduled_at);
    let is_whole = fault.is_none();
    match fault {
        // The ledger keeps the first one; all are told.
        Some(fault) => record(workspace, &own, JobOutcome::failed(&own, fault), report).await?,
        // It is followed as long as the settings name it, which is news to nobody.
        None if own.state == JobState::Failed => ledger::reschedule(workspace, &own).await?,
        None => {}
    }
    report.others.extend(faults.map(|fault| JobOutcome::failed(&own, fault)));
    let known = Known { rows: &rows, planned: &planned, since };
    for one in &planned {
        if let Err(error) = follow(workspace, one, &known, report).await {
            // A ledger that refuses one meeting may take the next one; what cannot be recorded is tried again.
            report.failed.push((one.period.clone(), Failure::of(&error)));
        }
    }
    // A row that cannot be read may be any of them.
    if is_whole {
        for run in rows.iter().filter(|run| run.job == MEETING && is_open(run) && !known.is_planned(&run.period)) {
            record(workspace, run, JobOutcome::new(run, JobState::Skipped, ("JOB-084", String::new())), report).await?;
        }
    }
    Ok(())
}

/// What is known of all meetings at a ring.
struct Known<'k> {
    /// Rows of meetings and of their calendar, as they were when it began.
    rows: &'k [JobRun],
    planned: &'k [Planned],
    /// When the clock began to follow the calendar.
    since: DateTime<Utc>,
}

impl Known<'_> {
    fn is_planned(&self, period: &str) -> bool {
        self.planned.iter().any(|one| one.period == period)
    }

    /// The folder of a meeting of the same name and another day to come, which the calendar does not name any more: the meeting
    /// was put off or brought forward.
    fn moved_from(&self, one: &Planned, today: NaiveDate) -> Option<&str> {
        let name = one.period.get(DAY_LENGTH..)?;
        let is_before = |period: &&str| {
            let is_to_come = meetings::day_in(period).is_some_and(|day| day >= today);
            period.get(DAY_LENGTH..) == Some(name) && is_to_come && !self.is_planned(period)
        };
        let periods = self.rows.iter().filter(|run| run.job == MEETING).map(|run| run.period.as_str());
        periods.filter(is_before).find(|period| one.folder.with_file_name(period).is_dir())
    }
}

/// The row of the calendar. One that was passed over, as the settings did not name it for a while, begins anew, as does one
/// of a clock that was ahead.
async fn followed(workspace: &Workspace, rows: &[JobRun]) -> Result<JobRun> {
    let now = workspace.clock.now();
    let mut own = match rows.iter().find(|run| run.job == CALENDAR) {
        Some(own) => own.clone(),
        None => added(workspace, (CALENDAR, FOLLOWED), now).await?,
    };
    if own.state == JobState::Skipped || own.scheduled_at > now {
        (own.scheduled_at, own.state) = (now, JobState::Due);
        ledger::reschedule(workspace, &own).await?;
    }
    Ok(own)
}

/// A row that was not there.
async fn added(workspace: &Workspace, (job, period): (&str, &str), at: DateTime<Utc>) -> Result<JobRun> {
    ledger::add(workspace, job, period, at).await?;
    let is_it = |run: &JobRun| (run.job.as_str(), run.period.as_str()) == (job, period);
    rows(workspace).await?.into_iter().find(is_it).context("the row was added")
}

/// All rows of meetings and of their calendar.
async fn rows(workspace: &Workspace) -> Result<Vec<JobRun>> {
    let mut runs = ledger::runs(workspace).await?;
    runs.retain(|run| run.job == MEETING || run.job == CALENDAR);
    Ok(runs)
}

fn is_open(run: &JobRun) -> bool {
    !matches!(run.state, JobState::Done | JobState::Skipped)
}

/// Whether a meeting was passed over because the calendar or the settings did not name it, or ended by a clock that was ahead: it has
/// not had its turn.
fn has_had_no_turn(run: &JobRun, now: DateTime<Utc>) -> bool {
    let was_gone = ["JOB-084", "JOB-044"].iter().any(|code| run.note.starts_with(code));
    run.state == JobState::Skipped && was_gone || was_ended_ahead(run, now)
}

/// Does what is due about a meeting. What was over when the clock began to follow the calendar was never asked of it.
async fn follow(workspace: &Workspace, one: &Planned, known: &Known<'_>, report: &mut TickReport) -> Result<()> {
    let now = workspace.clock.now();
    let is_over = one.meeting.held_on < tokyo_day(now);
    if one.folder_at > now {
        return Ok(());
    }
    let mut run = match known.rows.iter().find(|run| run.job == MEETING && run.period == one.period) {
        Some(run) => run.clone(),
        None if is_over && one.draft_at < known.since => return Ok(()),
        None => added(workspace, (MEETING, &one.period), one.draft_at).await?,
    };
    if !is_open(&run) && has_had_no_turn(&run, now) && !is_over {
        ledger::reopen(workspace, &run).await?;
        run.state = JobState::Due;
    }
    if !is_open(&run) {
        return Ok(());
    }
    if is_over {
        return record(workspace, &run, JobOutcome::new(&run, JobState::Skipped, ("JOB-083", String::new())), report)
            .await;
    }
    if run.scheduled_at != one.draft_at {
        run.scheduled_at = one.draft_at;
        ledger::reschedule(workspace, &run).await?;
    }
    if !may_be_tried(&run, now) {
        return Ok(());
    }
    match made(workspace, (one, known), &run).await {
        Ok(Some(outcome)) => record(workspace, &run, outcome, report).await,
        Ok(None) => Ok(()),
        Err(error) => {
            tracing::info!(job = run.job, period = run.period, error = format!("{error:#}"), "job failed");
            record(workspace, &run, JobOutcome::failed(&run, Failure::of(&error)), report).await
        }
    }
}

/// Makes the folder of a meeting, and its draft once that is due; `None` while there is nothing to say.
async fn made(workspace: &Workspace, (one, known): (&Planned, &Known<'_>), run: &JobRun) -> Result<Option<JobOutcome>> {
    let now = workspace.clock.now();
    let told = |state, told| Ok(Some(JobOutcome::new(run, state, told)));
    if !one.folder.exists()
        && let Some(before) = known.moved_from(one, tokyo_day(now))
    {
        return told(JobState::Waiting, ("JOB-089", format!("{before} → {}", one.period)));
    }
    if meetings::lacks_workbook(&one.folder) {
        let root = one.folder.parent().unwrap_or(Path::new(""));
        meetings::make(workspace, root, &one.meeting.name, one.meeting.held_on).await?;
    }
    if one.draft_at > now {
        return Ok(None);
    }
    let packs = meetings::packs_at_hand(&one.folder);
    if let Some(pack) = packs.iter().find(|pack| !pack.manifest.draft) {
        return told(JobState::Done, ("JOB-082", pack.name.clone()));
    }
    let Some((as_of, known_at)) = days(workspace, one).await? else {
        return told(JobState::Waiting, ("JOB-085", one.period.clone()));
    };
    let checked = meetings::check(workspace, &one.folder, Some(as_of)).await?;
    if !checked.faults.is_empty() {
        return told(JobState::Waiting, ("JOB-086", one.period.clone()));
    }
    if checked.plan.held_on != one.meeting.held_on {
        return told(JobState::Waiting, ("JOB-088", format!("{}: {}", one.period, checked.plan.held_on)));
    }
    if checked.plan.groups.iter().all(|group| group.items.is_empty()) {
        return told(JobState::Waiting, ("JOB-087", one.period.clone()));
    }
    if !ledger::begin(workspace, run).await? {
        return Ok(None);
    }
    crash::reach(CrashPoint::RoutineBegun);
    let vintage = Vintage::open(workspace, Some(known_at)).await?;
    let request = MeetingRequest {
        folder: one.folder.clone(),
        as_of,
        known_at: Some(known_at),
        issued_on: None,
        variant: Variant::External,
        draft: true,
        strict_characters: false,
        replaced: None,
    };
    let out = meetings::packs_of(&one.folder);
    meetings::build(workspace, &vintage, &request, (&[PaperFormat::Pdf], &out)).await?;
    crash::reach(CrashPoint::RoutineDone);
    told(JobState::Done, ("JOB-081", one.period.clone()))
}

/// 基準日 and 知識時点 of a draft: of what was known by its time, else of what came since. `None` while no export was taken in.
async fn days(workspace: &Workspace, one: &Planned) -> Result<Option<(AsOf, NaiveDate)>> {
    let cut_off = tokyo_day(one.draft_at);
    let newest = |days: &[NaiveDate]| {
        let in_time = days.iter().copied().filter(|day| *day < cut_off).max();
        in_time.or_else(|| days.iter().copied().min())
    };
    let exports = ledger::export_days(workspace).await?;
    let Some(export) = newest(&exports) else { return Ok(None) };
    let known_at = newest(&ledger::telling_days(workspace).await?).unwrap_or(export).max(export);
    Ok(Some((AsOf(meetings::usual_day(export, Some(one.meeting.held_on))), known_at)))
}

/// Writes what a row is now, unless it is as it was, and tells it. A failure is written each time: when it is tried again follows
/// from that.
async fn record(workspace: &Workspace, run: &JobRun, outcome: JobOutcome, report: &mut TickReport) -> Result<()> {
    if outcome.is_new || outcome.state == JobState::Failed {
        ledger::end(workspace, run, outcome.state, &outcome.note()).await?;
    }
    report.others.push(outcome);
    Ok(())
}
