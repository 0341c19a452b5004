//! The stays of a few chosen persons: what is looked at once a scan has found who moved.

use super::corrections::Evidence;
use super::error::TimelineError;
use super::read::Timeline;
use super::same_persons::{Touched, given_up};
use super::spans::each_segment_of;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::enrolment::{EnrolmentVersion, KnownStay};
use crate::domain::ids::PhysicianId;
use crate::domain::membership::Segment;
use crate::domain::resolved::{Corrections, resolve};

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
        let touched = self.corrections.touched(known_at, evidence);
        let given_up = given_up(&touched);
        let mut out = Vec::new();
        for person in persons.iter().filter(|person| given_up.binary_search(person).is_err()) {
            let own = touched.binary_search_by_key(person, |touched| touched.physician).ok().map(|at| &touched[at]);
            let resolved = match own {
                Some(own) => self.resolved(own, known_at, evidence)?,
                None => {
                    let piece = self.pieces.keep(self.pieces.holding(*person))?;
                    let versions: Vec<EnrolmentVersion> = piece.rows_of(*person).map(|i| piece.version(i)).collect();
                    resolve(*person, &versions, &Corrections::default(), &self.exports, known_at)
                }
            };
            out.extend(resolved.stays.into_iter().map(|one| one.stay));
        }
        Ok(out)
    }

    /// Persons whom an adjustment concerns that holds at a day, ascending, each with all of her numbers.
    pub fn adjusted_persons(&self, known_at: KnownAt) -> Vec<(PhysicianId, Vec<PhysicianId>)> {
        let pair = |person: Touched| (person.physician, person.all);
        self.corrections.adjusted(known_at).into_iter().map(pair).collect()
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
        for person in self.corrections.adjusted(known_at) {
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
