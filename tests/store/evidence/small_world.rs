//! Small random worlds in which exports, applications and adjustments talk about the same few stays.
//!
//! Days are few and close, so that borders meet. Versions of stays come from the real reconciliation of exports; the
//! versions of corrections are drawn. Knows nothing of what follows from them.

use std::collections::BTreeMap;

use chrono::{Days, Duration, NaiveDate};
use kaiin::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use kaiin::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use kaiin::domain::association::Tier;
use kaiin::domain::class::NationalClass;
use kaiin::domain::coverage::ExportDay;
use kaiin::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
use kaiin::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId, SourceId};
use kaiin::domain::reconcile::{StoredStay, reconcile};
use kaiin::domain::shown::ShownStay;
use proptest::prelude::*;

use super::rejoins::a_rejoin;
use crate::oracle::evidence::Reported;

const N_PERSONS: i64 = 4;
const N_BODIES: i32 = 3;
pub(super) const N_DAYS: u64 = 13;

/// The n-th day on which something may happen; three days apart, so that each has an eve and a morrow of its own.
pub(super) fn nth_day(n: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2025, 3, 1).expect("a day");
    first + Days::new(3 * n)
}

/// Everything that is told in a small world, in the order of the timeline.
#[derive(Debug, Clone)]
pub struct SmallWorld {
    pub versions: Vec<EnrolmentVersion>,
    pub applications: Vec<ApplicationVersion>,
    pub adjustments: Vec<AdjustmentVersion>,
    /// The exports that the versions come from, in the order in which they were taken in.
    pub exports: Vec<ExportDay>,
}

impl SmallWorld {
    pub fn told(&self) -> Reported<'_> {
        Reported {
            versions: &self.versions,
            applications: &self.applications,
            adjustments: &self.adjustments,
            exports: &self.exports,
        }
    }

    /// The day before everything, every day of the world and two after it.
    pub fn days() -> impl Iterator<Item = NaiveDate> {
        nth_day(0).pred_opt().expect("a day").iter_days().take(usize::try_from(3 * N_DAYS + 2).expect("few days"))
    }

    /// The days on which something is learnt, and the day before everything.
    pub fn known_at_days(&self) -> Vec<NaiveDate> {
        let versions = self.versions.iter().map(|version| version.known_from);
        let applications = self.applications.iter().map(|version| version.known_from);
        let adjustments = self.adjustments.iter().map(|version| version.known_from);
        // A source may speak on the day of an export that brings nothing new.
        let exports = self.exports.iter().map(|export| export.day);
        let mut days: Vec<NaiveDate> =
            versions.chain(applications).chain(adjustments).chain(exports).chain(Self::days().take(1)).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The same with more days between those on which something happens: 3 become `step`.
    pub fn stretched(&self, step: i64) -> Self {
        let stretch =
            |day: &mut NaiveDate| *day = nth_day(0) + Duration::days((*day - nth_day(0)).num_days() / 3 * step);
        let each =
            |days: &mut [&mut Option<NaiveDate>]| days.iter_mut().filter_map(|day| day.as_mut()).for_each(stretch);
        let mut world = self.clone();
        world.exports.iter_mut().for_each(|export| stretch(&mut export.day));
        for version in &mut world.versions {
            stretch(&mut version.known_from);
            let facts = &mut version.facts;
            each(&mut [&mut version.known_until, &mut version.class_from, &mut facts.joined_on, &mut facts.left_on]);
        }
        for version in &mut world.applications {
            stretch(&mut version.known_from);
            each(&mut [&mut version.known_until, &mut version.application.effective_on]);
        }
        for version in &mut world.adjustments {
            stretch(&mut version.known_from);
            let adjustment = &mut version.adjustment;
            each(&mut [&mut version.known_until, &mut adjustment.stay_joined_on, &mut adjustment.day]);
        }
        world
    }

    /// The world as it was at the end of a day, when nobody knew what would be learnt later.
    pub fn until(&self, day: NaiveDate) -> Self {
        let mut world = self.clone();
        let open = |until: &mut Option<NaiveDate>| *until = until.filter(|until| *until <= day);
        world.exports.retain(|export| export.day <= day);
        world.versions.retain_mut(|version| {
            open(&mut version.known_until);
            version.known_from <= day
        });
        world.applications.retain_mut(|version| {
            open(&mut version.known_until);
            version.known_from <= day
        });
        world.adjustments.retain_mut(|version| {
            open(&mut version.known_until);
            version.known_from <= day
        });
        world
    }
}

/// What an export does to a line of the world before it shows it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Keep,
    Hide,
    Leave(NaiveDate, WithdrawalReason),
    Reopen,
    Join(NaiveDate),
    Pend,
    Class(NationalClass),
}

