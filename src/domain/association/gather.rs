//! Rows of a master brought to bodies in official order.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::fault::{MasterError, MasterFault};
use super::{Association, MasterRow, Tier};
use crate::domain::day::next_day;

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
