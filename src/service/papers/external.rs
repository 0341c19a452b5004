//! What others see in place of lists of people (R37): counts, by body or by kind.

use std::collections::BTreeMap;

use anyhow::Result;

use super::cells::{NAMES_ELSEWHERE, reason_label};
use super::context::PaperContext;
use super::{corrections, mamis, movement_lists, proxy, watch};
use crate::domain::audit::late::ChangeKind;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::disclosure::{fold_few_reasons, without_deaths};
use crate::domain::document::{Block, Column, ReportDocument, Row, Table};
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::finding::FindingCode;
use crate::domain::ids::AssociationId;
use crate::domain::metric::Metric;
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::report::Part;
use crate::domain::table_check::TableCheck;
use crate::error::{Failure, FailureKind};
use crate::service::audit::of_paper;

/// A table of counts by body.
pub(super) struct ByBody<'t> {
    pub(super) id: &'t str,
    pub(super) title: &'t str,
    pub(super) basis: Vec<LabelledText>,
    /// Key and heading of the counts.
    pub(super) counted: (&'t str, &'t str),
    pub(super) notes: Vec<String>,
    /// What the total is, where other tables print it too.
    pub(super) total: Option<Figure>,
}

impl ByBody<'_> {
    /// One row for each body of which there is any, in official order, and their total.
    pub(super) fn table(self, paper: &PaperContext<'_>, bodies: impl Iterator<Item = Option<AssociationId>>) -> Block {
        let associations = &paper.vintage.associations;
        let order = associations.order_on(paper.as_of.0);
        let mut counts: BTreeMap<(usize, Option<AssociationId>), i64> = BTreeMap::new();
        for body in bodies {
            let place = body.and_then(|id| associations.rank(id)).and_then(|rank| order.get(rank).copied());
            *counts.entry((place.unwrap_or(usize::MAX), body)).or_default() += 1;
        }
        let total: i64 = counts.values().sum();
        let name =
            |body: Option<AssociationId>| body.map_or(Cell::text("（医師会なし）"), |id| paper.body_name(id));
        let rows: Vec<Row> =
            counts.iter().map(|((_, body), n)| Row::body(vec![name(*body), Cell::Count(*n)])).collect();
        let mut rows = paper.coded(rows, counts.keys().map(|(_, body)| *body));
        let (key, heading) = self.counted;
        let mut proof = TableCheck::additive([key]);
        if !rows.is_empty() {
            proof.claims.extend(self.total.map(|figure| PrintedFigure::cell(rows.len(), key, figure)));
            rows.push(Row::total(vec![Cell::text("合計"), Cell::Count(total)]));
        }
        Block::Table(Table {
            id: self.id.into(),
            title: self.title.into(),
            basis: self.basis,
            columns: vec![Column::text("association", "医師会", 8), Column::number(key, heading, 4)],
            rows,
            empty_text: "※件数 0 件".into(),
            notes: self.notes,
            proof,
        })
    }
}

/// What stands in an external paper in place of a part that lists people; `None` for parts that do not.
///
/// # Errors
/// When the figures cannot be read.
pub(super) fn part(paper: &PaperContext<'_>, part: Part, days_ahead: u32) -> Result<Option<Vec<Block>>> {
    Ok(Some(match part {
        Part::PlannedWithdrawals => vec![planned(paper)?],
        Part::Withdrawals => vec![withdrawals(paper)?],
        Part::ChangedWithdrawals => vec![changed(paper)?],
        Part::VanishedMembers => vec![vanished(paper)?],
        Part::LateChanges => vec![late(paper)?],
        Part::TierBreaks => vec![tier_breaks(paper)?],
        // The summary of the same report has their counts.
        Part::Transfers => vec![Block::Notes(vec!["一人ずつの異動は内部資料にのみ記載。".into()])],
        Part::UnmatchedTransfers | Part::ConcurrentEntries => Vec::new(),
        Part::MamisDifference => mamis::law(paper)?,
        Part::ProxyFilings => proxy::counts(paper)?,
        Part::FiledWithdrawals => corrections::filed_counts(paper)?,
        Part::Adjustments => corrections::adjustment_counts(paper)?,
        Part::MovementLists => movement_lists::numbers(paper)?,
        Part::ComingWithdrawals => coming(paper, days_ahead)?,
        Part::OverdueWithdrawals => vec![overdue(paper)?],
        _ => return Ok(None),
    }))
}

