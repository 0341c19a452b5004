//! What was taken in, and taking the newest import of a source back (R25): a misdated or wrong file is no dead end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::inspected::Inspected;
use super::options::ImportOptions;
use super::questions::{about_months, call};
use super::removed;
use super::summary::SameContent;
use super::timeline::refresh_timeline;
use crate::domain::layout::FileKind;
use crate::error::{Detail, Failure};
use crate::ingest::scan::scan;
use crate::service::keep::head::{head_of, next_head};
use crate::service::keep::removed_files::{removed_on, tell_removed};
use crate::service::keep::{Workspace, WriteLock};
use crate::service::papers::published::{PublishedPaper, done_periods, given_out};
use crate::service::papers::revisions_due;
use crate::service::papers::revisions_due::ChangedMonth;
use crate::store::{ImportRecord, TakingBack};

/// A file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedImport {
    /// Its id, for `--take-back`.
    pub id: i64,
    /// Kind of file.
    pub kind: &'static str,
    /// Kind of file as people say it.
    #[serde(skip)]
    pub kind_label: &'static str,
    /// Source.
    pub source: String,
    /// Export day.
    pub known_at: NaiveDate,
    /// Name of the file.
    pub file: String,
    /// When it was taken in.
    pub imported_at: DateTime<Utc>,
    /// Rows of the file.
    pub rows: u32,
    /// `stands`, `replaced` or `taken_back`.
    pub state: &'static str,
    /// Why it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<DateTime<Utc>>,
    /// When its file was removed by a purge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_removed_on: Option<NaiveDate>,
}

/// What taking an import back did.
#[derive(Debug, Clone, Serialize)]
pub struct TakenBackReport {
    /// The import as it is listed now.
    pub import: ListedImport,
    /// Papers that were made from it, relative to the data folder.
    pub papers: Vec<String>,
    /// Months of the ledger with such papers.
    pub months: BTreeSet<String>,
    /// Months that are done of which papers say something else now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed_months: Vec<ChangedMonth>,
    /// Head of the store after it.
    pub head: String,
}

/// All imports in the order in which they were made.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(workspace: &Workspace) -> Result<Vec<ListedImport>> {
    let days = removed_on(workspace).await?;
    Ok(workspace.store.imports().await?.iter().map(|import| listed(import, &days)).collect())
}

pub(super) fn listed(import: &ImportRecord, removed_on: &BTreeMap<String, NaiveDate>) -> ListedImport {
    let state = match (&import.taken_back, import.replaced) {
        (Some(_), _) => "taken_back",
        (None, true) => "replaced",
        (None, false) => "stands",
    };
    ListedImport {
        id: import.id.0,
        kind: import.kind.code(),
        kind_label: import.kind.label(),
        source: import.source_name.clone(),
        known_at: import.known_on,
        file: import.file_name.clone(),
        imported_at: import.imported_at,
        rows: import.n_rows,
        state,
        reason: import.taken_back.as_ref().map(|taken| taken.reason.clone()),
        taken_back_at: import.taken_back.as_ref().map(|taken| taken.taken_back_at),
        file_removed_on: removed_on.get(&import.sha256).copied(),
    }
}

/// Takes the newest import of a source back, by its id or file.
///
/// # Errors
/// [`Failure`] IMP-280 for an unknown import, IMP-284 for a name of several, IMP-281 when it was taken back already, IMP-282
/// when newer ones of its source stand, IMP-283 for a master without which bodies with members would be gone, IMP-286
/// without a reason, PRG-008 when it tells of persons whose names were removed since, IMP-274 when papers of months that are done would say something else and `accepts_change` is not given;
/// when the store cannot be written.
pub async fn take_back(
    workspace: &Workspace,
    _lock: &WriteLock,
    which: &str,
    reason: &str,
    accepts_change: bool,
) -> Result<TakenBackReport> {
    if reason.trim().is_empty() {
        return Err(Failure::usage("IMP-286", "").into());
    }
    let imports = workspace.store.imports().await?;
    if imports.is_empty() {
        return Err(workspace.nothing_known().into());
    }
    let import = find(&imports, which)?;
    refuse(&imports, import)?;
    removed::refuse(workspace, import).await?;
    if import.kind == FileKind::Associations {
        refuse_needed_master(workspace, import).await?;
    }
    let (papers, months) = made_from(workspace, import).await?;
    let taking = taking(workspace, &imports, import, reason);
    let changed = changed_by(workspace, import, &taking).await?;
    if !changed.days.is_empty() && !accepts_change {
        let failure = about_months(&import.file_name, &changed, None);
        let command =
            format!("{} --take-back {} --accept-change --reason \"…\"", call(workspace, "import"), import.id.0);
        let answer = Detail::of_words("IMP-293", vec![command]);
        return Err(Failure { details: failure.details.iter().cloned().chain([answer]).collect(), ..failure }.into());
    }
    revisions_due::note(workspace, &changed.days, &format!("{} 取消", import.file_name)).await?;
    workspace.store.take_back(&taking).await.context("taking the import back")?;
    refresh_timeline(workspace, None).await;
    let after = workspace.store.imports().await?;
    let import = after.iter().find(|after| after.id == import.id).context("the import was there")?;
    // Whoever takes it back means to take it in again.
    tell_removed(workspace, std::iter::once(import)).await?;
    let import = listed(import, &removed_on(workspace).await?);
    Ok(TakenBackReport { import, papers, months, changed_months: changed.days, head: taking.head })
}

