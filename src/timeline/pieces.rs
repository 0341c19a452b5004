//! The file of versions, piece by piece: each piece holds everything about some physicians, so that whoever counts reads
//! one piece, uses it up and reads the next one, and several threads share the work.
//!
//! Knows how pieces are cut and kept. It does not know what the rows mean on a day.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use polars::io::parquet::metadata::{FileMetadata, FileMetadataRef};
use polars::prelude::*;

use super::columns::{Beside, COUNTING, DETAILS, Piece, SOURCE};
use super::error::TimelineError;
use crate::domain::ids::PhysicianId;
use crate::input;

/// The pieces of one file, by physician.
#[derive(Debug)]
pub(super) struct Pieces {
    path: PathBuf,
    file: File,
    /// What the file says of each piece.
    metadata: Vec<FileMetadataRef>,
    /// First physician of each piece, ascending.
    firsts: Vec<i64>,
    /// Pieces that somebody looks things up in.
    kept: Vec<OnceLock<Piece>>,
    n_rows: usize,
    /// Whether counting needs to know the sources.
    with_sources: bool,
}

impl Pieces {
    /// Opens a file and reads where its pieces are. Without sources they are read with the details only.
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing, not a timeline, or two pieces tell of one physician.
    pub(super) fn open(path: &Path, with_sources: bool) -> Result<Self, TimelineError> {
        let file = input::open(path).map_err(TimelineError::io(path))?;
        let of_file = ParquetReader::new(file.try_clone().map_err(TimelineError::io(path))?)
            .get_metadata()
            .cloned()
            .map_err(TimelineError::parquet(path))?;
        let firsts = firsts(&of_file).map_err(TimelineError::parquet(path))?;
        let mut shared = (*of_file).clone();
        let groups = std::mem::take(&mut shared.row_groups);
        let n_rows = shared.num_rows;
        let of_group = |group| {
            let mut one = shared.clone();
            one.row_groups = vec![group];
            one.num_rows = one.row_groups[0].num_rows();
            Arc::new(one)
        };
        let metadata: Vec<FileMetadataRef> = groups.into_iter().map(of_group).collect();
        let kept = metadata.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { path: path.to_path_buf(), file, metadata, firsts, kept, n_rows, with_sources })
    }

    /// Rows of all pieces.
    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of pieces, at least one: of a file without rows the one piece is empty.
    pub(super) fn len(&self) -> usize {
        self.metadata.len().max(1)
    }

    /// Rows of some pieces.
    pub(super) fn n_rows_of(&self, pieces: Range<usize>) -> usize {
        self.metadata.iter().take(pieces.end).skip(pieces.start).map(|piece| piece.num_rows).sum()
    }

    /// The physicians that a piece tells of, were it to tell of all; every physician belongs to one piece.
    pub(super) fn physicians_of(&self, nth: usize) -> Range<PhysicianId> {
        let border = |nth: usize, open: i64| match self.firsts.get(nth) {
            Some(first) if nth > 0 => PhysicianId(*first),
            _ => PhysicianId(open),
        };
        border(nth, i64::MIN)..border(nth + 1, i64::MAX)
    }

    /// The piece that a physician belongs to.
    pub(super) fn holding(&self, physician: PhysicianId) -> usize {
        self.firsts.partition_point(|first| *first <= physician.0).saturating_sub(1)
    }

    /// A piece with its details, read once.
    pub(super) fn keep(&self, nth: usize) -> Result<&Piece, TimelineError> {
        static NOTHING: OnceLock<Piece> = OnceLock::new();
        let Some(kept) = self.kept.get(nth) else { return Ok(NOTHING.get_or_init(Piece::default)) };
        if let Some(piece) = kept.get() {
            return Ok(piece);
        }
        let piece = self.read(nth, true)?;
        // Another thread may have read it meanwhile; it is the same.
        Ok(kept.get_or_init(|| piece))
    }

    /// Looks at a piece and keeps it only when it was kept before. It has its details when asked for.
    pub(super) fn pass<T>(
        &self,
        nth: usize,
        with_details: bool,
        look: impl FnOnce(&Piece) -> T,
    ) -> Result<T, TimelineError> {
        match self.kept.get(nth).map(OnceLock::get) {
            None => Ok(look(&Piece::default())),
            Some(Some(piece)) => Ok(look(piece)),
            Some(None) => Ok(look(&self.read(nth, with_details)?)),
        }
    }

    fn read(&self, nth: usize, with_details: bool) -> Result<Piece, TimelineError> {
        let file = self.file.try_clone().map_err(TimelineError::io(&self.path))?;
        let beside = Beside { source: with_details || self.with_sources, details: with_details };
        let source = beside.source.then_some(&SOURCE);
        let details: &[&str] = if beside.details { &DETAILS } else { &[] };
        let columns = COUNTING.iter().chain(source).chain(details).map(|name| (*name).to_string()).collect();
        // Pieces are shared among threads; one piece takes one.
        let mut reader = ParquetReader::new(file).read_parallel(ParallelStrategy::None).with_columns(Some(columns));
        reader.set_metadata(self.metadata[nth].clone());
        reader.finish().and_then(|frame| Piece::from_frame(frame, beside)).map_err(TimelineError::parquet(&self.path))
    }
}

/// The first physician of each piece, as the file says.
fn firsts(metadata: &FileMetadata) -> PolarsResult<Vec<i64>> {
    let damaged = |what: &str| PolarsError::ComputeError(format!("not a timeline: {what}").into());
    let mut firsts = Vec::with_capacity(metadata.row_groups.len());
    let mut last = i64::MIN;
    for group in &metadata.row_groups {
        let column = group.columns_under_root_iter("physician_id").and_then(|mut columns| columns.next());
        let told = column.and_then(|column| column.statistics(&metadata.footer_buf)).transpose()?;
        let physicians = told.as_ref().and_then(|told| told.as_int64());
        let Some((min, max)) = physicians.and_then(|told| told.min_value.zip(told.max_value)) else {
            return Err(damaged("its pieces do not say whom they are about"));
        };
        if !firsts.is_empty() && min <= last {
            return Err(damaged("two pieces are about one physician"));
        }
        firsts.push(min);
        last = max;
    }
    Ok(firsts)
}
