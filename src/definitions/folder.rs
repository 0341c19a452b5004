//! The folder of definitions: the shipped texts, and the files that stand in their place.

use std::path::PathBuf;
use std::time::SystemTime;

use super::error::{DefinitionError, kept};
use crate::domain::fault::PlacedFault;
use crate::input;

/// Where definitions come from: the shipped ones, and a folder that overrides them.
#[derive(Debug, Clone, Default)]
pub struct DefinitionFolder {
    overrides: Option<PathBuf>,
}

/// A file as it was at some time, without what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileStamp {
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
}

impl DefinitionFolder {
    /// Only the shipped definitions.
    pub fn shipped() -> Self {
        Self::default()
    }

    /// The shipped definitions, replaced or joined by the files in `folder`.
    pub fn with_overrides(folder: PathBuf) -> Self {
        Self { overrides: Some(folder) }
    }

    /// What tells whether anything in the folder has changed: each file with its size and time.
    pub fn stamp(&self) -> Vec<FileStamp> {
        let mut out = Vec::new();
        let mut folders: Vec<PathBuf> = self.overrides.iter().cloned().collect();
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(&folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
                let Ok(metadata) = std::fs::metadata(&path) else { continue };
                if metadata.is_dir() {
                    folders.push(path);
                } else {
                    out.push(FileStamp { path, len: metadata.len(), modified: metadata.modified().ok() });
                }
            }
        }
        out.sort();
        out
    }

    /// The files under `subfolder` by name, sorted: shipped ones, those of the override folder in their place
    /// or beside them. What cannot be read is put to the faults.
    pub(super) fn files(
        &self,
        subfolder: &str,
        shipped: &[(&str, &str)],
        faults: &mut Vec<PlacedFault>,
    ) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> =
            shipped.iter().map(|(name, text)| ((*name).to_string(), (*text).to_string())).collect();
        let names = kept(self.names(subfolder), faults).unwrap_or_default();
        // Only definitions: editors leave other files behind.
        for name in names.into_iter().filter(|name| name.ends_with(".toml")) {
            files.retain(|(shipped, _)| *shipped != name);
            if let Some(text) = kept(self.file(&in_folder(subfolder, &name), ""), faults) {
                files.push((name, text));
            }
        }
        files.sort();
        files
    }

    /// One file, the override before the shipped one.
    pub(super) fn file(&self, name: &str, shipped: &str) -> Result<String, DefinitionError> {
        let Some(path) = self.overrides.as_ref().map(|folder| folder.join(name)) else { return Ok(shipped.into()) };
        match input::read_text(&path) {
            Ok(text) => Ok(text.trim_start_matches('\u{feff}').into()),
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(shipped.into()),
            Err(source) => Err(DefinitionError::unreadable(name, &source)),
        }
    }

    /// Names of everything that lies in a subfolder of the override folder, sorted.
    pub(super) fn names(&self, subfolder: &str) -> Result<Vec<String>, DefinitionError> {
        let Some(folder) = self.overrides.as_ref().map(|folder| folder.join(subfolder)) else { return Ok(Vec::new()) };
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let unreadable = |source: std::io::Error| DefinitionError::unreadable(subfolder, &source);
        let mut out = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            out.push(entry.file_name().to_string_lossy().into_owned());
        }
        out.sort();
        Ok(out)
    }
}

/// A file name with its subfolder, as people see it.
pub(super) fn in_folder(subfolder: &str, name: &str) -> String {
    if subfolder.is_empty() { name.into() } else { format!("{subfolder}/{name}") }
}
