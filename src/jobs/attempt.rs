//! One attempt at a version of a period: which version it is, what is still to be made of it, and what the ledger says
//! afterwards (R29, R31).

use anyhow::Result;
use chrono::NaiveDate;

use super::monthly_papers::{self, Outcome};
use super::periods::{Present, as_of};
use super::tick_report::{MadeVersion, TickReport, Waiting};
use crate::clock::tokyo_day;
use crate::crash::{self, CrashPoint};
use crate::domain::as_of::AsOf;
use crate::domain::ledger::{JobRun, JobState, JobVersion, VersionKind};
use crate::error::Failure;
use crate::service::keep::{Workspace, ledger};
use crate::service::known::vintage::Vintage;

/// Runs a month whose time has come: goes on with the version that was begun, else begins the punctual one with what was
/// known by the cut-off, else waits.
pub(super) async fn punctual(
    workspace: &Workspace,
    present: &Present,
    run: &JobRun,
    report: &mut TickReport,
) -> Result<()> {
    if !begin_or_go_on(workspace, present, (run, present.known_by_cut_off(run)), report).await? {
        let waiting = waiting(run);
        ledger::hold(workspace, run, JobState::Waiting, &waiting.note()).await?;
        report.waiting.push(waiting);
    }
    Ok(())
}

/// Goes on with the version of a period that was begun, else begins the punctual one with what is known of it; says whether there
/// was anything to make it from.
pub(super) async fn begin_or_go_on(
    workspace: &Workspace,
    present: &Present,
    (run, known_at): (&JobRun, Option<NaiveDate>),
    report: &mut TickReport,
) -> Result<bool> {
    let begun = present.firm(&run.period);
    // What a person asked for, papers that were made, and a run that was stopped fix what the rest is made from.
    let is_fixed = |one: &&JobVersion| {
        one.kind != VersionKind::Punctual || present.has_papers(one) || run.state == JobState::Running
    };
    if let Some(begun) = begun.filter(is_fixed) {
        attempt(workspace, present, run, begun.clone(), report).await?;
        return Ok(true);
    }
    let Some(known_at) = known_at else { return Ok(false) };
    let version = version(workspace, present, run, VersionKind::Punctual, known_at);
    attempt(workspace, present, run, version, report).await?;
    Ok(true)
}

/// Runs a period before its cut-off (速報). A version of what is known now that is there already is not made again.
pub(super) async fn early(
    workspace: &Workspace,
    present: &Present,
    run: &JobRun,
    known_at: NaiveDate,
    report: &mut TickReport,
) -> Result<()> {
    let newest = present.versions(&run.period).last().filter(|one| one.kind == VersionKind::Early);
    if let Some(newest) = newest.filter(|one| one.known_at == Some(known_at)) {
        let vintage = Vintage::open(workspace, Some(known_at)).await?;
        let made = present.made(newest);
        if vintage.head == newest.head {
            if newest.finished_at.is_some()
                && monthly_papers::wanted(workspace, &run.job).iter().all(|one| made.contains(one))
            {
                report.there.push(present.made_version(newest));
                return Ok(());
            }
            return attempt(workspace, present, run, newest.clone(), report).await;
        }
    }
    let version = version(workspace, present, run, VersionKind::Early, known_at);
    attempt(workspace, present, run, version, report).await
}

/// A version to be begun: the next one, or once more the newest when nothing came of it.
pub(super) fn version(
    workspace: &Workspace,
    present: &Present,
    run: &JobRun,
    kind: VersionKind,
    known_at: NaiveDate,
) -> JobVersion {
    let versions = present.versions(&run.period);
    let earlier = match versions.split_last() {
        Some((last, before)) if is_firm(last.kind) == is_firm(kind) && !present.has_papers(last) => before,
        _ => versions,
    };
    let folder = workspace.config.jobs.papers.join(folder_name(&run.period, kind));
    JobVersion {
        job: run.job.clone(),
        period: run.period.clone(),
        version: earlier.last().map_or(1, |one| one.version + 1),
        kind,
        known_at: Some(known_at),
        head: String::new(),
        folder: folder.to_string_lossy().replace('\\', "/"),
        reason: String::new(),
        started_at: present.now,
        finished_at: None,
        n_files: 0,
    }
}

