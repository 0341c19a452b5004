//! What was taken in of the same source before.

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::layout::FileKind;
use crate::domain::problem::Problem;
use crate::error::Failure;
use crate::store::{ImportRecord, NewImport};

/// The same content for the same day changes nothing, and is said so (A3). A master is the same whenever the
/// newest one has its content.
pub(super) fn is_known(imports: &[ImportRecord], new: &NewImport) -> bool {
    let mut of_source = imports.iter().rev().filter(|import| is_of_source(import, new) && import.taken_back.is_none());
    let same =
        |import: &ImportRecord| import.sha256 == new.sha256 && import.definitions_sha256 == new.definitions_sha256;
    if new.kind == FileKind::Associations {
        return of_source.next().is_some_and(same);
    }
    of_source.any(|import| import.stands() && import.known_on == new.known_on && same(import))
}

pub(super) fn is_of_source(import: &ImportRecord, new: &NewImport) -> bool {
    import.kind == new.kind && import.source_name == new.source_name
}

/// The export day before this one, of the same source.
pub(super) fn day_before(imports: &[ImportRecord], new: &NewImport) -> Option<NaiveDate> {
    let of_source = imports.iter().filter(|import| is_of_source(import, new) && import.stands());
    of_source.map(|import| import.known_on).filter(|day| *day < new.known_on).max()
}

/// Exports of a source come in by day; another file of the newest day replaces it (R3).
pub(super) fn refuse_older(imports: &[ImportRecord], new: &NewImport) -> Result<()> {
    let newest = imports
        .iter()
        .filter(|import| is_of_source(import, new) && import.taken_back.is_none())
        .map(|import| import.known_on)
        .max();
    match newest {
        Some(newest) if new.known_on < newest => {
            let detail = format!("{} < {newest}", new.known_on);
            Err(Failure::input(Problem::OlderThanNewest, &new.file_name, detail).into())
        }
        _ => Ok(()),
    }
}
