//! Who stands behind the figures of a body: the segments, stays and files of all who were ever in it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::Result;
use chrono::NaiveDate;

use super::sources::{Source, Sources, Stays};
use crate::domain::association::{BodySet, Tier};
use crate::domain::body_days::each_within_bodies;
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::membership::Segment;
use crate::domain::resolved::Speaker;
use crate::service::keep::Workspace;
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;
use crate::stats::{Memberships, PersonsByBody};

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

/// Whose list is asked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct ListedFigure<'q> {
    /// The body.
    pub(in crate::service) association: AssociationId,
    /// Only this class.
    pub(in crate::service) class: Option<NationalClass>,
    /// Of a national body only the members of this prefecture (R23).
    pub(in crate::service) national_home: Option<&'q str>,
    /// 基準日.
    pub(in crate::service) as_of: NaiveDate,
}

/// A part of a list.
pub(in crate::service) struct ListedPart {
    /// Members of the whole list, as many as `kaiin count` counts there.
    pub(in crate::service) n: usize,
    /// The members asked for.
    pub(in crate::service) members: Vec<Member>,
}

/// The members of a body on a day, by class and person: those at the places of `wanted`. Stays and files are read of these alone.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub(in crate::service) async fn listed(
    workspace: &Workspace,
    vintage: &Vintage,
    figure: ListedFigure<'_>,
    wanted: Range<usize>,
) -> Result<ListedPart> {
    let mut found = match figure.national_home {
        Some(home) => national_members(vintage, home, figure.as_of)?,
        None => {
            let bodies = BodySet::one(&vintage.associations, vintage.associations.rank(figure.association));
            vintage.all_memberships()?.members_on(&bodies, vintage.persons_by_body()?, day_number(figure.as_of))
        }
    };
    found.retain(|(class, _)| figure.class.is_none_or(|wanted| wanted == *class));
    found.sort_unstable();
    let (n, end) = (found.len(), wanted.end.min(found.len()));
    let of_part = &found[wanted.start.min(end)..end];
    let mut persons: Vec<PhysicianId> = of_part.iter().map(|(_, physician)| *physician).collect();
    persons.sort_unstable();
    let behind = Behind::of(workspace, vintage, &persons, figure.association).await?;
    Ok(ListedPart { n, members: behind.members(figure.as_of, figure.class) })
}

/// National members by the prefectural body that they belong to (R23); worked out once for a vintage.
#[derive(Debug, Default)]
struct NationalByHome(Memo<(), (Memberships, PersonsByBody)>);

/// Class and person of the national members of a prefecture on a day.
fn national_members(vintage: &Vintage, home: &str, day: NaiveDate) -> Result<Vec<(NationalClass, PhysicianId)>> {
    let associations = &vintage.associations;
    let kept = vintage.answers.of::<NationalByHome>().0.get_or((), || {
        let placed = vintage.all_memberships()?.national_by_prefecture(associations);
        let by_body = placed.persons_by_body();
        anyhow::Ok((placed, by_body))
    })?;
    let (placed, by_body) = kept.as_ref();
    let homes = BodySet::of(associations, |body| body.tier == Tier::Prefectural && body.prefecture == home);
    Ok(placed.members_on(&homes, by_body, day_number(day)))
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
    /// Reads what is known of persons of a body, who ascend.
    ///
    /// # Errors
    /// When the store or the timeline cannot be read.
    pub(super) async fn of(
        workspace: &Workspace,
        vintage: &Vintage,
        persons: &[PhysicianId],
        body: AssociationId,
    ) -> Result<Self> {
        let chosen = vintage.timeline()?.chosen(persons, vintage.known_at, vintage.rule)?;
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

/// All memberships of the persons who have any in a body, and these persons: nobody else stands behind its figures.
pub(super) fn memberships_of_body(vintage: &Vintage, body: AssociationId) -> Result<(Memberships, Vec<PhysicianId>)> {
    let body = BodySet::one(&vintage.associations, vintage.associations.rank(body));
    let memberships = vintage.all_memberships()?.of_persons_in(&body, vintage.persons_by_body()?);
    let mut persons: Vec<PhysicianId> = memberships.physician.iter().copied().map(PhysicianId).collect();
    persons.dedup();
    Ok((memberships, persons))
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
