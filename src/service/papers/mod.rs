//! Papers: from a definition and two dates to a finished document, checked and written.
//!
//! [`build`] gathers figures and makes the document; [`publish()`] proves it and writes the files with a manifest.
//! Every part of a report has one builder in a file of this folder.

mod basis;
mod certain_future;
mod corrections;
mod counts;
mod defined;
mod each;
mod external;
pub mod figures;
mod kept;
mod late;
mod mamis;
mod manifest;
mod movement_lists;
mod movements;
mod pack;
mod people;
mod proxy;
mod publish;
pub mod published;
mod revisions;
pub mod revisions_due;
mod run;
mod seats;
mod statistics;
mod tables;
mod tiers;
mod transfers;
mod withdrawals;

use std::cell::OnceCell;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::{AsOf, Period};
use crate::domain::association::{Association, Tier};
use crate::domain::document::{Block, ReportDocument, Section};
use crate::domain::japanese_date::{era_date, era_month};
use crate::domain::report::{Content, Part, ReportSpec};
use crate::domain::revision::FigureStatus;
use crate::error::{Failure, FailureKind};
use crate::messages::Lang;
use crate::service::keep::Workspace;
use crate::service::known::area::{Area, Extent};
use crate::service::known::coverage::{AreaCoverage, areas_sentence};
use crate::service::known::revision;
use crate::service::known::vintage::Vintage;
use crate::service::papers::figures::Figures;

pub use crate::definitions::Definition;
pub use defined::{check_bodies, find, list, sound_list, usual_variant, usual_variant_of};
pub use each::{AreaPaper, EachReport, FailedPaper, publish_each};
pub(super) use kept::CONTENT;
pub use kept::clear_away;
pub use manifest::Manifest;
use people::People;
pub use publish::{Prepared, Published, places_sentence, prepare, publish};
pub use run::Run;

/// Who a paper is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The office and its board: people by name (内部).
    Internal,
    /// Everybody else: no names, deaths and reasons as counts (外部配布).
    External,
}

impl Variant {
    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
        }
    }
}

/// What a paper is asked for.
#[derive(Debug, Clone)]
pub struct PaperRequest {
    /// Id of a definition.
    pub name: String,
    /// 基準日.
    pub as_of: AsOf,
    /// 知識時点; by default the newest export.
    pub known_at: Option<NaiveDate>,
    /// 発行日; by default known-at, so that the same paper made twice is the same.
    pub issued_on: Option<NaiveDate>,
    /// Who it is for.
    pub variant: Variant,
    /// Which bodies it is about.
    pub area: Area,
    /// Prints 下書き on every page and lets an incomplete day and figures that do not agree pass.
    pub draft: bool,
    /// A character that no font has stops the paper, in place of standing there as 〓.
    pub strict_characters: bool,
}

/// A file format of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperFormat {
    /// One PDF.
    Pdf,
    /// One CSV for each table, for a spreadsheet.
    Csv,
    /// The same for programs: long form, ASCII headings, ISO dates.
    CsvMachine,
    /// The same as [`Self::Csv`] in CP932, for programs that read nothing else.
    CsvCp932,
    /// One page for a browser.
    Html,
    /// One workbook with a sheet for each table.
    Xlsx,
}

/// Everything that the builders of parts draw from.
struct Desk<'a> {
    workspace: &'a Workspace,
    vintage: &'a Vintage,
    as_of: AsOf,
    period: Period,
    variant: Variant,
    area: Extent,
    draft: bool,
    status: FigureStatus,
    figures: OnceCell<Figures<'a>>,
}

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

/// The areas of a paper for each prefecture or each local body that exists on a day, in official order.
pub fn areas(vintage: &Vintage, as_of: AsOf, tier: Tier) -> Vec<Area> {
    let order = vintage.associations.order_on(as_of.0);
    let mut found: Vec<(usize, Area)> = vintage
        .associations
        .iter()
        .enumerate()
        .filter(|(_, body)| body.tier == tier && body.exists_on(as_of.0))
        .map(|(rank, body)| match tier {
            Tier::Prefectural => (order[rank], Area::Prefecture(body.prefecture.clone())),
            Tier::Local | Tier::National => (order[rank], Area::Association(body.code.clone())),
        })
        .collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, area)| area).collect()
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
    let definition = find(all, &request.name)?;
    workspace.gaiji()?;
    let area = Extent::of_paper(&request.area, vintage, request.as_of)?;
    let coverage = vintage.coverage_of(&area.asked(vintage), request.as_of);
    refuse_uncovered(vintage, &coverage, &area, request)?;
    let keep = |body: &Association| vintage.associations.rank(body.id).is_some_and(|rank| area.keeps_rank(rank));
    let status = revision::status(workspace, vintage, request.as_of, keep).await?;
    let desk = Desk {
        workspace,
        vintage,
        as_of: request.as_of,
        period: Period::of_paper(request.as_of),
        variant: request.variant,
        area,
        draft: request.draft,
        status,
        figures: OnceCell::new(),
    };
    let mut document = match definition {
        Definition::Report(report) => {
            let section = desk.section(report, "").await?;
            desk.document(&report.id, &report.title, vec![section])
        }
        Definition::Pack(spec) => pack::document(&desk, spec, all).await?,
    };
    if request.variant == Variant::External {
        external::fold(&mut document);
    }
    document.id = desk.paper_id(definition.id());
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
    let kept = counts.cells.iter().enumerate().filter(|(rank, _)| area.keeps_rank(*rank));
    let n_members = kept.flat_map(|(_, cells)| cells).sum();
    vintage.refuse_unknown(coverage, day, n_members, area.name.as_deref().unwrap_or_default())
}

