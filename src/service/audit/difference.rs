//! The MAMIS difference of an export day, person by person (R15, E3).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;

use super::context::{is_local, rank};
use crate::domain::as_of::KnownAt;
use crate::domain::association::Tier;
use crate::domain::audit::AuditFinding;
use crate::domain::body_days::{each_of_person_within_bodies, is_limited};
use crate::domain::day::day_number;
use crate::domain::difference::{DifferencePerson, DifferenceTerms, PersonInBody, StayOnExportDay, law_of_person};
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::membership::segments;
use crate::domain::resolved::ResolvedStay;
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;
use crate::timeline::Evidence;

/// Person and body.
type Pair = (PhysicianId, AssociationId);

/// The MAMIS difference of an export day.
#[derive(Debug, Clone)]
pub struct DifferenceAudit {
    /// The export day.
    pub export_day: NaiveDate,
    /// Terms by body in official order; bodies without anything are left out.
    pub bodies: Vec<(AssociationId, DifferenceTerms)>,
    /// Sum over all bodies.
    pub total: DifferenceTerms,
    /// The people behind the difference, by cause, body, day.
    pub people: Vec<DifferencePerson>,
}

impl DifferenceAudit {
    /// One finding for each person behind the difference.
    pub fn findings(&self) -> Vec<AuditFinding> {
        self.people.iter().map(finding).collect()
    }

    /// The same difference for those bodies only that `keep` accepts.
    pub(in crate::service) fn within(&self, keep: impl Fn(AssociationId) -> bool) -> Self {
        let mut total = DifferenceTerms::default();
        let bodies: Vec<_> = self.bodies.iter().filter(|(body, _)| keep(*body)).copied().collect();
        bodies.iter().for_each(|(_, terms)| total.add(terms));
        let people = self.people.iter().filter(|person| keep(person.stay.association)).copied().collect();
        Self { export_day: self.export_day, bodies, total, people }
    }
}

fn finding(person: &DifferencePerson) -> AuditFinding {
    let stay = &person.stay;
    let sign = match person.effect {
        0 => "±",
        1.. => "＋",
        _ => "−",
    };
    let difference = format!("差 {sign}{}", person.effect.unsigned_abs());
    AuditFinding {
        before: stay.left_on,
        after: stay.joined_on,
        detail: match person.contradiction {
            Some(kind) => format!("{}、{difference}", kind.label()),
            None => difference,
        },
        ..AuditFinding::new(person.cause.term().check, stay.physician, Some(stay.association))
    }
}

/// Sets up the difference law on the newest export that speaks.
///
/// The law is about what exports say; what applications and adjustments known by now add or take away is a term of its
/// own, person by person. What we count comes from the figures themselves, so that a remainder shows a fault.
///
/// # Errors
/// When the timeline cannot be read.
pub fn mamis_difference(vintage: &Vintage) -> Result<Arc<DifferenceAudit>> {
    vintage.answers.of::<Difference>().0.get_or((), || find_difference(vintage))
}

/// The difference to what MAMIS shows; there is one for a vintage.
#[derive(Debug, Default)]
struct Difference(Memo<(), DifferenceAudit>);

