//! Kinds by kinds with the sums of both (行列): 医科・歯科・薬局 × 新規・遡及・更新.

use super::columns::{Look, cell, column};
use super::faults::TableFaults;
use super::sums::{check_total, of_office, sum};
use crate::domain::cell::Cell;
use crate::domain::class_scheme::spelling_key;
use crate::domain::decimal::Decimal;
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::meeting::{MeetingFault, OfficeCell, OfficeRow, OfficeTable};

pub(super) fn blocks(table: &OfficeTable, id: String, faults: &mut TableFaults) -> Vec<Block> {
    let stated = stated_sums(table);
    let parts: Vec<usize> = (1..table.headings.len()).filter(|heading| Some(*heading) != stated).collect();
    for heading in &parts {
        check_total(table, *heading, sum(table, *heading), faults);
    }
    for row in table.rows.iter().chain(&table.total) {
        check_row(table, row, &parts, stated, faults);
    }
    let mut columns: Vec<Column> = std::iter::once(&0).chain(&parts).map(|heading| column(table, *heading)).collect();
    columns.push(Column::number("sum", "合計", 4));
    let mut rows: Vec<Row> = table.rows.iter().map(|row| Row::body(cells(table, row, &parts))).collect();
    if !rows.is_empty() {
        rows.push(Row::total(totals(table, &parts)));
    }
    vec![Block::Table(Table {
        id,
        title: String::new(),
        basis: table.basis.clone(),
        columns,
        rows,
        empty_text: "該当なし".into(),
        notes: table.notes.clone(),
        proof: of_office(),
    })]
}

/// The last column where it is one of sums that the office wrote.
fn stated_sums(table: &OfficeTable) -> Option<usize> {
    let last = table.headings.len().checked_sub(1)?;
    let word = spelling_key(&table.headings[last].text);
    (last > 1 && ["合計", "計", "総計"].contains(&word.as_str())).then_some(last)
}

fn sum_of(row: &OfficeRow, parts: &[usize]) -> Decimal {
    let numbers = parts.iter().filter_map(|heading| row.cells.get(*heading)).map(OfficeCell::number);
    numbers.fold(Decimal::whole(0), |sum, number| sum.plus(number).unwrap_or(sum))
}

fn check_row(table: &OfficeTable, row: &OfficeRow, parts: &[usize], stated: Option<usize>, faults: &mut TableFaults) {
    let Some((heading, said)) = stated.and_then(|at| Some((at, row.cells.get(at)?.number()))) else { return };
    let computed = sum_of(row, parts);
    if !said.equals(computed) {
        faults.add(table, row.number, heading, MeetingFault::TotalDiffers(said.to_string(), computed.to_string()));
    }
}

fn cells(table: &OfficeTable, row: &OfficeRow, parts: &[usize]) -> Vec<Cell> {
    let shown = std::iter::once(&0).chain(parts).filter_map(|heading| Some((*heading, row.cells.get(*heading)?)));
    let mut out: Vec<Cell> = shown.map(|(heading, one)| cell(table, one, heading, Look::Plain)).collect();
    out.push(of_number(sum_of(row, parts)));
    out
}

fn totals(table: &OfficeTable, parts: &[usize]) -> Vec<Cell> {
    let sums: Vec<Decimal> = parts.iter().map(|heading| sum(table, *heading)).collect();
    let all = sums.iter().fold(Decimal::whole(0), |all, sum| all.plus(*sum).unwrap_or(all));
    let mut out = vec![Cell::text("合計")];
    out.extend(sums.into_iter().chain([all]).map(of_number));
    out
}

fn of_number(number: Decimal) -> Cell {
    number.as_whole().filter(|n| *n >= 0).map_or(Cell::Decimal(number), Cell::Count)
}
