//! `kaiin restore`: a backup taken out into a folder of its own and proved there; for rehearsal, or in earnest.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::manifest::{self, BackupManifest};
use super::plan::full;
use super::proof::{Proof, prove, unproved};
use super::room::{refuse_no_room, unwritable};
use super::unpacked::{Places, unpack};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Failure, FailureKind};
use crate::files::names::name_of;
use crate::files::{NewFolder, Readers, make_folder, remove_leftovers};
use crate::service::keep::Workspace;
use crate::service::keep::folders::Finding;
use crate::service::keep::restored::{Restored, begin_generation};

/// Reads a file of settings.
pub type SettingsReader = fn(&Path) -> Result<Config>;

/// What a backup was proved to hold.
#[derive(Debug, Clone, Serialize)]
pub struct RestoreReport {
    /// Whether everything is as it was when the backup was made.
    pub well: bool,
    /// Name of the folder of the backup.
    pub backup: String,
    /// SHA-256 of its manifest.
    pub sha256: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Version of the program that made it.
    pub program: String,
    /// Files.
    pub files: usize,
    /// Bytes of them.
    pub size_bytes: u64,
    /// Whether the store was opened and asked: not where files are not what was written.
    pub opened: bool,
    /// Rows of facts.
    pub rows: u64,
    /// Imports.
    pub imports: usize,
    /// Entries of the chain.
    pub chain_entries: usize,
    /// Snapshots of the chain.
    pub snapshots: usize,
    /// Papers of the chain that lie in the data folder.
    pub papers: usize,
    /// Papers of the chain that were not in the folders that were backed up.
    pub papers_elsewhere: usize,
    /// Questions of the backup.
    pub answers: usize,
    /// Those with the same answer.
    pub answers_equal: usize,
    /// Where it was restored to; none after a rehearsal, or when it was not.
    pub into: Option<PathBuf>,
    /// What lay outside of the data folder, restored to here; none where nothing did.
    pub beside: Option<PathBuf>,
    /// Whether the settings name a store on a server, which the restored folder has no use for.
    pub names_server: bool,
    /// What is not as it was.
    pub findings: Vec<Finding>,
    /// How long it took.
    pub milliseconds: u64,
}

/// Restores into a temporary folder, proves it, and removes it. Nothing else is touched.
///
/// # Errors
/// [`Failure`] BAK-003 when it does not fit there, BAK-005 to BAK-007 for a folder that is no backup that this program can read; when
/// the temporary folder cannot be written. What differs is no error: it stands in the report.
pub async fn rehearse(from: &Path, read: SettingsReader, clock: Clock) -> Result<RestoreReport> {
    let begin = Instant::now();
    let (manifest, sha256) = manifest::read(from)?;
    let temporary = std::env::temp_dir();
    let folder = NewFolder::elsewhere().map_err(|why| unwritable(&why, &temporary))?;
    refuse_no_room(&temporary, manifest.size_bytes())?;
    let tried = tried(from, &manifest, &folder, (read, clock)).await?;
    Ok(report(from, (manifest, sha256), tried, begin))
}

/// Restores into a folder that is not there or empty, proves it, and marks it as restored.
///
/// # Errors
/// As [`rehearse`]; [`Failure`] BAK-015 when the folder holds something, BAK-020 when it cannot be put in place. Where something
/// differs nothing is restored, which stands in the report.
pub async fn restore_into(from: &Path, into: &Path, read: SettingsReader, clock: Clock) -> Result<RestoreReport> {
    let begin = Instant::now();
    let (manifest, sha256) = manifest::read(from)?;
    refuse_full(into)?;
    if full(into.parent().unwrap_or(into)).starts_with(full(from)) {
        // A backup stays what it is.
        return Err(Failure::usage("BAK-015", from.display().to_string()).into());
    }
    let into = std::path::absolute(into).context("finding the folder")?;
    let above = into.parent().unwrap_or(&into);
    make_folder(above, Readers::Owner).map_err(|why| unwritable(&why, above))?;
    remove_leftovers(above, 0);
    refuse_no_room(above, manifest.size_bytes())?;
    let folder = NewFolder::within(above, Readers::Owner).map_err(|why| unwritable(&why, above))?;
    let tried = tried(from, &manifest, &folder, (read, clock)).await?;
    if !tried.proof.findings.is_empty() {
        return Ok(report(from, (manifest, sha256), tried, begin));
    }
    begin_generation(&folder, mark(from, &manifest, &sha256, clock)).map_err(|error| written(error, above))?;
    put_in_place(folder, &into)?;
    let beside = into.join(&tried.places.beside);
    let report = report(from, (manifest, sha256), tried, begin);
    Ok(RestoreReport { beside: beside.is_dir().then_some(beside), into: Some(into), ..report })
}