/// What is stored when an import is taken back.
pub(super) fn taking(
    workspace: &Workspace,
    imports: &[ImportRecord],
    import: &ImportRecord,
    reason: &str,
) -> TakingBack {
    let follows = head_of(imports);
    let head = next_head(&follows, &["taken back", &import.id.0.to_string(), &import.sha256]);
    let (reason, taken_back_at) = (reason.trim().to_string(), workspace.clock.now());
    TakingBack { follows, import: import.id, reason, taken_back_at, head }
}

/// Months that are done of which papers would say something else without an import.
pub(super) async fn changed_by(
    workspace: &Workspace,
    import: &ImportRecord,
    taking: &TakingBack,
) -> Result<revisions_due::Changes> {
    let may_concern = |paper: &PublishedPaper| {
        import.kind == FileKind::Associations || (import.stands() && paper.known_at >= import.known_on)
    };
    revisions_due::changed_by(workspace, may_concern, async |copy: &Workspace| {
        copy.store.take_back(taking).await.context("taking the import back")
    })
    .await
}

/// By id, by the name of the file, or by the content of a file of another name. Of several of one name the newest that
/// stands is meant where they are of one source.
fn find<'i>(imports: &'i [ImportRecord], which: &str) -> Result<&'i ImportRecord> {
    if let Ok(id) = which.trim().parse::<i64>()
        && let Some(import) = imports.iter().find(|import| import.id.0 == id)
    {
        return Ok(import);
    }
    let path = Path::new(which);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut found: Vec<&ImportRecord> = imports.iter().filter(|import| import.file_name == name).collect();
    if found.is_empty() && path.is_file() {
        let content = scan(path).map(|scan| scan.sha256).unwrap_or_default();
        found = imports.iter().filter(|import| import.sha256 == content).collect();
    }
    let standing: Vec<&ImportRecord> = found.iter().copied().filter(|import| import.stands()).collect();
    let candidates = if standing.is_empty() { found } else { standing };
    let Some(newest) = candidates.iter().copied().max_by_key(|import| (import.known_on, import.id)) else {
        return Err(Failure::usage("IMP-280", which).into());
    };
    if candidates.iter().any(|import| import.source != newest.source) {
        return Err(Failure::usage("IMP-284", which).into());
    }
    Ok(newest)
}

/// Only the newest standing import of a source may be taken back. There is one master, whatever its source is called.
pub(super) fn refuse(imports: &[ImportRecord], import: &ImportRecord) -> Result<()> {
    if let Some(taken) = &import.taken_back {
        let place = format!("{} {}: {}", import.id.0, import.file_name, taken.reason);
        return Err(Failure::usage("IMP-281", place).into());
    }
    let is_of_source = |other: &&ImportRecord| {
        other.source == import.source || (import.kind == FileKind::Associations && other.kind == FileKind::Associations)
    };
    let mut newer: Vec<&ImportRecord> = imports
        .iter()
        .filter(|other| other.id > import.id && other.taken_back.is_none())
        .filter(is_of_source)
        .collect();
    // Imports of a source come in by day, so that the last one taken in is the newest.
    newer.reverse();
    if newer.is_empty() {
        return Ok(());
    }
    let names = newer.iter().map(|other| format!("{} {}", other.id.0, other.file_name));
    Err(Failure::usage("IMP-282", names.collect::<Vec<_>>().join("、")).into())
}

/// The master before this one must have every body that carries facts.
pub(super) async fn refuse_needed_master(workspace: &Workspace, import: &ImportRecord) -> Result<()> {
    let kept: BTreeSet<String> = workspace.store.association_codes_without(import.id).await?.into_iter().collect();
    let used = workspace.store.association_codes_in_use().await?;
    let lost: Vec<String> = used.into_iter().filter(|code| !kept.contains(code)).collect();
    if lost.is_empty() { Ok(()) } else { Err(Failure::usage("IMP-283", lost.join("、")).into()) }
}

/// Papers that were made when the import had a say, and their months.
pub(super) async fn made_from(workspace: &Workspace, import: &ImportRecord) -> Result<(Vec<String>, BTreeSet<String>)> {
    let done = done_periods(workspace).await?;
    let made = given_out(workspace).await?.papers.into_iter().filter(|paper| match import.kind {
        FileKind::Members => paper.is_made_from(&import.sha256) && paper.known_at >= import.known_on,
        // Manifests name exports of members only; of the others every paper that could know of it is named.
        FileKind::Applications | FileKind::Adjustments => paper.known_at >= import.known_on,
        FileKind::Associations => true,
    });
    let (mut names, mut months) = (Vec::new(), BTreeSet::new());
    for paper in made {
        months.extend(paper.period.filter(|period| done.contains(period)));
        names.push(paper.name);
    }
    Ok((names, months))
}

/// An import of the same source that stands and told the same under another day.
pub(super) async fn twin(
    workspace: &Workspace,
    file: &Inspected<'_>,
    options: &ImportOptions,
) -> Result<Option<SameContent>> {
    if file.layout.kind == FileKind::Associations {
        return Ok(None);
    }
    let source = options.source.as_deref().unwrap_or(file.layout.kind.code());
    let imports = workspace.store.imports().await?;
    let twin = imports.iter().rev().find(|import| {
        import.kind == file.layout.kind
            && import.source_name == source
            && import.stands()
            && import.sha256 == file.scan.sha256
            && import.known_on != file.known_on
    });
    let told = |import: &ImportRecord| SameContent {
        id: import.id.0,
        known_at: import.known_on,
        file: import.file_name.clone(),
    };
    Ok(twin.map(told))
}

/// Says of a refused file that its content stands under another day, and how to take that back.
pub(super) fn told(workspace: &Workspace, twin: &SameContent) -> Detail {
    let command = format!("{} --take-back {} --reason \"…\"", call(workspace, "import"), twin.id);
    Detail::of_words("IMP-278", vec![twin.known_at.to_string(), twin.file.clone(), command])
}
