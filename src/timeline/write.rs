//! Writing the timeline of a store head.

use std::path::Path;

use polars::prelude::*;
use tempfile::Builder;

use super::corrections::write_corrections;
use super::{TimelineError, TimelineFiles};
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::day::day_number;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::person::PersonAttributes;

/// Collects columns; [`TimelineWriter::finish`] writes them.
#[derive(Debug, Default)]
pub struct TimelineWriter {
    physician: Vec<i64>,
    enrolment: Vec<i64>,
    source: Vec<i32>,
    association: Vec<i32>,
    class: Vec<i16>,
    class_from: Vec<Option<i32>>,
    joined_on: Vec<Option<i32>>,
    left_on: Vec<Option<i32>>,
    reason: Vec<i16>,
    status: Vec<i16>,
    rows_shown: Vec<i16>,
    known_from: Vec<i32>,
    known_until: Vec<Option<i32>>,
    persons: PersonWriter,
    applications: Vec<ApplicationVersion>,
    adjustments: Vec<AdjustmentVersion>,
}

#[derive(Debug, Default)]
struct PersonWriter {
    physician: Vec<i64>,
    sex: Vec<i16>,
    born_on: Vec<Option<i32>>,
    duty: Vec<String>,
    known_from: Vec<i32>,
    known_until: Vec<Option<i32>>,
}

impl TimelineWriter {
    /// Appends a version. They come sorted by physician, association, enrolment, known_from.
    pub fn push(&mut self, version: &EnrolmentVersion) {
        let facts = &version.facts;
        self.physician.push(version.physician.0);
        self.enrolment.push(version.enrolment.0);
        self.source.push(version.source.0);
        self.association.push(version.association.0);
        self.class.push(i16::from(facts.class.index()));
        self.class_from.push(version.class_from.map(day_number));
        self.joined_on.push(facts.joined_on.map(day_number));
        self.left_on.push(facts.left_on.map(day_number));
        self.reason.push(i16::from(facts.reason.index()));
        self.status.push(i16::from(facts.status.index()));
        self.rows_shown.push(i16::try_from(version.rows_shown).unwrap_or(i16::MAX));
        self.known_from.push(day_number(version.known_from));
        self.known_until.push(version.known_until.map(day_number));
    }

    /// Appends a description of a person. They come sorted by physician, known_from.
    pub fn push_person(&mut self, person: PersonAttributes) {
        let columns = &mut self.persons;
        columns.physician.push(person.physician.0);
        columns.sex.push(i16::from(person.sex.index()));
        columns.born_on.push(person.born_on.map(day_number));
        columns.duty.push(person.duty);
        columns.known_from.push(day_number(person.known_from));
        columns.known_until.push(person.known_until.map(day_number));
    }

    /// Appends an application, in any order.
    pub fn push_application(&mut self, version: ApplicationVersion) {
        self.applications.push(version);
    }

    /// Appends an adjustment, in any order.
    pub fn push_adjustment(&mut self, version: AdjustmentVersion) {
        self.adjustments.push(version);
    }

    /// Writes all files under temporary names and renames them.
    ///
    /// # Errors
    /// [`TimelineError`] when the folder cannot be written; no file with a final name is left behind then.
    pub fn finish(mut self, files: &TimelineFiles) -> Result<(), TimelineError> {
        write_corrections(&files.corrections, &self.applications, &self.adjustments)?;
        (self.applications, self.adjustments) = (Vec::new(), Vec::new());
        let (enrolments, persons) = (&files.enrolments, &files.persons);
        let mut frame = self.persons.into_frame().map_err(TimelineError::parquet(persons))?;
        write_parquet(persons, &mut frame)?;
        let mut frame = Self { persons: PersonWriter::default(), ..self }
            .into_frame()
            .map_err(TimelineError::parquet(enrolments))?;
        write_parquet(enrolments, &mut frame)
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        df!(
            "physician_id" => self.physician,
            "enrolment_id" => self.enrolment,
            "source_id" => self.source,
            "association_id" => self.association,
            "class" => self.class,
            "class_from" => dates(self.class_from)?,
            "joined_on" => dates(self.joined_on)?,
            "left_on" => dates(self.left_on)?,
            "reason" => self.reason,
            "status" => self.status,
            "rows_shown" => self.rows_shown,
            "known_from" => dates(self.known_from.into_iter().map(Some).collect())?,
            "known_until" => dates(self.known_until)?,
        )
    }
}

impl PersonWriter {
    fn into_frame(self) -> PolarsResult<DataFrame> {
        df!(
            "physician_id" => self.physician,
            "sex" => self.sex,
            "born_on" => dates(self.born_on)?,
            "duty" => self.duty,
            "known_from" => dates(self.known_from.into_iter().map(Some).collect())?,
            "known_until" => dates(self.known_until)?,
        )
    }
}

pub(super) fn dates(days: Vec<Option<i32>>) -> PolarsResult<Series> {
    Series::new("".into(), days).cast(&DataType::Date)
}

/// Writes a frame under a temporary name and renames it.
pub(super) fn write_parquet(path: &Path, frame: &mut DataFrame) -> Result<(), TimelineError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    // A name of its own: two readers may rebuild a missing timeline at the same time.
    let mut temporary = Builder::new().prefix(".kaiin-").tempfile_in(folder).map_err(TimelineError::io(path))?;
    ParquetWriter::new(temporary.as_file_mut())
        .with_compression(ParquetCompression::Zstd(None))
        // One piece: then its columns need not be copied when they are read (see `read`).
        .with_row_group_size(Some(frame.height().max(1)))
        .finish(frame)
        .map_err(TimelineError::parquet(path))?;
    temporary.as_file().sync_all().map_err(TimelineError::io(path))?;
    temporary.persist(path).map_err(|error| TimelineError::io(path)(error.error))?;
    Ok(())
}
