//! What a count is: the slow, obvious definition against which every faster way is tested.
//!
//! It walks all versions for one day and one body at a time and shares no code with the product's
//! `membership`. [`members`] knows member exports alone; `corrected` hears applications and adjustments too.

use std::collections::{BTreeMap, BTreeSet};

use kaiin::domain::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use kaiin::domain::class::NationalClass;
use kaiin::domain::enrolment::EnrolmentVersion;
use kaiin::domain::ids::{AssociationId, PhysicianId};

/// Members of each body and class on a day: the persons themselves, so that heads and memberships both follow.
pub type Members = BTreeMap<(AssociationId, NationalClass), BTreeSet<PhysicianId>>;

/// Says who is a member of which body in which class on `as_of`, as known at `known_at` (R1, R2, R3, R9). Versions of several
/// sources go through `sources::as_one_source` first (R26).
///
/// The order of `versions` does not matter.
pub fn members(versions: &[EnrolmentVersion], as_of: AsOf, known_at: KnownAt, rule: WithdrawalDayRule) -> Members {
    let mut of_person_in_body: BTreeMap<(PhysicianId, AssociationId), Vec<&EnrolmentVersion>> = BTreeMap::new();
    for version in versions {
        of_person_in_body.entry((version.physician, version.association)).or_default().push(version);
    }
    let mut out = Members::new();
    for ((physician, association), versions) in of_person_in_body {
        if let Some(class) = class_on(&versions, as_of, known_at, rule) {
            out.entry((association, class)).or_default().insert(physician);
        }
    }
    out
}

/// The class of one person in one body on a day, or `None` for somebody who is not a member.
fn class_on(
    versions: &[&EnrolmentVersion],
    as_of: AsOf,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
) -> Option<NationalClass> {
    let day = as_of.0;
    versions
        .iter()
        .filter(|version| version.known_on(known_at.0))
        .filter(|version| version.facts.joined_on.is_some_and(|joined| joined <= day))
        .filter(|version| match (rule, version.facts.left_on) {
            (_, None) => true,
            (WithdrawalDayRule::LastMemberDay, Some(left)) => day <= left,
            (WithdrawalDayRule::FirstNonMemberDay, Some(left)) => day < left,
        })
        .max_by_key(|version| (version.facts.joined_on, version.enrolment))
        .map(|current| class_of_stay(versions, current, as_of, known_at))
}

/// The class of a stay on a day: the last class learnt whose first day is not after it, else the first one.
fn class_of_stay(
    versions: &[&EnrolmentVersion],
    current: &EnrolmentVersion,
    as_of: AsOf,
    known_at: KnownAt,
) -> NationalClass {
    let mut learnt: Vec<&&EnrolmentVersion> = versions
        .iter()
        .filter(|version| version.enrolment == current.enrolment)
        .filter(|version| version.known_from <= known_at.0)
        .filter(|version| version.known_until != Some(version.known_from))
        .collect();
    learnt.sort_by_key(|version| version.known_from);
    let first = learnt.first().map_or(current.facts.class, |version| version.facts.class);
    learnt
        .iter()
        .rev()
        .find(|version| version.class_from.is_some_and(|from| from <= as_of.0))
        .map_or(first, |version| version.facts.class)
}
