//! Writing the timeline of a store head.

use std::fmt;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::correction_file::{copy_corrections, write_corrections};
use super::error::TimelineError;
use super::files::TimelineFiles;
use super::parquet::{dates, write_parquet};
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::day::day_number;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::person::PersonAttributes;
use crate::files::{Readers, Unfinished};
use polars::prelude::*;

/// Rows of a piece, the rows of its last physician apart: few enough for the caches of a processor, enough that the footer
/// stays small.
const ROWS_OF_PIECE: usize = 65_536;

/// Writes the versions piece by piece as they come, and the rest when it is finished.
pub struct TimelineWriter {
    files: TimelineFiles,
    enrolments: PieceFile,
    piece: VersionColumns,
    rows_of_piece: usize,
    /// What went wrong first; nothing is written after it.
    failed: Option<TimelineError>,
    pub(super) persons: PersonRows,
    applications: Vec<ApplicationVersion>,
    adjustments: Vec<AdjustmentVersion>,
    /// Whose applications and adjustments these are instead.
    corrections_of: Option<TimelineFiles>,
}

impl fmt::Debug for TimelineWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimelineWriter").field("files", &self.files).finish_non_exhaustive()
    }
}

#[derive(Default)]
pub(super) struct VersionColumns {
    pub(super) physician: Vec<i64>,
    pub(super) enrolment: Vec<i64>,
    pub(super) source: Vec<i32>,
    pub(super) association: Vec<i32>,
    pub(super) class: Vec<i16>,
    pub(super) class_from: Vec<Option<i32>>,
    pub(super) joined_on: Vec<Option<i32>>,
    pub(super) left_on: Vec<Option<i32>>,
    pub(super) reason: Vec<i16>,
    pub(super) status: Vec<i16>,
    pub(super) rows_shown: Vec<i16>,
    pub(super) known_from: Vec<Option<i32>>,
    pub(super) known_until: Vec<Option<i32>>,
}

#[derive(Default)]
pub(super) struct PersonRows {
    pub(super) physician: Vec<i64>,
    pub(super) sex: Vec<i16>,
    pub(super) born_on: Vec<Option<i32>>,
    pub(super) duty: Vec<String>,
    pub(super) known_from: Vec<i32>,
    pub(super) known_until: Vec<Option<i32>>,
}

impl TimelineWriter {
    /// Begins the files of a head, under temporary names in the same folder.
    ///
    /// # Errors
    /// [`TimelineError`] when the folder cannot be written.
    pub fn create(files: &TimelineFiles) -> Result<Self, TimelineError> {
        Ok(Self {
            enrolments: PieceFile::create(&files.enrolments, files.readers)?,
            files: files.clone(),
            piece: VersionColumns::default(),
            rows_of_piece: ROWS_OF_PIECE,
            failed: None,
            persons: PersonRows::default(),
            applications: Vec::new(),
            adjustments: Vec::new(),
            corrections_of: None,
        })
    }

    /// Cuts pieces after so many rows: small worlds have several pieces then.
    #[must_use]
    pub fn with_rows_of_piece(self, rows_of_piece: usize) -> Self {
        Self { rows_of_piece, ..self }
    }

    /// Appends a version. They come sorted by physician, association, enrolment, known_from. What the disk refuses is
    /// told by [`Self::finish`].
    pub fn push(&mut self, version: &EnrolmentVersion) {
        self.begin_row(version.physician.0);
        self.piece.push(version);
    }

    /// Appends a row of another timeline, as [`Self::push`] does.
    pub(super) fn push_row(&mut self, rows: &VersionColumns, i: usize) {
        self.begin_row(rows.physician[i]);
        self.piece.copy(rows, i);
    }

