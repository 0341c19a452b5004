//! Sentences of docs/rules.md, "How three kinds of evidence meet", one by one. Property tests over random worlds stand in
//! `tests/store/evidence`.

use chrono::NaiveDate;

use super::outcome::Classes;
use super::*;
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use crate::domain::class::NationalClass::{self, A1, B, C};
use crate::domain::enrolment::{ReportedBy, SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::export_days::ExportDays;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, EnrolmentId, ImportId, SourceId};
use crate::written::day;

const PERSON: PhysicianId = PhysicianId(1);
const BODY: AssociationId = AssociationId(1);

fn date(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| day(text))
}

/// What one export says: its day, 入会日, 退会日, class; an empty class means that it does not show the stay.
type Said = (&'static str, &'static str, &'static str, Option<NationalClass>);

/// The versions of one stay, as exports brought them.
fn stay(id: i64, said: &[Said]) -> Vec<EnrolmentVersion> {
    let mut out: Vec<EnrolmentVersion> = Vec::new();
    for (export_day, joined, left, class) in said {
        let before = out.last().map(|version| (version.facts.class, version.class_from));
        let shown = class.or(before.map(|(class, _)| class)).expect("the first export shows the class");
        let class_from = before.and_then(|(class, from)| if class == shown { from } else { date(export_day) });
        if let Some(last) = out.last_mut() {
            last.known_until = date(export_day);
        }
        out.push(EnrolmentVersion {
            enrolment: EnrolmentId(id),
            source: SourceId(1),
            physician: PERSON,
            association: BODY,
            facts: StayFacts {
                wished_on: None,
                joined_on: date(joined),
                left_on: date(left),
                class: shown,
                class_text: None,
                reason: WithdrawalReason::None,
                reason_text: None,
                status: SourceStatus::Active,
            },
            class_from,
            rows_shown: u16::from(class.is_some()),
            known_from: day(export_day),
            known_until: None,
        });
    }
    out
}

fn application(number: &str, kind: ApplicationKind, effective: &str, learnt: &str) -> ApplicationVersion {
    ApplicationVersion {
        application: Application {
            number: number.into(),
            kind,
            physician: PERSON,
            association: BODY,
            filer: Filer::Person,
            applied_on: None,
            effective_on: date(effective),
            approved_on: None,
            cancelled_on: None,
            status: ApplicationStatus::Approved,
            class: Some(B),
            reason: WithdrawalReason::OwnWish,
            note: "".into(),
        },
        source: SourceId(2),
        import: ImportId(1),
        row: 2,
        known_from: day(learnt),
        known_until: None,
    }
}

fn adjustment(kind: AdjustmentKind, decided: &str, learnt: &str) -> AdjustmentVersion {
    AdjustmentVersion {
        adjustment: Adjustment {
            number: "T1".into(),
            kind,
            physician: PERSON,
            association: Some(BODY),
            stay_joined_on: None,
            day: date(decided),
            class: Some(B),
            reason: WithdrawalReason::None,
            other: None,
            finding: None,
            is_revoked: false,
            why: "試験".into(),
            approver: "試験".into(),
        },
        source: SourceId(3),
        import: ImportId(1),
        row: 2,
        known_from: day(learnt),
        known_until: None,
    }
}

/// What is known at the end of the year.
fn resolved(
    versions: &[EnrolmentVersion],
    applications: &[ApplicationVersion],
    adjustments: &[AdjustmentVersion],
) -> Resolved {
    let corrections = Corrections { applications, adjustments };
    resolve(PERSON, versions, &corrections, &ExportDays::default(), KnownAt(day("2025-12-31")))
}

/// First and last day of each stay.
fn days(resolved: &Resolved) -> Vec<(Option<NaiveDate>, Option<NaiveDate>)> {
    resolved.stays.iter().map(|one| (one.stay.joined_on, one.stay.left_on)).collect()
}

fn codes(resolved: &Resolved) -> Vec<FindingCode> {
    resolved.disputes.iter().map(|dispute| dispute.code).collect()
}

fn classes(resolved: &Resolved) -> Classes {
    resolved.stays[0].classes.clone()
}

/// Left on 10 April and added again from that day: the stays touch, as a leave and a re-join on one day do (R1). The
/// added stay used to be passed over as overtaken.
#[test]
fn stay_added_on_the_last_day_of_another_is_a_stay() {
    let shown = stay(1, &[("2025-04-30", "2000-04-01", "2025-04-10", Some(A1))]);
    for (decided, n_stays) in [("2025-04-09", 1), ("2025-04-10", 2), ("2025-04-11", 2)] {
        let resolved = resolved(&shown, &[], &[adjustment(AdjustmentKind::Joined, decided, "2025-05-10")]);
        assert_eq!(resolved.stays.len(), n_stays, "added from {decided}");
    }
}

/// Only an export overtakes; an older adjustment about a later stay used to hide the stay before it.
#[test]
fn stay_added_before_an_added_stay_is_a_stay() {
    let later = adjustment(AdjustmentKind::Joined, "2025-06-01", "2025-06-10");
    let earlier = adjustment(AdjustmentKind::Joined, "2025-04-01", "2025-07-10");
    let resolved = resolved(&[], &[], &[later, earlier]);
    assert_eq!(days(&resolved), [(date("2025-06-01"), None), (date("2025-04-01"), None)]);
    assert_eq!(codes(&resolved), []);
}

#[test]
fn stay_added_is_gone_once_exports_show_one_that_overlaps_it() {
    let added = [adjustment(AdjustmentKind::Joined, "2025-04-10", "2025-05-10")];
    for (joined, left, expected) in [
        ("2025-04-10", "", vec![]),
        ("2025-04-20", "", vec![FindingCode::AdjustmentOvertaken]),
        ("2025-04-01", "2025-04-11", vec![FindingCode::AdjustmentOvertaken]),
    ] {
        let shown = stay(1, &[("2025-06-30", joined, left, Some(A1))]);
        let resolved = resolved(&shown, &[], &added);
        assert_eq!((days(&resolved), codes(&resolved)), (vec![(date(joined), date(left))], expected), "{joined}");
    }
}

/// The office decides B from April, and the exports follow in June: April and May used to fall back to A①.
#[test]
fn class_that_exports_come_to_agree_with_holds_from_its_day() {
    let shown = stay(1, &[("2025-04-30", "2000-04-01", "", Some(A1)), ("2025-06-30", "2000-04-01", "", Some(B))]);
    let resolved = resolved(&shown, &[], &[adjustment(AdjustmentKind::Class, "2025-04-01", "2025-05-10")]);
    assert_eq!(classes(&resolved), [(A1, None), (B, date("2025-04-01")), (B, date("2025-06-30"))]);
    assert_eq!(codes(&resolved), []);
}

#[test]
fn class_decided_holds_until_another_class_is_learnt() {
    let shown = stay(1, &[("2025-04-30", "2000-04-01", "", Some(A1)), ("2025-06-30", "2000-04-01", "", Some(C))]);
    let resolved = resolved(&shown, &[], &[adjustment(AdjustmentKind::Class, "2025-04-01", "2025-05-10")]);
    assert_eq!(classes(&resolved), [(A1, None), (B, date("2025-04-01")), (C, date("2025-06-30"))]);
    assert_eq!(codes(&resolved), [FindingCode::AdjustmentOvertaken]);
}

#[test]
fn class_decided_for_a_stay_that_comes_back_with_another_is_overtaken() {
    let shown = stay(
        1,
        &[
            ("2025-03-31", "2000-04-01", "", Some(A1)),
            ("2025-04-30", "2000-04-01", "", None),
            ("2025-06-30", "2000-04-01", "", Some(A1)),
        ],
    );
    let resolved = resolved(&shown, &[], &[adjustment(AdjustmentKind::Class, "2025-04-01", "2025-05-10")]);
    assert_eq!((classes(&resolved), codes(&resolved)), (vec![(A1, None)], vec![FindingCode::AdjustmentOvertaken]));
}

/// B is shown from May and again from November. The first application moves November's B to July; the second one is
/// nearer to May's export than to November's, but was taken for another word about the moved one.
#[test]
fn class_change_takes_the_day_of_the_nearest_export() {
    let shown = stay(
        1,
        &[
            ("2025-03-31", "2000-04-01", "", Some(A1)),
            ("2025-05-01", "2000-04-01", "", Some(B)),
            ("2025-08-31", "2000-04-01", "", Some(C)),
            ("2025-11-01", "2000-04-01", "", Some(B)),
        ],
    );
    let filed = [
        application("S1", ApplicationKind::ClassChange, "2025-08-10", "2025-08-31"),
        application("S2", ApplicationKind::ClassChange, "2025-07-10", "2025-09-30"),
    ];
    let expected = [(A1, None), (B, date("2025-07-10")), (C, date("2025-08-31")), (B, date("2025-08-10"))];
    assert_eq!(classes(&resolved(&shown, &filed, &[])), expected);
}

/// Each fact keeps the voice that said it.
#[test]
fn each_fact_says_who_told_it() {
    let told = stay(1, &[("2025-09-30", "2010-04-01", "", Some(B)), ("2025-10-31", "2010-04-01", "", Some(C))]);
    let mut change = application("C1", ApplicationKind::ClassChange, "2025-10-01", "2025-11-10");
    change.application.class = Some(C);
    let withdrawal = application("W1", ApplicationKind::Withdrawal, "2025-11-20", "2025-11-10");
    let joined = adjustment(AdjustmentKind::JoinedDay, "2010-05-01", "2025-11-15");
    let found = resolved(&told, &[change, withdrawal], &[joined]).stays[0].stay;
    assert_eq!(found.told.joined_on, ReportedBy::Adjustment);
    assert_eq!(found.told.left_on, ReportedBy::Application);
    assert_eq!(found.told.class, ReportedBy::Application);
    assert_eq!(found.reported_by(), ReportedBy::Adjustment);
    assert_eq!((found.joined_known_from, found.left_known_from), (day("2025-11-15"), date("2025-11-10")));
}

/// The application told the day before the export did: that is when it became known.
#[test]
fn day_that_two_voices_tell_is_known_since_the_first() {
    let told =
        stay(1, &[("2025-09-30", "2010-04-01", "", Some(B)), ("2025-11-30", "2010-04-01", "2025-10-20", Some(B))]);
    let withdrawal = application("W1", ApplicationKind::Withdrawal, "2025-10-20", "2025-10-10");
    let found = resolved(&told, &[withdrawal], &[]).stays[0].stay;
    assert_eq!(found.told.left_on, ReportedBy::Export);
    assert_eq!((found.left_known_from, found.left_shown_from), (date("2025-10-10"), date("2025-11-30")));
}

#[test]
fn second_application_for_a_stay_that_no_export_closes_is_a_finding_of_its_own() {
    let told = stay(1, &[("2025-09-30", "2010-04-01", "", Some(B))]);
    let first = application("W1", ApplicationKind::Withdrawal, "2025-10-20", "2025-10-10");
    let second = application("W2", ApplicationKind::Withdrawal, "2025-10-25", "2025-10-15");
    let found = resolved(&told, &[first, second], &[]);
    assert_eq!(found.stays[0].stay.left_on, date("2025-10-20"));
    let codes: Vec<_> = found.disputes.iter().map(|dispute| dispute.code).collect();
    assert_eq!(codes, [FindingCode::WithdrawalOnlyApplied, FindingCode::TwoWithdrawalsApplied]);
}

/// Moved on one day: left on 10 April and joined again on 10 April, with an application for the exit. The stay that the
/// exports show from that day on used to be ended by it.
#[test]
fn withdrawal_of_a_stay_that_ends_on_its_day_leaves_the_next_one_alone() {
    let left = stay(1, &[("2025-04-30", "2000-04-01", "2025-04-10", Some(A1))]);
    let filed = [application("S1", ApplicationKind::Withdrawal, "2025-04-10", "2025-04-30")];
    for (rejoined, expected) in [("2025-04-10", None), ("2025-04-01", None), ("2025-04-11", None)] {
        let again = stay(2, &[("2025-04-30", rejoined, "", Some(A1))]);
        let both: Vec<EnrolmentVersion> = left.iter().chain(&again).cloned().collect();
        let resolved = resolved(&both, &filed, &[]);
        let days = days(&resolved);
        assert!(days.contains(&(date(rejoined), expected)), "{rejoined}: {days:?}");
        assert_eq!(codes(&resolved), [], "{rejoined}");
    }
}

/// Both rows are told as one stay, as a store has them: the second export shows another 入会日 in the place of the first.
fn rejoined(vanished: bool) -> Vec<EnrolmentVersion> {
    let old = ("2025-05-31", "2010-04-01", "", Some(B));
    let gone = ("2025-07-31", "2010-04-01", "", None);
    let new = ("2025-10-31", "2025-10-01", "", Some(A1));
    if vanished { stay(1, &[old, gone, new]) } else { stay(1, &[old, new]) }
}

/// R28: the end is told before or after the export that shows the new stay, by either voice.
#[test]
fn stay_that_somebody_ended_is_never_corrected_by_a_later_one() {
    let two = vec![(date("2010-04-01"), date("2025-06-30")), (date("2025-10-01"), None)];
    for vanished in [true, false] {
        for learnt in ["2025-08-05", "2025-11-05"] {
            let filed = [application("S1", ApplicationKind::Withdrawal, "2025-06-30", learnt)];
            let by_application = resolved(&rejoined(vanished), &filed, &[]);
            let mut decided = adjustment(AdjustmentKind::Left, "2025-06-30", learnt);
            decided.adjustment.stay_joined_on = date("2010-04-01");
            let by_adjustment = resolved(&rejoined(vanished), &[], &[decided]);
            for found in [&by_application, &by_adjustment] {
                assert_eq!(days(found), two, "{vanished} {learnt}");
                let [old, new] = &found.stays[..] else { panic!("two stays") };
                assert_eq!((old.stay.rows_shown, new.stay.rows_shown), (0, 1));
                assert_eq!((&old.classes, &new.classes), (&vec![(B, None)], &vec![(A1, None)]));
                assert_eq!((old.stay.enrolment, new.stay.enrolment.stored()), (EnrolmentId(1), EnrolmentId(1)));
                assert_eq!(new.stay.joined_known_from, day("2025-10-31"));
            }
            assert_eq!(codes(&by_adjustment), []);
        }
    }
}

#[test]
fn stay_that_nobody_ended_is_corrected() {
    let one = [(date("2025-10-01"), None)];
    assert_eq!(days(&resolved(&rejoined(true), &[], &[])), one);
    // Not approved, about another day, overlapping, taken back, about the new stay.
    let mut pending = application("S1", ApplicationKind::Withdrawal, "2025-06-30", "2025-08-05");
    pending.application.status = ApplicationStatus::Pending;
    assert_eq!(days(&resolved(&rejoined(true), &[pending], &[])), one);
    let mut revoked = adjustment(AdjustmentKind::Left, "2025-06-30", "2025-08-05");
    revoked.adjustment.is_revoked = true;
    assert_eq!(days(&resolved(&rejoined(true), &[], &[revoked])), one);
    let late = adjustment(AdjustmentKind::Left, "2025-10-02", "2025-08-05");
    let found = resolved(&rejoined(false), &[], &[late]);
    assert_eq!(days(&found), [(date("2025-10-01"), date("2025-10-02"))]);
}

/// Left and joined again on one day: stays that touch do not overlap (R1), and the application is about the old one.
#[test]
fn stay_that_ends_on_the_day_on_which_another_begins_is_not_corrected() {
    let filed = [application("S1", ApplicationKind::Withdrawal, "2025-10-01", "2025-11-05")];
    let found = resolved(&rejoined(false), &filed, &[]);
    assert_eq!(days(&found), [(date("2010-04-01"), date("2025-10-01")), (date("2025-10-01"), None)]);
}

/// The export shows the old stay again, without an end: it has overtaken the adjustment, and there is one stay.
#[test]
fn stay_that_is_shown_again_goes_on() {
    let again = stay(
        1,
        &[
            ("2025-05-31", "2010-04-01", "", Some(B)),
            ("2025-07-31", "2010-04-01", "", None),
            ("2025-10-31", "2025-10-01", "", Some(B)),
            ("2025-11-30", "2010-04-01", "", Some(B)),
        ],
    );
    let decided = adjustment(AdjustmentKind::Left, "2025-06-30", "2025-08-05");
    let found = resolved(&again, &[], &[decided]);
    assert_eq!(
        (days(&found), codes(&found)),
        (vec![(date("2010-04-01"), None)], vec![FindingCode::AdjustmentOvertaken])
    );
}

/// Both are shown later, the old one under an enrolment of its own: it is the same stay.
#[test]
fn old_stay_that_is_shown_beside_the_new_one_is_no_third() {
    let mut told = rejoined(true);
    told.extend(stay(2, &[("2025-11-30", "2010-04-01", "2025-06-30", Some(B))]));
    let decided = adjustment(AdjustmentKind::Left, "2025-06-30", "2025-08-05");
    let found = resolved(&told, &[], &[decided]);
    assert_eq!(days(&found), [(date("2010-04-01"), date("2025-06-30")), (date("2025-10-01"), None)]);
}

/// An adjustment without 対象入会日 is about the newest stay that was known on its day, not about one that came later.
#[test]
fn adjustment_of_the_newest_stay_keeps_to_it() {
    let left =
        stay(1, &[("2025-05-31", "2010-04-01", "", Some(B)), ("2025-10-31", "2010-04-01", "2025-09-30", Some(B))]);
    let again = stay(2, &[("2025-10-31", "2025-10-01", "", Some(B))]);
    let both: Vec<EnrolmentVersion> = left.into_iter().chain(again).collect();
    let found = resolved(&both, &[], &[adjustment(AdjustmentKind::Class, "2025-04-01", "2025-06-10")]);
    let told: Vec<_> = found.stays.iter().map(|one| one.classes.len()).collect();
    assert_eq!((told, codes(&found)), (vec![2, 1], vec![]));
}

/// R22: a blank reason is that of the approved application, the one for the very day before others.
#[test]
fn blank_reason_is_that_of_the_application() {
    let reason = |said: WithdrawalReason, filed: &[ApplicationVersion], decided: &[AdjustmentVersion]| {
        let mut told = stay(1, &[("2025-10-31", "2010-04-01", "2025-10-10", Some(B))]);
        told[0].facts.reason = said;
        resolved(&told, filed, decided).stays[0].stay.reason
    };
    let of = |number: &str, effective: &str, reason: WithdrawalReason| {
        let mut version = application(number, ApplicationKind::Withdrawal, effective, "2025-10-20");
        version.application.reason = reason;
        version
    };
    use WithdrawalReason::{Death, MovedAway, None as Blank, OwnWish};
    assert_eq!(reason(Blank, &[], &[]), Blank);
    assert_eq!(reason(Blank, &[of("1", "2025-10-10", Death)], &[]), Death);
    assert_eq!(reason(Blank, &[of("1", "2025-10-12", Death)], &[]), Death);
    assert_eq!(reason(OwnWish, &[of("1", "2025-10-10", Death)], &[]), OwnWish);
    assert_eq!(reason(Blank, &[of("1", "2025-10-12", MovedAway), of("2", "2025-10-10", Death)], &[]), Death);
    assert_eq!(reason(Blank, &[of("1", "2025-10-10", Blank), of("2", "2025-10-12", MovedAway)], &[]), MovedAway);
    // Without 適用日 it is about the last stay, and one for the very day speaks before it.
    assert_eq!(reason(Blank, &[of("1", "", Death)], &[]), Death);
    assert_eq!(reason(Blank, &[of("1", "", MovedAway), of("2", "2025-10-10", Death)], &[]), Death);
    // Another day decided without a reason does not make a death something else.
    let other_day = adjustment(AdjustmentKind::Left, "2025-10-11", "2025-11-05");
    assert_eq!(reason(Blank, &[of("1", "2025-10-10", Death)], &[other_day]), Death);
}
