//! Files that newer ones of their source wait for: they ask, or cannot be read now. Taken in after those they would be refused
//! as older, and their month would be lost.

use std::path::Path;

use chrono::NaiveDate;

use super::inspected::{Inspected, inspect, name_of};
use super::options::{Hold, ImportOptions};
use crate::domain::layout::FileKind;
use crate::ingest::{NamedDay, export_day_of};
use crate::service::keep::Workspace;
use crate::store::ImportRecord;

impl Hold {
    /// Whether a file waits for this one: it is newer, may be of the same source, and this one could still be taken in.
    pub(super) fn holds(&self, file: &Inspected<'_>, options: &ImportOptions, imports: &[ImportRecord]) -> bool {
        let kind = file.layout.kind;
        let may_be_of_source = self.kind.is_none_or(|held| held == kind) && kind != FileKind::Associations;
        let name = options.source.as_deref().unwrap_or(kind.code());
        let is_of_source =
            |import: &&ImportRecord| import.kind == kind && import.source_name == name && import.stands();
        let of_source: Vec<&ImportRecord> = imports.iter().filter(is_of_source).collect();
        // One that was taken in already, or comes too late whatever happens, is nothing to wait for.
        let newest = of_source.iter().map(|import| import.known_on).max();
        let could_be_taken = |day: &NaiveDate| *day < file.known_on && newest.is_none_or(|newest| newest <= *day);
        may_be_of_source
            && self.days.iter().any(could_be_taken)
            && !of_source.iter().any(|import| Some(&import.sha256) == self.sha256.as_ref())
    }
}

impl Inspected<'_> {
    pub(super) fn hold(&self) -> Hold {
        Hold {
            kind: Some(self.layout.kind),
            days: vec![self.known_on],
            sha256: Some(self.scan.sha256.clone()),
            name: self.file_name.clone(),
        }
    }
}

/// What waits for a file that is not taken in now.
pub fn hold_of(workspace: &Workspace, path: &Path) -> Hold {
    match inspect(workspace, path, &ImportOptions::default()) {
        Ok(file) => file.hold(),
        Err(_) => {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let days = match export_day_of(&stem) {
                NamedDay::One(day) => vec![day],
                NamedDay::Several(days) => days,
                NamedDay::None | NamedDay::TooOld(_) => Vec::new(),
            };
            Hold { kind: None, days, sha256: None, name: name_of(path) }
        }
    }
}
