//! The timeline of a head as whoever asks has it: opened, or opened when it is first needed.
//!
//! To compare its files with their hashes takes longer than to add a few change points up, which need none of them. What is
//! read was compared before it is read; what is not read need not be.

use std::sync::OnceLock;

use anyhow::{Context, Result};

use crate::domain::as_of::KnownAt;
use crate::domain::export_days::ExportDays;
use crate::domain::layout::FileKind;
use crate::store::ImportRecord;
use crate::timeline::{Timeline, TimelineFiles};

/// The timeline of a head.
#[derive(Debug)]
pub struct KeptTimeline {
    opened: OnceLock<Timeline>,
    /// What is opened when somebody needs it.
    waiting: Option<(TimelineFiles, ExportDays)>,
}

/// The files of a timeline are not there, or not what was written: it must be made anew before anybody asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the timeline is not what was written")]
pub struct TimelineUnsound;

impl KeptTimeline {
    /// One that is opened when it is first needed. `exports` are those that it comes from.
    pub(super) fn waiting(files: TimelineFiles, exports: ExportDays) -> Self {
        Self { opened: OnceLock::new(), waiting: Some((files, exports)) }
    }

    /// The timeline; its files were compared with their hashes.
    ///
    /// # Errors
    /// [`TimelineUnsound`] when they are not what was written, or an import has removed them meanwhile.
    pub fn get(&self) -> Result<&Timeline, TimelineUnsound> {
        if let Some(opened) = self.opened.get() {
            return Ok(opened);
        }
        let (files, exports) = self.waiting.as_ref().ok_or(TimelineUnsound)?;
        files.check().map_err(|_| TimelineUnsound)?;
        let opened = Timeline::open(files, exports.clone()).map_err(|_| TimelineUnsound)?;
        // Another thread may have opened it meanwhile; it is the same.
        Ok(self.opened.get_or_init(|| opened))
    }

    /// Number of adjustments that hold at a day; the timeline is not needed where none was ever taken in.
    ///
    /// # Errors
    /// As [`Self::get`]; when the timeline cannot be read.
    pub(in crate::service) fn n_adjustments(&self, imports: &[ImportRecord], known_at: KnownAt) -> Result<usize> {
        match imports.iter().any(|import| import.kind == FileKind::Adjustments) {
            true => self.get()?.n_adjustments(known_at).context("reading the timeline"),
            false => Ok(0),
        }
    }
}

impl From<Timeline> for KeptTimeline {
    fn from(timeline: Timeline) -> Self {
        Self { opened: OnceLock::from(timeline), waiting: None }
    }
}
