//! Takes in files one after the other, each in one transaction.

use std::path::PathBuf;

use anyhow::Result;

use super::earlier::is_known;
use super::holds::hold_of;
use super::inspected::{Inspected, inspect, new_import, source_of};
use super::options::{Hold, ImportOptions, ImportProgress, Silent};
use super::questions::is_question;
use super::summary::{ImportStatus, ImportSummary, Imported};
use super::timeline::refresh_timeline;
use super::{corrections, lists, master, members, questions, removed, taking_back};
use crate::crash::{self, CrashPoint};
use crate::domain::file_name::{code_fault, shown};
use crate::domain::layout::FileKind;
use crate::error::{Failure, FailureKind};
use crate::service::keep::learnt::Learnt;
use crate::service::keep::{Workspace, WriteLock};
use crate::service::papers::published::PublishedPaper;
use crate::service::papers::revisions_due;
use crate::service::papers::revisions_due::Changes;

/// The result of all files: what was done, and what stopped it.
#[derive(Debug, Default)]
pub struct ImportRun {
    /// One for each file that was dealt with, in the order of dealing.
    pub summaries: Vec<ImportSummary>,
    /// The files of `summaries`.
    pub dealt_with: Vec<PathBuf>,
    /// Files that were refused, with the reason. Without `keep_going` there is at most one, and files after it
    /// were not dealt with.
    pub failures: Vec<(PathBuf, anyhow::Error)>,
    /// Files that wait for an earlier one of their source, with its name.
    pub held: Vec<(PathBuf, String)>,
    /// Files that were not dealt with, because a disk or a database refuses, or one before them was refused.
    pub untouched: Vec<PathBuf>,
}

