//! Reading the timeline and projecting it to what was known on a day.

use std::ops::Range;

use polars::prelude::*;

use super::columns::{NONE, Piece, days};
use super::correction_file::LazyCorrections;
use super::corrections::{CorrectionTable, Evidence, KnownOf};
use super::error::TimelineError;
use super::files::TimelineFiles;
use super::parquet::SharedFile;
use super::pieces::Pieces;
use super::same_persons::{Touched, given_up};
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::KnownAt;
use crate::domain::day::day_number;
use crate::domain::enrolment::{EnrolmentVersion, KnownStay};
use crate::domain::export_days::ExportDays;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::person::Sex;
use crate::domain::resolved::{Contradiction, Corrections, Dispute, Resolved, resolve};

/// Attributes of persons as known on a day, one row for each physician, ascending.
#[derive(Debug, Default)]
pub struct PersonColumns {
    /// Physicians, ascending.
    pub physician: Vec<i64>,
    /// Stored number of the sex.
    pub sex: Vec<i16>,
    /// Birth date.
    pub born_on: Vec<Option<i32>>,
    /// 施設業務.
    pub duty: Vec<String>,
}

/// Stays as known at a day, and what disagrees about them.
#[derive(Debug, Default)]
pub struct ResolvedStays {
    /// The stays, by physician, body, enrolment.
    pub stays: Vec<KnownStay>,
    /// Where exports, applications and adjustments disagree, by physician.
    pub disputes: Vec<Dispute>,
}

impl ResolvedStays {
    /// Those of these persons and of others who come after them.
    pub fn followed_by(mut self, mut other: Self) -> Self {
        self.stays.append(&mut other.stays);
        self.disputes.append(&mut other.disputes);
        self
    }
}

/// The timeline of one store head.
#[derive(Debug)]
pub struct Timeline {
    /// Opened with the others: an import may remove it before it is asked for.
    persons: SharedFile,
    pub(super) pieces: Pieces,
    corrections: LazyCorrections,
    pub(super) exports: ExportDays,
}

/// What a walk over a piece comes to, by physician.
enum Stop<'s> {
    /// The rows of one physician in one body, about whom nothing was learnt beside the exports.
    Plain(Range<usize>),
    /// A person with corrections.
    Person(&'s Touched),
}

impl Timeline {
    /// Opens the files, which are read when they are asked for. `exports` are those that the versions come from, of all sources.
    ///
    /// # Errors
    /// [`TimelineError`] when a file is missing or not a timeline.
    pub fn open(files: &TimelineFiles, exports: ExportDays) -> Result<Self, TimelineError> {
        let pieces = Pieces::open(&files.enrolments, exports.are_of_several_sources())?;
        let corrections = LazyCorrections::open(&files.corrections)?;
        let persons = SharedFile::open(&files.persons)?;
        Ok(Self { persons, pieces, corrections, exports })
    }

    /// Number of versions.
    pub fn len(&self) -> usize {
        self.pieces.n_rows()
    }

