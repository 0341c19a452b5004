//! Months whose papers would say something else (要改定): what a change of the store does to them (R3, R34), and which of them
//! wait to be made once more.
//!
//! A change is tried in a copy of the store. Each paper that stands is built from both, and what its tables say is compared:
//! so a change that no paper shows asks nothing and marks nothing. Start reading at `changed_by`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde::Serialize;

use super::build::build_from;
use super::defined::sound_list;
use super::kept::CONTENT;
use crate::domain::as_of::AsOf;
use crate::domain::association::Tier;
use crate::domain::document::Block;
use crate::domain::errata::{ContentTable, Errata, PaperContent};
use crate::domain::ledger::{JobRevision, JobVersion, VersionKind};
use crate::domain::printed_number::thousands;
use crate::domain::report::Definition;
use crate::error::Detail;
use crate::files::NewFolder;
use crate::render::printable::printable;
use crate::service::keep::current_exports::head_at;
use crate::service::keep::{Workspace, ledger};
use crate::service::known::area::Area;
use crate::service::known::totals::{Totals, totals};
use crate::service::known::vintage::Vintage;
use crate::service::papers::published::{PublishedPaper, published_papers};
use crate::service::papers::{PaperRequest, Variant};
use crate::service::questions::store_copy;

/// A day of a month that is done, of which papers would say something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedMonth {
    /// The month of the ledger.
    pub period: String,
    /// 基準日 of its papers.
    pub as_of: NaiveDate,
    /// Members on that day as the papers count them.
    pub before: Totals,
    /// The same with the change.
    pub after: Totals,
    /// Folders of the papers concerned, from the data folder on, ascending.
    pub papers: Vec<String>,
}

impl ChangedMonth {
    /// The month in words: its members before and after, and its papers.
    pub fn detail(&self) -> Detail {
        let members =
            |totals: &Totals| [totals.local, totals.prefectural, totals.national].map(|tier| tier.memberships);
        let mut words = vec![self.period.clone(), self.as_of.to_string()];
        for (before, after) in members(&self.before).into_iter().zip(members(&self.after)) {
            words.extend([thousands(before), thousands(after)]);
        }
        words.push(self.papers.join("、"));
        Detail::of_words("IMP-292", words)
    }
}

/// A copy of the store in a folder of its own, which goes with it.
pub(in crate::service) struct Trial {
    pub(in crate::service) workspace: Workspace,
    _folder: NewFolder,
}

impl Trial {
    /// Copies what is stored now.
    async fn of(workspace: &Workspace) -> Result<Self> {
        let folder = NewFolder::within(workspace.folder(), workspace.readers())?;
        let copy = workspace.over_copy(folder.path()).await?;
        store_copy::move_rows(workspace, &copy).await.context("copying the store")?;
        Ok(Self { workspace: copy, _folder: folder })
    }
}

/// What a change does to the papers that stand, of those that `may_concern` lets pass. Nothing is stored. A change that cannot
/// be made changes nothing: it will say so itself.
///
/// # Errors
/// When the store or the papers cannot be read, or the copy cannot be written.
pub(in crate::service) async fn changed_by(
    workspace: &Workspace,
    may_concern: impl Fn(&PublishedPaper) -> bool,
    change: impl AsyncFnOnce(&Workspace) -> Result<()>,
) -> Result<Vec<ChangedMonth>> {
    let mut of_knowledge: BTreeMap<NaiveDate, Vec<PublishedPaper>> = BTreeMap::new();
    for paper in published_papers(workspace).await?.into_iter().filter(may_concern) {
        of_knowledge.entry(paper.known_at).or_default().push(paper);
    }
    if of_knowledge.is_empty() {
        return Ok(Vec::new());
    }
    let trial = Trial::of(workspace).await?;
    let changed = match change(&trial.workspace).await {
        Ok(()) => compared(workspace, &trial.workspace, of_knowledge).await,
        Err(error) => {
            tracing::debug!(error = format!("{error:#}"), "the change could not be tried");
            Ok(Vec::new())
        }
    };
    trial.workspace.store.clone().close().await?;
    changed
}

