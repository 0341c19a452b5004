//! Change points in memory: the figures of any day as known at any other, in a few thousand steps.
//!
//! They stand by the month of their day, those of a month by the day on which they were learnt. Where enough has changed since
//! the last one, a checkpoint keeps all figures as they are known now at the beginning of a month. A question at an earlier
//! known-at takes away what was learnt later, which is the end of each month before the day.

use std::sync::Arc;

use super::cells::{Cells, SummedDay};
use crate::domain::as_of::KnownAt;
use crate::domain::day::{date_of, day_number};
use crate::timeline::{ChangeColumns, ChangeTable, TimelineError};
use chrono::{Datelike, NaiveDate};

/// All change points of a head, in memory.
#[derive(Debug)]
pub struct ChangeIndex {
    cells: Arc<Cells>,
    changes: ChangeColumns,
    /// Months in which anything changes, ascending.
    months: Vec<Month>,
    checkpoints: Vec<Checkpoint>,
}

/// One month of days.
#[derive(Debug, Clone, Copy)]
struct Month {
    /// First day of the month.
    first: i32,
    /// Place of its first change point; those of the next month follow.
    start: usize,
}

/// All figures before a month, as known now.
#[derive(Debug)]
struct Checkpoint {
    /// Place of the month.
    month: usize,
    values: Vec<i32>,
}

impl ChangeIndex {
    /// Reads all change points of a file.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn read(table: &ChangeTable, cells: Arc<Cells>) -> Result<Self, TimelineError> {
        let mut all = ChangeColumns::default();
        for nth in 0..table.n_groups() {
            let mut columns = table.read(nth)?;
            all.known.append(&mut columns.known);
            all.day.append(&mut columns.day);
            all.cell.append(&mut columns.cell);
            all.change.append(&mut columns.change);
        }
        Ok(Self::new(all, cells))
    }

    /// Takes change points in the order in which they are found: by month, then by the day on which they were known.
    pub fn new(changes: ChangeColumns, cells: Arc<Cells>) -> Self {
        let mut months: Vec<Month> = Vec::new();
        let mut next = i32::MIN;
        for (start, day) in changes.day.iter().enumerate() {
            if *day >= next {
                let (first, after) = month_of(*day);
                months.push(Month { first, start });
                next = after;
            }
        }
        let mut out = Self { cells, changes, months, checkpoints: Vec::new() };
        out.checkpoints = out.find_checkpoints();
        out
    }

    /// A checkpoint where more has changed since the last one than it costs to read one.
    fn find_checkpoints(&self) -> Vec<Checkpoint> {
        let (mut values, mut since, mut out) = (vec![0; self.cells.n_figures()], 0, Vec::new());
        for month in 0..self.months.len() {
            if since >= self.cells.n_figures() {
                out.push(Checkpoint { month, values: values.clone() });
                since = 0;
            }
            let changes = self.of_month(month);
            since += changes.len();
            changes.for_each(|i| values[self.cell(i)] += self.changes.change[i]);
        }
        out
    }

    /// The figures of a day as known at another.
    pub fn on(&self, known_at: KnownAt, day: i32) -> SummedDay {
        let known = day_number(known_at.0);
        // The months that have begun by the day; of the last one only some days have come.
        let n_months = self.months.partition_point(|month| month.first <= day);
        let whole = n_months.saturating_sub(1);
        let at = self.checkpoints.partition_point(|checkpoint| checkpoint.month <= whole);
        let checkpoint = at.checked_sub(1).map(|at| &self.checkpoints[at]);
        let mut values =
            checkpoint.map_or_else(|| vec![0; self.cells.n_figures()], |checkpoint| checkpoint.values.clone());
        let from = checkpoint.map_or(0, |checkpoint| checkpoint.month);
        for month in 0..from {
            for i in self.learnt_after(month, known) {
                values[self.cell(i)] -= self.changes.change[i];
            }
        }
        for month in from..n_months {
            let days = self.of_month(month).filter(|i| self.changes.day[*i] <= day && self.changes.known[*i] <= known);
            days.for_each(|i| values[self.cell(i)] += self.changes.change[i]);
        }
        SummedDay::new(self.cells.clone(), values)
    }

    /// The change points and the numbers of the figures.
    pub fn into_parts(self) -> (ChangeColumns, Arc<Cells>) {
        (self.changes, self.cells)
    }

    fn cell(&self, i: usize) -> usize {
        usize::try_from(self.changes.cell[i]).unwrap_or_default()
    }

    fn of_month(&self, month: usize) -> std::ops::Range<usize> {
        let end = self.months.get(month + 1).map_or(self.changes.day.len(), |next| next.start);
        self.months[month].start..end
    }

    /// The changes of a month that were learnt after a day.
    fn learnt_after(&self, month: usize, known: i32) -> std::ops::Range<usize> {
        let of_month = self.of_month(month);
        let start = self.changes.known[of_month.clone()].partition_point(|since| *since <= known);
        of_month.start + start..of_month.end
    }
}

/// The first day of the month of a day, and that of the next one.
fn month_of(day: i32) -> (i32, i32) {
    let Some(date) = date_of(day) else { return (day, day.saturating_add(1)) };
    let first = date.with_day(1).unwrap_or(date);
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(NaiveDate::MAX);
    (day_number(first), day_number(next))
}