/// Members whose withdrawal day is known and has not passed.
fn planned(paper: &PaperContext<'_>) -> Result<Block> {
    let stays = of_paper::planned(&paper.ask())?;
    let mut reasons: BTreeMap<WithdrawalReason, i64> = BTreeMap::new();
    stays.iter().for_each(|stay| *reasons.entry(stay.reason).or_default() += 1);
    let told: Vec<String> =
        fold_few_reasons(&reasons).into_iter().map(|(reason, n)| format!("{} {n}", reason_label(reason))).collect();
    let n = stays.len();
    let mut notes = vec![format!("基準日に会員で、退会日が届いている者 {n} 人。退会日までは会員として数える。")];
    if !told.is_empty() {
        notes.push(format!("理由別：{}。", told.join("、")));
    }
    notes.push(NAMES_ELSEWHERE.into());
    let counted = ByBody {
        id: "planned-withdrawals",
        title: "退会・転出・死亡の予定（退会日が基準日以後の会員、医師会別）",
        basis: paper.basis_on_day("人"),
        counted: ("members", "人数"),
        notes,
        total: None,
    };
    Ok(counted.table(paper, stays.iter().map(|stay| Some(stay.association))))
}

/// Withdrawals whose day comes, of whatever kind.
fn coming(paper: &PaperContext<'_>, days_ahead: u32) -> Result<Vec<Block>> {
    let watched = of_paper::watched(&paper.ask(), days_ahead)?;
    let counted = of_watch(paper, "coming-withdrawals", watch::COMING);
    let table = counted.table(paper, watched.coming.iter().map(|one| Some(one.association)));
    Ok(vec![Block::Paragraph(watch::lead(&watched)), table])
}

/// Withdrawals that nobody approved in time.
fn overdue(paper: &PaperContext<'_>) -> Result<Block> {
    let watched = of_paper::watched(&paper.ask(), 1)?;
    let counted = of_watch(paper, "overdue-withdrawals", watch::OVERDUE);
    Ok(counted.table(paper, watched.overdue.iter().map(|one| Some(one.association))))
}

fn of_watch<'t>(paper: &PaperContext<'_>, id: &'t str, title: &'t str) -> ByBody<'t> {
    let (basis, notes) = (paper.basis_on_day("件"), vec![NAMES_ELSEWHERE.into()]);
    ByBody { id, title, basis, counted: ("withdrawals", "件数"), notes, total: None }
}

/// Withdrawals of the period.
fn withdrawals(paper: &PaperContext<'_>) -> Result<Block> {
    let audit = paper.withdrawal_audit()?;
    let counted = ByBody {
        id: "withdrawals",
        title: "退会・転出・死亡の届出（医師会別）",
        basis: paper.basis_of_period("件"),
        counted: ("withdrawals", Metric::CountedWithdrawals.name()),
        notes: vec![NAMES_ELSEWHERE.into()],
        total: Some(paper.cases(Metric::CountedWithdrawals)),
    };
    Ok(counted.table(paper, audit.counted().map(|one| Some(one.association))))
}

/// 退会日 that vanished or moved, by exports of the period.
fn changed(paper: &PaperContext<'_>) -> Result<Block> {
    let audit = paper.withdrawal_audit()?;
    let is_vanished = |code: FindingCode| code == FindingCode::WithdrawalVanished;
    let n_vanished = audit.changed.iter().filter(|known| is_vanished(known.finding.code)).count();
    let kinds = [
        ("退会日の消失（退会取消・訂正、在籍に復帰）", n_vanished),
        ("退会日の変更", audit.changed.len() - n_vanished),
    ];
    let title = "退会日の取消し・変更";
    Ok(by_kind(
        paper,
        "changed-withdrawals",
        title,
        &kinds,
        vec!["期間内の出力で、前の出力と退会日が変わったもの。再入会としては数えない。".to_string()],
    ))
}

