//! Proxy filings (代理申請): allowed for some reasons only, and never without a note of its evidence.

use chrono::NaiveDate;

use super::AuditCode;
use crate::domain::application::{Application, ApplicationKind, Filer};
use crate::domain::enrolment::{KnownStay, WithdrawalReason};
use crate::domain::ids::AssociationId;

/// What is wrong with an application that an association filed in the member's place; [`AuditCode::ProxyInOrder`] when
/// nothing is, and nothing at all for one that the member filed.
///
/// `allowed` are the reasons for which an association may file a withdrawal. Joining and changes have no reason; of them
/// only the note is asked for.
pub fn findings(application: &Application, allowed: &[WithdrawalReason]) -> Vec<AuditCode> {
    if application.filer != Filer::Proxy {
        return Vec::new();
    }
    let mut out = Vec::new();
    if application.kind == ApplicationKind::Withdrawal && !allowed.contains(&application.reason) {
        out.push(AuditCode::ProxyReason);
    }
    if application.note.trim().is_empty() {
        out.push(AuditCode::ProxyEvidence);
    }
    if out.is_empty() {
        out.push(AuditCode::ProxyInOrder);
    }
    out
}

/// Somebody who left with 所在不明 and is seen again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reappearance {
    /// The stay that ended with 所在不明.
    pub missing: KnownStay,
    /// Its 退会日.
    pub left_on: NaiveDate,
    /// The body in which the person is seen.
    pub seen_in: AssociationId,
    /// First day after the 退会日 on which she is.
    pub seen_on: NaiveDate,
}

/// The exits with 所在不明 of one person after which another local stay begins or goes on, each with the first of them.
pub fn reappearances(stays: &[KnownStay]) -> Vec<Reappearance> {
    stays
        .iter()
        .filter(|stay| stay.reason == WithdrawalReason::Missing && stay.joined_on.is_some())
        .filter_map(|missing| {
            let left_on = missing.left_on?;
            let day_after = left_on.succ_opt()?;
            let seen = stays.iter().filter(|other| {
                other.enrolment != missing.enrolment && other.left_on.is_none_or(|until| left_on < until)
            });
            let days = seen.filter_map(|other| Some((other.joined_on?.max(day_after), other.association)));
            let (seen_on, seen_in) = days.min()?;
            Some(Reappearance { missing: *missing, left_on, seen_in, seen_on })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::application::ApplicationStatus;
    use crate::domain::class::NationalClass;
    use crate::domain::enrolment::{ReportedBy, ReportedFacts, SourceStatus};
    use crate::domain::ids::{EnrolmentId, PhysicianId, SourceId};
    use crate::written::day;

    const ALLOWED: [WithdrawalReason; 2] = [WithdrawalReason::Death, WithdrawalReason::Missing];

    #[rstest]
    #[case::member(Filer::Person, WithdrawalReason::OwnWish, "", &[])]
    #[case::death_with_note(Filer::Proxy, WithdrawalReason::Death, "診断書", &[AuditCode::ProxyInOrder])]
    #[case::death_without_note(Filer::Proxy, WithdrawalReason::Death, " ", &[AuditCode::ProxyEvidence])]
    #[case::own_wish(Filer::Proxy, WithdrawalReason::OwnWish, "委任状", &[AuditCode::ProxyReason])]
    #[case::both(Filer::Proxy, WithdrawalReason::None, "", &[AuditCode::ProxyReason, AuditCode::ProxyEvidence])]
    fn proxy_filing_is_judged_by_reason_and_note(
        #[case] filer: Filer,
        #[case] reason: WithdrawalReason,
        #[case] note: &str,
        #[case] expected: &[AuditCode],
    ) {
        let application = Application {
            number: "W1".into(),
            kind: ApplicationKind::Withdrawal,
            physician: PhysicianId(1),
            association: AssociationId(1),
            filer,
            applied_on: None,
            effective_on: None,
            approved_on: None,
            cancelled_on: None,
            status: ApplicationStatus::Approved,
            class: None,
            reason,
            note: note.into(),
        };
        assert_eq!(findings(&application, &ALLOWED), expected);
        // Nobody gives a reason for joining.
        let joining = Application { kind: ApplicationKind::Joining, ..application };
        assert!(!findings(&joining, &ALLOWED).contains(&AuditCode::ProxyReason));
    }

    fn stay(id: i64, joined: &str, left: &str, reason: WithdrawalReason) -> KnownStay {
        KnownStay {
            enrolment: EnrolmentId(id),
            source: SourceId(1),
            physician: PhysicianId(1),
            association: AssociationId(1),
            joined_on: Some(day(joined)),
            left_on: (!left.is_empty()).then(|| day(left)),
            class: NationalClass::B,
            reason,
            status: SourceStatus::Active,
            rows_shown: 1,
            joined_known_from: day("2025-09-30"),
            left_known_from: None,
            left_shown_from: None,
            first_known_from: day("2025-09-30"),
            told: ReportedFacts::all(ReportedBy::Export),
        }
    }

    #[rstest]
    #[case::entered_on_the_last_day("2025-05-31", "", Some("2025-06-01"))]
    #[case::entered_later("2025-09-01", "", Some("2025-09-01"))]
    #[case::goes_on_elsewhere("2010-04-01", "2025-06-01", Some("2025-06-01"))]
    #[case::ended_on_the_same_day("2010-04-01", "2025-05-31", None)]
    fn missing_person_is_seen_again_after_the_last_day(
        #[case] joined: &str,
        #[case] left: &str,
        #[case] seen_on: Option<&str>,
    ) {
        let none = WithdrawalReason::None;
        let stays = [stay(1, "1999-04-01", "2025-05-31", WithdrawalReason::Missing), stay(2, joined, left, none)];
        let found: Vec<_> = reappearances(&stays).iter().map(|one| one.seen_on).collect();
        assert_eq!(found, seen_on.map(day).into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn missing_person_whom_nobody_sees_is_none() {
        assert_eq!(reappearances(&[stay(1, "1999-04-01", "2025-05-31", WithdrawalReason::Missing)]), []);
    }
}