/// A backup taken out, and what came of it.
struct Tried {
    places: Places,
    proof: Proof,
    is_opened: bool,
    names_server: bool,
}

async fn tried(
    from: &Path,
    manifest: &BackupManifest,
    folder: &NewFolder,
    (read, clock): (SettingsReader, Clock),
) -> Result<Tried> {
    let places = Places::of(manifest);
    let findings = unpack(from, manifest, &places, folder)?;
    let mut tried =
        Tried { places, proof: Proof { findings, ..Proof::default() }, is_opened: false, names_server: false };
    if !tried.proof.findings.is_empty() {
        // Nothing that is said of other bytes would be about this backup.
        return Ok(tried);
    }
    let mut config = match settings(manifest, &tried.places, folder.path(), read) {
        Ok(config) => config,
        Err(error) => {
            tried.proof.findings.push(unproved(&error));
            return Ok(tried);
        }
    };
    tried.names_server = config.store.url.is_some();
    // The copy is a file, wherever the facts were.
    config.store.url = None;
    match Workspace::open_to_ask(folder.path(), config, clock).await {
        Ok(workspace) => {
            tried.proof = prove(&workspace, manifest).await;
            tried.is_opened = true;
            workspace.closing().close().await;
        }
        Err(error) => tried.proof.findings.push(unproved(&error)),
    }
    Ok(tried)
}

/// The settings of a backup, with its definitions where they lie now.
fn settings(manifest: &BackupManifest, places: &Places, folder: &Path, read: SettingsReader) -> Result<Config> {
    let config = match &manifest.settings {
        Some(name) => read(&folder.join(places.place(name)))?,
        None => Config::default(),
    };
    let definitions = manifest.definitions.as_ref().map(|name| folder.join(places.place(name)));
    Ok(Config { definitions, ..config })
}

fn report(from: &Path, (manifest, sha256): (BackupManifest, String), tried: Tried, begin: Instant) -> RestoreReport {
    let Proof { rows, imports, chain_entries, snapshots, papers, answers_equal, findings, .. } = tried.proof;
    RestoreReport {
        well: findings.is_empty(),
        backup: name_of(&std::path::absolute(from).unwrap_or_else(|_| from.to_path_buf())),
        sha256,
        made_at: manifest.made_at,
        files: manifest.files.len(),
        size_bytes: manifest.size_bytes(),
        program: manifest.program,
        opened: tried.is_opened,
        rows,
        imports,
        chain_entries,
        snapshots,
        papers,
        papers_elsewhere: manifest.papers_elsewhere,
        answers: manifest.answers.asked.len(),
        answers_equal,
        into: None,
        beside: None,
        names_server: tried.names_server,
        findings,
        milliseconds: u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

fn mark(from: &Path, manifest: &BackupManifest, sha256: &str, clock: Clock) -> Restored {
    Restored {
        backup: name_of(&std::path::absolute(from).unwrap_or_else(|_| from.to_path_buf())),
        backup_sha256: sha256.to_string(),
        made_at: manifest.made_at,
        restored_at: clock.now(),
        from_generation: manifest.generation.clone(),
        generation: String::new(),
        program: env!("CARGO_PKG_VERSION").to_string(),
    }
}

/// Refuses a target that holds anything: two lives in one folder could never be told apart.
fn refuse_full(into: &Path) -> Result<(), Failure> {
    match std::fs::read_dir(into).map(|mut entries| entries.next().is_some()) {
        Ok(false) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Ok(true) | Err(_) => Err(Failure::usage("BAK-015", into.display().to_string())),
    }
}

/// Gives the restored folder its name; an empty one that has it gives way.
fn put_in_place(folder: NewFolder, into: &Path) -> Result<(), Failure> {
    let refused =
        |why: std::io::Error| Failure::new(FailureKind::Environment, "BAK-020", format!("{}: {why}", into.display()));
    match std::fs::remove_dir(into) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(refused(error)),
        _ => {}
    }
    folder.finish(into).map_err(refused)
}

/// Why the mark could not be written.
fn written(error: anyhow::Error, above: &Path) -> anyhow::Error {
    match error.downcast::<std::io::Error>() {
        Ok(why) => unwritable(&why, above).into(),
        Err(error) => error,
    }
}
