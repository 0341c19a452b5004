//! Who is a member when applications and adjustments speak beside the exports: the slow, obvious definition.
//!
//! Written from docs/rules.md, "How three kinds of evidence meet", sentence by sentence; what exports say of which stay stands in
//! `said`, what adjustments decide in `decided`. It shares no code with `resolved`, `membership` or the timeline, and nobody calls it in production: tests compare them with it. It does not know
//! the lives of bodies; `map_count` does.

mod decided;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::adjustment::{AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion};
use crate::domain::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use crate::domain::class::NationalClass;
use crate::domain::count::Members;
use crate::domain::count::sources::{self, one_of_each};
use crate::domain::coverage::ExportDay;
use crate::domain::enrolment::{EnrolmentVersion, WithdrawalReason};
use crate::domain::ids::{AssociationId, PhysicianId};
use decided::hear_adjustment;
use said::{Change, around, changes_of, said_of_stays};

/// Everything that was ever told, in any order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reported<'a> {
    /// By member exports.
    pub versions: &'a [EnrolmentVersion],
    /// By applications.
    pub applications: &'a [ApplicationVersion],
    /// By adjustments.
    pub adjustments: &'a [AdjustmentVersion],
    /// The exports that the versions come from, in the order in which they were taken in.
    pub exports: &'a [ExportDay],
}

/// How a person is a member of a body on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// The class on the day.
    pub class: NationalClass,
    /// Whether the newest export no longer shows the stay, which goes on, and nobody confirmed it (R6).
    pub not_shown: bool,
}

/// The memberships of a day, by person and body.
pub type Memberships = BTreeMap<(PhysicianId, AssociationId), Membership>;

/// Says who is a member of which body on `as_of`, as known at `known_at`, after all three kinds of evidence.
pub fn memberships(told: &Reported<'_>, as_of: AsOf, known_at: KnownAt, rule: WithdrawalDayRule) -> Memberships {
    let known = &until(told, known_at);
    let mut out = Memberships::new();
    for person in persons_of(known) {
        let stays = stays_of(person, known);
        let bodies: BTreeSet<AssociationId> = stays.iter().map(|stay| stay.body).collect();
        for body in bodies {
            let in_force = stays.iter().filter(|stay| stay.body == body && stay.counts_on(as_of.0, rule));
            // The stay that began later speaks for the days that two stays share (R1).
            if let Some(stay) = in_force.max_by_key(|stay| (stay.joined_on, stay.id)) {
                let class = stay.class_on(as_of.0);
                out.insert((person, body), Membership { class, not_shown: stay.is_missing(known_at.0) });
            }
        }
    }
    out
}

/// The same as members of each body and class.
pub fn members(told: &Reported<'_>, as_of: AsOf, known_at: KnownAt, rule: WithdrawalDayRule) -> Members {
    let mut out = Members::new();
    for ((person, body), membership) in memberships(told, as_of, known_at, rule) {
        out.entry((body, membership.class)).or_default().insert(person);
    }
    out
}

/// What tells stays apart: whether an export shows it; its place among the 入会日 that exports showed in the place of the
/// first one, 0 for that; its number, as exports or adjustments count.
pub type Order = (bool, usize, i64);

/// A stay as the three kinds of evidence leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorrectedStay {
    /// The person.
    pub person: PhysicianId,
    /// The body.
    pub body: AssociationId,
    /// Of stays that begin on one day the greatest began last. See [`Order`].
    pub order: Order,
    /// 入会日; `None` while pending.
    pub joined_on: Option<NaiveDate>,
    /// 退会日 as reported.
    pub left_on: Option<NaiveDate>,
    /// Its reason.
    pub reason: WithdrawalReason,
}

/// All stays as known at `known_at`, in no order.
pub fn stays(told: &Reported<'_>, known_at: KnownAt) -> Vec<CorrectedStay> {
    let known = until(told, known_at);
    let of_person = |person: PhysicianId| stays_of(person, &known).into_iter().map(move |stay| (person, stay));
    persons_of(&known)
        .into_iter()
        .flat_map(of_person)
        .map(|(person, stay)| CorrectedStay {
            person,
            body: stay.body,
            order: stay.id,
            joined_on: stay.joined_on,
            left_on: stay.left_on,
            reason: stay.reason,
        })
        .collect()
}

