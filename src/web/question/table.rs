//! A finished table as the page shows it.

use crate::domain::cell::Cell;
use crate::domain::document::{Align, Row, RowKind, Table};

/// A table.
pub(super) struct TableView {
    pub(super) id: String,
    pub(super) title: String,
    /// Dates and unit in one line.
    pub(super) basis: String,
    pub(super) heads: Vec<HeadView>,
    pub(super) rows: Vec<RowView>,
    pub(super) notes: Vec<String>,
    pub(super) empty_text: String,
}

/// The heading of a column.
pub(super) struct HeadView {
    pub(super) title: String,
    pub(super) class: &'static str,
}

/// A row.
pub(super) struct RowView {
    pub(super) class: &'static str,
    pub(super) cells: Vec<CellView>,
}

/// A cell.
pub(super) struct CellView {
    pub(super) text: String,
    pub(super) class: &'static str,
    /// Whether it names the row.
    pub(super) heads_row: bool,
}

impl TableView {
    pub(super) fn of(table: &Table) -> Self {
        let heads =
            table.columns.iter().map(|column| HeadView { title: column.title.clone(), class: class_of(column.align) });
        let basis: Vec<String> = table.basis.iter().map(|one| format!("{} {}", one.label, one.text)).collect();
        // The second text names a row where the first is its tier.
        let naming = usize::from(table.columns.first().is_some_and(|column| column.key == "tier"));
        Self {
            id: table.id.clone(),
            title: table.title.clone(),
            basis: basis.join("　"),
            heads: heads.collect(),
            rows: table.rows.iter().map(|row| row_view(row, table, naming)).collect(),
            notes: table.notes.clone(),
            empty_text: table.empty_text.clone(),
        }
    }
}

fn row_view(row: &Row, table: &Table, naming: usize) -> RowView {
    let cells = row.cells.iter().zip(&table.columns).enumerate().map(|(at, (cell, column))| CellView {
        text: cell.display(),
        class: class_of(column.align),
        heads_row: at == naming && !matches!(cell, Cell::Blank),
    });
    let class = if row.kind == RowKind::Body { "" } else { "sum" };
    RowView { class, cells: cells.collect() }
}

fn class_of(align: Align) -> &'static str {
    match align {
        Align::Right => "n",
        Align::Left | Align::Centre => "",
    }
}