/// Takes in files. The order of `paths` does not matter: masters first, then exports by day and name.
///
/// Refused files come back in [`ImportRun::failures`], together with what was stored.
pub async fn import_files(
    workspace: &Workspace,
    lock: &WriteLock,
    paths: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> ImportRun {
    let mut run = ImportRun::default();
    let mut holds = options.holds.clone();
    let mut files = Vec::with_capacity(paths.len());
    // All files are looked at before the first is stored, so that an obvious mistake costs nothing.
    for path in paths {
        match inspect(workspace, path, options) {
            Ok(file) => files.push(file),
            Err(error) => {
                holds.extend(may_be_taken_later(&error).then(|| hold_of(workspace, path)));
                run.failures.push((path.clone(), error));
                if !options.keep_going {
                    run.untouched = paths.iter().filter(|other| *other != path).cloned().collect();
                    return run;
                }
            }
        }
    }
    files.sort_by(|a, b| (a.layout.kind, a.known_on, &a.file_name).cmp(&(b.layout.kind, b.known_on, &b.file_name)));
    let mut files = files.iter();
    let mut learnt = None;
    for file in files.by_ref() {
        // The timeline before the last file is there only when no other one was stored before it.
        learnt = None;
        let (shown, learns) = ((options, progress), &mut learnt);
        if let Err(error) = import_in_turn(workspace, lock, file, shown, &mut holds, (&mut run, learns)).await {
            let is_of_surroundings = Failure::of(&error).is_of_surroundings();
            run.failures.push((file.path.clone(), error));
            // What refuses this one refuses the next one too; they stay as they are until it does no longer.
            if is_of_surroundings || !options.keep_going {
                break;
            }
        }
    }
    run.untouched.extend(files.map(|file| file.path.clone()));
    // Once for all files: reading the whole store back takes as long as many of them.
    if run.summaries.iter().any(|summary| summary.status == ImportStatus::Stored) {
        refresh_timeline(workspace, learnt).await;
        crash::reach(CrashPoint::TimelineRefreshed);
    }
    run
}

/// Takes in a file unless it waits for another one.
async fn import_in_turn(
    workspace: &Workspace,
    lock: &WriteLock,
    file: &Inspected<'_>,
    (options, progress): (&ImportOptions, &dyn ImportProgress),
    holds: &mut Vec<Hold>,
    (run, learnt): (&mut ImportRun, &mut Option<Learnt>),
) -> Result<()> {
    let imports = workspace.store.imports().await?;
    if let Some(hold) = holds.iter().find(|hold| hold.holds(file, options, &imports)) {
        run.held.push((file.path.clone(), hold.name.clone()));
        return Ok(());
    }
    progress.file_begins(&file.file_name, file.scan.n_rows);
    let result = import_file(workspace, lock, file, options, progress).await;
    progress.file_ends();
    match result {
        Ok(imported) => {
            run.summaries.push(imported.summary);
            *learnt = imported.learnt;
            run.dealt_with.push(file.path.clone());
            crash::reach(CrashPoint::FileStored);
            Ok(())
        }
        Err(error) => {
            holds.extend(may_be_taken_later(&error).then(|| file.hold()));
            Err(error)
        }
    }
}

/// Whether the file itself is not refused: it asks, or cannot be read now.
fn may_be_taken_later(error: &anyhow::Error) -> bool {
    let failure = Failure::of(error);
    // A file that is being replaced is gone for a moment, and one that changed while it was read is being written.
    let is_unresolved = matches!(failure.code, "ENV-005" | "ENV-007");
    failure.kind == FailureKind::Environment || is_unresolved || is_question(&failure)
}

/// Takes in one file. What asks comes back with the members before and after, and a file whose content was taken in
/// under another day is told so.
async fn import_file(
    workspace: &Workspace,
    lock: &WriteLock,
    file: &Inspected<'_>,
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<Imported> {
    let twin = taking_back::twin(workspace, file, options).await?;
    let changed = changed_months(workspace, lock, file, options).await?;
    let error = match import_unless_asked(workspace, lock, file, (options, progress), &changed).await {
        Ok(mut imported) => {
            let summary = &mut imported.summary;
            summary.same_content_as = twin.filter(|_| summary.status != ImportStatus::Unchanged);
            summary.changed_months = changed.days;
            return Ok(imported);
        }
        Err(error) => error,
    };
    let mut failure = match error.downcast::<Failure>() {
        Ok(failure) => failure,
        Err(error) => return Err(error),
    };
    if is_question(&failure) {
        let tried = questions::tried(options, file.known_on);
        // Where even the trial fails, the question stands without numbers.
        if let Ok(imported) = import_once(workspace, lock, file, &tried, &Silent).await
            && let Some(headline) = &imported.summary.headline
        {
            failure = questions::with_numbers(workspace, file, failure, options, headline);
        }
    }
    if let Some(twin) = twin {
        let detail = taking_back::told(workspace, &twin);
        failure.details = failure.details.iter().cloned().chain([detail]).collect();
    }
    Err(failure.into())
}

/// Months that are done of which papers would say something else with the file. A newer export changes none, for its own day
/// is later than the known-at of the papers.
async fn changed_months(
    workspace: &Workspace,
    lock: &WriteLock,
    file: &Inspected<'_>,
    options: &ImportOptions,
) -> Result<Changes> {
    let imports = workspace.store.imports().await?;
    if is_known(&imports, &new_import(workspace, file, source_of(file, options), &imports)) {
        return Ok(Changes::default());
    }
    let may_concern =
        |paper: &PublishedPaper| file.layout.kind == FileKind::Associations || file.known_on <= paper.known_at;
    let tried = ImportOptions { dry_run: false, is_trial: true, ..questions::tried(options, file.known_on) };
    revisions_due::changed_by(workspace, may_concern, async |copy: &Workspace| {
        import_once(copy, lock, file, &tried, &Silent).await.map(drop)
    })
    .await
}

/// Asks about the months that a file changes, together with everything else that it asks; else takes it in, and notes them.
async fn import_unless_asked(
    workspace: &Workspace,
    lock: &WriteLock,
    file: &Inspected<'_>,
    (options, progress): (&ImportOptions, &dyn ImportProgress),
    changed: &Changes,
) -> Result<Imported> {
    if changed.days.is_empty() {
        return import_once(workspace, lock, file, options, progress).await;
    }
    if options.accept_change.is_some() {
        if !options.dry_run {
            revisions_due::note(workspace, &changed.days, &file.file_name).await?;
        }
        return import_once(workspace, lock, file, options, progress).await;
    }
    let dry = ImportOptions { dry_run: true, ..options.clone() };
    let other = match import_once(workspace, lock, file, &dry, progress).await {
        Ok(_) => None,
        Err(error) => Some(error.downcast::<Failure>()?),
    };
    match other {
        Some(other) if !is_question(&other) => Err(other.into()),
        other => Err(questions::about_months(&file.file_name, changed, other).into()),
    }
}

async fn import_once(
    workspace: &Workspace,
    _lock: &WriteLock,
    file: &Inspected<'_>,
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<Imported> {
    let imports = workspace.store.imports().await?;
    let source = source_of(file, options);
    // Lists of a source are named by it.
    if code_fault(&source).is_some() {
        return Err(Failure::usage("RPT-031", shown(&source)).into());
    }
    let mut new = new_import(workspace, file, source, &imports);
    if is_known(&imports, &new) {
        let mut summary = ImportSummary::new(file, &new, ImportStatus::Unchanged);
        lists::write_again(workspace, file, &new, options, &mut summary).await;
        lists::tell_missed(workspace, &summary);
        return Ok(summary.into());
    }
    removed::refuse_replacing(workspace, &imports, &new).await?;
    let imported: Imported = match file.layout.kind {
        FileKind::Associations => master::import(workspace, file, &mut new, options, progress).await?.into(),
        FileKind::Members => members::import(workspace, file, &mut new, &imports, options, progress).await?,
        FileKind::Applications => {
            corrections::import_applications(workspace, file, &mut new, &imports, options).await?.into()
        }
        FileKind::Adjustments => {
            corrections::import_adjustments(workspace, file, &mut new, &imports, options).await?.into()
        }
    };
    lists::tell_missed(workspace, &imported.summary);
    Ok(imported)
}
