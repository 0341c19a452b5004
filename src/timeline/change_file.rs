//! The file of change points: how figures change from day to day, and since when that has been known.
//!
//! It belongs to one head, one rule of 退会日 and one program that numbers cells as this one does; what is not exactly that is
//! not read. Rows stand by the month of their day, then by the day on which they were learnt; row groups are read one by one.
//! This module does not know what a cell means.

use std::path::{Path, PathBuf};

use polars::prelude::*;
use sha2::{Digest, Sha256};

use super::columns::{take_days, take_values};
use super::error::TimelineError;
use super::parquet::{dates, write_parquet_in_groups};
use super::row_groups::RowGroups;
use super::sums::{SumFault, Sums};
use crate::domain::hex::hex;
use crate::files::Readers;

/// Rows of a row group: few enough for the caches of a processor.
const ROWS_OF_GROUP: usize = 131_072;

/// Change points as columns: from `day` on, `change` more are in `cell`, as is known since `known`. Days are day numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeColumns {
    /// First day on which the change was known.
    pub known: Vec<i32>,
    /// First day on which it counts.
    pub day: Vec<i32>,
    /// Number of the figure that changes.
    pub cell: Vec<i32>,
    /// By how many; never 0.
    pub change: Vec<i32>,
}

/// The file of change points of a head, and its sums.
#[derive(Debug, Clone)]
pub struct ChangeFile {
    table: PathBuf,
    sums: PathBuf,
    /// The head and whatever else the change points depend on.
    made_for: String,
    readers: Readers,
}

impl ChangeFile {
    /// Names the file of a head in a folder. `rule` goes into the name, so that those of several rules of 退会日 can stand
    /// beside each other; `cells` tells all that the numbering of cells depends on.
    pub fn of_head(folder: &Path, head: &str, rule: &str, cells: &str, readers: Readers) -> Self {
        Self {
            table: folder.join(format!("changes-{rule}-{head}.parquet")),
            sums: folder.join(format!("changes-{rule}-{head}.txt")),
            made_for: format!("{head}/{rule}/{}", hex(&Sha256::digest(cells))),
            readers,
        }
    }

    /// Both files.
    pub fn all(&self) -> [&Path; 2] {
        [&self.table, &self.sums]
    }

    /// Compares the file with its sums and opens it.
    ///
    /// # Errors
    /// [`SumFault`] when it is missing, not what was written, or written for something else.
    pub fn open(&self) -> Result<ChangeTable, SumFault> {
        self.as_sums().check()?;
        let groups = RowGroups::open(&self.table).map_err(|_| SumFault::Damaged(self.table.clone()))?;
        Ok(ChangeTable { groups })
    }

    /// Writes the file anew. The one before it stays until all is written.
    ///
    /// # Errors
    /// [`TimelineError`] when the folder cannot be written.
    pub fn write(&self, columns: ChangeColumns) -> Result<(), TimelineError> {
        let frame = into_frame(columns).map_err(TimelineError::parquet(&self.table))?;
        write_parquet_in_groups(&self.table, &frame, ROWS_OF_GROUP, self.readers)?;
        self.as_sums().write(self.readers)
    }

    fn as_sums(&self) -> Sums<'_> {
        Sums {
            path: &self.sums,
            kind: "kaiin change points 1",
            made_for: &self.made_for,
            tables: vec![("changes", &self.table)],
        }
    }
}

/// An opened file of change points.
#[derive(Debug)]
pub struct ChangeTable {
    groups: RowGroups,
}

impl ChangeTable {
    /// Number of row groups.
    pub fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// Number of change points.
    pub fn n_changes(&self) -> usize {
        self.groups.n_rows()
    }

    /// The earliest day of a row group; the smallest number where the file does not say.
    pub fn first_day(&self, nth: usize) -> i32 {
        let told = self.groups.range_of(nth, "day").ok().flatten();
        told.and_then(|(first, _)| i32::try_from(first).ok()).unwrap_or(i32::MIN)
    }

    /// Reads a row group.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn read(&self, nth: usize) -> Result<ChangeColumns, TimelineError> {
        let frame = self.groups.read(nth, &["known_from", "day", "cell", "change"])?;
        from_frame(frame).map_err(TimelineError::parquet(self.groups.path()))
    }
}

fn into_frame(columns: ChangeColumns) -> PolarsResult<DataFrame> {
    let date = |days: Vec<i32>| dates(days.into_iter().map(Some).collect());
    df!(
        "known_from" => date(columns.known)?,
        "day" => date(columns.day)?,
        "cell" => columns.cell,
        "change" => columns.change,
    )
}

fn from_frame(mut frame: DataFrame) -> PolarsResult<ChangeColumns> {
    Ok(ChangeColumns {
        known: take_days(&mut frame, "known_from")?,
        day: take_days(&mut frame, "day")?,
        cell: take_values!(frame, "cell", i32),
        change: take_values!(frame, "change", i32),
    })
}
