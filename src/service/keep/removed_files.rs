//! Files of imports that a purge has removed: whoever is led to one is told so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use chrono::NaiveDate;

use crate::clock::tokyo_day;
use crate::domain::purge::RawKind;
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::store::ImportRecord;

/// The days on which files that were taken in were removed, by the hash of the file.
///
/// # Errors
/// When the store cannot be read.
pub(in crate::service) async fn removed_on(workspace: &Workspace) -> Result<BTreeMap<String, NaiveDate>> {
    let files = workspace.store.purged_files().await?;
    if files.is_empty() {
        return Ok(BTreeMap::new());
    }
    let begun = workspace.store.purges().await?;
    let days: HashMap<i64, NaiveDate> =
        begun.into_iter().map(|purge| (purge.number, tokyo_day(purge.begun_at))).collect();
    let taken = files.into_iter().filter(|file| file.kind == RawKind::Taken);
    Ok(taken.filter_map(|file| Some((file.sha256, *days.get(&file.purge)?))).collect())
}

/// Says of each of some imports whose file was removed when that was (PRG-009).
///
/// # Errors
/// When the store cannot be read.
pub(in crate::service) async fn tell_removed<'i>(
    workspace: &Workspace,
    imports: impl Iterator<Item = &'i ImportRecord>,
) -> Result<()> {
    let days = removed_on(workspace).await?;
    let told = imports.filter_map(|import| Some((*days.get(&import.sha256)?, import.file_name.as_str())));
    for (day, file) in told.collect::<BTreeSet<_>>() {
        workspace.notice(Failure::new(FailureKind::Data, "PRG-009", format!("{file}、{day}")));
    }
    Ok(())
}
