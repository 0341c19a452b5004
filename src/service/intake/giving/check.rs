//! Looks at what was given: what each file is, what it would change, what it asks. Nothing is stored.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::NaiveDate;

use super::given::{Given, GivenFile, Place};
use super::headings::unknown_headings;
use super::question::asking_path;
use super::report::{FileReport, OtherWays, Told, Verdict};
use super::told::{of_summary, take_failure, take_rejects, told, told_of_failure};
use crate::domain::layout::FileKind;
use crate::domain::problem::Problem;
use crate::error::{Detail, Failure};
use crate::service::intake::import::{
    ImportOptions, ImportSummary, Silent, explain_columns, import_files, is_question, rows_to_mend, what_it_is,
};
use crate::service::intake::inbox;
use crate::service::keep::{Workspace, WriteLock};
use crate::store::ImportRecord;

/// What somebody tells of a file before it is looked at once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToldOfFile {
    /// Its export day.
    Day(NaiveDate),
    /// Whose export it is, and by which layout it is read; what is empty is as it would be without a word.
    Way {
        /// Source (源).
        source: String,
        /// Layout by name.
        layout: String,
    },
}

/// Looks at all files that nobody has decided about, each as the store stands now, with what is told of one of them. Where that cannot be
/// done, what was given says why.
///
/// # Errors
/// When what was given cannot be read or written.
pub async fn check(workspace: &Workspace, id: &str, login: &str, told: Option<(usize, ToldOfFile)>) -> Result<()> {
    let mut given = Given::open(workspace.folder(), id, login)?;
    if let Some((nth, told)) = told
        && let Some(file) = given.files.get_mut(nth)
    {
        let some = |text: String| (!text.is_empty()).then_some(text);
        match told {
            ToldOfFile::Day(day) => file.known_at = Some(day),
            ToldOfFile::Way { source, layout } => (file.source, file.layout) = (some(source), some(layout)),
        }
    }
    match workspace.lock_for_writing().await {
        Ok(lock) => look(workspace, &lock, &mut given).await?,
        Err(error) => given.trouble = Some(told_of_trouble(&Failure::of(&error))),
    }
    given.save()
}

/// Notes that work on what was given came to nothing.
///
/// # Errors
/// When what was given cannot be read or written.
pub fn tell_trouble(data: &Path, id: &str, login: &str, failure: &Failure) -> Result<()> {
    let mut given = Given::open(data, id, login)?;
    given.trouble = Some(told_of_trouble(failure));
    given.save()
}

/// Why nothing could be done, as a page says it.
pub(super) fn told_of_trouble(failure: &Failure) -> Told {
    match failure.code {
        "ENV-001" => told("WEB-034", ""),
        // Where something lies on the server is left to its log.
        _ if failure.is_of_surroundings() => {
            told_of_failure(&Failure { detail: "…".into(), details: Box::default(), ..failure.clone() })
        }
        _ => told_of_failure(failure),
    }
}

/// Looks at all files that nobody has decided about.
pub(super) async fn look(workspace: &Workspace, lock: &WriteLock, given: &mut Given) -> Result<()> {
    given.trouble = None;
    let head = workspace.head().await?;
    let imports = workspace.store.imports().await?;
    let mut before: Vec<(FileKind, String)> = Vec::new();
    for (nth, of) in in_order(workspace, given).await? {
        let Ok((kind, _, path)) = of else {
            given.files[nth].report = Some(of.err().unwrap_or_default());
            continue;
        };
        let waits_for = before.iter().find(|(earlier, _)| *earlier == kind || *earlier == FileKind::Associations);
        let mut report = match waits_for {
            Some((_, name)) => {
                let told = vec![told("WEB-038", name)];
                FileReport { verdict: Verdict::Waits, head: head.clone(), told, ..FileReport::default() }
            }
            None => look_at(workspace, lock, (&given.files[nth], &path), &head).await?,
        };
        report.ways = Some(other_ways(workspace, &imports, kind));
        if report.verdict.is_open() {
            before.push((kind, given.files[nth].name.clone()));
        }
        given.files[nth].report = Some(report);
    }
    Ok(())
}

/// How else a file of a kind could be taken in.
fn other_ways(workspace: &Workspace, imports: &[ImportRecord], kind: FileKind) -> OtherWays {
    let told = imports.iter().filter(|import| import.kind == kind && import.stands());
    let sources: BTreeSet<String> = told.map(|import| import.source_name.clone()).collect();
    let fitting = workspace.layouts.iter().filter(|layout| layout.kind == kind);
    let layouts: Vec<String> = fitting.map(|layout| layout.name.clone()).collect();
    OtherWays { sources: sources.into_iter().collect(), layouts: if layouts.len() > 1 { layouts } else { Vec::new() } }
}

type InOrder = (usize, Result<(FileKind, NaiveDate, PathBuf), FileReport>);