    fn begin_row(&mut self, physician: i64) {
        let is_of_next = self.piece.physician.last().is_some_and(|last| *last != physician);
        if is_of_next && self.piece.physician.len() >= self.rows_of_piece {
            self.end_piece();
        }
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

    /// Takes over the applications and adjustments of another timeline, in place of any that were appended.
    pub fn carry_on_corrections(&mut self, earlier: &TimelineFiles) {
        self.corrections_of = Some(earlier.clone());
    }

    /// Writes what is left, and gives all files their names.
    ///
    /// # Errors
    /// [`TimelineError`] when the folder cannot be written; versions without the other files are not taken for a timeline.
    pub fn finish(mut self) -> Result<(), TimelineError> {
        self.end_piece();
        if let Some(error) = self.failed {
            return Err(error);
        }
        match &self.corrections_of {
            Some(earlier) => copy_corrections(earlier, &self.files)?,
            None => write_corrections(&self.files, &self.applications, &self.adjustments)?,
        }
        let path = &self.files.persons;
        let frame = self.persons.into_frame().map_err(TimelineError::parquet(path))?;
        write_parquet(path, &frame, ParquetCompression::Uncompressed, self.files.readers)?;
        self.enrolments.finish()?;
        self.files.write_sums()
    }

    fn end_piece(&mut self) {
        let piece = std::mem::take(&mut self.piece);
        if self.failed.is_none() && !piece.physician.is_empty() {
            let path = &self.files.enrolments;
            let frame = piece.into_frame().map_err(TimelineError::parquet(path));
            self.failed = frame.and_then(|frame| self.enrolments.write(&frame)).err();
        }
    }
}

impl VersionColumns {
    fn push(&mut self, version: &EnrolmentVersion) {
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
        self.known_from.push(Some(day_number(version.known_from)));
        self.known_until.push(version.known_until.map(day_number));
    }

    fn copy(&mut self, from: &Self, i: usize) {
        self.physician.push(from.physician[i]);
        self.enrolment.push(from.enrolment[i]);
        self.source.push(from.source[i]);
        self.association.push(from.association[i]);
        self.class.push(from.class[i]);
        self.class_from.push(from.class_from[i]);
        self.joined_on.push(from.joined_on[i]);
        self.left_on.push(from.left_on[i]);
        self.reason.push(from.reason[i]);
        self.status.push(from.status[i]);
        self.rows_shown.push(from.rows_shown[i]);
        self.known_from.push(from.known_from[i]);
        self.known_until.push(from.known_until[i]);
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
            "known_from" => dates(self.known_from)?,
            "known_until" => dates(self.known_until)?,
        )
    }
}

impl PersonRows {
    pub(super) fn copy(&mut self, from: &Self, i: usize) {
        self.physician.push(from.physician[i]);
        self.sex.push(from.sex[i]);
        self.born_on.push(from.born_on[i]);
        self.duty.push(from.duty[i].clone());
        self.known_from.push(from.known_from[i]);
        self.known_until.push(from.known_until[i]);
    }

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

/// A file of versions that is being written, under a temporary name.
struct PieceFile {
    path: PathBuf,
    unfinished: Unfinished,
    /// Columns are written in hundreds of small parts.
    writer: BatchedWriter<BufWriter<File>>,
}

impl PieceFile {
    fn create(path: &Path, readers: Readers) -> Result<Self, TimelineError> {
        let mut unfinished = Unfinished::beside(path, readers).map_err(TimelineError::io(path))?;
        let file = unfinished.file().try_clone().map_err(TimelineError::io(path))?;
        let nothing = VersionColumns::default().into_frame().map_err(TimelineError::parquet(path))?;
        let writer = ParquetWriter::new(BufWriter::new(file))
            .with_compression(ParquetCompression::Uncompressed)
            .batched(nothing.schema())
            .map_err(TimelineError::parquet(path))?;
        Ok(Self { path: path.to_path_buf(), unfinished, writer })
    }

    /// Writes a piece.
    fn write(&mut self, piece: &DataFrame) -> Result<(), TimelineError> {
        self.writer.write_batch(piece).map_err(TimelineError::parquet(&self.path))
    }

    fn finish(self) -> Result<(), TimelineError> {
        self.writer.finish().map_err(TimelineError::parquet(&self.path))?;
        self.unfinished.finish(&self.path).map_err(TimelineError::io(&self.path))
    }
}
