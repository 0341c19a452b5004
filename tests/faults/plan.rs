//! Which points are disturbed, and how.

use std::collections::BTreeMap;

use super::point::{Error, Fault, Point};

/// `KAIIN_FAULTS=all` disturbs every point in every way; `KAIIN_FAULTS=7` turns the kinds of faults by seven.
pub enum Breadth {
    All,
    Some(usize),
}

impl Breadth {
    pub fn of_environment() -> Self {
        match std::env::var("KAIIN_FAULTS").as_deref() {
            Ok("all") => Self::All,
            Ok(seed) => Self::Some(seed.parse().expect("KAIIN_FAULTS is a number or all")),
            Err(_) => Self::Some(0),
        }
    }
}

/// The trials of a command: point and fault.
pub fn plan<'p>(points: &'p [Point], breadth: &Breadth) -> Vec<(&'p Point, Fault)> {
    let last = points.len();
    match breadth {
        Breadth::All => {
            let each = points.iter().flat_map(|point| faults(point).into_iter().map(move |fault| (point, fault)));
            // To be killed after a call is to be killed before the next one, but for the last.
            each.chain(points.last().map(|point| (point, Fault::KillAfter))).collect()
        }
        Breadth::Some(seed) => {
            let mut out = Vec::new();
            for (nth, [first, end]) in ends_of_kinds(points).into_iter().enumerate() {
                out.extend(some(first, nth + seed, last));
                if end.number != first.number {
                    out.extend(some(end, nth + seed + 1, last));
                }
            }
            out
        }
    }
}

/// Every fault that makes a difference at a point.
fn faults(point: &Point) -> Vec<Fault> {
    if point.is_sent() {
        return vec![Fault::Kill, Fault::Broken, Fault::Cut];
    }
    let mut out = vec![Fault::Kill];
    if point.call == "write" {
        out.push(Fault::KillHalf);
    }
    out.extend(Error::ALL.map(Fault::Once));
    out.extend(Error::ALL.map(Fault::From));
    out
}

/// A kill and an error at a point; which error turns with `turn`.
fn some(point: &Point, turn: usize, last: usize) -> Vec<(&Point, Fault)> {
    let all = faults(point);
    let (kills, others): (Vec<Fault>, Vec<Fault>) = all.into_iter().partition(|fault| fault.is_kill());
    let kill = if point.number == last { Fault::KillAfter } else { kills[turn % kills.len()] };
    vec![(point, kill), (point, others[turn % others.len()])]
}

/// First and last point of each kind, in the order of the first.
fn ends_of_kinds(points: &[Point]) -> Vec<[&Point; 2]> {
    let mut kinds: BTreeMap<String, [&Point; 2]> = BTreeMap::new();
    for point in points {
        kinds.entry(point.kind()).or_insert([point, point])[1] = point;
    }
    let mut ends: Vec<[&Point; 2]> = kinds.into_values().collect();
    ends.sort_by_key(|[first, _]| first.number);
    ends
}