/// The person of a number as known at `known_at`.
pub fn person_on(told: &Reported<'_>, known_at: KnownAt, number: PhysicianId) -> PhysicianId {
    person_of(number, &until(told, known_at).adjustments)
}

/// What had been told by the end of a day and holds on it, each list in the order in which it was learnt.
struct Known<'a> {
    /// All versions of the stays up to the day, the newest included; those of replaced files left out.
    versions: Vec<&'a EnrolmentVersion>,
    /// Approved applications with the day on which they were learnt.
    applications: Vec<(NaiveDate, &'a ApplicationVersion)>,
    /// Adjustments that were not taken back, with the day on which they were learnt.
    adjustments: Vec<(NaiveDate, &'a AdjustmentVersion)>,
    /// All exports.
    exports: &'a [ExportDay],
    known_at: KnownAt,
}

/// The first day of the unbroken days up to `day` on which the same was said; `said` tells whether it was on a day.
fn first_day(day: NaiveDate, said: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    let mut first = day;
    while let Some(eve) = first.pred_opt().filter(|eve| said(*eve)) {
        first = eve;
    }
    first
}

/// What is learnt later changes nothing.
fn until<'a>(told: &Reported<'a>, known_at: KnownAt) -> Known<'a> {
    let day = known_at.0;
    let mut known = Known {
        versions: told
            .versions
            .iter()
            .filter(|version| version.known_from <= day && version.known_until != Some(version.known_from))
            .collect(),
        applications: told
            .applications
            .iter()
            .filter(|version| version.known_on(day) && version.application.status == ApplicationStatus::Approved)
            .map(|version| {
                let said = |day: NaiveDate| {
                    let mut all = told.applications.iter().filter(|other| other.source == version.source);
                    all.any(|other| other.known_on(day) && other.application.says_the_same(&version.application))
                };
                (first_day(version.known_from, said), version)
            })
            .collect(),
        adjustments: told
            .adjustments
            .iter()
            .filter(|version| version.known_on(day) && !version.adjustment.is_revoked)
            .map(|version| {
                let said = |day: NaiveDate| {
                    let mut all = told.adjustments.iter().filter(|other| other.source == version.source);
                    all.any(|other| other.known_on(day) && other.adjustment.says_the_same(&version.adjustment))
                };
                (first_day(version.known_from, said), version)
            })
            .collect(),
        exports: told.exports,
        known_at,
    };
    known.versions.sort_by_key(|version| version.known_from);
    known.applications.sort_by_key(|(learnt_on, version)| (*learnt_on, version.application.key()));
    known.adjustments.sort_by_key(|(learnt_on, version)| (*learnt_on, version.import, version.row));
    known
}

/// The person of a number: all stays of 統合元番号 are those of 医籍登録番号. Of two adjustments about one 統合元番号 the
/// one learnt later holds. Numbers that were given up for each other in a circle are one person all the same, known by
/// the smallest.
fn person_of(number: PhysicianId, adjustments: &[(NaiveDate, &AdjustmentVersion)]) -> PhysicianId {
    let given_up_for = |number: PhysicianId| {
        let about = adjustments.iter().map(|(_, version)| &version.adjustment);
        let about = about.filter(|adjustment| adjustment.kind == AdjustmentKind::SamePerson);
        about.filter(|adjustment| adjustment.other == Some(number)).map(|adjustment| adjustment.physician).next_back()
    };
    let mut way = vec![number];
    while let Some(next) = given_up_for(way[way.len() - 1]) {
        if let Some(at) = way.iter().position(|other| *other == next) {
            return way[at..].iter().copied().min().unwrap_or(next);
        }
        way.push(next);
    }
    way[way.len() - 1]
}

