//! What applications and adjustments say: withdrawals that are not resolved, disagreements, and the adjustments that
//! hold. Others see counts only: reasons, approvers and open cases are the office's own business.

use std::collections::BTreeMap;

use anyhow::Result;

use super::cells::numbered;
use super::context::PaperContext;
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::audit::withdrawal_state::WithdrawalState;
use crate::domain::audit::withdrawals::Withdrawal;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::printed_figure::PrintedFigure;
use crate::domain::resolved::Dispute;
use crate::domain::table_check::TableCheck;
use crate::messages::{Lang, message};
use crate::service::known::corrections;

const NONE: &str = "※件数 0 件";

/// States that an application alone tells; a death is one of them until somebody approves it.
const FILED: [WithdrawalState; 4] =
    [WithdrawalState::Pending, WithdrawalState::Overdue, WithdrawalState::Cancelled, WithdrawalState::Death];

/// Withdrawals that were filed and are open or cancelled, then what disagrees with the member list.
pub(super) fn filed(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    Ok(vec![filed_table(paper, &not_counted(paper)?)?, dispute_table(paper, &disputes(paper)?)?])
}

/// How many of both there are, for others.
pub(super) fn filed_counts(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    Ok(vec![counts_of(paper, &not_counted(paper)?, disputes(paper)?.len())])
}

/// Withdrawals that were filed and that figures do not count, by state and day.
fn not_counted<'p>(paper: &'p PaperContext<'_>) -> Result<Vec<&'p Withdrawal>> {
    let mut filed: Vec<&Withdrawal> =
        paper.withdrawal_audit()?.withdrawals.iter().filter(|one| !one.counts()).collect();
    filed.sort_by_key(|one| (one.state, one.left_on.is_none(), one.left_on));
    Ok(filed)
}

/// Applications that disagree with the member list.
fn disputes(paper: &PaperContext<'_>) -> Result<Vec<Dispute>> {
    let context = paper.ask();
    let of_area = |dispute: &Dispute| {
        !dispute.code.is_about_adjustment() && dispute.association.is_none_or(|body| context.keeps(body))
    };
    Ok(corrections::disputes(paper.vintage)?.iter().filter(|one| of_area(one)).cloned().collect())
}

fn table(
    id: &str,
    title: &str,
    basis: Vec<LabelledText>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    notes: Vec<String>,
) -> Block {
    Block::Table(Table {
        id: id.into(),
        title: title.into(),
        basis,
        columns,
        rows,
        empty_text: NONE.into(),
        notes,
        proof: TableCheck::default(),
    })
}

fn counts_of(paper: &PaperContext<'_>, filed: &[&Withdrawal], n_disputes: usize) -> Block {
    let mut by_state: BTreeMap<WithdrawalState, i64> = BTreeMap::new();
    for one in filed {
        *by_state.entry(paper.told_state(one)).or_default() += 1;
    }
    let rows = by_state.iter().map(|(state, n)| Row::body(vec![Cell::text(state.label()), Cell::Count(*n)])).collect();
    let columns = vec![Column::text("state", "状態", 8), Column::number("applications", "件数", 4)];
    let notes = vec![format!("申請と会員一覧の食い違い {n_disputes} 件。個別の内容は内部資料にのみ記載。")];
    paper.table("filed-withdrawals", "退会申請の状態".to_string(), columns, rows, notes, TableCheck::default())
}

fn filed_table(paper: &PaperContext<'_>, filed: &[&Withdrawal]) -> Result<Block> {
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::text("state", "状態", 5),
        Column::centred("effective_on", "適用日", 5),
        Column::text("association", "郡市区等医師会", 7),
        Column::text("name", "氏名", 8),
        Column::text("filer", "申請者", 3),
        Column::centred("applied_on", "申請日", 5),
        Column::text("reason", "退会理由", 5),
    ];
    let rows = numbered(filed.iter().map(|one| {
        let application = one.application();
        vec![
            Cell::text(one.state.label()),
            one.left_on.map_or(Cell::text("不明"), Cell::Date),
            paper.body_name(one.association),
            people.name(one.physician),
            Cell::text(application.map_or("", |filed| filed.filer.label())),
            Cell::date(application.and_then(|filed| filed.applied_on)),
            Cell::text(one.reason.label()),
        ]
    }));
    let rows = paper.coded(rows, filed.iter().map(|one| Some(one.association)));
    let notes = vec![
        "保留：申請中で適用日が基準日より後。承認漏れ：申請中で適用日を過ぎたもの。どちらも承認までは会員として数える。"
            .to_string(),
        "死亡は、届け出られてまだ承認されていないもの。退会取消は期間内に適用日のあったもの。再入会としては数えない。".to_string(),
    ];
    let claim = |state: WithdrawalState| PrintedFigure::rows("state", state.label(), paper.open_in(state));
    let proof = TableCheck { claims: FILED.map(claim).to_vec(), ..TableCheck::default() };
    let title = "退会申請の保留・承認漏れ・取消し".to_string();
    Ok(paper.table("filed-withdrawals", title, columns, rows, notes, proof))
}