fn find_difference(vintage: &Vintage) -> Result<DifferenceAudit> {
    let export_day = vintage.newest_export();
    let is_here = |body: AssociationId| is_local(vintage, body);
    let told = vintage.timeline()?.stays(KnownAt(export_day), Evidence::ExportsOnly, is_here)?;
    let exports = stays_on_export_day(vintage, &told, KnownAt(export_day));
    let mut resolved = stays_on_export_day(vintage, &vintage.local_stays()?.stays, vintage.known_at);
    resolved.retain(|stay| stay.is_in_force(export_day, vintage.rule));
    let counted = counted_by_figures(vintage, export_day)?;
    let mut pairs: Vec<Pair> = exports.iter().chain(&resolved).map(pair_of).chain(counted.iter().copied()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut bodies: BTreeMap<usize, (AssociationId, DifferenceTerms)> = BTreeMap::new();
    let mut people = Vec::new();
    for pair in pairs {
        let person = PersonInBody {
            exports: of_pair(&exports, pair),
            resolved: of_pair(&resolved, pair).first().copied(),
            is_counted: counted.binary_search(&pair).is_ok(),
        };
        let (terms, found) = law_of_person(person, export_day, vintage.rule);
        bodies.entry(rank(vintage, pair.1)).or_insert((pair.1, DifferenceTerms::default())).1.add(&terms);
        people.extend(found);
    }
    people.sort_by_key(|person| {
        let day = person.stay.left_on.or(person.stay.joined_on);
        (person.cause, rank(vintage, person.stay.association), day, person.stay.physician)
    });
    let mut total = DifferenceTerms::default();
    bodies.values().for_each(|(_, terms)| total.add(terms));
    Ok(DifferenceAudit { export_day, bodies: bodies.into_values().collect(), total, people })
}

/// Who is counted on a day, as every figure counts; sorted.
fn counted_by_figures(vintage: &Vintage, day: NaiveDate) -> Result<Vec<Pair>> {
    let local: Vec<Option<AssociationId>> =
        vintage.associations.iter().map(|body| (body.tier == Tier::Local).then_some(body.id)).collect();
    let all = vintage.all_memberships()?;
    let day = day_number(day);
    let days = all.starts.iter().zip(&all.ends);
    let rows = all.physician.iter().zip(&all.rank).zip(days);
    let counted = rows.filter(|(_, (starts, ends))| **starts <= day && day < **ends);
    let mut out: Vec<Pair> = counted
        .filter_map(|((physician, rank), _)| Some((PhysicianId(*physician), (*local.get(*rank as usize)?)?)))
        .collect();
    out.sort_unstable();
    Ok(out)
}

fn pair_of(stay: &StayOnExportDay) -> Pair {
    (stay.physician, stay.association)
}

/// The stays of one person in one body, of a sorted list.
fn of_pair(stays: &[StayOnExportDay], pair: Pair) -> &[StayOnExportDay] {
    let from = stays.partition_point(|stay| pair_of(stay) < pair);
    let n = stays[from..].partition_point(|stay| pair_of(stay) == pair);
    &stays[from..from + n]
}

/// Local stays as they stand on the export day, by person, body and 入会日.
fn stays_on_export_day(vintage: &Vintage, stays: &[KnownStay], known_at: KnownAt) -> Vec<StayOnExportDay> {
    let mut out = Vec::with_capacity(stays.len());
    for of_person in stays.chunk_by(|a, b| a.physician == b.physician) {
        let days = PersonDays::of(vintage, of_person, known_at);
        out.extend(of_person.iter().map(|stay| on_export_day(stay, days.are_of(vintage, stay))));
    }
    // Of several rows the one that began later is the second; what they say decides where they began alike.
    out.sort_by_key(|stay| (pair_of(stay), stay.joined_on, stay.left_on.unwrap_or(NaiveDate::MAX), stay.status));
    out
}

/// In which bodies a person counts on the export day by her days and those of the bodies: a day before a merger may be
/// one of the body before it.
struct PersonDays(Option<BTreeSet<AssociationId>>);

impl PersonDays {
    fn of(vintage: &Vintage, of_person: &[KnownStay], known_at: KnownAt) -> Self {
        let associations = &vintage.associations;
        let may_not_exist = |stay: &KnownStay| associations.get(stay.association).is_none_or(is_limited);
        if !of_person.iter().any(may_not_exist) {
            return Self(None);
        }
        let mut by_body: Vec<&KnownStay> = of_person.iter().collect();
        by_body.sort_by_key(|stay| stay.association);
        let resolved =
            |stay: &&KnownStay| ResolvedStay { stay: **stay, classes: vec![(stay.class, None)], is_confirmed: false };
        let mut of_bodies = Vec::new();
        for of_body in by_body.chunk_by(|a, b| a.association == b.association) {
            let of_body: Vec<ResolvedStay> = of_body.iter().map(resolved).collect();
            of_bodies.extend(segments(&of_body, known_at, vintage.rule));
        }
        let mut bodies = BTreeSet::new();
        each_of_person_within_bodies(&mut of_bodies, associations, |segment| {
            if segment.contains(vintage.newest_export()) {
                bodies.insert(segment.association);
            }
        });
        Self(Some(bodies))
    }

    /// Whether the export day is a day of the body of a stay.
    fn are_of(&self, vintage: &Vintage, stay: &KnownStay) -> bool {
        let exists = vintage.associations.get(stay.association);
        exists.is_some_and(|body| body.exists_on(vintage.newest_export()))
            && self.0.as_ref().is_none_or(|bodies| bodies.contains(&stay.association) || !is_in_force(vintage, stay))
    }
}

fn is_in_force(vintage: &Vintage, stay: &KnownStay) -> bool {
    on_export_day(stay, true).is_in_force(vintage.newest_export(), vintage.rule)
}

fn on_export_day(stay: &KnownStay, body_exists: bool) -> StayOnExportDay {
    StayOnExportDay {
        physician: stay.physician,
        association: stay.association,
        joined_on: stay.joined_on,
        left_on: stay.left_on,
        status: stay.status,
        rows_shown: stay.rows_shown,
        body_exists,
    }
}
