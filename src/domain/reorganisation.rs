//! Movements that a merger or a division of bodies made, not the person (組織変更, R16).
//!
//! Works on the local stays of one person. A body ends on its last day, and so does a stay in it that nobody closed;
//! from the next day on the membership is that of a successor, whatever 入会日 its row shows.

use chrono::NaiveDate;

use super::as_of::{KnownAt, WithdrawalDayRule};
use super::association::{Association, Associations};
use super::day::next_day;
use super::enrolment::WithdrawalReason;
use super::transfer::{StayToPair, Transfer, TransferKind, gap_days};

/// Exits and entries further from the day of the change than this are the person's own (31 days: a month of clerical
/// work on either side).
const CHANGE_DAYS: i64 = 31;

/// The stays of one person beside what became of their bodies.
#[derive(Debug)]
pub(super) struct Reorganisation<'a> {
    stays: &'a [StayToPair],
    bodies: Vec<Option<&'a Association>>,
    associations: &'a Associations,
    rule: WithdrawalDayRule,
    left: Vec<bool>,
    entered: Vec<bool>,
}

impl<'a> Reorganisation<'a> {
    pub(super) fn of(stays: &'a [StayToPair], associations: &'a Associations, rule: WithdrawalDayRule) -> Self {
        Self {
            stays,
            bodies: stays.iter().map(|stay| associations.get(stay.association)).collect(),
            associations,
            rule,
            left: vec![false; stays.len()],
            entered: vec![false; stays.len()],
        }
    }

    /// The stays with the last day of their body in place of a later 退会日 or none.
    pub(super) fn ended_stays(&self) -> Vec<StayToPair> {
        self.stays.iter().zip(0..).map(|(stay, i)| StayToPair { left_on: self.left_on(i), ..stay.clone() }).collect()
    }

    /// Which exits and which entries are 組織変更.
    pub(super) fn resolved(&self) -> (Vec<bool>, Vec<bool>) {
        (self.left.clone(), self.entered.clone())
    }

    /// Exits of a body paired with the entry into a successor: the nearest to the day of the change. Two bodies of one
    /// person may pass into the same stay; an entry into a second successor of a divided body has no exit of its own.
    pub(super) fn paired(&mut self) -> Vec<Transfer> {
        let mut out = Vec::new();
        for i in 0..self.stays.len() {
            let Some((exit_on, changed_on)) = self.exit(i) else { continue };
            let mut entries = self.entries(i, changed_on);
            entries.sort_by_key(|(j, day)| ((*day - changed_on).num_days().abs(), self.stays[*j].association));
            for (nth, (j, entered_on)) in entries.into_iter().enumerate() {
                if nth > 0 && self.entered[j] {
                    continue;
                }
                let exit = (nth == 0).then_some((self.stays[i].association, exit_on));
                (self.left[i], self.entered[j]) = (true, true);
                out.push(Transfer {
                    kind: TransferKind::Reorganised,
                    exit,
                    entry: Some((self.stays[j].association, entered_on)),
                    gap_days: exit.map(|_| gap_days(exit_on, entered_on, self.rule)),
                });
            }
        }
        out
    }

    /// Stays that ended with their body and that nothing else explains (`left` says what does): those of persons who
    /// were in a successor already, and those of persons whom no successor shows although exports could. Also says
    /// which exits are resolved after that.
    pub(super) fn unpaired(&self, left: &[bool], known_at: KnownAt) -> (Vec<Transfer>, Vec<bool>) {
        let mut resolved = left.to_vec();
        let mut out = Vec::new();
        for (i, stay) in self.stays.iter().enumerate() {
            let Some(body) = self.bodies[i].filter(|_| !left[i]) else { continue };
            let Some(last) = body.valid_to.filter(|last| self.left_on(i) == Some(*last) && *last < known_at.0) else {
                continue;
            };
            // Somebody who died on the last day, or left by an application of her own, did not go with the body.
            if stay.left_on.is_some_and(|left_on| left_on <= last) || stay.joined_on > last {
                continue;
            }
            resolved[i] = true;
            let changed_on = next_day(last);
            let beside = self.successor_stays(i).find(|j| self.is_in(*j, last) && self.is_in(*j, changed_on));
            out.push(Transfer {
                kind: TransferKind::Reorganised,
                exit: Some((stay.association, last)),
                entry: beside.map(|j| (self.stays[j].association, changed_on)),
                gap_days: None,
            });
        }
        (out, resolved)
    }

