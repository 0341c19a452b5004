//! Audits as files that people keep: CSV for a spreadsheet, and a workbook. Both name the persons; they are for the
//! office only.

use anyhow::{Context, Result};

use super::kind::AuditKind;
use super::line::OTHER_NUMBER;
use super::{AuditLine, AuditRequest, Audited, LinePeople};
use crate::domain::audit::AuditSeverity;
use crate::domain::cell::Cell;
use crate::domain::ids::AssociationId;
use crate::messages::{Lang, message};
use crate::render::csv::{CsvStyle, rows_csv};
use crate::render::xlsx::{ListCell, ListSheet, MarkColour, list_workbook};
use crate::service::known::vintage::Vintage;

/// A heading with the width of its column in a workbook.
type Heading = (&'static str, u16);

/// The columns of a kind: which bodies and days its findings have, and what they are called.
struct Columns {
    /// Code and name of the second body.
    other: Option<[Heading; 2]>,
    /// The days before and after.
    days: [Option<Heading>; 2],
    /// The number of a second person.
    other_number: bool,
}

impl Columns {
    fn of(kind: AuditKind) -> Self {
        let day = |title: &'static str| Some((title, 12));
        let (other, days) = match kind {
            AuditKind::Withdrawals | AuditKind::MamisDifference => (None, [day("退会日"), day("入会日")]),
            AuditKind::Late => (None, [day("退会日・入会日"), None]),
            AuditKind::Proxy => {
                (Some([("再び見えた医師会コード", 14), ("再び見えた医師会", 16)]), [day("適用日"), day("再び見えた日")])
            }
            AuditKind::Transfers => (Some([("転入先コード", 14), ("転入先", 16)]), [day("退会日"), day("入会日")]),
            AuditKind::Tiers => {
                (Some([("下位の医師会コード", 14), ("下位の医師会", 16)]), [day("欠けた初日"), day("戻った日")])
            }
            AuditKind::Applications => (None, [day("申請の適用日"), day("会員一覧の日")]),
            AuditKind::Adjustments => (None, [day("調整の日付"), day("対象入会日")]),
            AuditKind::SamePersons => (None, [None, None]),
        };
        Self { other, days, other_number: kind == AuditKind::SamePersons }
    }

    fn headings(&self, with_people: bool) -> Vec<Heading> {
        let mut out = vec![("コード", 10), ("重要度", 8), ("内容", 40), ("医師会コード", 14), ("医師会", 16)];
        out.extend(self.other.into_iter().flatten());
        if with_people {
            out.extend([("医籍登録番号", 12), ("氏名", 16)]);
            out.extend(self.other_number.then_some(("もう一つの医籍登録番号", 14)));
        }
        out.extend(self.days.into_iter().flatten());
        out.extend([("判明した日", 12), ("日数", 8), ("補足", 40), ("次にすること", 60)]);
        out
    }

    /// The cells of a line; days as days.
    fn cells(&self, line: &AuditLine, vintage: &Vintage, people: Option<&LinePeople>) -> Vec<Cell> {
        let finding = &line.finding;
        let code = finding.code.code();
        let text = message(code, Lang::Ja, "");
        let day = finding.before.or(finding.after).unwrap_or(vintage.known_at.0);
        let body = |id: Option<AssociationId>| -> [Cell; 2] {
            let found = id.and_then(|id| vintage.associations.get(id));
            let name = id.map_or("", |id| vintage.associations.short_name_on(id, day));
            [Cell::text(found.map_or("", |body| body.code.as_str())), Cell::text(name)]
        };
        let mut out = vec![Cell::text(code), Cell::text(finding.code.severity().label()), Cell::text(text.text)];
        out.extend(body(finding.association));
        if self.other.is_some() {
            out.extend(body(finding.other));
        }
        if let Some(people) = people {
            let person = people.get(&finding.physician);
            out.push(Cell::text(person.map_or(String::new(), |known| known.number.to_string())));
            out.push(Cell::text(person.map_or(String::new(), |known| known.person.texts().name)));
            let other = line.extra.iter().find(|(key, _)| *key == OTHER_NUMBER);
            out.extend(other.filter(|_| self.other_number).map(|(_, number)| Cell::text(number.to_string())));
        }
        let days = self.days.iter().zip([finding.before, finding.after]);
        out.extend(days.filter(|(heading, _)| heading.is_some()).map(|(_, day)| Cell::date(day)));
        out.push(Cell::date(finding.learnt_on));
        out.push(finding.days.map_or(Cell::Blank, Cell::Count));
        out.extend([Cell::text(&finding.detail), Cell::text(text.remedy)]);
        out
    }
}

/// Makes a CSV file that opens in a spreadsheet: one line of headings, one for each finding, days as 2025-12-31. Without
/// `people` it has no columns for them.
///
/// # Errors
/// When a cell holds what no CSV file can.
pub fn csv(audited: &Audited, vintage: &Vintage, people: Option<&LinePeople>) -> Result<Vec<u8>> {
    let columns = Columns::of(audited.kind);
    let headings: Vec<&str> = columns.headings(people.is_some()).into_iter().map(|(title, _)| title).collect();
    // On paper days are of an era; a file is for sorting.
    let sortable = |cell: Cell| match cell {
        Cell::Date(day) => Cell::text(day.to_string()),
        other => other,
    };
    let of_line = |line: &AuditLine| columns.cells(line, vintage, people).into_iter().map(sortable).collect();
    let rows: Vec<Vec<Cell>> = audited.lines.iter().map(of_line).collect();
    rows_csv(CsvStyle::Display, &headings, &rows).context("writing CSV")
}

/// Makes a workbook of two sheets: the findings, and what they were made from.
///
/// # Errors
/// When there are more findings than a sheet has rows.
pub fn workbook(audited: &Audited, request: &AuditRequest, vintage: &Vintage, people: &LinePeople) -> Result<Vec<u8>> {
    let kind = Columns::of(audited.kind);
    let columns = kind.headings(true).into_iter().map(|(title, width)| (title.to_string(), width)).collect();
    let rows = audited.lines.iter().map(|line| {
        let marked = line.finding.needs_person();
        let cells = kind.cells(line, vintage, Some(people)).into_iter().enumerate();
        // The severity stands in the second column.
        cells.map(|(at, cell)| list_cell(cell, marked && at == 1)).collect()
    });
    let label = audited.kind.label();
    let sheet = ListSheet { name: label.to_string(), columns, rows: rows.collect(), mark: MarkColour::Orange };
    let sheets = [sheet, basis(audited, request, vintage)];
    list_workbook(&format!("監査 {label}"), vintage.known_at.0, &sheets).context("making the workbook")
}

fn list_cell(cell: Cell, marked: bool) -> ListCell {
    match cell {
        Cell::Date(day) => ListCell::Day(day),
        Cell::Count(n) => ListCell::Integer(n),
        Cell::Text(text) if marked => ListCell::Coloured(text),
        other => ListCell::Text(other.display()),
    }
}

/// Dates, rule and sums under which the findings hold.
fn basis(audited: &Audited, request: &AuditRequest, vintage: &Vintage) -> ListSheet {
    let day = ListCell::Day;
    let text = |text: &str| ListCell::Text(text.to_string());
    let mut rows = vec![
        vec![text("監査"), text(audited.kind.label())],
        vec![text("期間の初日"), day(request.period.from)],
        vec![text("期間の末日"), day(request.period.to)],
        vec![text("基準日"), day(request.as_of.0)],
        vec![text("知識時点"), day(vintage.known_at.0)],
        vec![text("退会日の扱い"), text(vintage.rule.label())],
        vec![text("台帳"), text(&vintage.head)],
        vec![text("件数"), count(audited.lines.len())],
    ];
    for severity in AuditSeverity::ALL {
        let n = audited.lines.iter().filter(|line| line.finding.code.severity() == severity).count();
        rows.push(vec![text(severity.label()), count(n)]);
    }
    ListSheet {
        name: "前提".into(),
        columns: vec![("項目".into(), 16), ("内容".into(), 40)],
        rows,
        mark: MarkColour::Yellow,
    }
}

fn count(n: usize) -> ListCell {
    ListCell::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}
