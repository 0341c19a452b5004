//! What a revision is (R17): the slow, obvious definition, person by person.
//!
//! It is written from the rulings (docs/rules.md, "Revisions") and shares no code with `domain::revision` or the columns.
//! It asks [`World`] who counted on a day at each of the two
//! known-ats, and the stays of all three kinds of evidence why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use kaiin::domain::application::{ApplicationKind, ApplicationStatus};
use kaiin::domain::as_of::{KnownAt, WithdrawalDayRule};
use kaiin::domain::association::Association;
use kaiin::domain::class::NationalClass;
use kaiin::domain::ids::{EnrolmentId, PhysicianId};
use kaiin::domain::revision::{RevisionCause, RevisionRow};

use super::corrected::{CorrectedStay, stays};
use super::evidence::{Reported, person_on};
use super::flows::{Pair, World};

/// Everybody who counts otherwise: class before, class after, cause.
pub type Changes = BTreeMap<Pair, (Option<NationalClass>, Option<NationalClass>, RevisionCause)>;

/// What was known at two days.
#[derive(Debug)]
pub struct TwoKnown<'w, 'a> {
    told: Reported<'w>,
    rule: WithdrawalDayRule,
    known_before: KnownAt,
    known_at: KnownAt,
    before: &'w World<'a>,
    after: &'w World<'a>,
    stays_before: Vec<CorrectedStay>,
    stays_after: Vec<CorrectedStay>,
}

impl<'w, 'a> TwoKnown<'w, 'a> {
    /// `before` and `after` are the same world as known at the two days.
    pub fn new(
        told: Reported<'w>,
        rule: WithdrawalDayRule,
        (known_before, before): (KnownAt, &'w World<'a>),
        (known_at, after): (KnownAt, &'w World<'a>),
    ) -> Self {
        let (stays_before, stays_after) = (stays(&told, known_before), stays(&told, known_at));
        Self { told, rule, known_before, known_at, before, after, stays_before, stays_after }
    }

    /// Why the figures of a day are other ones.
    pub fn changes(&self, day: NaiveDate) -> Changes {
        let (before, after) = (self.before.members_by_person(day), self.after.members_by_person(day));
        let pairs: BTreeSet<Pair> = before.keys().chain(after.keys()).copied().collect();
        pairs
            .into_iter()
            .map(|pair| (pair, before.get(&pair).copied(), after.get(&pair).copied()))
            .filter(|(_, before, after)| before != after)
            .map(|(pair, before, after)| {
                (pair, (before, after, self.cause(pair, day, before.is_some(), after.is_some())))
            })
            .collect()
    }