/// One stay through the exports of one source.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) source: SourceId,
    pub(super) physician: PhysicianId,
    pub(super) association: AssociationId,
    pub(super) joined_on: NaiveDate,
    pub(super) class: NationalClass,
    pub(super) steps: Vec<Step>,
}

pub(super) fn a_day() -> impl Strategy<Value = NaiveDate> {
    (0..N_DAYS).prop_map(nth_day)
}

pub(super) fn a_person() -> impl Strategy<Value = PhysicianId> {
    (1..=N_PERSONS).prop_map(PhysicianId)
}

pub(super) fn a_body() -> impl Strategy<Value = AssociationId> {
    (1..=N_BODIES).prop_map(AssociationId)
}

pub(super) fn a_class() -> impl Strategy<Value = NationalClass> {
    prop::sample::select(vec![NationalClass::A1, NationalClass::B, NationalClass::C])
}

/// Mostly one source; others tell the same stays in their own way.
pub(super) fn a_source() -> impl Strategy<Value = SourceId> {
    prop_oneof![4 => Just(SourceId(1)), 2 => Just(SourceId(2)), 1 => Just(SourceId(3))]
}

pub(super) fn a_reason() -> impl Strategy<Value = WithdrawalReason> {
    use WithdrawalReason::{Death, MovedAway, None, OwnWish};
    prop::sample::select(vec![None, Death, MovedAway, OwnWish])
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Keep),
        3 => Just(Step::Hide),
        3 => (a_day(), a_reason()).prop_map(|(day, reason)| Step::Leave(day, reason)),
        1 => Just(Step::Reopen),
        2 => a_day().prop_map(Step::Join),
        1 => Just(Step::Pend),
        2 => a_class().prop_map(Step::Class),
    ]
}

fn a_line() -> impl Strategy<Value = Line> {
    (a_source(), a_person(), a_body(), a_day(), a_class(), prop::collection::vec(a_step(), 5)).prop_map(
        |(source, physician, association, joined_on, class, steps)| Line {
            source,
            physician,
            association,
            joined_on,
            class,
            steps,
        },
    )
}

/// A line, and now and then what another source says of the same stay, or of one that begins on another day.
fn told_lines() -> impl Strategy<Value = Vec<Line>> {
    let told_elsewhere = (a_source(), a_day(), prop::bool::weighted(0.7), prop::collection::vec(a_step(), 5));
    (a_line(), prop::option::weighted(0.4, told_elsewhere)).prop_map(|(line, elsewhere)| {
        let other = elsewhere.map(|(source, day, is_same_day, steps)| {
            let joined_on = if is_same_day { line.joined_on } else { day };
            Line { source, joined_on, steps, ..line.clone() }
        });
        [line].into_iter().chain(other).collect()
    })
}

/// The exports of each source in the order in which they were taken in: by day within a source, else in any order. Every
/// day is the day of one export at most of a source. Some sources keep ended rows for a few days only, and are given up soon.
fn exports() -> impl Strategy<Value = Vec<ExportDay>> {
    let days = prop::collection::btree_set((a_day(), a_source()), 1..=5);
    (days, prop::collection::vec(0..3_usize, 5), prop::sample::select(vec![7, 200])).prop_map(
        |(days, order, kept_days)| {
            let mut exports: Vec<ExportDay> =
                days.into_iter().map(|(day, source)| ExportDay { source, day, kept_days }).collect();
            // Exports of different sources change places; those of one source stand in their order.
            for (at, steps) in order.into_iter().enumerate().take(exports.len()) {
                for to in (at.saturating_sub(steps)..at).rev() {
                    if exports[to].source == exports[to + 1].source {
                        break;
                    }
                    exports.swap(to, to + 1);
                }
            }
            exports
        },
    )
}

fn versions(exports: &[ExportDay], lines: &[Line]) -> Vec<EnrolmentVersion> {
    let mut chains = Chains::default();
    for (nth, export) in exports.iter().enumerate() {
        chains.take_in(export.day, export.source, &shown(lines, nth, export.source));
    }
    let mut versions = chains.versions;
    versions.sort_by_key(|version| (version.physician, version.association, version.enrolment, version.known_from));
    versions
}

