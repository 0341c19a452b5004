//! Reading the timeline and projecting it to what was known on a day.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use polars::prelude::*;

use super::corrections::{CorrectionTable, Touched, Voices, read_corrections};
use super::spans::{OfPerson, Span};
use super::{TimelineError, TimelineFiles};
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::class::NationalClass;
use crate::domain::day::{OPEN, date_of, day_number};
use crate::domain::enrolment::{EnrolmentVersion, KnownStay, SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};
use crate::domain::membership::{Segment, segments};
use crate::domain::person::Sex;
use crate::domain::settled::{Corrections, Dispute, Settled, settle};

/// Takes a column without nulls out of a frame. The memory of one that was read in one piece, as all are that we wrote,
/// goes over; another one is copied.
macro_rules! take_values {
    ($frame:ident, $name:literal, $kind:ident) => {{
        let series = $frame.drop_in_place($name)?.take_materialized_series();
        let column = series.$kind()?.clone();
        // Whoever holds the values alone can have them.
        drop(series);
        if column.chunks().len() == 1 {
            let piece = column.downcast_into_iter().next();
            let values = piece.map(|piece| piece.into_inner().1.into_mut());
            values.map(|values| values.either(|shared| shared[..].to_vec(), |own| own)).unwrap_or_default()
        } else {
            let mut out = Vec::with_capacity(column.len());
            column.downcast_iter().for_each(|piece| out.extend_from_slice(piece.values()));
            out
        }
    }};
}

/// Stands for a missing date in plain columns.
pub(super) const NONE: i32 = i32::MIN;

/// The versions of all stays as plain columns, in the order of the file.
#[derive(Debug)]
pub struct VersionColumns {
    pub(super) physician: Vec<i64>,
    pub(super) enrolment: Vec<i64>,
    pub(super) association: Vec<i32>,
    pub(super) class: Vec<i16>,
    pub(super) class_from: Vec<i32>,
    pub(super) joined_on: Vec<i32>,
    pub(super) left_on: Vec<i32>,
    pub(super) rows_shown: Vec<i16>,
    pub(super) known_from: Vec<i32>,
}

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

/// The timeline of one store head.
#[derive(Debug)]
pub struct Timeline {
    files: TimelineFiles,
    pub(super) versions: VersionColumns,
    pub(super) corrections: CorrectionTable,
    details: OnceLock<Details>,
}

/// Columns that counting does not need.
#[derive(Debug)]
pub(super) struct Details {
    pub(super) source: Vec<i32>,
    reason: Vec<i16>,
    status: Vec<i16>,
}

/// What a walk over the timeline comes to, by physician.
enum Stop<'s> {
    /// The rows of one physician in one body, about whom nothing was learnt beside the exports.
    Plain(Range<usize>),
    /// A person with corrections.
    Person(&'s Touched),
}

