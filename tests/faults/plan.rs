//! Which points are disturbed, and how.

use std::collections::BTreeMap;

use super::point::{Error, Fault, Point};

/// How much is disturbed.
#[derive(Debug, Clone, Copy)]
pub enum Breadth {
    /// Every point in every way that makes a difference.
    All,
    /// One end of every third kind; which kinds, which end and which fault turns with the number.
    Ends(usize),
}

impl Breadth {
    /// `KAIIN_FAULTS=all` for everything, `KAIIN_FAULTS=7` for another turn than 0.
    pub fn of_environment() -> Self {
        match std::env::var("KAIIN_FAULTS").as_deref() {
            Ok("all") => Self::All,
            Ok(turn) => Self::Ends(turn.parse().expect("KAIIN_FAULTS is a number or all")),
            Err(_) => Self::Ends(0),
        }
    }
}

/// The trials of a command: point and fault. Of the files of a store that is known from elsewhere one point of each kind is enough.
pub fn plan(points: &[Point], breadth: Breadth, is_store_known: bool) -> Vec<(&Point, Fault)> {
    match breadth {
        Breadth::All => {
            let each = points.iter().flat_map(|point| faults(point).into_iter().map(move |fault| (point, fault)));
            // To be killed after a call is to be killed before the next one, but for the last.
            each.chain(points.last().map(|point| (point, Fault::KillAfter))).collect()
        }
        Breadth::Ends(turn) => {
            // What a command on a server does to the disk is disturbed where the store is a file.
            let has_server = points.iter().any(Point::is_sent);
            let of_kinds = ends_of_kinds(points).into_iter().filter(|[first, _]| first.is_sent() || !has_server);
            // A server makes a copy of its database for each trial, which takes longer than all else.
            let turns = |point: &Point| if point.is_sent() { 4 } else { 3 };
            let is_in_turn = |(nth, [first, _]): &(usize, [&Point; 2])| (nth + turn).is_multiple_of(turns(first));
            let each = of_kinds.enumerate().filter(is_in_turn);
            let each = each.flat_map(|(nth, ends)| ends_disturbed(ends, (nth + turn) / turns(ends[0]), is_store_known));
            each.chain(points.last().map(|point| (point, Fault::KillAfter))).collect()
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
    // What fails on and on is one of the three, in turn.
    out.push(Fault::From(Error::ALL[point.number % Error::ALL.len()]));
    out
}

/// A kill or an error at the first or the last point of a kind: which of them turns, and so does the error.
fn ends_disturbed([first, last]: [&Point; 2], turn: usize, is_store_known: bool) -> Vec<(&Point, Fault)> {
    let (kills, others): (Vec<Fault>, Vec<Fault>) = faults(first).into_iter().partition(|fault| fault.is_kill());
    let (kill, other) = (kills[turn / 2 % kills.len()], others[turn % others.len()]);
    if first.is_sent() {
        return vec![(if turn.is_multiple_of(2) { first } else { last }, faults(first)[turn / 3 % 3])];
    }
    if is_store_known && first.is_of_store() {
        return vec![(first, if turn.is_multiple_of(2) { kill } else { other })];
    }
    vec![[(first, kill), (last, other), (first, other), (last, kill)][turn % 4]]
}

/// First and last point of each kind.
fn ends_of_kinds(points: &[Point]) -> Vec<[&Point; 2]> {
    let mut kinds: BTreeMap<String, [&Point; 2]> = BTreeMap::new();
    for point in points {
        kinds.entry(point.kind()).or_insert([point, point])[1] = point;
    }
    kinds.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::point::points_of;

    const LOG: &str = "1\topen\ta/x.csv\t\n2\twrite\ta/x.csv\t\n3\twrite\ta/x.csv\t\n4\trename\ta/x.csv\ta/y.csv\n";

    #[test]
    fn everything_is_disturbed_in_every_way() {
        let points = points_of(LOG);
        let trials = plan(&points, Breadth::All, false);
        assert_eq!(trials.len(), 5 + 6 + 6 + 5 + 1);
        for fault in [Fault::KillHalf, Fault::Once(Error::Space), Fault::From(Error::Space)] {
            assert!(trials.iter().any(|(point, tried)| point.number == 3 && *tried == fault), "{fault}");
        }
    }

    #[test]
    fn each_kind_is_killed_and_fails_at_its_ends_in_nine_turns() {
        let points = points_of(LOG);
        for turn in 0..18 {
            let trials: Vec<_> = (turn..turn + 9).flat_map(|turn| plan(&points, Breadth::Ends(turn), false)).collect();
            for numbers in [[1, 1], [2, 3], [4, 4]] {
                let tried: Vec<Fault> = trials
                    .iter()
                    .filter(|(point, _)| numbers.contains(&point.number))
                    .map(|(_, fault)| *fault)
                    .collect();
                assert!(tried.iter().any(|fault| fault.is_kill()) && tried.iter().any(|fault| !fault.is_kill()));
            }
        }
    }
}
