//! Definitions as data: layouts, vocabulary, class schemes, reports and meeting packs, read from TOML.
//!
//! Shipped definitions are compiled in; a folder beside the configuration overrides single files by name. Every
//! error names the file and the key. This room does not know exports, figures or paper.

mod bodies;
mod class_schemes;
mod error;
mod folder;
mod gaiji;
mod headings;
mod layouts;
mod names;
mod report_files;
mod report_tables;
mod reports;
mod shipped;
mod source;
mod statistics;
mod synth_targets;

pub use bodies::{check_bodies, check_seats};
pub use class_schemes::class_schemes;
pub use error::DefinitionError;
pub use folder::{DefinitionFolder, FileStamp};
pub use gaiji::gaiji;
pub use headings::with_heading;
pub use layouts::{layout_texts, layouts, read_layout, vocabulary};
pub use reports::{reports, sound_reports};
pub use shipped::{ShippedFile, shipped_files};
pub use source::line_of;
pub use statistics::{StatisticsTables, statistics};
pub use synth_targets::synth_targets;

use self::error::kept;
use crate::domain::fault::PlacedFault;
use crate::domain::layout::{Layout, Vocabulary};

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
