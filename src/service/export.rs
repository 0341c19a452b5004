//! Files that leave the program: written under a temporary name, then renamed.

use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::{Builder, NamedTempFile};

use crate::domain::document::Cell;
use crate::error::{Failure, FailureKind};
use crate::render::csv::{self, CsvStyle};

/// Start of the names of files that are being written.
pub(super) const TEMPORARY: &str = ".kaiin-";

/// Removes what a killed process left half-written in a folder and below it, files and whole papers. The caller holds the
/// write lock.
///
/// # Errors
/// When the folder cannot be read or a file cannot be removed.
pub fn remove_leftovers(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let is_leftover = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY));
        match (path.is_dir(), is_leftover) {
            (true, true) => std::fs::remove_dir_all(&path).with_context(|| format!("removing {}", path.display()))?,
            (true, false) => remove_leftovers(&path)?,
            (false, true) => std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?,
            (false, false) => {}
        }
    }
    Ok(())
}

/// Writes a file as a whole or not at all.
///
/// # Errors
/// [`Failure`] when the folder cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    write(path, bytes, |temporary| temporary.persist(path).map(drop))
}

/// As [`write_file`], where no file of that name is.
///
/// # Errors
/// As [`write_file`]; also when there is a file by then.
pub fn write_new_file(path: &Path, bytes: &[u8]) -> Result<()> {
    write(path, bytes, |temporary| temporary.persist_noclobber(path).map(drop))
}

fn write(
    path: &Path,
    bytes: &[u8],
    persist: impl FnOnce(NamedTempFile) -> Result<(), tempfile::PersistError>,
) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |source: &std::io::Error| not_writable(folder, source);
    std::fs::create_dir_all(folder).map_err(|source| failed(&source))?;
    let mut temporary = Builder::new().prefix(TEMPORARY).tempfile_in(folder).map_err(|source| failed(&source))?;
    temporary.write_all(bytes).map_err(|source| failed(&source))?;
    readable(&temporary).map_err(|source| failed(&source))?;
    temporary.as_file().sync_all().map_err(|source| failed(&source))?;
    persist(temporary).map_err(|error| failed(&error.error))?;
    Ok(())
}

/// Why nothing can be written below a folder, with its full path: an office must know where to look.
pub(super) fn not_writable(folder: &Path, source: &std::io::Error) -> Failure {
    let path = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf()).display().to_string();
    match source.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Failure::new(FailureKind::Environment, "RPT-020", path)
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Failure::new(FailureKind::Environment, "RPT-021", path),
        ErrorKind::NotFound | ErrorKind::InvalidFilename | ErrorKind::InvalidInput => {
            Failure::new(FailureKind::Environment, "RPT-022", path)
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Failure::new(FailureKind::Environment, "ENV-002", path),
        _ => Failure::new(FailureKind::Environment, "RPT-023", format!("{path}: {source}")),
    }
}

/// Temporary files are made for their owner only; a paper is for the office.
#[cfg(unix)]
fn readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}

/// One heading line and rows of codes, for programs.
///
/// # Errors
/// When a cell holds what no CSV file can.
pub fn rows_csv(headings: &[String], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Cell>> = rows.map(|row| row.into_iter().map(Cell::Text).collect()).collect();
    csv::rows_csv(CsvStyle::Machine, &headings, &rows).context("writing CSV")
}
