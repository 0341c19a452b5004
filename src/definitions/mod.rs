//! Definitions as data: layouts, vocabulary, class schemes, reports and meeting packs, read from TOML.
//!
//! Shipped definitions are compiled in; a folder beside the configuration overrides single files by name. Every
//! error names the file and the key. This room does not know exports, figures or paper.

mod class_schemes;
mod layouts;
mod report_tables;
mod reports;
mod statistics;
mod synth_targets;

use std::path::{Path, PathBuf};

pub use class_schemes::class_schemes;
pub use layouts::{layouts, vocabulary};
pub use reports::{Definition, reports};
pub use statistics::{StatisticsTables, statistics};
pub use synth_targets::synth_targets;

/// Why a definition cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// The text is not TOML, or a key is unknown, missing or of the wrong kind; the message names line and key.
    #[error("{file}: {message}")]
    Invalid {
        /// File name as under `reports/`.
        file: String,
        /// What is wrong and where.
        message: String,
    },
    /// A file of the override folder cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Where definitions come from: the shipped ones, and a folder that overrides them.
#[derive(Debug, Clone, Default)]
pub struct DefinitionFolder {
    overrides: Option<PathBuf>,
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

    /// The files under `subfolder` by name, sorted: shipped ones, those of the override folder in their place
    /// or beside them.
    fn files(&self, subfolder: &str, shipped: &[(&str, &str)]) -> Result<Vec<(String, String)>, DefinitionError> {
        let mut files: Vec<(String, String)> =
            shipped.iter().map(|(name, text)| ((*name).to_string(), (*text).to_string())).collect();
        let Some(folder) = self.overrides.as_ref().map(|folder| folder.join(subfolder)) else { return Ok(files) };
        for (name, text) in read_folder(&folder)? {
            files.retain(|(shipped, _)| *shipped != name);
            files.push((name, text));
        }
        files.sort();
        Ok(files)
    }

    /// One file, the override before the shipped one.
    fn file(&self, name: &str, shipped: &str) -> Result<String, DefinitionError> {
        let Some(path) = self.overrides.as_ref().map(|folder| folder.join(name)) else { return Ok(shipped.into()) };
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(shipped.into()),
            Err(source) => Err(DefinitionError::Unreadable { path, source }),
        }
    }
}

fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, DefinitionError> {
    let unreadable = |path: &Path| {
        let path = path.to_path_buf();
        move |source| DefinitionError::Unreadable { path, source }
    };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        // Only definitions: editors leave other files behind.
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        out.push((name, std::fs::read_to_string(&path).map_err(unreadable(&path))?));
    }
    Ok(out)
}

/// Reads one TOML text; the error names the file, the line and the key.
fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, DefinitionError> {
    toml::from_str(text).map_err(|error| invalid(file, error.to_string().trim_end()))
}

fn invalid(file: &str, message: impl Into<String>) -> DefinitionError {
    DefinitionError::Invalid { file: file.into(), message: message.into() }
}
