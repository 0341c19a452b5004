//! Reading the timeline and projecting it to what was known on a day.

use std::fs::File;
use std::path::Path;

use polars::prelude::*;

use super::{TimelineError, TimelineFiles};
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::class::NationalClass;
use crate::domain::day::{OPEN, date_of, day_number};
use crate::domain::enrolment::{EnrolmentVersion, KnownStay, SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};
use crate::domain::membership::{Segment, segments};

/// Stands for a missing date in plain columns.
const NONE: i32 = i32::MIN;

/// The versions of all stays as plain columns, in the order of the file.
#[derive(Debug)]
pub struct VersionColumns {
    physician: Vec<i64>,
    enrolment: Vec<i64>,
    association: Vec<i32>,
    class: Vec<i16>,
    class_from: Vec<i32>,
    joined_on: Vec<i32>,
    left_on: Vec<i32>,
    rows_shown: Vec<i16>,
    known_from: Vec<i32>,
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
    versions: VersionColumns,
}

impl Timeline {
    /// Loads the versions of stays.
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or not a timeline.
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
        let frame = read_parquet(path, &columns)?;
        let versions = VersionColumns::from_frame(&frame).map_err(TimelineError::parquet(path))?;
        Ok(Self { files, versions })
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
        let columns = &self.versions;
        let known = day_number(known_at.0);
        let mut start = 0;
        while start < columns.physician.len() {
            let end = columns.end_of_group(start);
            if end - start == 1 {
                // Nearly every stay has one version; it needs no list of its own.
                if columns.known_from[start] <= known
                    && let Some(segment) = columns.single(start, rule)
                {
                    each(segment);
                }
            } else {
                let versions: Vec<EnrolmentVersion> = (start..end).map(|i| columns.version(i)).collect();
                segments(&versions, known_at, rule).into_iter().for_each(&mut each);
            }
            start = end;
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
        keep: impl Fn(AssociationId) -> bool,
    ) -> Result<Vec<KnownStay>, TimelineError> {
        let path = &self.files.enrolments;
        let frame = read_parquet(path, &["source_id", "reason", "status"])?;
        let source = frame.column("source_id").and_then(|column| Ok(column.i32()?.into_no_null_iter().collect()));
        let source: Vec<i32> = source.map_err(TimelineError::parquet(path))?;
        let codes =
            |name: &str| -> PolarsResult<Vec<i16>> { Ok(frame.column(name)?.i16()?.into_no_null_iter().collect()) };
        let reason = codes("reason").map_err(TimelineError::parquet(path))?;
        let status = codes("status").map_err(TimelineError::parquet(path))?;
        let columns = &self.versions;
        let known = day_number(known_at.0);
        let mut out = Vec::new();
        let mut start = 0;
        while start < columns.enrolment.len() {
            let id = columns.enrolment[start];
            let end = start + columns.enrolment[start..].iter().take_while(|other| **other == id).count();
            let n_known = columns.known_from[start..end].partition_point(|from| *from <= known);
            if n_known > 0 && keep(AssociationId(columns.association[start])) {
                let last = start + n_known - 1;
                out.push(columns.stay(start, last, SourceId(source[last]), [&reason, &status]));
            }
            start = end;
        }
        Ok(out)
    }

