//! Tier inclusion and cascade (R21, E4).

use anyhow::Result;

use super::cells::numbered;
use super::context::PaperContext;
use crate::domain::association::Tier;
use crate::domain::audit::AuditCode;
use crate::domain::cell::Cell;
use crate::domain::document::{Block, Column, Row};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::era_month;
use crate::domain::metric::Metric;
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::table_check::{Identity, TableCheck};
use crate::messages::{Lang, message};
use crate::service::audit::{PersonBreak, TierAudit, of_paper};

/// Codes in printing order: those that need a person first.
const CODES: [AuditCode; 6] = [
    AuditCode::TierExitMissing,
    AuditCode::TierExitLate,
    AuditCode::TierWithoutLower,
    AuditCode::TierLongMove,
    AuditCode::TierMove,
    AuditCode::TierExitEarlier,
];

/// Short words for a table.
fn label(code: AuditCode) -> &'static str {
    match code {
        AuditCode::TierExitMissing => "上位の退会漏れ",
        AuditCode::TierExitLate => "上位の退会が遅い",
        AuditCode::TierWithoutLower => "下位なしで始まった",
        AuditCode::TierLongMove => "90日を超えた空白",
        AuditCode::TierMove => "異動の間",
        AuditCode::TierExitEarlier => "上位の退会が早い",
        other => other.code(),
    }
}

/// Breaks of the period by kind and tier.
pub(super) fn summary(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = of_paper::tiers(&paper.ask())?;
    let mut rows: Vec<Row> = CODES.into_iter().map(|code| row_of(paper, &audit, code)).collect();
    let [prefectural, national, all] = counts(paper, audit.breaks.iter());
    rows.push(Row::total(vec![Cell::Blank, Cell::Blank, Cell::text("合計"), prefectural, national, all, Cell::Blank]));
    let columns = vec![
        Column::text("code", "コード", 4),
        Column::text("severity", "重要度", 3),
        Column::text("kind", "区分", 6),
        Column::number("prefectural", "都道府県", 3),
        Column::number("national", "日医", 3),
        Column::number("breaks", "計", 3),
        Column::text("text", "内容", 14),
    ];
    let lead = lead(paper, &audit);
    let notes = vec![
        "都道府県医師会の会員には、その下の郡市区等医師会の在籍が要る。日医の会員には、どこかの都道府県医師会の在籍が要る。"
            .to_string(),
        "期間に一日でもかかるもの。異動で欠けた90日までは注意、ほかは要確認。".to_string(),
    ];
    let proof = TableCheck::additive(["prefectural", "national", "breaks"]).with(Identity::new(
        "breaks",
        ["prefectural", "national"],
        [],
    ));
    let claim = |(row, code): (usize, AuditCode)| PrintedFigure::cell(row, "breaks", breaks_of(paper, code));
    let proof = TableCheck { claims: CODES.into_iter().enumerate().map(claim).collect(), ..proof };
    let table = paper.table("tier-summary", "三層の食い違いの区分別件数".into(), columns, rows, notes, proof);
    Ok(vec![Block::Paragraph(lead), table])
}

/// The breaks of a kind by tier, and what the kind means.
fn row_of(paper: &PaperContext<'_>, audit: &TierAudit, code: AuditCode) -> Row {
    let [prefectural, national, all] = counts(paper, audit.breaks.iter().filter(|one| one.tier_break.code == code));
    Row::body(vec![
        Cell::text(code.code()),
        Cell::text(code.severity().label()),
        Cell::text(label(code)),
        prefectural,
        national,
        all,
        Cell::text(message(code.code(), Lang::Ja, "").text),
    ])
}

/// How many breaks are of the prefectural tier, of the national one, and how many there are.
fn counts<'b>(paper: &PaperContext<'_>, breaks: impl Iterator<Item = &'b PersonBreak>) -> [Cell; 3] {
    let (mut prefectural, mut national, mut all) = (0, 0, 0);
    for one in breaks {
        all += 1;
        match tier_of(paper, one.tier_break.upper) {
            Some(Tier::Prefectural) => prefectural += 1,
            Some(Tier::National) => national += 1,
            Some(Tier::Local) | None => {}
        }
    }
    [prefectural, national, all].map(Cell::Count)
}

fn lead(paper: &PaperContext<'_>, audit: &TierAudit) -> String {
    let needing = audit.breaks.iter().filter(|one| one.finding().needs_person()).count();
    let month = era_month(paper.period.from);
    match (audit.breaks.len(), needing) {
        (0, _) => format!("{month}に、三層の食い違いはない。"),
        (n, 0) => format!("{month}の三層の食い違いは {n} 件で、確認を要するものはない。"),
        (n, needing) => format!("{month}の三層の食い違いは {n} 件で、うち {needing} 件の確認を要する。"),
    }
}

/// Breaks of a kind, as a figure that table and list share.
fn breaks_of(paper: &PaperContext<'_>, code: AuditCode) -> Figure {
    paper.cases(Metric::TierBreaks).part("code", code.code())
}

fn tier_of(paper: &PaperContext<'_>, id: AssociationId) -> Option<Tier> {
    paper.vintage.associations.get(id).map(|body| body.tier)
}

/// Breaks of the period, one by one: those that need a person first.
pub(super) fn list(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let mut audit = of_paper::tiers(&paper.ask())?;
    let place = |code: AuditCode| CODES.iter().position(|other| *other == code);
    audit.breaks.sort_by_key(|one| place(one.tier_break.code));
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::text("severity", "重要度", 3),
        Column::text("kind", "区分", 6),
        Column::text("upper", "上位の医師会", 6),
        Column::text("lower", "下位の医師会", 6),
        Column::text("name", "氏名", 8),
        Column::centred("from", "初日", 5).in_group("欠けた日"),
        Column::centred("until", "戻った日", 5).in_group("欠けた日"),
        Column::number("days", "日数", 3).in_group("欠けた日"),
    ];
    let rows = numbered(audit.breaks.iter().map(|one| {
        let found = &one.tier_break;
        vec![
            Cell::text(found.code.severity().label()),
            Cell::text(label(found.code)),
            paper.body_name(found.upper),
            found.lower.map_or(Cell::Blank, |id| paper.body_name(id)),
            people.name(one.physician),
            Cell::Date(found.from),
            Cell::date(found.until),
            Cell::Count(found.days),
        ]
    }));
    let notes = vec![
        "初日は、上位の医師会にだけ在籍した最初の日（上位の退会が早いものでは、上位に在籍しない最初の日）。戻った日のないものは続いている。"
            .to_string(),
        "下位の医師会は、先に退会したところ。なければ後から入会したところ。".to_string(),
    ];
    let claim = |code: AuditCode| PrintedFigure::rows("kind", label(code), breaks_of(paper, code));
    let proof = TableCheck { claims: CODES.map(claim).to_vec(), ..TableCheck::default() };
    Ok(vec![paper.table("tier-breaks", "三層の食い違い".into(), columns, rows, notes, proof)])
}
