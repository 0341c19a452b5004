//! Withdrawals: planned, of the period, late, changed, and members who vanished.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{Desk, Variant};
use crate::domain::document::{Block, Cell, Column, Row, Table};
use crate::domain::enrolment::{KnownStay, ToldBy, WithdrawalReason};
use crate::domain::finding::FindingCode;
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::era_date;
use crate::domain::proof::Proof;
use crate::service::audit::{self, Withdrawal, WithdrawalAudit, WithdrawalState};
use crate::store::KnownFinding;

const NONE: &str = "※件数 0 件";

impl Desk<'_> {
    async fn withdrawal_audit(&self) -> Result<WithdrawalAudit> {
        audit::withdrawals(self.workspace, self.knowledge, self.as_of, self.period).await
    }

    pub(super) fn body_name(&self, id: AssociationId) -> Cell {
        Cell::text(self.knowledge.associations.short_name_on(id, self.as_of.0))
    }

    /// The column of names, in the internal variant only.
    pub(super) fn name_column(&self) -> Option<Column> {
        (self.variant == Variant::Internal).then(|| Column::text("name", "氏名", 8))
    }

    /// The column of reasons: a death is nobody else's business.
    fn reason_column(&self) -> Option<Column> {
        (self.variant == Variant::Internal).then(|| Column::text("reason", "退会理由", 5))
    }

    fn table(&self, id: &str, title: String, columns: Vec<Column>, rows: Vec<Row>, notes: Vec<String>) -> Block {
        Block::Table(Table {
            id: id.into(),
            title,
            basis: self.basis_of_period("件"),
            columns,
            rows,
            empty_text: NONE.into(),
            proof: Proof::default(),
            notes,
        })
    }
}

/// Numbers the rows from 1 in front of their cells.
pub(super) fn numbered(rows: impl Iterator<Item = Vec<Cell>>) -> Vec<Row> {
    rows.zip(1..)
        .map(|(cells, number)| Row::body(std::iter::once(Cell::Count(number)).chain(cells).collect()))
        .collect()
}

/// Members whose withdrawal day is known and has not passed (未来日退会予定).
pub(super) async fn planned(desk: &Desk<'_>) -> Result<Vec<Block>> {
    let stays = audit::planned_withdrawals(desk.knowledge, desk.as_of)?;
    let people = desk.people(stays.iter().map(|stay| stay.physician)).await?;
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("left_on", "退会日", 5),
        Column::text("association", "郡市区等医師会", 8),
    ];
    columns.extend(desk.name_column());
    columns.push(Column::text("class", "会員区分", 4));
    columns.extend(desk.reason_column());
    let rows = numbered(stays.iter().map(|stay| {
        let mut cells = vec![Cell::date(stay.left_on), desk.body_name(stay.association)];
        if desk.variant == Variant::Internal {
            cells.push(people.name(stay.physician));
        }
        cells.push(Cell::text(stay.class.label()));
        if desk.variant == Variant::Internal {
            cells.push(Cell::text(stay.reason.label()));
        }
        cells
    }));
    let n = rows.len();
    let mut notes =
        vec![format!("基準日に会員で、退会日が届いている者 {n} 人。退会日までは会員として数える。退会日の順。")];
    notes.extend(reasons_note(desk, &stays));
    notes.extend(desk.variant_notes());
    let table = Table {
        id: "planned-withdrawals".into(),
        title: "未来日退会予定（退会日が基準日以後の会員）".into(),
        basis: desk.basis_on_day("人"),
        columns,
        rows,
        empty_text: NONE.into(),
        proof: Proof::default(),
        notes,
    };
    Ok(vec![Block::Table(table)])
}

/// In the external variant the reasons stand as counts.
fn reasons_note(desk: &Desk<'_>, stays: &[KnownStay]) -> Option<String> {
    if desk.variant == Variant::Internal || stays.is_empty() {
        return None;
    }
    let parts: Vec<String> = by_reason(stays.iter().map(|stay| stay.reason))
        .into_iter()
        .map(|(reason, n)| format!("{} {n}", reason_label(reason)))
        .collect();
    Some(format!("理由別：{}。", parts.join("、")))
}

