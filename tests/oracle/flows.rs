//! What a roll-forward is (R16): the slow, obvious definition, which walks day by day.
//!
//! It is written from the rulings and shares no code with `roll_forward`, `transfer`, `reorganisation`, `body_days` or
//! the columns. [`World`] says who is a member on each day,
//! [`World::flows`] what happened between two days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use kaiin::domain::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use kaiin::domain::association::{Association, Associations, Tier};
use kaiin::domain::class::NationalClass;
use kaiin::domain::enrolment::WithdrawalReason;
use kaiin::domain::ids::{AssociationId, PhysicianId};
use kaiin::domain::roll_forward::{Flow, FlowRow};

use super::corrected::{CorrectedStay, memberships, stays};
use super::evidence::{Reported, person_on};

/// Lines by body and class; those with nothing in them are left out.
pub type Flows = BTreeMap<(AssociationId, NationalClass), FlowRow>;

/// Person and body.
pub type Pair = (PhysicianId, AssociationId);

/// The class of each membership, day by day.
type Table = BTreeMap<NaiveDate, BTreeMap<Pair, NationalClass>>;

/// Everything that is known at one day about all days of a span, outside of which nothing happens.
#[derive(Debug)]
pub struct World<'a> {
    associations: &'a Associations,
    rule: WithdrawalDayRule,
    stays: Vec<CorrectedStay>,
    /// Who counts.
    counted: Table,
    /// Who would count without adjustments, by number.
    unadjusted: Table,
    /// The person of each number.
    persons: BTreeMap<PhysicianId, PhysicianId>,
}

/// One end of a membership without a break: the day is 入会日, or 退会日 as reported within the days of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    body: AssociationId,
    run_began_on: NaiveDate,
    day: NaiveDate,
    reason: WithdrawalReason,
}

