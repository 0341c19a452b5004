//! How the scheduled work stands, as `kaiin doctor` tells it: what comes next, and which months need a person. Nothing is
//! changed.

use anyhow::Result;
use chrono::{DateTime, Duration, Utc};

use super::backups;
use super::monthly_papers::MONTHLY_PAPERS;
use super::periods::Present;
use super::reports::unknown_reports;
use super::routine::Routine;
use super::schedule::{Occurrence, Schedule};
use crate::domain::ledger::{JobRun, JobState};
use crate::error::Failure;
use crate::service::doctor::Examined;
use crate::service::doctor::given::Opened;
use crate::service::doctor::line::{Line, Subject, Told, minute};
use crate::service::keep::Workspace;
use crate::service::papers::revisions_due;

/// How long after its time a month should be made: the bell rings more often.
const GRACE: Duration = Duration::hours(1);

/// What is said of the scheduled work.
pub async fn condition(examined: &Examined) -> Line {
    let told = if examined.given.settings_fault.is_some() {
        // It stands in the settings, and nowhere else.
        Ok(vec![Told::attention("DOC-076", &[])])
    } else {
        match &examined.opened {
            Opened::Store(workspace) => of_ledger(workspace, examined.are_definitions_sound).await,
            Opened::NotMade => of_settings(examined, None),
            Opened::Unreadable(_) => of_settings(examined, Some(Told::attention("DOC-077", &[]))),
        }
    };
    let told = told.unwrap_or_else(|error| {
        tracing::debug!(error = format!("{error:#}"), "the scheduled work could not be looked at");
        vec![Told::failed(&Failure::of(&error))]
    });
    Line { subject: Subject::Schedule, told }
}

/// What comes next where there is no ledger, or none can be read.
fn of_settings(examined: &Examined, beside: Option<Told>) -> Result<Vec<Told>> {
    let schedule = Schedule::of(&examined.given.config.jobs)?;
    let coming = schedule.next(examined.given.clock.now(), 1, None, |_| true)?;
    Ok(coming.first().map(comes).into_iter().chain(beside).collect())
}

async fn of_ledger(workspace: &Workspace, are_definitions_sound: bool) -> Result<Vec<Told>> {
    let present = Present::read(workspace).await?;
    let rows = present.rows()?;
    let coming = super::listing::next(workspace, 1).await?;
    let mut told: Vec<Told> = coming.first().map(comes).into_iter().collect();
    for (state, code) in [(JobState::Waiting, "DOC-071"), (JobState::Partial, "DOC-072"), (JobState::Failed, "DOC-073")]
    {
        let of_months = rows.iter().filter(|run| run.job == MONTHLY_PAPERS && run.state == state);
        told.extend(of_periods(code, &of_months.map(|run| run.period.clone()).collect::<Vec<_>>()));
    }
    for (states, code) in
        [(&[JobState::Waiting, JobState::Partial][..], "DOC-078"), (&[JobState::Failed][..], "DOC-079")]
    {
        let others = rows.iter().filter(|run| run.job != MONTHLY_PAPERS && states.contains(&run.state));
        told.extend(of_periods(code, &others.map(|run| format!("{} {}", run.job, run.period)).collect::<Vec<_>>()));
    }
    told.extend(of_periods("DOC-120", &unremoved(&rows)));
    told.extend(of_periods("DOC-074", &overdue(&present, &rows)?));
    let revisions = revisions_due::due(workspace).await?;
    told.extend(of_periods("DOC-075", &revisions.into_iter().map(|one| one.period).collect::<Vec<_>>()));
    // Where a definition is wrong, nobody can say which report it was to be.
    let unknown = are_definitions_sound.then(|| unknown_reports(workspace)).flatten();
    told.extend(unknown.as_ref().map(Told::failed));
    Ok(told)
}

/// The newest backup of the clock, where older ones could not be removed after it.
fn unremoved(rows: &[JobRun]) -> Vec<String> {
    let backups = rows.iter().filter(|run| run.job == Routine::Backup.name() && run.state == JobState::Done);
    let newest = backups.max_by_key(|run| run.scheduled_at).filter(|run| run.note.starts_with(backups::UNREMOVED));
    newest.iter().map(|run| format!("{} {}", run.job, run.period)).collect()
}

fn comes(next: &Occurrence) -> Told {
    Told::well("DOC-070", &[&minute(next.scheduled_at), &next.period])
}

/// Periods, as far as there are any; of many the first, the last and their number.
fn of_periods(code: &'static str, periods: &[String]) -> Option<Told> {
    (!periods.is_empty()).then(|| Told::attention(code, &[&shown(periods)]))
}

/// Periods as they stand in a sentence.
pub(super) fn shown(periods: &[String]) -> String {
    match periods {
        [first, _, _, .., last] => format!("{first} … {last}: {}", periods.len()),
        few => few.join(", "),
    }
}

/// Months whose time has come and that nobody has begun. Of an office whose ledger is empty there are none: it makes its
/// papers by hand.
pub(super) fn overdue(present: &Present, rows: &[JobRun]) -> Result<Vec<String>> {
    let Some(first) = present.first.filter(|_| rows.iter().any(|run| run.job == MONTHLY_PAPERS)) else {
        return Ok(Vec::new());
    };
    let end = present.now - GRACE;
    let is_begun =
        |period: &str| rows.iter().any(|run| run.job == MONTHLY_PAPERS && run.period == period && !is_left(run, end));
    let due = present.schedule.between(first, end)?;
    Ok(due.into_iter().map(|one| one.period).filter(|period| !is_begun(period)).collect())
}

/// Whether the time of a month has come and nobody has begun it.
fn is_left(run: &JobRun, end: DateTime<Utc>) -> bool {
    run.job == MONTHLY_PAPERS && run.state == JobState::Due && run.scheduled_at <= end
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::none(&[], None)]
    #[case::few(&["2025-10", "2025-11", "2025-12"], Some("2025-10, 2025-11, 2025-12"))]
    #[case::many(&["2025-09", "2025-10", "2025-11", "2025-12"], Some("2025-09 … 2025-12: 4"))]
    fn periods_are_listed_as_long_as_they_are_few(#[case] periods: &[&str], #[case] expected: Option<&str>) {
        let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
        let told = of_periods("DOC-071", &periods);
        assert_eq!(told.as_ref().map(|told| told.words[0].as_str()), expected);
    }
}
