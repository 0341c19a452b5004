//! The stays of a few chosen persons: what is looked at once a scan has found who moved.

use std::ops::Range;

use super::corrections::Evidence;
use super::error::TimelineError;
use super::read::{ResolvedStays, Timeline};
use super::same_persons::Touched;
use super::spans::each_segment_of;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::enrolment::{EnrolmentVersion, KnownStay};
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::membership::Segment;
use crate::domain::resolved::{Corrections, Resolved, Speaker, resolve};

/// What is known of chosen persons, each list by person.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Stays by body and enrolment.
    pub stays: Vec<KnownStay>,
    /// Membership segments by body.
    pub segments: Vec<Segment>,
    /// Who speaks about the stays that several sources tell, by stay and day (R26).
    pub speakers: Vec<(PhysicianId, Speaker)>,
}

impl Timeline {
    /// The stays of chosen persons as known at a day, by person, body and enrolment. `persons` ascend and are numbers
    /// that stay; one that was given up for another brings nothing.
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
    pub fn stays_of(
        &self,
        persons: &[PhysicianId],
        known_at: KnownAt,
        evidence: Evidence,
    ) -> Result<Vec<KnownStay>, TimelineError> {
        let mut out = Vec::new();
        self.each_chosen(persons, known_at, evidence, |resolved| {
            out.extend(resolved.stays.into_iter().map(|one| one.stay));
        })?;
        Ok(out)
    }

    /// Everything that is known at a day of chosen persons; persons as in [`Self::stays_of`].
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
    pub fn chosen(
        &self,
        persons: &[PhysicianId],
        known_at: KnownAt,
        rule: WithdrawalDayRule,
    ) -> Result<Chosen, TimelineError> {
        let mut out = Chosen::default();
        self.each_chosen(persons, known_at, Evidence::All, |resolved| {
            each_segment_of(&resolved, known_at, rule, &mut |segment| out.segments.push(segment));
            let person = resolved.stays.first().map(|one| one.stay.physician);
            out.speakers.extend(
                person.into_iter().flat_map(|person| resolved.speakers.iter().map(move |speaker| (person, *speaker))),
            );
            out.stays.extend(resolved.stays.into_iter().map(|one| one.stay));
        })?;
        Ok(out)
    }

    /// The stays of chosen persons in the bodies that `keep` accepts, with all that disagrees about any of their stays; persons as in
    /// [`Self::stays_of`].
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
    pub fn resolved_stays_of(
        &self,
        persons: &[PhysicianId],
        known_at: KnownAt,
        keep: impl Fn(AssociationId) -> bool,
    ) -> Result<ResolvedStays, TimelineError> {
        let mut out = ResolvedStays::default();
        self.each_chosen(persons, known_at, Evidence::All, |resolved| {
            out.disputes.extend(resolved.disputes);
            out.stays.extend(resolved.stays.into_iter().map(|one| one.stay).filter(|stay| keep(stay.association)));
        })?;
        Ok(out)
    }

    /// The persons of some pieces of whom exports or applications have ever told anything in one of the bodies that `is_asked`
    /// accepts, and those whom adjustments concern, wherever: numbers that stay as known at a day, in any order, some several times.
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
    pub fn persons_in(
        &self,
        pieces: Range<usize>,
        known_at: KnownAt,
        is_asked: impl Fn(AssociationId) -> bool,
    ) -> Result<Vec<PhysicianId>, TimelineError> {
        let corrections = self.corrections()?;
        let mut out: Vec<PhysicianId> = Vec::new();
        for nth in pieces {
            let (piece, among) = (self.pieces.keep(nth)?, self.pieces.physicians_of(nth));
            let rows = piece.physician.iter().zip(&piece.association);
            out.extend(rows.filter(|(_, body)| is_asked(AssociationId(**body))).map(|(id, _)| PhysicianId(*id)));
            out.extend(corrections.filed_among(among.clone(), &is_asked));
            out.extend(corrections.adjusted_among(among));
            out.dedup();
        }
        let same = corrections.same(known_at);
        out.iter_mut().for_each(|id| *id = same.stays_as(*id));
        Ok(out)
    }

    /// Calls `take` with what is known at a day of each chosen person.
    fn each_chosen(
        &self,
        persons: &[PhysicianId],
        known_at: KnownAt,
        evidence: Evidence,
        mut take: impl FnMut(Resolved),
    ) -> Result<(), TimelineError> {
        let corrections = self.corrections()?;
        let same = corrections.same_by(known_at, evidence);
        for person in persons.iter().filter(|person| !same.has_given_up(**person)) {
            take(match corrections.touched_person(*person, known_at, evidence, &same) {
                Some(own) => self.resolved(&own, known_at, evidence)?,
                None => {
                    let piece = self.pieces.keep(self.pieces.holding(*person))?;
                    let versions: Vec<EnrolmentVersion> = piece.rows_of(*person).map(|i| piece.version(i)).collect();
                    resolve(*person, &versions, &Corrections::default(), &self.exports, known_at)
                }
            });
        }
        Ok(())
    }

    /// Persons whom an adjustment concerns that holds at a day, ascending, each with all of her numbers.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn adjusted_persons(&self, known_at: KnownAt) -> Result<Vec<(PhysicianId, Vec<PhysicianId>)>, TimelineError> {
        let pair = |person: Touched| (person.physician, person.all);
        Ok(self.corrections()?.adjusted(known_at).into_iter().map(pair).collect())
    }

    /// Calls `each` with the segments of those persons whom an adjustment concerns that holds at a day: as they
    /// count, or as they would count without adjustments. Never more than a few.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read; some segments may have been handed over then.
    pub fn each_adjusted_segment(
        &self,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
        evidence: Evidence,
        mut each: impl FnMut(Segment),
    ) -> Result<(), TimelineError> {
        for person in self.corrections()?.adjusted(known_at) {
            let persons = match evidence {
                Evidence::All => vec![person],
                // Without adjustments each number is a person of its own.
                Evidence::WithoutAdjustments | Evidence::ExportsOnly => {
                    person.all.iter().map(|id| Touched { physician: *id, all: vec![*id] }).collect()
                }
            };
            for person in persons {
                let resolved = self.resolved(&person, known_at, evidence)?;
                each_segment_of(&resolved, known_at, rule, &mut each);
            }
        }
        Ok(())
    }
}