async fn compared(
    now: &Workspace,
    then: &Workspace,
    of_knowledge: BTreeMap<NaiveDate, Vec<PublishedPaper>>,
) -> Result<Vec<ChangedMonth>> {
    let (all, _) = sound_list(now);
    let mut out: BTreeMap<(String, NaiveDate), ChangedMonth> = BTreeMap::new();
    for (known_at, papers) in of_knowledge {
        let before = Side::open(now, known_at).await;
        let after = Side::open(then, known_at).await;
        for paper in papers {
            let said = after.says(&all, &paper).await;
            let is_as_published = || said.as_ref().map(|said| &said.tables) == published(now, &paper).as_ref();
            // What was made from the same before, as after taking in again what was taken back, is right as it stands.
            if before.says(&all, &paper).await == said || (said.is_some() && is_as_published()) {
                continue;
            }
            let month = match out.entry((paper.period.clone(), paper.as_of)) {
                std::collections::btree_map::Entry::Occupied(month) => month.into_mut(),
                std::collections::btree_map::Entry::Vacant(place) => place.insert(ChangedMonth {
                    period: paper.period.clone(),
                    as_of: paper.as_of,
                    before: before.members(paper.as_of)?,
                    after: after.members(paper.as_of)?,
                    papers: Vec::new(),
                }),
            };
            month.papers.push(paper.name);
        }
    }
    for month in out.values_mut() {
        month.papers.sort();
    }
    Ok(out.into_values().collect())
}

/// What is known of a day in one of two stores; `None` where nothing is known of it.
struct Side<'w> {
    workspace: &'w Workspace,
    vintage: Option<Vintage>,
}

impl<'w> Side<'w> {
    async fn open(workspace: &'w Workspace, known_at: NaiveDate) -> Self {
        // The newest export may have been taken back; then the newest that stands speaks.
        let vintage = match Vintage::open(workspace, Some(known_at)).await {
            Ok(vintage) => Ok(vintage),
            Err(_) => Vintage::open(workspace, None).await,
        };
        Self { workspace, vintage: vintage.ok() }
    }

    fn members(&self, as_of: NaiveDate) -> Result<Totals> {
        let Some(vintage) = &self.vintage else { return Ok(Totals::default()) };
        Ok(totals(&vintage.associations, &vintage.count_on(|_| true, as_of)?))
    }

    /// What a paper says; `None` where it cannot be made.
    async fn says(&self, all: &[Definition], paper: &PublishedPaper) -> Option<Said> {
        let vintage = self.vintage.as_ref()?;
        let request = request(vintage, paper);
        let document = build_from(self.workspace, vintage, all, &request).await.ok()?;
        let document = printable(&document, &document.gaiji).document;
        let blocks = document.sections.iter().flat_map(|section| &section.blocks);
        let notes = blocks.filter(|block| matches!(block, Block::Paragraph(_) | Block::Notes(_)));
        Some(Said { tables: figures(PaperContent::of(&document)), notes: notes.cloned().collect() })
    }
}

/// What a paper says. What it says of its own making, such as the head, is not among it.
#[derive(PartialEq)]
struct Said {
    tables: Vec<(String, Vec<Vec<String>>)>,
    notes: Vec<Block>,
}

/// Tables, grids and charts by id, without rows that say nothing but 0: a body that nobody is in, and that a newer master
/// brings, changes no figure.
fn figures(content: PaperContent) -> Vec<(String, Vec<Vec<String>>)> {
    let tables = content.tables.into_iter().filter(|table| table.id != Errata::TABLE);
    let rows = |table: ContentTable| {
        let is_number = |at: usize| table.columns.get(at).is_some_and(|(key, _)| key == ContentTable::RUNNING_NUMBER);
        let numbered = |row: Vec<String>| row.into_iter().enumerate().filter(|(at, _)| !is_number(*at));
        let rows = table.rows.into_iter().map(|row| numbered(row).map(|(_, cell)| cell).collect::<Vec<_>>());
        (table.id, rows.filter(|row| !says_nothing(row)).collect())
    };
    tables.map(rows).collect()
}

