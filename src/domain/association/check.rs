//! What makes rows a master: one body for each code, a tree on every day, successors that are there.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::{Association, Associations, MasterRow, Tier};
use crate::domain::day::next_day;

/// What is wrong with a master.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MasterFault {
    /// Rows of one code have the same span, so that they cannot be told apart.
    DuplicateCode,
    /// Spans of one code share days.
    SpansOverlap,
    /// Between two spans of one code there are days without any.
    SpansGap,
    /// A span ends before it begins.
    SpanReversed,
    /// Rows of one code differ in tier or prefecture.
    TierOrPrefectureDiffers,
    /// A 上位コード names no row.
    UnknownParent,
    /// A body that is not the national one has no body above it.
    NoParent,
    /// Following the parents of a body on some day comes back to it.
    Circle,
    /// A body stands under more bodies than any does.
    TooDeep,
    /// The parent does not exist on all days of the row.
    ParentNotThere,
    /// A 後継コード names no row.
    UnknownSuccessor,
    /// A successor is of another tier or prefecture.
    SuccessorOfOtherKind,
    /// Successors on a row that does not end, or that another row of the code follows.
    SuccessorWithoutEnd,
    /// Following the successors of a body comes back to it.
    SuccessorCircle,
    /// A successor does not exist on the day after the end.
    SuccessorNotThere,
    /// A body stands under one of a tier under which it cannot stand (R30).
    ParentOfWrongTier,
    /// The prefecture of a body is not that of its parent, and its own code sides with the parent (R30).
    PrefectureDiffers,
    /// The parent is of another prefecture than the body and its code (R30).
    ParentElsewhere,
    /// Two bodies of one tier and prefecture have one name at one time (R30).
    NameTwice,
    /// Two bodies of a kind of which there can be one at a time: national ones, or those of one prefecture (R30).
    SecondOfItsKind,
}

/// Bodies of one chain, from the lowest to the top. Wards under a city under a prefecture make five; each walk up the tree takes
/// so many steps, and every row of an export asks for some.
const MOST_ABOVE: usize = 50;

/// Why a master cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault:?} at {code} ({detail})")]
pub struct MasterError {
    /// What is wrong.
    pub fault: MasterFault,
    /// The body.
    pub code: String,
    /// What to print beside the text: the other code, or the days.
    pub detail: String,
    /// Index of the row that shows it.
    pub row: usize,
}

/// Rows of each body of a master in official order, those of a body in the order of its spans.
pub(super) type Places = Vec<Vec<usize>>;

/// Gathers rows to bodies in official order, and the index of the row behind each span.
pub(super) fn gather(rows: Vec<MasterRow>) -> Result<(Vec<Association>, Places), MasterError> {
    let mut of_code: HashMap<String, Vec<(usize, MasterRow)>> = HashMap::new();
    for (i, row) in rows.into_iter().enumerate() {
        of_code.entry(row.code.clone()).or_default().push((i, row));
    }
    let mut found = Vec::with_capacity(of_code.len());
    let mut errors = Vec::new();
    for rows in of_code.into_values() {
        match body(rows) {
            Ok(body) => found.push(body),
            Err(error) => errors.push(error),
        }
    }
    // Of several the first in the file: codes stand here in no order.
    if let Some(error) = errors.into_iter().min_by_key(|error| error.row) {
        return Err(error);
    }
    found.sort_by(|(a, _), (b, _)| order_key(a).cmp(&order_key(b)));
    Ok(found.into_iter().unzip())
}

fn order_key(body: &Association) -> (Tier, &str, i32, &str) {
    (body.tier, &body.prefecture, body.position, &body.code)
}

/// The body of the rows of one code.
fn body(mut rows: Vec<(usize, MasterRow)>) -> Result<(Association, Vec<usize>), MasterError> {
    rows.sort_by_key(|(i, row)| (row.span.valid_from, *i));
    for (i, row) in &rows {
        if let (Some(from), Some(to)) = (row.span.valid_from, row.span.valid_to)
            && to < from
        {
            return Err(fault(MasterFault::SpanReversed, row, *i, format!("{from} – {to}")));
        }
    }
    for pair in rows.windows(2) {
        let (first, later) = (&pair[0].1, &pair[1].1);
        if let Some((problem, detail)) = joint(first, later) {
            // The row that came second in the file is the one to mend.
            let (at, row) = if pair[0].0 > pair[1].0 { (pair[0].0, first) } else { (pair[1].0, later) };
            return Err(fault(problem, row, at, detail));
        }
        if !first.successors.is_empty() {
            let detail = first.successors.join("、");
            return Err(fault(MasterFault::SuccessorWithoutEnd, first, pair[0].0, detail));
        }
    }
    Ok(of_rows(rows))
}

/// What is wrong where one span of a code meets the next.
fn joint(first: &MasterRow, later: &MasterRow) -> Option<(MasterFault, String)> {
    let (a, b) = (&first.span, &later.span);
    if (a.valid_from, a.valid_to) == (b.valid_from, b.valid_to) {
        return Some((MasterFault::DuplicateCode, first.code.clone()));
    }
    if first.tier != later.tier || first.prefecture != later.prefecture {
        return Some((MasterFault::TierOrPrefectureDiffers, first.code.clone()));
    }
    let text = |day: Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
    let detail = format!("{} {}～ / ～{}", first.code, text(b.valid_from), text(a.valid_to));
    match (a.valid_to, b.valid_from) {
        (Some(last), Some(next)) if next_day(last) == next => None,
        (Some(last), Some(next)) if last < next => Some((MasterFault::SpansGap, detail)),
        _ => Some((MasterFault::SpansOverlap, detail)),
    }
}

fn of_rows(rows: Vec<(usize, MasterRow)>) -> (Association, Vec<usize>) {
    let (places, rows): (Vec<usize>, Vec<MasterRow>) = rows.into_iter().unzip();
    let (first, newest) = (&rows[0], &rows[rows.len() - 1]);
    let body = Association {
        id: newest.id,
        code: newest.code.clone(),
        tier: newest.tier,
        kind: newest.span.kind.clone(),
        name: newest.span.name.clone(),
        short_name: newest.span.short_name.clone(),
        aliases: newest.span.aliases.clone(),
        parent: newest.span.parent.clone(),
        prefecture: newest.prefecture.clone(),
        position: newest.span.position,
        valid_from: first.span.valid_from,
        valid_to: newest.span.valid_to,
        successors: newest.successors.clone(),
        spans: rows.iter().map(|row| row.span.clone()).collect(),
    };
    (body, places)
}

fn fault(fault: MasterFault, row: &MasterRow, at: usize, detail: String) -> MasterError {
    MasterError { fault, code: row.code.clone(), detail, row: at }
}

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

pub(super) fn told(fault: MasterFault, body: &Association, row: usize, detail: impl Into<String>) -> MasterError {
    MasterError { fault, code: body.code.clone(), detail: detail.into(), row }
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
