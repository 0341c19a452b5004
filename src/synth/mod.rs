//! Invented worlds of any size and span: associations, physicians, what happens to them by day, and what the source
//! learns of it when.
//!
//! Pure: the same [`Spec`] gives the same world on every machine and for ever, whatever the rest of the program does. This
//! room knows how a source tells things, not how they are counted, stored or written. Nobody in such a world exists.
//! Start reading at [`World::make`], then `movements` (what can happen), `people` (how it is kept), `shown` (what an
//! export of a day shows of it), `steering` (how totals are met).

mod bodies;
mod cell;
mod course;
mod export;
mod movements;
mod names;
mod people;
mod population;
mod random;
mod shown;
mod spec;
mod steering;

pub use shown::{SynthApplication, SynthRow, SynthStay};
pub use spec::{Spec, SynthError, Wish};

use chrono::NaiveDate;

use bodies::Bodies;
use course::Course;
use people::{Filing, Physician};

use crate::domain::as_of::month_ends;

/// An invented world: all that ever happens in it, and when it becomes known.
#[derive(Debug)]
pub struct World {
    bodies: Bodies,
    physicians: Vec<Physician>,
    filings: Vec<Filing>,
    exports: Vec<NaiveDate>,
    kept_days: i32,
}

impl World {
    /// Makes the world of a spec.
    ///
    /// Everything that happens up to the last export is known by it, so that the counts of the targets come out at the
    /// last export, and at every one a hundred and twenty days or more after the day of the target.
    ///
    /// # Errors
    /// [`SynthError::Target`] when a target cannot be met; [`SynthError::OutOfRange`] when registration numbers run out.
    pub fn make(spec: &Spec) -> Result<Self, SynthError> {
        let exports = month_ends(spec.first_export, spec.last_export);
        let mut course = Course::begin(spec);
        for pair in exports.windows(2) {
            course.settle_targets(spec, pair[0])?;
            course.month(pair[0], pair[1]);
        }
        course.settle_targets(spec, spec.last_export)?;
        course.check_numbers()?;
        let Course { bodies, physicians, filings, .. } = course;
        let kept_days = i32::try_from(spec.ended_rows_kept_days).unwrap_or(i32::MAX / 4);
        Ok(Self { bodies, physicians, filings, exports, kept_days })
    }

    /// The days of the exports, all month ends of the span.
    pub fn exports(&self) -> &[NaiveDate] {
        &self.exports
    }
}
