//! Files that leave the program: written under a temporary name, then renamed.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::{Builder, NamedTempFile};

use super::import::{ImportSummary, rejected_rows};
use crate::domain::document::Cell;
use crate::error::Failure;
use crate::ingest::rows::CellsOfRows;
use crate::messages::{Lang, message};
use crate::render::csv::{self, CsvStyle};

/// Start of the names of files that are being written.
const TEMPORARY: &str = ".kaiin-";

/// Removes what a killed process left half-written in a folder and below it. The caller holds the write lock.
///
/// # Errors
/// When the folder cannot be read or a file cannot be removed.
pub fn remove_leftovers(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            remove_leftovers(&path)?;
        } else if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY)) {
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(())
}

/// Writes a file as a whole or not at all.
///
/// # Errors
/// [`Failure`] when the folder cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |source: &std::io::Error| Failure::from_io(source, &name);
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|source| failed(&source))?;
    let mut temporary = Builder::new().prefix(TEMPORARY).tempfile_in(folder).map_err(|source| failed(&source))?;
    temporary.write_all(bytes).map_err(|source| failed(&source))?;
    readable(&temporary).map_err(|source| failed(&source))?;
    temporary.as_file().sync_all().map_err(|source| failed(&source))?;
    temporary.persist(path).map_err(|error| failed(&error.error))?;
    Ok(())
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

/// Writes the rejected rows of a file for the office into `folder` and returns the path; nothing when no row was
/// rejected.
///
/// # Errors
/// When the file can no longer be read or the list cannot be written.
pub fn write_rejects(path: &Path, summary: &ImportSummary, folder: &Path) -> Result<Option<PathBuf>> {
    if summary.rejected.is_empty() {
        return Ok(None);
    }
    let cells = rejected_rows(path, summary)?;
    let bytes = rejects_csv(&cells, summary)?;
    let stem = Path::new(&summary.file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // Exports of two prefectures may have one name.
    let source = if summary.source == summary.kind { String::new() } else { format!("{}_", summary.source) };
    let target = folder.join(format!("{source}{stem}_取込不可.csv"));
    write_file(&target, &bytes)?;
    Ok(Some(target))
}

/// The rejects file of the office: row number, 原因, 直し方, then the row exactly as it came.
///
/// # Errors
/// When a cell holds what no CSV file can.
fn rejects_csv(cells: &CellsOfRows, summary: &ImportSummary) -> Result<Vec<u8>> {
    let mut headings = vec!["行", "原因", "直し方"];
    headings.extend(cells.headings.iter().map(String::as_str));
    let rows: Vec<Vec<Cell>> = cells
        .rows
        .iter()
        .map(|(row, original)| {
            let (mut causes, mut remedies) = (Vec::new(), Vec::new());
            for reject in summary.rejected.iter().filter(|reject| reject.row == *row) {
                let text = message(reject.code, Lang::Ja, "");
                causes.push(format!("{}列 {}: {}（{}）", reject.column, reject.heading, text.text, reject.code));
                remedies.push(text.remedy);
            }
            let mut out =
                vec![Cell::Count(i64::from(*row)), Cell::Text(causes.join(" ／ ")), Cell::Text(remedies.join(" ／ "))];
            out.extend(original.iter().cloned().map(Cell::Text));
            out
        })
        .collect();
    csv::rows_csv(CsvStyle::Display, &headings, &rows).context("writing the rejects file")
}
