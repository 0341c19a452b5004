//! Immutable snapshots: what was counted on a day, pinned with everything it was made from (B5).

use crate::service::keep::snapshot_folders::{
    DATA, MANIFEST, SnapshotManifest, folder, is_intact, read_manifest, sha256_of_file,
};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::domain::as_of::AsOf;
use crate::domain::association::{BodySet, Tier};
use crate::domain::body_days::each_within_bodies;
use crate::domain::membership::Segment;
use crate::error::{Failure, FailureKind};
use crate::files::{NewFolder, make_folder};
use crate::service::keep::Workspace;
use crate::service::known::coverage::AskedBodies;
use crate::service::known::totals::{Totals, totals};
use crate::service::known::vintage::Vintage;
use crate::stats::Counts;
use crate::timeline::snapshot::write_snapshot;

/// Takes a snapshot and returns its manifest and files. One that is there already stays as it is.
///
/// # Errors
/// [`Failure`] SNP-001 when it is there and was changed; otherwise when the folder cannot be written.
pub fn take(workspace: &Workspace, vintage: &Vintage, as_of: AsOf) -> Result<(SnapshotManifest, Vec<PathBuf>)> {
    let id = format!("{}_{}_{}_{}", as_of.0, vintage.known_at.0, vintage.head, vintage.rule.code());
    let at = folder(workspace).join(format!("snapshot={id}"));
    let files = vec![at.join(DATA), at.join(MANIFEST)];
    if files[1].exists() {
        return match read_manifest(&at) {
            Ok(manifest) if is_intact(&at, &manifest) => Ok((manifest, files)),
            // Never mended silently: somebody must know that a pinned figure was touched.
            _ => Err(Failure::new(FailureKind::Data, "SNP-001", id).into()),
        };
    }
    let above = folder(workspace);
    let refused = |source: std::io::Error| Failure::from_writing(&source, &above.display().to_string());
    make_folder(&above, workspace.readers()).map_err(refused)?;
    let new = NewFolder::within(&above, workspace.readers()).map_err(refused)?;
    let segments = segments_on(vintage, as_of)?;
    write_snapshot(&new.path().join(DATA), &segments, workspace.readers())?;
    let totals = totals_on(vintage, &vintage.count_on(|_| true, as_of.0)?, as_of);
    let manifest = SnapshotManifest {
        id,
        as_of: as_of.0.to_string(),
        known_at: vintage.known_at.0.to_string(),
        head: vintage.head.clone(),
        withdrawal_day_rule: vintage.rule.code().to_string(),
        program: env!("CARGO_PKG_VERSION").to_string(),
        inputs: vintage
            .speaking
            .iter()
            .map(|import| (import.file_name.clone(), import.known_on.to_string(), import.sha256.clone()))
            .collect(),
        n_rows: segments.len(),
        totals: serde_json::to_value(totals)?,
        sha256: sha256_of_file(&new.path().join(DATA))?,
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    new.write(Path::new(MANIFEST), &bytes).map_err(refused)?;
    // A folder of that name without a manifest is what an older version left when it was killed.
    if at.is_dir() {
        fs::remove_dir_all(&at).map_err(refused)?;
    }
    new.finish(&at).map_err(refused)?;
    Ok((manifest, files))
}

/// Totals by tier; a tier of which nothing is known on the day is unknown, not 0 (R7).
pub(in crate::service) fn totals_on(vintage: &Vintage, counts: &Counts, as_of: AsOf) -> Totals {
    let is_covered = |tier: Tier| {
        let bodies = BodySet::of(&vintage.associations, |body| body.tier == tier);
        vintage.coverage_of(&AskedBodies::new(vintage, &bodies), as_of).complete
    };
    totals(&vintage.associations, counts).with_unknown(is_covered)
}

fn segments_on(vintage: &Vintage, as_of: AsOf) -> Result<Vec<Segment>> {
    let mut out = Vec::new();
    let timeline = vintage.timeline()?;
    let each_segment = |each: &mut dyn FnMut(Segment)| timeline.each_segment(vintage.known_at, vintage.rule, each);
    each_within_bodies(&vintage.associations, each_segment, |segment| {
        if segment.contains(as_of.0) {
            out.push(segment);
        }
    })?;
    Ok(out)
}
