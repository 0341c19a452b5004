//! What a movement of R20 asks for: days that meet, gap, overlap, or a half that nobody sees.

use chrono::NaiveDate;

use super::AuditCode;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::pairing::PAIRING_DAYS;
use crate::domain::transfer::{Transfer, TransferKind, gap_days};

/// Days without membership between exit and entry under the rule of the office (R2, R20); negative days overlap. `None`
/// without two halves.
pub fn days_between(movement: &Transfer, rule: WithdrawalDayRule) -> Option<i64> {
    let ((_, left_on), (_, joined_on)) = (movement.exit?, movement.entry?);
    Some(gap_days(left_on, joined_on, rule))
}

/// The code of a movement as known at a day.
pub fn code(movement: &Transfer, rule: WithdrawalDayRule, known_at: KnownAt) -> AuditCode {
    match movement.kind {
        TransferKind::WithinPrefecture | TransferKind::AcrossPrefectures => match days_between(movement, rule) {
            Some(days) if days > 0 => AuditCode::TransferGap,
            Some(-1) if is_same_day(movement) => AuditCode::TransferSameDay,
            Some(days) if days < 0 => AuditCode::TransferOverlap,
            _ => AuditCode::TransferTouching,
        },
        TransferKind::NowhereSeen => {
            let waits = movement.exit.is_none_or(|(_, left_on)| can_still_pair(left_on, known_at, rule));
            if waits { AuditCode::NowhereSeenYet } else { AuditCode::NowhereSeen }
        }
        TransferKind::Needless => AuditCode::Needless,
        TransferKind::Concurrent => AuditCode::Concurrent,
        TransferKind::Reorganised if movement.entry.is_none() => AuditCode::ReorganisedNowhere,
        TransferKind::Reorganised => AuditCode::Reorganised,
    }
}

/// Whether an entry on known-at would still be paired with an exit (R20): until then nobody is overdue.
fn can_still_pair(left_on: NaiveDate, known_at: KnownAt, rule: WithdrawalDayRule) -> bool {
    gap_days(left_on, known_at.0, rule) <= PAIRING_DAYS
}

fn is_same_day(movement: &Transfer) -> bool {
    movement.exit.map(|(_, day)| day) == movement.entry.map(|(_, day)| day)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::ids::AssociationId;
    use crate::written::day;

    fn movement(kind: TransferKind, left: &str, joined: &str) -> Transfer {
        Transfer {
            kind,
            exit: Some((AssociationId(1), day(left))),
            entry: (!joined.is_empty()).then(|| (AssociationId(2), day(joined))),
            gap_days: None,
        }
    }

    #[rstest]
    #[case::overlap("2025-04-09", AuditCode::TransferOverlap, AuditCode::TransferOverlap)]
    #[case::same_day("2025-04-10", AuditCode::TransferSameDay, AuditCode::TransferTouching)]
    #[case::next_day("2025-04-11", AuditCode::TransferTouching, AuditCode::TransferGap)]
    #[case::day_between("2025-04-12", AuditCode::TransferGap, AuditCode::TransferGap)]
    fn two_days_meet_as_the_rule_of_the_office_says(
        #[case] joined: &str,
        #[case] last_member_day: AuditCode,
        #[case] first_non_member_day: AuditCode,
    ) {
        let known_at = KnownAt(day("2025-12-31"));
        let one = movement(TransferKind::WithinPrefecture, "2025-04-10", joined);
        assert_eq!(code(&one, WithdrawalDayRule::LastMemberDay, known_at), last_member_day);
        assert_eq!(code(&one, WithdrawalDayRule::FirstNonMemberDay, known_at), first_non_member_day);
    }

    /// An entry on 10 July would have a gap of 90 days: the last one that pairs. Where the 退会日 is no member day the gap of
    /// that entry is 91.
    #[rstest]
    #[case::ahead("2025-04-01", WithdrawalDayRule::LastMemberDay, AuditCode::NowhereSeenYet)]
    #[case::last_day("2025-07-10", WithdrawalDayRule::LastMemberDay, AuditCode::NowhereSeenYet)]
    #[case::day_after("2025-07-11", WithdrawalDayRule::LastMemberDay, AuditCode::NowhereSeen)]
    #[case::last_day_of_the_other_rule("2025-07-09", WithdrawalDayRule::FirstNonMemberDay, AuditCode::NowhereSeenYet)]
    #[case::day_after_of_the_other_rule("2025-07-10", WithdrawalDayRule::FirstNonMemberDay, AuditCode::NowhereSeen)]
    fn nobody_is_overdue_before_ninety_days_have_passed(
        #[case] known_at: &str,
        #[case] rule: WithdrawalDayRule,
        #[case] expected: AuditCode,
    ) {
        let one = movement(TransferKind::NowhereSeen, "2025-04-10", "");
        assert_eq!(code(&one, rule, KnownAt(day(known_at))), expected);
    }
}