/// Members that the newest export no longer shows (R6).
fn vanished(paper: &PaperContext<'_>) -> Result<Block> {
    let audit = paper.withdrawal_audit()?;
    let mut notes =
        vec!["退会日のないまま最新の出力に見えない会員。会員として数え続けている。理由を確かめること。".to_string()];
    notes.push(NAMES_ELSEWHERE.into());
    let counted = ByBody {
        id: "vanished-members",
        title: "最新の出力に記載のない会員（医師会別）",
        basis: paper.basis_of_period("人"),
        counted: ("members", "人数"),
        notes,
        total: None,
    };
    Ok(counted.table(paper, audit.vanished.iter().map(|known| known.finding.association)))
}

/// Exits and entries that change figures given out.
fn late(paper: &PaperContext<'_>) -> Result<Block> {
    let audit = of_paper::late(&paper.ask())?;
    let n_of = |kind: ChangeKind| {
        audit.findings.iter().filter(|one| !one.figures.is_empty() && one.change.kind == kind).count()
    };
    let kinds = [ChangeKind::Exit, ChangeKind::Entry].map(|kind| (kind.label(), n_of(kind)));
    let title = "公表後に判明し、公表した数字を変える退会等・入会等";
    Ok(by_kind(
        paper,
        "late-changes",
        title,
        &kinds,
        vec!["期間内のファイルで初めて分かり、それより前に公表した数字を変えるもの。".to_string()],
    ))
}

/// Breaks of tier inclusion of the period.
fn tier_breaks(paper: &PaperContext<'_>) -> Result<Block> {
    let audit = of_paper::tiers(&paper.ask())?;
    let counted = ByBody {
        id: "tier-breaks",
        title: "三層の食い違い（下位の医師会別）",
        basis: paper.basis_of_period("件"),
        counted: ("breaks", "件数"),
        notes: vec![NAMES_ELSEWHERE.into()],
        total: None,
    };
    Ok(counted.table(paper, audit.breaks.iter().map(|one| Some(one.tier_break.lower.unwrap_or(one.tier_break.upper)))))
}

/// Counts of a few kinds, those of none included.
fn by_kind(paper: &PaperContext<'_>, id: &str, title: &str, kinds: &[(&str, usize)], mut notes: Vec<String>) -> Block {
    let count = |n: usize| Cell::Count(i64::try_from(n).unwrap_or(i64::MAX));
    let mut rows: Vec<Row> = kinds.iter().map(|(kind, n)| Row::body(vec![Cell::text(*kind), count(*n)])).collect();
    rows.push(Row::total(vec![Cell::text("合計"), count(kinds.iter().map(|(_, n)| n).sum())]));
    let columns = vec![Column::text("kind", "種別", 10), Column::number("cases", "件数", 4)];
    notes.push(NAMES_ELSEWHERE.into());
    paper.table(id, title.to_string(), columns, rows, notes, TableCheck::additive(["cases"]))
}

/// Puts what would point at somebody together with the rest, in a finished paper for others.
pub(super) fn fold(document: &mut ReportDocument) {
    for block in document.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        match block {
            Block::Table(table) if table.proof.is_of_office => {}
            Block::Table(table) => table.fold_few(),
            Block::Paragraph(text) => *text = without_deaths(text),
            Block::Heading(_)
            | Block::Grid(_)
            | Block::Chart(_)
            | Block::Notes(_)
            | Block::Letter(_)
            | Block::Attachment(_) => {}
        }
    }
}

/// Refuses a paper for others that tells of people one by one, or a reason that points at somebody.
///
/// # Errors
/// [`Failure`] RPT-026 with every place.
pub(super) fn check(document: &ReportDocument) -> std::result::Result<(), Failure> {
    let found: Vec<String> = document.disclosures().iter().map(ToString::to_string).collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Data, "RPT-026", found.join("; ")))
}
