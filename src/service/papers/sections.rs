//! One report as a section of a paper: each part has one builder in a file of this folder.

use anyhow::{Context, Result};

use super::context::PaperContext;
use super::request::Variant;
use super::{
    certain_future, corrections, counts, external, late, mamis, movement_lists, movements, proxy, revisions, seats,
    statistics, tables, tiers, transfers, withdrawals,
};
use crate::domain::document::{Block, Section};
use crate::domain::report::{Content, Part, ReportSpec};

/// One report as a section of a paper.
pub(super) async fn section(paper: &PaperContext<'_>, report: &ReportSpec, mark: &str) -> Result<Section> {
    let mut blocks = Vec::new();
    for content in &report.contents {
        blocks.extend(match content {
            Content::Part(one) => part(paper, *one).await.with_context(|| format!("part {}", one.id()))?,
            Content::Table(spec) => tables::table(paper, spec).with_context(|| format!("table {}", spec.id))?,
        });
    }
    Ok(Section {
        id: report.id.clone(),
        title: report.title.clone(),
        mark: mark.to_string(),
        basis: paper.section_basis(),
        new_page: true,
        blocks,
    })
}

async fn part(paper: &PaperContext<'_>, part: Part) -> Result<Vec<Block>> {
    if paper.variant == Variant::External
        && let Some(counts) = external::part(paper, part).await?
    {
        return Ok(counts);
    }
    match part {
        Part::MemberTable => counts::member_table(paper),
        Part::TierTable => counts::tier_table(paper),
        Part::MemberGrid => counts::member_grid(paper),
        Part::Trend => counts::trend(paper),
        Part::Overview => statistics::overview(paper),
        Part::MonthSeries => statistics::month_series(paper).await,
        Part::YearSeries => statistics::year_series(paper),
        Part::Funnel => statistics::funnel(paper),
        Part::Seats => seats::tables(paper),
        Part::PlannedWithdrawals => withdrawals::planned(paper).await,
        Part::MamisDifference => mamis::difference(paper).await,
        Part::WithdrawalSummary => withdrawals::summary(paper).await,
        Part::Withdrawals => withdrawals::list(paper).await,
        Part::LateChanges => late::changes(paper).await,
        Part::ProxyFilings => proxy::filings(paper).await,
        Part::ChangedWithdrawals => withdrawals::changed(paper).await,
        Part::VanishedMembers => withdrawals::vanished(paper).await,
        Part::FiledWithdrawals => corrections::filed(paper).await,
        Part::Adjustments => corrections::adjustments(paper).await,
        Part::TierSummary => tiers::summary(paper),
        Part::TierBreaks => tiers::list(paper).await,
        Part::TransferSummary => transfers::summary(paper),
        Part::Transfers => transfers::paired(paper).await,
        Part::UnmatchedTransfers => transfers::unmatched(paper).await,
        Part::ConcurrentEntries => transfers::concurrent(paper).await,
        Part::RollForward => movements::roll_forward_tables(paper),
        Part::MovementLists => movement_lists::lists(paper).await,
        Part::Revisions => revisions::tables(paper).await,
        Part::CertainFuture => certain_future::table_and_bars(paper),
    }
}
