//! Immutable snapshots: what was counted on a day, pinned with everything it was made from (B5).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Workspace;
use super::coverage::AskedBodies;
use super::query::{Knowledge, Totals, totals};
use super::workspace::hex;
use crate::domain::as_of::AsOf;
use crate::domain::association::Tier;
use crate::domain::body_days::each_within_bodies;
use crate::domain::membership::Segment;
use crate::error::{Failure, FailureKind};
use crate::files::{NewFolder, make_folder};
use crate::input;
use crate::stats::Counts;
use crate::timeline::snapshot::write_snapshot;

/// The manifest of a snapshot. It holds no instant: the same snapshot taken twice has the same manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotManifest {
    /// Id: as-of day, known-at, what it was made from, 退会日の扱い.
    pub id: String,
    /// 基準日.
    pub as_of: String,
    /// 知識時点.
    pub known_at: String,
    /// What it was made from.
    pub head: String,
    /// 退会日の扱い.
    pub withdrawal_day_rule: String,
    /// Version of the program.
    pub program: String,
    /// Exports that speak: file, day, SHA-256.
    pub inputs: Vec<(String, String, String)>,
    /// Memberships in the file.
    pub n_rows: usize,
    /// Memberships and heads by tier, as JSON of `kaiin count`.
    pub totals: serde_json::Value,
    /// SHA-256 of memberships.parquet.
    pub sha256: String,
}

const DATA: &str = "memberships.parquet";
const MANIFEST: &str = "manifest.json";

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.folder().join("snapshots")
}

/// Takes a snapshot and returns its manifest and files. One that is there already stays as it is.
///
/// # Errors
/// [`Failure`] SNP-001 when it is there and was changed; otherwise when the folder cannot be written.
pub fn take(workspace: &Workspace, knowledge: &Knowledge, as_of: AsOf) -> Result<(SnapshotManifest, Vec<PathBuf>)> {
    let id = format!("{}_{}_{}_{}", as_of.0, knowledge.known_at.0, knowledge.head, knowledge.rule.code());
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
    let segments = segments_on(knowledge, as_of)?;
    write_snapshot(&new.path().join(DATA), &segments, workspace.readers())?;
    let totals = totals_on(knowledge, &knowledge.count_on(|_| true, as_of.0)?, as_of);
    let manifest = SnapshotManifest {
        id,
        as_of: as_of.0.to_string(),
        known_at: knowledge.known_at.0.to_string(),
        head: knowledge.head.clone(),
        withdrawal_day_rule: knowledge.rule.code().to_string(),
        program: env!("CARGO_PKG_VERSION").to_string(),
        inputs: knowledge
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
fn totals_on(knowledge: &Knowledge, counts: &Counts, as_of: AsOf) -> Totals {
    let is_reached = |tier: Tier| {
        let kept: Vec<bool> = knowledge.associations.iter().map(|body| body.tier == tier).collect();
        knowledge.coverage_of(&AskedBodies::new(knowledge, &kept), as_of).complete
    };
    totals(&knowledge.associations, counts).with_unknown(is_reached)
}

fn segments_on(knowledge: &Knowledge, as_of: AsOf) -> Result<Vec<Segment>> {
    let mut out = Vec::new();
    let each_segment =
        |each: &mut dyn FnMut(Segment)| knowledge.timeline.each_segment(knowledge.known_at, knowledge.rule, each);
    each_within_bodies(&knowledge.associations, each_segment, |segment| {
        if segment.contains(as_of.0) {
            out.push(segment);
        }
    })?;
    Ok(out)
}

/// The manifests of all snapshots, by id. One that cannot be understood is left out and told.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<SnapshotManifest>> {
    let mut out = Vec::new();
    for at in snapshot_folders(workspace)? {
        match read_manifest(&at) {
            Ok(manifest) => out.push(manifest),
            Err(_) => {
                let place = at.join(MANIFEST).display().to_string();
                workspace.notice(Failure::new(FailureKind::Data, "SNP-007", place));
            }
        }
    }
    Ok(out)
}

/// Folders of snapshots that are what their manifests say.
pub(super) fn intact_folders(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let is_sound = |at: &PathBuf| read_manifest(at).is_ok_and(|manifest| is_intact(at, &manifest));
    Ok(snapshot_folders(workspace)?.into_iter().filter(is_sound).collect())
}

fn snapshot_folders(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let folder = folder(workspace);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        // A folder without a manifest is what a killed process left; the next take completes it.
        // Of one that may not be entered nobody can tell.
        if path.join(MANIFEST).try_exists().unwrap_or(true) {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

fn read_manifest(at: &Path) -> Result<SnapshotManifest> {
    let path = at.join(MANIFEST);
    let text = input::read_whole(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("reading {}", path.display()))
}

fn is_intact(at: &Path, manifest: &SnapshotManifest) -> bool {
    sha256_of_file(&at.join(DATA)).is_ok_and(|sha256| sha256 == manifest.sha256)
}

/// SHA-256 of a file, hexadecimal.
///
/// # Errors
/// When the file cannot be read.
pub fn sha256_of_file(path: &Path) -> Result<String> {
    let bytes = input::read_whole(path).with_context(|| format!("reading {}", path.display()))?;
    Ok(hex(&Sha256::digest(bytes)))
}
