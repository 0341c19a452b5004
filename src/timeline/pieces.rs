//! The file of versions, piece by piece: each piece holds everything about some physicians, so that whoever counts reads
//! one piece, uses it up and reads the next one, and several threads share the work.
//!
//! Knows how pieces are cut and kept. It does not know what the rows mean on a day.

use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use polars::prelude::*;

use super::columns::{Beside, COUNTING, DETAILS, Piece, SOURCE};
use super::error::TimelineError;
use super::row_groups::RowGroups;
use crate::domain::ids::PhysicianId;

/// The pieces of one file, by physician.
#[derive(Debug)]
pub(super) struct Pieces {
    groups: RowGroups,
    /// First physician of each piece, ascending.
    firsts: Vec<i64>,
    /// Pieces that somebody looks things up in.
    kept: Vec<OnceLock<Piece>>,
    /// Whether counting needs to know the sources.
    with_sources: bool,
}

impl Pieces {
    /// Opens a file and reads where its pieces are. Without sources they are read with the details only.
    ///
    /// # Errors
    /// [`TimelineError`] when the file is missing, not a timeline, or two pieces tell of one physician.
    pub(super) fn open(path: &Path, with_sources: bool) -> Result<Self, TimelineError> {
        let groups = RowGroups::open(path)?;
        let firsts = firsts(&groups).map_err(TimelineError::parquet(path))?;
        let kept = firsts.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { groups, firsts, kept, with_sources })
    }

    /// Rows of all pieces.
    pub(super) fn n_rows(&self) -> usize {
        self.groups.n_rows()
    }

    /// Number of pieces, at least one: of a file without rows the one piece is empty.
    pub(super) fn len(&self) -> usize {
        self.groups.len().max(1)
    }

    /// Rows of some pieces.
    pub(super) fn n_rows_of(&self, pieces: Range<usize>) -> usize {
        pieces.map(|nth| self.groups.n_rows_of(nth)).sum()
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
        let beside = Beside { source: with_details || self.with_sources, details: with_details };
        let source = beside.source.then_some(&SOURCE);
        let details: &[&str] = if beside.details { &DETAILS } else { &[] };
        let columns: Vec<&str> = COUNTING.iter().chain(source).chain(details).copied().collect();
        let frame = self.groups.read(nth, &columns)?;
        Piece::from_frame(frame, beside).map_err(TimelineError::parquet(self.groups.path()))
    }
}

/// The first physician of each piece, as the file says.
fn firsts(groups: &RowGroups) -> PolarsResult<Vec<i64>> {
    let damaged = |what: &str| PolarsError::ComputeError(format!("not a timeline: {what}").into());
    let mut firsts = Vec::with_capacity(groups.len());
    let mut last = i64::MIN;
    for nth in 0..groups.len() {
        let Some((min, max)) = groups.range_of(nth, "physician_id")? else {
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
