//! From a definition and two dates to a finished document.

use std::borrow::Cow;
use std::cell::OnceCell;

use anyhow::Result;

use super::context::PaperContext;
use super::defined::{find, list};
use super::request::{PaperRequest, Variant};
use super::sections::section;
use super::{external, needs, pack};
use crate::domain::as_of::{AsOf, Period};
use crate::domain::association::{Association, Tier};
use crate::domain::document::ReportDocument;
use crate::domain::japanese_date::era_date;
use crate::domain::meeting::MeetingPlan;
use crate::domain::report::{Definition, ReportSpec};
use crate::error::{Failure, FailureKind};
use crate::messages::Lang;
use crate::service::keep::Workspace;
use crate::service::known::area::{Area, Extent};
use crate::service::known::coverage::{AreaCoverage, areas_sentence};
use crate::service::known::revision;
use crate::service::known::vintage::Vintage;

/// Builds a paper without writing anything.
///
/// # Errors
/// [`Failure`] RPT-001 for an unknown name, RPT-002 for an as-of day that the exports do not reach in the area of the paper
/// (unless a draft is asked for), QRY-010 for one on which nothing is known of it, and whatever reading the figures meets.
pub async fn build(workspace: &Workspace, request: &PaperRequest) -> Result<(ReportDocument, Vintage)> {
    let all = list(workspace)?;
    find(&all, &request.name)?;
    let vintage = Vintage::open(workspace, request.known_at).await?;
    let document = build_from(workspace, &vintage, &all, request).await?;
    Ok((document, vintage))
}

/// The areas of a paper for each prefecture or each local body within an area that exists on a day, in official order.
///
/// # Errors
/// [`Failure`] QRY-004 when nothing has the code or name of the area.
pub fn areas(vintage: &Vintage, as_of: AsOf, tier: Tier, within: &Area) -> Result<Vec<Area>> {
    let extent = Extent::new(within, &vintage.associations, as_of)?;
    let order = vintage.associations.order_on(as_of.0);
    let mut found: Vec<(usize, Area)> = vintage
        .associations
        .iter()
        .enumerate()
        .filter(|(rank, body)| extent.bodies.has(*rank) && body.tier == tier && body.exists_on(as_of.0))
        .map(|(rank, body)| match tier {
            Tier::Prefectural => (order[rank], Area::Prefecture(body.prefecture.clone())),
            Tier::Local | Tier::National => (order[rank], Area::Association(body.code.clone())),
        })
        .collect();
    found.sort_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, area)| area).collect())
}

/// Builds a paper of what is known already; many papers of one vintage share what is costly to find out. The known-at
/// of the request is not asked.
///
/// # Errors
/// As [`build`].
pub async fn build_from(
    workspace: &Workspace,
    vintage: &Vintage,
    all: &[Definition],
    request: &PaperRequest,
) -> Result<ReportDocument> {
    let subject = match find(all, &request.name)? {
        Definition::Report(report) => Subject::Report(report),
        Definition::Pack(spec) => Subject::Meeting(Cow::Owned(spec.plan(request.as_of))),
    };
    read_and_compose(workspace, vintage, (all, &subject), request).await
}

/// Builds the pack of a meeting that the office made itself. The name of the request is not asked.
///
/// # Errors
/// As [`build`]; [`Failure`] MTG-001 with everything that is wrong in the tables of the office.
pub async fn build_meeting(
    workspace: &Workspace,
    vintage: &Vintage,
    all: &[Definition],
    (plan, request): (&MeetingPlan, &PaperRequest),
) -> Result<ReportDocument> {
    read_and_compose(workspace, vintage, (all, &Subject::Meeting(Cow::Borrowed(plan))), request).await
}

/// What a paper is made of.
enum Subject<'a> {
    Report(&'a ReportSpec),
    Meeting(Cow<'a, MeetingPlan>),
}

impl Subject<'_> {
    fn id(&self) -> &str {
        match self {
            Self::Report(report) => &report.id,
            Self::Meeting(plan) => &plan.id,
        }
    }

    fn reports(&self) -> Vec<&str> {
        match self {
            Self::Report(report) => vec![report.id.as_str()],
            Self::Meeting(plan) => plan.reports().collect(),
        }
    }
}