/// What the n-th export shows, by person and body; of two lines with one 入会日 the first.
fn shown(lines: &[Line], nth: usize, source: SourceId) -> BTreeMap<(PhysicianId, AssociationId), Vec<ShownStay>> {
    let mut out: BTreeMap<(PhysicianId, AssociationId), Vec<ShownStay>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.source == source) {
        let (mut joined_on, mut left_on, mut class) = (Some(line.joined_on), None, line.class);
        let mut reason = WithdrawalReason::None;
        for step in &line.steps[..=nth] {
            match step {
                Step::Keep | Step::Hide => {}
                Step::Leave(day, why) => (left_on, reason) = (Some(*day), *why),
                Step::Reopen => (left_on, reason) = (None, WithdrawalReason::None),
                Step::Join(day) => joined_on = Some(*day),
                Step::Pend => (joined_on, left_on) = (None, None),
                Step::Class(other) => class = *other,
            }
        }
        // A row that leaves before it joins is rejected (R13).
        let left_on = left_on.filter(|left| joined_on.is_some_and(|joined| joined <= *left));
        if matches!(line.steps[nth], Step::Hide) {
            continue;
        }
        let stays = out.entry((line.physician, line.association)).or_default();
        if stays.iter().all(|stay| stay.facts.joined_on != joined_on) {
            let facts = facts(joined_on, left_on, class, reason);
            stays.push(ShownStay { tier: Tier::Local, association: line.association, facts, row: 2, rows_shown: 1 });
        }
    }
    out
}

fn facts(
    joined_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
    class: NationalClass,
    reason: WithdrawalReason,
) -> StayFacts {
    StayFacts {
        wished_on: None,
        joined_on,
        left_on,
        class,
        class_text: None,
        reason: if left_on.is_some() { reason } else { WithdrawalReason::None },
        reason_text: None,
        status: SourceStatus::Unknown,
    }
}

/// Versions of stays as a store would chain them.
#[derive(Default)]
struct Chains {
    versions: Vec<EnrolmentVersion>,
    n_enrolments: i64,
}

impl Chains {
    fn take_in(
        &mut self,
        day: NaiveDate,
        source: SourceId,
        shown: &BTreeMap<(PhysicianId, AssociationId), Vec<ShownStay>>,
    ) {
        let standing = self.versions.iter().filter(|version| version.source == source);
        let mut pairs: Vec<_> = standing.map(|version| (version.physician, version.association)).collect();
        pairs.extend(shown.keys());
        pairs.sort_unstable();
        pairs.dedup();
        for (physician, association) in pairs {
            let standing: Vec<StoredStay> = self
                .versions
                .iter()
                .filter(|version| version.source == source && version.known_until.is_none())
                .filter(|version| (version.physician, version.association) == (physician, association))
                .map(|version| StoredStay {
                    enrolment: version.enrolment,
                    facts: version.facts.clone(),
                    class_from: version.class_from,
                    rows_shown: version.rows_shown,
                })
                .collect();
            let shown = shown.get(&(physician, association)).map_or(&[][..], Vec::as_slice);
            for outcome in reconcile(&standing, shown, day, false) {
                let Some(new) = outcome.version else { continue };
                let enrolment = outcome.enrolment.unwrap_or_else(|| {
                    self.n_enrolments += 1;
                    EnrolmentId(self.n_enrolments)
                });
                let open = self.versions.iter_mut().find(|old| old.enrolment == enrolment && old.known_until.is_none());
                if let Some(open) = open {
                    open.known_until = Some(day);
                }
                self.versions.push(EnrolmentVersion {
                    enrolment,
                    source,
                    physician,
                    association,
                    facts: new.facts,
                    class_from: new.class_from,
                    rows_shown: new.rows_shown,
                    known_from: day,
                    known_until: None,
                });
            }
        }
    }
}

