//! What had been told by a day: the exports, applications and adjustments that the slow definitions hear, and who is whom.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use kaiin::domain::adjustment::{AdjustmentKind, AdjustmentVersion};
use kaiin::domain::application::{ApplicationStatus, ApplicationVersion};
use kaiin::domain::as_of::KnownAt;
use kaiin::domain::coverage::ExportDay;
use kaiin::domain::enrolment::EnrolmentVersion;
use kaiin::domain::ids::PhysicianId;

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

/// The person of a number as known at `known_at`.
pub fn person_on(told: &Reported<'_>, known_at: KnownAt, number: PhysicianId) -> PhysicianId {
    person_of(number, &until(told, known_at).adjustments)
}

/// What had been told by the end of a day and holds on it, each list in the order in which it was learnt.
pub struct Known<'a> {
    /// All versions of the stays up to the day, the newest included; those of replaced files left out.
    pub versions: Vec<&'a EnrolmentVersion>,
    /// Approved applications with the day on which they were learnt.
    pub applications: Vec<(NaiveDate, &'a ApplicationVersion)>,
    /// Adjustments that were not taken back, with the day on which they were learnt.
    pub adjustments: Vec<(NaiveDate, &'a AdjustmentVersion)>,
    /// All exports.
    pub exports: &'a [ExportDay],
    pub known_at: KnownAt,
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
pub fn until<'a>(told: &Reported<'a>, known_at: KnownAt) -> Known<'a> {
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
pub fn person_of(number: PhysicianId, adjustments: &[(NaiveDate, &AdjustmentVersion)]) -> PhysicianId {
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

pub fn persons_of(known: &Known<'_>) -> BTreeSet<PhysicianId> {
    let shown = known.versions.iter().map(|version| version.physician);
    let numbers = shown.chain(known.adjustments.iter().map(|(_, version)| version.adjustment.physician));
    numbers.map(|number| person_of(number, &known.adjustments)).collect()
}
