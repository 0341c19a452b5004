//! Taking in files: the master first, then exports by day; one transaction for each file.

mod guard;
mod plan;
mod summary;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::error_workbook::write_error_workbook;
use super::workspace::{head_of, next_head, sha256_of};
use super::{Workspace, WriteLock};
use crate::clock::tokyo_day;
use crate::domain::association::Associations;
use crate::domain::layout::{FileKind, Layout};
use crate::domain::problem::Problem;
use crate::error::Failure;
use crate::ingest::members::MemberRows;
use crate::ingest::scan::{Scan, scan};
use crate::ingest::{Columns, export_day_of, fit_file, master, members};
use crate::store::sqlite::enrolments::Import;
use crate::store::{ImportRecord, NewImport};

pub use summary::{ImportStatus, ImportSummary, StayChanges};

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
    /// Deals with the files after one that is refused.
    pub keep_going: bool,
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
#[derive(Debug)]
pub struct ImportRun {
    /// One for each file that was dealt with, in the order of dealing.
    pub summaries: Vec<ImportSummary>,
    /// Files that were refused, with the reason. Without `keep_going` there is at most one, and files after it
    /// were not dealt with.
    pub failures: Vec<(PathBuf, anyhow::Error)>,
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
    let mut run = ImportRun { summaries: Vec::new(), failures: Vec::new() };
    let mut files = Vec::with_capacity(paths.len());
    // All files are looked at before the first is stored, so that an obvious mistake costs nothing.
    for path in paths {
        match inspect(workspace, path, options) {
            Ok(file) => files.push(file),
            Err(error) => {
                run.failures.push((path.clone(), error));
                if !options.keep_going {
                    return run;
                }
            }
        }
    }
    files.sort_by(|a, b| (a.layout.kind, a.known_on, &a.file_name).cmp(&(b.layout.kind, b.known_on, &b.file_name)));
    for file in &files {
        progress.file_begins(&file.file_name, file.scan.n_rows);
        let result = import_file(workspace, lock, file, options, progress).await;
        progress.file_ends();
        match result {
            Ok(summary) => run.summaries.push(summary),
            Err(error) => {
                run.failures.push((file.path.clone(), error));
                if !options.keep_going {
                    break;
                }
            }
        }
    }
    run
}

fn inspect<'l>(workspace: &'l Workspace, path: &Path, options: &ImportOptions) -> Result<Inspected<'l>> {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |error| Failure::from_ingest(error, &file_name);
    if path.is_dir() {
        return Err(Failure { file: Some(file_name), ..Failure::usage("ENV-005", "") }.into());
    }
    let mut scan = scan(path).map_err(failed)?;
    let (layout, columns) = fit_file(path, &mut scan, &workspace.layouts, options.layout.as_deref()).map_err(failed)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let known_on = match options.known_at.or_else(|| export_day_of(&stem)) {
        Some(day) => day,
        // The master has dates of its own and no export day (R3); it is recorded under today.
        None if layout.kind == FileKind::Associations => tokyo_day(workspace.clock.now()),
        None => return Err(Failure::input(Problem::ExportDayUnknown, &file_name, "").into()),
    };
    if layout.kind != FileKind::Associations && known_on > tokyo_day(workspace.clock.now()) {
        return Err(Failure::input(Problem::ExportDayInFuture, &file_name, known_on.to_string()).into());
    }
    Ok(Inspected { path: path.to_path_buf(), file_name, scan, layout, columns, known_on })
}

