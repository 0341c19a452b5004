//! Columns of versions as plain numbers, and how they come out of a frame.
//!
//! Does not know where frames are read from, nor what the rows mean on a day.

use std::ops::Range;

use polars::prelude::*;

use crate::domain::class::NationalClass;
use crate::domain::day::{OPEN, date_of};
use crate::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};

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

pub(super) use take_values;

/// Stands for a missing date in plain columns.
pub(super) const NONE: i32 = i32::MIN;

/// Columns that counting needs.
pub(super) const COUNTING: [&str; 9] = [
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

/// What tells sources apart: counting needs it only where there are several (R26).
pub(super) const SOURCE: &str = "source_id";

/// Columns that counting does not need.
pub(super) const DETAILS: [&str; 2] = ["reason", "status"];

/// Which columns of a piece are read beside those that counting needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) source: bool,
    pub(super) details: bool,
}

/// The versions of the stays of some physicians as plain columns, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) physician: Vec<i64>,
    pub(super) enrolment: Vec<i64>,
    pub(super) association: Vec<i32>,
    pub(super) class: Vec<i16>,
    pub(super) class_from: Vec<i32>,
    pub(super) joined_on: Vec<i32>,
    pub(super) left_on: Vec<i32>,
    pub(super) rows_shown: Vec<i16>,
    pub(super) known_from: Vec<i32>,
    /// Where each was learnt; empty when it was not read.
    source: Vec<i32>,
    details: Option<Details>,
}

/// Columns that counting does not need.
#[derive(Debug)]
struct Details {
    reason: Vec<i16>,
    status: Vec<i16>,
}

impl Piece {
    pub(super) fn from_frame(mut frame: DataFrame, beside: Beside) -> PolarsResult<Self> {
        let source = match beside.source {
            false => Vec::new(),
            true => take_values!(frame, "source_id", i32),
        };
        let details = match beside.details {
            false => None,
            true => {
                Some(Details { reason: take_values!(frame, "reason", i16), status: take_values!(frame, "status", i16) })
            }
        };
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
            source,
            details,
        })
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.physician.len()
    }

    /// First row after the group of one physician in one body.
    pub(super) fn end_of_group(&self, start: usize) -> usize {
        let key = (self.physician[start], self.association[start]);
        let mut end = start + 1;
        while end < self.len() && (self.physician[end], self.association[end]) == key {
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

    /// Where the version at a row was learnt, in a piece read with sources; the same for all in another.
    pub(super) fn source(&self, i: usize) -> SourceId {
        SourceId(self.source.get(i).copied().unwrap_or_default())
    }

    /// The version at a row; of a piece read without details as far as memberships need it.
    pub(super) fn version(&self, i: usize) -> EnrolmentVersion {
        let details = self.details.as_ref();
        let index = |codes: &[i16]| u8::try_from(codes[i]).unwrap_or_default();
        EnrolmentVersion {
            enrolment: EnrolmentId(self.enrolment[i]),
            source: self.source(i),
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

pub(super) fn date(day: i32) -> Option<chrono::NaiveDate> {
    if day == NONE || day == OPEN { None } else { date_of(day) }
}

#[inline]
pub(super) fn class(index: i16) -> NationalClass {
    u8::try_from(index).ok().and_then(NationalClass::from_index).unwrap_or(NationalClass::Unknown)
}

/// Takes a column of days out of a frame; one that was read in one piece is not copied.
pub(super) fn take_days(frame: &mut DataFrame, name: &str) -> PolarsResult<Vec<i32>> {
    if frame.column(name)?.n_chunks() != 1 {
        return days(frame, name);
    }
    let series = frame.drop_in_place(name)?.take_materialized_series();
    let column = series.date()?.phys.clone();
    drop(series);
    let Some(piece) = column.downcast_into_iter().next() else { return Ok(Vec::new()) };
    let (_, values, told) = piece.into_inner();
    let mut out = values.into_mut().either(|shared| shared[..].to_vec(), |own| own);
    match told {
        Some(told) if told.unset_bits() == out.len() => out.fill(NONE),
        Some(told) if told.unset_bits() > 0 => {
            out.iter_mut().zip(told.iter()).for_each(|(day, is_reported)| *day = if is_reported { *day } else { NONE });
        }
        _ => {}
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
                let day = |(day, is_reported): (&i32, bool)| if is_reported { *day } else { NONE };
                out.extend(piece.values().iter().zip(told.iter()).map(day));
            }
        }
    }
    Ok(out)
}
