//! A finished table as the page shows it.

use crate::domain::cell::Cell;
use crate::domain::document::{Align, Row, RowKind, Table};

/// A table.
pub(in crate::web) struct TableView {
    pub(in crate::web) id: String,
    pub(in crate::web) title: String,
    /// Dates and unit in one line.
    pub(in crate::web) basis: String,
    pub(in crate::web) heads: Vec<HeadView>,
    pub(in crate::web) rows: Vec<RowView>,
    pub(in crate::web) notes: Vec<String>,
    pub(in crate::web) empty_text: String,
}

/// The heading of a column.
pub(in crate::web) struct HeadView {
    pub(in crate::web) title: String,
    pub(in crate::web) class: &'static str,
}

/// A row.
pub(in crate::web) struct RowView {
    pub(in crate::web) class: &'static str,
    pub(in crate::web) cells: Vec<CellView>,
}

/// A cell.
pub(in crate::web) struct CellView {
    pub(in crate::web) text: String,
    pub(in crate::web) class: &'static str,
    /// Whether it names the row.
    pub(in crate::web) heads_row: bool,
    /// Where it leads.
    pub(in crate::web) href: Option<String>,
}

impl TableView {
    pub(in crate::web) fn of(table: &Table) -> Self {
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

    /// The same with a link in one column of each row.
    pub(in crate::web) fn linked(mut self, table: &Table, key: &str, hrefs: impl IntoIterator<Item = String>) -> Self {
        let Some(at) = table.columns.iter().position(|column| column.key == key) else { return self };
        for (row, href) in self.rows.iter_mut().zip(hrefs) {
            if let Some(cell) = row.cells.get_mut(at) {
                cell.href = Some(href);
            }
        }
        self
    }
}

fn row_view(row: &Row, table: &Table, naming: usize) -> RowView {
    let cells = row.cells.iter().zip(&table.columns).enumerate().map(|(at, (cell, column))| CellView {
        text: cell.display(),
        class: class_of(column.align),
        heads_row: at == naming && !matches!(cell, Cell::Blank),
        href: None,
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