async fn import_file(
    workspace: &Workspace,
    _lock: &WriteLock,
    file: &Inspected<'_>,
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<ImportSummary> {
    let imports = workspace.store.imports().await?;
    let source = options.source.clone().unwrap_or_else(|| file.layout.kind.code().to_string());
    let mut new = new_import(workspace, file, source, &imports);
    if is_known(&imports, &new) {
        return Ok(ImportSummary::new(file, &new, ImportStatus::Unchanged));
    }
    match file.layout.kind {
        FileKind::Associations => import_master(workspace, file, &mut new, options, progress).await,
        FileKind::Members => import_members(workspace, file, &mut new, &imports, options, progress).await,
        FileKind::Applications | FileKind::Adjustments => Ok(ImportSummary::new(file, &new, ImportStatus::Skipped)),
    }
}

fn new_import(workspace: &Workspace, file: &Inspected<'_>, source_name: String, imports: &[ImportRecord]) -> NewImport {
    let definitions_sha256 = sha256_of(&[&file.layout.source, &workspace.vocabulary.source]);
    let head = next_head(
        &head_of(imports),
        &[file.layout.kind.code(), &source_name, &file.known_on.to_string(), &file.scan.sha256, &definitions_sha256],
    );
    NewImport {
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
    let mut of_source =
        imports.iter().rev().filter(|import| import.kind == new.kind && import.source_name == new.source_name);
    let same =
        |import: &ImportRecord| import.sha256 == new.sha256 && import.definitions_sha256 == new.definitions_sha256;
    if new.kind == FileKind::Associations {
        return of_source.next().is_some_and(same);
    }
    of_source.any(|import| !import.replaced && import.known_on == new.known_on && same(import))
}

async fn import_master(
    workspace: &Workspace,
    file: &Inspected<'_>,
    new: &mut NewImport,
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<ImportSummary> {
    let bodies = master::read_master(&file.path, &file.scan, &file.columns)
        .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    new.n_rows = u32::try_from(bodies.len()).unwrap_or(u32::MAX);
    progress.rows_read(new.n_rows);
    let checked = Associations::new(bodies.clone())
        .map_err(|error| Failure::input(Problem::MasterInvalid, &file.file_name, error.to_string()))?;
    if checked.national().is_none() {
        return Err(Failure::input(Problem::MasterInvalid, &file.file_name, "日本医師会 (JMA)").into());
    }
    let lost: Vec<String> = workspace
        .store
        .association_codes_in_use()
        .await?
        .into_iter()
        .filter(|code| checked.by_code(code).is_none())
        .collect();
    if !lost.is_empty() {
        return Err(Failure::input(Problem::MasterLosesBody, &file.file_name, lost.join("、")).into());
    }
    if options.dry_run {
        return Ok(ImportSummary::new(file, new, ImportStatus::DryRun));
    }
    progress.storing();
    workspace.store.store_master(new, &bodies).await.context("storing the master")?;
    // A new master changes the head, and the head names the timeline.
    if !workspace.store.imports().await?.iter().all(|import| import.kind == FileKind::Associations) {
        refresh_timeline(workspace, &new.head).await;
    }
    Ok(ImportSummary::new(file, new, ImportStatus::Stored))
}

async fn import_members(
    workspace: &Workspace,
    file: &Inspected<'_>,
    new: &mut NewImport,
    imports: &[ImportRecord],
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<ImportSummary> {
    let associations = workspace.store.associations().await?;
    if associations.is_empty() {
        return Err(Failure::input(Problem::MasterMissing, &file.file_name, "").into());
    }
    refuse_older(imports, new)?;
    let read = members::read_members(
        &file.path,
        &file.scan,
        &file.columns,
        &associations,
        &workspace.vocabulary,
        file.known_on,
        &|n| {
            progress.rows_read(n);
        },
    )
    .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    new.n_rows = read.n_rows;
    new.n_rejected = read.n_rejected;
    new.n_rejected_active = read.n_rejected_active;
    new.problems = read.rejects.iter().chain(&read.warnings).cloned().collect();
    let mut summary = ImportSummary::new(file, new, ImportStatus::Stored);
    summary.take_problems(&read);
    // Before anything is decided: whoever is refused for the sake of rejects needs the list most.
    if !options.dry_run {
        write_list(workspace, file, &read, &mut summary);
    }
    refuse_rejects(workspace, &read, &file.file_name, options)?;
    progress.storing();
    store_members(workspace, read, new, &associations, options, &mut summary).await?;
    Ok(summary)
}

async fn store_members(
    workspace: &Workspace,
    read: MemberRows,
    new: &mut NewImport,
    associations: &Associations,
    options: &ImportOptions,
    summary: &mut ImportSummary,
) -> Result<()> {
    new.accepted_drop_reason.clone_from(&options.accept_drop);
    let mut import = workspace.store.start_member_import(new).await.context("starting the import")?;
    let limits = &workspace.config.import;
    summary.replaces = import.replaces();
    let mut missing = None;
    if import.replaces() {
        // A file that takes the place of another is compared with that one first: on the first day of a source
        // nothing else could tell that it is cut off, or another prefecture's.
        let standing = standing(&mut import).await?;
        let planned = plan::plan(read.rows.clone(), &standing, associations, new.known_on);
        missing = guard::too_many_missing(&planned.presence, associations, limits);
        import.take_back_replaced().await?;
    }
    let standing = standing(&mut import).await?;
    let planned = plan::plan(read.rows, &standing, associations, new.known_on);
    missing = missing.or_else(|| guard::too_many_missing(&planned.presence, associations, limits));
    if let (None, Some(detail)) = (&options.accept_drop, missing) {
        import.abandon().await?;
        return Err(Failure::input(Problem::MembersMissing, &new.file_name, detail).into());
    }
    summary.stays = planned.stays;
    summary.findings = planned.changes.new_findings.iter().fold(BTreeMap::new(), |mut counts, finding| {
        *counts.entry(finding.code.code()).or_default() += 1;
        counts
    });
    if options.dry_run {
        import.abandon().await?;
        summary.status = ImportStatus::DryRun;
        return Ok(());
    }
    import.commit(&planned.changes).await.context("storing the import")?;
    drop(planned);
    refresh_timeline(workspace, &new.head).await;
    Ok(())
}

/// Writes the workbook for the office. The import does not depend on it: the rows are in the file of the office.
fn write_list(workspace: &Workspace, file: &Inspected<'_>, read: &MemberRows, summary: &mut ImportSummary) {
    let folder = workspace.folder().join("rejects");
    match write_error_workbook(&file.path, &file.scan, summary, (&read.rejects, &read.warnings), &folder) {
        Ok(target) => summary.rejects_file = target.map(|target| target.display().to_string()),
        Err(error) => tracing::warn!(error = format!("{error:#}"), "the workbook of the import could not be written"),
    }
}

async fn standing(import: &mut Import) -> Result<plan::Standing> {
    Ok(plan::Standing {
        stays: import.standing().await?,
        persons: import.standing_persons().await?,
        findings: import.standing_findings().await?,
        next_ids: import.next_ids().await?,
    })
}

/// Writes the timeline after the commit. The import stands even when that fails: saying otherwise would be wrong, and
/// the next question writes the timeline or says why it cannot.
async fn refresh_timeline(workspace: &Workspace, head: &str) {
    if let Err(error) = workspace.refresh_timeline(head).await {
        tracing::warn!(error = format!("{error:#}"), "the import is stored, but its timeline could not be written");
    }
}

/// Exports of a source come in by day; another file of the newest day replaces it (R3).
fn refuse_older(imports: &[ImportRecord], new: &NewImport) -> Result<()> {
    let newest = imports
        .iter()
        .filter(|import| import.kind == new.kind && import.source_name == new.source_name)
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

/// R13: more than the set share rejected, or all, or any with `--atomic`: nothing is stored.
fn refuse_rejects(workspace: &Workspace, read: &MemberRows, file_name: &str, options: &ImportOptions) -> Result<()> {
    let detail = format!("{} / {}", read.n_rejected, read.n_rows);
    let limit = u64::from(workspace.config.import.max_rejected_percent);
    let too_many = u64::from(read.n_rejected) * 100 > limit * u64::from(read.n_rows);
    let problem = match read.n_rejected {
        0 => return Ok(()),
        n if too_many || n == read.n_rows => Problem::TooManyRejects,
        _ if options.atomic => Problem::RejectsNotAllowed,
        _ => return Ok(()),
    };
    let first = read.rejects.first();
    Err(Failure {
        row: first.map(|reject| reject.row),
        column: first.map(|reject| reject.column.clone()),
        ..Failure::input(problem, file_name, detail)
    }
    .into())
}
