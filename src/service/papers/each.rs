//! Papers for many areas: one that fails stops itself alone, and is named at the end (R31).

use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::Result;
use tokio::task::{JoinHandle, spawn_blocking};

use super::build::{build_from, build_meeting};
use super::defined::list;
use super::kept::clear_away;
use super::needs::narrow;
use super::publish::{Published, publish};
use super::request::{PaperFormat, PaperRequest};
use crate::domain::as_of::AsOf;
use crate::domain::document::ReportDocument;
use crate::domain::meeting::MeetingPlan;
use crate::domain::report::Definition;
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::keep::workspace::StoreChanged;
use crate::service::known::area::{Area, Extent};
use crate::service::known::vintage::Vintage;

/// What a run over areas made, and what it could not make.
#[derive(Debug, Default)]
pub struct EachReport {
    /// Papers in the order of their areas.
    pub published: Vec<AreaPaper>,
    /// Those that failed, in the same order.
    pub failed: Vec<FailedPaper>,
}

/// A paper of an area.
#[derive(Debug)]
pub struct AreaPaper {
    /// Code and name of the area; empty for all bodies.
    pub area: String,
    /// The paper.
    pub paper: Published,
}

/// A paper that could not be made.
#[derive(Debug)]
pub struct FailedPaper {
    /// Code and name of the area; empty for all bodies.
    pub area: String,
    /// Why.
    pub failure: Failure,
}

/// Papers that are rendered and written at once, at most: each needs a core, and holds its document and its bytes.
const MOST_AT_ONCE: usize = 4;

/// Makes the paper of a request for each area; `done` is called after each. While some are rendered and written the next one is
/// built. The vintage is used up: for one paper it is narrowed.
///
/// # Errors
/// What would fail for every area: wrong arguments, a folder that cannot be written, a database that is gone.
pub async fn publish_each(
    workspace: &Workspace,
    mut vintage: Vintage,
    all: &[Definition],
    request: (&PaperRequest, &[PaperFormat], &Path),
    areas: Vec<Area>,
    done: impl Fn(),
) -> Result<EachReport> {
    let (request, formats, out) = request;
    let mut facts = Some(workspace.begin_checking_facts().await?);
    if let [only] = areas.as_slice() {
        narrow(&mut vintage, all, &PaperRequest { area: only.clone(), ..request.clone() })?;
    }
    let vintage = Arc::new(vintage);
    let mut run = EachRun { workspace, done, report: EachReport::default(), writing: VecDeque::new() };
    for area in areas {
        let name = area_name(&area, &vintage, request.as_of);
        let request = PaperRequest { area, ..request.clone() };
        let mut built = build_from(workspace, &vintage, all, &request).await;
        if let Some(facts) = facts.take() {
            // Facts that are not as they were stored explain whatever failed; of them nothing is published, and nothing is touched.
            facts.passed().await?;
            clear_away(out);
        }
        if built.is_ok() {
            built = workspace.check_head(&vintage.store_head).await.and(built);
        }
        let made = match built {
            Ok(document) => Making::begin(document, &vintage, (&request, formats, out)),
            Err(error) => Making::Failed(error),
        };
        run.writing.push_back((name, made));
        run.finish_until(at_once()).await?;
    }
    run.finish_until(0).await?;
    if let Some(facts) = facts {
        facts.passed().await?;
    }
    Ok(run.report)
}

/// A paper for each core.
fn at_once() -> usize {
    available_parallelism().map_or(1, NonZero::get).min(MOST_AT_ONCE)
}

/// A run over areas: what it made, and what is being made, in the order of the areas.
struct EachRun<'a, F> {
    workspace: &'a Workspace,
    done: F,
    report: EachReport,
    writing: VecDeque<(String, Making)>,
}