    /// 退会日, or the last day of the body when that comes first.
    fn left_on(&self, i: usize) -> Option<NaiveDate> {
        let last = self.bodies[i].and_then(|body| body.valid_to);
        match (self.stays[i].left_on, last) {
            (Some(left_on), Some(last)) => Some(left_on.min(last)),
            (left_on, last) => left_on.or(last),
        }
    }

    /// Day of the exit near the end of a body that has successors, and the day of the change.
    fn exit(&self, i: usize) -> Option<(NaiveDate, NaiveDate)> {
        let body = self.bodies[i].filter(|body| !body.successors.is_empty())?;
        let changed_on = body.ended_on()?;
        let left_on = self.left_on(i)?;
        let is_near = (changed_on - left_on).num_days() <= CHANGE_DAYS && self.stays[i].joined_on < changed_on;
        (is_near && self.stays[i].reason != WithdrawalReason::Death).then_some((left_on, changed_on))
    }

    /// Stays in successors that begin near the day of the change, with their first day there.
    fn entries(&self, i: usize, changed_on: NaiveDate) -> Vec<(usize, NaiveDate)> {
        self.successor_stays(i)
            .filter_map(|j| {
                let begins_on = self.begins_on(j);
                let is_near = (begins_on - changed_on).num_days().abs() <= CHANGE_DAYS;
                (is_near && self.left_on(j).is_none_or(|left_on| begins_on <= left_on)).then_some((j, begins_on))
            })
            .collect()
    }

    fn successor_stays(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let family: Vec<_> =
            self.bodies[i].map(|body| self.associations.reach(body)).unwrap_or_default().into_iter().skip(1).collect();
        (0..self.stays.len())
            .filter(move |j| *j != i && family.iter().any(|body| body.id == self.stays[*j].association))
    }

    /// 入会日, or the first day of the body when that comes later.
    fn begins_on(&self, j: usize) -> NaiveDate {
        let first = self.bodies[j].and_then(|body| body.valid_from);
        first.map_or(self.stays[j].joined_on, |first| first.max(self.stays[j].joined_on))
    }

