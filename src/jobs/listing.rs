//! The ledger as people see it, and what comes next. Both are asked of the same rows: a month stands in the one or is still
//! to come in the other, and its time is the same in both.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::attempt::waiting;
use super::meetings::MEETING;
use super::monthly_papers::{MONTHLY_PAPERS, SURVEY};
use super::periods::Present;
use super::routine::Routine;
use super::schedule::Occurrence;
use super::tick_report::Waiting;
use super::{meetings, survey};
use crate::domain::ledger::{JobPaper, JobRevision, JobRun, JobState, JobVersion};
use crate::service::keep::Workspace;
use crate::service::papers::revisions_due;

/// A period with everything that became of it.
#[derive(Debug, Clone)]
pub struct ListedRun {
    /// Its row, as the settings and the exports have it now.
    pub run: JobRun,
    /// Its versions by number.
    pub versions: Vec<ListedVersion>,
    /// What it waits for, where it waits.
    pub waiting: Option<Waiting>,
    /// That papers of the version that stands say something else by now (要改定).
    pub revision: Option<JobRevision>,
}

/// A version and its papers.
#[derive(Debug, Clone)]
pub struct ListedVersion {
    /// The version.
    pub version: JobVersion,
    /// Papers that were made, each with its own folder in that of the version.
    pub papers: Vec<(String, String)>,
    /// Papers that could not be made.
    pub missing: Vec<JobPaper>,
}

/// All periods of the ledger, months first, each job from its oldest on.
///
/// # Errors
/// When the store cannot be read, or a schedule is wrong.
pub async fn list(workspace: &Workspace) -> Result<Vec<ListedRun>> {
    let present = Present::read(workspace).await?;
    let due = revisions_due::due(workspace).await?;
    let listed = |run: JobRun| {
        let has_versions = run.job == MONTHLY_PAPERS || run.job == SURVEY;
        let of_month = if has_versions { present.versions(&run.period) } else { &[] };
        let versions = of_month.iter().map(|version| ListedVersion {
            version: version.clone(),
            papers: present.made_version(version).papers,
            missing: present.papers(version).filter(|paper| !paper.is_made()).cloned().collect(),
        });
        let versions = versions.collect();
        let waiting = (run.job == MONTHLY_PAPERS && run.state == JobState::Waiting).then(|| waiting(&run));
        let revision = due.iter().find(|one| (&one.job, &one.period) == (&run.job, &run.period)).cloned();
        ListedRun { run, versions, waiting, revision }
    };
    let (months, others): (Vec<JobRun>, Vec<JobRun>) =
        present.rows()?.into_iter().partition(|run| run.job == MONTHLY_PAPERS);
    Ok(months.into_iter().chain(others).map(listed).collect())
}

/// What the other jobs do next.
#[derive(Debug)]
pub struct Coming {
    /// Name of the job.
    pub job: &'static str,
    /// What it is about, where that is not told by the instant: the folder of a meeting.
    pub period: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// When the other jobs come next, by instant.
///
/// # Errors
/// When a schedule is wrong.
pub fn next_of_others(workspace: &Workspace) -> Result<Vec<Coming>> {
    let coming = |job, period, at| Coming { job, period, at };
    let mut out = Vec::new();
    for routine in Routine::ALL {
        if let Some(line) = routine.schedule(&workspace.config.jobs)? {
            out.extend(line.next_after(workspace.clock.now()).ok().map(|at| coming(routine.name(), None, at)));
        }
    }
    let survey = survey::schedule(&workspace.config.jobs)?;
    out.extend(survey.and_then(|line| Some(coming(SURVEY, None, line.next_after(workspace.clock.now()).ok()?))));
    out.extend(meetings::coming(workspace).map(|(period, at)| coming(MEETING, Some(period), at)));
    out.sort_by_key(|one| one.at);
    Ok(out)
}

/// The next `n` months that will be made, oldest first: no month that is made already, none before the first.
///
/// # Errors
/// As [`list`].
pub async fn next(workspace: &Workspace, n: usize) -> Result<Vec<Occurrence>> {
    let present = Present::read(workspace).await?;
    let rows = present.rows()?;
    let is_open = |period: &str| {
        let row = rows.iter().find(|run| run.job == MONTHLY_PAPERS && run.period == period);
        row.is_none_or(|run| present.is_open(run))
    };
    present.schedule.next(present.now, n, present.first, is_open)
}
