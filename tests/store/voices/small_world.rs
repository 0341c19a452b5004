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
use kaiin::domain::count::corrected::Told;
use kaiin::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
use kaiin::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId, SourceId};
use kaiin::domain::reconcile::{StandingStay, reconcile};
use kaiin::domain::shown::ShownStay;
use proptest::prelude::*;

const N_PERSONS: i64 = 4;
const N_BODIES: i32 = 3;
const N_DAYS: u64 = 13;

/// The n-th day on which something may happen; three days apart, so that each has an eve and a morrow of its own.
fn nth_day(n: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2025, 3, 1).expect("a day");
    first + Days::new(3 * n)
}

/// Everything that is told in a small world, in the order of the timeline.
#[derive(Debug, Clone)]
pub struct SmallWorld {
    pub versions: Vec<EnrolmentVersion>,
    pub applications: Vec<ApplicationVersion>,
    pub adjustments: Vec<AdjustmentVersion>,
}

impl SmallWorld {
    pub fn told(&self) -> Told<'_> {
        Told { versions: &self.versions, applications: &self.applications, adjustments: &self.adjustments }
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
        let mut days: Vec<NaiveDate> =
            versions.chain(applications).chain(adjustments).chain(Self::days().take(1)).collect();
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
enum Step {
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
struct Line {
    source: SourceId,
    physician: PhysicianId,
    association: AssociationId,
    joined_on: NaiveDate,
    class: NationalClass,
    steps: Vec<Step>,
}

fn a_day() -> impl Strategy<Value = NaiveDate> {
    (0..N_DAYS).prop_map(nth_day)
}

fn a_person() -> impl Strategy<Value = PhysicianId> {
    (1..=N_PERSONS).prop_map(PhysicianId)
}

fn a_body() -> impl Strategy<Value = AssociationId> {
    (1..=N_BODIES).prop_map(AssociationId)
}

fn a_class() -> impl Strategy<Value = NationalClass> {
    prop::sample::select(vec![NationalClass::A1, NationalClass::B, NationalClass::C])
}

/// Mostly one source; a second one tells the same stays in its own way.
fn a_source() -> impl Strategy<Value = SourceId> {
    prop_oneof![4 => Just(SourceId(1)), 1 => Just(SourceId(2))]
}

fn a_reason() -> impl Strategy<Value = WithdrawalReason> {
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

/// The days of the exports of each source; every day is the day of one export at most of a source.
fn exports() -> impl Strategy<Value = Vec<(NaiveDate, SourceId)>> {
    prop::collection::btree_set((a_day(), a_source()), 1..=5).prop_map(|days| days.into_iter().collect())
}

fn versions(exports: Vec<(NaiveDate, SourceId)>, lines: &[Line]) -> Vec<EnrolmentVersion> {
    let mut chains = Chains::default();
    for (nth, (day, source)) in exports.into_iter().enumerate() {
        chains.take_in(day, source, &shown(lines, nth, source));
    }
    let mut versions = chains.versions;
    versions.sort_by_key(|version| (version.physician, version.association, version.enrolment, version.known_from));
    versions
}

/// A stay whose row vanishes or stays as it is, whose end only an application or an adjustment tells, and in whose place
/// exports come to show another 入会日: as often a re-join after that end as a correction.
#[derive(Debug, Clone)]
struct Rejoin {
    line: Line,
    /// The day of the end that is told, and the day on which it is.
    end: NaiveDate,
    learnt: NaiveDate,
    reason: WithdrawalReason,
    by: EndToldBy,
    is_taken_back_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy)]
enum EndToldBy {
    Application,
    /// With or without the 対象入会日.
    Adjustment {
        names_stay: bool,
    },
}

fn a_rejoin() -> impl Strategy<Value = Rejoin> {
    let by = prop_oneof![
        2 => Just(EndToldBy::Application),
        1 => Just(EndToldBy::Adjustment { names_stay: true }),
        1 => Just(EndToldBy::Adjustment { names_stay: false }),
    ];
    let after = prop_oneof![4 => Just(Step::Keep), 1 => Just(Step::Hide), 1 => a_day().prop_map(Step::Join)];
    // How long the old row is shown, and whether it vanishes before the new one comes.
    let rows = (0..=2_usize, 0..=2_usize, prop::collection::vec(after, 5));
    let told = (a_day(), a_day(), a_reason(), by, prop::option::weighted(0.2, a_day()));
    ((a_source(), a_person(), a_body(), a_class()), (0..N_DAYS / 2, a_day()), rows, told).prop_map(
        |((source, physician, association, class), (joined, rejoined), (shown, hidden, after), told)| {
            let mut steps = vec![Step::Keep; shown];
            steps.extend(vec![Step::Hide; hidden]);
            steps.push(Step::Join(rejoined));
            steps.extend(after);
            steps.truncate(5);
            let (end, learnt, reason, by, is_taken_back_on) = told;
            let line = Line { source, physician, association, joined_on: nth_day(joined), class, steps };
            Rejoin { line, end, learnt, reason, by, is_taken_back_on }
        },
    )
}

impl Rejoin {
    /// When it is known, and when it no longer is.
    fn span(&self) -> (NaiveDate, Option<NaiveDate>) {
        (self.learnt, self.is_taken_back_on.filter(|day| *day > self.learnt))
    }

