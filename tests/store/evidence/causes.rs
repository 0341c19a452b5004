//! One example of each cause of a revision (R17), through the timeline and in the slow definition.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kaiin::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use kaiin::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use kaiin::domain::as_of::KnownAt;
use kaiin::domain::as_of::WithdrawalDayRule::LastMemberDay;
use kaiin::domain::class::NationalClass::{self, A1, B};
use kaiin::domain::coverage::ExportDay;
use kaiin::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
use kaiin::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId, SourceId};
use kaiin::domain::revision::RevisionCause;
use kaiin::stats::Memberships;
use kaiin::stats::flows::FlowSource;

use super::flows::{Body, LOCAL, TAKEN_IN, background, master};
use super::small_world::SmallWorld;
use super::{Written, written};
use crate::oracle::flows::World;
use crate::oracle::revisions::{Changes, TwoKnown};

/// The first export, and the earlier known-at.
const FIRST: &str = "2025-03-10";
/// The second export, and the later known-at.
const SECOND: &str = "2025-03-31";
/// The day of the figures: two days after body 1 is taken into body 2 where it is.
const AS_OF: &str = "2025-03-20";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("test dates are ISO")
}

/// What one export says of a stay until the other one.
#[derive(Debug, Clone, Copy)]
struct Said {
    stay: i64,
    source: i32,
    number: i64,
    body: i32,
    joined_on: &'static str,
    left_on: &'static str,
    class: NationalClass,
    on: &'static str,
}

/// A stay of number 1 in body 1 since long ago, as the first export tells it.
const STAYS: Said =
    Said { stay: 1, source: 1, number: 1, body: 1, joined_on: "2025-03-02", left_on: "", class: B, on: FIRST };
/// The same, as the second export tells it.
const STAYED: Said = Said { on: SECOND, ..STAYS };

fn versions(said: &[Said]) -> Vec<EnrolmentVersion> {
    let date = |text: &str| text.parse().ok();
    let until = |one: &Said| said.iter().find(|other| other.stay == one.stay && other.on > one.on);
    let version = |one: &Said| EnrolmentVersion {
        enrolment: EnrolmentId(one.stay),
        source: SourceId(one.source),
        physician: PhysicianId(one.number),
        association: AssociationId(one.body),
        facts: StayFacts {
            wished_on: None,
            joined_on: date(one.joined_on),
            left_on: date(one.left_on),
            class: one.class,
            class_text: None,
            reason: WithdrawalReason::None,
            reason_text: None,
            status: SourceStatus::Unknown,
        },
        class_from: None,
        rows_shown: 1,
        known_from: day(one.on),
        known_until: until(one).map(|next| day(next.on)),
    };
    said.iter().map(version).collect()
}

/// A number that another one is given up for, or a stay that is taken out, as known from a day on.
fn adjustment(kind: AdjustmentKind, physician: i64, other: Option<i64>, on: &str) -> AdjustmentVersion {
    let adjustment = Adjustment {
        number: "T1".into(),
        kind,
        physician: PhysicianId(physician),
        association: kind.needs_body().then_some(AssociationId(1)),
        stay_joined_on: None,
        day: None,
        class: None,
        reason: WithdrawalReason::None,
        other: other.map(PhysicianId),
        finding: None,
        is_revoked: false,
        why: "".into(),
        approver: "".into(),
    };
    AdjustmentVersion {
        adjustment,
        source: SourceId(11),
        import: ImportId(1),
        row: 2,
        known_from: day(on),
        known_until: None,
    }
}

/// A withdrawal of a number from body 1 that was approved and taken back.
fn cancelled(number: i64) -> ApplicationVersion {
    let application = Application {
        number: "S1".into(),
        kind: ApplicationKind::Withdrawal,
        physician: PhysicianId(number),
        association: AssociationId(1),
        filer: Filer::Person,
        applied_on: None,
        effective_on: Some(day("2025-03-15")),
        approved_on: None,
        cancelled_on: None,
        status: ApplicationStatus::Cancelled,
        class: None,
        reason: WithdrawalReason::None,
        note: "".into(),
    };
    ApplicationVersion {
        application,
        source: SourceId(10),
        import: ImportId(2),
        row: 2,
        known_from: day(SECOND),
        known_until: None,
    }
}