fn says_nothing(row: &[String]) -> bool {
    let is_figure = |cell: &&String| !cell.is_empty() && cell.chars().all(|c| "0123456789,.%▲-…()".contains(c));
    let mut figures = row.iter().filter(is_figure).peekable();
    figures.peek().is_some() && figures.all(|cell| !cell.contains(|c: char| ('1'..='9').contains(&c)))
}

/// What the tables of a paper that was made say, where they can be read.
fn published(workspace: &Workspace, paper: &PublishedPaper) -> Option<Vec<(String, Vec<Vec<String>>)>> {
    let text = std::fs::read(workspace.folder().join(&paper.name).join(CONTENT)).ok()?;
    serde_json::from_slice(&text).ok().map(figures)
}

fn request(vintage: &Vintage, paper: &PublishedPaper) -> PaperRequest {
    let variant = if paper.variant == Variant::External.code() { Variant::External } else { Variant::Internal };
    let area = match &paper.area {
        None => Area::All,
        Some(code) => match vintage.associations.by_code(code).map(|body| body.tier) {
            Some(Tier::Prefectural) => Area::Prefecture(code.clone()),
            _ => Area::Association(code.clone()),
        },
    };
    let suffix = paper.area.as_ref().map(|code| format!("_{code}")).unwrap_or_default();
    PaperRequest {
        name: paper.report.strip_suffix(&suffix).unwrap_or(&paper.report).to_string(),
        as_of: AsOf(paper.as_of),
        known_at: Some(paper.known_at),
        issued_on: paper.issued_on,
        variant,
        area,
        draft: false,
        strict_characters: false,
    }
}

/// Notes which months say something else, before the change is stored: a note of a change that never came is not shown, for
/// the head of its papers is still the one that they were made from.
///
/// # Errors
/// When the store cannot be read or written.
pub(in crate::service) async fn note(workspace: &Workspace, changed: &[ChangedMonth], cause: &str) -> Result<()> {
    let versions = ledger::versions(workspace).await?;
    let noted = workspace.store.job_revisions().await?;
    for month in changed {
        let Some(version) = standing(&versions, &month.period) else { continue };
        let before = noted.iter().find(|one| is_of(one, version)).map_or(&[] as &[String], |one| one.papers.as_slice());
        let papers: BTreeSet<&String> = before.iter().chain(&month.papers).collect();
        let revision = JobRevision {
            job: version.job.clone(),
            period: version.period.clone(),
            version: version.version,
            noted_at: workspace.clock.now(),
            cause: cause.to_string(),
            papers: papers.into_iter().cloned().collect(),
        };
        workspace.store.note_job_revision(&revision).await?;
    }
    Ok(())
}

/// Months that wait to be made once more, by job and period.
///
/// # Errors
/// When the store cannot be read.
pub async fn due(workspace: &Workspace) -> Result<Vec<JobRevision>> {
    let noted = workspace.store.job_revisions().await?;
    if noted.is_empty() {
        return Ok(noted);
    }
    let versions = ledger::versions(workspace).await?;
    let imports = workspace.store.imports().await?;
    let is_due = |one: &JobRevision| {
        let version = standing(&versions, &one.period).filter(|version| is_of(one, version));
        version.is_some_and(|version| version.known_at.is_none_or(|day| head_at(&imports, day) != version.head))
    };
    Ok(noted.into_iter().filter(is_due).collect())
}

/// The version of a period that stands: the newest that is not of before its cut-off.
fn standing<'v>(versions: &'v [JobVersion], period: &str) -> Option<&'v JobVersion> {
    let firm = versions.iter().filter(|version| version.period == period && version.kind != VersionKind::Early);
    firm.max_by_key(|version| version.version)
}

fn is_of(revision: &JobRevision, version: &JobVersion) -> bool {
    (&revision.job, &revision.period, revision.version) == (&version.job, &version.period, version.version)
}
