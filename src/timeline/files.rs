//! The files of a store head.

use std::path::{Path, PathBuf};

use crate::files::Readers;

/// The files of a store head in a folder.
#[derive(Debug, Clone)]
pub struct TimelineFiles {
    /// Versions of stays.
    pub enrolments: PathBuf,
    /// Descriptions of persons.
    pub persons: PathBuf,
    /// Applications and adjustments.
    pub corrections: PathBuf,
    /// Hashes of the other three.
    pub sums: PathBuf,
    /// The head, as it stands in their names.
    pub head: String,
    /// Who may read them once they are written.
    pub readers: Readers,
}

impl TimelineFiles {
    /// Names the files of a head. They need not exist; they are written for their owner.
    pub fn of_head(folder: &Path, head: &str) -> Self {
        Self {
            enrolments: folder.join(format!("enrolments-{head}.parquet")),
            persons: folder.join(format!("persons-{head}.parquet")),
            corrections: folder.join(format!("corrections-{head}.parquet")),
            sums: folder.join(format!("sums-{head}.txt")),
            head: head.to_string(),
            readers: Readers::Owner,
        }
    }

    /// Those that hold rows.
    pub fn tables(&self) -> [&Path; 3] {
        [&self.enrolments, &self.persons, &self.corrections]
    }

    /// All of them.
    pub fn all(&self) -> [&Path; 4] {
        [&self.enrolments, &self.persons, &self.corrections, &self.sums]
    }
}