fn is_firm(kind: VersionKind) -> bool {
    kind != VersionKind::Early
}

/// The month itself is the folder of its papers, so that the office finds them where they always are; what is made once more
/// lies beside them as the next edition of each paper and says what changed (R36). Preliminary ones lie apart.
fn folder_name(period: &str, kind: VersionKind) -> String {
    if is_firm(kind) { period.to_string() } else { format!("{period}_速報") }
}

/// Makes what a version still lacks, and records what came of it. A period whose files cannot be made at all is recorded
/// as such, and does not stop the others.
pub(super) async fn attempt(
    workspace: &Workspace,
    present: &Present,
    run: &JobRun,
    version: JobVersion,
    report: &mut TickReport,
) -> Result<()> {
    let (Some(as_of), Some(known_at)) = (as_of(&run.period), version.known_at) else { return Ok(()) };
    // A version that begins has nothing, whatever a failed one of its number has left.
    let made_before = if version.n_files == 0 { Vec::new() } else { present.made(&version) };
    let had_papers = version.n_files > 0 && present.has_papers(&version);
    let mut version = JobVersion { started_at: present.now, ..version };
    let opened = Vintage::open(workspace, Some(known_at)).await;
    if let Ok(vintage) = &opened {
        version.head.clone_from(&vintage.head);
    }
    if !ledger::start(workspace, &version).await? {
        return Ok(());
    }
    crash::reach(CrashPoint::MonthBegun);
    let papers = (made_before.as_slice(), &present.run_in(&version.folder, run));
    let outcome = match &opened {
        Ok(vintage) => monthly_papers::make(workspace, vintage, &version, AsOf(as_of), papers).await,
        Err(error) => Err(Failure::of(error).into()),
    };
    match outcome {
        Ok(outcome) => {
            let state = match (outcome.missing.is_empty(), had_papers || !outcome.papers.is_empty()) {
                (true, _) => JobState::Done,
                (false, true) => JobState::Partial,
                (false, false) => JobState::Failed,
            };
            let n_files = version.n_files + outcome.n_files;
            let finished = JobVersion { n_files, finished_at: Some(present.now), ..version };
            close(workspace, present, &finished, state, outcome, report).await
        }
        Err(error) => {
            let failure = Failure::of(&error);
            tracing::info!(job = run.job, period = run.period, error = format!("{error:#}"), "job failed");
            let state = if had_papers { JobState::Partial } else { JobState::Failed };
            ledger::finish(workspace, &version, state_after(version.kind, state), &failure.to_string()).await?;
            report.failed.push((run.period.clone(), failure));
            Ok(())
        }
    }
}

/// A run before the cut-off leaves its period due.
fn state_after(kind: VersionKind, state: JobState) -> JobState {
    if kind == VersionKind::Early { JobState::Due } else { state }
}

async fn close(
    workspace: &Workspace,
    present: &Present,
    version: &JobVersion,
    state: JobState,
    outcome: Outcome,
    report: &mut TickReport,
) -> Result<()> {
    let missing = outcome.missing;
    let named: Vec<String> = missing.iter().map(|one| format!("{} {}", one.report, one.failure.code)).collect();
    ledger::finish(workspace, version, state_after(version.kind, state), &named.join(", ")).await?;
    let period = version.period.clone();
    match state {
        JobState::Done => {
            if is_firm(version.kind) {
                report.done.push(period);
            }
            let before = present.made_version(version);
            let papers = before.papers.into_iter().chain(outcome.papers).collect();
            report.made.push(MadeVersion { papers, ..before });
        }
        JobState::Partial => report.partial.push(version.clone()),
        _ => report.failed.extend(missing.first().map(|one| (period, one.failure.clone()))),
    }
    report.missing.extend(missing);
    report.unprintable.extend(outcome.unprintable);
    Ok(())
}

/// What a period without an export waits for.
pub(super) fn waiting(run: &JobRun) -> Waiting {
    let cut_off = tokyo_day(run.scheduled_at);
    Waiting { period: run.period.clone(), from: as_of(&run.period).unwrap_or(cut_off), cut_off }
}

impl Waiting {
    /// As the ledger keeps it.
    fn note(&self) -> String {
        format!("no export from {} on, before {}", self.from, self.cut_off)
    }
}
