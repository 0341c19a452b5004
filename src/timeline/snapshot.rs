//! Immutable snapshots: the memberships in force on a day, as one Parquet file.
//!
//! Columns: physician_id i64, association_id i32, class i16, starts_on date, ended_on date (null), not_shown i16;
//! no nulls elsewhere; one row for each membership, sorted by physician, association.

use std::path::Path;

use polars::prelude::*;

use super::error::TimelineError;
use super::parquet::{dates, read_parquet, write_parquet};
use crate::domain::day::day_number;
use crate::domain::membership::Segment;
use crate::files::Readers;

/// Writes the segments of a snapshot for `readers`. They come sorted by physician, association.
///
/// # Errors
/// [`TimelineError`] when the folder cannot be written; no file with a final name is left behind then.
pub fn write_snapshot(path: &Path, segments: &[Segment], readers: Readers) -> Result<(), TimelineError> {
    let frame = frame(segments).map_err(TimelineError::parquet(path))?;
    // Kept for ever and seldom read.
    write_parquet(path, &frame, ParquetCompression::Zstd(None), readers)
}

/// The physician and the body of each membership of a snapshot, in its order.
///
/// # Errors
/// [`TimelineError`] when the file is missing or not a snapshot.
pub fn read_snapshot(path: &Path) -> Result<Vec<(i64, i32)>, TimelineError> {
    let frame = read_parquet(path, &["physician_id", "association_id"])?;
    let pairs = || -> PolarsResult<Vec<(i64, i32)>> {
        let physicians = frame.column("physician_id")?.i64()?;
        let bodies = frame.column("association_id")?.i32()?;
        let pairs = physicians.iter().zip(bodies.iter());
        Ok(pairs.map(|(physician, body)| (physician.unwrap_or_default(), body.unwrap_or_default())).collect())
    };
    pairs().map_err(TimelineError::parquet(path))
}

fn frame(segments: &[Segment]) -> PolarsResult<DataFrame> {
    let column = |value: &dyn Fn(&Segment) -> i32| segments.iter().map(value).collect::<Vec<i32>>();
    df!(
        "physician_id" => segments.iter().map(|segment| segment.physician.0).collect::<Vec<i64>>(),
        "association_id" => column(&|segment| segment.association.0),
        "class" => segments.iter().map(|segment| i16::from(segment.class.index())).collect::<Vec<i16>>(),
        "starts_on" => dates(segments.iter().map(|segment| Some(day_number(segment.starts_on))).collect())?,
        "ended_on" => dates(segments.iter().map(|segment| segment.ended_on.map(day_number)).collect())?,
        "not_shown" => segments.iter().map(|segment| i16::from(segment.not_shown)).collect::<Vec<i16>>(),
    )
}
