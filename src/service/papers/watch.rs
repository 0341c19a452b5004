//! 退会の見回り: withdrawals that take effect within the days ahead, and those that nobody approved in time.

use anyhow::Result;

use super::cells::{numbered, reason_label};
use super::context::PaperContext;
use crate::domain::audit::withdrawals::Withdrawal;
use crate::domain::cell::Cell;
use crate::domain::document::{Block, Column, Table};
use crate::domain::japanese_date::era_date;
use crate::domain::table_check::TableCheck;
use crate::service::audit::of_paper::{self, Watched};

const NONE: &str = "※件数 0 件";

/// The withdrawals that come, after a sentence that counts them and those that are overdue.
pub(super) fn coming(paper: &PaperContext<'_>, n_days: u32) -> Result<Vec<Block>> {
    let watched = of_paper::watched(&paper.ask(), n_days)?;
    let table = table(paper, ("coming-withdrawals", COMING), &watched.coming, coming_notes(&watched))?;
    Ok(vec![Block::Paragraph(lead(&watched)), table])
}

/// The withdrawals whose day has passed without an approval.
pub(super) fn overdue(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let watched = of_paper::watched(&paper.ask(), 1)?;
    Ok(vec![table(paper, ("overdue-withdrawals", OVERDUE), &watched.overdue, overdue_notes(&watched))?])
}

/// Title of those that are overdue.
pub(super) const OVERDUE: &str = "承認漏れ（適用日を過ぎて承認されていない届出）";

/// Title of those that come.
pub(super) const COMING: &str = "これから効力の生じる退会・転出・死亡";

/// Both in one sentence.
pub(super) fn lead(watched: &Watched) -> String {
    let (from, to) = (era_date(watched.days.from), era_date(watched.days.to));
    let unapproved = match watched.n_unapproved() {
        0 => String::new(),
        n => format!("（うち未承認 {n} 件）"),
    };
    let (n, n_overdue) = (watched.coming.len(), watched.overdue.len());
    format!(
        "{from}から{to}までに退会日の来る届出は {n} 件{unapproved}、適用日を過ぎて承認されていない届出は {n_overdue} 件である。"
    )
}

fn coming_notes(watched: &Watched) -> Vec<String> {
    let to = era_date(watched.days.to);
    let mut notes = vec![format!(
        "{to}までに退会日（申請では適用日）の来るもの。退会日までは会員として数える。保留は、その日までに承認されなければ承認漏れになる。"
    )];
    if watched.n_without_day > 0 {
        notes.push(format!("ほかに、適用日の書かれていない申請が {} 件ある。", watched.n_without_day));
    }
    notes
}

fn overdue_notes(watched: &Watched) -> Vec<String> {
    let n = watched.overdue.len();
    vec![format!("未承認のまま適用日を過ぎた届出 {n} 件。承認までは会員として数える。承認するか、取り消すこと。")]
}

fn table(
    paper: &PaperContext<'_>,
    (id, title): (&str, &str),
    withdrawals: &[Withdrawal],
    notes: Vec<String>,
) -> Result<Block> {
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("left_on", "退会日", 5),
        Column::text("state", "状態", 5),
        Column::text("association", "郡市区等医師会", 7),
        Column::text("name", "氏名", 8),
        Column::text("reason", "退会理由", 5),
        Column::centred("applied_on", "申請日", 5),
    ];
    let rows = numbered(withdrawals.iter().map(|one| {
        vec![
            Cell::date(one.left_on),
            Cell::text(one.state.label()),
            paper.body_name(one.association),
            people.name(one.physician),
            Cell::text(reason_label(one.reason)),
            Cell::date(one.application().and_then(|filed| filed.applied_on)),
        ]
    }));
    let rows = paper.coded(rows, withdrawals.iter().map(|one| Some(one.association)));
    Ok(Block::Table(Table {
        id: id.into(),
        title: title.into(),
        basis: paper.basis_on_day("件"),
        columns,
        rows,
        empty_text: NONE.into(),
        notes,
        proof: TableCheck::default(),
    }))
}
