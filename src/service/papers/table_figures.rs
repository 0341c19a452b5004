//! The figures of one table: cells, totals, and what they are compared with.

use crate::domain::as_of::Compared;
use crate::domain::report::TableUnit;
use crate::stats::groups::{Axis, Crosstab};

/// A group of a table as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Code or machine name.
    pub key: String,
    /// Name as printed.
    pub label: String,
    /// The prefecture that it belongs to, for bodies; else empty.
    pub prefecture: String,
}

/// The groups of one side of a table.
#[derive(Debug, Clone)]
pub struct Side {
    /// Groups in printing order.
    pub groups: Vec<Group>,
    pub(super) axis: Axis,
}

/// The counts of a table on its day and on those it is compared with.
#[derive(Debug)]
pub struct TableFigures {
    /// Rows in printing order.
    pub rows: Vec<Group>,
    /// Columns in printing order; empty where the table has none.
    pub columns: Vec<Group>,
    /// On the as-of day.
    pub now: Crosstab,
    /// All rows together on the as-of day, counted apart from them.
    pub(super) whole: Crosstab,
    pub(super) unit: TableUnit,
    pub(super) before: [Option<Crosstab>; 3],
    /// On the as-of day and the days compared with, by row: whether the exports reach it (R7).
    pub(super) reached: [Vec<bool>; 4],
}

impl TableFigures {
    /// The figure of a cell.
    pub fn cell(&self, row: usize, column: usize) -> i64 {
        match self.unit {
            TableUnit::Memberships => self.now.cells[row][column],
            TableUnit::Heads => self.now.heads[row][column],
        }
    }

    /// The figure of a column over all rows, counted apart from them.
    pub fn column_total(&self, column: usize) -> i64 {
        match self.unit {
            TableUnit::Memberships => self.whole.cells[0][column],
            TableUnit::Heads => self.whole.heads[0][column],
        }
    }

    /// The figure of a row on the as-of day.
    pub fn row(&self, row: usize) -> i64 {
        row_of(&self.now, self.unit, row)
    }

    /// Whether the exports reach the as-of day in a row.
    pub fn is_covered(&self, row: usize) -> bool {
        self.reached[0].get(row).copied().unwrap_or_default()
    }

    /// Whether they reach it in all rows.
    pub fn is_whole_covered(&self) -> bool {
        self.reached[0].iter().all(|reached| *reached)
    }

    /// The figure of a row on a day compared with; `None` where the exports do not reach it.
    pub fn row_before(&self, compared: Compared, row: usize) -> Option<i64> {
        self.reached[compared.index() + 1].get(row).filter(|reached| **reached)?;
        Some(row_of(self.before[compared.index()].as_ref()?, self.unit, row))
    }

    /// The figure of the whole on the as-of day, counted apart from the rows.
    pub fn total(&self) -> i64 {
        total_of(&self.whole, self.unit)
    }

    /// The figure of the whole on a day compared with; `None` where the exports do not reach one of its rows.
    pub fn total_before(&self, compared: Compared) -> Option<i64> {
        self.reached[compared.index() + 1].iter().all(|reached| *reached).then_some(())?;
        Some(total_of(self.before[compared.index()].as_ref()?, self.unit))
    }
}

fn row_of(counted: &Crosstab, unit: TableUnit, row: usize) -> i64 {
    match unit {
        TableUnit::Memberships => counted.row_memberships[row],
        TableUnit::Heads => counted.row_heads[row],
    }
}

fn total_of(counted: &Crosstab, unit: TableUnit) -> i64 {
    match unit {
        TableUnit::Memberships => counted.memberships,
        TableUnit::Heads => counted.total_heads,
    }
}
