//! Rows and columns as they stand (表): with shares of a column, changes, and bodies in official order.

use super::bodies::Bodies;
use super::columns::{Look, cell, column, is_number};
use super::faults::TableFaults;
use super::sums::{check_total, of_office, sum};
use crate::domain::cell::Cell;
use crate::domain::decimal::Decimal;
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::meeting::{MeetingFault, OfficeCell, OfficeRow, OfficeTable};
use crate::domain::rounding::percent_tenths;

/// What the columns of a table are.
pub(super) struct Roles<'a> {
    /// The column of which the other numbers are shares.
    pub(super) base: Option<usize>,
    /// Columns of changes.
    pub(super) changes: &'a [usize],
    /// The column of the bodies.
    pub(super) bodies: Option<usize>,
    /// Whether every body of the area must be there.
    pub(super) is_whole: bool,
}

impl Roles<'_> {
    fn look(&self, heading: usize) -> Look {
        if self.changes.contains(&heading) { Look::Change } else { Look::Plain }
    }

    /// Whether a share of the base stands beside the number.
    fn has_share(&self, table: &OfficeTable, heading: usize) -> bool {
        self.base.is_some_and(|base| base != heading) && self.look(heading) == Look::Plain && is_number(table, heading)
    }
}

pub(super) fn blocks(
    table: &OfficeTable,
    roles: &Roles<'_>,
    id: String,
    bodies: &Bodies<'_>,
    faults: &mut TableFaults,
) -> Vec<Block> {
    let ordered = ordered(table, roles, bodies, faults);
    check(table, roles, faults);
    let mut rows: Vec<Row> =
        ordered.iter().map(|(row, code)| Row { code: code.clone(), ..Row::body(cells(table, roles, row)) }).collect();
    rows.extend(table.total.iter().map(|total| Row::total(cells(table, roles, total))));
    vec![Block::Table(Table {
        id,
        title: String::new(),
        basis: table.basis.clone(),
        columns: columns(table, roles),
        rows,
        empty_text: "該当なし".into(),
        notes: table.notes.clone(),
        proof: of_office(),
    })]
}

/// The rows under their names of the master and with their codes, in official order; as they stand where no column names
/// bodies.
fn ordered(
    table: &OfficeTable,
    roles: &Roles<'_>,
    bodies: &Bodies<'_>,
    faults: &mut TableFaults,
) -> Vec<(OfficeRow, Option<String>)> {
    let Some(column) = roles.bodies else { return table.rows.iter().map(|row| (row.clone(), None)).collect() };
    let found = bodies.find(table, column, false, faults);
    if roles.is_whole {
        bodies.need_all(table, &found, faults);
    }
    let named = |(_, at, body): &(usize, usize, &crate::domain::association::Association)| {
        let mut row = table.rows.get(*at)?.clone();
        *row.cells.get_mut(column)? = OfficeCell::Text(body.span_on(found.day).short_name.clone());
        Some((row, Some(body.code.clone())))
    };
    found.rows.iter().filter_map(named).collect()
}

/// Totals that the office states, and counts that are larger than what they are shares of.
fn check(table: &OfficeTable, roles: &Roles<'_>, faults: &mut TableFaults) {
    for heading in (0..table.headings.len()).filter(|heading| is_number(table, *heading)) {
        // Changes, rates and means add up to nothing.
        if roles.look(heading) == Look::Plain && !is_rate(table, heading) {
            check_total(table, heading, sum(table, heading), faults);
        }
        let Some(base) = roles.base.filter(|_| roles.has_share(table, heading)) else { continue };
        for row in &table.rows {
            let (part, whole) = (number(row, heading), number(row, base));
            let places = part.places.max(whole.places);
            if part.with_places(places).scaled > whole.with_places(places).scaled {
                let fault = MeetingFault::PartTooLarge(part.to_string(), whole.to_string());
                faults.add(table, row.number, heading, fault);
            }
        }
    }
}

/// Whether a heading says that the numbers below it are no counts.
fn is_rate(table: &OfficeTable, heading: usize) -> bool {
    let title = table.headings.get(heading).map_or("", |heading| heading.text.as_str());
    ["率", "割合", "比", "平均", "%", "％"].iter().any(|word| title.contains(word))
}

fn columns(table: &OfficeTable, roles: &Roles<'_>) -> Vec<Column> {
    let mut columns = Vec::new();
    for heading in 0..table.headings.len() {
        let one = column(table, heading);
        if !roles.has_share(table, heading) {
            columns.push(one);
            continue;
        }
        let unit = if table.unit.is_empty() { "数" } else { table.unit.as_str() };
        let share = Column::number(&format!("{}_share", one.key), "割合（%）", 4).in_group(&one.title);
        columns.push(Column::number(&one.key, unit, 4).in_group(&one.title));
        columns.push(share);
    }
    columns
}

fn cells(table: &OfficeTable, roles: &Roles<'_>, row: &OfficeRow) -> Vec<Cell> {
    let mut out = Vec::new();
    for (heading, one) in row.cells.iter().enumerate() {
        out.push(cell(table, one, heading, roles.look(heading)));
        let Some(base) = roles.base.filter(|_| roles.has_share(table, heading)) else { continue };
        let (part, whole) = (number(row, heading), number(row, base));
        let places = part.places.max(whole.places);
        let share = percent_tenths(part.with_places(places).scaled, whole.with_places(places).scaled);
        out.push(match one {
            OfficeCell::Number(_) => share.map_or(Cell::NotApplicable, Cell::PercentTenths),
            _ => Cell::Blank,
        });
    }
    out
}

fn number(row: &OfficeRow, heading: usize) -> Decimal {
    row.cells.get(heading).map_or(Decimal::whole(0), OfficeCell::number)
}