async fn read_and_compose(
    workspace: &Workspace,
    vintage: &Vintage,
    (all, subject): (&[Definition], &Subject<'_>),
    request: &PaperRequest,
) -> Result<ReportDocument> {
    workspace.gaiji()?;
    needs::read(workspace, vintage, all, &subject.reports(), request.variant).await?;
    let document = composed(workspace, vintage, (all, subject), request)?;
    vintage.check_names()?;
    Ok(document)
}

/// Makes the document from what was read; the store is not asked.
fn composed(
    workspace: &Workspace,
    vintage: &Vintage,
    (all, subject): (&[Definition], &Subject<'_>),
    request: &PaperRequest,
) -> Result<ReportDocument> {
    let area = Extent::of_paper(&request.area, vintage, request.as_of)?;
    let coverage = vintage.coverage_of(&area.asked(vintage), request.as_of);
    refuse_uncovered(vintage, &coverage, &area, request)?;
    let keep = |body: &Association| vintage.associations.rank(body.id).is_some_and(|rank| area.bodies.has(rank));
    let status = revision::status(vintage, request.as_of, workspace.config.figures.final_after_days, keep)?;
    let paper = PaperContext {
        workspace,
        vintage,
        as_of: request.as_of,
        period: Period::of_paper(request.as_of),
        variant: request.variant,
        area,
        draft: request.draft,
        status,
        figures: OnceCell::new(),
        withdrawals: OnceCell::new(),
    };
    let mut document = match subject {
        Subject::Report(report) => {
            let section = section(&paper, report, "")?;
            paper.document(&report.id, &report.title, vec![section])
        }
        Subject::Meeting(plan) => pack::document(&paper, plan, all)?,
    };
    if request.variant == Variant::External {
        external::fold(&mut document);
    }
    document.id = paper.paper_id(subject.id());
    document.draft = request.draft;
    document.issued_on = request.issued_on.unwrap_or(vintage.known_at.0);
    if coverage.future {
        // Tables of the office have a day of their own and no dates of the section.
        for section in document.sections.iter_mut().filter(|section| !section.basis.is_empty()) {
            section.title.push_str("（予定）");
        }
    }
    Ok(document)
}

/// Refuses a day of which no paper of everybody can be made, however often it is tried.
///
/// # Errors
/// [`Failure`] RPT-002 for a day that the exports do not reach.
pub fn refuse_day_out_of_reach(vintage: &Vintage, as_of: AsOf) -> Result<()> {
    let area = Extent::of_paper(&Area::All, vintage, as_of)?;
    refuse_incomplete(&vintage.coverage_of(&area.asked(vintage), as_of), as_of)
}

fn refuse_incomplete(coverage: &AreaCoverage, as_of: AsOf) -> Result<()> {
    if coverage.complete {
        return Ok(());
    }
    let areas = areas_sentence(&coverage.incomplete, Lang::Ja);
    let detail = format!("{}（{areas}）", era_date(as_of.0));
    Err(Failure::new(FailureKind::Data, "RPT-002", detail).into())
}

/// Refuses a paper of a day that the exports do not reach in its own area, unless a draft is asked for; and any paper of a
/// day on which nothing is known of its members.
fn refuse_uncovered(vintage: &Vintage, coverage: &AreaCoverage, area: &Extent, request: &PaperRequest) -> Result<()> {
    if coverage.complete {
        return Ok(());
    }
    let day = request.as_of.0;
    if !request.draft {
        return refuse_incomplete(coverage, request.as_of);
    }
    let counts = vintage.count_on(|_| true, day)?;
    let kept = counts.cells.iter().enumerate().filter(|(rank, _)| area.bodies.has(*rank));
    let n_members = kept.flat_map(|(_, cells)| cells).sum();
    vintage.refuse_unknown(coverage, day, n_members, area.name.as_deref().unwrap_or_default())
}
