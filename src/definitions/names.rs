//! Names of files in the folder of definitions. A misnamed file would change nothing, and nobody would notice.

use super::error::{DefinitionError, kept};
use super::folder::{DefinitionFolder, in_folder};
use super::report_files::{Kind, known};
use super::source::Source;
use crate::domain::fault::{Fault, PlacedFault};

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
