//! What makes rows a master: one body for each code, a tree on every day, successors that are there.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::fault::{MasterError, MasterFault, told};
use super::gather::Places;
use super::{Association, Associations, Tier};

/// Checks what bodies say of each other. The first fault in official order is told.
pub(super) fn check_map(all: &Associations, places: &Places) -> Result<(), MasterError> {
    for (body, rows) in all.iter().zip(places) {
        check_parents(all, body, rows)?;
        check_successors(all, body, rows)?;
    }
    check_parent_circles(all, places)?;
    for (body, rows) in all.iter().zip(places) {
        check_successor_days(all, body, rows)?;
    }
    Ok(())
}

fn check_parents(all: &Associations, body: &Association, rows: &[usize]) -> Result<(), MasterError> {
    for (span, row) in body.spans.iter().zip(rows) {
        let Some(code) = &span.parent else {
            if body.tier == Tier::National {
                continue;
            }
            return Err(told(MasterFault::NoParent, body, *row, &body.code));
        };
        let Some(parent) = all.by_code(code) else {
            return Err(told(MasterFault::UnknownParent, body, *row, code));
        };
        let begins_later = parent.valid_from.is_some_and(|first| span.valid_from.is_none_or(|from| from < first));
        let ends_earlier = parent.valid_to.is_some_and(|last| span.valid_to.is_none_or(|to| last < to));
        if begins_later || ends_earlier {
            return Err(told(MasterFault::ParentNotThere, body, *row, format!("{} → {code}", body.code)));
        }
    }
    Ok(())
}

/// The tree changes only where a span begins; so it is walked once on each such day, and on the day before all days.
fn check_parent_circles(all: &Associations, places: &Places) -> Result<(), MasterError> {
    let begins: BTreeSet<NaiveDate> =
        all.iter().flat_map(|body| &body.spans).filter_map(|span| span.valid_from).chain([NaiveDate::MIN]).collect();
    for day in begins {
        for body in all.iter().filter(|body| body.exists_on(day)) {
            // A chain ends at the top or not at all; one that was cut off there has come round.
            let Some(last) = all.chain_on(body.id, day).pop() else { continue };
            if last.span_on(day).parent.is_some() {
                return Err(circle(all, places, last, day));
            }
        }
    }
    Ok(())
}

/// A circle of parents, at the row of it that stands first in the file.
fn circle(all: &Associations, places: &Places, start: &Association, day: NaiveDate) -> MasterError {
    let chain = all.chain_on(start.id, day);
    let again = chain.iter().skip(1).position(|body| body.id == start.id).map_or(chain.len(), |at| at + 1);
    let row = |body: &&&Association| {
        let span = body.spans.iter().position(|span| span.contains(day)).unwrap_or_default();
        all.rank(body.id).and_then(|rank| places[rank].get(span)).copied().unwrap_or_default()
    };
    let first = chain[..again].iter().min_by_key(row);
    first.map_or_else(
        || told(MasterFault::Circle, start, 0, &start.code),
        |body| told(MasterFault::Circle, body, row(&body), &body.code),
    )
}

fn check_successors(all: &Associations, body: &Association, rows: &[usize]) -> Result<(), MasterError> {
    let row = rows[rows.len() - 1];
    if !body.successors.is_empty() && body.valid_to.is_none() {
        return Err(told(MasterFault::SuccessorWithoutEnd, body, row, body.successors.join("、")));
    }
    for code in &body.successors {
        let Some(successor) = all.by_code(code) else {
            return Err(told(MasterFault::UnknownSuccessor, body, row, code));
        };
        if (successor.tier, &successor.prefecture) != (body.tier, &body.prefecture) {
            return Err(told(MasterFault::SuccessorOfOtherKind, body, row, code));
        }
    }
    Ok(())
}

fn check_successor_days(all: &Associations, body: &Association, rows: &[usize]) -> Result<(), MasterError> {
    let row = rows[rows.len() - 1];
    if all.successors(body).any(|successor| all.reach(successor).iter().any(|other| other.id == body.id)) {
        return Err(told(MasterFault::SuccessorCircle, body, row, &body.code));
    }
    let Some(changed_on) = body.ended_on() else { return Ok(()) };
    for successor in all.successors(body) {
        if !successor.exists_on(changed_on) {
            let detail = format!("{} → {} {changed_on}", body.code, successor.code);
            return Err(told(MasterFault::SuccessorNotThere, body, row, detail));
        }
    }
    Ok(())
}
