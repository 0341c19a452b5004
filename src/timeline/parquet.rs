//! Frames as Parquet files: read by columns, written whole.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use polars::prelude::*;

use super::error::TimelineError;
use crate::files::{Readers, Unfinished};
use crate::input;

/// Reads the named columns of a Parquet file.
pub(super) fn read_parquet(path: &Path, columns: &[&str]) -> Result<DataFrame, TimelineError> {
    read_opened(input::open(path).map_err(TimelineError::io(path))?, path, columns)
}

/// An opened file that any thread may read, also when an import has removed it meanwhile. They take turns: handles of one opened
/// file share the place from which the next bytes come.
#[derive(Debug)]
pub(super) struct SharedFile {
    path: PathBuf,
    file: Mutex<File>,
}

impl SharedFile {
    pub(super) fn open(path: &Path) -> Result<Self, TimelineError> {
        let file = input::open(path).map_err(TimelineError::io(path))?;
        Ok(Self { path: path.to_path_buf(), file: Mutex::new(file) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the named columns.
    pub(super) fn read(&self, columns: &[&str]) -> Result<DataFrame, TimelineError> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        read_opened(file.try_clone().map_err(TimelineError::io(&self.path))?, &self.path, columns)
    }
}

fn read_opened(file: File, path: &Path, columns: &[&str]) -> Result<DataFrame, TimelineError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Threads that read one opened file at the same moment get all of it, each.
    #[test]
    fn opened_file_is_read_by_many_threads_at_once() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("days.parquet");
        let days: Vec<Option<i32>> = (0..40_000).map(Some).collect();
        let frame =
            DataFrame::new(40_000, vec![dates(days).expect("days").with_name("day".into()).into()]).expect("a frame");
        write_parquet(&path, &frame, ParquetCompression::Uncompressed, Readers::Owner).expect("it can be written");
        let shared = SharedFile::open(&path).expect("it was written");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let read = shared.read(&["day"]).expect("it can be read");
                        assert!(read.equals(&frame));
                    }
                });
            }
        });
    }
}
