//! Definitions as data: layouts, vocabulary, class schemes, reports and meeting packs, read from TOML.
//!
//! Shipped definitions are compiled in; a folder beside the configuration overrides single files by name. Every
//! error names the file and the key. This room does not know exports, figures or paper.

mod bodies;
mod class_schemes;
mod gaiji;
mod headings;
mod layouts;
mod names;
mod report_grids;
mod report_tables;
mod reports;
mod shipped;
mod source;
mod statistics;
mod synth_targets;

use std::path::PathBuf;

pub use bodies::{check_bodies, check_seats};
pub use class_schemes::class_schemes;
pub use gaiji::gaiji;
pub use headings::with_heading;
pub use layouts::{layout_texts, layouts, read_layout, vocabulary};
pub use reports::{Definition, reports, sound_reports};
pub use shipped::{ShippedFile, shipped_files};
pub use source::line_of;
pub use statistics::{StatisticsTables, statistics};
pub use synth_targets::synth_targets;

use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::layout::{Layout, Vocabulary};
use crate::input::{self, NotRead};

/// Everything that is wrong in the definitions that were read; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionError {
    /// The faults by file, in the order of each file.
    pub faults: Vec<PlacedFault>,
}

impl DefinitionError {
    /// The error of one fault.
    pub fn of(fault: PlacedFault) -> Self {
        Self { faults: vec![fault] }
    }

    /// A fault of a file as a whole.
    fn of_file(file: &str, fault: Fault) -> Self {
        Self::of(PlacedFault { file: file.into(), line: None, key: String::new(), fault })
    }

    /// A file that the system does not let us read.
    fn unreadable(file: &str, source: &std::io::Error) -> Self {
        let fault = match (NotRead::of(source), source.kind()) {
            (Some(why), _) => Fault::NotRead(why.code()),
            (None, std::io::ErrorKind::InvalidData) => Fault::NotUtf8,
            (None, _) => Fault::Unreadable(source.to_string()),
        };
        Self::of_file(file, fault)
    }
}

impl std::fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        write!(f, "{}", faults.join("; "))
    }
}

impl std::error::Error for DefinitionError {}

/// All definitions but reports, which are read when a paper is made.
#[derive(Debug, Clone)]
pub struct Definitions {
    /// Layouts by file name.
    pub layouts: Vec<Layout>,
    /// Words of the exports.
    pub vocabulary: Vocabulary,
    /// Tables behind derived statistics.
    pub statistics: StatisticsTables,
}

/// Reads all definitions. When one is wrong, what is wrong in reports is told with it.
///
/// # Errors
/// [`DefinitionError`] with everything that is wrong in the folder, misnamed files among it.
pub fn read(folder: &DefinitionFolder) -> Result<Definitions, DefinitionError> {
    let mut faults = Vec::new();
    let layouts = kept(layouts(folder), &mut faults);
    let vocabulary = kept(vocabulary(folder), &mut faults);
    let statistics = kept(statistics(folder), &mut faults);
    kept(names::check(folder), &mut faults);
    if let (Some(layouts), Some(vocabulary), Some(statistics), true) =
        (layouts, vocabulary, statistics, faults.is_empty())
    {
        return Ok(Definitions { layouts, vocabulary, statistics });
    }
    kept(reports(folder), &mut faults);
    // Several readers open one folder: what they all stumble over is told once.
    let mut told: Vec<PlacedFault> = Vec::new();
    for fault in faults {
        if !told.contains(&fault) {
            told.push(fault);
        }
    }
    told.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    Err(DefinitionError { faults: told })
}

/// The value, or its faults put to the others.
fn kept<T>(read: Result<T, DefinitionError>, faults: &mut Vec<PlacedFault>) -> Option<T> {
    read.map_err(|error| faults.extend(error.faults)).ok()
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
    /// or beside them. What cannot be read is put to the faults.
    fn files(&self, subfolder: &str, shipped: &[(&str, &str)], faults: &mut Vec<PlacedFault>) -> Vec<(String, String)> {
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
    fn file(&self, name: &str, shipped: &str) -> Result<String, DefinitionError> {
        let Some(path) = self.overrides.as_ref().map(|folder| folder.join(name)) else { return Ok(shipped.into()) };
        match input::read_text(&path) {
            Ok(text) => Ok(text.trim_start_matches('\u{feff}').into()),
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(shipped.into()),
            Err(source) => Err(DefinitionError::unreadable(name, &source)),
        }
    }

    /// Names of everything that lies in a subfolder of the override folder, sorted.
    fn names(&self, subfolder: &str) -> Result<Vec<String>, DefinitionError> {
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
fn in_folder(subfolder: &str, name: &str) -> String {
    if subfolder.is_empty() { name.into() } else { format!("{subfolder}/{name}") }
}

/// Whether a text is a prefecture code, 01 to 47.
fn is_prefecture(code: &str) -> bool {
    code.len() == 2 && code.parse().is_ok_and(|n: u8| (1..=47).contains(&n))
}

/// Texts as the words that a fault allows.
fn owned<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<String> {
    words.into_iter().map(str::to_string).collect()
}
