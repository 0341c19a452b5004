//! What the stored 会員状態 of a row has to do with its days on the export day (R15).
//!
//! MAMIS says 退会 as soon as a withdrawal is approved and 在籍 as soon as a join is; both are explained by a day that lies
//! ahead. Everything else that does not agree is a contradiction: counted by its days, told at the import, listed in the
//! difference law. This module knows one row; it counts nothing.

use chrono::NaiveDate;

use super::as_of::WithdrawalDayRule;
use super::coded::coded;
use super::enrolment::SourceStatus;

/// A row of an export as far as the law asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateAndDays {
    /// 会員状態.
    pub status: SourceStatus,
    /// 入会日; `None` = pending.
    pub joined_on: Option<NaiveDate>,
    /// 退会日.
    pub left_on: Option<NaiveDate>,
}

/// How a stored state stands beside the days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Both say the same.
    Agrees,
    /// 退会, and the 退会日 has not passed.
    WithdrawalAhead,
    /// 在籍, and the 入会日 has not come.
    JoinAhead,
    /// They contradict each other.
    Contradicts(StateContradiction),
}

coded! {
    /// A state that its days contradict (会員状態と日付の不一致).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum StateContradiction {
        /// 在籍 with a 退会日 that has passed.
        ActiveAfterEnd = "active_after_end" / "在籍だが退会日を過ぎている",
        /// 在籍 with a 退会日 that is still to come.
        ActiveBeforeEnd = "active_before_end" / "在籍だが退会日が先にある",
        /// 在籍 without 入会日.
        ActiveWithoutJoining = "active_without_joining" / "在籍だが入会日がない",
        /// 退会 without 退会日, in force.
        WithdrawnWithoutEnd = "withdrawn_without_end" / "退会だが退会日がない",
        /// 申請中, in force.
        PendingInForce = "pending_in_force" / "申請中だが日付では在籍",
        /// Blank or an unknown word, in force.
        UnknownInForce = "unknown_in_force" / "会員状態が空欄か不明で日付では在籍",
    }
}

impl StateAndDays {
    /// Whether MAMIS counts the row.
    pub fn is_counted_by_state(self) -> bool {
        self.status == SourceStatus::Active
    }

    /// Whether the row is in force by its days, whatever its body and its state.
    pub fn is_in_force(self, day: NaiveDate, rule: WithdrawalDayRule) -> bool {
        self.joined_on.is_some_and(|joined| joined <= day) && self.left_on.is_none_or(|left| day < rule.ended_on(left))
    }

