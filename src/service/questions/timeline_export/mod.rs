//! The export of resolved memberships for other engines: a folder of Parquet files that count alike, with views over them.
//!
//! What stands in which file is told by docs/export.md. Memberships and change points come from the same walk as the counts;
//! before anything has its name, both are added up on some days and compared with what `kaiin count` says.
//! Start reading at [`export_timeline`].

mod bodies;
mod changes;
mod control;
mod manifest;
mod request;
mod segments;
mod tables;
mod target;
mod views;
mod written;

use anyhow::{Context, Result};

use self::bodies::write_bodies;
use self::changes::KnownChanges;
use self::control::control;
use self::manifest::write_manifest;
use self::segments::write_segments;
use self::tables::ExportFolder;
use self::target::Target;
use crate::domain::day::{day_number, next_day};
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::telling_days;
use crate::service::known::vintage::Vintage;
use crate::stats::known_segments::{FOREVER, KnownSpan, known_segments};

pub use self::control::Control;
pub use self::manifest::{ExportManifest, TableRows};
pub use self::request::{ExportRequest, Vintages};
pub use self::written::ExportedFile;

/// Writes an export and returns its manifest.
///
/// # Errors
/// [`crate::error::Failure`] EXP-001 or EXP-002 when the folder holds something, QRY-001 to QRY-003 for a known-at of which nothing is known,
/// EXP-003 when the files would not count as the program does; when the timeline cannot be read or the folder written.
pub async fn export_timeline(workspace: &Workspace, request: &ExportRequest) -> Result<ExportManifest> {
    let target = Target::of(&request.out, request.replace)?;
    let known_at = match request.vintages {
        Vintages::One(known_at) => known_at,
        Vintages::All => None,
    };
    let mut vintage = Vintage::open(workspace, known_at).await?;
    let span = span(&vintage, request.vintages);
    let memberships = known_segments(vintage.timeline()?, &vintage.associations, span, vintage.rule)
        .context("reading the timeline")?;
    let changes = KnownChanges::of(&vintage, span)?;
    let controls = control(&mut vintage, request.vintages, &memberships, &changes)?;
    let folder = ExportFolder::begin(&target, workspace.readers())?;
    let mut tables = vec![write_segments(&folder, &vintage.associations, &memberships)?];
    drop(memberships);
    tables.extend(changes.write(&folder)?);
    tables.extend(write_bodies(&folder, &vintage.associations)?);
    let manifest = write_manifest(&folder, &vintage, request.vintages, controls, tables)?;
    folder.finish(&target)?;
    Ok(manifest)
}

/// The known-ats of an export. One that is the newest holds until something else is learnt; of an older one no later day is
/// told.
fn span(vintage: &Vintage, vintages: Vintages) -> KnownSpan {
    let is_newest = telling_days(&vintage.imports).last().is_none_or(|newest| *newest == vintage.known_at.0);
    match vintages {
        Vintages::All => KnownSpan::UpTo(vintage.known_at),
        Vintages::One(_) if is_newest => KnownSpan::One(vintage.known_at, FOREVER),
        Vintages::One(_) => KnownSpan::One(vintage.known_at, day_number(next_day(vintage.known_at.0))),
    }
}
