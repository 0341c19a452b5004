//! What a count is on a map of bodies: the slow, obvious definition beside `count`.
//!
//! A body that does not exist on a day has no members on it. A count on the map of another day puts each member under
//! the body that took the place of hers. Nobody calls this in production; tests compare `stats` with it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use super::association::{Association, Associations};
use super::class::NationalClass;
use super::count::{Members, members};
use super::day::next_day;
use super::enrolment::EnrolmentVersion;
use super::ids::{AssociationId, PhysicianId};

/// Members of each body and class on a day, of the bodies that exist on it.
pub fn members_of_bodies(
    versions: &[EnrolmentVersion],
    associations: &Associations,
    as_of: AsOf,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
) -> Members {
    let mut out = members(versions, as_of, known_at, rule);
    out.retain(|(body, _), _| associations.get(*body).is_some_and(|body| body.exists_on(as_of.0)));
    out
}

/// Members on `as_of`, each under the body in whose place hers is on the map of `map_on`. Two memberships of a person
/// that meet in one body are one: the class of the one that always stood there, else of the first in official order.
pub fn members_on_map(
    versions: &[EnrolmentVersion],
    associations: &Associations,
    as_of: AsOf,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
    map_on: NaiveDate,
) -> Members {
    let on_day = |day: NaiveDate| members_of_bodies(versions, associations, AsOf(day), known_at, rule);
    let mut found: BTreeMap<(PhysicianId, AssociationId), Vec<(AssociationId, NationalClass)>> = BTreeMap::new();
    for ((body, class), persons) in on_day(as_of.0) {
        for person in persons {
            let own: Vec<EnrolmentVersion> =
                versions.iter().filter(|version| version.physician == person).cloned().collect();
            let days = |day: NaiveDate| members_of_bodies(&own, associations, AsOf(day), known_at, rule);
            let first_days = own.iter().filter_map(|version| version.facts.joined_on);
            let first_days: Vec<NaiveDate> =
                first_days.chain(associations.iter().filter_map(|body| body.valid_from)).collect();
            let place = place(body, associations, map_on, &first_days, &days);
            found.entry((person, place)).or_default().push((body, class));
        }
    }
    let mut out = Members::new();
    for ((person, place), mut memberships) in found {
        memberships.sort_by_key(|(body, _)| (*body != place, associations.rank(*body)));
        out.entry((place, memberships[0].1)).or_default().insert(person);
    }
    out
}

/// Follows successors until a body is there on the day of the map, or none is known. `members_on` tells where the
/// person is on a day; she begins to be somewhere on `first_days` only.
fn place(
    body: AssociationId,
    associations: &Associations,
    map_on: NaiveDate,
    first_days: &[NaiveDate],
    members_on: &dyn Fn(NaiveDate) -> Members,
) -> AssociationId {
    let Some(at) = associations.get(body) else { return body };
    let Some(last) = at.valid_to.filter(|last| *last < map_on) else { return body };
    let changed_on = next_day(last);
    let successors: Vec<&Association> = associations.successors(at).collect();
    let next = match successors[..] {
        [] => None,
        [only] => Some(only),
        _ => successors
            .into_iter()
            .filter_map(|successor| {
                let family: Vec<AssociationId> = associations.reach(successor).iter().map(|body| body.id).collect();
                Some((first_day(&family, changed_on, first_days, members_on)?, successor))
            })
            .min_by_key(|(key, _)| *key)
            .map(|(_, successor)| successor),
    };
    next.map_or(body, |next| place(next.id, associations, map_on, first_days, members_on))
}

/// How far from a day the person began to be in one of the bodies: those who came after it come first. `None` for
/// somebody who was in none of them on that day or later.
fn first_day(
    family: &[AssociationId],
    changed_on: NaiveDate,
    first_days: &[NaiveDate],
    members_on: &dyn Fn(NaiveDate) -> Members,
) -> Option<(bool, u64)> {
    let is_in = |body: AssociationId, day: NaiveDate| members_on(day).keys().any(|(other, _)| *other == body);
    let mut best = None;
    for body in family {
        for day in first_days {
            let begins = is_in(*body, *day) && !day.pred_opt().is_some_and(|eve| is_in(*body, eve));
            if !begins {
                continue;
            }
            let still_there = day.iter_days().take_while(|day| *day <= changed_on).all(|day| is_in(*body, day));
            if *day >= changed_on || still_there {
                let key = (*day < changed_on, (*day - changed_on).num_days().unsigned_abs());
                best = Some(best.map_or(key, |other: (bool, u64)| other.min(key)));
            }
        }
    }
    best
}