    /// Whether there are no versions.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All stays as known at a day, by physician, body, enrolment. Stays of bodies that `keep` refuses are left
    /// out.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn stays(
        &self,
        known_at: KnownAt,
        evidence: Evidence,
        keep: impl Fn(AssociationId) -> bool,
    ) -> Result<Vec<KnownStay>, TimelineError> {
        let mut out = Vec::new();
        let is_kept = |piece: &Piece, rows: &Range<usize>| keep(AssociationId(piece.association[rows.start]));
        self.each_resolved(0..self.pieces.len(), (known_at, evidence), is_kept, |resolved| {
            out.extend(resolved.stays.into_iter().map(|one| one.stay).filter(|stay| keep(stay.association)));
        })?;
        Ok(out)
    }

    /// The stays of the bodies that `keep` accepts in some pieces, with all that disagrees about any stay of the persons there, in
    /// one walk over them.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn resolved_stays(
        &self,
        pieces: Range<usize>,
        known_at: KnownAt,
        keep: impl Fn(AssociationId) -> bool,
    ) -> Result<ResolvedStays, TimelineError> {
        let mut out = ResolvedStays::default();
        let is_kept = |piece: &Piece, rows: &Range<usize>| keep(AssociationId(piece.association[rows.start]));
        self.each_resolved(pieces, (known_at, Evidence::All), is_kept, |resolved| {
            out.disputes.extend(resolved.disputes);
            out.stays.extend(resolved.stays.into_iter().map(|one| one.stay).filter(|stay| keep(stay.association)));
        })?;
        Ok(out)
    }

    /// Where two sources that both show a stay disagree about it, as known at a day; by physician (R26).
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn contradictions(&self, known_at: KnownAt) -> Result<Vec<Contradiction>, TimelineError> {
        let mut out = Vec::new();
        if self.exports.are_of_several_sources() {
            self.each_resolved(0..self.pieces.len(), (known_at, Evidence::All), are_of_several, |resolved| {
                out.extend(resolved.contradictions);
            })?;
        }
        Ok(out)
    }

    /// Calls `take` with what is known at a day of every person of some pieces: of one with corrections at once, of others
    /// body by body, where `is_kept` accepts the rows.
    fn each_resolved(
        &self,
        pieces: Range<usize>,
        (known_at, evidence): (KnownAt, Evidence),
        is_kept: impl Fn(&Piece, &Range<usize>) -> bool,
        mut take: impl FnMut(Resolved),
    ) -> Result<(), TimelineError> {
        let touched = self.corrections()?.touched(known_at, evidence);
        let given_up = given_up(&touched);
        for nth in pieces {
            let of_piece = self.pieces.physicians_of(nth);
            let from = touched.partition_point(|person| person.physician < of_piece.start);
            let to = touched.partition_point(|person| person.physician < of_piece.end);
            self.pieces.pass(nth, true, |piece| {
                walk(piece, &touched[from..to], &given_up, |stop| {
                    match stop {
                        Stop::Plain(rows) if !is_kept(piece, &rows) => {}
                        Stop::Plain(rows) => {
                            let physician = PhysicianId(piece.physician[rows.start]);
                            let versions: Vec<EnrolmentVersion> = rows.map(|i| piece.version(i)).collect();
                            take(resolve(physician, &versions, &Corrections::default(), &self.exports, known_at));
                        }
                        Stop::Person(person) => take(self.resolved_at(piece, nth, person, known_at, evidence)?),
                    }
                    Ok(())
                })
            })??;
        }
        Ok(())
    }

    /// Applications as known at a day, by physician. What anybody wrote (備考) and who filed is not among it.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn applications(&self, known_at: KnownAt) -> Result<impl Iterator<Item = &ApplicationVersion>, TimelineError> {
        Ok(self.corrections()?.applications(known_at))
    }

    /// Applications, and adjustments that hold, of some persons as known at a day; `persons` are numbers that stay. What anybody
    /// wrote is not among it.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn known_of(&self, persons: &[PhysicianId], known_at: KnownAt) -> Result<KnownOf<'_>, TimelineError> {
        Ok(self.corrections()?.known_of(persons, known_at))
    }

    /// Adjustments that hold at a day, by physician. Why, and who approved, is not among it.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn adjustments(&self, known_at: KnownAt) -> Result<impl Iterator<Item = &AdjustmentVersion>, TimelineError> {
        Ok(self.corrections()?.adjustments(known_at))
    }

    /// Number of adjustments that hold at a day.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn n_adjustments(&self, known_at: KnownAt) -> Result<usize, TimelineError> {
        Ok(self.corrections()?.n_adjustments(known_at))
    }

    /// Numbers that were given up, as known at a day, with the physician that stays.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn same_persons(&self, known_at: KnownAt) -> Result<Vec<(PhysicianId, PhysicianId)>, TimelineError> {
        let same = self.corrections()?.same(known_at);
        let pairs = |person: &Touched| -> Vec<(PhysicianId, PhysicianId)> {
            person.all.iter().filter(|id| **id != person.physician).map(|id| (*id, person.physician)).collect()
        };
        Ok(same.persons.iter().flat_map(pairs).collect())
    }

    /// Applications and adjustments, read once.
    pub(super) fn corrections(&self) -> Result<&CorrectionTable, TimelineError> {
        self.corrections.read()
    }

    /// What is known of a person.
    pub(super) fn resolved(
        &self,
        person: &Touched,
        known_at: KnownAt,
        evidence: Evidence,
    ) -> Result<Resolved, TimelineError> {
        let nth = self.pieces.holding(person.physician);
        self.resolved_at(self.pieces.keep(nth)?, nth, person, known_at, evidence)
    }

    /// What is known of a person who belongs to a piece. Numbers that are the same person may be in others.
    pub(super) fn resolved_at(
        &self,
        piece: &Piece,
        nth: usize,
        person: &Touched,
        known_at: KnownAt,
        evidence: Evidence,
    ) -> Result<Resolved, TimelineError> {
        let mut versions: Vec<EnrolmentVersion> = Vec::new();
        for id in &person.all {
            let at = self.pieces.holding(*id);
            let piece = if at == nth { piece } else { self.pieces.keep(at)? };
            versions.extend(piece.rows_of(*id).map(|i| piece.version(i)));
        }
        let resolved =
            |corrections: &Corrections<'_>| resolve(person.physician, &versions, corrections, &self.exports, known_at);
        Ok(self.corrections()?.of(&person.all, evidence, resolved))
    }

    /// The attributes of all persons as known at a day: of each the last that was said up to it (R6).
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
    pub fn persons(&self, known_at: KnownAt) -> Result<PersonColumns, TimelineError> {
        let columns = ["physician_id", "sex", "born_on", "duty", "known_from", "known_until"];
        let frame = self.persons.read(&columns)?;
        persons_at(&frame, day_number(known_at.0)).map_err(TimelineError::parquet(self.persons.path()))
    }
}

