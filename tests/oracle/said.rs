//! What exports say of each stay, where a change of 入会日 may be another stay (R4, R28): slow and obvious.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use kaiin::domain::enrolment::EnrolmentVersion;
use kaiin::domain::ids::{EnrolmentId, PhysicianId};

use super::evidence::{Known, person_of};
use super::stay::Order;

/// A change of 入会日 in what exports say of one stay: the export, the stay, and the place of the change in it, from 1.
pub type Change = (NaiveDate, EnrolmentId, usize);

/// What exports say of each stay of a person, under her or another number of hers.
fn said_of_chains<'a>(person: PhysicianId, known: &Known<'a>) -> BTreeMap<EnrolmentId, Vec<&'a EnrolmentVersion>> {
    let mut said: BTreeMap<EnrolmentId, Vec<&EnrolmentVersion>> = BTreeMap::new();
    for version in &known.versions {
        if person_of(version.physician, &known.adjustments) == person {
            said.entry(version.enrolment).or_default().push(version);
        }
    }
    said
}

/// The places of the changes of 入会日 in what is said of one stay.
fn changes_in(said: &[&EnrolmentVersion]) -> Vec<usize> {
    let day = |at: usize| said[at].facts.joined_on;
    (1..said.len()).filter(|at| day(at - 1).is_some() && day(*at).is_some() && day(at - 1) != day(*at)).collect()
}

pub fn changes_of(person: PhysicianId, known: &Known<'_>) -> BTreeSet<Change> {
    let chains = said_of_chains(person, known);
    let of_chain = |(stay, said): (&EnrolmentId, &Vec<&EnrolmentVersion>)| -> Vec<Change> {
        (1..).zip(changes_in(said)).map(|(nth, at)| (said[at].known_from, *stay, nth)).collect()
    };
    chains.iter().flat_map(of_chain).collect()
}

/// The stay before a change, and the 入会日 after it.
pub fn around(
    person: PhysicianId,
    known: &Known<'_>,
    others: &BTreeSet<Change>,
    (_, chain, nth): Change,
) -> (Order, Option<NaiveDate>) {
    let said = &said_of_chains(person, known)[&chain];
    let at = changes_in(said)[nth - 1];
    let parts = parts_of(said, others);
    (parts[at - 1], said[at].facts.joined_on)
}

/// The stay that each saying of a chain is about: another one from a change on that is none of corrections, or again the
/// one that was told before with the same 入会日.
fn parts_of(said: &[&EnrolmentVersion], others: &BTreeSet<Change>) -> Vec<Order> {
    let changes = changes_in(said);
    let mut out: Vec<Order> = Vec::new();
    for (at, version) in said.iter().enumerate() {
        let nth = changes.iter().position(|change| *change == at).map(|place| place + 1);
        let starts = nth.filter(|nth| others.contains(&(version.known_from, version.enrolment, *nth)));
        let last_joined = |order: &Order| {
            let last = out.iter().rposition(|other| other == order);
            last.and_then(|last| said[last].facts.joined_on)
        };
        let order = match (starts, out.last()) {
            (None, Some(same)) => *same,
            (None, None) => (true, 0, version.enrolment.0),
            (Some(nth), _) => {
                let told = out.iter().find(|order| last_joined(order) == version.facts.joined_on);
                told.copied().unwrap_or((true, nth, version.enrolment.0))
            }
        };
        out.push(order);
    }
    out
}

/// What exports say of each stay: of one in whose place another is shown also that it is not shown any more.
pub fn said_of_stays(
    person: PhysicianId,
    known: &Known<'_>,
    others: &BTreeSet<Change>,
) -> BTreeMap<Order, Vec<EnrolmentVersion>> {
    let mut out: BTreeMap<Order, Vec<EnrolmentVersion>> = BTreeMap::new();
    let mut replaced: BTreeSet<Order> = BTreeSet::new();
    for said in said_of_chains(person, known).values() {
        let parts = parts_of(said, others);
        for (at, version) in said.iter().enumerate() {
            if at > 0 && parts[at - 1] != parts[at] {
                let gone = EnrolmentVersion { rows_shown: 0, known_from: version.known_from, ..said[at - 1].clone() };
                out.entry(parts[at - 1]).or_default().push(gone);
                replaced.insert(parts[at - 1]);
            }
            out.entry(parts[at]).or_default().push((*version).clone());
        }
    }
    // Shown again beside the one in its place, under the same 入会日 and by the same source: it is that stay.
    loop {
        let again = out.iter().find_map(|(order, said)| {
            let is_that = |old: &&Order| {
                let (last, first) = (&out[*old][out[*old].len() - 1], &said[0]);
                *old != order
                    && (last.source, last.physician, last.association)
                        == (first.source, first.physician, first.association)
                    && last.facts.joined_on == first.facts.joined_on
                    && last.known_from < first.known_from
            };
            Some((*order, *replaced.iter().find(is_that)?)).filter(|_| !replaced.contains(order))
        });
        let Some((order, old)) = again else { return out };
        let said = out.remove(&order).unwrap_or_default();
        out.entry(old).or_default().extend(said);
    }
}
