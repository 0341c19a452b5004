//! The data folder with everything opened that use cases need.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::config::Config;
use crate::definitions::{self, DefinitionError, DefinitionFolder, Definitions, StatisticsTables};
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::gaiji::Gaiji;
use crate::domain::layout::{Layout, Vocabulary};
use crate::error::{Failure, FailureKind};
use crate::render::printable::is_printable;
use crate::store::{EMPTY_HEAD, ImportRecord, Store, StoreLocation, StoreLock};
use crate::timeline::{Timeline, TimelineError, TimelineFiles, TimelineWriter};

/// An opened data folder.
#[derive(Debug)]
pub struct Workspace {
    folder: PathBuf,
    identity: String,
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
    /// Tables behind derived statistics.
    pub statistics: StatisticsTables,
    /// Which characters papers print in place of others.
    pub gaiji: Gaiji,
    /// Definitions of reports and packs.
    pub definitions: DefinitionFolder,
}

/// The right to write to a data folder and its store; released when dropped.
#[derive(Debug)]
pub struct WriteLock {
    // The folder is released first: whoever waits for the store takes the folder next.
    _file: File,
    _store: StoreLock,
}

/// The store took in something while it was read; what was read belongs to no head. Reading again helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the store changed while it was read")]
pub struct StoreChanged;

impl Workspace {
    /// Opens a data folder, making it on first use.
    ///
    /// # Errors
    /// When the folder or the store cannot be opened, or a definition is wrong.
    pub async fn open(folder: &Path, config: Config, clock: Clock) -> Result<Self> {
        fs::create_dir_all(folder.join("timeline"))
            .map_err(|source| Failure::from_io(&source, &folder.display().to_string()))?;
        let definitions = match &config.definitions {
            Some(overrides) if !overrides.is_dir() => {
                let fault = Fault::FolderMissing(overrides.display().to_string());
                let (file, key) = ("kaiin.toml".into(), "definitions".into());
                return Err(DefinitionError::of(PlacedFault { file, line: None, key, fault }).into());
            }
            Some(overrides) => DefinitionFolder::with_overrides(overrides.clone()),
            None => DefinitionFolder::shipped(),
        };
        let Definitions { layouts, vocabulary, statistics } = definitions::read(&definitions)?;
        let gaiji = definitions::gaiji(&definitions, is_printable)?;
        let store = Store::open(&location(folder, &config)).await.context("opening the store")?;
        let identity = store.identity().await?;
        Ok(Self {
            folder: folder.to_path_buf(),
            identity,
            config,
            clock,
            store,
            layouts,
            vocabulary,
            statistics,
            gaiji,
            definitions,
        })
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the store is, without a password.
    pub fn place(&self) -> String {
        match location(&self.folder, &self.config) {
            StoreLocation::File(path) => path.display().to_string(),
            StoreLocation::Server { url, .. } => url.to_string(),
        }
    }

    /// Takes the right to write. In a data folder with a store of its own another process that has it makes this
    /// fail within a second; a store on a server is waited for (`store.wait_seconds`), on whichever machine its writer is.
    ///
    /// # Errors
    /// [`Failure`] ENV-001 when another process writes; when the store cannot be reached.
    pub async fn lock_for_writing(&self) -> Result<WriteLock> {
        let store = self.store.lock().await.context("waiting for other writers")?;
        let patience = match store {
            // A program that is being started by this process holds its open files for a moment.
            StoreLock::OfFolder => Duration::from_millis(500),
            StoreLock::OfServer(_) => Duration::from_secs(self.config.store.wait_seconds),
        };
        let file = lock_folder(&self.folder.join("kaiin.lock"), patience).await?;
        Ok(WriteLock { _file: file, _store: store })
    }

    /// The timeline of the store head; written anew when its file is missing or not one of ours.
    ///
    /// # Errors
    /// When the store cannot be read or the file cannot be written.
    pub async fn timeline(&self, head: &str) -> Result<Timeline> {
        let files = self.timeline_files(head);
        if !files.exist() {
            self.write_timeline(&files, head).await?;
        }
        let opened = match Timeline::open(files.clone()) {
            // An older version cut it otherwise, or it is damaged: the store has everything.
            Err(error @ TimelineError::Parquet { .. }) => {
                tracing::warn!(%error, "a timeline could not be understood and is made anew");
                self.write_timeline(&files, head).await?;
                Timeline::open(files)
            }
            other => other,
        };
        opened.context("reading the timeline")
    }

    /// Writes the timeline of a new head and removes those of older heads, the one before it apart.
    ///
    /// # Errors
    /// When the store cannot be read or the file cannot be written.
    pub async fn refresh_timeline(&self, head: &str) -> Result<()> {
        let files = self.timeline_files(head);
        self.write_timeline(&files, head).await?;
        remove_old(&self.folder.join("timeline"), &files)
    }

    /// Whether the store still has this head.
    ///
    /// # Errors
    /// [`StoreChanged`] when it has another one; when the store cannot be read.
    pub(super) async fn check_head(&self, head: &str) -> Result<()> {
        if head_of(&self.store.imports().await?) == head { Ok(()) } else { Err(StoreChanged.into()) }
    }

    /// The files of a head of this store: a folder may have been used with another one.
    fn timeline_files(&self, head: &str) -> TimelineFiles {
        TimelineFiles::of_head(&self.folder.join("timeline"), &format!("{head}-{}", self.identity))
    }

    async fn write_timeline(&self, files: &TimelineFiles, head: &str) -> Result<()> {
        let mut writer = TimelineWriter::create(files).context("writing the timeline")?;
        self.store.each_version(|version| writer.push(&version)).await?;
        self.store.each_person(|person| writer.push_person(person)).await?;
        self.store.each_application(|version| writer.push_application(version)).await?;
        self.store.each_adjustment(|version| writer.push_adjustment(version)).await?;
        // Readers hold no lock: another machine may have stored an import in between.
        self.check_head(head).await?;
        writer.finish().context("writing the timeline")
    }
}

/// Where the facts of a data folder are kept.
fn location(folder: &Path, config: &Config) -> StoreLocation {
    match &config.store.url {
        Some(url) => StoreLocation::Server { url: url.clone(), wait: Duration::from_secs(config.store.wait_seconds) },
        None => StoreLocation::File(folder.join("kaiin.sqlite")),
    }
}

/// Locks a file, trying again for a while when another process has it.
async fn lock_folder(path: &Path, patience: Duration) -> Result<File> {
    let file = File::create(path).map_err(|source| Failure::from_io(&source, "kaiin.lock"))?;
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begin.elapsed() < patience => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::new(FailureKind::Environment, "ENV-001", "").into());
            }
            Err(TryLockError::Error(source)) => return Err(Failure::from_io(&source, "kaiin.lock").into()),
        }
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
