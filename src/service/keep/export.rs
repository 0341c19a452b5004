//! Files that leave the program, and why one cannot be written, as an office must hear it.

use std::io::{Error, ErrorKind};
use std::path::Path;

use anyhow::{Context, Result};

use crate::domain::cell::Cell;
use crate::error::{Failure, FailureKind};
use crate::files::{self, Readers};
use crate::render::csv::{self, CsvStyle};

/// Writes a file as a whole or not at all.
///
/// # Errors
/// [`Failure`] when the folder cannot be written.
pub fn write_file(path: &Path, bytes: &[u8], readers: Readers) -> Result<()> {
    clear_beside(path);
    told(path, files::write_whole(path, bytes, readers))
}

/// As [`write_file`], where no file of that name is.
///
/// # Errors
/// As [`write_file`]; also when there is a file by then.
pub fn write_new_file(path: &Path, bytes: &[u8], readers: Readers) -> Result<()> {
    clear_beside(path);
    told(path, files::write_new(path, bytes, readers))
}

/// What a killed run left in the folder goes when the next file is written there, whichever it was.
fn clear_beside(path: &Path) {
    if let Some(folder) = path.parent() {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        files::remove_leftovers(here, 0);
    }
}

fn told(path: &Path, written: std::io::Result<()>) -> Result<()> {
    Ok(written.map_err(|source| not_writable(path.parent().unwrap_or(Path::new(".")), &source))?)
}

/// Why nothing can be written below a folder, with its full path: an office must know where to look.
pub(in crate::service) fn not_writable(folder: &Path, source: &Error) -> Failure {
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

/// One heading line and rows of codes, for programs.
///
/// # Errors
/// When a cell holds what no CSV file can.
pub fn rows_csv(headings: &[String], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Cell>> = rows.map(|row| row.into_iter().map(Cell::Text).collect()).collect();
    csv::rows_csv(CsvStyle::Machine, &headings, &rows).context("writing CSV")
}