fn by_reason(reasons: impl Iterator<Item = WithdrawalReason>) -> BTreeMap<WithdrawalReason, i64> {
    let mut out = BTreeMap::new();
    for reason in reasons {
        *out.entry(reason).or_default() += 1;
    }
    out
}

fn reason_label(reason: WithdrawalReason) -> &'static str {
    if reason == WithdrawalReason::None { "記載なし" } else { reason.label() }
}

/// Withdrawals of the period by reason and state.
pub(super) async fn summary(desk: &Desk<'_>) -> Result<Vec<Block>> {
    let audit = desk.withdrawal_audit().await?;
    let n = audit.withdrawals.len();
    let lead = format!(
        "{}～{}　合計{n}件（公表後に判明{}件・退会日の変更{}件・消えた者{}人）",
        era_date(desk.period.from),
        era_date(desk.period.to),
        audit.late.len(),
        audit.changed.len(),
        audit.vanished.len()
    );
    let reasons = by_reason(audit.withdrawals.iter().map(|w| w.stay.reason));
    let mut rows: Vec<Row> =
        reasons.iter().map(|(reason, n)| Row::body(vec![Cell::text(reason_label(*reason)), Cell::Count(*n)])).collect();
    if !rows.is_empty() {
        rows.push(Row::total(vec![Cell::text("合計"), Cell::Count(reasons.values().sum())]));
    }
    let columns = vec![Column::text("reason", "退会理由", 8), Column::number("withdrawals", "件数", 4)];
    let mut notes = vec!["郡市区等医師会の退会で、退会日が期間内のもの。".to_string()];
    let only_applied = audit.withdrawals.iter().filter(|w| w.stay.told.left_on == ToldBy::Application).count();
    if only_applied > 0 {
        notes.push(format!("うち申請だけで分かった退会 {only_applied} 件（会員一覧にまだ退会日がない）。"));
    }
    notes.extend(desk.adjustment_note());
    Ok(vec![Block::Paragraph(lead), desk.table("withdrawal-summary", "退会の理由別件数".into(), columns, rows, notes)])
}

fn withdrawal_columns(desk: &Desk<'_>) -> Vec<Column> {
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("left_on", "退会日", 5),
        Column::text("association", "郡市区等医師会", 7),
    ];
    columns.extend(desk.name_column());
    columns.push(Column::text("class", "会員区分", 4));
    if desk.variant == Variant::Internal {
        columns.push(Column::text("state", "状態", 6));
    }
    columns.extend(desk.reason_column());
    columns
}

fn withdrawal_cells(desk: &Desk<'_>, people: &super::People, withdrawal: &Withdrawal) -> Vec<Cell> {
    let stay = &withdrawal.stay;
    let mut cells = vec![Cell::Date(withdrawal.left_on), desk.body_name(stay.association)];
    if desk.variant == Variant::Internal {
        cells.push(people.name(stay.physician));
    }
    cells.push(Cell::text(stay.class.label()));
    if desk.variant == Variant::Internal {
        cells.extend([Cell::text(withdrawal.state.label()), Cell::text(stay.reason.label())]);
    }
    cells
}

/// Withdrawals of the period, one by one.
pub(super) async fn list(desk: &Desk<'_>) -> Result<Vec<Block>> {
    let audit = desk.withdrawal_audit().await?;
    let people = desk.people(audit.withdrawals.iter().map(|w| w.stay.physician)).await?;
    let rows = numbered(audit.withdrawals.iter().map(|withdrawal| withdrawal_cells(desk, &people, withdrawal)));
    let deaths = audit.withdrawals.iter().filter(|w| w.state == WithdrawalState::Death).count();
    let mut notes = vec![format!("合計 {} 件（うち死亡 {deaths} 件）。退会日の順。", rows.len())];
    notes.extend(desk.variant_notes());
    Ok(vec![desk.table("withdrawals", "退会者".into(), withdrawal_columns(desk), rows, notes)])
}

