//! Which exit of a body belongs to which entry (R20).
//!
//! Works on the stays of one person in bodies of one tier, as known on a day: those of local bodies for audits, of each tier
//! for itself for the roll-forward. Transfers that a merger or a division made, not the person, are found first, in
//! `reorganisation`.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::as_of::{KnownAt, WithdrawalDayRule};
use super::association::Associations;
use super::enrolment::WithdrawalReason;
use super::ids::AssociationId;
use super::reorganisation::Reorganisation;
use super::transfer::{StayToPair, Transfer, TransferKind, gap_days};

/// An exit and an entry further apart than this are two stories (R20).
pub const PAIRING_DAYS: i64 = 90;

/// The transfers of one person: nearest pairs first, one to one, whatever the reason of the exit (R20).
///
/// An entry that is older than the stay it would follow is not its continuation, and never paired with it. Stays that
/// pass from a body to its successor are 組織変更; a stay that is left open in a body that has ended ends with it.
pub fn transfers_of_person(
    stays: &[StayToPair],
    associations: &Associations,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
) -> Vec<Transfer> {
    // A stay without a member day never was one, as in the counts: nobody left it, nobody entered it.
    let is_one = |stay: &&StayToPair| stay.left_on.is_none_or(|left| stay.joined_on < rule.ended_on(left));
    let stays: Vec<StayToPair> = stays.iter().filter(is_one).cloned().collect();
    let mut change = Reorganisation::of(&stays, associations, rule);
    let mut out = change.paired();
    let stays = &change.ended_stays();
    let (mut left, mut entered) = change.resolved();
    out.extend(pairs(stays, &mut left, &mut entered, rule));
    let (silent, rest) = change.unpaired(&left, known_at);
    out.extend(silent);
    out.extend(unpaired(stays, &rest, &entered));
    out.sort_by_key(|movement| (movement.days().max(), movement.kind));
    out
}

/// Pairs exits with entries that are not resolved yet, and marks both as resolved.
fn pairs(stays: &[StayToPair], left: &mut [bool], entered: &mut [bool], rule: WithdrawalDayRule) -> Vec<Transfer> {
    let mut candidates: Vec<(i64, usize, usize)> = Vec::new();
    for (i, left) in stays.iter().enumerate() {
        let Some(left_on) = left.left_on else { continue };
        for (j, entered) in stays.iter().enumerate() {
            let gap = gap_days(left_on, entered.joined_on, rule);
            if i != j && gap.abs() <= PAIRING_DAYS && entered.joined_on >= left.joined_on {
                candidates.push((gap, i, j));
            }
        }
    }
    // Ties: the later exit first, then the order of the stays; never the order of the input file.
    candidates.sort_by_key(|(gap, i, j)| (gap.abs(), Reverse(stays[*i].left_on), key(&stays[*i]), key(&stays[*j])));
    let mut out = Vec::new();
    for (gap, i, j) in candidates {
        if left[i] || entered[j] {
            continue;
        }
        (left[i], entered[j]) = (true, true);
        out.push(pair(&stays[i], &stays[j], gap));
    }
    out
}

fn key(stay: &StayToPair) -> (NaiveDate, AssociationId) {
    (stay.joined_on, stay.association)
}

fn pair(left: &StayToPair, entered: &StayToPair, gap: i64) -> Transfer {
    let kind = if left.association == entered.association {
        TransferKind::Needless
    } else if left.prefecture == entered.prefecture {
        TransferKind::WithinPrefecture
    } else {
        TransferKind::AcrossPrefectures
    };
    Transfer {
        kind,
        exit: left.left_on.map(|day| (left.association, day)),
        entry: Some((entered.association, entered.joined_on)),
        gap_days: Some(gap),
    }
}

