//! Frames as Parquet files: read by columns, written whole.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use polars::prelude::*;

use super::error::TimelineError;
use crate::files::{Readers, Unfinished};
use crate::input;

/// Reads the named columns of a Parquet file.
pub(super) fn read_parquet(path: &Path, columns: &[&str]) -> Result<DataFrame, TimelineError> {
    read_opened(input::open(path).map_err(TimelineError::io(path))?, path, columns)
}

pub(super) fn read_opened(file: File, path: &Path, columns: &[&str]) -> Result<DataFrame, TimelineError> {
    ParquetReader::new(file)
        .with_columns(Some(columns.iter().map(|name| (*name).to_string()).collect()))
        .finish()
        .map_err(TimelineError::parquet(path))
}

pub(super) fn dates(days: Vec<Option<i32>>) -> PolarsResult<Series> {
    Series::new("".into(), days).cast(&DataType::Date)
}

/// Writes a frame under a temporary name and renames it, in one row group: then its columns need not be copied when they
/// are read.
pub(super) fn write_parquet(
    path: &Path,
    frame: &DataFrame,
    compression: ParquetCompression,
    readers: Readers,
) -> Result<(), TimelineError> {
    write(path, frame, (compression, frame.height().max(1)), readers)
}

/// The same without compression, in row groups of so many rows, for readers who want a part.
pub(super) fn write_parquet_in_groups(
    path: &Path,
    frame: &DataFrame,
    n_rows: usize,
    readers: Readers,
) -> Result<(), TimelineError> {
    write(path, frame, (ParquetCompression::Uncompressed, n_rows), readers)
}

fn write(
    path: &Path,
    frame: &DataFrame,
    (compression, n_rows): (ParquetCompression, usize),
    readers: Readers,
) -> Result<(), TimelineError> {
    // A file of its own: two readers may rebuild a missing timeline at the same time.
    let mut unfinished = Unfinished::beside(path, readers).map_err(TimelineError::io(path))?;
    ParquetWriter::new(BufWriter::new(unfinished.file()))
        .with_compression(compression)
        .with_row_group_size(Some(n_rows))
        .finish(&mut frame.clone())
        .map_err(TimelineError::parquet(path))?;
    unfinished.finish(path).map_err(TimelineError::io(path))
}
