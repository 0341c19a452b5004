//! Which papers are defined, and which one a word names.

use std::path::Path;

use anyhow::Result;

use super::Definition;
use crate::config::ConfigError;
use crate::definitions;
use crate::domain::class_scheme::spelling_key;
use crate::domain::fault::{Fault, PlacedFault};
use crate::error::Failure;
use crate::service::Workspace;
use crate::service::names::{self, Told};

/// All definitions by name. That layouts, words and class schemes are sound was proved when the data folder was opened.
///
/// # Errors
/// When a definition is wrong.
pub fn list(workspace: &Workspace) -> Result<Vec<Definition>> {
    Ok(definitions::reports(&workspace.definitions)?)
}

/// Checks the bodies that definitions name against the master, as far as there is one.
///
/// # Errors
/// [`definitions::DefinitionError`] with everything that the master does not have; when the store cannot be read.
pub async fn check_bodies(workspace: &Workspace) -> Result<()> {
    let associations = workspace.store.associations().await?;
    if associations.national().is_some() {
        definitions::check_bodies(&workspace.definitions, &associations)?;
    }
    Ok(())
}

/// Checks that every report that the monthly job makes exists: it would be missed only in the night of the run.
///
/// # Errors
/// [`ConfigError`] naming each one that does not, with its line in the file of settings.
pub fn check_jobs(workspace: &Workspace, settings: &Path) -> Result<()> {
    let all = list(workspace)?;
    let text = std::fs::read_to_string(settings).unwrap_or_default();
    let wanted = workspace.config.jobs.reports.iter().enumerate();
    let unknown = wanted.filter(|(_, name)| find(&all, name).is_err()).map(|(nth, name)| {
        let key = format!("jobs.reports[{nth}]");
        let known = all.iter().map(|one| one.id().to_string()).collect();
        PlacedFault {
            file: settings.display().to_string(),
            line: definitions::line_of(text.trim_start_matches('\u{feff}'), &key),
            key,
            fault: Fault::NotOneOf(name.clone(), known),
        }
    });
    let faults: Vec<PlacedFault> = unknown.collect();
    if faults.is_empty() { Ok(()) } else { Err(ConfigError { faults }.into()) }
}

/// The definition that a word names: by its id, else by its title.
///
/// # Errors
/// [`Failure`] RPT-001 with all names when there is none, or several have the title.
pub fn find<'d>(all: &'d [Definition], name: &str) -> Result<&'d Definition> {
    let key = spelling_key(name);
    let titled: Vec<&Definition> = all.iter().filter(|one| spelling_key(one.title()) == key).collect();
    let by_id = all.iter().find(|definition| spelling_key(definition.id()) == key);
    by_id
        .or(match titled.as_slice() {
            [one] => Some(*one),
            _ => None,
        })
        .ok_or_else(|| {
            let of = if titled.is_empty() { all.iter().collect() } else { titled };
            let told: Vec<Told> = of.iter().map(|one| Told::new(one.title(), one.id())).collect();
            names::with_list(Failure::usage("RPT-001", name), name, &told).into()
        })
}