fn dispute_table(paper: &PaperContext<'_>, disputes: &[Dispute]) -> Result<Block> {
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::text("code", "コード", 4),
        Column::text("association", "医師会", 6),
        Column::text("name", "氏名", 8),
        Column::centred("shown", "会員一覧", 5),
        Column::centred("filed", "申請の適用日", 5),
        Column::text("text", "内容", 14),
    ];
    let rows = numbered(disputes.iter().map(|dispute| {
        let code = dispute.code.code();
        vec![
            Cell::text(code),
            dispute.association.map_or(Cell::Blank, |id| paper.body_name(id)),
            people.name(dispute.physician),
            Cell::date(dispute.shown),
            Cell::date(dispute.filed),
            Cell::text(message(code, Lang::Ja, "").text),
        ]
    }));
    let rows = paper.coded(rows, disputes.iter().map(|dispute| dispute.association));
    let notes = vec!["承認済みの申請が会員一覧と合わないもの。どちらかを訂正すること。".to_string()];
    Ok(table("application-disputes", "申請と会員一覧の食い違い", paper.basis_on_day("件"), columns, rows, notes))
}

/// The adjustments of the area that hold.
fn holding<'p>(paper: &'p PaperContext<'_>) -> Result<Vec<&'p AdjustmentVersion>> {
    let context = paper.ask();
    let of_area = |version: &&AdjustmentVersion| version.adjustment.association.is_none_or(|body| context.keeps(body));
    Ok(paper.vintage.records()?.holding().filter(of_area).collect())
}

fn adjustment_notes(paper: &PaperContext<'_>) -> Result<Vec<String>> {
    let mut notes =
        vec!["会員一覧にない、または会員一覧と異なる扱いを人が決めたもの。各表の数に含まれている。".to_string()];
    notes.extend(paper.adjustment_note()?);
    Ok(notes)
}

/// How many adjustments of each kind hold, for others.
pub(super) fn adjustment_counts(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let mut by_kind: BTreeMap<&str, i64> = BTreeMap::new();
    for version in holding(paper)? {
        *by_kind.entry(version.adjustment.kind.label()).or_default() += 1;
    }
    let rows = by_kind.iter().map(|(kind, n)| Row::body(vec![Cell::text(*kind), Cell::Count(*n)])).collect();
    let columns = vec![Column::text("kind", "調整", 8), Column::number("adjustments", "件数", 4)];
    Ok(vec![table("adjustments", "調整", paper.basis_on_day("件"), columns, rows, adjustment_notes(paper)?)])
}

/// The adjustments that hold, with reason and approver, and what they add to the figures.
pub(super) fn adjustments(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let holding = holding(paper)?;
    let disputes = corrections::disputes(paper.vintage)?;
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::text("adjustment", "調整番号", 5),
        Column::text("kind", "調整", 5),
        Column::text("association", "医師会", 6),
        Column::text("name", "氏名", 8),
        Column::centred("day", "日付", 5),
        Column::text("why", "理由", 9),
        Column::text("approver", "承認者", 5),
        Column::text("state", "効き目", 6),
    ];
    let rows = numbered(holding.iter().map(|version| {
        let adjustment = &version.adjustment;
        // A number may be used again for somebody else (R27).
        let is_about = |one: &&Dispute| (one.physician, &one.number) == (adjustment.physician, &adjustment.number);
        let dispute = disputes.iter().filter(|one| one.code.is_about_adjustment()).find(is_about);
        vec![
            Cell::text(&*adjustment.number),
            Cell::text(adjustment.kind.label()),
            adjustment.association.map_or(Cell::Blank, |id| paper.body_name(id)),
            people.name(adjustment.physician),
            Cell::date(adjustment.day),
            Cell::text(&*adjustment.why),
            Cell::text(&*adjustment.approver),
            Cell::text(dispute.map_or_else(String::new, |dispute| format!("なし（{}）", dispute.code.code()))),
        ]
    }));
    let rows = paper.coded(rows, holding.iter().map(|version| version.adjustment.association));
    Ok(vec![table("adjustments", "調整", paper.basis_on_day("件"), columns, rows, adjustment_notes(paper)?)])
}