    fn application(&self, nth: usize) -> Option<ApplicationVersion> {
        let (known_from, known_until) = self.span();
        let application = Application {
            number: format!("S{nth}").into(),
            kind: ApplicationKind::Withdrawal,
            physician: self.line.physician,
            association: self.line.association,
            filer: Filer::Person,
            applied_on: None,
            effective_on: Some(self.end),
            approved_on: None,
            cancelled_on: None,
            status: ApplicationStatus::Approved,
            class: None,
            reason: self.reason,
            note: "".into(),
        };
        let version = ApplicationVersion {
            application,
            source: SourceId(10),
            import: import_of(known_from),
            row: 90 + u32::try_from(nth).expect("few"),
            known_from,
            known_until,
        };
        matches!(self.by, EndToldBy::Application).then_some(version)
    }

    fn adjustment(&self, nth: usize) -> Option<AdjustmentVersion> {
        let EndToldBy::Adjustment { names_stay } = self.by else { return None };
        let (known_from, known_until) = self.span();
        let adjustment = Adjustment {
            number: format!("T{nth}").into(),
            kind: AdjustmentKind::Left,
            physician: self.line.physician,
            association: Some(self.line.association),
            stay_joined_on: Some(self.line.joined_on).filter(|_| names_stay),
            day: Some(self.end),
            class: None,
            reason: self.reason,
            other: None,
            finding: None,
            is_revoked: false,
            why: "".into(),
            approver: "".into(),
        };
        Some(AdjustmentVersion {
            adjustment,
            source: SourceId(11),
            import: import_of(known_from),
            row: 90 + u32::try_from(nth).expect("few"),
            known_from,
            known_until,
        })
    }
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
            let standing: Vec<StandingStay> = self
                .versions
                .iter()
                .filter(|version| version.source == source && version.known_until.is_none())
                .filter(|version| (version.physician, version.association) == (physician, association))
                .map(|version| StandingStay {
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
fn import_of(day: NaiveDate) -> ImportId {
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
    let stays = (exports(), prop::collection::vec(a_line(), 1..=5), prop::collection::vec(a_rejoin(), 0..=2));
    (stays, applications(), adjustments()).prop_map(|((exports, mut lines, rejoins), applications, adjustments)| {
        lines.extend(rejoins.iter().map(|rejoin| rejoin.line.clone()));
        let mut world = SmallWorld { versions: versions(exports, &lines), applications, adjustments };
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