fn persons_of(known: &Known<'_>) -> BTreeSet<PhysicianId> {
    let shown = known.versions.iter().map(|version| version.physician);
    let numbers = shown.chain(known.adjustments.iter().map(|(_, version)| version.adjustment.physician));
    numbers.map(|number| person_of(number, &known.adjustments)).collect()
}

/// One class of a stay.
#[derive(Debug, Clone, Copy)]
struct ReportedClass {
    class: NationalClass,
    /// First day; `None` = from the beginning.
    from: Option<NaiveDate>,
    /// Day of the export that first showed it, for a change that an export showed.
    shown_on: Option<NaiveDate>,
    /// Day on which it was learnt.
    learnt_on: NaiveDate,
}

/// A stay while each kind of evidence speaks, one after the other.
struct Stay {
    /// Those that no export shows stand before all others, in the order in which they were learnt.
    id: Order,
    body: AssociationId,
    /// The day on which it was first told.
    first_reported: NaiveDate,
    /// What the exports said, export by export; nothing of a stay that only an adjustment tells.
    said: Vec<EnrolmentVersion>,
    /// The same by each source that tells of it.
    by_source: Vec<Vec<EnrolmentVersion>>,
    joined_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
    reason: WithdrawalReason,
    /// Whether the reason comes from an application, since the list is silent; and then, whether its 適用日 is the 退会日.
    reason_of_application: Option<bool>,
    /// In the order in which they were learnt; never empty.
    classes: Vec<ReportedClass>,
    is_confirmed: bool,
}

/// The stays of a person. Where exports show another 入会日 in the place of an old one, the old stay had ended by then if
/// an application or an adjustment says so, and the new one is another stay; else it is a correction (R4, R28).
///
/// All changes are taken for other stays at first. The first one before which the old stay turns out not to have ended is
/// a correction; then everything is asked again, until none is left.
fn stays_of(person: PhysicianId, known: &Known<'_>) -> Vec<Stay> {
    let mut others = changes_of(person, known);
    loop {
        let said = said_of_stays(person, known, &others);
        let each = said.iter().map(|(order, said)| (*order, sources::CorrectedStay::of_one(said.clone())));
        let stays = hear_all(person, known, each);
        let is_correction = |change: &Change| {
            let (old, joined_on) = around(person, known, &others, *change);
            let old = stays.iter().find(|stay| stay.id == old);
            old.is_some_and(|old| old.left_on.is_none_or(|left| Some(left) > joined_on))
        };
        match others.iter().find(|change| is_correction(change)).copied() {
            Some(correction) => others.remove(&correction),
            None => return of_all_sources(person, known, said, &stays),
        };
    }
}

/// What several sources tell of one stay is one (R26), with the days that it has when each of them is heard alone (R28).
fn of_all_sources(
    person: PhysicianId,
    known: &Known<'_>,
    said: BTreeMap<Order, Vec<EnrolmentVersion>>,
    alone: &[Stay],
) -> Vec<Stay> {
    let orders: Vec<Order> = said.keys().copied().collect();
    let days_alone = |order: &Order| {
        let stay = alone.iter().find(|stay| stay.id == *order)?;
        Some((stay.joined_on, stay.left_on))
    };
    let days: Vec<_> = orders.iter().map(days_alone).collect();
    let told = one_of_each(&said.into_values().collect::<Vec<_>>(), &days, known.exports, known.known_at);
    hear_all(person, known, told.into_iter().map(|stay| (orders[stay.first], stay)))
}

fn hear_all(
    person: PhysicianId,
    known: &Known<'_>,
    told: impl Iterator<Item = (Order, sources::CorrectedStay)>,
) -> Vec<Stay> {
    let is_hers = |number: PhysicianId| person_of(number, &known.adjustments) == person;
    let mut stays: Vec<Stay> = told.filter_map(|(order, told)| Stay::of_exports(order, told)).collect();
    for (learnt_on, version) in known.applications.iter().filter(|(_, version)| is_hers(version.application.physician))
    {
        hear_application(&mut stays, &version.application, *learnt_on);
    }
    for (nth, (learnt_on, version)) in known.adjustments.iter().enumerate() {
        if is_hers(version.adjustment.physician) {
            hear_adjustment(&mut stays, &version.adjustment, *learnt_on, nth);
        }
    }
    stays
}

