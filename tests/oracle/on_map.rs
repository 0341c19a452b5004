//! What a count is on a map of bodies: the slow, obvious definition beside `members`.
//!
//! A body that does not exist on a day has no members on it. A count on the map of another day puts each member under
//! the body that took the place of hers. `stats` is compared with it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use kaiin::domain::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use kaiin::domain::association::{Association, Associations, Tier};
use kaiin::domain::class::NationalClass;
use kaiin::domain::enrolment::EnrolmentVersion;
use kaiin::domain::ids::{AssociationId, PhysicianId};

use super::members::{Members, members};

/// Members of each body and class on a day, of the bodies that exist on it. Days of a stay that was taken over from
/// another body are counted there.
pub fn members_of_bodies(
    versions: &[EnrolmentVersion],
    associations: &Associations,
    as_of: AsOf,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
) -> Members {
    let mut out = members(versions, as_of, known_at, rule);
    if associations.iter().all(|body| body.valid_from.is_none() && body.valid_to.is_none()) {
        return out;
    }
    for ((body, _), persons) in &mut out {
        persons.retain(|person| Person::new(*person, versions, associations, known_at, rule).is_in(*body, as_of.0));
    }
    out.retain(|_, persons| !persons.is_empty());
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
    let mut found: BTreeMap<(PhysicianId, AssociationId), Vec<(AssociationId, NationalClass)>> = BTreeMap::new();
    for ((body, class), persons) in members_of_bodies(versions, associations, as_of, known_at, rule) {
        for id in persons {
            let person = Person::new(id, versions, associations, known_at, rule);
            found.entry((id, person.place(body, map_on))).or_default().push((body, class));
        }
    }
    let mut out = Members::new();
    for ((person, place), mut memberships) in found {
        memberships.sort_by_key(|(body, _)| (*body != place, associations.rank(*body)));
        out.entry((place, memberships[0].1)).or_default().insert(person);
    }
    out
}

/// The prefecture that a national member belongs to on a day (R23): of the prefectural bodies the person is in the one
/// that she came to last, then the first in official order; else of the local ones likewise. `None` is 不明.
pub fn home_prefecture(
    id: PhysicianId,
    versions: &[EnrolmentVersion],
    associations: &Associations,
    as_of: AsOf,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
) -> Option<String> {
    let person = Person::new(id, versions, associations, known_at, rule);
    [Tier::Prefectural, Tier::Local].into_iter().find_map(|tier| {
        let bodies = associations.iter().filter(|body| body.tier == tier && person.is_in(body.id, as_of.0));
        let came = |body: &&Association| person.begins(&|day| person.is_in(body.id, day), as_of.0);
        let last = bodies.max_by_key(|body| (came(body), Reverse(associations.rank(body.id))));
        last.map(|body| body.prefecture.clone())
    })
}

/// One person, asked day by day.
struct Person<'a> {
    own: Vec<EnrolmentVersion>,
    associations: &'a Associations,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
}

impl<'a> Person<'a> {
    fn new(
        id: PhysicianId,
        versions: &[EnrolmentVersion],
        associations: &'a Associations,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
    ) -> Self {
        let own = versions.iter().filter(|version| version.physician == id).cloned().collect();
        Self { own, associations, known_at, rule }
    }

    /// Whether exports say that the person is in a body, be there such a body or not.
    fn is_reported_in(&self, body: AssociationId, day: NaiveDate) -> bool {
        members(&self.own, AsOf(day), self.known_at, self.rule).keys().any(|(other, _)| *other == body)
    }

    /// Whether the person counts in a body.
    fn is_in(&self, body: AssociationId, day: NaiveDate) -> bool {
        self.is_reported_in(body, day)
            && self.associations.get(body).is_some_and(|body| body.exists_on(day))
            && !self.associations.iter().any(|before| self.is_taken_over(before, body, day))
    }

    /// Whether the days in a body around `day` are those in `before`, whose place it took: told to have begun on the
    /// same day, and told to last until the end of the one and past the beginning of the other.
    fn is_taken_over(&self, before: &Association, body: AssociationId, day: NaiveDate) -> bool {
        let Some((last, changed_on)) = before.valid_to.zip(before.ended_on()) else { return false };
        let heirs = self.associations.reach(before);
        let begins = |body, day| self.begins(&|day| self.is_reported_in(body, day), day);
        day < changed_on
            && heirs.iter().skip(1).any(|heir| heir.id == body)
            && begins(before.id, last)
                .is_some_and(|first| begins(body, day) == Some(first) && begins(body, changed_on) == Some(first))
    }

    /// The day on which the person began to be where she is on a day, without a break since. Nobody begins on a day
    /// that is neither a 入会日 nor the first day of a body nor the day after the last.
    fn begins(&self, is_in: &dyn Fn(NaiveDate) -> bool, day: NaiveDate) -> Option<NaiveDate> {
        let joined = self.own.iter().filter_map(|version| version.facts.joined_on);
        let bodies = self.associations.iter().flat_map(|body| [body.valid_from, body.ended_on()]).flatten();
        let first_days = joined.chain(bodies).filter(|first| *first <= day);
        let begins = |first: &NaiveDate| is_in(*first) && !first.pred_opt().is_some_and(is_in);
        if is_in(day) { first_days.filter(begins).max() } else { None }
    }

    /// Follows successors until a body is there on the day of the map, or none is known.
    fn place(&self, body: AssociationId, map_on: NaiveDate) -> AssociationId {
        let Some(at) = self.associations.get(body) else { return body };
        let Some(changed_on) = at.ended_on().filter(|changed_on| *changed_on <= map_on) else { return body };
        let successors: Vec<&Association> = self.associations.successors(at).collect();
        let next = match successors[..] {
            [] => None,
            [only] => Some(only),
            _ => successors
                .into_iter()
                .filter_map(|successor| Some((self.first_day(successor, changed_on)?, successor)))
                .min_by_key(|(key, _)| *key)
                .map(|(_, successor)| successor),
        };
        next.map_or(body, |next| self.place(next.id, map_on))
    }

    /// How far from a day the person began to be in a body or one that took its place: those who came after it come
    /// first. `None` for somebody who was in none of them on that day or later.
    fn first_day(&self, successor: &Association, changed_on: NaiveDate) -> Option<(bool, u64)> {
        let joined = self.own.iter().filter_map(|version| version.facts.joined_on);
        let bodies = self.associations.iter().flat_map(|body| [body.valid_from, body.ended_on()]).flatten();
        let days: Vec<NaiveDate> = joined.chain(bodies).filter(|day| *day > changed_on).chain([changed_on]).collect();
        let family = self.associations.reach(successor);
        family
            .iter()
            .flat_map(|body| days.iter().filter_map(|day| self.begins(&|day| self.is_in(body.id, day), *day)))
            .map(|first| (first < changed_on, (first - changed_on).num_days().unsigned_abs()))
            .min()
    }
}
