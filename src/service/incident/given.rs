//! The files that somebody asks about.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::domain::hex::hex;
use crate::error::Failure;
use crate::files::names::name_of;
use crate::input;

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;

/// What somebody asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// A file that is there.
    File(PathBuf),
    /// A name, where no file is there.
    Name(String),
}

impl Asked {
    /// Its name without its folder.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => name_of(path),
            Self::Name(name) => name.clone(),
        }
    }
}

/// The files behind what was typed: those of folders one by one, by name; what systems keep in folders for themselves is none.
///
/// # Errors
/// When a folder cannot be read.
pub(super) fn asked(typed: &[PathBuf]) -> Result<Vec<Asked>> {
    let mut out = Vec::new();
    for path in typed {
        if path.is_dir() {
            out.extend(files_below(path)?.into_iter().map(Asked::File));
        } else if fs::symlink_metadata(path).is_ok() {
            out.push(Asked::File(path.clone()));
        } else {
            out.push(Asked::Name(name_of(path)));
        }
    }
    Ok(out)
}

/// All files below a folder, by path. Links are not followed: they may lead back up.
///
/// # Errors
/// When a folder cannot be read.
pub(super) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let refused = |source: std::io::Error| Failure::from_io(&source, &next.display().to_string());
        for entry in fs::read_dir(&next).map_err(refused)? {
            let path = entry.map_err(refused)?.path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if !name_of(&path).starts_with('.') {
                out.push(path);
            }
        }
    }
    out.sort();
    Ok(out)
}

/// SHA-256 of a file, however large.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub(super) fn sha256_of(path: &Path) -> Result<String, Failure> {
    let refused = |source: std::io::Error| Failure::from_io(&source, &path.display().to_string());
    let mut file = input::open(path).map_err(refused)?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        let n = file.read(&mut piece).map_err(refused)?;
        if n == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&piece[..n]);
    }
}
