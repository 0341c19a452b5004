//! Which row of a file holds its headings. Offices put a title above them, and the day on which a list was printed.

use csv::StringRecord;

use super::columns::{Columns, fit_layout, n_known};
use super::file_problem::IngestError;
use super::normalise::registration_number;
use crate::domain::layout::Layout;

/// Rows that are looked at; a list begins within a page.
pub(super) const MOST_HEAD_ROWS: usize = 20;

/// The first rows of a file or sheet that hold anything: their numbers as Excel shows them, and their cells.
pub(super) type Head = Vec<(u32, StringRecord)>;

/// A layout with its columns, or why none fits.
pub(super) type Fit<'l> = Result<(&'l Layout, Columns), IngestError>;

/// The place in a head of the row whose headings fit a layout, and the layout; where none fits, of the row that knows most
/// headings, and why.
pub(super) fn find<'l>(head: &Head, layouts: &'l [Layout], named: Option<&str>) -> (usize, Fit<'l>) {
    let candidates = || (0..head.len()).filter(|at| are_titles(head, *at));
    for at in candidates() {
        if let Ok(fit) = fit_layout(&head[at].1, layouts, named) {
            return (at, Ok(fit));
        }
    }
    let known = |at: usize| layouts.iter().map(|layout| n_known(&head[at].1, layout)).max().unwrap_or_default();
    // The first of equals: below it stand persons.
    let best = candidates().rev().max_by_key(|at| known(*at)).filter(|at| known(*at) > 0).unwrap_or(0);
    let nothing = StringRecord::new();
    (best, fit_layout(head.get(best).map_or(&nothing, |(_, cells)| cells), layouts, named))
}

/// Whether the rows above a row can be titles: each holds less than half as many cells, and nobody's number. Else a list
/// whose headings are damaged would lose the persons above a second row of headings.
fn are_titles(head: &Head, at: usize) -> bool {
    let filled = |cells: &StringRecord| cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let n_headings = filled(&head[at].1);
    head[..at].iter().all(|(_, cells)| filled(cells) * 2 < n_headings && !cells.iter().any(is_persons_number))
}

/// 第123456号 and five or six digits; a year is no number of a person.
fn is_persons_number(cell: &str) -> bool {
    registration_number(cell).is_some_and(|number| (10_000..1_000_000).contains(&number.0))
}
