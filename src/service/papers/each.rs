//! Papers for many areas: one that fails stops itself alone, and is named at the end (R31).

use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;

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

/// Makes the paper of a request for each area; `done` is called after each. While one is rendered and written the next one is
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
    let mut report = EachReport::default();
    let mut before: Option<Writing> = None;
    for area in areas {
        let name = area_name(&area, &vintage, request.as_of);
        let request = PaperRequest { area, ..request.clone() };
        let built = build_from(workspace, &vintage, all, &request).await;
        if let Some(facts) = facts.take() {
            // Facts that are not as they were stored explain whatever failed; of them nothing is published, and nothing is touched.
            facts.passed().await?;
            clear_away(out);
        }
        // In the chain, as in what is told, papers stand in the order of their areas.
        if let Some(before) = before.take() {
            report.take(before.finished(workspace).await)?;
            done();
        }
        match built {
            Ok(document) => {
                workspace.check_head(&vintage.store_head).await?;
                before = Some(Writing::begin(name, document, &vintage, (&request, formats, out)));
            }
            Err(error) => {
                report.take((name, Err(error)))?;
                done();
            }
        }
    }
    if let Some(last) = before {
        report.take(last.finished(workspace).await)?;
        done();
    }
    if let Some(facts) = facts {
        facts.passed().await?;
    }
    Ok(report)
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

/// A paper that is being rendered and written on a thread of its own.
#[derive(Debug)]
struct Writing {
    area: String,
    is_draft: bool,
    made: JoinHandle<Result<Published>>,
}

impl Writing {
    fn begin(
        area: String,
        document: ReportDocument,
        vintage: &Arc<Vintage>,
        (request, formats, out): (&PaperRequest, &[PaperFormat], &Path),
    ) -> Self {
        let (vintage, request) = (Arc::clone(vintage), request.clone());
        let (formats, out) = (formats.to_vec(), out.to_path_buf());
        let is_draft = request.draft;
        let made = spawn_blocking(move || publish(&document, &vintage, &request, &formats, &out));
        Self { area, is_draft, made }
    }

    /// Waits for the paper, and chains it unless it is a draft.
    async fn finished(self, workspace: &Workspace) -> (String, Result<Published>) {
        let Self { area, is_draft, made } = self;
        let made = match made.await {
            Ok(Ok(paper)) => match is_draft {
                true => Ok(paper),
                false => workspace.chain_paper(&paper.folder).await.map(|()| paper),
            },
            Ok(Err(error)) => Err(error),
            // A defect ends the program as it would on this thread.
            Err(ended) => match ended.try_into_panic() {
                Ok(defect) => resume_unwind(defect),
                Err(cancelled) => Err(cancelled.into()),
            },
        };
        (area, made)
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