/// The revision of the day, from the columns; the slow definition must say the same.
fn revised(map: &[Body; 3], world: &SmallWorld) -> Changes {
    let associations = master(map, 3);
    let (known_before, known_at) = (KnownAt(day(FIRST)), KnownAt(day(SECOND)));
    let Written { timeline, _folder } = written(world);
    let source = FlowSource { timeline: &timeline, associations: &associations, known_at, rule: LastMemberDay };
    let now = Memberships::project(&timeline, &associations, known_at, LastMemberDay, |_| true).expect("it is read");
    let background = background(world, known_at.0);
    let found = source.revisions(&now, &[day(AS_OF)], known_before, &background).expect("the timeline is read");
    let people = found[0].people.iter().map(|member| {
        let change = member.change;
        ((change.physician, change.association), (change.before, change.after, member.cause))
    });
    let people: BTreeMap<_, _> = people.collect();
    let ends = (day("2025-02-28"), day("2025-04-10"));
    let truth = |known_at| World::new(&world.told(), &associations, known_at, LastMemberDay, ends);
    let (before, after) = (truth(known_before), truth(known_at));
    let truth = TwoKnown::new(world.told(), LastMemberDay, (known_before, &before), (known_at, &after));
    assert_eq!(truth.changes(day(AS_OF)), people);
    people
}

fn world(said: &[Said]) -> SmallWorld {
    let days: BTreeSet<(NaiveDate, SourceId)> = said.iter().map(|one| (day(one.on), SourceId(one.source))).collect();
    let exports = days.into_iter().map(|(day, source)| ExportDay { source, day, kept_days: 200 }).collect();
    SmallWorld { versions: versions(said), applications: Vec::new(), adjustments: Vec::new(), exports }
}

/// The one change of the day: number, body, class before, class after, cause.
fn only(
    number: i64,
    body: i32,
    before: Option<NationalClass>,
    after: Option<NationalClass>,
    cause: RevisionCause,
) -> Changes {
    BTreeMap::from([((PhysicianId(number), AssociationId(body)), (before, after, cause))])
}

#[test]
fn exit_told_later_is_a_late_report() {
    let world = world(&[STAYS, Said { left_on: "2025-03-15", ..STAYED }]);
    assert_eq!(revised(&LOCAL, &world), only(1, 1, Some(B), None, RevisionCause::LateReport));
}

#[test]
fn exit_that_vanishes_is_a_correction() {
    let world = world(&[Said { left_on: "2025-03-15", ..STAYS }, STAYED]);
    assert_eq!(revised(&LOCAL, &world), only(1, 1, None, Some(B), RevisionCause::Corrected));
}

#[test]
fn exit_that_an_application_takes_back_is_a_cancellation() {
    let mut world = world(&[Said { left_on: "2025-03-15", ..STAYS }, STAYED]);
    world.applications.push(cancelled(1));
    assert_eq!(revised(&LOCAL, &world), only(1, 1, None, Some(B), RevisionCause::Cancelled));
}

#[test]
fn other_class_is_a_reclassification() {
    let mut world = world(&[Said { class: A1, ..STAYS }, STAYED]);
    world.versions[1].class_from = Some(day("2025-03-18"));
    assert_eq!(revised(&LOCAL, &world), only(1, 1, Some(A1), Some(B), RevisionCause::Reclassified));
}

#[test]
fn what_only_an_adjustment_says_is_an_adjustment() {
    let mut world = world(&[STAYS, STAYED]);
    world.adjustments.push(adjustment(AdjustmentKind::NeverMember, 1, None, "2025-03-20"));
    assert_eq!(revised(&LOCAL, &world), only(1, 1, Some(B), None, RevisionCause::Adjusted));
}