/// Whether rows of a piece come from several sources.
fn are_of_several(piece: &Piece, rows: &Range<usize>) -> bool {
    let first = piece.source(rows.start);
    rows.clone().any(|i| piece.source(i) != first)
}

/// Comes by every physician of a piece once, in order: rows without corrections body by body, persons with corrections as
/// a whole. `touched` stands by the physician that stays.
fn walk(
    piece: &Piece,
    touched: &[Touched],
    given_up: &[PhysicianId],
    mut each: impl FnMut(Stop<'_>) -> Result<(), TimelineError>,
) -> Result<(), TimelineError> {
    let mut persons = touched.iter().peekable();
    let mut start = 0;
    while start < piece.len() {
        let physician = PhysicianId(piece.physician[start]);
        // Some have no rows of their own: an adjustment may tell a stay that no export shows.
        while let Some(person) = persons.next_if(|person| person.physician < physician) {
            each(Stop::Person(person))?;
        }
        let own = persons.next_if(|person| person.physician == physician);
        if let Some(person) = own {
            each(Stop::Person(person))?;
        }
        if own.is_some() || (!given_up.is_empty() && given_up.binary_search(&physician).is_ok()) {
            start = piece.rows_of(physician).end;
            continue;
        }
        let end = piece.end_of_group(start);
        each(Stop::Plain(start..end))?;
        start = end;
    }
    persons.try_for_each(|person| each(Stop::Person(person)))
}

/// The descriptions that hold on a day. A blank in one is silence: what an earlier one said stands (R6).
fn persons_at(frame: &DataFrame, known: i32) -> PolarsResult<PersonColumns> {
    let physician = frame.column("physician_id")?.i64()?;
    let sex = frame.column("sex")?.i16()?;
    let born_on = frame.column("born_on")?.date()?;
    let duty = frame.column("duty")?.str()?;
    let known_from = days(frame, "known_from")?;
    let known_until = days(frame, "known_until")?;
    let mut out = PersonColumns::default();
    let unknown = i16::from(Sex::Unknown.index());
    // What was last said of the person so far: number, sex, birth date, 施設業務.
    let mut said = (None, unknown, None, "");
    for (i, (&from, &until)) in known_from.iter().zip(&known_until).enumerate() {
        if from > known {
            continue;
        }
        let person = physician.get(i);
        if said.0 != person {
            said = (person, unknown, None, "");
        }
        said.1 = sex.get(i).filter(|sex| *sex != unknown).unwrap_or(said.1);
        said.2 = born_on.phys.get(i).or(said.2);
        said.3 = duty.get(i).filter(|duty| !duty.trim().is_empty()).unwrap_or(said.3);
        if until != NONE && until <= known {
            continue;
        }
        out.physician.push(person.unwrap_or_default());
        out.sex.push(said.1);
        out.born_on.push(said.2);
        out.duty.push(said.3.to_string());
    }
    Ok(out)
}
