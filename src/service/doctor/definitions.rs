//! Definitions, and the table of characters that stand for others.

use super::given::{Given, Opened};
use super::line::{Line, Subject, Told};
use crate::config::Config;
use crate::definitions;
use crate::definitions::DefinitionError;
use crate::domain::gaiji::Gaiji;
use crate::error::Failure;
use crate::render::printable::is_printable;
use crate::service::keep::workspace::definition_folder;
use crate::service::papers;

/// What was read of the definitions.
#[derive(Debug)]
pub(super) struct Read {
    /// Whether everything could be read but reports and packs, without which a data folder opens.
    base: Result<(), DefinitionError>,
    /// How many reports and packs there are.
    reports: Result<usize, DefinitionError>,
    /// Which characters stand for others.
    pub(super) gaiji: Result<Gaiji, DefinitionError>,
}

impl Read {
    /// Whether a data folder can be opened with them.
    pub(super) fn lets_open(&self) -> bool {
        self.base.is_ok()
    }

    /// What is wrong in them.
    pub(super) fn fault(&self) -> Option<Failure> {
        let faults = [self.base.as_ref().err(), self.reports.as_ref().err(), self.gaiji.as_ref().err()];
        faults.into_iter().flatten().next().map(|error| Failure::of(&error.clone().into()))
    }
}

/// Reads all definitions.
pub(super) fn read(config: &Config) -> Read {
    let folder = match definition_folder(config) {
        Ok(folder) => folder,
        Err(error) => return Read { base: Err(error.clone()), reports: Err(error.clone()), gaiji: Err(error) },
    };
    Read {
        base: definitions::read(&folder).map(|_| ()),
        reports: definitions::reports(&folder).map(|reports| reports.len()),
        gaiji: definitions::gaiji(&folder, is_printable),
    }
}

/// What is said of the definitions; the bodies that they name are compared with the master of the store.
pub(super) async fn line(given: &Given, read: &Read, opened: &Opened) -> Line {
    let told = match (&read.base, &read.reports) {
        // What is wrong in reports is told with the rest.
        (Err(error), _) | (Ok(()), Err(error)) => wrong(error),
        (Ok(()), Ok(_)) if given.settings_fault.is_some() => Told::attention("DOC-012", &[]),
        (Ok(()), Ok(n)) => bodies(opened).await.unwrap_or_else(|| match &given.config.definitions {
            Some(folder) => Told::well("DOC-011", &[n, &folder.display()]),
            None => Told::well("DOC-010", &[n]),
        }),
    };
    Line::of(Subject::Definitions, told)
}

/// Which bodies of the definitions the master does not have. A store that cannot be read is told elsewhere.
async fn bodies(opened: &Opened) -> Option<Told> {
    let Opened::Store(workspace) = opened else { return None };
    let error = papers::check_bodies(workspace).await.err()?;
    error.downcast_ref::<DefinitionError>().map(wrong)
}

fn wrong(error: &DefinitionError) -> Told {
    Told::failed(&Failure::of(&error.clone().into()))
}

/// What is said of the table of characters; nothing of one that names none.
pub(super) fn gaiji(read: &Read) -> Option<Line> {
    let told = match &read.gaiji {
        Ok(gaiji) if gaiji.is_empty() => return None,
        Ok(gaiji) => Told::well("DOC-100", &[&gaiji.len()]),
        // The folder as a whole is told with the definitions.
        Err(_) if !read.lets_open() => return None,
        Err(error) => wrong(error),
    };
    Some(Line::of(Subject::Gaiji, told))
}
