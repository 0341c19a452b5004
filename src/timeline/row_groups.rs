//! A Parquet file that is read row group by row group, so that nobody needs the memory of all of it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::io::parquet::metadata::{FileMetadata, FileMetadataRef};
use polars::prelude::*;

use super::error::TimelineError;
use crate::input;

/// An opened file and what it says of each of its row groups.
#[derive(Debug)]
pub(super) struct RowGroups {
    path: PathBuf,
    file: File,
    groups: Vec<FileMetadataRef>,
    n_rows: usize,
}

impl RowGroups {
    /// Opens a file and reads where its row groups are.
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing or no Parquet file.
    pub(super) fn open(path: &Path) -> Result<Self, TimelineError> {
        let file = input::open(path).map_err(TimelineError::io(path))?;
        let of_file = ParquetReader::new(file.try_clone().map_err(TimelineError::io(path))?)
            .get_metadata()
            .cloned()
            .map_err(TimelineError::parquet(path))?;
        let mut shared: FileMetadata = (*of_file).clone();
        let groups = std::mem::take(&mut shared.row_groups);
        let n_rows = shared.num_rows;
        let of_group = |group| {
            let mut one = shared.clone();
            one.row_groups = vec![group];
            one.num_rows = one.row_groups[0].num_rows();
            Arc::new(one)
        };
        Ok(Self { path: path.to_path_buf(), file, groups: groups.into_iter().map(of_group).collect(), n_rows })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Number of row groups.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Rows of all row groups.
    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Rows of a row group; 0 where there is none.
    pub(super) fn n_rows_of(&self, nth: usize) -> usize {
        self.groups.get(nth).map_or(0, |group| group.num_rows)
    }

    /// The smallest and the largest value of a column of numbers or days in a row group, as the file says.
    pub(super) fn range_of(&self, nth: usize, column: &str) -> PolarsResult<Option<(i64, i64)>> {
        let Some((metadata, group)) = self.groups.get(nth).and_then(|one| Some((one, one.row_groups.first()?))) else {
            return Ok(None);
        };
        let column = group.columns_under_root_iter(column).and_then(|mut columns| columns.next());
        let told = column.and_then(|column| column.statistics(&metadata.footer_buf)).transpose()?;
        let Some(told) = told else { return Ok(None) };
        let long = told.as_int64().and_then(|told| told.min_value.zip(told.max_value));
        let short = told.as_int32().and_then(|told| told.min_value.zip(told.max_value));
        Ok(long.or_else(|| short.map(|(min, max)| (min.into(), max.into()))))
    }

    /// Reads some columns of a row group. Row groups are shared among threads; one takes one.
    pub(super) fn read(&self, nth: usize, columns: &[&str]) -> Result<DataFrame, TimelineError> {
        let file = self.file.try_clone().map_err(TimelineError::io(&self.path))?;
        let columns = columns.iter().map(|name| (*name).to_string()).collect();
        let mut reader = ParquetReader::new(file).read_parallel(ParallelStrategy::None).with_columns(Some(columns));
        reader.set_metadata(self.groups[nth].clone());
        reader.finish().map_err(TimelineError::parquet(&self.path))
    }
}
