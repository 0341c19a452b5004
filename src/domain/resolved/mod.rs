//! The stays of one person as known on a day, after applications (R22, R9) and adjustments had their say.
//!
//! Three kinds of evidence speak about a stay: the member exports, the applications, and the adjustments that a person
//! approved. The newest member export is the rule, of several sources the newest that shows the stay (R26); an application
//! adds a withdrawal that no export tells and the day of a class change; an adjustment overrides both until an export says
//! something new. An end that one of them told is an end: what exports show later in the place of the stay is another one
//! (R28). What disagrees comes back as a [`Dispute`]. This module knows neither files nor the store, and does not count:
//! `membership`
//! makes days of its answer. Start reading at [`resolve`].

mod adjustments;
mod applications;
mod draft;
mod evidence;
mod outcome;
mod rejoins;
mod sources;

use std::borrow::Cow;

use crate::domain::as_of::KnownAt;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::export_days::ExportDays;
use crate::domain::ids::PhysicianId;
use draft::Table;
use evidence::Evidence;
use rejoins::{Parted, borders};
use sources::{Chain, Joint};

pub use evidence::{Corrections, adjustment_learnt_on};
pub use outcome::{Dispute, Resolved, ResolvedStay};
pub use sources::{Contradiction, SourceWord, Speaker};

/// Brings together what was known of one person at the end of a day.
///
/// `versions` are the versions of all stays of the person that were ever known for a day or more, in the order
/// (body, enrolment, known_from); of several numbers that are one person, one after the other, and all stays come
/// back under `physician`. `exports` are those of all sources. Whatever was learnt after `known_at` is passed over.
pub fn resolve(
    physician: PhysicianId,
    versions: &[EnrolmentVersion],
    corrections: &Corrections<'_>,
    exports: &ExportDays,
    known_at: KnownAt,
) -> Resolved {
    let evidence = Evidence::known(corrections, known_at);
    let parted = parted(physician, versions, known_at, &evidence);
    let chains: Vec<Chain<'_>> = chains(&parted, known_at).collect();
    let table = Table::of_chains(physician, &chains).hear(&evidence);
    // Of one source nothing says that it is one: versions need not name it then.
    if !exports.are_of_several_sources() || !sources::meet(&chains) {
        return table.finish();
    }
    let joint = Joint::of(&chains, &table.days_of(chains.len()), exports, known_at);
    let resolved = Table::of_several_sources(physician, &joint).hear(&evidence).finish();
    let speakers = joint.speakers();
    let contradictions = joint.contradictions.into_iter().map(|one| Contradiction { physician, ..one });
    Resolved { contradictions: contradictions.collect(), speakers, ..resolved }
}

/// What is said of each stay up to a day.
fn chains(versions: &[EnrolmentVersion], known_at: KnownAt) -> impl Iterator<Item = Chain<'_>> {
    versions
        .chunk_by(|a, b| (a.physician, a.enrolment) == (b.physician, b.enrolment))
        .map(move |chain| &chain[..chain.partition_point(|version| version.known_from <= known_at.0)])
        .filter(|chain| !chain.is_empty())
}

/// The versions of each stay, once it is clear which changes of 入会日 are corrections (R4) and which another stay (R28).
fn parted<'v>(
    physician: PhysicianId,
    versions: &'v [EnrolmentVersion],
    known_at: KnownAt,
    evidence: &Evidence<'_>,
) -> Cow<'v, [EnrolmentVersion]> {
    // Exports alone say of one stay only what overlaps (R4).
    let mut borders = if evidence.is_empty() { Vec::new() } else { borders(versions, known_at) };
    while !borders.is_empty() {
        let parted = Parted::new(versions, known_at, &borders);
        let chains: Vec<Chain<'_>> = chains(&parted.versions, known_at).collect();
        let table = Table::of_chains(physician, &chains).hear(evidence);
        match parted.first_correction(&table) {
            // Without it the evidence may be about other stays, so everything is asked again.
            Some(at) => borders.remove(at),
            None => return Cow::Owned(parted.versions),
        };
    }
    Cow::Borrowed(versions)
}

#[cfg(test)]
mod tests;
