//! A purge: rehearsed, done, and finished after it was stopped.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::due::Due;
use super::raw_files::{raw_files, remove};
use super::reminders::reminders;
use super::report::{ListedPurge, PurgeReport};
use crate::crash::{self, CrashPoint};
use crate::domain::purge::{Purge, PurgedFile};
use crate::error::{Failure, FailureKind};
use crate::service::keep::{Workspace, WriteLock};
use crate::store::NewPurge;

/// Says what would go. Nothing is changed.
///
/// # Errors
/// [`Failure`] PRG-004 for a file that cannot be read; when store or timeline cannot be read.
pub async fn rehearse(workspace: &Workspace) -> Result<PurgeReport> {
    workspace.refuse_unmade()?;
    let due = Due::of(workspace).await?;
    let unfinished = unfinished(workspace).await?.iter().map(|purge| purge.number).collect();
    let reminders = reminders(workspace, &due).await?;
    Ok(PurgeReport::of(&due, unfinished, reminders))
}

/// Removes what is to go, after it has finished what an earlier purge has left.
///
/// # Errors
/// [`Failure`] PRG-001 when no setting says what is to go, PRG-002 without a reason, PRG-004 for a file that cannot be read or removed,
/// PRG-005 when the database could not be written anew; STO-012 or STO-013 for facts that are not those that were stored; ENV-001
/// when another process writes. What PRG-004 and PRG-005 have left is finished by the next purge.
pub async fn purge(workspace: &Workspace, reason: &str) -> Result<PurgeReport> {
    if reason.trim().is_empty() {
        return Err(Failure::usage("PRG-002", "").into());
    }
    let lock = workspace.lock_for_writing().await?;
    purge_under(workspace, &lock, reason).await
}

/// Removes what is to go under a lock that is held.
///
/// # Errors
/// As [`purge`], but for the lock.
pub async fn purge_under(workspace: &Workspace, _lock: &WriteLock, reason: &str) -> Result<PurgeReport> {
    let unfinished = unfinished(workspace).await?;
    let settings = &workspace.config.retention;
    if unfinished.is_empty() && settings.raw_files_days.is_none() && settings.persons_days.is_none() {
        return Err(Failure::usage("PRG-001", "").into());
    }
    workspace.check_facts().await?;
    for purge in &unfinished {
        finish(workspace, purge.number, purge.n_persons > 0).await?;
    }
    let due = Due::of(workspace).await?;
    let number = if due.is_empty() { None } else { Some(remove_due(workspace, &due, reason.trim()).await?) };
    let unfinished = unfinished.iter().map(|purge| purge.number).collect();
    let reminders = reminders(workspace, &due).await?;
    Ok(PurgeReport { done: true, number, ..PurgeReport::of(&due, unfinished, reminders) })
}

/// All purges by number.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(workspace: &Workspace) -> Result<Vec<ListedPurge>> {
    Ok(workspace.store.purges().await?.into_iter().map(ListedPurge::from).collect())
}

/// What the office should hear of a report.
pub fn notices(report: &PurgeReport) -> Vec<Failure> {
    let notice = |code, detail: String| Failure::new(FailureKind::Data, code, detail);
    let numbers = report.unfinished.iter().map(i64::to_string).collect::<Vec<_>>().join("、");
    let unfinished = (!report.done && !report.unfinished.is_empty()).then(|| notice("PRG-003", numbers));
    let is_set = report.raw_files_days.is_some() || report.persons_days.is_some();
    let unset = (!report.done && !is_set).then(|| notice("PRG-001", String::new()));
    // Files that name a person stay longer than the person.
    let outlasts = report.persons_days.filter(|persons| report.raw_files_days.is_none_or(|files| files > *persons));
    let outlasts = outlasts.map(|persons| notice("PRG-006", persons.to_string()));
    let reminder = (!report.reminders.is_empty()).then(|| notice("PRG-007", report.reminders.len().to_string()));
    [unset, unfinished, outlasts, reminder].into_iter().flatten().collect()
}

async fn unfinished(workspace: &Workspace) -> Result<Vec<Purge>> {
    Ok(workspace.store.purges().await?.into_iter().filter(|purge| purge.ended_at.is_none()).collect())
}

async fn remove_due(workspace: &Workspace, due: &Due, reason: &str) -> Result<i64> {
    let new = NewPurge {
        begun_at: workspace.clock.now(),
        counted_from: due.today,
        raw_files_days: due.settings.raw_files_days,
        persons_days: due.settings.persons_days,
        reason: reason.to_string(),
        files: due.files.iter().map(|file| file.record.clone()).collect(),
        persons: due.persons.due.iter().map(|(physician, _)| *physician).collect(),
    };
    let number = workspace.store.begin_purge(&new).await.context("recording the purge")?;
    crash::reach(CrashPoint::PersonsPurged);
    finish(workspace, number, !new.persons.is_empty()).await?;
    Ok(number)
}

/// Removes the files of a purge that was begun, and what the database still has of its persons. Done once more it does nothing.
async fn finish(workspace: &Workspace, number: i64, has_persons: bool) -> Result<()> {
    let all = workspace.store.purged_files().await?;
    let of_purge = |file: &&PurgedFile| file.purge == number;
    let named: BTreeSet<_> =
        all.iter().filter(of_purge).map(|file| (file.kind, file.sha256.as_str(), file.day)).collect();
    if !named.is_empty() {
        for file in raw_files(workspace).await? {
            // Another file of that name is none of it; the same content that was taken in since has another day.
            if named.contains(&(file.record.kind, file.record.sha256.as_str(), file.record.day)) {
                remove(&file)?;
            }
        }
    }
    if has_persons && !workspace.store.overwrite_removed().await.context("writing the database anew")? {
        return Err(Failure::new(FailureKind::Environment, "PRG-005", workspace.place()).into());
    }
    crash::reach(CrashPoint::FilesPurged);
    workspace.store.end_purge(number, workspace.clock.now()).await.context("recording the end of the purge")
}
