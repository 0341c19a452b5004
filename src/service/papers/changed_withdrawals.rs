//! 退会日 that were changed, and members who vanished: what exports told and tell no longer.

use anyhow::Result;

use super::cells::numbered;
use super::context::PaperContext;
use super::people::People;
use super::request::Variant;
use crate::domain::document::{Block, Cell, Column};
use crate::domain::finding::FindingCode;
use crate::domain::finding::KnownFinding;
use crate::domain::table_check::TableCheck;
use crate::service::audit::WithdrawalAudit;

/// 退会日 that vanished or moved, by exports of the period.
pub(super) fn changed(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = paper.withdrawal_audit()?;
    let people = paper.people()?;
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("known_from", "出力", 5),
        Column::text("association", "郡市区等医師会", 7),
    ];
    columns.extend(paper.name_column());
    columns.push(Column::text("change", "変更", 7));
    columns.push(Column::centred("before", "前の退会日", 5));
    columns.push(Column::centred("after", "今の退会日", 5));
    let rows = numbered(audit.changed.iter().map(|known| {
        let mut cells = finding_cells(paper, &people, known);
        let label = match known.finding.code {
            FindingCode::WithdrawalVanished if is_cancelled(audit, known) => "退会取消（申請あり）",
            FindingCode::WithdrawalVanished => "退会日の消失（訂正、在籍に復帰）",
            _ => "退会日の変更",
        };
        cells.push(Cell::text(label));
        cells.extend([Cell::date(known.finding.date_before), Cell::date(known.finding.date_after)]);
        cells
    }));
    let mut notes = vec!["期間内の出力で、前の出力と退会日が変わったもの。再入会としては数えない。".to_string()];
    notes.extend(paper.variant_notes());
    let title = "退会日の取消し・変更".to_string();
    Ok(vec![paper.table("changed-withdrawals", title, columns, rows, notes, TableCheck::default())])
}

/// Members that the newest export no longer shows (R6).
pub(super) fn vanished(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = paper.withdrawal_audit()?;
    let people = paper.people()?;
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("known_from", "消えた出力", 5),
        Column::text("association", "郡市区等医師会", 8),
    ];
    columns.extend(paper.name_column());
    columns.push(Column::centred("joined_on", "入会日", 5));
    let rows = numbered(audit.vanished.iter().map(|known| {
        let mut cells = finding_cells(paper, &people, known);
        cells.push(Cell::date(known.finding.date_before));
        cells
    }));
    let mut notes =
        vec!["退会日のないまま最新の出力に見えない会員。会員として数え続けている。理由を確かめること。".to_string()];
    notes.extend(paper.variant_notes());
    let title = "在籍のまま消えた者".to_string();
    Ok(vec![paper.table("vanished-members", title, columns, rows, notes, TableCheck::default())])
}

/// Whether an application says that the withdrawal was taken back (R5).
fn is_cancelled(audit: &WithdrawalAudit, known: &KnownFinding) -> bool {
    let finding = &known.finding;
    finding.association.is_some_and(|body| audit.cancelled.contains(&(finding.physician, body)))
}

fn finding_cells(paper: &PaperContext<'_>, people: &People, known: &KnownFinding) -> Vec<Cell> {
    let body = known.finding.association.map_or(Cell::Blank, |id| paper.body_name(id));
    let mut cells = vec![Cell::Date(known.known_from), body];
    if paper.variant == Variant::Internal {
        cells.push(people.name(known.finding.physician));
    }
    cells
}
