//! The figures of one table: cells, totals, and what they are compared with.

use crate::domain::comparison::Comparison;
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

/// A table on one day.
#[derive(Debug)]
pub(super) struct OnDay {
    pub(super) counted: Crosstab,
    /// By row: whether the exports reach the day (R7).
    pub(super) reached: Vec<bool>,
}

/// The counts of a table on its day and on those it is compared with.
#[derive(Debug)]
pub struct TableFigures {
    /// Rows in printing order.
    pub rows: Vec<Group>,
    /// Columns in printing order; empty where the table has none.
    pub columns: Vec<Group>,
    pub(super) now: OnDay,
    /// All rows together on the as-of day, counted apart from them.
    pub(super) whole: Crosstab,
    pub(super) unit: TableUnit,
    /// On the days that the metrics of the table compare with.
    pub(super) before: Vec<(Comparison, OnDay)>,
}

impl TableFigures {
    /// The figure of a cell.
    pub fn cell(&self, row: usize, column: usize) -> i64 {
        match self.unit {
            TableUnit::Memberships => self.now.counted.cells[row][column],
            TableUnit::Heads => self.now.counted.heads[row][column],
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
        row_of(&self.now.counted, self.unit, row)
    }

    /// Whether the exports reach the as-of day in a row.
    pub fn is_covered(&self, row: usize) -> bool {
        self.now.reached.get(row).copied().unwrap_or_default()
    }

    /// Whether they reach it in all rows.
    pub fn is_whole_covered(&self) -> bool {
        self.now.reached.iter().all(|reached| *reached)
    }

    /// Members counted on the as-of day that the newest export no longer shows (R6).
    pub fn not_shown(&self) -> i64 {
        self.now.counted.not_shown
    }

    /// The figure of a row on a day compared with; `None` where the exports do not reach it.
    pub fn row_before(&self, comparison: Comparison, row: usize) -> Option<i64> {
        let day = self.earlier(comparison)?;
        day.reached.get(row).filter(|reached| **reached)?;
        Some(row_of(&day.counted, self.unit, row))
    }

    /// The figure of the whole on the as-of day, counted apart from the rows.
    pub fn total(&self) -> i64 {
        total_of(&self.whole, self.unit)
    }

    /// The figure of the whole on a day compared with; `None` where the exports do not reach one of its rows.
    pub fn total_before(&self, comparison: Comparison) -> Option<i64> {
        let day = self.earlier(comparison)?;
        day.reached.iter().all(|reached| *reached).then(|| total_of(&day.counted, self.unit))
    }

    fn earlier(&self, comparison: Comparison) -> Option<&OnDay> {
        self.before.iter().find(|(one, _)| *one == comparison).map(|(_, day)| day)
    }

    /// Leaves out the row called 不明 that holds nobody on any of the days, and such a column of the as-of day: nothing is
    /// unknown then.
    pub(super) fn leave_out_unknown(&mut self) {
        let is_unknown = |group: &Group| group.key == "unknown";
        if let Some(row) = self.rows.iter().position(is_unknown)
            && self.days().all(|day| day.counted.row_memberships[row] == 0)
            && self.rows.len() > 1
        {
            self.rows.remove(row);
            self.days_mut().for_each(|day| day.remove_row(row));
        }
        if let Some(column) = self.columns.iter().position(is_unknown)
            && self.now.counted.cells.iter().all(|cells| cells[column] == 0)
            && self.columns.len() > 1
        {
            self.columns.remove(column);
            self.days_mut().for_each(|day| remove_column(&mut day.counted, column));
            remove_column(&mut self.whole, column);
        }
    }

    fn days(&self) -> impl Iterator<Item = &OnDay> {
        std::iter::once(&self.now).chain(self.before.iter().map(|(_, day)| day))
    }

    fn days_mut(&mut self) -> impl Iterator<Item = &mut OnDay> {
        std::iter::once(&mut self.now).chain(self.before.iter_mut().map(|(_, day)| day))
    }
}

impl OnDay {
    fn remove_row(&mut self, row: usize) {
        self.reached.remove(row);
        self.counted.cells.remove(row);
        self.counted.heads.remove(row);
        self.counted.row_memberships.remove(row);
        self.counted.row_heads.remove(row);
    }
}

fn remove_column(counted: &mut Crosstab, column: usize) {
    counted.cells.iter_mut().chain(&mut counted.heads).for_each(|cells| {
        cells.remove(column);
    });
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
