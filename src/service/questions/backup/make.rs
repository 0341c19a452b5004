//! `kaiin backup`: a folder that holds everything, or is not there.
//!
//! All is copied under the write lock, so that store, papers and snapshots are of one moment. The folder is filled under a temporary
//! name, synced, and renamed; what a killed backup left is cleared away by the next.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::answers::ask;
use super::manifest::{BackedUp, BackupManifest, DATA, FORMAT, MANIFEST, SEAL, STORE};
use super::plan::{BACKUP, BackupRequest, Plan, Planned, refuse_place};
use super::room::{failure_of, of_store, refuse_no_room, unreadable, unwritable};
use crate::domain::chain_kind::ChainKind;
use crate::error::{Failure, FailureKind};
use crate::files::{NewFolder, free_bytes, make_file, make_folder, remove_leftovers};
use crate::input;
use crate::service::keep::head::head_of;
use crate::service::keep::restored::{free_name, generation, instant_in_name};
use crate::service::keep::{Workspace, WriteLock};
use crate::service::questions::store_copy::move_rows;
use crate::store::{ChainEntry, ChainScope, Store};
use crate::timeline::sum_of_bytes;

/// A backup that was made.
#[derive(Debug, Clone, Serialize)]
pub struct BackupReport {
    /// Its folder.
    pub folder: PathBuf,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// SHA-256 of its manifest: whoever notes it can tell later that it is this backup.
    pub sha256: String,
    /// The life of the data folder.
    pub generation: String,
    /// Files, the manifest and its hash apart.
    pub files: usize,
    /// Bytes of them.
    pub size_bytes: u64,
    /// Imports.
    pub imports: usize,
    /// Head of the imports.
    pub head: String,
    /// Hash of the newest entry of the chain.
    pub chain_head: String,
    /// Questions with their answers.
    pub answers: usize,
    /// Papers of the chain that lie elsewhere and are not in it.
    pub papers_elsewhere: usize,
    /// What could not be copied because it is no file.
    pub left_out: Vec<String>,
    /// How long it took.
    pub milliseconds: u64,
}

/// What a backup would copy.
#[derive(Debug, Clone, Serialize)]
pub struct BackupPreview {
    /// The folder that it would come into.
    pub to: PathBuf,
    /// Files, that of the store among them.
    pub files: usize,
    /// Bytes of them; at most, because free pages of the store are not copied.
    pub size_bytes: u64,
    /// Bytes of the store among them; unknown of one on a server.
    pub store_bytes: Option<u64>,
    /// Bytes that are free there; unknown where the system does not tell.
    pub free_bytes: Option<u64>,
    /// What could not be copied because it is no file.
    pub left_out: Vec<String>,
}

/// Says what would be copied.
///
/// # Errors
/// As [`back_up`], of what can be told before anything is written.
pub fn preview(workspace: &Workspace, request: &BackupRequest) -> Result<BackupPreview> {
    workspace.refuse_unmade()?;
    refuse_place(workspace, &request.to)?;
    let plan = Plan::of(workspace, request)?;
    let store_bytes = store_bytes(workspace);
    Ok(BackupPreview {
        to: request.to.clone(),
        files: plan.files.len() + 1,
        size_bytes: plan.size_bytes() + store_bytes.unwrap_or_default(),
        store_bytes,
        free_bytes: free_bytes(&request.to).ok(),
        left_out: plan.left_out,
    })
}

/// Makes a backup.
///
/// # Errors
/// [`Failure`] BAK-001 or BAK-002 for a place that is none, BAK-003 when it does not fit, BAK-004 for a file that cannot be read,
/// BAK-022 for a folder that is not there; STO-012 or STO-013 for facts that are not those that were stored, ENV-001 when another
/// process writes; when the store cannot be read or the place not be written. No backup is there then.
pub async fn back_up(workspace: &Workspace, request: &BackupRequest) -> Result<BackupReport> {
    refuse_place(workspace, &request.to)?;
    let lock = workspace.lock_for_writing().await?;
    back_up_under(workspace, &lock, request).await
}

/// Makes a backup under a lock that is held.
///
/// # Errors
/// As [`back_up`], but for the lock.
pub async fn back_up_under(workspace: &Workspace, _lock: &WriteLock, request: &BackupRequest) -> Result<BackupReport> {
    let begin = Instant::now();
    refuse_place(workspace, &request.to)?;
    workspace.check_facts().await?;
    remove_leftovers(&request.to, 0);
    let plan = Plan::of(workspace, request)?;
    refuse_no_room(&request.to, plan.size_bytes() + store_bytes(workspace).unwrap_or_default())?;
    let generation = generation(workspace.folder(), workspace.readers())?;
    let folder = NewFolder::within(&request.to, workspace.readers()).map_err(|why| unwritable(&why, &request.to))?;
    let mut files = vec![copy_store(workspace, &folder, &request.to).await?];
    for file in &plan.files {
        files.push(copy(&folder, file, &request.to)?);
    }
    files.sort();
    let manifest = manifest(workspace, plan, files, generation).await?;
    let wished = format!("{BACKUP}{}", instant_in_name(manifest.made_at));
    let path = request.to.join(free_name(&request.to, &wished, ""));
    let sha256 = finish(folder, &manifest, &path)?;
    Ok(report(manifest, path, sha256, begin))
}

