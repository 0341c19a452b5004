//! What makes rows a master: one body for each code, a tree on every day, successors that are there.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::fault::{MasterError, MasterFault, told};
use super::gather::Places;
use super::{Association, Associations, Tier};

/// Bodies of one chain, from the lowest to the top. Wards under a city under a prefecture make five; each walk up the tree takes
/// so many steps, and every row of an export asks for some.
const MOST_ABOVE: usize = 50;

/// Checks what bodies say of each other. The first fault in official order is told.
pub(super) fn check_map(all: &Associations, places: &Places) -> Result<(), MasterError> {
    for (body, rows) in all.iter().zip(places) {
        check_parents(all, body, rows)?;
        check_successors(all, body, rows)?;
    }
    check_parent_circles(all, places)?;
    // Each successor lives on after the body whose place it took, so that where all are there none comes round.
    if all.iter().all(|body| absent_successor(all, body).is_none()) {
        return Ok(());
    }
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

/// The tree changes only where a span begins, and whatever is new in it lies above that body; so each body is walked from on
/// the first day of each of its spans, those without one on the day before all days.
fn check_parent_circles(all: &Associations, places: &Places) -> Result<(), MasterError> {
    let mut begins: BTreeMap<NaiveDate, Vec<(usize, usize)>> = BTreeMap::new();
    for (rank, body) in all.iter().enumerate() {
        for (nth, span) in body.spans.iter().enumerate() {
            begins.entry(span.valid_from.unwrap_or(NaiveDate::MIN)).or_default().push((rank, nth));
        }
    }
    for (day, bodies) in begins {
        for (rank, nth) in bodies {
            let Some(body) = all.at_rank(rank) else { continue };
            let chain = all.chain_on(body.id, day);
            // A chain ends at the top or not at all; one that was cut off there has come round.
            if let Some(last) = chain.last().filter(|last| last.span_on(day).parent.is_some()) {
                return Err(circle(all, places, last, day));
            }
            if chain.len() > MOST_ABOVE {
                return Err(told(MasterFault::TooDeep, body, places[rank][nth], chain.len().to_string()));
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
    match absent_successor(all, body) {
        Some((successor, changed_on)) => {
            let detail = format!("{} → {} {changed_on}", body.code, successor.code);
            Err(told(MasterFault::SuccessorNotThere, body, row, detail))
        }
        None => Ok(()),
    }
}

/// The first successor that does not exist on the day after the body, with that day.
fn absent_successor<'a>(all: &'a Associations, body: &'a Association) -> Option<(&'a Association, NaiveDate)> {
    let changed_on = body.ended_on()?;
    all.successors(body).find(|successor| !successor.exists_on(changed_on)).map(|successor| (successor, changed_on))
}
