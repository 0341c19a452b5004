//! Taking in files: the master first, then exports by day; one transaction for each file.

mod class_words;
pub(super) mod corrections;
mod effects;
mod export_day;
mod first_export;
mod guard;
mod headline;
mod holds;
mod lifetimes;
mod lists;
mod master;
mod members;
pub(super) mod plan;
mod questions;
mod reasons;
mod reused_numbers;
mod summary;
mod taking_back;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;

use super::published::PublishedPaper;
use super::revisions_due::{self, Changes};
use super::workspace::{head_of, next_head, sha256_of};
use super::{Workspace, WriteLock};
use crate::domain::file_name::{code_fault, shown};
use crate::domain::layout::{FileKind, Layout};
use crate::domain::problem::{Problem, RowProblem};
use crate::error::{Failure, FailureKind};
use crate::ingest::scan::{Scan, scan};
use crate::ingest::{Columns, RowTally, describe, fit_file};
use crate::store::{ImportRecord, NewImport};

pub use crate::ingest::LayoutReport;
pub use headline::HeadlineEffect;
pub use holds::{Hold, hold_of};
pub use questions::is_question;
pub use reused_numbers::ReusedNumber;
pub use summary::{CorrectionChanges, ImportNote, ImportStatus, ImportSummary, SameContent, StayChanges};
pub use taking_back::{ListedImport, TakenBackReport, list, take_back};

/// What the caller of an import may choose.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Export day of all files; else it comes from each file name.
    pub known_at: Option<NaiveDate>,
    /// Layout by name; else the one that fits.
    pub layout: Option<String>,
    /// Source by name; else the kind of the file.
    pub source: Option<String>,
    /// Stores nothing.
    pub dry_run: bool,
    /// Refuses a file with any reject.
    pub atomic: bool,
    /// Goes on although many members are missing, for this reason.
    pub accept_drop: Option<String>,
    /// Goes on although the file changes what was told, or looks cut off, for this reason (R34).
    pub accept_change: Option<String>,
    /// Deals with the files after one that is refused.
    pub keep_going: bool,
    /// Files that newer ones of their source wait for.
    pub holds: Vec<Hold>,
    /// Writes no workbook for the office: the file is only tried.
    pub is_trial: bool,
}

/// Hears how far an import is.
pub trait ImportProgress {
    /// A file begins; `n_rows` is its number of rows.
    fn file_begins(&self, file: &str, n_rows: u32);
    /// So many rows are read.
    fn rows_read(&self, n: u32);
    /// Reading is done, storing begins.
    fn storing(&self);
    /// The file is done.
    fn file_ends(&self);
}

/// Hears nothing.
pub struct Silent;

impl ImportProgress for Silent {
    fn file_begins(&self, _: &str, _: u32) {}
    fn rows_read(&self, _: u32) {}
    fn storing(&self) {}
    fn file_ends(&self) {}
}

/// A file after its first reading.
struct Inspected<'l> {
    path: PathBuf,
    file_name: String,
    scan: Scan,
    layout: &'l Layout,
    columns: Columns,
    known_on: NaiveDate,
}

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
    for file in files.by_ref() {
        if let Err(error) = import_in_turn(workspace, lock, file, (options, progress), &mut holds, &mut run).await {
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
        refresh_timeline(workspace).await;
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
    run: &mut ImportRun,
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
        Ok(summary) => {
            run.summaries.push(summary);
            run.dealt_with.push(file.path.clone());
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
    let is_unsettled = matches!(failure.code, "ENV-005" | "ENV-007");
    failure.kind == FailureKind::Environment || is_unsettled || is_question(&failure)
}

/// The name of a file as it is told and kept: what would move a cursor or turn letters around is none of it.
pub fn name_of(path: &Path) -> String {
    let is_unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.chars().map(|c| if is_unseen(c) { '_' } else { c }).collect()
}

/// Lays a file beside the layout that it fits, or comes closest to; nothing is stored.
///
/// # Errors
/// [`Failure`] when the file cannot be read, or has no headings.
pub fn explain_layout(workspace: &Workspace, path: &Path, layout: Option<&str>) -> Result<LayoutReport> {
    let file_name = name_of(path);
    let failed = |error| Failure::from_ingest(error, &file_name);
    let mut scan = scan(path).map_err(failed)?;
    Ok(describe(path, &mut scan, &workspace.layouts, layout).map_err(failed)?)
}

fn inspect<'l>(workspace: &'l Workspace, path: &Path, options: &ImportOptions) -> Result<Inspected<'l>> {
    let file_name = name_of(path);
    let failed = |error| Failure::from_ingest(error, &file_name);
    if path.is_dir() {
        let file = if file_name.is_empty() { path.display().to_string() } else { file_name };
        return Err(Failure { file: Some(file), ..Failure::usage("ENV-010", "") }.into());
    }
    let mut scan = scan(path).map_err(failed)?;
    let (layout, columns) = fit_file(path, &mut scan, &workspace.layouts, options.layout.as_deref()).map_err(failed)?;
    let known_on = export_day::of(workspace, path, layout.kind, options.known_at)?;
    Ok(Inspected { path: path.to_path_buf(), file_name, scan, layout, columns, known_on })
}