impl<'a> World<'a> {
    /// Walks all days from `first` to `last`. Nobody may enter, leave or change on or before `first`, or after `last`.
    pub fn new(
        told: &Reported<'_>,
        associations: &'a Associations,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
        (first, last): (NaiveDate, NaiveDate),
    ) -> Self {
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= last).collect();
        let without = Reported { adjustments: &[], ..*told };
        let table = |told: &Reported<'_>| {
            let of_day = |day: &NaiveDate| {
                let members = memberships(told, AsOf(*day), known_at, rule).into_iter();
                (*day, members.map(|(pair, membership)| (pair, membership.class)).collect())
            };
            within_bodies(&days.iter().map(of_day).collect(), associations)
        };
        let (counted, unadjusted) = (table(told), table(&without));
        let numbers: BTreeSet<PhysicianId> = unadjusted.values().flat_map(BTreeMap::keys).map(|(id, _)| *id).collect();
        Self {
            associations,
            rule,
            stays: stays(told, known_at),
            counted,
            unadjusted,
            persons: numbers.into_iter().map(|number| (number, person_on(told, known_at, number))).collect(),
        }
    }

    /// The bodies.
    pub fn associations(&self) -> &Associations {
        self.associations
    }

    /// Members of each body and class on a day.
    pub fn members(&self, day: NaiveDate) -> BTreeMap<(AssociationId, NationalClass), i64> {
        let mut out = BTreeMap::new();
        for ((_, body), class) in self.counted.get(&day).into_iter().flatten() {
            *out.entry((*body, *class)).or_default() += 1;
        }
        out
    }

    /// Who counts on a day, by person and body.
    pub fn members_by_person(&self, day: NaiveDate) -> BTreeMap<(PhysicianId, AssociationId), NationalClass> {
        self.counted.get(&day).cloned().unwrap_or_default()
    }

    /// Who would count on a day without adjustments, by number and body.
    pub fn unadjusted_by_number(&self, day: NaiveDate) -> BTreeMap<(PhysicianId, AssociationId), NationalClass> {
        self.unadjusted.get(&day).cloned().unwrap_or_default()
    }

    /// The roll-forward over (opening day, closing day].
    pub fn flows(&self, opened_on: NaiveDate, closed_on: NaiveDate) -> Flows {
        let mut out = Flows::new();
        for (key, n) in self.members(opened_on) {
            out.entry(key).or_default().opening = n;
        }
        for (key, n) in self.members(closed_on) {
            out.entry(key).or_default().closing = n;
        }
        let pairs: BTreeSet<Pair> = self.counted.values().flat_map(BTreeMap::keys).copied().collect();
        for day in opened_on.iter_days().skip(1).take_while(|day| *day <= closed_on) {
            for pair in &pairs {
                let (before, after) = (class_on(&self.counted, *pair, eve(day)), class_on(&self.counted, *pair, day));
                if before == after {
                    continue;
                }
                let flow = self.flow(*pair, day, before, after);
                if let Some(class) = before {
                    out.entry((pair.1, class)).or_default().book_out(flow);
                }
                if let Some(class) = after {
                    out.entry((pair.1, class)).or_default().book_in(flow);
                }
            }
        }
        out
    }

    /// The days on which somebody comes into a body (true) or goes out of it (false), ascending.
    pub fn borders(&self, pair: Pair) -> Vec<(NaiveDate, bool)> {
        let is_in = |day: NaiveDate| class_on(&self.counted, pair, day).is_some();
        let days = self.counted.keys().filter(|day| is_in(**day) != is_in(eve(**day)));
        days.map(|day| (*day, is_in(*day))).collect()
    }

    /// Whether coming in or going out on such a day is 組織変更, whatever adjustments have to do with it.
    pub fn is_reorganised(&self, pair: Pair, (day, comes_in): (NaiveDate, bool)) -> bool {
        let flow = if comes_in { self.entry_flow(pair, day) } else { self.exit_flow(pair, day) };
        flow == Flow::Reorganised
    }

    fn flow(&self, pair: Pair, day: NaiveDate, before: Option<NationalClass>, after: Option<NationalClass>) -> Flow {
        if !self.happens_without_adjustments(pair, day, before, after) {
            return Flow::Corrected;
        }
        match (before, after) {
            (None, _) => self.entry_flow(pair, day),
            (_, None) => self.exit_flow(pair, day),
            _ => Flow::ClassChanged,
        }
    }

    /// Whether one of the numbers of the person enters, leaves, or comes to the class on the day without adjustments.
    fn happens_without_adjustments(
        &self,
        (person, body): Pair,
        day: NaiveDate,
        before: Option<NationalClass>,
        after: Option<NationalClass>,
    ) -> bool {
        let mut numbers = self.persons.iter().filter(|(_, other)| **other == person).map(|(number, _)| *number);
        numbers.any(|number| {
            let was = class_on(&self.unadjusted, (number, body), eve(day));
            let is = class_on(&self.unadjusted, (number, body), day);
            match (before, after) {
                (None, _) => was.is_none() && is.is_some(),
                (_, None) => was.is_some() && is.is_none(),
                _ => was.is_some() && was != is && is == after,
            }
        })
    }

    fn entry_flow(&self, (person, body): Pair, day: NaiveDate) -> Flow {
        if !self.stays_with_days(person, body).any(|stay| stay.joined_on == Some(day)) {
            return Flow::Reorganised;
        }
        let is_this = |end: &End| end.body == body && end.day == day;
        let (exits, entries) = self.ends(person, self.tier(body));
        if entries.iter().any(|entry| is_this(entry) && exits.iter().any(|exit| self.goes_with_body(exit, entry))) {
            return Flow::Reorganised;
        }
        let paired = self.transfers(exits, entries).iter().any(|(_, entry)| is_this(entry));
        if paired { Flow::MovedIn } else { Flow::Joined }
    }

    fn exit_flow(&self, (person, body): Pair, day: NaiveDate) -> Flow {
        let (exits, entries) = self.ends(person, self.tier(body));
        let left = |stay: &CorrectedStay| stay.left_on.is_some_and(|left| self.rule.ended_on(left) == day);
        if !self.stays_with_days(person, body).any(left) {
            return Flow::Reorganised;
        }
        // The run that ends here is the last one that began before the day.
        let ends_here = |exit: &&End| exit.body == body && exit.run_began_on < day && !self.is_in(person, body, day);
        let Some(exit) = exits.iter().filter(ends_here).max_by_key(|exit| exit.run_began_on).copied() else {
            return Flow::Left;
        };
        if entries.iter().any(|entry| self.goes_with_body(&exit, entry)) {
            return Flow::Reorganised;
        }
        let paired = self.transfers(exits, entries).iter().any(|(other, _)| *other == exit);
        match exit.reason {
            WithdrawalReason::Death => Flow::Died,
            WithdrawalReason::MovedAway => Flow::MovedOut,
            _ if paired => Flow::MovedOut,
            _ => Flow::Left,
        }
    }

    fn tier(&self, body: AssociationId) -> Option<Tier> {
        self.associations.get(body).map(|body| body.tier)
    }

    fn is_in(&self, person: PhysicianId, body: AssociationId, day: NaiveDate) -> bool {
        class_on(&self.counted, (person, body), day).is_some()
    }

    /// Stays that count on a day at least.
    fn stays_with_days(&self, person: PhysicianId, body: AssociationId) -> impl Iterator<Item = &CorrectedStay> {
        self.stays.iter().filter(move |stay| {
            let has_days =
                stay.joined_on.is_some_and(|joined| stay.left_on.is_none_or(|left| joined < self.rule.ended_on(left)));
            (stay.person, stay.body) == (person, body) && has_days
        })
    }

    /// All exits and entries of a person in a tier, ends of memberships without a break.
    fn ends(&self, person: PhysicianId, tier: Option<Tier>) -> (Vec<End>, Vec<End>) {
        let (mut exits, mut entries) = (Vec::new(), Vec::new());
        for body in self.associations.iter().filter(|body| Some(body.tier) == tier) {
            let mut began_on = None;
            for day in self.counted.keys() {
                let is_in = self.is_in(person, body.id, *day);
                if is_in && began_on.is_none() {
                    began_on = Some(*day);
                    let reason = WithdrawalReason::None;
                    entries.push(End { body: body.id, run_began_on: *day, day: *day, reason });
                }
                if let Some(run_began_on) = began_on.filter(|_| !is_in) {
                    began_on = None;
                    let (left_on, reason) = self.reported(person, body, *day);
                    exits.push(End { body: body.id, run_began_on, day: left_on, reason });
                }
            }
        }
        (exits, entries)
    }

    /// 退会日 and reason behind the first day that no longer counts.
    fn reported(&self, person: PhysicianId, body: &Association, day: NaiveDate) -> (NaiveDate, WithdrawalReason) {
        let ends = self
            .stays_with_days(person, body.id)
            .filter(|stay| stay.left_on.is_some_and(|left| self.rule.ended_on(left) == day));
        let last_of_body = body.valid_to.unwrap_or(NaiveDate::MAX);
        match ends.max_by_key(|stay| (stay.joined_on, stay.order)) {
            Some(stay) => {
                let left_on = stay.left_on.unwrap_or(day);
                (left_on.min(last_of_body), self.reason(stay))
            }
            None => (last_of_body, WithdrawalReason::None),
        }
    }

    /// The reason of an exit; one above the local tier that has none takes it from a local exit on the same day, and
    /// from a death on any earlier one.
    fn reason(&self, exit: &CorrectedStay) -> WithdrawalReason {
        if exit.reason != WithdrawalReason::None || self.tier(exit.body) == Some(Tier::Local) {
            return exit.reason;
        }
        let local: Vec<&CorrectedStay> = self
            .stays
            .iter()
            .filter(|stay| stay.person == exit.person && self.tier(stay.body) == Some(Tier::Local))
            .filter(|stay| stay.joined_on.is_some() && stay.left_on.is_some())
            .collect();
        if local.iter().any(|stay| stay.reason == WithdrawalReason::Death && stay.left_on <= exit.left_on) {
            return WithdrawalReason::Death;
        }
        let same_day =
            |reason: &WithdrawalReason| local.iter().any(|stay| stay.reason == *reason && stay.left_on == exit.left_on);
        let told = WithdrawalReason::ALL.into_iter().skip(1).find(same_day);
        told.unwrap_or(WithdrawalReason::None)
    }

    /// Whether an exit and an entry are the person going with her body: it has successors, and both lie within a month
    /// of its end.
    fn goes_with_body(&self, exit: &End, entry: &End) -> bool {
        let Some(body) = self.associations.get(exit.body) else { return false };
        let Some(changed_on) = body.valid_to.and_then(|last| last.succ_opt()) else { return false };
        let near = |day: NaiveDate| (day - changed_on).num_days().abs() <= 31;
        exit.body != entry.body
            && exit.run_began_on < changed_on
            && exit.reason != WithdrawalReason::Death
            && heirs(body, self.associations).contains(&entry.body)
            && near(exit.day)
            && near(entry.day)
    }

    /// Transfers as R20 pairs what the change of bodies leaves: nearest first, one to one; above the local tier only
    /// across prefectures, and none in the national one.
    fn transfers(&self, mut exits: Vec<End>, mut entries: Vec<End>) -> Vec<(End, End)> {
        let (all_exits, all_entries) = (exits.clone(), entries.clone());
        exits.retain(|exit| !all_entries.iter().any(|entry| self.goes_with_body(exit, entry)));
        entries.retain(|entry| !all_exits.iter().any(|exit| self.goes_with_body(exit, entry)));
        let mut out = Vec::new();
        loop {
            // Days of the 退会日 that belong to the membership: the gap begins after them.
            let member_days = match self.rule {
                WithdrawalDayRule::LastMemberDay => 1,
                WithdrawalDayRule::FirstNonMemberDay => 0,
            };
            let gap = |exit: &End, entry: &End| ((entry.day - exit.day).num_days() - member_days).abs();
            let near = exits.iter().flat_map(|exit| entries.iter().map(move |entry| (*exit, *entry))).filter(
                |(exit, entry)| {
                    let is_own = (exit.body, exit.run_began_on) == (entry.body, entry.run_began_on);
                    !is_own && gap(exit, entry) <= 90 && entry.run_began_on >= exit.run_began_on
                },
            );
            let nearest = near.min_by_key(|(exit, entry)| {
                let later_exit_first = std::cmp::Reverse(exit.day);
                let run = |end: &End| (end.run_began_on, end.body);
                (gap(exit, entry), later_exit_first, run(exit), run(entry))
            });
            let Some((exit, entry)) = nearest else { break };
            exits.retain(|other| *other != exit);
            entries.retain(|other| *other != entry);
            if self.is_transfer(exit.body, entry.body) {
                out.push((exit, entry));
            }
        }
        out
    }

    fn is_transfer(&self, from: AssociationId, to: AssociationId) -> bool {
        let (Some(from), Some(to)) = (self.associations.get(from), self.associations.get(to)) else { return false };
        match from.tier {
            Tier::Local => from.id != to.id,
            Tier::Prefectural => from.prefecture != to.prefecture,
            Tier::National => false,
        }
    }
}

