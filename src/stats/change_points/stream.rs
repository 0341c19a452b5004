//! Adding change points up straight from the file, row group by row group.

use std::ops::Range;
use std::sync::Arc;

use super::cells::{Cells, SummedDay};
use crate::domain::as_of::KnownAt;
use crate::domain::day::day_number;
use crate::stats::places::DayPlaces;
use crate::stats::threads::{in_parallel, n_threads};
use crate::timeline::{ChangeTable, TimelineError};

/// The figures of some days, ascending, as known at another.
///
/// # Errors
/// [`TimelineError`] when the file cannot be read.
pub fn summed_days(
    table: &ChangeTable,
    cells: &Arc<Cells>,
    known_at: KnownAt,
    days: &[i32],
) -> Result<Vec<SummedDay>, TimelineError> {
    let (Some(last), places) = (days.last().copied(), DayPlaces::new(days)) else { return Ok(Vec::new()) };
    let known = day_number(known_at.0);
    let groups: Vec<usize> = (0..table.n_groups()).filter(|nth| table.first_day(*nth) <= last).collect();
    let add_up = |part: &Range<usize>| -> Result<Vec<i32>, TimelineError> {
        let mut changes = vec![0; days.len() * cells.n_figures()];
        for nth in &groups[part.clone()] {
            let columns = table.read(*nth)?;
            let changes_of = columns.known.iter().zip(&columns.day).zip(columns.cell.iter().zip(&columns.change));
            for ((since, day), (cell, change)) in changes_of {
                if *since <= known && *day <= last {
                    let at = places.of(*day) * cells.n_figures() + usize::try_from(*cell).unwrap_or_default();
                    changes[at] += change;
                }
            }
        }
        Ok(changes)
    };
    let n = n_threads(table.n_changes()).min(groups.len().max(1));
    let parts: Vec<Range<usize>> = (0..n).map(|nth| groups.len() * nth / n..groups.len() * (nth + 1) / n).collect();
    let sum = |sum: Result<Vec<i32>, TimelineError>, other: Result<Vec<i32>, TimelineError>| {
        let (mut sum, other) = (sum?, other?);
        sum.iter_mut().zip(other).for_each(|(a, b)| *a += b);
        Ok(sum)
    };
    let Some(changes) = in_parallel(&parts, add_up).into_iter().reduce(sum) else { return Ok(Vec::new()) };
    let mut values = changes?;
    let n = cells.n_figures();
    // What changes on a day comes to what stood the day before.
    for first in (n..values.len()).step_by(n) {
        let (before, of_day) = values.split_at_mut(first);
        of_day.iter_mut().zip(&before[first - n..]).for_each(|(sum, before)| *sum += before);
    }
    Ok(SummedDay::of_days(cells, values))
}
