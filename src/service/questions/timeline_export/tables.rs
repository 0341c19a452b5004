//! Tables of an export: files of a folder that is still under another name, one after the other.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::target::Target;
use super::written::{ExportedFile, ExportedTable};
use crate::domain::hex::hex;
use crate::files::{NewFolder, Readers, make_folder, remove_leftovers};
use crate::service::keep::export::not_writable;
use crate::timeline::{ExchangeColumns, ExchangedFile, write_exchange_file};

/// Rows of a file: some 100 MB of memberships, 64 row groups.
const ROWS_OF_FILE: usize = 64 * 122_880;

/// An export that is being written.
pub(super) struct ExportFolder {
    folder: NewFolder,
    out: PathBuf,
    readers: Readers,
}

impl ExportFolder {
    /// Begins an export beside its target.
    ///
    /// # Errors
    /// [`crate::error::Failure`] when the folder above cannot be written.
    pub(super) fn begin(target: &Target, readers: Readers) -> Result<Self> {
        let above = target.above();
        let begun = make_folder(above, readers).and_then(|()| {
            remove_leftovers(above, 0);
            NewFolder::within(above, readers)
        });
        let folder = begun.map_err(|source| not_writable(&target.path, &source))?;
        Ok(Self { folder, out: target.path.clone(), readers })
    }

    /// Writes a text of the program.
    ///
    /// # Errors
    /// [`crate::error::Failure`] when the disk refuses.
    pub(super) fn write_text(&self, name: &str, text: &str) -> Result<ExportedFile> {
        let written = self.folder.write(Path::new(name), text.as_bytes());
        written.map_err(|source| not_writable(&self.out, &source))?;
        let sha256 = hex(&Sha256::digest(text));
        Ok(ExportedFile { path: name.into(), rows: None, size_bytes: u64::try_from(text.len())?, sha256 })
    }

    /// Writes rows as files of one folder below; where there are no rows, a file without any.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write_part<'c, R>(
        &self,
        below: &str,
        rows: &[R],
        columns: impl Fn(&[R]) -> ExchangeColumns<'c>,
    ) -> Result<Vec<ExportedFile>> {
        let folder = self.folder.path().join(below);
        make_folder(&folder, self.readers).map_err(|source| not_writable(&self.out, &source))?;
        let nothing: &[R] = &[];
        let chunks: Vec<&[R]> = if rows.is_empty() { vec![nothing] } else { rows.chunks(ROWS_OF_FILE).collect() };
        let mut out = Vec::with_capacity(chunks.len());
        for (nth, rows) in chunks.into_iter().enumerate() {
            let path = format!("{below}/part-{nth}.parquet");
            let written = write_exchange_file(&self.folder.path().join(&path), self.readers, rows, &columns);
            let ExchangedFile { n_rows, size_bytes, sha256 } = written.context("writing the export")?;
            out.push(ExportedFile { path, rows: Some(n_rows), size_bytes, sha256 });
        }
        Ok(out)
    }

    /// As [`Self::write_part`] for a table in one folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write_table<'c, R>(
        &self,
        name: &'static str,
        rows: &[R],
        columns: impl Fn(&[R]) -> ExchangeColumns<'c>,
    ) -> Result<ExportedTable> {
        Ok(ExportedTable { name, files: self.write_part(name, rows, columns)? })
    }

    /// Gives the export its name, in place of the one that lies there.
    ///
    /// # Errors
    /// [`crate::error::Failure`] when the disk refuses; what had the name has it then.
    pub(super) fn finish(self, target: &Target) -> Result<()> {
        let done = match target.holds_export {
            true => self.folder.finish_in_place_of(&target.path),
            false => self.folder.finish(&target.path),
        };
        Ok(done.map_err(|source| not_writable(&target.path, &source))?)
    }
}

/// The code that stands for a prefecture in files and folders: 00 where there is none.
pub(super) fn prefecture_key(code: &str) -> &str {
    if code.is_empty() { "00" } else { code }
}
