//! The folder of an export: what may lie in its place, and how it gets there.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Deserialize;

use super::written::{ExportedFile, KIND, MANIFEST};
use crate::error::Failure;
use crate::input;
use crate::service::keep::export::not_writable;

/// What a manifest says of its folder, whatever the version of the program.
#[derive(Deserialize)]
struct Listed {
    kind: String,
    files: Vec<ExportedFile>,
}

/// A folder that an export may have.
pub(super) struct Target {
    /// Where it is, links followed.
    pub(super) path: PathBuf,
    /// Whether an export lies there, which is replaced.
    pub(super) holds_export: bool,
}

impl Target {
    /// Looks at a folder.
    ///
    /// # Errors
    /// [`Failure`] EXP-001 when an export lies there and may not be replaced, EXP-002 when anything else does.
    pub(super) fn of(out: &Path, may_replace: bool) -> Result<Self> {
        let refused = |source: &Error| not_writable(out, source);
        let path = match fs::canonicalize(out) {
            Ok(path) => path,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let path = std::path::absolute(out).map_err(|source| refused(&source))?;
                return Ok(Self { path, holds_export: false });
            }
            Err(error) => return Err(refused(&error).into()),
        };
        let mut files = BTreeSet::new();
        list(&path, Path::new(""), &mut files).map_err(|source| refused(&source))?;
        if files.is_empty() {
            return Ok(Self { path, holds_export: false });
        }
        if let Some(strange) = strange(&path, &files) {
            return Err(Failure::usage("EXP-002", path.join(strange).display().to_string()).into());
        }
        if !may_replace {
            return Err(Failure::usage("EXP-001", path.display().to_string()).into());
        }
        Ok(Self { path, holds_export: true })
    }

    /// The folder above.
    pub(super) fn above(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }
}

/// Something in a folder that is not of an export: a file that its manifest does not name, or where there is none, the first.
fn strange(path: &Path, files: &BTreeSet<PathBuf>) -> Option<PathBuf> {
    let manifest = input::read_whole(&path.join(MANIFEST)).ok();
    let manifest: Option<Listed> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(manifest) = manifest.filter(|manifest| manifest.kind == KIND) else { return files.first().cloned() };
    let named: BTreeSet<PathBuf> =
        manifest.files.iter().map(|file| PathBuf::from(&file.path)).chain([PathBuf::from(MANIFEST)]).collect();
    files.difference(&named).next().cloned()
}

/// All files below a folder, and folders with nothing in them, as paths from there. Links are not followed.
fn list(root: &Path, below: &Path, out: &mut BTreeSet<PathBuf>) -> std::io::Result<()> {
    let mut is_empty = true;
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        is_empty = false;
        match entry.file_type()?.is_dir() {
            true => list(root, &path, out)?,
            false => drop(out.insert(path)),
        }
    }
    if is_empty && !below.as_os_str().is_empty() {
        out.insert(below.to_path_buf());
    }
    Ok(())
}
