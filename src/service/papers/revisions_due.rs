//! Months whose papers would say something else (要改定): what a change of the store does to them (R3, R34), and which of them
//! wait to be made once more.
//!
//! A change is tried in a copy of the store. Each paper that stands is built from both, and what its tables say is compared:
//! so a change that no paper shows asks nothing and marks nothing. A paper that cannot be made, and so not be compared, asks and
//! says why. Start reading at `changed_by`.

mod changes;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::build::{build_from, build_meeting};
use super::defined::sound_list;
use super::kept::CONTENT;
use crate::domain::as_of::AsOf;
use crate::domain::association::Tier;
use crate::domain::document::Block;
use crate::domain::errata::Errata;
use crate::domain::ledger::{JobRevision, JobVersion, VersionKind};
use crate::domain::meeting::MeetingPlan;
use crate::domain::paper_content::{ContentTable, PaperContent};
use crate::domain::report::Definition;
use crate::error::Failure;
use crate::files::NewFolder;
use crate::input;
use crate::render::printable::printable;
use crate::service::keep::current_exports::head_at;
use crate::service::keep::{Workspace, ledger};
use crate::service::known::area::Area;
use crate::service::known::totals::{Totals, totals};
use crate::service::known::vintage::Vintage;
use crate::service::papers::published::{PublishedPaper, published_papers};
use crate::service::papers::{PaperRequest, Variant};
use crate::service::questions::store_copy;

pub(in crate::service) use changes::Changes;
pub use changes::{ChangedMonth, NotMade};

/// A copy of the store in a folder of its own, which goes with it.
pub(in crate::service) struct Trial {
    pub(in crate::service) workspace: Workspace,
    _folder: NewFolder,
}

impl Trial {
    /// Copies what is stored now.
    ///
    /// # Errors
    /// When the store cannot be read, or the copy cannot be written.
    pub(in crate::service) async fn of(workspace: &Workspace) -> Result<Self> {
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
) -> Result<Changes> {
    let mut of_knowledge: BTreeMap<NaiveDate, Vec<PublishedPaper>> = BTreeMap::new();
    let published = published_papers(workspace).await?;
    for paper in published.papers.into_iter().filter(may_concern) {
        of_knowledge.entry(paper.known_at).or_default().push(paper);
    }
    if of_knowledge.is_empty() {
        return Ok(Changes::default());
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
    Ok(Changes { days: changed?, unreported: published.unreported })
}

async fn compared(
    now: &Workspace,
    then: &Workspace,
    of_knowledge: BTreeMap<NaiveDate, Vec<PublishedPaper>>,
) -> Result<Vec<ChangedMonth>> {
    let (all, faults) = sound_list(now);
    let definitions = Definitions { all, faults };
    let mut out: BTreeMap<(bool, Option<String>, NaiveDate), ChangedMonth> = BTreeMap::new();
    for (known_at, papers) in of_knowledge {
        let before = Side::open(now, known_at).await;
        let after = Side::open(then, known_at).await;
        for paper in papers {
            let said = [before.says(&definitions, &paper).await, after.says(&definitions, &paper).await];
            let verdict = verdict(&said, published(now, &paper).as_deref());
            if verdict == Verdict::Same {
                continue;
            }
            let key = (paper.period.is_none(), paper.period.clone(), paper.as_of);
            let day = match out.entry(key) {
                Entry::Occupied(day) => day.into_mut(),
                Entry::Vacant(place) => {
                    place.insert(ChangedMonth::new(&paper, [&before, &after].map(|side| side.members(paper.as_of)))?)
                }
            };
            match verdict {
                Verdict::Same => {}
                Verdict::Changed => day.papers.push(paper.name),
                Verdict::Lost(why) => {
                    why.add_to(&mut day.not_made_then, &paper.name);
                    day.papers.push(paper.name);
                }
                Verdict::Unknown(why) => why.add_to(&mut day.not_compared, &paper.name),
            }
        }
    }
    for day in out.values_mut() {
        day.sort();
    }
    Ok(out.into_values().collect())
}

/// What became of a paper.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Same,
    Changed,
    /// It cannot be made any more.
    Lost(Box<NotMade>),
    /// It cannot be made as things are, and was not compared.
    Unknown(Box<NotMade>),
}

/// Compares what a paper says before and after a change. What was made from the same before, as after taking in again what was
/// taken back, is right as it stands.
fn verdict(said: &[Result<Said, Box<NotMade>>; 2], published: Option<&[Content]>) -> Verdict {
    match (said, published) {
        ([Ok(before), Ok(after)], _) if before == after => Verdict::Same,
        ([_, Ok(after)], Some(published)) if after.tables == published => Verdict::Same,
        ([Ok(_), Ok(_)], _) | ([Err(_), Ok(_)], Some(_)) => Verdict::Changed,
        ([Ok(_), Err(why)], _) => Verdict::Lost(why.clone()),
        ([Err(why), _], _) => Verdict::Unknown(why.clone()),
    }
}

/// The definitions that are sound, and what is wrong in the others.
struct Definitions {
    all: Vec<Definition>,
    faults: Option<Failure>,
}

impl Definitions {
    /// Why a paper cannot be made of a definition; of one that is not there, what is wrong in those that are not sound.
    fn why(&self, error: &anyhow::Error) -> Box<NotMade> {
        let failure = Failure::of(error);
        Box::new(self.faults.clone().filter(|_| failure.code == "RPT-001").unwrap_or(failure).into())
    }
}

/// What is known of a day in one of two stores, or why nothing is.
struct Side<'w> {
    workspace: &'w Workspace,
    vintage: Result<Vintage, Box<NotMade>>,
}