impl Stay {
    /// What the exports last said stands (R3 to R10).
    fn of_exports(id: Order, told: sources::CorrectedStay) -> Option<Self> {
        let sources::CorrectedStay { said, class_since, by_source, .. } = told;
        let (first, last) = (said.first()?, said.last()?);
        let mut classes: Vec<ReportedClass> = Vec::new();
        for (version, learnt_on) in said.iter().zip(class_since) {
            let class = version.facts.class;
            if classes.last().is_none_or(|told| told.class != class) {
                // Before the first export, the first class seen (R9).
                let from = if classes.is_empty() { None } else { version.class_from };
                classes.push(ReportedClass { class, from, shown_on: from, learnt_on });
            }
        }
        Some(Self {
            id,
            body: last.association,
            first_reported: first.known_from,
            joined_on: last.facts.joined_on,
            left_on: last.facts.left_on,
            reason: last.facts.reason,
            reason_of_application: None,
            classes,
            is_confirmed: false,
            by_source,
            said,
        })
    }

    fn counts_on(&self, day: NaiveDate, rule: WithdrawalDayRule) -> bool {
        let has_left = match rule {
            WithdrawalDayRule::LastMemberDay => self.left_on.is_some_and(|left| left < day),
            WithdrawalDayRule::FirstNonMemberDay => self.left_on.is_some_and(|left| left <= day),
        };
        self.joined_on.is_some_and(|joined| joined <= day) && !has_left
    }

    /// The class learnt last whose first day has come.
    fn class_on(&self, day: NaiveDate) -> NationalClass {
        let begun = self.classes.iter().rfind(|told| told.from.is_none_or(|from| from <= day));
        begun.or(self.classes.first()).map_or(NationalClass::Unknown, |told| told.class)
    }

    /// Whether the newest export does not show a stay that has not ended before known-at, and nobody confirmed it.
    fn is_missing(&self, known_at: NaiveDate) -> bool {
        let is_shown = self.said.last().is_none_or(|version| version.rows_shown > 0);
        !is_shown && !self.is_confirmed && self.left_on.is_none_or(|left| left >= known_at)
    }

    /// What the exports had told on a day; their first word where they had told nothing yet.
    fn reported_on(&self, day: NaiveDate) -> Option<&EnrolmentVersion> {
        self.said.iter().rev().find(|version| version.known_from <= day).or(self.said.first())
    }

    /// What each source had told on a day; the first word of all where none had told anything yet.
    fn reported_by_each_on(&self, day: NaiveDate) -> Vec<&EnrolmentVersion> {
        let of_source = |said: &Vec<EnrolmentVersion>| said.iter().rposition(|version| version.known_from <= day);
        let told = self.by_source.iter().filter_map(|said| Some(&said[of_source(said)?]));
        let told: Vec<&EnrolmentVersion> = told.collect();
        if told.is_empty() { self.said.first().into_iter().collect() } else { told }
    }

    /// Whether exports had stopped showing the stay by a day.
    fn had_vanished_by(&self, day: NaiveDate) -> bool {
        self.reported_on(day).is_none_or(|said| said.rows_shown == 0)
    }

    /// The exports after a day that show the stay.
    fn shown_after(&self, day: NaiveDate) -> Vec<&EnrolmentVersion> {
        self.said.iter().filter(|version| version.known_from > day && version.rows_shown > 0).collect()
    }

    /// Whether an export after the day tells another value than any source had told on the day, or shows the stay again
    /// although it was not shown on the day.
    fn is_news<T: PartialEq>(&self, learnt_on: NaiveDate, value: impl Fn(&EnrolmentVersion) -> T) -> bool {
        if self.reported_on(learnt_on).is_none() {
            return false;
        }
        let shown_again = self.had_vanished_by(learnt_on) && !self.shown_after(learnt_on).is_empty();
        let known: Vec<T> = self.reported_by_each_on(learnt_on).into_iter().map(&value).collect();
        let mut later = self.by_source.iter().flatten().filter(|version| version.known_from > learnt_on);
        shown_again || later.any(|version| version.rows_shown > 0 && !known.contains(&value(version)))
    }
}

