//! Memberships on the map of another day: under the bodies that took the place of those that have ended.
//!
//! tests/oracle/on_map.rs says the same slowly. This module does not count.

use chrono::NaiveDate;

use super::kernel::{Memberships, Row};
use crate::domain::association::{Association, Associations, Place};
use crate::domain::day::day_number;

/// Memberships by the bodies of one map.
#[derive(Debug)]
pub struct Restated {
    /// All memberships. Those of one person that meet in one body on a day are one (R1).
    pub all: Memberships,
    /// Those of them that stand under another body than on their days.
    pub moved: Memberships,
}

/// A span of days that a person is in a body without a break; the end is exclusive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) rank: u32,
    pub(super) starts: i32,
    pub(super) ends: i32,
}

/// Restates memberships on the map of a day.
///
/// Members of a body that was merged are counted under the one that took its place. Members of a body that was divided
/// go, person by person, to the successor in which the same person is from then on: the nearest first day after the
/// division, else a body of the successors in which the person already was. Where none is known, and where nothing took
/// the place of a body, they stay under the old one. Where two memberships of a person meet in one body, the one that
/// always stood there speaks for the shared days, else the first in official order.
pub fn restate(memberships: &Memberships, associations: &Associations, map_on: NaiveDate) -> Restated {
    let mut out = Restated { all: memberships.without_rows(), moved: memberships.without_rows() };
    let ended: Vec<bool> = associations.iter().map(|body| body.has_ended_before(map_on)).collect();
    let mut start = 0;
    while start < memberships.len() {
        let person = memberships.physician[start];
        let end = start + memberships.physician[start..].iter().take_while(|other| **other == person).count();
        let rows: Vec<Row> = (start..end).map(|i| memberships.row(i)).collect();
        if rows.iter().any(|row| ended[row.rank as usize]) {
            restate_person(&rows, associations, map_on, &mut out);
        } else {
            rows.into_iter().for_each(|row| out.all.push(row));
        }
        start = end;
    }
    out
}

fn restate_person(rows: &[Row], associations: &Associations, map_on: NaiveDate, out: &mut Restated) {
    let runs = runs(rows);
    // Sorted so that whoever speaks for shared days comes first.
    let mut placed: Vec<(u32, bool, Row)> = rows
        .iter()
        .map(|row| {
            let rank = place(row.rank, &runs, associations, map_on);
            (rank, rank != row.rank, *row)
        })
        .collect();
    placed.sort_by_key(|(rank, moved, row)| (*rank, *moved, row.rank, row.starts));
    for of_body in placed.chunk_by(|a, b| a.0 == b.0) {
        let mut taken: Vec<(i32, i32)> = Vec::new();
        for (rank, moved, row) in of_body {
            for (starts, ends) in free((row.starts, row.ends), &taken) {
                let row = Row { rank: *rank, starts, ends, ..*row };
                out.all.push(row);
                if *moved {
                    out.moved.push(row);
                }
            }
            taken.push((row.starts, row.ends));
        }
    }
}

/// The parts of a span of days that no other span has taken.
fn free(span: (i32, i32), taken: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut rest = vec![span];
    for (from, to) in taken {
        rest = rest
            .into_iter()
            .flat_map(|(starts, ends)| [(starts, ends.min(*from)), (starts.max(*to), ends)])
            .filter(|(starts, ends)| starts < ends)
            .collect();
    }
    rest
}

/// Segments of one body that touch are one run, whatever the class.
pub(super) fn runs(rows: &[Row]) -> Vec<Run> {
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by_key(|row| (row.rank, row.starts));
    let mut out: Vec<Run> = Vec::new();
    for row in sorted {
        match out.last_mut() {
            Some(last) if last.rank == row.rank && row.starts <= last.ends => last.ends = last.ends.max(row.ends),
            _ => out.push(Run { rank: row.rank, starts: row.starts, ends: row.ends }),
        }
    }
    out
}

/// Where the membership of a person in a body stands on the map.
fn place(rank: u32, runs: &[Run], associations: &Associations, map_on: NaiveDate) -> u32 {
    let mut body = associations.at_rank(rank as usize);
    while let Some(at) = body {
        let found = match associations.place_on(at.id, map_on) {
            Some(Place::Divided(divided)) => match associations.get(divided) {
                // Divided again in a later step, or not: each successor ends later than the body before it.
                Some(divided) => match chosen(divided, runs, associations) {
                    Some(successor) => {
                        body = Some(successor);
                        continue;
                    }
                    None => Some(divided.id),
                },
                None => None,
            },
            Some(Place::Stands(id) | Place::Dissolved(id)) => Some(id),
            None => None,
        };
        return found.and_then(|id| associations.rank(id)).and_then(|at| u32::try_from(at).ok()).unwrap_or(rank);
    }
    rank
}

/// The successor of a divided body in which the person is from then on.
fn chosen<'a>(divided: &'a Association, runs: &[Run], associations: &'a Associations) -> Option<&'a Association> {
    let divided_on = day_number(divided.ended_on()?);
    let mut best: Option<((bool, i32), &Association)> = None;
    for successor in associations.successors(divided) {
        for body in associations.reach(successor) {
            let rank = associations.rank(body.id).and_then(|rank| u32::try_from(rank).ok());
            for run in runs.iter().filter(|run| Some(run.rank) == rank && run.ends > divided_on) {
                let key = (run.starts < divided_on, run.starts.abs_diff(divided_on).cast_signed());
                if best.is_none_or(|(other, _)| key < other) {
                    best = Some((key, successor));
                }
            }
        }
    }
    best.map(|(_, successor)| successor)
}
