//! Proxy filings with what is wrong about them, and missing members who are seen again (E6).

use std::collections::BTreeMap;

use anyhow::Result;

use super::cells::numbered;
use super::context::PaperContext;
use crate::domain::audit::{AuditCode, AuditFinding, AuditSeverity, CheckCode};
use crate::domain::cell::Cell;
use crate::domain::document::{Block, Column, Row};
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::metric::Metric;
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::table_check::TableCheck;
use crate::messages::{Lang, message};
use crate::service::audit::{ProxyAudit, of_paper};

/// What may be found.
const CODES: [AuditCode; 4] =
    [AuditCode::ProxyReason, AuditCode::ProxyEvidence, AuditCode::MissingReappeared, AuditCode::ProxyInOrder];

/// A table of counts, then the cases that need a person.
pub(super) fn filings(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = of_paper::proxy(&paper.ask())?;
    Ok(vec![count_table(paper, &audit), list(paper, &audit.findings())?])
}

/// The table of counts alone, for others.
pub(super) fn counts(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    Ok(vec![count_table(paper, &of_paper::proxy(&paper.ask())?)])
}

/// Findings of a kind, as a figure that table and list share.
fn of_code(paper: &PaperContext<'_>, code: AuditCode) -> Figure {
    paper.cases(Metric::ProxyFindings).part("code", code.code())
}

fn count_table(paper: &PaperContext<'_>, audit: &ProxyAudit) -> Block {
    let mut by_code: BTreeMap<CheckCode, i64> = BTreeMap::new();
    for finding in audit.findings() {
        *by_code.entry(finding.code).or_default() += 1;
    }
    let rows = CODES.into_iter().map(|code| {
        let n = by_code.get(&CheckCode::Audit(code)).copied().unwrap_or_default();
        let text = message(code.code(), Lang::Ja, "").text;
        Row::body(vec![Cell::text(code.severity().label()), Cell::text(text), Cell::Count(n)])
    });
    let rows: Vec<Row> = rows.collect();
    let columns = vec![
        Column::text("severity", "重要度", 3),
        Column::text("text", "内容", 16),
        Column::number("findings", "件数", 3),
    ];
    let allowed: Vec<&str> =
        paper.workspace.config.audit.proxy_reasons.iter().copied().map(WithdrawalReason::label).collect();
    let notes = vec![
        format!(
            "代理申請 {} 件（適用日が期間内のもの、未承認のもの）。代理を認める理由：{}。",
            audit.filings.len(),
            allowed.join("・")
        ),
        "理由と根拠の両方が足りないものは、それぞれに数える。".to_string(),
    ];
    let claim = |(row, code): (usize, AuditCode)| PrintedFigure::cell(row, "findings", of_code(paper, code));
    let proof = TableCheck { claims: CODES.into_iter().enumerate().map(claim).collect(), ..TableCheck::default() };
    paper.table("proxy-filings", "代理申請".into(), columns, rows, notes, proof)
}

fn list(paper: &PaperContext<'_>, findings: &[AuditFinding]) -> Result<Block> {
    let needing: Vec<_> = findings.iter().filter(|finding| finding.needs_person()).collect();
    let codes = CODES.into_iter().filter(|code| code.severity() == AuditSeverity::Person);
    let claims = codes.map(|code| PrintedFigure::rows("code", code.code(), of_code(paper, code))).collect();
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::text("code", "コード", 4),
        Column::text("association", "郡市区等医師会", 6),
        Column::text("name", "氏名", 8),
        Column::centred("day", "適用日", 5),
        Column::centred("seen_on", "再び見えた日", 5),
        Column::text("detail", "申請", 10),
    ];
    let rows = numbered(needing.iter().map(|finding| {
        vec![
            Cell::text(finding.code.code()),
            finding.association.map_or(Cell::Blank, |id| paper.body_name(id)),
            people.name(finding.physician),
            Cell::date(finding.before),
            finding.after.map_or(Cell::NotApplicable, Cell::Date),
            Cell::text(&finding.detail),
        ]
    }));
    let rows = paper.coded(rows, needing.iter().map(|finding| finding.association));
    let notes = [AuditCode::ProxyReason, AuditCode::ProxyEvidence, AuditCode::MissingReappeared].map(|code| {
        let text = message(code.code(), Lang::Ja, "");
        format!("{}：{}。{}。", code.code(), text.text, text.remedy)
    });
    let proof = TableCheck { claims, ..TableCheck::default() };
    let title = "確認を要する代理申請".to_string();
    Ok(paper.table("proxy-filings-to-check", title, columns, rows, notes.to_vec(), proof))
}
