//! What was written of an export.

use serde::{Deserialize, Serialize};

/// Name of the manifest in its folder.
pub(super) const MANIFEST: &str = "manifest.json";

/// What a manifest of an export says that it is.
pub(super) const KIND: &str = "kaiin timeline export";

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedFile {
    /// Its path from the folder of the export, with `/`.
    pub path: String,
    /// Number of rows; of tables only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<usize>,
    /// Its size.
    pub size_bytes: u64,
    /// Its hash, hexadecimal.
    pub sha256: String,
}

/// The files of a table.
#[derive(Debug)]
pub(super) struct ExportedTable {
    /// Name of the table, and of its folder.
    pub(super) name: &'static str,
    /// Its files.
    pub(super) files: Vec<ExportedFile>,
}

impl ExportedTable {
    /// Rows of all its files.
    pub(super) fn n_rows(&self) -> usize {
        self.files.iter().filter_map(|file| file.rows).sum()
    }
}