impl<'a> Desk<'a> {
    /// The memberships of the paper, gathered once.
    fn figures(&self) -> Result<&Figures<'a>> {
        if self.figures.get().is_none() {
            let kept = (0..self.vintage.associations.len()).map(|rank| self.area.keeps_rank(rank)).collect();
            // Nobody else sets it: a desk belongs to one paper.
            let _ = self.figures.set(Figures::new(self.vintage, self.as_of, kept)?);
        }
        self.figures.get().context("figures were gathered above")
    }
}

impl Desk<'_> {
    /// How a day stands to what the exports tell of the bodies of the paper (R7).
    fn coverage(&self, day: NaiveDate) -> AreaCoverage {
        self.vintage.coverage_of(&self.area.asked(self.vintage), AsOf(day))
    }

    /// Whether the exports reach a day in all bodies of the paper.
    fn reaches(&self, day: NaiveDate) -> bool {
        self.coverage(day).complete
    }

    /// Whether the paper is about a body.
    fn keeps(&self, body: &Association) -> bool {
        self.vintage.associations.rank(body.id).is_some_and(|rank| self.area.keeps_rank(rank))
    }

    /// Names the output files: the definition, and the area where the paper is limited to one.
    fn paper_id(&self, definition: &str) -> String {
        match &self.area.code {
            Some(code) => format!("{definition}_{code}"),
            None => definition.to_string(),
        }
    }

    /// One report as a section of a paper.
    async fn section(&self, report: &ReportSpec, mark: &str) -> Result<Section> {
        let mut blocks = Vec::new();
        for content in &report.contents {
            blocks.extend(match content {
                Content::Part(part) => self.part(*part).await.with_context(|| format!("part {}", part.id()))?,
                Content::Table(spec) => tables::table(self, spec).with_context(|| format!("table {}", spec.id))?,
            });
        }
        Ok(Section {
            id: report.id.clone(),
            title: report.title.clone(),
            mark: mark.to_string(),
            basis: self.section_basis(),
            new_page: true,
            blocks,
        })
    }

    async fn part(&self, part: Part) -> Result<Vec<Block>> {
        if self.variant == Variant::External
            && let Some(counts) = external::part(self, part).await?
        {
            return Ok(counts);
        }
        match part {
            Part::MemberTable => counts::member_table(self),
            Part::TierTable => counts::tier_table(self),
            Part::MemberGrid => counts::member_grid(self),
            Part::Trend => counts::trend(self),
            Part::Overview => statistics::overview(self),
            Part::MonthSeries => statistics::month_series(self).await,
            Part::YearSeries => statistics::year_series(self),
            Part::Funnel => statistics::funnel(self),
            Part::Seats => seats::tables(self),
            Part::PlannedWithdrawals => withdrawals::planned(self).await,
            Part::MamisDifference => mamis::difference(self).await,
            Part::WithdrawalSummary => withdrawals::summary(self).await,
            Part::Withdrawals => withdrawals::list(self).await,
            Part::LateChanges => late::changes(self).await,
            Part::ProxyFilings => proxy::filings(self).await,
            Part::ChangedWithdrawals => withdrawals::changed(self).await,
            Part::VanishedMembers => withdrawals::vanished(self).await,
            Part::FiledWithdrawals => corrections::filed(self).await,
            Part::Adjustments => corrections::adjustments(self).await,
            Part::TierSummary => tiers::summary(self),
            Part::TierBreaks => tiers::list(self).await,
            Part::TransferSummary => transfers::summary(self),
            Part::Transfers => transfers::paired(self).await,
            Part::UnmatchedTransfers => transfers::unmatched(self).await,
            Part::ConcurrentEntries => transfers::concurrent(self).await,
            Part::RollForward => movements::roll_forward_tables(self),
            Part::MovementLists => movement_lists::lists(self).await,
            Part::Revisions => revisions::tables(self).await,
            Part::CertainFuture => certain_future::table_and_bars(self),
        }
    }

    fn document(&self, id: &str, title: &str, sections: Vec<Section>) -> ReportDocument {
        let issuer = self.issuer();
        ReportDocument {
            id: id.to_string(),
            title: title.to_string(),
            foot_text: format!("{issuer}　{}", era_month(self.as_of.0)),
            issuer,
            issued_on: self.vintage.known_at.0,
            handling: match self.variant {
                Variant::Internal => self.workspace.config.handling.clone(),
                Variant::External => "外部配布用".to_string(),
            },
            draft: false,
            cover: None,
            sections,
            gaiji: self.workspace.gaiji().cloned().unwrap_or_default(),
        }
    }

    /// The issuer of the settings, else the only prefectural body, else the national one.
    fn issuer(&self) -> String {
        if let Some(issuer) = &self.workspace.config.issuer {
            return issuer.clone();
        }
        let associations = &self.vintage.associations;
        let mut prefectural = associations.of_tier(crate::domain::association::Tier::Prefectural);
        let only = prefectural.next().filter(|_| prefectural.next().is_none());
        only.or_else(|| associations.national()).map_or(String::new(), |body| body.name.clone())
    }

    async fn people(&self, ids: impl Iterator<Item = crate::domain::ids::PhysicianId>) -> Result<People> {
        People::load(self.workspace, self.vintage.known_at, ids, self.variant).await
    }
}