    fn is_in(&self, j: usize, day: NaiveDate) -> bool {
        self.begins_on(j) <= day && self.left_on(j).is_none_or(|left_on| day <= left_on)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::association::tests::through_time;
    use crate::domain::pairing::transfers_of_person;
    use crate::written::{day, local, with_top};

    /// A stay in a body of a master, by the end of its code.
    fn stay(body: i32, joined: &str, left: &str, reason: WithdrawalReason) -> StayToPair {
        StayToPair {
            association: crate::domain::ids::AssociationId(11_000 + body),
            prefecture: "11".into(),
            joined_on: day(joined),
            left_on: (!left.is_empty()).then(|| day(left)),
            reason,
        }
    }

    const NONE: WithdrawalReason = WithdrawalReason::None;

    /// Kind, body left and day, body entered and day, whether a person is needed.
    fn told(stays: &[StayToPair], known_at: &str) -> Vec<String> {
        transfers_of_person(stays, &through_time(), KnownAt(day(known_at)), WithdrawalDayRule::LastMemberDay)
            .iter()
            .map(|movement| {
                let half = |half: Option<(crate::domain::ids::AssociationId, NaiveDate)>| {
                    half.map_or("-".into(), |(body, day)| format!("{} {day}", body.0 - 11_000))
                };
                let needs = if movement.needs_person() { " !" } else { "" };
                format!("{} {} → {}{needs}", movement.kind.code(), half(movement.exit), half(movement.entry))
            })
            .collect()
    }

    /// 甲 (1) passes into 丙 (3) on 2025-04-01.
    #[rstest]
    #[case::closed_and_new("2025-03-31", "2025-04-01", "reorganised 1 2025-03-31 → 3 2025-04-01")]
    #[case::left_open_and_new("", "2025-04-01", "reorganised 1 2025-03-31 → 3 2025-04-01")]
    #[case::new_row_with_the_old_day("", "1999-04-01", "reorganised 1 2025-03-31 → 3 2025-04-01")]
    #[case::closed_late("2025-04-20", "2025-04-01", "reorganised 1 2025-03-31 → 3 2025-04-01")]
    #[case::last_day_of_the_window("2025-03-01", "2025-05-02", "reorganised 1 2025-03-01 → 3 2025-05-02")]
    #[case::left_a_day_before_it("2025-02-28", "2025-04-01", "within_prefecture 1 2025-02-28 → 3 2025-04-01 !")]
    #[case::entered_a_day_after_it("", "2025-05-03", "within_prefecture 1 2025-03-31 → 3 2025-05-03 !")]
    fn member_of_a_merged_body_is_reorganised(#[case] left: &str, #[case] joined: &str, #[case] expected: &str) {
        let stays = [stay(1, "1999-04-01", left, NONE), stay(3, joined, "", NONE)];
        assert_eq!(told(&stays, "2025-12-31"), [expected]);
    }

    #[test]
    fn two_bodies_of_a_person_pass_into_one_stay() {
        let stays = [
            stay(1, "1999-04-01", "", NONE),
            stay(2, "2005-04-01", "2025-03-31", NONE),
            stay(3, "2025-04-01", "", NONE),
        ];
        let expected = ["reorganised 1 2025-03-31 → 3 2025-04-01", "reorganised 2 2025-03-31 → 3 2025-04-01"];
        let found = told(&stays, "2025-12-31");
        // 乙 was entered while 甲 went on.
        assert_eq!(found[0], "concurrent - → 2 2005-04-01");
        assert_eq!(found[1..], expected);
    }

    #[test]
    fn member_of_a_divided_body_passes_into_the_successor_that_shows_her() {
        let stays = [stay(4, "1999-04-01", "", NONE), stay(6, "1999-04-01", "", NONE)];
        assert_eq!(told(&stays, "2025-12-31"), ["reorganised 4 2025-03-31 → 6 2025-04-01"]);
    }

    /// Nobody else would ever miss her: the stay has ended, and no export shows another.
    #[rstest]
    #[case::before_the_end("2025-03-31", &[])]
    #[case::after_the_end("2025-04-01", &["reorganised 1 2025-03-31 → - !"])]
    fn member_whom_no_successor_shows_needs_a_person(#[case] known_at: &str, #[case] expected: &[&str]) {
        assert_eq!(told(&[stay(1, "1999-04-01", "", NONE)], known_at), expected);
    }

    #[test]
    fn death_at_the_end_of_a_body_is_no_reorganisation() {
        let stays = [stay(1, "1999-04-01", "2025-03-31", WithdrawalReason::Death)];
        assert_eq!(told(&stays, "2025-12-31"), Vec::<String>::new());
    }

    /// 乙 is taken into 甲, in which the person already was.
    #[test]
    fn member_of_both_bodies_of_a_merger_loses_one() {
        let all = Associations::new(with_top(vec![
            local("11-001", "甲", ["", ""], &[]),
            local("11-002", "乙", ["", "2025-03-31"], &["11-001"]),
        ]));
        let stays = [stay(1, "1999-04-01", "", NONE), stay(2, "2005-04-01", "", NONE)];
        let known_at = KnownAt(day("2025-12-31"));
        let found = transfers_of_person(&stays, &all.expect("sound"), known_at, WithdrawalDayRule::LastMemberDay);
        let last = found.last().expect("a movement");
        assert_eq!((last.kind, last.exit.map(|half| half.0.0)), (TransferKind::Reorganised, Some(11_002)));
        assert_eq!(last.entry.map(|(body, day)| (body.0, day)), Some((11_001, day("2025-04-01"))));
        assert!(!last.needs_person());
    }
}
