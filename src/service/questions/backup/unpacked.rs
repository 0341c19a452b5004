//! The files of a backup, copied out and compared with what its manifest says of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::manifest::{BESIDE, BackedUp, BackupManifest, DATA, MANIFEST, SEAL};
use super::room::{failure_of, unreadable};
use crate::error::Failure;
use crate::files::{Copied, CopyFault, NewFolder};
use crate::input;
use crate::service::keep::folders::{Finding, State};
use crate::service::keep::restored::instant_in_name;

/// Digits of a hash that are shown where two differ.
const SHOWN: usize = 12;

/// Where things lie that were copied out.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// The folder, relative to the data folder, of what lay elsewhere.
    pub(super) beside: String,
}

impl Places {
    /// Of one backup: what it brings beside the data folder comes into a folder that no other backup brings.
    pub(super) fn of(manifest: &BackupManifest) -> Self {
        Self { beside: format!("{BESIDE}_{}", instant_in_name(manifest.made_at)) }
    }

    /// Where something goes, relative to the data folder.
    pub(super) fn place(&self, name: &str) -> PathBuf {
        match (name.split_once('/'), name.strip_prefix(BESIDE)) {
            (Some((DATA, inside)), _) => PathBuf::from(inside),
            (_, Some(inside)) => PathBuf::from(format!("{}{inside}", self.beside)),
            _ => PathBuf::from(name),
        }
    }
}

/// Copies all files out, and tells which are not what was written, are not there, or were added.
///
/// # Errors
/// [`Failure`] BAK-003 and others when the target cannot be written, BAK-004 when the folder of the backup cannot be listed.
pub(super) fn unpack(
    from: &Path,
    manifest: &BackupManifest,
    places: &Places,
    folder: &NewFolder,
) -> Result<Vec<Finding>, Failure> {
    let known: BTreeMap<&str, &str> =
        manifest.files.iter().map(|file| (file.sha256.as_str(), file.name.as_str())).collect();
    let mut findings = Vec::new();
    for file in &manifest.files {
        let place = from.join(&file.name);
        let copied = input::open(&place).map_err(CopyFault::Read);
        let copied = copied.and_then(|mut source| folder.copy(&places.place(&file.name), &mut source));
        match copied {
            Ok(copied) => findings.extend(compared(file, &copied, &known, &place)),
            Err(CopyFault::Read(why)) if matches!(why.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                findings.push(finding("BAK-008", State::Missing, &place));
            }
            Err(CopyFault::Read(why)) => {
                tracing::info!(place = %place.display(), %why, "a file of a backup cannot be read");
                findings.push(finding("BAK-012", State::Unreadable, &place));
            }
            Err(fault) => return Err(failure_of(&fault, &place, folder.path().parent().unwrap_or(folder.path()))),
        }
    }
    findings.extend(added(from, manifest)?);
    Ok(findings)
}

fn compared(file: &BackedUp, copied: &Copied, known: &BTreeMap<&str, &str>, place: &Path) -> Option<Finding> {
    if (copied.size_bytes, &copied.sha256) == (file.size_bytes, &file.sha256) {
        return None;
    }
    let mut found = match known.get(copied.sha256.as_str()) {
        Some(other) => {
            let found = finding("BAK-010", State::Swapped, place);
            Finding { words: vec![found.place.clone(), (*other).to_string()], ..found }
        }
        None => finding("BAK-009", State::Changed, place),
    };
    if found.words.len() == 1 {
        found.words.push(match copied.size_bytes == file.size_bytes {
            true => format!("SHA-256 {} → {}", beginning(&file.sha256), beginning(&copied.sha256)),
            false => format!("{} → {} bytes", file.size_bytes, copied.size_bytes),
        });
    }
    Some(found)
}

/// The beginning of a hash; whole where it is shorter, as in a manifest that nobody of ours wrote.
fn beginning(sha256: &str) -> &str {
    sha256.get(..SHOWN).unwrap_or(sha256)
}

/// What lies in the folder of a backup and is not told of.
fn added(from: &Path, manifest: &BackupManifest) -> Result<Vec<Finding>, Failure> {
    let files = manifest.files.iter().map(|file| file.name.as_str());
    let told: BTreeSet<PathBuf> = files.chain([MANIFEST, SEAL]).map(|name| from.join(name)).collect();
    let mut all = Vec::new();
    list(from, &mut all)?;
    let unknown = all.into_iter().filter(|path| !told.contains(path));
    Ok(unknown.map(|path| finding("BAK-011", State::Added, &path)).collect())
}

/// Everything in a folder and below it that is no folder, by name.
fn list(folder: &Path, out: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |why: std::io::Error| unreadable(folder, &why);
    let entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut entries: Vec<(PathBuf, bool)> =
        entries.into_iter().map(|entry| (entry.path(), entry.file_type().is_ok_and(|kind| kind.is_dir()))).collect();
    entries.sort();
    for (path, is_folder) in entries {
        if is_folder {
            list(&path, out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}

fn finding(code: &'static str, state: State, place: &Path) -> Finding {
    Finding::new(code, state, place.display().to_string())
}
