//! What an earlier timeline of the same store tells, carried on into the next one: an import of members changes a hundredth of
//! it, and the store need not be read back for the rest.

use polars::prelude::*;

use super::columns::{NONE, days};
use super::error::TimelineError;
use super::files::TimelineFiles;
use super::parquet::read_parquet;
use super::row_groups::RowGroups;
use super::write::{PersonRows, TimelineWriter, VersionColumns};
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::PhysicianId;
use crate::domain::person::PersonAttributes;

/// Columns of the versions, as [`VersionColumns`] has them.
const VERSIONS: [&str; 13] = [
    "physician_id",
    "enrolment_id",
    "source_id",
    "association_id",
    "class",
    "class_from",
    "joined_on",
    "left_on",
    "reason",
    "status",
    "rows_shown",
    "known_from",
    "known_until",
];

/// Columns of the persons, as [`PersonRows`] has them.
const PERSONS: [&str; 6] = ["physician_id", "sex", "born_on", "duty", "known_from", "known_until"];

/// Physicians, ascending, of whom an earlier timeline is not asked, as ascending ones are looked for.
struct Changed<'c>(&'c [PhysicianId]);

impl Changed<'_> {
    fn has(&mut self, physician: i64) -> bool {
        while self.0.first().is_some_and(|changed| changed.0 < physician) {
            self.0 = &self.0[1..];
        }
        self.0.first().is_some_and(|changed| changed.0 == physician)
    }
}

impl TimelineWriter {
    /// Appends all versions of an earlier timeline but those of the physicians in `changed`, and `fresh` ones where they belong.
    /// `changed` are ascending; `fresh` are sorted as for [`Self::push`] and of nobody else whom the earlier timeline tells of.
    ///
    /// # Errors
    /// [`TimelineError`] when the earlier timeline cannot be read.
    pub fn carry_on(
        &mut self,
        earlier: &TimelineFiles,
        changed: &[PhysicianId],
        fresh: impl Iterator<Item = EnrolmentVersion>,
    ) -> Result<(), TimelineError> {
        let groups = RowGroups::open(&earlier.enrolments)?;
        let (mut fresh, mut changed) = (fresh.peekable(), Changed(changed));
        for nth in 0..groups.len() {
            let frame = groups.read(nth, &VERSIONS)?;
            let rows = VersionColumns::from_frame(&frame).map_err(TimelineError::parquet(groups.path()))?;
            for (i, &physician) in rows.physician.iter().enumerate() {
                if changed.has(physician) {
                    continue;
                }
                while let Some(version) = fresh.next_if(|version| version.physician.0 < physician) {
                    self.push(&version);
                }
                self.push_row(&rows, i);
            }
        }
        fresh.for_each(|version| self.push(&version));
        Ok(())
    }

    /// The same of the descriptions of persons.
    ///
    /// # Errors
    /// [`TimelineError`] when the earlier timeline cannot be read.
    pub fn carry_on_persons(
        &mut self,
        earlier: &TimelineFiles,
        changed: &[PhysicianId],
        fresh: impl Iterator<Item = PersonAttributes>,
    ) -> Result<(), TimelineError> {
        let frame = read_parquet(&earlier.persons, &PERSONS)?;
        let rows = PersonRows::from_frame(&frame).map_err(TimelineError::parquet(&earlier.persons))?;
        let (mut fresh, mut changed) = (fresh.peekable(), Changed(changed));
        for (i, &physician) in rows.physician.iter().enumerate() {
            if changed.has(physician) {
                continue;
            }
            while let Some(person) = fresh.next_if(|person| person.physician.0 < physician) {
                self.push_person(person);
            }
            self.persons.copy(&rows, i);
        }
        fresh.for_each(|person| self.push_person(person));
        Ok(())
    }
}

impl VersionColumns {
    fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            physician: frame.column("physician_id")?.i64()?.into_no_null_iter().collect(),
            enrolment: frame.column("enrolment_id")?.i64()?.into_no_null_iter().collect(),
            source: frame.column("source_id")?.i32()?.into_no_null_iter().collect(),
            association: frame.column("association_id")?.i32()?.into_no_null_iter().collect(),
            class: frame.column("class")?.i16()?.into_no_null_iter().collect(),
            class_from: reported(frame, "class_from")?,
            joined_on: reported(frame, "joined_on")?,
            left_on: reported(frame, "left_on")?,
            reason: frame.column("reason")?.i16()?.into_no_null_iter().collect(),
            status: frame.column("status")?.i16()?.into_no_null_iter().collect(),
            rows_shown: frame.column("rows_shown")?.i16()?.into_no_null_iter().collect(),
            known_from: reported(frame, "known_from")?,
            known_until: reported(frame, "known_until")?,
        })
    }
}

impl PersonRows {
    fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        let duty = frame.column("duty")?.str()?;
        Ok(Self {
            physician: frame.column("physician_id")?.i64()?.into_no_null_iter().collect(),
            sex: frame.column("sex")?.i16()?.into_no_null_iter().collect(),
            born_on: reported(frame, "born_on")?,
            duty: duty.iter().map(|duty| duty.unwrap_or_default().to_string()).collect(),
            known_from: days(frame, "known_from")?,
            known_until: reported(frame, "known_until")?,
        })
    }
}

fn reported(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i32>>> {
    Ok(days(frame, name)?.into_iter().map(|day| (day != NONE).then_some(day)).collect())
}
