//! What a person has to do about the scheduled work, as `kaiin` alone tells it (今月やること), and what the clock does next.
//! Nothing is changed.

use anyhow::Result;

use super::condition::{overdue, shown};
use super::distribution::DISTRIBUTION;
use super::listing::{self, ListedRun};
use super::monthly_papers::{MONTHLY_PAPERS, SURVEY};
use super::periods::Present;
use super::reports::unknown_reports;
use super::routine::Routine;
use super::{periods, schedule, watch};
use crate::clock::tokyo_day;
use crate::domain::ledger::{JobRun, JobState};
use crate::error::{Detail, Failure};
use crate::messages::codes;
use crate::service::doctor::given::Opened;
use crate::service::keep::Workspace;
use crate::service::today::{Coming, Looked, Subject, Task};

/// Reasons of a month that are told; `kaiin jobs list` has them all.
const REASONS: usize = 2;

/// What there is to do about the scheduled work, and the month that comes next.
pub async fn to_do(looked: &Looked) -> (Vec<Task>, Option<Coming>) {
    // A schedule that stands in settings which cannot be read is not known; an empty folder has other things to do.
    let Opened::Store(workspace) = &looked.opened else { return (Vec::new(), None) };
    if looked.given.settings_fault.is_some() {
        return (Vec::new(), None);
    }
    of_ledger(workspace, looked).await.unwrap_or_else(|error| {
        tracing::debug!(error = format!("{error:#}"), "the scheduled work could not be looked at");
        (vec![Task::failed(Subject::Months, &Failure::of(&error))], None)
    })
}

async fn of_ledger(workspace: &Workspace, looked: &Looked) -> Result<(Vec<Task>, Option<Coming>)> {
    let present = Present::read(workspace).await?;
    let coming = coming(workspace, &present).await?;
    // Before the first export of all something else is told.
    let asking = coming.as_ref().filter(|_| looked.newest.is_some());
    let mut tasks: Vec<Task> = asking.and_then(|one| lacking_export(one, &present)).into_iter().collect();
    if looked.newest.is_some() && tasks.is_empty() {
        tasks.extend(lacking_past_export(&present)?);
    }
    let (runs, others): (Vec<ListedRun>, Vec<ListedRun>) =
        listing::list(workspace).await?.into_iter().partition(|listed| listed.run.job == MONTHLY_PAPERS);
    for (state, code) in [(JobState::Failed, "TDY-030"), (JobState::Partial, "TDY-031")] {
        let found: Vec<&ListedRun> = runs.iter().filter(|listed| listed.run.state == state).collect();
        tasks.extend(of_months(code, &found).map(|task| task.because(reasons(&found))));
    }
    tasks.extend(waiting(&runs));
    let late = overdue(&present, &present.rows()?)?;
    tasks.extend((!late.is_empty()).then(|| Task::new(Subject::Months, "TDY-033", late.len(), &[&shown(&late)])));
    let revised: Vec<&ListedRun> = runs.iter().chain(&others).filter(|listed| listed.revision.is_some()).collect();
    tasks.extend(of_months("TDY-034", &revised));
    tasks.extend(failed(&others));
    let waits = |listed: &&ListedRun| listed.run.job == SURVEY && listed.run.state == JobState::Waiting;
    let surveys = others.iter().filter(waits);
    tasks.extend(surveys.map(|listed| Task::new(Subject::Export, "JOB-075", 1, &[&listed.run.period])));
    let told = watch::newest_told(present.runs.iter(), Routine::Watch.name());
    tasks.extend(told.map(|(day, counts)| Task::new(Subject::Months, "JOB-072", 1, &[&day, &counts])));
    tasks.extend(unknown_reports(workspace).map(|failure| Task::failed(Subject::Months, &failure)));
    Ok((tasks, coming))
}

/// The month that the clock makes next.
async fn coming(workspace: &Workspace, present: &Present) -> Result<Option<Coming>> {
    let Some(next) = listing::next(workspace, 1).await?.into_iter().next() else { return Ok(None) };
    let Some(month) = schedule::month_of(&next.period) else { return Ok(None) };
    let (run, _) = present.run_of(month)?;
    let cut_off = tokyo_day(next.scheduled_at);
    Ok(Some(Coming {
        is_export_there: present.known_by_cut_off(&run).is_some(),
        period: next.period,
        as_of: next.as_of,
        last: cut_off.pred_opt().unwrap_or(cut_off),
        scheduled_at: next.scheduled_at,
    }))
}