/// Withdrawals that became known after an export that they change.
pub(super) async fn late(desk: &Desk<'_>) -> Result<Vec<Block>> {
    let audit = desk.withdrawal_audit().await?;
    let late = &audit.late;
    let people = desk.people(late.iter().map(|w| w.stay.physician)).await?;
    let mut columns = withdrawal_columns(desk);
    columns.push(Column::centred("known_from", "判明した出力", 6));
    columns.push(Column::number("lag_days", "遅れ（日）", 4));
    let rows = numbered(late.iter().map(|withdrawal| {
        let mut cells = withdrawal_cells(desk, &people, withdrawal);
        cells.push(Cell::date(withdrawal.stay.left_known_from));
        cells.push(withdrawal.lag_days.map_or(Cell::Blank, Cell::Count));
        cells
    }));
    let mut notes = vec![
        "期間内の出力で初めて分かった退会のうち、退会日より後の出力がまだ在籍としていたもの。その出力による人数は過大だった。"
            .to_string(),
        "遅れは退会日から、退会日が初めて見えた出力の日までの日数。".to_string(),
    ];
    notes.extend(desk.variant_notes());
    Ok(vec![desk.table("late-withdrawals", "公表後に判明した退会".into(), columns, rows, notes)])
}

/// 退会日 that vanished or moved, by exports of the period.
pub(super) async fn changed(desk: &Desk<'_>) -> Result<Vec<Block>> {
    let audit = desk.withdrawal_audit().await?;
    let people = desk.people(audit.changed.iter().map(|known| known.finding.physician)).await?;
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("known_from", "出力", 5),
        Column::text("association", "郡市区等医師会", 7),
    ];
    columns.extend(desk.name_column());
    columns.push(Column::text("change", "変更", 7));
    columns.push(Column::centred("before", "前の退会日", 5));
    columns.push(Column::centred("after", "今の退会日", 5));
    let rows = numbered(audit.changed.iter().map(|known| {
        let mut cells = finding_cells(desk, &people, known);
        let label = match known.finding.code {
            FindingCode::WithdrawalVanished if is_cancelled(&audit, known) => "退会取消（申請あり）",
            FindingCode::WithdrawalVanished => "退会日の消失（訂正、在籍に復帰）",
            _ => "退会日の変更",
        };
        cells.push(Cell::text(label));
        cells.extend([Cell::date(known.finding.date_before), Cell::date(known.finding.date_after)]);
        cells
    }));
    let mut notes = vec!["期間内の出力で、前の出力と退会日が変わったもの。再入会としては数えない。".to_string()];
    notes.extend(desk.variant_notes());
    Ok(vec![desk.table("changed-withdrawals", "退会日の取消し・変更".into(), columns, rows, notes)])
}

/// Members that the newest export no longer shows (R6).
pub(super) async fn vanished(desk: &Desk<'_>) -> Result<Vec<Block>> {
    let audit = desk.withdrawal_audit().await?;
    let people = desk.people(audit.vanished.iter().map(|known| known.finding.physician)).await?;
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("known_from", "消えた出力", 5),
        Column::text("association", "郡市区等医師会", 8),
    ];
    columns.extend(desk.name_column());
    columns.push(Column::centred("joined_on", "入会日", 5));
    let rows = numbered(audit.vanished.iter().map(|known| {
        let mut cells = finding_cells(desk, &people, known);
        cells.push(Cell::date(known.finding.date_before));
        cells
    }));
    let mut notes =
        vec!["退会日のないまま最新の出力に見えない会員。会員として数え続けている。理由を確かめること。".to_string()];
    notes.extend(desk.variant_notes());
    Ok(vec![desk.table("vanished-members", "在籍のまま消えた者".into(), columns, rows, notes)])
}

/// Whether an application says that the withdrawal was taken back (R5).
fn is_cancelled(audit: &WithdrawalAudit, known: &KnownFinding) -> bool {
    let finding = &known.finding;
    finding.association.is_some_and(|body| audit.cancelled.contains(&(finding.physician, body)))
}

fn finding_cells(desk: &Desk<'_>, people: &super::People, known: &KnownFinding) -> Vec<Cell> {
    let body = known.finding.association.map_or(Cell::Blank, |id| desk.body_name(id));
    let mut cells = vec![Cell::Date(known.known_from), body];
    if desk.variant == Variant::Internal {
        cells.push(people.name(known.finding.physician));
    }
    cells
}