/// Takes in one file. What asks comes back with the members before and after, and a file whose content was taken in
/// under another day is told so.
async fn import_file(
    workspace: &Workspace,
    lock: &WriteLock,
    file: &Inspected<'_>,
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<ImportSummary> {
    let twin = taking_back::twin(workspace, file, options).await?;
    let changed = changed_months(workspace, lock, file, options).await?;
    let error = match import_unless_asked(workspace, lock, file, (options, progress), &changed).await {
        Ok(mut summary) => {
            summary.same_content_as = twin.filter(|_| summary.status != ImportStatus::Unchanged);
            summary.changed_months = changed.days;
            return Ok(summary);
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
        if let Ok(summary) = import_once(workspace, lock, file, &tried, &Silent).await
            && let Some(headline) = &summary.headline
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
) -> Result<ImportSummary> {
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

fn source_of(file: &Inspected<'_>, options: &ImportOptions) -> String {
    options.source.clone().unwrap_or_else(|| file.layout.kind.code().to_string())
}

async fn import_once(
    workspace: &Workspace,
    _lock: &WriteLock,
    file: &Inspected<'_>,
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<ImportSummary> {
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
        return Ok(summary);
    }
    let imported = match file.layout.kind {
        FileKind::Associations => master::import(workspace, file, &mut new, options, progress).await,
        FileKind::Members => members::import(workspace, file, &mut new, &imports, options, progress).await,
        FileKind::Applications => corrections::import_applications(workspace, file, &mut new, &imports, options).await,
        FileKind::Adjustments => corrections::import_adjustments(workspace, file, &mut new, &imports, options).await,
    };
    imported.inspect(|summary| lists::tell_missed(workspace, summary))
}

fn new_import(workspace: &Workspace, file: &Inspected<'_>, source_name: String, imports: &[ImportRecord]) -> NewImport {
    let vocabulary = &workspace.vocabulary;
    let schemes = (!vocabulary.schemes.source.is_empty()).then_some(vocabulary.schemes.source.as_str());
    let definitions: Vec<&str> = [file.layout.source.as_str(), &vocabulary.source].into_iter().chain(schemes).collect();
    let definitions_sha256 = sha256_of(&definitions);
    let head = next_head(
        &head_of(imports),
        &[file.layout.kind.code(), &source_name, &file.known_on.to_string(), &file.scan.sha256, &definitions_sha256],
    );
    NewImport {
        follows: Some(head_of(imports)),
        kind: file.layout.kind,
        source_name,
        known_on: file.known_on,
        file_name: file.file_name.clone(),
        sha256: file.scan.sha256.clone(),
        size_bytes: file.scan.size_bytes,
        encoding: file.scan.label().to_string(),
        layout: file.layout.name.clone(),
        definitions_sha256,
        ended_rows_kept_days: file.layout.ended_rows_kept_days,
        imported_at: workspace.clock.now(),
        n_rows: 0,
        n_rejected: 0,
        n_rejected_active: 0,
        accepted_drop_reason: None,
        head,
        problems: Vec::new(),
    }
}

/// The same content for the same day changes nothing, and is said so (A3). A master is the same whenever the
/// newest one has its content.
fn is_known(imports: &[ImportRecord], new: &NewImport) -> bool {
    let mut of_source = imports.iter().rev().filter(|import| is_of_source(import, new) && import.taken_back.is_none());
    let same =
        |import: &ImportRecord| import.sha256 == new.sha256 && import.definitions_sha256 == new.definitions_sha256;
    if new.kind == FileKind::Associations {
        return of_source.next().is_some_and(same);
    }
    of_source.any(|import| import.stands() && import.known_on == new.known_on && same(import))
}

/// Writes the timeline after the last commit, unless there is nobody to count. The imports stand even when that fails: saying
/// otherwise would be wrong, and the next question writes the timeline or says why it cannot.
async fn refresh_timeline(workspace: &Workspace) {
    let refreshed = async {
        let imports = workspace.store.imports().await?;
        match imports.iter().all(|import| import.kind == FileKind::Associations) {
            true => Ok(()),
            false => workspace.refresh_timeline(&head_of(&imports)).await,
        }
    };
    if let Err(error) = refreshed.await {
        let failure = Failure::of(&error);
        // What was stored before is damaged: that is news for whoever imports.
        match failure.code.starts_with("STO-01") {
            true => workspace.notice(failure),
            false => tracing::warn!(
                error = format!("{error:#}"),
                "the import is stored, but its timeline could not be written"
            ),
        }
    }
}

fn is_of_source(import: &ImportRecord, new: &NewImport) -> bool {
    import.kind == new.kind && import.source_name == new.source_name
}

/// The export day before this one, of the same source.
fn day_before(imports: &[ImportRecord], new: &NewImport) -> Option<NaiveDate> {
    let of_source = imports.iter().filter(|import| is_of_source(import, new) && import.stands());
    of_source.map(|import| import.known_on).filter(|day| *day < new.known_on).max()
}

/// Exports of a source come in by day; another file of the newest day replaces it (R3).
fn refuse_older(imports: &[ImportRecord], new: &NewImport) -> Result<()> {
    let newest = imports
        .iter()
        .filter(|import| is_of_source(import, new) && import.taken_back.is_none())
        .map(|import| import.known_on)
        .max();
    match newest {
        Some(newest) if new.known_on < newest => {
            let detail = format!("{} < {newest}", new.known_on);
            Err(Failure::input(Problem::OlderThanNewest, &new.file_name, detail).into())
        }
        _ => Ok(()),
    }
}

/// Records what became of the rows of a file, and begins its report.
fn summarise(file: &Inspected<'_>, new: &mut NewImport, tally: &RowTally, options: &ImportOptions) -> ImportSummary {
    new.accepted_drop_reason = options.accept_drop.clone().or_else(|| options.accept_change.clone());
    new.n_rows = tally.n_rows;
    new.n_rejected = tally.n_rejected;
    new.n_rejected_active = tally.n_rejected_active;
    // What helps to mend them is told and not stored.
    let stored = |problem: &RowProblem| RowProblem {
        column: Arc::clone(&problem.column),
        heading: Arc::clone(&problem.heading),
        hint: None,
        detail: String::new(),
        ..*problem
    };
    new.problems = tally.rejects.iter().chain(&tally.warnings).map(stored).collect();
    let mut summary = ImportSummary::new(file, new, ImportStatus::Stored);
    summary.take_problems(tally);
    summary
}

/// R13: more than the set share rejected, or all, or any with `--atomic`: nothing is stored. The refusal says why most rows are
/// rejected, and where their list is.
fn refuse_rejects(workspace: &Workspace, tally: &RowTally, summary: &ImportSummary, is_atomic: bool) -> Result<()> {
    let detail = format!("{} / {}", tally.n_rejected, tally.n_rows);
    let limit = u64::from(workspace.config.import.max_rejected_percent);
    let too_many = u64::from(tally.n_rejected) * 100 > limit * u64::from(tally.n_rows);
    let problem = match tally.n_rejected {
        0 => return Ok(()),
        _ if is_atomic => Problem::RejectsNotAllowed,
        n if too_many || n == tally.n_rows || tally.is_hopeless() => Problem::TooManyRejects,
        _ => return Ok(()),
    };
    let first = tally.rejects.first();
    Err(Failure {
        row: first.map(|reject| reject.row),
        column: first.map(|reject| reject.column.to_string()),
        details: reasons::of(tally, summary),
        ..Failure::input(problem, &summary.file, detail)
    }
    .into())
}
