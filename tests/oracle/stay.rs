//! A stay while exports, applications and adjustments speak about it, one after the other: slow and obvious.

use chrono::NaiveDate;

use kaiin::domain::as_of::WithdrawalDayRule;
use kaiin::domain::class::NationalClass;
use kaiin::domain::enrolment::{EnrolmentVersion, WithdrawalReason};
use kaiin::domain::ids::AssociationId;

use super::sources::OneStay;

/// What tells stays apart: whether an export shows it; its place among the 入会日 that exports showed in the place of the
/// first one, 0 for that; its number, as exports or adjustments count.
pub type Order = (bool, usize, i64);

/// One class of a stay.
#[derive(Debug, Clone, Copy)]
pub struct ReportedClass {
    pub class: NationalClass,
    /// First day; `None` = from the beginning.
    pub from: Option<NaiveDate>,
    /// Day of the export that first showed it, for a change that an export showed.
    pub shown_on: Option<NaiveDate>,
    /// Day on which it was learnt.
    pub learnt_on: NaiveDate,
}

/// A stay while each kind of evidence speaks, one after the other.
pub struct Stay {
    /// Those that no export shows stand before all others, in the order in which they were learnt.
    pub id: Order,
    pub body: AssociationId,
    /// The day on which it was first told.
    pub first_reported: NaiveDate,
    /// What the exports said, export by export; nothing of a stay that only an adjustment tells.
    pub said: Vec<EnrolmentVersion>,
    /// The same by each source that tells of it.
    pub by_source: Vec<Vec<EnrolmentVersion>>,
    pub joined_on: Option<NaiveDate>,
    pub left_on: Option<NaiveDate>,
    pub reason: WithdrawalReason,
    /// Whether the reason comes from an application, since the list is silent; and then, whether its 適用日 is the 退会日.
    pub reason_of_application: Option<bool>,
    /// In the order in which they were learnt; never empty.
    pub classes: Vec<ReportedClass>,
    pub is_confirmed: bool,
}

impl Stay {
    /// What the exports last said stands (R3 to R10).
    pub fn of_exports(id: Order, told: OneStay) -> Option<Self> {
        let OneStay { said, class_since, by_source, .. } = told;
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

    pub fn counts_on(&self, day: NaiveDate, rule: WithdrawalDayRule) -> bool {
        let has_left = match rule {
            WithdrawalDayRule::LastMemberDay => self.left_on.is_some_and(|left| left < day),
            WithdrawalDayRule::FirstNonMemberDay => self.left_on.is_some_and(|left| left <= day),
        };
        self.joined_on.is_some_and(|joined| joined <= day) && !has_left
    }

    /// The class learnt last whose first day has come.
    pub fn class_on(&self, day: NaiveDate) -> NationalClass {
        let begun = self.classes.iter().rfind(|told| told.from.is_none_or(|from| from <= day));
        begun.or(self.classes.first()).map_or(NationalClass::Unknown, |told| told.class)
    }

    /// Whether the newest export does not show a stay that has not ended before known-at, and nobody confirmed it.
    pub fn is_missing(&self, known_at: NaiveDate) -> bool {
        let is_shown = self.said.last().is_none_or(|version| version.rows_shown > 0);
        !is_shown && !self.is_confirmed && self.left_on.is_none_or(|left| left >= known_at)
    }

    /// What the exports had told on a day; their first word where they had told nothing yet.
    pub fn reported_on(&self, day: NaiveDate) -> Option<&EnrolmentVersion> {
        self.said.iter().rev().find(|version| version.known_from <= day).or(self.said.first())
    }

    /// What each source had told on a day; the first word of all where none had told anything yet.
    pub fn reported_by_each_on(&self, day: NaiveDate) -> Vec<&EnrolmentVersion> {
        let of_source = |said: &Vec<EnrolmentVersion>| said.iter().rposition(|version| version.known_from <= day);
        let told = self.by_source.iter().filter_map(|said| Some(&said[of_source(said)?]));
        let told: Vec<&EnrolmentVersion> = told.collect();
        if told.is_empty() { self.said.first().into_iter().collect() } else { told }
    }

    /// Whether exports had stopped showing the stay by a day.
    pub fn had_vanished_by(&self, day: NaiveDate) -> bool {
        self.reported_on(day).is_none_or(|said| said.rows_shown == 0)
    }

    /// The exports after a day that show the stay.
    pub fn shown_after(&self, day: NaiveDate) -> Vec<&EnrolmentVersion> {
        self.said.iter().filter(|version| version.known_from > day && version.rows_shown > 0).collect()
    }

    /// Whether an export after the day tells another value than any source had told on the day, or shows the stay again
    /// although it was not shown on the day.
    pub fn is_news<T: PartialEq>(&self, learnt_on: NaiveDate, value: impl Fn(&EnrolmentVersion) -> T) -> bool {
        if self.reported_on(learnt_on).is_none() {
            return false;
        }
        let shown_again = self.had_vanished_by(learnt_on) && !self.shown_after(learnt_on).is_empty();
        let known: Vec<T> = self.reported_by_each_on(learnt_on).into_iter().map(&value).collect();
        let mut later = self.by_source.iter().flatten().filter(|version| version.known_from > learnt_on);
        shown_again || later.any(|version| version.rows_shown > 0 && !known.contains(&value(version)))
    }
}
