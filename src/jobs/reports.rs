//! The reports that the settings name, against the definitions: one that is not there costs itself alone (R31), and is
//! named before the run.

use anyhow::Result;

use crate::domain::fault::{Fault, PlacedFault};
use crate::error::{Detail, Failure};
use crate::service::keep::Workspace;
use crate::service::papers;

/// Reports of the settings that no definition makes; `None` when there are none. Where a definition is wrong, nobody can say
/// which report it was to be, and that is told elsewhere.
pub fn unknown_reports(workspace: &Workspace) -> Option<Failure> {
    let (sound, wrong) = papers::sound_list(workspace);
    if wrong.is_some() {
        return None;
    }
    let known: Vec<String> = sound.iter().map(|one| one.id().to_string()).collect();
    let unknown = workspace.config.jobs.reports.iter().filter(|name| !known.contains(name));
    let details: Vec<Detail> = unknown
        .map(|name| {
            let fault = Fault::NotOneOf(name.clone(), known.clone());
            let (file, key) = ("kaiin.toml".into(), "jobs.reports".into());
            Detail::of_fault(&PlacedFault { file, line: None, key, fault })
        })
        .collect();
    let names: Vec<&str> = details.iter().filter_map(|detail| detail.words.first().map(String::as_str)).collect();
    let names = names.join(", ");
    (!details.is_empty()).then(|| Failure { details: details.into(), ..Failure::usage("CFG-004", names) })
}

/// Checks that a definition makes every report of the settings.
///
/// # Errors
/// [`Failure`] CFG-004 naming those that none makes.
pub fn check_reports(workspace: &Workspace) -> Result<()> {
    unknown_reports(workspace).map_or(Ok(()), |failure| Err(failure.into()))
}
