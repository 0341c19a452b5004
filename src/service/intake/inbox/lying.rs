//! What lies in an inbox this moment, counted and left where it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::entries::{asking_files, files};
use super::moving::reason_of;
use super::note::{ASKING, DECLINED, REFUSED};
use super::place::inbox_of;
use crate::clock::age_of_file;
use crate::error::Failure;
use crate::input;
use crate::service::intake::import::name_of;
use crate::service::keep::Workspace;

/// What lies in an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lying {
    /// Files that nobody has dealt with yet.
    pub waiting: usize,
    /// How long the oldest of them has stood still.
    pub oldest: Duration,
    /// Files that wait for an answer, by name.
    pub asking: Vec<PathBuf>,
    /// The folder of those.
    pub asking_folder: PathBuf,
    /// Files that were refused, by name.
    pub refused: Vec<Refused>,
}

/// A file that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it lies.
    pub path: PathBuf,
    /// When it was refused.
    pub since: SystemTime,
    /// Whether somebody said that it is not to be taken in: then there is nothing to do about it.
    pub is_declined: bool,
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
        asking: asking_files(&asking_folder)?,
        asking_folder,
        refused: asking_files(&inbox.join(REFUSED))?.into_iter().filter_map(refused).collect(),
    })
}

/// What lies in the inbox of a data folder, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LyingFiles {
    /// Files that nobody has dealt with yet.
    pub waiting: usize,
    /// Files that were refused, by name.
    pub refused: Vec<RefusedFile>,
}

/// A file that was refused, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFile {
    /// Its name.
    pub name: String,
    /// Why, in a line.
    pub reason: String,
}

/// Looks at what lies in the inbox of a data folder; one that nobody has made yet is empty.
///
/// # Errors
/// When it cannot be read.
pub fn lying_in(workspace: &Workspace) -> Result<LyingFiles, Failure> {
    let inbox = inbox_of(workspace);
    let lying = match lying(&inbox) {
        Ok(lying) => lying,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(LyingFiles::default()),
        Err(source) => return Err(Failure::from_io(&source, &name_of(&inbox))),
    };
    let refused = lying.refused.iter().map(|file| {
        let text = input::read_text(&reason_of(&file.path)).unwrap_or_default();
        RefusedFile { name: name_of(&file.path), reason: text.lines().next().unwrap_or_default().to_string() }
    });
    Ok(LyingFiles { waiting: lying.waiting, refused: refused.collect() })
}

/// A file with when it was refused: the text beside it was written then. `None` for one that went away meanwhile.
fn refused(path: PathBuf) -> Option<Refused> {
    let written = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let since = written(&reason_of(&path)).or_else(|| written(&path))?;
    let is_declined = input::read_text(&reason_of(&path)).is_ok_and(|text| text.starts_with(DECLINED));
    Some(Refused { path, since, is_declined })
}
