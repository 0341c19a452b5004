//! Why the timeline could not be written or read.

use std::path::{Path, PathBuf};

/// Why the timeline could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum TimelineError {
    /// The file system refuses.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what this module wrote.
    #[error("{path}: {source}")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        source: polars::error::PolarsError,
    },
}

impl TimelineError {
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_path_buf(), source }
    }

    pub(super) fn parquet(path: &Path) -> impl FnOnce(polars::error::PolarsError) -> Self + '_ {
        move |source| Self::Parquet { path: path.to_path_buf(), source }
    }
}