/// Only approved applications have an effect, and only withdrawals and changes of class.
fn hear_application(stays: &mut [Stay], application: &Application, learnt_on: NaiveDate) {
    let Some(day) = application.effective_on else {
        if application.kind == ApplicationKind::Withdrawal {
            hear_without_day(stays, application);
        }
        return;
    };
    // The stay in that body that began last on or before the day.
    let candidate = |stay: &Stay| stay.joined_on.filter(|_| stay.body == application.association);
    let mut began = stays.iter().filter_map(candidate).filter(|joined| *joined <= day).max();
    let is_withdrawal = application.kind == ApplicationKind::Withdrawal;
    if is_withdrawal && began == Some(day) {
        // One that begins on the very day does not end on it while another one is open: left and joined again.
        let open = stays.iter().filter(|stay| stay.left_on.is_none()).filter_map(candidate);
        began = open.filter(|joined| *joined < day).max().or(began);
    }
    // A withdrawal is about an earlier stay that ends on that very day: left and joined again.
    let is_end_of_earlier = |stay: &&mut Stay| {
        is_withdrawal && candidate(stay).is_some() && candidate(stay) < began && stay.left_on == Some(day)
    };
    let earlier: Vec<&mut Stay> = stays.iter_mut().filter(is_end_of_earlier).collect();
    if !earlier.is_empty() {
        earlier.into_iter().for_each(|stay| hear_reason(stay, application, true));
        return;
    }
    for stay in stays.iter_mut().filter(|stay| began.is_some() && candidate(stay) == began) {
        match application.kind {
            ApplicationKind::Withdrawal => {
                // A source that never told a day takes none back.
                let taken_back = stay.by_source.iter().any(|said| {
                    let is_open = said.last().is_some_and(|last| last.facts.left_on.is_none());
                    let last_reported = said.iter().rposition(|version| version.facts.left_on.is_some());
                    is_open && last_reported.is_some_and(|at| said[at + 1].known_from >= learnt_on)
                });
                // Exports that tell a day stand, and so does the application that was learnt first.
                match stay.left_on {
                    Some(left) => hear_reason(stay, application, left == day),
                    None if taken_back => {}
                    None => (stay.left_on, stay.reason) = (Some(day), application.reason),
                }
            }
            ApplicationKind::ClassChange => {
                let shown = stay.classes.iter_mut().filter(|told| Some(told.class) == application.class);
                let shown = shown.filter_map(|told| Some(((told.shown_on? - day).num_days().abs(), told)));
                if let Some((_, nearest)) = shown.min_by_key(|(distance, _)| *distance) {
                    nearest.from = Some(day);
                }
            }
            ApplicationKind::Joining | ApplicationKind::Other => {}
        }
    }
}

/// A withdrawal without a day is about the last stay in that body, and gives an end that is known its reason.
fn hear_without_day(stays: &mut [Stay], application: &Application) {
    let of_body = |stay: &&Stay| stay.body == application.association && stay.joined_on.is_some();
    let last = stays.iter().filter(of_body).map(|stay| stay.joined_on).max();
    let ended = |stay: &&mut Stay| {
        stay.body == application.association && Some(stay.joined_on) == last && stay.left_on.is_some()
    };
    stays.iter_mut().filter(ended).for_each(|stay| hear_reason(stay, application, false));
}

/// Where the list has no reason, an application about the stay has it: one for the very 退会日 before others, and of
/// several the one that was learnt first.
fn hear_reason(stay: &mut Stay, application: &Application, is_its_day: bool) {
    let fits_better = is_its_day && stay.reason_of_application == Some(false);
    if application.reason != WithdrawalReason::None && (stay.reason == WithdrawalReason::None || fits_better) {
        (stay.reason, stay.reason_of_application) = (application.reason, Some(is_its_day));
    }
}