impl Timeline {
    /// Loads the versions of stays and the corrections.
    ///
    /// # Errors
    /// [`TimelineError`] when a file is missing or not a timeline.
    pub fn load(files: TimelineFiles) -> Result<Self, TimelineError> {
        let path = &files.enrolments;
        let columns = [
            "physician_id",
            "enrolment_id",
            "association_id",
            "class",
            "class_from",
            "joined_on",
            "left_on",
            "rows_shown",
            "known_from",
        ];
        // Both files take about as long in a large store.
        let (versions, corrections) = std::thread::scope(|scope| {
            let corrections = scope.spawn(|| read_corrections(&files.corrections));
            let versions = read_parquet(path, &columns)
                .and_then(|frame| VersionColumns::from_frame(frame).map_err(TimelineError::parquet(path)));
            (versions, corrections.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (versions, corrections) = (versions?, corrections?);
        Ok(Self { files, versions, corrections, details: OnceLock::new() })
    }

    /// Number of versions.
    pub fn len(&self) -> usize {
        self.versions.physician.len()
    }

    /// Whether there are no versions.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `each` with every membership segment as known at a day, by physician and body.
    pub fn each_segment(&self, known_at: KnownAt, rule: WithdrawalDayRule, mut each: impl FnMut(Segment)) {
        let known = self.known(known_at, rule);
        known.each_person(&known.whole(), |person| match person {
            OfPerson::Plain(spans) => spans.iter().filter_map(Span::segment).for_each(&mut each),
            OfPerson::Settled(segments) => segments.drain(..).for_each(&mut each),
        });
    }

    /// Calls `each` with the segments of those persons whom an adjustment concerns that holds at a day: as they
    /// count, or as they would count without adjustments. Never more than a few.
    pub fn each_adjusted_segment(
        &self,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
        voices: Voices,
        mut each: impl FnMut(Segment),
    ) {
        for person in self.corrections.adjusted(known_at) {
            let persons = match voices {
                Voices::All => vec![person],
                // Without adjustments each number is a person of its own.
                Voices::WithoutAdjustments | Voices::ExportsOnly => {
                    person.all.iter().map(|id| Touched { physician: *id, all: vec![*id] }).collect()
                }
            };
            for person in persons {
                let settled = self.settled(&person, known_at, voices, None);
                each_segment_of(&settled, known_at, rule, &mut each);
            }
        }
    }

    /// All stays as known at a day, by physician, body, enrolment. Stays of bodies that `keep` refuses are left
    /// out.
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
    pub fn stays(
        &self,
        known_at: KnownAt,
        voices: Voices,
        keep: impl Fn(AssociationId) -> bool,
    ) -> Result<Vec<KnownStay>, TimelineError> {
        let details = self.details()?;
        let columns = &self.versions;
        let touched = self.corrections.touched(known_at, voices);
        let mut out = Vec::new();
        let mut take = |settled: Settled| {
            out.extend(settled.stays.into_iter().map(|one| one.stay).filter(|stay| keep(stay.association)));
        };
        self.walk(&touched, |stop| match stop {
            Stop::Plain(rows) if !keep(AssociationId(columns.association[rows.start])) => {}
            Stop::Plain(rows) => {
                let physician = PhysicianId(columns.physician[rows.start]);
                let versions: Vec<EnrolmentVersion> = rows.map(|i| columns.version(i, Some(details))).collect();
                take(settle(physician, &versions, &Corrections::default(), known_at));
            }
            Stop::Person(person) => take(self.settled(person, known_at, voices, Some(details))),
        });
        Ok(out)
    }

    /// Where exports, applications and adjustments disagree, as known at a day; by physician.
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
    pub fn disputes(&self, known_at: KnownAt) -> Result<Vec<Dispute>, TimelineError> {
        let details = self.details()?;
        let touched = self.corrections.touched(known_at, Voices::All);
        Ok(touched
            .iter()
            .flat_map(|person| self.settled(person, known_at, Voices::All, Some(details)).disputes)
            .collect())
    }

    /// Applications as known at a day, by physician. What anybody wrote (備考) and who filed is not among it.
    pub fn applications(&self, known_at: KnownAt) -> impl Iterator<Item = &ApplicationVersion> {
        self.corrections.applications(known_at)
    }

    /// Number of adjustments that hold at a day.
    pub fn n_adjustments(&self, known_at: KnownAt) -> usize {
        self.corrections.n_adjustments(known_at)
    }

    /// Numbers that were given up, as known at a day, with the physician that stays.
    pub fn same_persons(&self, known_at: KnownAt) -> Vec<(PhysicianId, PhysicianId)> {
        let touched = self.corrections.touched(known_at, Voices::All);
        let pairs = |person: &Touched| -> Vec<(PhysicianId, PhysicianId)> {
            person.all.iter().filter(|id| **id != person.physician).map(|id| (*id, person.physician)).collect()
        };
        touched.iter().flat_map(pairs).collect()
    }

    /// Comes by every physician once, in order: rows without corrections body by body, persons with corrections as a
    /// whole. `touched` stands by the physician that stays.
    fn walk(&self, touched: &[Touched], mut each: impl FnMut(Stop<'_>)) {
        let columns = &self.versions;
        let n = columns.physician.len();
        let mut given_up: Vec<PhysicianId> = touched
            .iter()
            .flat_map(|person| person.all.iter().filter(|id| **id != person.physician))
            .copied()
            .collect();
        given_up.sort_unstable();
        let mut persons = touched.iter().peekable();
        let mut start = 0;
        while start < n {
            let physician = PhysicianId(columns.physician[start]);
            // Some have no rows of their own: an adjustment may tell a stay that no export shows.
            while let Some(person) = persons.next_if(|person| person.physician < physician) {
                each(Stop::Person(person));
            }
            let own = persons.next_if(|person| person.physician == physician);
            if let Some(person) = own {
                each(Stop::Person(person));
            }
            if own.is_some() || (!given_up.is_empty() && given_up.binary_search(&physician).is_ok()) {
                start = columns.rows_of(physician).end;
                continue;
            }
            let end = columns.end_of_group(start);
            each(Stop::Plain(start..end));
            start = end;
        }
        persons.for_each(|person| each(Stop::Person(person)));
    }

    pub(super) fn settled(
        &self,
        person: &Touched,
        known_at: KnownAt,
        voices: Voices,
        details: Option<&Details>,
    ) -> Settled {
        let columns = &self.versions;
        let versions: Vec<EnrolmentVersion> =
            person.all.iter().flat_map(|id| columns.rows_of(*id)).map(|i| columns.version(i, details)).collect();
        self.corrections
            .of(&person.all, voices, |corrections| settle(person.physician, &versions, corrections, known_at))
    }

    /// Columns that counting does not need, read once.
    pub(super) fn details(&self) -> Result<&Details, TimelineError> {
        if let Some(details) = self.details.get() {
            return Ok(details);
        }
        let path = &self.files.enrolments;
        let frame = read_parquet(path, &["source_id", "reason", "status"])?;
        let details = Details::from_frame(&frame).map_err(TimelineError::parquet(path))?;
        // Another thread may have read them meanwhile; they are the same.
        Ok(self.details.get_or_init(|| details))
    }

    /// The attributes of all persons as known at a day: of each the last that was said up to it (R6).
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
    pub fn persons(&self, known_at: KnownAt) -> Result<PersonColumns, TimelineError> {
        let path = &self.files.persons;
        let columns = ["physician_id", "sex", "born_on", "duty", "known_from", "known_until"];
        let frame = read_parquet(path, &columns)?;
        persons_at(&frame, day_number(known_at.0)).map_err(TimelineError::parquet(path))
    }
}

impl VersionColumns {
    fn from_frame(mut frame: DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            physician: take_values!(frame, "physician_id", i64),
            enrolment: take_values!(frame, "enrolment_id", i64),
            association: take_values!(frame, "association_id", i32),
            class: take_values!(frame, "class", i16),
            class_from: take_days(&mut frame, "class_from")?,
            joined_on: take_days(&mut frame, "joined_on")?,
            left_on: take_days(&mut frame, "left_on")?,
            rows_shown: take_values!(frame, "rows_shown", i16),
            known_from: take_days(&mut frame, "known_from")?,
        })
    }

    /// First row after the group of one physician in one body.
    pub(super) fn end_of_group(&self, start: usize) -> usize {
        let key = (self.physician[start], self.association[start]);
        let mut end = start + 1;
        while end < self.physician.len() && (self.physician[end], self.association[end]) == key {
            end += 1;
        }
        end
    }

    /// The rows of a physician.
    pub(super) fn rows_of(&self, physician: PhysicianId) -> Range<usize> {
        let start = self.physician.partition_point(|id| *id < physician.0);
        let length = self.physician[start..].partition_point(|id| *id == physician.0);
        start..start + length
    }

    /// The version at a row; without details as far as memberships need it.
    pub(super) fn version(&self, i: usize, details: Option<&Details>) -> EnrolmentVersion {
        let index = |codes: &[i16]| u8::try_from(codes[i]).unwrap_or_default();
        EnrolmentVersion {
            enrolment: EnrolmentId(self.enrolment[i]),
            source: SourceId(details.map_or(0, |details| details.source[i])),
            physician: PhysicianId(self.physician[i]),
            association: AssociationId(self.association[i]),
            facts: StayFacts {
                wished_on: None,
                joined_on: date(self.joined_on[i]),
                left_on: date(self.left_on[i]),
                class: class(self.class[i]),
                class_text: None,
                reason: details.map_or(WithdrawalReason::None, |details| {
                    WithdrawalReason::from_index(index(&details.reason)).unwrap_or(WithdrawalReason::Other)
                }),
                reason_text: None,
                status: details.map_or(SourceStatus::Unknown, |details| {
                    SourceStatus::from_index(index(&details.status)).unwrap_or(SourceStatus::Unknown)
                }),
            },
            class_from: date(self.class_from[i]),
            rows_shown: u16::try_from(self.rows_shown[i]).unwrap_or_default(),
            known_from: date(self.known_from[i]).unwrap_or_default(),
            known_until: None,
        }
    }
}

impl Details {
    fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        let codes =
            |name: &str| -> PolarsResult<Vec<i16>> { Ok(frame.column(name)?.i16()?.into_no_null_iter().collect()) };
        Ok(Self {
            source: frame.column("source_id")?.i32()?.into_no_null_iter().collect(),
            reason: codes("reason")?,
            status: codes("status")?,
        })
    }
}

/// The segments of a person, body by body.
pub(super) fn each_segment_of(
    settled: &Settled,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
    each: &mut impl FnMut(Segment),
) {
    for of_body in settled.stays.chunk_by(|a, b| a.stay.association == b.stay.association) {
        segments(of_body, known_at, rule).into_iter().for_each(&mut *each);
    }
}

pub(super) fn date(day: i32) -> Option<chrono::NaiveDate> {
    if day == NONE || day == OPEN { None } else { date_of(day) }
}

pub(super) fn class(index: i16) -> NationalClass {
    u8::try_from(index).ok().and_then(NationalClass::from_index).unwrap_or(NationalClass::Unknown)
}

/// Takes a column of days out of a frame; one that was read in one piece is not copied.
fn take_days(frame: &mut DataFrame, name: &str) -> PolarsResult<Vec<i32>> {
    if frame.column(name)?.n_chunks() != 1 {
        return days(frame, name);
    }
    let series = frame.drop_in_place(name)?.take_materialized_series();
    let column = series.date()?.phys.clone();
    drop(series);
    let Some(piece) = column.downcast_into_iter().next() else { return Ok(Vec::new()) };
    let (_, values, told) = piece.into_inner();
    let mut out = values.into_mut().either(|shared| shared[..].to_vec(), |own| own);
    if let Some(told) = told {
        out.iter_mut().zip(told.iter()).filter(|(_, is_told)| !is_told).for_each(|(day, _)| *day = NONE);
    }
    Ok(out)
}

pub(super) fn days(frame: &DataFrame, name: &str) -> PolarsResult<Vec<i32>> {
    let column = frame.column(name)?.date()?;
    let mut out = Vec::with_capacity(column.len());
    for piece in column.phys.downcast_iter() {
        match piece.validity() {
            None => out.extend_from_slice(piece.values()),
            Some(told) => {
                let day = |(day, is_told): (&i32, bool)| if is_told { *day } else { NONE };
                out.extend(piece.values().iter().zip(told.iter()).map(day));
            }
        }
    }
    Ok(out)
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

/// Reads the named columns of a Parquet file.
pub(super) fn read_parquet(path: &Path, columns: &[&str]) -> Result<DataFrame, TimelineError> {
    let file = File::open(path).map_err(TimelineError::io(path))?;
    ParquetReader::new(file)
        .with_columns(Some(columns.iter().map(|name| (*name).to_string()).collect()))
        .finish()
        .map_err(TimelineError::parquet(path))
}
