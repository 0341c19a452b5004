//! 退会日 that were changed, and members who vanished: what exports told and tell no longer.

use anyhow::Result;

use super::cells::numbered;
use super::context::PaperContext;
use super::people::People;
use crate::domain::cell::Cell;
use crate::domain::document::{Block, Column};
use crate::domain::finding::FindingCode;
use crate::domain::finding::KnownFinding;
use crate::domain::table_check::TableCheck;
use crate::service::audit::WithdrawalAudit;

/// 退会日 that vanished or moved, by exports of the period.
pub(super) fn changed(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = paper.withdrawal_audit()?;
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("known_from", "出力", 5),
        Column::text("association", "郡市区等医師会", 7),
        Column::text("name", "氏名", 8),
        Column::text("change", "変更", 7),
        Column::centred("before", "前の退会日", 5),
        Column::centred("after", "今の退会日", 5),
    ];
    let rows = numbered(audit.changed.iter().map(|known| {
        let label = match known.finding.code {
            FindingCode::WithdrawalVanished if is_cancelled(audit, known) => "退会取消（申請あり）",
            FindingCode::WithdrawalVanished => "退会日の消失（訂正、在籍に復帰）",
            _ => "退会日の変更",
        };
        let [known_from, body, name] = finding_cells(paper, &people, known);
        let (before, after) = (known.finding.date_before, known.finding.date_after);
        vec![known_from, body, name, Cell::text(label), Cell::date(before), Cell::date(after)]
    }));
    let rows = paper.coded(rows, audit.changed.iter().map(|known| known.finding.association));
    let notes = vec!["期間内の出力で、前の出力と退会日が変わったもの。再入会としては数えない。".to_string()];
    let title = "退会日の取消し・変更".to_string();
    Ok(vec![paper.table("changed-withdrawals", title, columns, rows, notes, TableCheck::default())])
}

/// Members that the newest export no longer shows (R6).
pub(super) fn vanished(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = paper.withdrawal_audit()?;
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("known_from", "消えた出力", 5),
        Column::text("association", "郡市区等医師会", 8),
        Column::text("name", "氏名", 8),
        Column::centred("joined_on", "入会日", 5),
    ];
    let rows = numbered(audit.vanished.iter().map(|known| {
        let [known_from, body, name] = finding_cells(paper, &people, known);
        vec![known_from, body, name, Cell::date(known.finding.date_before)]
    }));
    let rows = paper.coded(rows, audit.vanished.iter().map(|known| known.finding.association));
    let notes =
        vec!["退会日のないまま最新の出力に見えない会員。会員として数え続けている。理由を確かめること。".to_string()];
    let title = "最新の出力に記載のない会員".to_string();
    Ok(vec![paper.table("vanished-members", title, columns, rows, notes, TableCheck::default())])
}

/// Whether an application says that the withdrawal was taken back (R5).
fn is_cancelled(audit: &WithdrawalAudit, known: &KnownFinding) -> bool {
    let finding = &known.finding;
    finding.association.is_some_and(|body| audit.cancelled.contains(&(finding.physician, body)))
}

/// The export, the body, the person.
fn finding_cells(paper: &PaperContext<'_>, people: &People, known: &KnownFinding) -> [Cell; 3] {
    let body = known.finding.association.map_or(Cell::Blank, |id| paper.body_name(id));
    [Cell::Date(known.known_from), body, people.name(known.finding.physician)]
}
