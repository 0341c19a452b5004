//! 退会の見回り: one paper of what takes effect in the next days and of what nobody approved in time.

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::tick_report::Told;
use crate::domain::as_of::AsOf;
use crate::domain::ledger::{JobRun, JobState};
use crate::domain::report::{Definition, ReportSpec};
use crate::error::Failure;
use crate::service::audit::watched_counts;
use crate::service::keep::{Workspace, ledger};
use crate::service::known::area::Area;
use crate::service::known::vintage::Vintage;
use crate::service::papers::{self, PaperFormat, PaperRequest};

/// The definition that it makes.
const REPORT: &str = "withdrawal-watch";

/// The folder of its papers within that of the papers of months.
const FOLDER: &str = "watch";

/// Code of what it tells once its paper is made.
pub(super) const WATCHED: &str = "JOB-071";

/// Makes the paper of a period, which is a day, with what was known on that day, and tells how many withdrawals come and how many
/// are overdue. The same paper made once more is the same edition.
///
/// # Errors
/// [`Failure`] JOB-008 where no export is as old as the day; as making a paper.
pub(super) async fn watch(workspace: &Workspace, run: &JobRun) -> Result<Told> {
    let day: NaiveDate = run.period.parse().with_context(|| format!("period {}", run.period))?;
    let telling = ledger::telling_days(workspace).await?;
    let known_at = telling.into_iter().filter(|known| *known <= day).max();
    let known_at = known_at.ok_or_else(|| Failure::usage("JOB-008", run.period.as_str()))?;
    let all = papers::list(workspace)?;
    let days_ahead = match papers::find(&all, REPORT)? {
        Definition::Report(report) => report.days_ahead,
        Definition::Pack(_) => ReportSpec::DAYS_AHEAD,
    };
    let vintage = Vintage::open(workspace, Some(known_at)).await?;
    let (n_coming, n_overdue) = watched_counts(workspace, &vintage, AsOf(day), days_ahead).await?;
    let request = PaperRequest {
        name: REPORT.into(),
        as_of: AsOf(day),
        known_at: Some(known_at),
        issued_on: None,
        variant: papers::usual_variant_of(&all, REPORT),
        area: Area::All,
        draft: false,
        strict_characters: false,
        meeting: None,
    };
    let out = workspace.folder().join(&workspace.config.jobs.papers).join(FOLDER);
    let wanted = (&request, &[PaperFormat::Pdf, PaperFormat::Csv][..], out.as_path());
    let made = papers::publish_each(workspace, vintage, &all, wanted, vec![Area::All], || ()).await?;
    if let Some(failed) = made.failed.into_iter().next() {
        return Err(failed.failure.into());
    }
    Ok((WATCHED, format!("{n_coming} / {n_overdue}")))
}

/// What the newest paper tells, where it tells of anything: its day, and how many withdrawals come and are overdue.
pub(super) fn newest_told<'r>(runs: impl Iterator<Item = &'r JobRun>, job: &str) -> Option<(&'r str, &'r str)> {
    let done = runs.filter(|run| run.job == job && run.state == JobState::Done);
    let newest = done.max_by_key(|run| run.scheduled_at)?;
    let counts = newest.note.strip_prefix(WATCHED)?.strip_prefix(": ")?;
    (counts != "0 / 0").then_some((newest.period.as_str(), counts))
}