impl<'w> Side<'w> {
    async fn open(workspace: &'w Workspace, known_at: NaiveDate) -> Self {
        // The newest export may have been taken back; then the newest that stands speaks.
        let vintage = match Vintage::open(workspace, Some(known_at)).await {
            Ok(vintage) => Ok(vintage),
            Err(_) => Vintage::open(workspace, None).await,
        };
        Self { workspace, vintage: vintage.map_err(|error| Box::new(Failure::of(&error).into())) }
    }

    fn members(&self, as_of: NaiveDate) -> Result<Totals> {
        let Ok(vintage) = &self.vintage else { return Ok(Totals::default()) };
        Ok(totals(&vintage.associations, &vintage.count_on(|_| true, as_of)?))
    }

    /// What a paper says, or why it cannot be made.
    async fn says(&self, definitions: &Definitions, paper: &PublishedPaper) -> Result<Said, Box<NotMade>> {
        let vintage = self.vintage.as_ref().map_err(Clone::clone)?;
        let request = request(vintage, paper);
        let document = match &paper.meeting {
            // What the office wrote does not hang on the store.
            Some(meeting) => {
                let plan = MeetingPlan::of_reports(&meeting.name, meeting.held_on, &meeting.reports);
                build_meeting(self.workspace, vintage, &definitions.all, (&plan, &request)).await
            }
            None => build_from(self.workspace, vintage, &definitions.all, &request).await,
        };
        let document = document.map_err(|error| definitions.why(&error))?;
        let document = printable(&document, &document.gaiji).document;
        let blocks = document.sections.iter().flat_map(|section| &section.blocks);
        let notes = blocks.filter(|block| matches!(block, Block::Paragraph(_) | Block::Notes(_)));
        Ok(Said { tables: figures(PaperContent::of(&document)), notes: notes.cloned().collect() })
    }
}

/// Id and rows of a table.
type Content = (String, Vec<Vec<String>>);

/// What a paper says. What it says of its own making, such as the head, is not among it.
#[derive(PartialEq)]
struct Said {
    tables: Vec<Content>,
    notes: Vec<Block>,
}

/// Tables, grids and charts by id, without rows that say nothing but 0: a body that nobody is in, and that a newer master
/// brings, changes no figure.
fn figures(content: PaperContent) -> Vec<Content> {
    content.tables.into_iter().filter(|table| table.id != Errata::TABLE).map(without_running_numbers).collect()
}

/// The rows that say something, without the column that counts them.
fn without_running_numbers(table: ContentTable) -> Content {
    let numbers = table.columns.iter().position(|(key, _)| key == ContentTable::RUNNING_NUMBER);
    let mut rows = table.rows;
    for row in &mut rows {
        if let Some(at) = numbers.filter(|at| *at < row.len()) {
            row.remove(at);
        }
    }
    rows.retain(|row| !says_nothing(row));
    (table.id, rows)
}

fn says_nothing(row: &[String]) -> bool {
    let is_figure = |cell: &&String| !cell.is_empty() && cell.chars().all(|c| "0123456789,.%▲-…()".contains(c));
    let mut figures = row.iter().filter(is_figure).peekable();
    figures.peek().is_some() && figures.all(|cell| !cell.contains(|c: char| ('1'..='9').contains(&c)))
}

/// What the tables of a paper that was made say, where they can be read.
fn published(workspace: &Workspace, paper: &PublishedPaper) -> Option<Vec<Content>> {
    let text = input::read_whole(&workspace.place_of_subject(&paper.name).join(CONTENT)).ok()?;
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
        meeting: None,
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
        // Papers of `kaiin report` stand in no ledger; whoever answers the question makes them anew.
        let Some(version) = month.period.as_ref().and_then(|period| standing(&versions, period)) else { continue };
        let before = noted.iter().find(|one| is_of(one, version)).map_or(&[] as &[String], |one| one.papers.as_slice());
        let not_compared = month.not_compared.iter().flat_map(|one| &one.papers);
        let papers: BTreeSet<&String> = before.iter().chain(&month.papers).chain(not_compared).collect();
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
