//! Who stands behind the figures of a body: the segments, stays and files of all who were ever in it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::sources::{Source, Sources, Stays};
use crate::domain::association::BodySet;
use crate::domain::body_days::each_within_bodies;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::membership::Segment;
use crate::domain::resolved::Speaker;
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;
use crate::stats::Memberships;

/// One member behind the figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub physician: PhysicianId,
    /// Class on the as-of day.
    pub class: NationalClass,
    /// The stay.
    pub stay: KnownStay,
    /// Where it is written.
    pub source: Source,
}

/// The members of a body on a day, as many as `kaiin count` counts there, by class and person.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub(in crate::service) async fn listed(
    workspace: &Workspace,
    vintage: &Vintage,
    body: AssociationId,
    class: Option<NationalClass>,
    day: NaiveDate,
) -> Result<Vec<Member>> {
    let memberships = memberships_of_body(vintage, body)?;
    Ok(Behind::of(workspace, vintage, &memberships, body).await?.members(day, class))
}

/// Stays of one person, each with where it is written; `speakers` are those of her stays that several sources tell (R26).
///
/// # Errors
/// When the store or the timeline cannot be read.
pub(in crate::service) async fn written(
    workspace: &Workspace,
    vintage: &Vintage,
    stays: &[KnownStay],
    speakers: &[(PhysicianId, Speaker)],
) -> Result<Vec<(KnownStay, Source)>> {
    let bodies: BTreeSet<AssociationId> = stays.iter().map(|stay| stay.association).collect();
    let mut out = Vec::with_capacity(stays.len());
    for body in bodies {
        let of_body = stays.iter().filter(|stay| stay.association == body);
        let of_body: Stays = of_body.map(|stay| ((stay.physician, stay.enrolment), *stay)).collect();
        let sources = Sources::load(workspace, vintage, &of_body, body, speakers).await?;
        out.extend(of_body.values().map(|stay| (*stay, sources.newest(stay))));
    }
    Ok(out)
}

/// Everything that is known of the persons of a body in this body.
pub(super) struct Behind {
    pub(super) of_person: BTreeMap<PhysicianId, Vec<Segment>>,
    pub(super) stays: Stays,
    pub(super) sources: Sources,
}

impl Behind {
    /// Reads what is known of the persons of a body; `memberships` are all of theirs.
    ///
    /// # Errors
    /// When the store or the timeline cannot be read.
    pub(super) async fn of(
        workspace: &Workspace,
        vintage: &Vintage,
        memberships: &Memberships,
        body: AssociationId,
    ) -> Result<Self> {
        let mut persons: Vec<PhysicianId> = memberships.physician.iter().copied().map(PhysicianId).collect();
        persons.dedup();
        let chosen = vintage.timeline()?.chosen(&persons, vintage.known_at, vintage.rule)?;
        let of_person = segments_of_body(vintage, body, &chosen.segments);
        let of_body = chosen.stays.iter().filter(|stay| stay.association == body);
        let stays: Stays = of_body.map(|stay| ((stay.physician, stay.enrolment), *stay)).collect();
        let sources = Sources::load(workspace, vintage, &stays, body, &chosen.speakers).await?;
        Ok(Self { of_person, stays, sources })
    }

    /// The members of a day, by class and person.
    pub(super) fn members(&self, day: NaiveDate, class: Option<NationalClass>) -> Vec<Member> {
        let in_force = self.of_person.values().filter_map(|segments| in_figure(segments, day, class));
        let mut members: Vec<Member> = in_force
            .filter_map(|segment| {
                let stay = *self.stays.get(&(segment.physician, segment.enrolment))?;
                let source = self.sources.newest(&stay);
                Some(Member { physician: stay.physician, class: segment.class, stay, source })
            })
            .collect();
        members.sort_by_key(|member| (member.class, member.physician));
        members
    }
}

/// All memberships of the persons who have any in a body: nobody else stands behind its figures.
pub(super) fn memberships_of_body(vintage: &Vintage, body: AssociationId) -> Result<Memberships> {
    let body = BodySet::one(&vintage.associations, vintage.associations.rank(body));
    Ok(vintage.all_memberships()?.of_persons_in(&body, vintage.persons_by_body()?))
}

/// The segments of each person in a body, within the days on which the body exists.
fn segments_of_body(
    vintage: &Vintage,
    body: AssociationId,
    segments: &[Segment],
) -> BTreeMap<PhysicianId, Vec<Segment>> {
    let mut out: BTreeMap<PhysicianId, Vec<Segment>> = BTreeMap::new();
    let each_segment = |each: &mut dyn FnMut(Segment)| segments.iter().copied().for_each(each);
    each_within_bodies(&vintage.associations, each_segment, |segment| {
        if segment.association == body {
            out.entry(segment.physician).or_default().push(segment);
        }
    });
    out
}

/// The segment that counts on a day in the class asked for.
fn in_figure(segments: &[Segment], day: NaiveDate, class: Option<NationalClass>) -> Option<&Segment> {
    segments.iter().find(|segment| segment.contains(day) && class.is_none_or(|class| class == segment.class))
}