/// The body was taken into another on 03-19; only the second export shows the member there.
#[test]
fn member_who_went_with_her_body_is_a_reorganisation() {
    let stay_there = Said { stay: 2, body: 2, joined_on: "2025-03-19", ..STAYED };
    let world = world(&[STAYS, Said { left_on: "2025-03-18", ..STAYED }, stay_there]);
    assert_eq!(revised(&TAKEN_IN, &world), only(1, 2, None, Some(B), RevisionCause::Reorganised));
}

/// Without a change of bodies the same is a late report of each.
#[test]
fn member_who_went_elsewhere_is_a_late_report() {
    let stay_there = Said { stay: 2, body: 2, joined_on: "2025-03-19", ..STAYED };
    let world = world(&[STAYS, Said { left_on: "2025-03-18", ..STAYED }, stay_there]);
    let mut expected = only(1, 1, Some(B), None, RevisionCause::LateReport);
    expected.extend(only(1, 2, None, Some(B), RevisionCause::LateReport));
    assert_eq!(revised(&LOCAL, &world), expected);
}

#[test]
fn first_export_of_a_source_is_the_beginning_of_its_figures() {
    let other = Said { stay: 2, source: 2, number: 2, ..STAYED };
    assert_eq!(revised(&LOCAL, &world(&[STAYS, other])), only(2, 1, None, Some(B), RevisionCause::SourceBegan));
    let same_source = Said { stay: 2, number: 2, ..STAYED };
    assert_eq!(revised(&LOCAL, &world(&[STAYS, same_source])), only(2, 1, None, Some(B), RevisionCause::LateReport));
}

/// Number 2 was given up for number 1 before both known-ats. What exports tell of it later is no adjustment: it used to
/// be called one, because without adjustments nothing changes for number 1.
#[test]
fn late_exit_of_a_number_that_was_given_up_is_a_late_report() {
    let stays = Said { number: 2, ..STAYS };
    let mut world = world(&[stays, Said { number: 2, left_on: "2025-03-15", ..STAYED }]);
    world.adjustments.push(adjustment(AdjustmentKind::SamePerson, 1, Some(2), FIRST));
    assert_eq!(revised(&LOCAL, &world), only(1, 1, Some(B), None, RevisionCause::LateReport));
}

/// The same for a withdrawal that was taken back under the number that was given up.
#[test]
fn cancellation_under_a_number_that_was_given_up_is_one() {
    let left = Said { number: 2, left_on: "2025-03-15", ..STAYS };
    let mut world = world(&[left, Said { number: 2, ..STAYED }]);
    world.adjustments.push(adjustment(AdjustmentKind::SamePerson, 1, Some(2), FIRST));
    world.applications.push(cancelled(2));
    assert_eq!(revised(&LOCAL, &world), only(1, 1, None, Some(B), RevisionCause::Cancelled));
}

/// The numbers of one person stand together whatever comes between them: they used to be looked up as if they did not.
#[test]
fn number_given_up_for_a_greater_one_is_found_without_adjustments() {
    let others = [(2, 1), (3, 2)].map(|(stay, body)| Said { stay, body, number: 3, ..STAYS });
    let mut world = world(&[STAYS, STAYED, others[0], others[1]]);
    world.adjustments.push(adjustment(AdjustmentKind::SamePerson, 4, Some(1), SECOND));
    world.adjustments.push(AdjustmentVersion {
        adjustment: Adjustment {
            number: "T2".into(),
            ..adjustment(AdjustmentKind::NeverMember, 3, None, SECOND).adjustment
        },
        row: 3,
        ..adjustment(AdjustmentKind::NeverMember, 3, None, SECOND)
    });
    let found = revised(&LOCAL, &world);
    assert!(found.values().all(|(.., cause)| *cause == RevisionCause::Adjusted), "{found:?}");
    assert_eq!(found.len(), 3);
}
