//! Folders of snapshots, as they lie in the data folder, and their manifests.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::hex::hex;
use crate::error::{Failure, FailureKind};
use crate::input;
use crate::service::keep::workspace::Workspace;

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

pub(in crate::service) const DATA: &str = "memberships.parquet";
pub(in crate::service) const MANIFEST: &str = "manifest.json";

pub(in crate::service) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.folder().join("snapshots")
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
pub(in crate::service) fn intact_folders(workspace: &Workspace) -> Result<Vec<PathBuf>> {
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

pub(in crate::service) fn read_manifest(at: &Path) -> Result<SnapshotManifest> {
    let path = at.join(MANIFEST);
    let text = input::read_whole(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("reading {}", path.display()))
}

pub(in crate::service) fn is_intact(at: &Path, manifest: &SnapshotManifest) -> bool {
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