    /// How state and days stand on the export day.
    pub fn agreement(self, export_day: NaiveDate, rule: WithdrawalDayRule) -> Agreement {
        use StateContradiction as Kind;
        let has_end = self.left_on.is_some();
        // On her last day a member is one, whether the withdrawal is approved yet or not.
        let ends_later = self.left_on.is_some_and(|left| left > export_day);
        match (self.status, self.is_in_force(export_day, rule)) {
            (SourceStatus::Active, true) if ends_later => Agreement::Contradicts(Kind::ActiveBeforeEnd),
            (SourceStatus::Active, true) => Agreement::Agrees,
            (SourceStatus::Active, false) => match self.joined_on {
                None => Agreement::Contradicts(Kind::ActiveWithoutJoining),
                Some(joined) if joined > export_day => Agreement::JoinAhead,
                Some(_) => Agreement::Contradicts(Kind::ActiveAfterEnd),
            },
            (SourceStatus::Withdrawn, true) if has_end => Agreement::WithdrawalAhead,
            (SourceStatus::Withdrawn, true) => Agreement::Contradicts(Kind::WithdrawnWithoutEnd),
            (SourceStatus::Pending, true) => Agreement::Contradicts(Kind::PendingInForce),
            (SourceStatus::Unknown, true) => Agreement::Contradicts(Kind::UnknownInForce),
            (_, false) => Agreement::Agrees,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use rstest::rstest;

    use SourceStatus::{Active, Pending, Unknown, Withdrawn};
    use StateContradiction as Kind;

    fn day(text: &str) -> Option<NaiveDate> {
        (!text.is_empty()).then(|| text.parse().expect("test dates are ISO"))
    }

    /// The export is of 2025-12-31; the last case of each state is the nearest one that is in order.
    #[rstest]
    #[case::active_ended(Active, "2015-04-01", "2025-12-30", Agreement::Contradicts(Kind::ActiveAfterEnd))]
    #[case::active_leaves_today(Active, "2015-04-01", "2025-12-31", Agreement::Agrees)]
    #[case::active_leaves_later(Active, "2015-04-01", "2026-03-31", Agreement::Contradicts(Kind::ActiveBeforeEnd))]
    #[case::active_never_joined(Active, "", "", Agreement::Contradicts(Kind::ActiveWithoutJoining))]
    #[case::active_joins_tomorrow(Active, "2026-01-01", "", Agreement::JoinAhead)]
    #[case::active_joins_and_leaves_later(Active, "2026-01-01", "2026-03-31", Agreement::JoinAhead)]
    #[case::active_joined_today(Active, "2025-12-31", "", Agreement::Agrees)]
    #[case::withdrawn_without_day(Withdrawn, "2015-04-01", "", Agreement::Contradicts(Kind::WithdrawnWithoutEnd))]
    #[case::withdrawn_today(Withdrawn, "2015-04-01", "2025-12-31", Agreement::WithdrawalAhead)]
    #[case::withdrawn_before_joining(Withdrawn, "2026-01-01", "", Agreement::Agrees)]
    #[case::withdrawn_without_days(Withdrawn, "", "", Agreement::Agrees)]
    #[case::withdrawn_yesterday(Withdrawn, "2015-04-01", "2025-12-30", Agreement::Agrees)]
    #[case::pending_in_force(Pending, "2015-04-01", "", Agreement::Contradicts(Kind::PendingInForce))]
    #[case::pending_in_force_with_end(
        Pending,
        "2015-04-01",
        "2026-03-31",
        Agreement::Contradicts(Kind::PendingInForce)
    )]
    #[case::pending_ahead(Pending, "2026-01-01", "", Agreement::Agrees)]
    #[case::pending_without_days(Pending, "", "", Agreement::Agrees)]
    #[case::blank_in_force(Unknown, "2015-04-01", "", Agreement::Contradicts(Kind::UnknownInForce))]
    #[case::blank_ended(Unknown, "2015-04-01", "2025-12-30", Agreement::Agrees)]
    fn state_stands_beside_its_days(
        #[case] status: SourceStatus,
        #[case] joined: &str,
        #[case] left: &str,
        #[case] expected: Agreement,
    ) {
        let row = StateAndDays { status, joined_on: day(joined), left_on: day(left) };
        let export_day = day("2025-12-31").expect("a day");
        assert_eq!(row.agreement(export_day, WithdrawalDayRule::LastMemberDay), expected);
    }

    /// Where the 退会日 is no member day, who leaves on the export day is out of force.
    #[rstest]
    #[case(Active, Agreement::Contradicts(Kind::ActiveAfterEnd))]
    #[case(Withdrawn, Agreement::Agrees)]
    #[case(Pending, Agreement::Agrees)]
    fn day_of_leaving_is_read_by_the_rule(#[case] status: SourceStatus, #[case] expected: Agreement) {
        let row = StateAndDays { status, joined_on: day("2015-04-01"), left_on: day("2025-12-31") };
        let export_day = day("2025-12-31").expect("a day");
        assert_eq!(row.agreement(export_day, WithdrawalDayRule::FirstNonMemberDay), expected);
    }

    #[test]
    fn every_contradiction_has_a_name_of_its_own() {
        let all = [
            Kind::ActiveAfterEnd,
            Kind::ActiveBeforeEnd,
            Kind::ActiveWithoutJoining,
            Kind::WithdrawnWithoutEnd,
            Kind::PendingInForce,
            Kind::UnknownInForce,
        ];
        let labels: BTreeSet<&str> = all.iter().map(|kind| kind.label()).collect();
        let codes: BTreeSet<&str> = all.iter().map(|kind| kind.code()).collect();
        assert_eq!((labels.len(), codes.len()), (all.len(), all.len()));
    }
}