fn unpaired<'a>(stays: &'a [StayToPair], left: &'a [bool], entered: &'a [bool]) -> impl Iterator<Item = Transfer> + 'a {
    let exits = stays.iter().zip(left).filter(|(stay, paired)| !**paired && stay.reason == WithdrawalReason::MovedAway);
    let exits = exits.filter_map(|(stay, _)| {
        let exit = (stay.association, stay.left_on?);
        Some(Transfer { kind: TransferKind::NowhereSeen, exit: Some(exit), entry: None, gap_days: None })
    });
    let entries = stays.iter().zip(entered).filter(|(stay, paired)| !**paired && goes_on_beside(stays, stay));
    exits.chain(entries.map(|(stay, _)| Transfer {
        kind: TransferKind::Concurrent,
        exit: None,
        entry: Some((stay.association, stay.joined_on)),
        gap_days: None,
    }))
}

/// Whether the person was already in another body on the day of the entry and stayed there.
fn goes_on_beside(stays: &[StayToPair], entered: &StayToPair) -> bool {
    stays.iter().any(|other| {
        other.association != entered.association
            && other.joined_on < entered.joined_on
            && other.left_on.is_none_or(|left| left > entered.joined_on)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("test dates are ISO")
    }

    fn stay(body: i32, joined: &str, left: &str, reason: WithdrawalReason) -> StayToPair {
        StayToPair {
            association: AssociationId(body),
            prefecture: if body < 10 { "11".into() } else { "13".into() },
            joined_on: day(joined),
            left_on: (!left.is_empty()).then(|| day(left)),
            reason,
        }
    }

    /// Entered and left on one day: under the rule that the 退会日 is a member day that is a stay of a day, under the other it
    /// is none, and the move goes to the body behind it.
    #[rstest]
    #[case::stay_of_a_day(WithdrawalDayRule::LastMemberDay, &[(1, 2), (2, 3)])]
    #[case::no_stay(WithdrawalDayRule::FirstNonMemberDay, &[(1, 3)])]
    fn stay_without_a_member_day_is_no_stop(#[case] rule: WithdrawalDayRule, #[case] expected: &[(i32, i32)]) {
        let stays = [
            stay(1, "2010-04-01", "2025-04-10", WithdrawalReason::OwnWish),
            stay(2, "2025-04-11", "2025-04-11", WithdrawalReason::OwnWish),
            stay(3, "2025-04-12", "", WithdrawalReason::None),
        ];
        let found = under(&stays, rule);
        let bodies: Vec<(i32, i32)> =
            found.iter().filter_map(|movement| Some((movement.exit?.0.0, movement.entry?.0.0))).collect();
        assert_eq!(bodies, expected);
    }

    /// Without a master nothing is ever reorganised.
    fn of(stays: &[StayToPair]) -> Vec<Transfer> {
        under(stays, WithdrawalDayRule::LastMemberDay)
    }

    fn under(stays: &[StayToPair], rule: WithdrawalDayRule) -> Vec<Transfer> {
        transfers_of_person(stays, &Associations::default(), KnownAt(day("2025-12-31")), rule)
    }

    #[rstest]
    #[case::dates_meet("2025-04-11", Some((TransferKind::WithinPrefecture, Some(0))))]
    #[case::nine_days_between("2025-04-20", Some((TransferKind::WithinPrefecture, Some(9))))]
    #[case::same_day("2025-04-10", Some((TransferKind::WithinPrefecture, Some(-1))))]
    #[case::last_day_of_the_window("2025-07-10", Some((TransferKind::WithinPrefecture, Some(90))))]
    #[case::a_day_too_late("2025-07-11", None)]
    fn exit_and_entry_pair_within_ninety_days(
        #[case] joined: &str,
        #[case] expected: Option<(TransferKind, Option<i64>)>,
    ) {
        let stays = [
            stay(1, "2010-04-01", "2025-04-10", WithdrawalReason::OwnWish),
            stay(2, joined, "", WithdrawalReason::None),
        ];
        let found = of(&stays);
        assert_eq!(found.first().map(|movement| (movement.kind, movement.gap_days)), expected);
    }

    /// Left on 31 August, which is no member day: 90 days later pairs, 91 do not; 90 days of overlap do.
    #[rstest]
    #[case::dates_meet("2025-08-31", Some((TransferKind::WithinPrefecture, Some(0))))]
    #[case::a_day_between("2025-09-01", Some((TransferKind::WithinPrefecture, Some(1))))]
    #[case::last_day_of_the_window("2025-11-29", Some((TransferKind::WithinPrefecture, Some(90))))]
    #[case::a_day_too_late("2025-11-30", None)]
    #[case::longest_overlap("2025-06-02", Some((TransferKind::WithinPrefecture, Some(-90))))]
    #[case::overlap_too_long("2025-06-01", Some((TransferKind::Concurrent, None)))]
    fn ninety_days_are_of_the_gap_of_the_other_rule(
        #[case] joined: &str,
        #[case] expected: Option<(TransferKind, Option<i64>)>,
    ) {
        let stays = [
            stay(1, "2010-04-01", "2025-08-31", WithdrawalReason::OwnWish),
            stay(2, joined, "", WithdrawalReason::None),
        ];
        let found = under(&stays, WithdrawalDayRule::FirstNonMemberDay);
        assert_eq!(found.first().map(|movement| (movement.kind, movement.gap_days)), expected);
    }

    /// Left on 29 September; entered on 27 September and on 2 October. Where the 29th is a member day, the second entry is
    /// nearer (2 days against an overlap of 3), else the first (2 days of overlap against 3).
    #[rstest]
    #[case::last_member_day(WithdrawalDayRule::LastMemberDay, (3, 2))]
    #[case::first_non_member_day(WithdrawalDayRule::FirstNonMemberDay, (2, -2))]
    fn nearest_is_by_the_gap_of_the_rule(#[case] rule: WithdrawalDayRule, #[case] expected: (i32, i64)) {
        let stays = [
            stay(1, "2010-04-01", "2025-09-29", WithdrawalReason::OwnWish),
            stay(2, "2025-09-27", "", WithdrawalReason::None),
            stay(3, "2025-10-02", "", WithdrawalReason::None),
        ];
        let found = under(&stays, rule);
        let paired = found.iter().find_map(|movement| Some((movement.entry?.0.0, movement.gap_days?)));
        assert_eq!(paired, Some(expected));
    }

    #[test]
    fn move_across_prefectures_keeps_its_gap() {
        let stays = [
            stay(1, "1999-04-01", "2025-04-05", WithdrawalReason::MovedAway),
            stay(13, "2025-04-15", "", WithdrawalReason::None),
        ];
        let found = of(&stays);
        assert_eq!((found[0].kind, found[0].gap_days), (TransferKind::AcrossPrefectures, Some(9)));
        assert!(found[0].needs_person());
    }

    #[test]
    fn same_body_again_is_needless() {
        let stays = [
            stay(1, "1999-04-01", "2025-04-10", WithdrawalReason::None),
            stay(1, "2025-04-10", "", WithdrawalReason::None),
        ];
        assert_eq!(of(&stays)[0].kind, TransferKind::Needless);
    }

    #[test]
    fn exit_without_entry_is_nowhere_seen_only_with_reason() {
        assert_eq!(
            of(&[stay(1, "1999-04-01", "2025-04-10", WithdrawalReason::MovedAway)])[0].kind,
            TransferKind::NowhereSeen
        );
        assert!(of(&[stay(1, "1999-04-01", "2025-04-10", WithdrawalReason::Death)]).is_empty());
    }

    #[test]
    fn entry_beside_another_body_is_concurrent() {
        let stays =
            [stay(1, "2012-04-01", "", WithdrawalReason::None), stay(13, "2015-04-01", "", WithdrawalReason::None)];
        let found = of(&stays);
        assert_eq!(found.iter().map(|movement| movement.kind).collect::<Vec<_>>(), [TransferKind::Concurrent]);
    }

    #[test]
    fn nearest_entry_wins_and_pairs_once() {
        let stays = [
            stay(1, "1999-04-01", "2025-04-10", WithdrawalReason::MovedAway),
            stay(2, "2025-04-11", "2025-05-10", WithdrawalReason::MovedAway),
            stay(3, "2025-05-11", "", WithdrawalReason::None),
        ];
        let found = of(&stays);
        let pairs: Vec<_> =
            found.iter().filter_map(|movement| Some((movement.exit?.0.0, movement.entry?.0.0))).collect();
        assert_eq!(pairs, [(1, 2), (2, 3)]);
    }
}