    /// The line of the bodies that `keep` accepts, of one class or of all: members before, what each cause adds, members
    /// after.
    pub fn row(
        &self,
        day: NaiveDate,
        keep: impl Fn(&Association) -> bool,
        class: Option<NationalClass>,
    ) -> RevisionRow {
        let is_meant = |(_, body): &Pair, of: NationalClass| {
            self.after.associations().get(*body).is_some_and(&keep) && class.is_none_or(|class| class == of)
        };
        let members = |world: &World<'_>| {
            let members = world.members_by_person(day);
            i64::try_from(members.iter().filter(|(pair, class)| is_meant(pair, **class)).count()).unwrap_or(i64::MAX)
        };
        let mut row =
            RevisionRow { before: members(self.before), after: members(self.after), ..RevisionRow::default() };
        for (pair, (before, after, cause)) in self.changes(day) {
            row.causes[cause.index()] += i64::from(after.is_some_and(|class| is_meant(&pair, class)));
            row.causes[cause.index()] -= i64::from(before.is_some_and(|class| is_meant(&pair, class)));
        }
        row
    }

    /// The first cause that fits.
    fn cause(&self, pair: Pair, day: NaiveDate, counted: bool, counts: bool) -> RevisionCause {
        if !self.changes_without_adjustments(pair, day) {
            return RevisionCause::Adjusted;
        }
        if counted != counts && self.is_reorganised(pair, day) {
            return RevisionCause::Reorganised;
        }
        match (counted, counts) {
            (true, true) => RevisionCause::Reclassified,
            (false, _) => self.why_she_counts(pair, day),
            (true, false) => self.why_she_does_not_count(pair, day),
        }
    }

    /// All numbers that are the person at one of the two days.
    fn numbers(&self, person: PhysicianId) -> BTreeSet<PhysicianId> {
        let shown = self.told.versions.iter().map(|version| version.physician);
        let filed = self.told.applications.iter().map(|version| version.application.physician);
        let is_hers = |number: &PhysicianId| {
            [self.known_before, self.known_at].iter().any(|day| person_on(&self.told, *day, *number) == person)
        };
        shown.chain(filed).filter(is_hers).chain([person]).collect()
    }

    /// Whether exports and applications alone tell otherwise of one of her numbers in the body on the day.
    fn changes_without_adjustments(&self, (person, body): Pair, day: NaiveDate) -> bool {
        let (before, after) = (self.before.unadjusted_by_number(day), self.after.unadjusted_by_number(day));
        self.numbers(person).into_iter().any(|number| before.get(&(number, body)) != after.get(&(number, body)))
    }

    /// What decides the day is the last day up to it on which she came into the body or went out of it as known now, else
    /// the first one after it. It is 組織変更, and was none of her days before.
    fn is_reorganised(&self, pair: Pair, day: NaiveDate) -> bool {
        let days = self.after.borders(pair);
        let decides = days.iter().rev().find(|(border, _)| *border <= day).or(days.first());
        let was_there = |border: &(NaiveDate, bool)| self.before.borders(pair).contains(border);
        decides.is_some_and(|border| self.after.is_reorganised(pair, *border) && !was_there(border))
    }

    fn why_she_counts(&self, pair: Pair, day: NaiveDate) -> RevisionCause {
        let Some(now) = self.speaks(&self.stays_after, pair, day) else { return RevisionCause::Corrected };
        if self.first_export_of(now).is_some_and(|first| first > self.known_before.0) {
            return RevisionCause::SourceBegan;
        }
        // Known before at all, under whatever number.
        match self.stays_before.iter().find(|before| before.order == now.order) {
            None => RevisionCause::LateReport,
            Some(before) if before.joined_on.is_none() => RevisionCause::LateReport,
            Some(before) if self.has_left(before, day) && self.is_cancelled(pair) => RevisionCause::Cancelled,
            Some(_) => RevisionCause::Corrected,
        }
    }

    fn why_she_does_not_count(&self, pair: Pair, day: NaiveDate) -> RevisionCause {
        let Some(before) = self.speaks(&self.stays_before, pair, day) else { return RevisionCause::Corrected };
        let now = self.stays_after.iter().find(|now| now.order == before.order);
        match now {
            Some(now) if before.left_on.is_none() && self.has_left(now, day) => RevisionCause::LateReport,
            _ => RevisionCause::Corrected,
        }
    }

    /// The stay that counts on the day; of several the one that began last (R1).
    fn speaks<'s>(&self, stays: &'s [CorrectedStay], pair: Pair, day: NaiveDate) -> Option<&'s CorrectedStay> {
        let counts = |stay: &&CorrectedStay| {
            (stay.person, stay.body) == pair
                && stay.joined_on.is_some_and(|joined| joined <= day)
                && !self.has_left(stay, day)
        };
        stays.iter().filter(counts).max_by_key(|stay| (stay.joined_on, stay.order))
    }

    fn has_left(&self, stay: &CorrectedStay, day: NaiveDate) -> bool {
        stay.left_on.is_some_and(|left| self.rule.ended_on(left) <= day)
    }

    /// The day of the first export of the source that tells a stay; `None` of one that only an adjustment tells.
    fn first_export_of(&self, stay: &CorrectedStay) -> Option<NaiveDate> {
        let (true, _, enrolment) = stay.order else { return None };
        let tells = self.told.versions.iter().find(|version| version.enrolment == EnrolmentId(enrolment))?;
        let of_source = self.told.versions.iter().filter(|version| version.source == tells.source);
        of_source.map(|version| version.known_from).min()
    }

    /// Whether an application of one of her numbers took a withdrawal from the body back.
    fn is_cancelled(&self, (person, body): Pair) -> bool {
        let numbers = self.numbers(person);
        self.told.applications.iter().filter(|version| version.known_on(self.known_at.0)).any(|version| {
            let application = &version.application;
            application.kind == ApplicationKind::Withdrawal
                && application.status == ApplicationStatus::Cancelled
                && application.association == body
                && numbers.contains(&application.physician)
        })
    }
}
