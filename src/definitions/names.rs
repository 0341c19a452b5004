//! Names of files in the folder of definitions. A misnamed file would change nothing, and nobody would notice.

use serde::Deserialize;

use super::reports::{NOT_REPORTS, SHIPPED};
use super::source::Source;
use super::{DefinitionError, DefinitionFolder, in_folder, kept};
use crate::domain::fault::{Fault, PlacedFault};

/// What tells a report from a layout and from a file that is neither.
#[derive(Deserialize)]
pub(super) struct Kind {
    pub(super) kind: Option<String>,
}

/// Names that a file directly in the folder can have, besides those of new reports.
pub(super) fn known() -> Vec<String> {
    let reports = SHIPPED.iter().map(|(name, _)| *name);
    let mut all: Vec<String> = NOT_REPORTS.into_iter().chain(reports).map(str::to_string).collect();
    all.sort();
    all
}

/// Checks that each file of the override folder is one that is read.
///
/// # Errors
/// [`DefinitionError`] naming files that are no definition, end in `.toml.txt`, or lie in the wrong folder.
pub(super) fn check(folder: &DefinitionFolder) -> Result<(), DefinitionError> {
    let mut faults: Vec<PlacedFault> = Vec::new();
    let refuse = |file: String, fault| PlacedFault { file, line: None, key: String::new(), fault };
    for subfolder in ["", "layouts"] {
        let names = kept(folder.names(subfolder), &mut faults).unwrap_or_default();
        for name in &names {
            // Notepad adds .txt, and Windows does not show it.
            if let Some(meant) = name.strip_suffix(".txt").filter(|meant| meant.ends_with(".toml")) {
                faults.push(refuse(in_folder(subfolder, name), Fault::WrongEnding(meant.into())));
            }
        }
        for name in names.iter().filter(|name| subfolder.is_empty() && name.ends_with(".toml")) {
            let Some(text) = kept(folder.file(name, ""), &mut faults) else { continue };
            if !known().contains(name) && Source::new(name, &text).parse::<Kind>().is_ok_and(|read| read.kind.is_none())
            {
                faults.push(refuse(name.clone(), Fault::UnknownFile(name.clone(), known())));
            }
        }
        for name in names.iter().filter(|name| !subfolder.is_empty() && known().contains(name)) {
            faults.push(refuse(in_folder(subfolder, name), Fault::WrongFolder(name.clone())));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(DefinitionError { faults }) }
}
