//! Who is a member when applications and adjustments speak beside the exports: the slow, obvious definition.
//!
//! Written from docs/rules.md, "How three kinds of evidence meet", sentence by sentence; what exports say of which stay
//! stands in `said`, what applications and adjustments say in `applied` and `decided`. It shares no code with the
//! product's `resolved`, `membership` or timeline. It does not know the lives of bodies; `on_map` does.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use kaiin::domain::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use kaiin::domain::class::NationalClass;
use kaiin::domain::enrolment::{EnrolmentVersion, WithdrawalReason};
use kaiin::domain::ids::{AssociationId, PhysicianId};

use super::applied::hear_application;
use super::decided::hear_adjustment;
use super::evidence::{Known, Reported, person_of, persons_of, until};
use super::members::Members;
use super::said::{Change, around, changes_of, said_of_stays};
use super::sources::{OneStay, one_of_each};
use super::stay::{Order, Stay};

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

/// The stays of a person. Where exports show another 入会日 in the place of an old one, the old stay had ended by then if
/// an application or an adjustment says so, and the new one is another stay; else it is a correction (R4, R28).
///
/// All changes are taken for other stays at first. The first one before which the old stay turns out not to have ended is
/// a correction; then everything is asked again, until none is left.
fn stays_of(person: PhysicianId, known: &Known<'_>) -> Vec<Stay> {
    let mut others = changes_of(person, known);
    loop {
        let said = said_of_stays(person, known, &others);
        let each = said.iter().map(|(order, said)| (*order, OneStay::of_one(said.clone())));
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

fn hear_all(person: PhysicianId, known: &Known<'_>, told: impl Iterator<Item = (Order, OneStay)>) -> Vec<Stay> {
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