/// The export of the coming month, once the month has ended.
fn lacking_export(coming: &Coming, present: &Present) -> Option<Task> {
    let today = tokyo_day(present.now);
    let is_due = coming.as_of <= today && !coming.is_export_there;
    is_due.then(|| {
        let words: [&dyn std::fmt::Display; 4] = [&coming.period, &coming.as_of, &coming.last, &today.min(coming.last)];
        Task::new(Subject::Export, "TDY-010", 1, &words)
    })
}

/// The export of the newest month whose time has come, where none tells of it and no row of the ledger says so yet: nobody has rung
/// since.
fn lacking_past_export(present: &Present) -> Result<Option<Task>> {
    let today = tokyo_day(present.now);
    let mut month = schedule::month_start_before(today);
    if present.schedule.of_month(month)?.scheduled_at > present.now {
        // What may still come in time is told of the coming month.
        month = schedule::month_start_before(month);
    }
    let (run, is_there) = present.run_of(month)?;
    let is_lacking =
        !is_there && present.first.is_none_or(|first| first <= month) && present.known_now(&run.period).is_none();
    let as_of = periods::as_of(&run.period).filter(|_| is_lacking);
    Ok(as_of.map(|as_of| Task::new(Subject::Export, "JOB-073", 1, &[&run.period, &as_of])))
}

/// Months of one kind as one thing to do, which begins with the oldest.
fn of_months(code: &'static str, found: &[&ListedRun]) -> Option<Task> {
    let periods: Vec<String> = found.iter().map(|listed| listed.run.period.clone()).collect();
    let first = periods.first()?;
    Some(Task::new(Subject::Months, code, periods.len(), &[&shown(&periods), first]))
}

/// Jobs that make no papers of a month and could not be finished; what a distribution waits for is told of itself.
fn failed(others: &[ListedRun]) -> Option<Task> {
    let of_others = others.iter().filter(|listed| is_unfinished(&listed.run));
    let failed: Vec<&ListedRun> = of_others.filter(|listed| listed.run.job != DISTRIBUTION).collect();
    let names: Vec<String> = failed.iter().map(|one| format!("{} {}", one.run.job, one.run.period)).collect();
    let task = Task::new(Subject::Months, "TDY-035", names.len(), &[&shown(&names)]);
    (!names.is_empty()).then(|| task.because(reasons(&failed)))
}

/// Whether something failed; of a survey also a part.
fn is_unfinished(run: &JobRun) -> bool {
    run.state == JobState::Failed || (run.state == JobState::Partial && run.job == SURVEY)
}

/// Months without an export, with the days of the one that the oldest of them waits for.
fn waiting(runs: &[ListedRun]) -> Option<Task> {
    let found: Vec<&ListedRun> = runs.iter().filter(|listed| listed.waiting.is_some()).collect();
    let first = found.first()?.waiting.as_ref()?;
    let last = first.cut_off.pred_opt().unwrap_or(first.cut_off);
    let periods: Vec<String> = found.iter().map(|listed| listed.run.period.clone()).collect();
    let words: [&dyn std::fmt::Display; 4] = [&shown(&periods), &first.period, &first.from, &last];
    Some(Task::new(Subject::Months, "TDY-032", periods.len(), &words))
}

/// Why months could not be made, each reason once: that of each paper, else that of the month.
fn reasons(found: &[&ListedRun]) -> Vec<Detail> {
    let mut out: Vec<Detail> = Vec::new();
    for listed in found {
        let missing = listed.versions.last().map_or(&[][..], |newest| newest.missing.as_slice());
        let of_papers = missing.iter().map(|paper| (paper.code.as_str(), paper.detail.as_str()));
        let of_month = listed.run.note.split_once(": ").filter(|_| missing.is_empty());
        for (code, detail) in of_papers.chain(of_month) {
            // A code of another version of the program has no text.
            let Some(code) = codes().find(|known| *known == code) else { continue };
            let reason = Detail::of_words(code, vec![detail.to_string()]);
            if !out.contains(&reason) {
                out.push(reason);
            }
        }
    }
    out.truncate(REASONS);
    out
}