impl<F: Fn()> EachRun<'_, F> {
    /// Waits until no more than a number are being made. In the chain, as in what is told, papers stand in the order of their areas.
    /// Whatever stops the run, what is being written is finished first, and chained.
    async fn finish_until(&mut self, mut left: usize) -> Result<()> {
        let mut stopped = Ok(());
        while self.writing.len() > left {
            let Some((area, making)) = self.writing.pop_front() else { break };
            let taken = self.report.take((area, making.finished(self.workspace).await));
            (self.done)();
            if taken.is_err() && stopped.is_ok() {
                (left, stopped) = (0, taken);
            }
        }
        stopped
    }
}

impl EachReport {
    /// Notes what came of an area; the error is one that the next areas would meet too.
    fn take(&mut self, (area, made): (String, Result<Published>)) -> Result<()> {
        match made {
            Ok(paper) => self.published.push(AreaPaper { area, paper }),
            Err(error) if error.is::<StoreChanged>() => return Err(error),
            Err(error) => {
                let failure = Failure::of(&error);
                if stops_all(&failure) {
                    return Err(error);
                }
                tracing::info!(area, failure = %failure, "a paper was not made");
                self.failed.push(FailedPaper { area, failure });
            }
        }
        Ok(())
    }
}

/// What becomes of a paper.
#[derive(Debug)]
enum Making {
    /// It could not be built.
    Failed(anyhow::Error),
    /// It is being rendered and written on a thread of its own.
    Writing { is_draft: bool, made: JoinHandle<Result<Published>> },
}

impl Making {
    fn begin(
        document: ReportDocument,
        vintage: &Arc<Vintage>,
        (request, formats, out): (&PaperRequest, &[PaperFormat], &Path),
    ) -> Self {
        let (vintage, request) = (Arc::clone(vintage), request.clone());
        let (formats, out) = (formats.to_vec(), out.to_path_buf());
        let is_draft = request.draft;
        Self::Writing { is_draft, made: spawn_blocking(move || publish(&document, &vintage, &request, &formats, &out)) }
    }

    /// Waits for the paper, and chains it unless it is a draft.
    async fn finished(self, workspace: &Workspace) -> Result<Published> {
        let (is_draft, made) = match self {
            Self::Failed(error) => return Err(error),
            Self::Writing { is_draft, made } => (is_draft, made),
        };
        let paper = match made.await {
            Ok(made) => made?,
            // A defect ends the program as it would on this thread.
            Err(ended) => match ended.try_into_panic() {
                Ok(defect) => resume_unwind(defect),
                Err(cancelled) => return Err(cancelled.into()),
            },
        };
        if !is_draft {
            workspace.chain_paper(&paper.folder).await?;
        }
        Ok(paper)
    }
}

/// Makes the pack of a meeting.
///
/// # Errors
/// As [`publish`](fn@publish), and as building a pack.
pub async fn publish_meeting(
    workspace: &Workspace,
    vintage: &Vintage,
    (plan, request): (&MeetingPlan, &PaperRequest),
    (formats, out): (&[PaperFormat], &Path),
) -> Result<Published> {
    let all = list(workspace)?;
    let facts = workspace.begin_checking_facts().await?;
    let built = build_meeting(workspace, vintage, &all, (plan, request)).await;
    // Facts that are not as they were stored explain whatever failed.
    facts.passed().await?;
    clear_away(out);
    let document = built?;
    workspace.check_head(&vintage.store_head).await?;
    let paper = publish(&document, vintage, request, formats, out)?;
    if !request.draft {
        workspace.chain_paper(&paper.folder).await?;
    }
    Ok(paper)
}

/// Whether the next paper would fail in the same way. A character that no font has is the business of one paper.
fn stops_all(failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::Usage => true,
        FailureKind::Environment => !failure.code.starts_with("FNT-"),
        FailureKind::Data | FailureKind::Input | FailureKind::Bug => false,
    }
}

/// Code and name of an area as people know it.
fn area_name(area: &Area, vintage: &Vintage, as_of: AsOf) -> String {
    let said = match area {
        Area::All => return String::new(),
        Area::Prefecture(code) | Area::Association(code) => code.clone(),
    };
    let extent = Extent::new(area, &vintage.associations, as_of);
    extent.map_or(said, |extent| [extent.code, extent.name].into_iter().flatten().collect::<Vec<_>>().join(" "))
}
