//! Files with rows of members that the program keeps: those of the inbox that were dealt with, and the workbooks of imports.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::tokyo_day;
use crate::domain::purge::RawKind;
use crate::error::{Failure, FailureKind};
use crate::files;
use crate::input;
use crate::service::intake::import::LISTS;
use crate::service::intake::inbox::{REFUSED, TAKEN, inbox_of, reason_of};
use crate::service::keep::Workspace;
use crate::store::{ImportRecord, NewPurgedFile};
use crate::timeline::sum_of_bytes;

/// A file with rows of members.
#[derive(Debug, Clone)]
pub(super) struct RawFile {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// What is recorded of it.
    pub(super) record: NewPurgedFile,
}

/// All of them, by kind and place.
///
/// # Errors
/// [`Failure`] PRG-004 for a file or folder that cannot be read; when the store cannot be read.
pub(super) async fn raw_files(workspace: &Workspace) -> Result<Vec<RawFile>> {
    let imports = workspace.store.imports().await?;
    let inbox = inbox_of(workspace);
    let places = [
        (RawKind::Taken, inbox.join(TAKEN)),
        (RawKind::Refused, inbox.join(REFUSED)),
        (RawKind::List, workspace.folder().join(LISTS)),
    ];
    let mut out = Vec::new();
    for (kind, folder) in places {
        for path in below(&folder)? {
            out.extend(looked_at(path, kind, &imports)?);
        }
    }
    Ok(out)
}

/// Removes a file; one that is gone is removed already.
///
/// # Errors
/// [`Failure`] PRG-004 when it cannot be removed.
pub(super) fn remove(file: &RawFile) -> Result<(), Failure> {
    files::remove(&file.path).map_err(|why| failed(&file.path, &why))
}

/// Files in a folder and below it, by name. Links lead to what is not ours; what systems hide there tells of nobody.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (mut out, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(why) if matches!(why.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            Err(why) => return Err(failed(&folder, &why)),
        };
        for entry in entries {
            let entry = entry.map_err(|why| failed(&folder, &why))?;
            let kind = entry.file_type().map_err(|why| failed(&entry.path(), &why))?;
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && !is_hidden {
                out.push(entry.path());
            }
        }
    }
    out.sort();
    Ok(out)
}

/// What is to be said of a file; `None` when it went away meanwhile.
fn looked_at(path: PathBuf, kind: RawKind, imports: &[ImportRecord]) -> Result<Option<RawFile>> {
    let sum = match input::open(&path).and_then(|mut file| sum_of_bytes(&mut file)) {
        Ok(sum) => sum,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(failed(&path, &why).into()),
    };
    let (size, sha256) = sum.split_once(' ').context("a sum has two parts")?;
    // Taken in more than once it is kept from the last time on.
    let taken_in = imports.iter().filter(|import| import.sha256 == sha256);
    let taken_in = taken_in.map(|import| (import.known_on.max(tokyo_day(import.imported_at)), import.id)).max();
    let day = match taken_in {
        Some((day, _)) => day,
        None => stood_since(&path).map_err(|why| failed(&path, &why))?,
    };
    let import = taken_in.map(|(_, import)| import);
    let record = NewPurgedFile { kind, import, day, size_bytes: size.parse()?, sha256: sha256.to_string() };
    Ok(Some(RawFile { path, record }))
}

/// The day of a file of which no import tells: when it was written, or when it was refused.
fn stood_since(path: &Path) -> std::io::Result<NaiveDate> {
    let written: SystemTime = fs::metadata(path)?.modified()?;
    let refused = fs::metadata(reason_of(path)).and_then(|text| text.modified()).ok();
    Ok(tokyo_day(DateTime::<Utc>::from(refused.map_or(written, |refused| refused.max(written)))))
}

fn failed(place: &Path, why: &std::io::Error) -> Failure {
    Failure::new(FailureKind::Environment, "PRG-004", format!("{}: {why}", place.display()))
}
