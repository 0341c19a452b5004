//! The data folder with everything opened that use cases need.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::config::Config;
use crate::definitions::{self, DefinitionFolder};
use crate::domain::layout::{Layout, Vocabulary};
use crate::error::{Failure, FailureKind};
use crate::store::{ImportRecord, Store, StoreLocation};
use crate::timeline::{Timeline, TimelineFiles, TimelineWriter};

/// The head of a store without imports.
const EMPTY_HEAD: &str = "empty";

/// An opened data folder.
#[derive(Debug)]
pub struct Workspace {
    folder: PathBuf,
    /// Settings.
    pub config: Config,
    /// Where the time comes from.
    pub clock: Clock,
    /// The system of record.
    pub store: Store,
    /// Layouts, shipped and overridden.
    pub layouts: Vec<Layout>,
    /// Words of the exports.
    pub vocabulary: Vocabulary,
    /// Definitions of reports and packs.
    pub definitions: DefinitionFolder,
}

/// The right to write to a data folder; released when dropped.
#[derive(Debug)]
pub struct WriteLock {
    _file: File,
}

impl Workspace {
    /// Opens a data folder, making it on first use.
    ///
    /// # Errors
    /// When the folder or the store cannot be opened, or a definition is wrong.
    pub async fn open(folder: &Path, config: Config, clock: Clock) -> Result<Self> {
        fs::create_dir_all(folder.join("timeline"))
            .map_err(|source| Failure::from_io(&source, &folder.display().to_string()))?;
        let definitions = match &config.definitions {
            Some(overrides) => DefinitionFolder::with_overrides(overrides.clone()),
            None => DefinitionFolder::shipped(),
        };
        let layouts = definitions::layouts(&definitions)?;
        let vocabulary = definitions::vocabulary(&definitions)?;
        let store =
            Store::open(&StoreLocation::File(folder.join("kaiin.sqlite"))).await.context("opening the store")?;
        Ok(Self { folder: folder.to_path_buf(), config, clock, store, layouts, vocabulary, definitions })
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes the right to write; another process that has it makes this fail at once.
    ///
    /// # Errors
    /// [`Failure`] ENV-001 when another process writes.
    pub fn lock_for_writing(&self) -> Result<WriteLock> {
        let path = self.folder.join("kaiin.lock");
        let file = File::create(&path).map_err(|source| Failure::from_io(&source, "kaiin.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(WriteLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Failure::new(FailureKind::Environment, "ENV-001", "").into()),
            Err(TryLockError::Error(source)) => Err(Failure::from_io(&source, "kaiin.lock").into()),
        }
    }

    /// The timeline of the store head; written anew when its file is missing.
    ///
    /// # Errors
    /// When the store cannot be read or the file cannot be written.
    pub async fn timeline(&self, head: &str) -> Result<Timeline> {
        let files = TimelineFiles::of_head(&self.folder.join("timeline"), head);
        if !files.exist() {
            self.write_timeline(&files).await?;
        }
        Timeline::load(files).context("reading the timeline")
    }

    /// Writes the timeline of a new head and removes those of older heads, the one before it apart.
    ///
    /// # Errors
    /// When the store cannot be read or the file cannot be written.
    pub async fn refresh_timeline(&self, head: &str) -> Result<()> {
        let folder = self.folder.join("timeline");
        let files = TimelineFiles::of_head(&folder, head);
        self.write_timeline(&files).await?;
        remove_old(&folder, &files)
    }

    async fn write_timeline(&self, files: &TimelineFiles) -> Result<()> {
        let mut writer = TimelineWriter::default();
        self.store.each_version(|version| writer.push(&version)).await?;
        self.store.each_person(|person| writer.push_person(person)).await?;
        self.store.each_application(|version| writer.push_application(version)).await?;
        self.store.each_adjustment(|version| writer.push_adjustment(version)).await?;
        writer.finish(files).context("writing the timeline")
    }
}

/// Removes the timelines of older heads but the newest of them: a reader that began before this import may still
/// open its files.
fn remove_old(folder: &Path, files: &TimelineFiles) -> Result<()> {
    let mut others: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if !files.all().contains(&path.as_path()) {
            others.push((entry.metadata()?.modified()?, path));
        }
    }
    others.sort();
    others.truncate(others.len().saturating_sub(files.all().len()));
    for (_, path) in others {
        // A reader of another system may hold it; it goes with the next import.
        let _ = fs::remove_file(path);
    }
    Ok(())
}

/// The head of the store: what all imports together are.
pub(super) fn head_of(imports: &[ImportRecord]) -> String {
    imports.last().map_or_else(|| EMPTY_HEAD.to_string(), |import| import.head.clone())
}

/// The head after one more import: a chain over what was taken in, not over when.
pub(super) fn next_head(previous: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(previous);
    for part in parts {
        hash.update([0]);
        hash.update(part);
    }
    hex(&hash.finalize())[..16].to_string()
}

/// SHA-256 of texts, hexadecimal.
pub(super) fn sha256_of(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
        hash.update([0]);
    }
    hex(&hash.finalize())
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
