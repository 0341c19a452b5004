//! Which papers are defined, and which one a word names.

use crate::service::keep::choices::with_list;
use anyhow::Result;

use super::request::Variant;
use crate::definitions;
use crate::domain::class_scheme::spelling_key;
use crate::domain::report::Definition;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::keep::choices::Choice;

/// Who a paper is for where nobody says: meeting packs go to others, single reports stay in the office (R37).
pub fn usual_variant(definition: &Definition) -> Variant {
    match definition {
        Definition::Report(_) => Variant::Internal,
        Definition::Pack(_) => Variant::External,
    }
}

/// Who a paper is for where nobody says, by the name of its definition; an unknown name is told when the paper is made.
pub fn usual_variant_of(all: &[Definition], name: &str) -> Variant {
    find(all, name).map_or(Variant::Internal, usual_variant)
}

/// All definitions by name. That layouts, words and class schemes are sound was proved when the data folder was opened.
///
/// # Errors
/// When a definition is wrong.
pub fn list(workspace: &Workspace) -> Result<Vec<Definition>> {
    workspace.gaiji()?;
    Ok(definitions::reports(&workspace.definitions)?)
}

/// The definitions in which nothing is wrong, and what is wrong in the others (R31).
pub fn sound_list(workspace: &Workspace) -> (Vec<Definition>, Option<Failure>) {
    let (sound, faults) = definitions::sound_reports(&workspace.definitions);
    let error = (!faults.is_empty()).then(|| definitions::DefinitionError { faults }.into());
    (sound, error.as_ref().map(Failure::of))
}

/// The title of a report among ids and titles of definitions. The id of a report that is limited to an area ends with that.
pub(in crate::service) fn title_of<'t>(titles: &'t [(String, String)], report: &str) -> Option<&'t str> {
    let is_of = |id: &str| report.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    titles.iter().find(|(id, _)| is_of(id)).map(|(_, title)| title.as_str())
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
            let told: Vec<Choice> = of.iter().map(|one| Choice::new(one.title(), one.id())).collect();
            with_list(Failure::usage("RPT-001", name), name, &told).into()
        })
}