/// Days on which something was learnt, with what was learnt; each until the next.
fn chain<T: Clone + std::fmt::Debug>(
    what: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<(T, NaiveDate, Option<NaiveDate>)>> {
    prop::collection::btree_map(a_day().no_shrink(), what, 1..=3).prop_map(|by_day| {
        let days: Vec<NaiveDate> = by_day.keys().copied().collect();
        let next = days.iter().copied().skip(1).map(Some).chain([None]);
        by_day.into_iter().zip(next).map(|((day, what), until)| (what, day, until)).collect()
    })
}

fn applications() -> impl Strategy<Value = Vec<ApplicationVersion>> {
    let kind = prop_oneof![
        4 => Just(ApplicationKind::Withdrawal),
        3 => Just(ApplicationKind::ClassChange),
        1 => Just(ApplicationKind::Joining),
    ];
    let status = prop_oneof![
        5 => Just(ApplicationStatus::Approved),
        1 => Just(ApplicationStatus::Pending),
        1 => Just(ApplicationStatus::Cancelled),
    ];
    let one =
        (kind, a_person(), a_body(), (a_class(), a_reason()), chain((status, prop::option::weighted(0.9, a_day()))));
    prop::collection::vec(one, 0..=5).prop_map(|all| {
        let persons: Vec<PhysicianId> = all.iter().map(|(_, physician, ..)| *physician).collect();
        let mut out = Vec::new();
        for (nth, (kind, physician, association, (class, reason), versions)) in all.into_iter().enumerate() {
            for ((status, effective_on), known_from, known_until) in versions {
                let application = Application {
                    // Receipt numbers begin at 1 again: others have the same ones (R27).
                    number: format!("S{}", number_of(nth, physician, |other| persons[..nth].contains(&other))).into(),
                    kind,
                    physician,
                    association,
                    filer: Filer::Person,
                    applied_on: None,
                    effective_on,
                    approved_on: None,
                    cancelled_on: None,
                    status,
                    class: Some(class).filter(|_| kind == ApplicationKind::ClassChange),
                    reason,
                    note: "".into(),
                };
                let row = 2 + u32::try_from(nth).expect("few");
                let (source, import) = (SourceId(10), import_of(known_from));
                out.push(ApplicationVersion { application, source, import, row, known_from, known_until });
            }
        }
        out
    })
}

/// The number of the n-th fact: the first one of each person has number 0, which others have as well (R27).
fn number_of(nth: usize, physician: PhysicianId, has_one: impl Fn(PhysicianId) -> bool) -> usize {
    if has_one(physician) { nth + 1 } else { 0 }
}

/// A number of the import that brought a day's file, ascending.
pub(super) fn import_of(day: NaiveDate) -> ImportId {
    ImportId((day - nth_day(0)).num_days() + 1)
}

fn an_adjustment() -> impl Strategy<Value = Vec<(Adjustment, NaiveDate, Option<NaiveDate>)>> {
    let kind = prop::sample::select(AdjustmentKind::ALL.to_vec());
    let stay = prop::option::weighted(0.4, a_day());
    let version = (prop::bool::weighted(0.25), a_day(), a_class(), a_reason());
    (kind, a_person(), a_person(), a_body(), stay, chain(version)).prop_filter_map(
        "nobody is the same person as herself",
        |(kind, physician, other, association, stay_joined_on, versions)| {
            let is_pair = kind == AdjustmentKind::SamePerson;
            let one = |(is_revoked, day, class, reason)| Adjustment {
                number: "".into(),
                kind,
                physician,
                association: Some(association).filter(|_| kind.needs_body()),
                stay_joined_on: stay_joined_on.filter(|_| kind.needs_body()),
                day: Some(day).filter(|_| kind.needs_day()),
                class: Some(class).filter(|_| matches!(kind, AdjustmentKind::Class | AdjustmentKind::Joined)),
                reason,
                other: Some(other).filter(|_| is_pair),
                finding: None,
                is_revoked,
                why: "".into(),
                approver: "".into(),
            };
            let versions = versions.into_iter().map(|(what, from, until)| (one(what), from, until)).collect();
            (!is_pair || physician != other).then_some(versions)
        },
    )
}

fn adjustments() -> impl Strategy<Value = Vec<AdjustmentVersion>> {
    prop::collection::vec(an_adjustment(), 0..=6).prop_map(|all| {
        let mut out = Vec::new();
        let mut persons: Vec<PhysicianId> = Vec::new();
        for (nth, versions) in all.into_iter().enumerate() {
            let row = 2 + u32::try_from(nth).expect("few");
            let physician = versions[0].0.physician;
            let number = number_of(nth, physician, |other| persons.contains(&other));
            persons.push(physician);
            for (adjustment, known_from, known_until) in versions {
                let adjustment = Adjustment { number: format!("T{number}").into(), ..adjustment };
                let (source, import) = (SourceId(11), import_of(known_from));
                out.push(AdjustmentVersion { adjustment, source, import, row, known_from, known_until });
            }
        }
        out
    })
}

/// Any small world.
pub fn small_worlds() -> impl Strategy<Value = SmallWorld> {
    let lines = prop::collection::vec(told_lines(), 1..=4);
    let stays = (exports(), lines, prop::collection::vec(a_rejoin(), 0..=2));
    (stays, applications(), adjustments()).prop_map(|((exports, lines, rejoins), applications, adjustments)| {
        let mut lines: Vec<Line> = lines.into_iter().flatten().collect();
        lines.extend(rejoins.iter().map(|rejoin| rejoin.line.clone()));
        let versions = versions(&exports, &lines);
        let mut world = SmallWorld { versions, applications, adjustments, exports };
        for (nth, rejoin) in rejoins.iter().enumerate() {
            // Their numbers are those that others have as well (R27), unless it would be the very same fact.
            let of_person = |other: &ApplicationVersion| other.application.physician == rejoin.line.physician;
            let number = if world.applications.iter().any(of_person) { nth + 50 } else { nth };
            world.applications.extend(rejoin.application(number));
            let of_person = |other: &AdjustmentVersion| other.adjustment.physician == rejoin.line.physician;
            let number = if world.adjustments.iter().any(of_person) { nth + 50 } else { nth };
            world.adjustments.extend(rejoin.adjustment(number));
        }
        world
    })
}