/// Files that nobody has decided about: masters first, then by day and name, as an import takes them. What cannot be taken in
/// whatever the others say comes with the reason.
async fn in_order(workspace: &Workspace, given: &Given) -> Result<Vec<InOrder>> {
    let mut out = Vec::new();
    for (nth, file) in given.files.iter().enumerate() {
        if file.verdict().is_some_and(Verdict::is_settled) {
            continue;
        }
        let of = match path_of(workspace, given, nth).await? {
            Err(told) => Err(FileReport { told: vec![told], ..FileReport::default() }),
            Ok(path) => match what_it_is(workspace, &path, &options(file)) {
                Ok(what) => Ok((what.kind, what.known_on, path)),
                Err(error) => Err(refused(workspace, &path, &Failure::of(&error))),
            },
        };
        out.push((nth, of));
    }
    out.sort_by_key(|(nth, of)| {
        let key = of.as_ref().map(|(kind, day, _)| (*kind, *day)).ok();
        (key, given.files[*nth].name.clone())
    });
    Ok(out)
}

/// Where a file lies; else what became of it.
pub(super) async fn path_of(workspace: &Workspace, given: &Given, nth: usize) -> Result<Result<PathBuf, Told>> {
    let file = &given.files[nth];
    match file.place {
        Place::Here => Ok(Ok(given.own_path(nth))),
        Place::Inbox => asking_path(workspace, &file.sha256).await,
    }
}

/// How a file is taken in that asks nothing.
pub(super) fn options(file: &GivenFile) -> ImportOptions {
    let (source, layout) = (file.source.clone(), file.layout.clone());
    ImportOptions { known_at: file.known_at, source, layout, dry_run: true, ..ImportOptions::default() }
}

/// A file that is refused for what it is. Of one whose headings are not known it is told which.
fn refused(workspace: &Workspace, path: &Path, failure: &Failure) -> FileReport {
    let mut report = FileReport::default();
    take_failure(&mut report, failure);
    let is_of_headings =
        [Problem::HeadingMissing, Problem::LayoutUnknown].iter().any(|problem| problem.code() == failure.code);
    if is_of_headings && let Ok((layout, columns)) = explain_columns(workspace, path) {
        let heading = |column: &str, heading: &str| format!("{column}列「{heading}」");
        report.unknown = layout.ignored.iter().map(|one| heading(&one.column, &one.heading)).collect();
        let missing = layout.fields.iter().filter(|place| place.is_required && place.heading.is_none());
        report.missing = missing.filter_map(|place| place.accepted.first().cloned()).collect();
        report.facts = vec![("近い形式".into(), format!("{}（{}）", layout.layout, layout.kind.label()))];
        report.headings = unknown_headings(&layout, columns);
    }
    report
}

/// What an import of one file came to.
enum Tried {
    Done(Box<ImportSummary>),
    /// An earlier file of the inbox comes first.
    Held(String),
    Failed(Failure),
}

async fn tried(workspace: &Workspace, lock: &WriteLock, path: &Path, options: &ImportOptions) -> Tried {
    let mut run = import_files(workspace, lock, &[path.to_path_buf()], options, &Silent).await;
    if let Some(summary) = run.summaries.pop() {
        return Tried::Done(Box::new(summary));
    }
    match (run.failures.pop(), run.held.pop()) {
        (Some((_, error)), _) => Tried::Failed(Failure::of(&error)),
        (None, Some((_, name))) => Tried::Held(name),
        (None, None) => Tried::Failed(Failure::usage("WEB-026", "")),
    }
}

async fn look_at(
    workspace: &Workspace,
    lock: &WriteLock,
    (file, path): (&GivenFile, &PathBuf),
    head: &str,
) -> Result<FileReport> {
    let plain = options(file);
    let holding = ImportOptions { holds: inbox::waiting(workspace, std::slice::from_ref(path)), ..plain.clone() };
    let (held, tried_now) = match tried(workspace, lock, path, &holding).await {
        Tried::Held(name) => (Some(name), tried(workspace, lock, path, &plain).await),
        other => (None, other),
    };
    let waits = held.map(|name| Failure::input(Problem::OlderWaits, &file.name, name));
    let failure = match (tried_now, waits) {
        (Tried::Done(summary), None) => return Ok(of_summary(&summary, head)),
        (Tried::Failed(failure), Some(waits)) if is_question(&failure) => {
            let beside = Detail::of_words(waits.code, vec![waits.detail]);
            Failure { details: failure.details.iter().cloned().chain([beside]).collect(), ..failure }
        }
        (Tried::Failed(failure), _) | (_, Some(failure)) => failure,
        (Tried::Held(_), None) => Failure::usage("WEB-026", ""),
    };
    // What a disk or a database refuses is nothing about the file.
    if failure.is_of_surroundings() {
        return Err(failure.into());
    }
    let mut report = report_without(workspace, lock, (file, path), &failure).await;
    report.head = head.to_string();
    take_failure(&mut report, &failure);
    Ok(report)
}

/// What is known of a file that asks or is refused, beside why.
async fn report_without(
    workspace: &Workspace,
    lock: &WriteLock,
    (file, path): (&GivenFile, &Path),
    failure: &Failure,
) -> FileReport {
    let plain = options(file);
    let mut report = FileReport::default();
    if is_question(failure) {
        let known_at = what_it_is(workspace, path, &plain).ok().map(|what| what.known_on);
        let accepted = Some(String::new());
        let all = ImportOptions { known_at, accept_drop: accepted.clone(), accept_change: accepted, ..plain };
        if let Tried::Done(summary) = tried(workspace, lock, path, &all).await {
            return of_summary(&summary, "");
        }
    } else if let Ok(Some(summary)) = rows_to_mend(workspace, path, &plain).await {
        take_rejects(&mut report, &summary);
    }
    report
}