    /// The attributes of all persons as known at a day.
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
    fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            physician: frame.column("physician_id")?.i64()?.into_no_null_iter().collect(),
            enrolment: frame.column("enrolment_id")?.i64()?.into_no_null_iter().collect(),
            association: frame.column("association_id")?.i32()?.into_no_null_iter().collect(),
            class: frame.column("class")?.i16()?.into_no_null_iter().collect(),
            class_from: days(frame, "class_from")?,
            joined_on: days(frame, "joined_on")?,
            left_on: days(frame, "left_on")?,
            rows_shown: frame.column("rows_shown")?.i16()?.into_no_null_iter().collect(),
            known_from: days(frame, "known_from")?,
        })
    }

    /// First row after the group of one physician in one body.
    fn end_of_group(&self, start: usize) -> usize {
        let key = (self.physician[start], self.association[start]);
        let mut end = start + 1;
        while end < self.physician.len() && (self.physician[end], self.association[end]) == key {
            end += 1;
        }
        end
    }

    fn single(&self, i: usize, rule: WithdrawalDayRule) -> Option<Segment> {
        let starts_on = date(self.joined_on[i])?;
        let ended_on = date(self.left_on[i]).map(|left| rule.ended_on(left));
        if ended_on.is_some_and(|end| end <= starts_on) {
            return None;
        }
        Some(Segment {
            physician: PhysicianId(self.physician[i]),
            association: AssociationId(self.association[i]),
            class: class(self.class[i]),
            starts_on,
            ended_on,
            not_shown: self.rows_shown[i] == 0,
            enrolment: EnrolmentId(self.enrolment[i]),
        })
    }

    /// The stay whose known versions are the rows `first..=last`.
    fn stay(&self, first: usize, last: usize, source: SourceId, [reason, status]: [&[i16]; 2]) -> KnownStay {
        let index = |codes: &[i16]| u8::try_from(codes[last]).unwrap_or_default();
        let same_left = (first..=last).rev().take_while(|i| self.left_on[*i] == self.left_on[last]).last();
        let left_on = date(self.left_on[last]);
        KnownStay {
            enrolment: EnrolmentId(self.enrolment[last]),
            source,
            physician: PhysicianId(self.physician[last]),
            association: AssociationId(self.association[last]),
            joined_on: date(self.joined_on[last]),
            left_on,
            class: class(self.class[last]),
            reason: WithdrawalReason::from_index(index(reason)).unwrap_or(WithdrawalReason::Other),
            status: SourceStatus::from_index(index(status)).unwrap_or(SourceStatus::Unknown),
            rows_shown: u16::try_from(self.rows_shown[last]).unwrap_or_default(),
            left_known_from: left_on.and(same_left).and_then(|i| date(self.known_from[i])),
            first_known_from: date(self.known_from[first]).unwrap_or_default(),
        }
    }

    /// The version at a row, as far as memberships need it.
    fn version(&self, i: usize) -> EnrolmentVersion {
        EnrolmentVersion {
            enrolment: EnrolmentId(self.enrolment[i]),
            source: SourceId(0),
            physician: PhysicianId(self.physician[i]),
            association: AssociationId(self.association[i]),
            facts: StayFacts {
                wished_on: None,
                joined_on: date(self.joined_on[i]),
                left_on: date(self.left_on[i]),
                class: class(self.class[i]),
                class_text: None,
                reason: WithdrawalReason::None,
                reason_text: None,
                status: SourceStatus::Unknown,
            },
            class_from: date(self.class_from[i]),
            rows_shown: u16::try_from(self.rows_shown[i]).unwrap_or_default(),
            known_from: date(self.known_from[i]).unwrap_or_default(),
            known_until: None,
        }
    }
}

fn date(day: i32) -> Option<chrono::NaiveDate> {
    if day == NONE || day == OPEN { None } else { date_of(day) }
}

fn class(index: i16) -> NationalClass {
    u8::try_from(index).ok().and_then(NationalClass::from_index).unwrap_or(NationalClass::Unknown)
}

fn days(frame: &DataFrame, name: &str) -> PolarsResult<Vec<i32>> {
    let column = frame.column(name)?.date()?;
    Ok(column.phys.iter().map(|day| day.unwrap_or(NONE)).collect())
}

fn persons_at(frame: &DataFrame, known: i32) -> PolarsResult<PersonColumns> {
    let physician = frame.column("physician_id")?.i64()?;
    let sex = frame.column("sex")?.i16()?;
    let born_on = frame.column("born_on")?.date()?;
    let duty = frame.column("duty")?.str()?;
    let known_from = days(frame, "known_from")?;
    let known_until = days(frame, "known_until")?;
    let mut out = PersonColumns::default();
    for (i, (&from, &until)) in known_from.iter().zip(&known_until).enumerate() {
        if from > known || (until != NONE && until <= known) {
            continue;
        }
        out.physician.push(physician.get(i).unwrap_or_default());
        out.sex.push(sex.get(i).unwrap_or_default());
        out.born_on.push(born_on.phys.get(i));
        out.duty.push(duty.get(i).unwrap_or_default().to_string());
    }
    Ok(out)
}

/// Reads the named columns of a Parquet file.
fn read_parquet(path: &Path, columns: &[&str]) -> Result<DataFrame, TimelineError> {
    let file = File::open(path).map_err(TimelineError::io(path))?;
    ParquetReader::new(file)
        .with_columns(Some(columns.iter().map(|name| (*name).to_string()).collect()))
        .finish()
        .map_err(TimelineError::parquet(path))
}
