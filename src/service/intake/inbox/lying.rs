//! What lies in an inbox this moment, counted and left where it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::entries::{asking_files, files};
use super::note::ASKING;
use crate::clock::age_of_file;
use crate::service::intake::import::name_of;

/// What lies in an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lying {
    /// Files that nobody has dealt with yet.
    pub waiting: usize,
    /// How long the oldest of them has stood still.
    pub oldest: Duration,
    /// Files that wait for an answer.
    pub asking: usize,
    /// The folder of those.
    pub asking_folder: PathBuf,
}

/// Counts what lies in an inbox.
///
/// # Errors
/// When it cannot be read.
pub fn lying(inbox: &Path) -> std::io::Result<Lying> {
    let (seen, hidden) = files(inbox)?;
    let waiting: Vec<_> = seen.iter().filter(|(path, _, _)| !name_of(path).starts_with("~$")).collect();
    let asking_folder = inbox.join(ASKING);
    Ok(Lying {
        waiting: waiting.len() + hidden.len(),
        oldest: waiting.iter().map(|(_, _, modified)| age_of_file(*modified)).max().unwrap_or_default(),
        asking: asking_files(&asking_folder)?.len(),
        asking_folder,
    })
}
