//! Tier inclusion and cascade, person by person (R21, E4).

use std::collections::HashMap;

use anyhow::Result;
use chrono::NaiveDate;

use super::context::{AuditContext, rank};
use crate::domain::as_of::Period;
use crate::domain::association::Tier;
use crate::domain::audit::AuditFinding;
use crate::domain::audit::tiers::{TierBreak, Window, breaks};
use crate::domain::body_days::each_within_bodies;
use crate::domain::enrolment::{KnownStay, WithdrawalReason};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId};
use crate::domain::membership::Segment;
use crate::service::known::memo::Memo;
use crate::service::known::vintage::Vintage;
use crate::timeline::Evidence;

/// A break with its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonBreak {
    /// The person.
    pub physician: PhysicianId,
    /// The break.
    pub tier_break: TierBreak,
}

impl PersonBreak {
    /// The break as a finding.
    pub fn finding(&self) -> AuditFinding {
        let one = &self.tier_break;
        AuditFinding {
            other: one.lower,
            before: Some(one.from),
            after: one.until,
            days: Some(one.days),
            ..AuditFinding::new(one.code, self.physician, Some(one.upper))
        }
    }
}

/// The tier audit.
#[derive(Debug)]
pub struct TierAudit {
    /// Period, both ends inclusive.
    pub period: Period,
    /// Breaks that share a day with the period, by body of the upper tier in official order, day, person; one concerns the
    /// area when either of its bodies does.
    pub breaks: Vec<PersonBreak>,
}

/// Breaks of a vintage by period.
#[derive(Debug, Default)]
struct Breaks(Memo<Period, Vec<BreakOfPerson>>);

/// Audits the tiers in a period.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn audit(context: &AuditContext<'_>) -> Result<TierAudit> {
    let (vintage, period) = (context.vintage, context.period);
    let all = vintage.answers.of::<Breaks>().0.get_or(period, || all(vintage, period))?;
    let of_area = all.iter().filter(|one| one.concerns(context));
    Ok(TierAudit { period, breaks: of_area.map(|one| one.found).collect() })
}

/// A break, and the bodies whose areas it concerns.
#[derive(Debug)]
struct BreakOfPerson {
    found: PersonBreak,
    /// Where no body below is named: those that the person is or was in.
    elsewhere: Vec<AssociationId>,
}

impl BreakOfPerson {
    /// A break of the national tier names no body below: it is that of whichever area the person is or was in.
    fn concerns(&self, context: &AuditContext<'_>) -> bool {
        let one = &self.found.tier_break;
        context.keeps(one.upper)
            || match one.lower {
                Some(body) => context.keeps(body),
                None => self.elsewhere.iter().any(|body| context.keeps(*body)),
            }
    }
}

/// The breaks of a period in all areas, by body of the upper tier in official order, day, person.
fn all(vintage: &Vintage, period: Period) -> Result<Vec<BreakOfPerson>> {
    let rules = Rules::of(vintage, period)?;
    let mut found: Vec<BreakOfPerson> = Vec::new();
    let mut of_person: Vec<Segment> = Vec::new();
    let timeline = vintage.timeline()?;
    let each_segment = |each: &mut dyn FnMut(Segment)| timeline.each_segment(vintage.known_at, vintage.rule, each);
    each_within_bodies(&vintage.associations, each_segment, |segment| {
        if of_person.first().is_some_and(|first| first.physician != segment.physician) {
            found.extend(rules.breaks_of(&of_person));
            of_person.clear();
        }
        of_person.push(segment);
    })?;
    found.extend(rules.breaks_of(&of_person));
    found.sort_by_key(|one| {
        let one = &one.found;
        (rank(vintage, one.tier_break.upper), one.tier_break.from, one.physician)
    });
    Ok(found)
}

/// What decides whether the segments of a person hold a break.
struct Rules<'v> {
    vintage: &'v Vintage,
    period: Period,
    reasons: HashMap<(PhysicianId, EnrolmentId), WithdrawalReason>,
    /// By place in official order.
    horizons: Vec<NaiveDate>,
    /// Of somebody who is in no area.
    no_horizon: NaiveDate,
}

impl<'v> Rules<'v> {
    fn of(vintage: &'v Vintage, period: Period) -> Result<Self> {
        let horizons = vintage.horizons();
        let no_horizon = horizons.iter().max().copied().unwrap_or(vintage.known_at.0);
        Ok(Self { vintage, period, reasons: reasons(vintage)?, horizons, no_horizon })
    }

    /// The breaks of one person, whose segments these are.
    fn breaks_of(&self, segments: &[Segment]) -> Vec<BreakOfPerson> {
        let Some(physician) = segments.first().map(|segment| segment.physician) else { return Vec::new() };
        let reason = |id: EnrolmentId| self.reasons.get(&(physician, id)).copied().unwrap_or(WithdrawalReason::None);
        let window = Window { period: self.period, horizon: self.horizon(segments), known_at: self.vintage.known_at };
        let found = breaks(segments, &self.vintage.associations, window, reason);
        let bodies: Vec<AssociationId> = segments.iter().map(|segment| segment.association).collect();
        let with_bodies = |tier_break: TierBreak| BreakOfPerson {
            found: PersonBreak { physician, tier_break },
            elsewhere: if tier_break.lower.is_none() { bodies.clone() } else { Vec::new() },
        };
        found.into_iter().map(with_bodies).collect()
    }

    /// The tier below may be forgotten in any of the areas that the person was in; the national body has none of its own.
    fn horizon(&self, segments: &[Segment]) -> NaiveDate {
        let associations = &self.vintage.associations;
        let areas = segments.iter().filter_map(|segment| associations.get(segment.association));
        let ranks = areas.filter(|body| body.tier != Tier::National).filter_map(|body| associations.rank(body.id));
        ranks.map(|rank| self.horizons[rank]).max().unwrap_or(self.no_horizon)
    }
}

/// Why each stay that has ended did so; stays without a reason are left out. An exit above the local tier without a reason of
/// its own, as wide rows tell it, has that of a local exit on the same day, as in the roll-forward (R16).
fn reasons(vintage: &Vintage) -> Result<HashMap<(PhysicianId, EnrolmentId), WithdrawalReason>> {
    let stays = vintage.timeline()?.stays(vintage.known_at, Evidence::All, |_| true)?;
    let mut out = HashMap::new();
    for of_person in stays.chunk_by(|a, b| a.physician == b.physician) {
        for stay in of_person.iter().filter(|stay| stay.left_on.is_some()) {
            let told = |other: &&KnownStay| other.left_on == stay.left_on && other.reason != WithdrawalReason::None;
            let reason = if stay.reason == WithdrawalReason::None {
                of_person.iter().find(told).map(|other| other.reason)
            } else {
                Some(stay.reason)
            };
            if let Some(reason) = reason {
                out.insert((stay.physician, stay.enrolment), reason);
            }
        }
    }
    Ok(out)
}
