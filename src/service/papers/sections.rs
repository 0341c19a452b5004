//! One report as a section of a paper: each part has one builder in a file of this folder.

use anyhow::{Context, Result};

use super::context::PaperContext;
use super::request::Variant;
use super::{
    beside_prefecture, certain_future, changed_withdrawals, corrections, counts, external, funnel, headline, late,
    mamis, movement_lists, movements, proxy, revisions, seats, statistics, tables, tiers, transfers, watch,
    withdrawals,
};
use crate::domain::document::{Block, Section};
use crate::domain::report::{Content, Part, ReportSpec};

/// One report as a section of a paper.
pub(super) fn section(paper: &PaperContext<'_>, report: &ReportSpec, mark: &str) -> Result<Section> {
    let mut blocks = Vec::new();
    let contents = match paper.only_body() {
        Some(_) if !report.of_one_body.is_empty() => &report.of_one_body,
        _ => &report.contents,
    };
    for content in contents {
        blocks.extend(match content {
            Content::Part(one) => part(paper, report, *one).with_context(|| format!("part {}", one.id()))?,
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

/// Builds a part. Here alone it is decided what others see of it: the builders below list people.
fn part(paper: &PaperContext<'_>, report: &ReportSpec, part: Part) -> Result<Vec<Block>> {
    if paper.variant == Variant::External
        && let Some(counts) = external::part(paper, part, report.days_ahead)?
    {
        return Ok(counts);
    }
    match part {
        Part::Headline => headline::sentences(paper),
        Part::MemberTable => counts::member_table(paper),
        Part::TierTable => counts::tier_table(paper),
        Part::MemberGrid => counts::member_grid(paper),
        Part::Trend => counts::trend(paper),
        Part::Overview => statistics::overview(paper),
        Part::MonthSeries => statistics::month_series(paper),
        Part::YearSeries => statistics::year_series(paper),
        Part::Funnel => funnel::funnel(paper),
        Part::Seats => seats::tables(paper),
        Part::PlannedWithdrawals => withdrawals::planned(paper),
        Part::MamisDifference => mamis::law_and_people(paper),
        Part::WithdrawalSummary => withdrawals::summary(paper),
        Part::Withdrawals => withdrawals::list(paper),
        Part::LateChanges => late::changes(paper),
        Part::ProxyFilings => proxy::filings(paper),
        Part::ChangedWithdrawals => changed_withdrawals::changed(paper),
        Part::VanishedMembers => changed_withdrawals::vanished(paper),
        Part::FiledWithdrawals => corrections::filed(paper),
        Part::Adjustments => corrections::adjustments(paper),
        Part::ComingWithdrawals => watch::coming(paper, report.days_ahead),
        Part::OverdueWithdrawals => watch::overdue(paper),
        Part::TierSummary => tiers::summary(paper),
        Part::TierBreaks => tiers::list(paper),
        Part::TransferSummary => transfers::summary(paper),
        Part::Transfers => transfers::paired(paper),
        Part::UnmatchedTransfers => transfers::unmatched(paper),
        Part::ConcurrentEntries => transfers::concurrent(paper),
        Part::RollForward => movements::roll_forward_tables(paper),
        Part::MovementLists => movement_lists::lists(paper),
        Part::Revisions => revisions::tables(paper),
        Part::CertainFuture => certain_future::table_and_bars(paper),
        Part::BesidePrefecture => beside_prefecture::table(paper),
    }
}
