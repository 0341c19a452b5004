//! Candidates for one person under two numbers (同一人物, A10), as known at a day.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::domain::finding::FindingCode;
use crate::domain::identity::{self, Description, Likeness};
use crate::domain::ids::{PhysicianId, RegistrationNumber};
use crate::domain::person::KnownPerson;
use crate::ingest::fold;
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;
use crate::timeline::Evidence;

/// Two numbers that may be one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandidatePair {
    /// The person with the smaller id.
    pub physician: PhysicianId,
    /// The other person.
    pub other_physician: PhysicianId,
    /// The number of the other.
    pub other: RegistrationNumber,
    /// Why.
    pub likeness: Likeness,
    /// Whether both are members on one day: a person entered twice rather than a number that was changed.
    pub overlaps: bool,
}

/// Descriptions of all persons as known.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub async fn persons(workspace: &Workspace, vintage: &Vintage) -> Result<Vec<KnownPerson>> {
    let ids: Vec<PhysicianId> = vintage.persons()?.physician.iter().copied().map(PhysicianId).collect();
    Ok(workspace.store.persons(&ids, vintage.known_at).await?)
}

/// All pairs among the persons that nobody has decided about yet: neither merged nor 確認済, by id.
///
/// # Errors
/// When the timeline cannot be read.
pub fn candidates(vintage: &Vintage, persons: &[KnownPerson]) -> Result<Vec<CandidatePair>> {
    let descriptions: Vec<Description> = persons.iter().map(description).collect();
    let number_of: BTreeMap<PhysicianId, RegistrationNumber> =
        persons.iter().map(|person| (person.physician, person.number)).collect();
    let decided = decided(vintage)?;
    let found: Vec<_> = identity::candidates(&descriptions)
        .into_iter()
        .filter(|pair| !decided.contains(&(pair.physician, pair.other)))
        .collect();
    let concerned: BTreeSet<PhysicianId> = found.iter().flat_map(|pair| [pair.physician, pair.other]).collect();
    let spans = spans(vintage, &concerned)?;
    Ok(found
        .into_iter()
        .filter_map(|pair| {
            Some(CandidatePair {
                physician: pair.physician,
                other_physician: pair.other,
                other: *number_of.get(&pair.other)?,
                likeness: pair.likeness,
                overlaps: overlap(spans.get(&pair.physician), spans.get(&pair.other)),
            })
        })
        .collect())
}

fn description(person: &KnownPerson) -> Description {
    let texts = person.person.texts();
    let given = texts.kana.split([' ', '　']).filter(|part| !part.is_empty()).nth(1).unwrap_or_default();
    Description {
        physician: person.physician,
        number: person.number,
        kana: fold(&texts.kana),
        given_kana: fold(given),
        born_on: person.person.born_on,
        graduated: fold(&texts.graduated),
    }
}

/// Pairs that are merged, or of which either person was looked at (確認済 FND-020).
fn decided(vintage: &Vintage) -> Result<BTreeSet<(PhysicianId, PhysicianId)>> {
    let mut out = BTreeSet::new();
    let ordered = |a: PhysicianId, b: PhysicianId| (a.min(b), a.max(b));
    for (other, stays) in vintage.timeline()?.same_persons(vintage.known_at)? {
        out.insert(ordered(other, stays));
    }
    for version in vintage.records()?.holding() {
        let adjustment = &version.adjustment;
        if let (Some(FindingCode::PossiblySamePerson), Some(other)) = (adjustment.finding, adjustment.other) {
            out.insert(ordered(adjustment.physician, other));
        }
    }
    Ok(out)
}

type Span = (chrono::NaiveDate, Option<chrono::NaiveDate>);

/// 入会日 and 退会日 of the local stays of the persons concerned.
fn spans(vintage: &Vintage, concerned: &BTreeSet<PhysicianId>) -> Result<BTreeMap<PhysicianId, Vec<Span>>> {
    let mut out: BTreeMap<PhysicianId, Vec<Span>> = BTreeMap::new();
    let concerned: Vec<PhysicianId> = concerned.iter().copied().collect();
    for stay in vintage.timeline()?.stays_of(&concerned, vintage.known_at, Evidence::All)? {
        if let Some(joined) = stay.joined_on {
            out.entry(stay.physician).or_default().push((joined, stay.left_on));
        }
    }
    Ok(out)
}

fn overlap(a: Option<&Vec<Span>>, b: Option<&Vec<Span>>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    a.iter().any(|(from, to)| {
        b.iter().any(|(other_from, other_to)| {
            to.is_none_or(|to| *other_from <= to) && other_to.is_none_or(|other_to| *from <= other_to)
        })
    })
}