/// Writes the manifest, syncs everything, and gives the folder its name.
fn finish(folder: NewFolder, manifest: &BackupManifest, path: &Path) -> Result<String> {
    let to = path.parent().unwrap_or(path);
    let (bytes, seal, sha256) = manifest.sealed()?;
    for (name, bytes) in [(MANIFEST, bytes), (SEAL, seal)] {
        folder.write(Path::new(name), &bytes).map_err(|why| unwritable(&why, to))?;
    }
    folder.finish(path).map_err(|why| unwritable(&why, to))?;
    Ok(sha256)
}

async fn manifest(
    workspace: &Workspace,
    plan: Plan,
    files: Vec<BackedUp>,
    generation: String,
) -> Result<BackupManifest> {
    let imports = workspace.store.imports().await?;
    let chain = workspace.store.check_chain(ChainScope::Links).await?;
    Ok(BackupManifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_string(),
        schema: Store::newest_schema(),
        made_at: workspace.clock.now(),
        generation,
        store: workspace.place(),
        head: head_of(&imports),
        imports: imports.len(),
        chain_head: chain.head().to_string(),
        chain_entries: chain.entries.len(),
        papers_elsewhere: papers_elsewhere(workspace, &plan, &chain.entries),
        settings: plan.settings,
        definitions: plan.definitions,
        left_out: plan.left_out,
        answers: ask(workspace, chain.head()).await?,
        files,
    })
}

fn report(manifest: BackupManifest, folder: PathBuf, sha256: String, begin: Instant) -> BackupReport {
    BackupReport {
        folder,
        sha256,
        files: manifest.files.len(),
        size_bytes: manifest.size_bytes(),
        answers: manifest.answers.asked.len(),
        made_at: manifest.made_at,
        generation: manifest.generation,
        imports: manifest.imports,
        head: manifest.head,
        chain_head: manifest.chain_head,
        papers_elsewhere: manifest.papers_elsewhere,
        left_out: manifest.left_out,
        milliseconds: u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

/// Copies the store as it stands: its file by the database itself, a store on a server row by row into such a file.
async fn copy_store(workspace: &Workspace, folder: &NewFolder, to: &Path) -> Result<BackedUp> {
    let above = folder.path().join(DATA);
    let path = above.join(STORE);
    make_folder(&above, workspace.readers())
        .and_then(|()| make_file(&path, workspace.readers()))
        .map_err(|why| unwritable(&why, to))?;
    if !workspace.store.copy_file(&path).await.map_err(|error| of_store(error, to))? {
        let copy = workspace.over_copy(&above).await?;
        let moved = move_rows(workspace, &copy).await.context("copying the store");
        let closed = copy.store.clone().close().await;
        moved?;
        closed.map_err(|error| of_store(error, to))?;
    }
    let sum = folder.sync(&Path::new(DATA).join(STORE)).and_then(|()| sum_of_bytes(&mut input::open(&path)?));
    let sum = sum.map_err(|why| unwritable(&why, to))?;
    let (size_bytes, sha256) = sum.split_once(' ').context("a sum has two parts")?;
    let name = format!("{DATA}/{STORE}");
    Ok(BackedUp { name, size_bytes: size_bytes.parse()?, sha256: sha256.to_string() })
}

fn copy(folder: &NewFolder, file: &Planned, to: &Path) -> Result<BackedUp, Failure> {
    let mut from = input::open(&file.from).map_err(|why| unreadable(&file.from, &why))?;
    let copied = folder.copy(Path::new(&file.name), &mut from);
    let copied = copied.map_err(|fault| failure_of(&fault, &file.from, to))?;
    Ok(BackedUp { name: file.name.clone(), size_bytes: copied.size_bytes, sha256: copied.sha256 })
}

/// Bytes of the file of an embedded store and of its log.
fn store_bytes(workspace: &Workspace) -> Option<u64> {
    if !matches!(workspace.store, Store::Sqlite(_)) {
        return None;
    }
    let size = |end: &str| std::fs::metadata(workspace.folder().join(format!("{STORE}{end}"))).map(|file| file.len());
    Some(size("").unwrap_or_default() + size("-wal").unwrap_or_default())
}

/// Papers of the chain that lie in no folder that is copied.
fn papers_elsewhere(workspace: &Workspace, plan: &Plan, entries: &[ChainEntry]) -> usize {
    let of_papers = entries.iter().filter(|entry| entry.kind == ChainKind::Paper.code());
    let subjects: BTreeSet<&str> = of_papers.map(|entry| entry.subject.as_str()).collect();
    subjects.into_iter().filter(|subject| !plan.covers(&workspace.place_of_subject(subject))).count()
}

/// What the office should hear of a backup that was made all the same.
pub fn notices(report: &BackupReport) -> Vec<Failure> {
    let notice = |code, detail: String| Failure::new(FailureKind::Data, code, detail);
    let left_out = (!report.left_out.is_empty()).then(|| notice("BAK-018", report.left_out.join(", ")));
    let elsewhere = (report.papers_elsewhere > 0).then(|| notice("BAK-021", report.papers_elsewhere.to_string()));
    left_out.into_iter().chain(elsewhere).collect()
}