fn eve(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

fn class_on(table: &Table, pair: Pair, day: NaiveDate) -> Option<NationalClass> {
    table.get(&day)?.get(&pair).copied()
}

/// All bodies that took the place of one, directly or not.
fn heirs(body: &Association, associations: &Associations) -> BTreeSet<AssociationId> {
    let mut out = BTreeSet::new();
    for code in &body.successors {
        if let Some(next) = associations.by_code(code) {
            out.insert(next.id);
            out.extend(heirs(next, associations));
        }
    }
    out
}

/// Leaves out days on which a body does not exist, and days in a body that are those of the membership in the body whose
/// place it took: told to have begun on the same day, and to last until the end of the one and past the beginning of the
/// other.
fn within_bodies(told: &Table, associations: &Associations) -> Table {
    let begins = |(person, body): Pair, day: NaiveDate| {
        class_on(told, (person, body), day)?;
        let mut first = day;
        while class_on(told, (person, body), eve(first)).is_some() {
            first = eve(first);
        }
        Some(first)
    };
    let is_taken_over = |(person, body): Pair, day: NaiveDate| {
        associations.iter().any(|before| {
            let Some(last) = before.valid_to else { return false };
            let Some(changed_on) = last.succ_opt() else { return false };
            let first = begins((person, before.id), last);
            day < changed_on
                && heirs(before, associations).contains(&body)
                && first.is_some()
                && begins((person, body), day) == first
                && begins((person, body), changed_on) == first
        })
    };
    let of_day = |(day, members): (&NaiveDate, &BTreeMap<Pair, NationalClass>)| {
        let counts = |pair: &Pair| {
            associations.get(pair.1).is_some_and(|body| body.exists_on(*day)) && !is_taken_over(*pair, *day)
        };
        (*day, members.iter().filter(|(pair, _)| counts(pair)).map(|(pair, class)| (*pair, *class)).collect())
    };
    told.iter().map(of_day).collect()
}
