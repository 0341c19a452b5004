//! A list with the number of its rows (一覧), in the order of the bodies.

use super::bodies::Bodies;
use super::columns::{Look, cell, column};
use super::faults::TableFaults;
use super::sums::of_office;
use crate::domain::document::{Block, Row, Table};
use crate::domain::meeting::{OfficeCell, OfficeTable};
use crate::domain::printed_number::thousands;

/// The sentence with the number of rows, and the list. `tally` is the column whose words are counted, `column_of_bodies` the
/// one that gives the order.
pub(super) fn blocks(
    table: &OfficeTable,
    (tally, column_of_bodies): (Option<usize>, Option<usize>),
    id: String,
    bodies: &Bodies<'_>,
    faults: &mut TableFaults,
) -> Vec<Block> {
    let order: Vec<usize> = match column_of_bodies {
        Some(column) => bodies.find(table, column, true, faults).rows.iter().map(|(_, at, _)| *at).collect(),
        None => (0..table.rows.len()).collect(),
    };
    let rows = order.iter().filter_map(|at| table.rows.get(*at));
    let cells = |cells: &[OfficeCell]| {
        cells.iter().enumerate().map(|(heading, one)| cell(table, one, heading, Look::Plain)).collect()
    };
    let list = Table {
        id,
        title: String::new(),
        basis: table.basis.clone(),
        columns: (0..table.headings.len()).map(|heading| column(table, heading)).collect(),
        rows: rows.map(|row| Row::body(cells(&row.cells))).collect(),
        empty_text: "※件数 0 件".into(),
        notes: table.notes.clone(),
        proof: of_office(),
    };
    vec![Block::Paragraph(lead(table, tally)), Block::Table(list)]
}

/// 令和5年6月16日～令和5年7月20日　合計12件（新規8件・更新4件）
fn lead(table: &OfficeTable, tally: Option<usize>) -> String {
    let when = table.basis.first().filter(|one| ["基準日", "期間"].contains(&one.label.as_str()));
    let when = when.map_or_else(String::new, |one| match one.label.as_str() {
        "基準日" => format!("{}現在　", one.text),
        _ => format!("{}　", one.text),
    });
    let unit = if table.unit.is_empty() { "件" } else { table.unit.as_str() };
    let counted = |n: usize| thousands(i64::try_from(n).unwrap_or(i64::MAX));
    let mut words: Vec<(&str, usize)> = Vec::new();
    for word in table.rows.iter().filter_map(|row| row.cells.get(tally?)).map(OfficeCell::text) {
        match words.iter_mut().find(|(other, _)| *other == word) {
            Some((_, n)) => *n += 1,
            None => words.push((word, 1)),
        }
    }
    let named = |word: &str| if word.is_empty() { "記載なし".to_string() } else { word.to_string() };
    let parts: Vec<String> = words.iter().map(|(word, n)| format!("{}{}{unit}", named(word), counted(*n))).collect();
    let parts = if parts.is_empty() { String::new() } else { format!("（{}）", parts.join("・")) };
    format!("{when}合計{}{unit}{parts}", counted(table.rows.len()))
}
