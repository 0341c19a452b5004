//! Parquet files for other engines: every column required, whole numbers, days and texts, statistics on each row group.
//!
//! The writer of polars' frames calls every column optional, whatever it holds; here the schema is told before it is written.
//! This module does not know what stands in a file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use polars::io::parquet::write::{StatisticsOptions, get_encodings};
use polars::prelude::*;
use polars_parquet::write::{CompressionOptions, FileWriter, RowGroupIterator, Version, WriteOptions};
use sha2::{Digest, Sha256};

use super::error::TimelineError;
use crate::domain::hex::hex;
use crate::files::{Readers, Unfinished};

/// Rows of a row group: those of DuckDB, and few enough that one is little memory.
const ROWS_OF_GROUP: usize = 122_880;

/// Values of a column, none of them missing.
#[derive(Debug)]
pub enum ExchangeColumn<'c> {
    /// 64 bits.
    Id(Vec<i64>),
    /// 32 bits.
    Number(Vec<i32>),
    /// Day numbers.
    Days(Vec<i32>),
    /// Texts.
    Text(Vec<&'c str>),
}

/// Columns of one length by name.
pub type ExchangeColumns<'c> = Vec<(&'static str, ExchangeColumn<'c>)>;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangedFile {
    /// Number of rows.
    pub n_rows: usize,
    /// Its size.
    pub size_bytes: u64,
    /// Its hash, hexadecimal.
    pub sha256: String,
}

/// Writes rows to a file whose folder is there. `columns` turns some of the rows to columns, and none of them to the same
/// columns without values.
///
/// # Errors
/// [`TimelineError`] when the folder cannot be written; nothing has the name then.
pub fn write_exchange_file<'c, R>(
    path: &Path,
    readers: Readers,
    rows: &[R],
    columns: impl Fn(&[R]) -> ExchangeColumns<'c>,
) -> Result<ExchangedFile, TimelineError> {
    let mut unfinished = Unfinished::beside(path, readers).map_err(TimelineError::io(path))?;
    let file = unfinished.file().try_clone().map_err(TimelineError::io(path))?;
    let frames = rows.chunks(ROWS_OF_GROUP).map(|rows| frame(columns(rows)));
    let written = frame(columns(&[])).and_then(|nothing| write(file, &nothing, frames));
    let mut target = written.map_err(|error| told(error, path))?;
    target.inner.flush().map_err(TimelineError::io(path))?;
    let size_bytes = unfinished.file().metadata().map_err(TimelineError::io(path))?.len();
    unfinished.finish(path).map_err(TimelineError::io(path))?;
    Ok(ExchangedFile { n_rows: rows.len(), size_bytes, sha256: hex(&target.hash.finalize()) })
}

/// What a disk refuses comes back as it was: it is no fault of the file.
fn told(error: PolarsError, path: &Path) -> TimelineError {
    match error {
        PolarsError::IO { error, .. } => TimelineError::io(path)(io::Error::new(error.kind(), error.to_string())),
        other => TimelineError::parquet(path)(other),
    }
}

/// Writes frames like `nothing`, each as a row group.
fn write(
    file: File,
    nothing: &DataFrame,
    frames: impl Iterator<Item = PolarsResult<DataFrame>>,
) -> PolarsResult<Hashing<BufWriter<File>>> {
    // Texts as every reader knows them, not as views.
    let level = CompatLevel::oldest();
    let mut schema = nothing.schema().to_arrow(level);
    schema.iter_values_mut().for_each(|field| field.is_nullable = false);
    let options = WriteOptions {
        statistics: StatisticsOptions::default(),
        version: Version::V1,
        compression: CompressionOptions::Zstd(None),
        data_page_size: None,
    };
    let encodings = get_encodings(&schema);
    let mut writer = FileWriter::try_new(Hashing::new(BufWriter::new(file)), schema.clone(), options)?;
    for frame in frames {
        let frame = frame?;
        let batches = frame.iter_chunks(level, false).map(Ok);
        for group in RowGroupIterator::try_new(batches, &schema, options, encodings.clone())? {
            let n_rows = u64::try_from(frame.height()).unwrap_or(u64::MAX);
            writer.write(n_rows, group?)?;
        }
    }
    writer.end(None)?;
    Ok(writer.into_inner())
}

fn frame(columns: ExchangeColumns<'_>) -> PolarsResult<DataFrame> {
    let series = |(name, values): (&str, ExchangeColumn<'_>)| {
        let name = name.into();
        Ok(match values {
            ExchangeColumn::Id(values) => Series::new(name, values),
            ExchangeColumn::Number(values) => Series::new(name, values),
            ExchangeColumn::Days(values) => Series::new(name, values).cast(&DataType::Date)?,
            ExchangeColumn::Text(values) => Series::new(name, values),
        }
        .into_column())
    };
    DataFrame::new_infer_height(columns.into_iter().map(series).collect::<PolarsResult<_>>()?)
}

/// Hands bytes on and keeps their hash.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W> Hashing<W> {
    fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new() }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
