//! The data folder with everything opened that use cases need.

use crate::service::keep::head::head_of;
use crate::service::keep::notices::Notices;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::clock::Clock;
use crate::config::Config;
use crate::definitions;
use crate::definitions::{DefinitionError, DefinitionFolder, Definitions, FileStamp, StatisticsTables};
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::gaiji::Gaiji;
use crate::domain::layout::{Layout, Vocabulary};
use crate::error::{Failure, FailureKind};
use crate::files::{NewFolder, Readers, make_file, make_folder, remove_leftovers};
use crate::render::printable::is_printable;
use crate::service::keep::checked_facts::CheckedFacts;
use crate::service::keep::folder_lock::lock_folder;
use crate::service::keep::given_files::clear_away_given;
use crate::service::keep::privacy::close_to_others;
use crate::service::keep::restored::unconfirmed;
use crate::service::keep::traces;
use crate::store::{Store, StoreLocation, StoreLock, WriterNumber};

/// An opened data folder.
#[derive(Debug)]
pub struct Workspace {
    pub(super) folder: PathBuf,
    pub(super) identity: String,
    /// Whether there is a store; where none was made yet, questions are asked of an empty one.
    is_made: bool,
    /// What the office should hear of.
    pub(super) notices: Notices,
    /// Whether the facts were compared with their chain.
    pub(super) checked: CheckedFacts,
    /// Where timelines are written.
    pub(super) timelines: PathBuf,
    /// Where timelines are written when that may only be read.
    pub(super) elsewhere: OnceLock<NewFolder>,
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
    gaiji: Result<Gaiji, DefinitionError>,
    /// Definitions of reports and packs.
    pub definitions: DefinitionFolder,
    /// Their folder as it was when they were read.
    stamp: Vec<FileStamp>,
}

/// Refuses a data folder that is a file, or lies below one.
fn refuse_file(folder: &Path) -> Result<(), Failure> {
    match folder.ancestors().find(|place| place.is_file()) {
        Some(file) => Err(Failure {
            file: Some(file.display().to_string()),
            ..Failure::new(FailureKind::Environment, "ENV-011", "")
        }),
        None => Ok(()),
    }
}

/// Refuses an embedded store whose file is missing or empty, before anything is made in its place.
async fn refuse_lost_file(folder: &Path, config: &Config) -> Result<()> {
    let StoreLocation::File(path) = location(folder, config) else { return Ok(()) };
    if !is_empty(&path) {
        return Ok(());
    }
    Store::check_log_beside(&path).await?;
    Ok(refuse_traces(folder, config)?)
}

/// Whether there is nothing in a file, or no file.
fn is_empty(path: &Path) -> bool {
    matches!(fs::metadata(path), Ok(file) if file.len() == 0)
        || matches!(fs::metadata(path), Err(error) if error.kind() == std::io::ErrorKind::NotFound)
}

/// Refuses a folder that shows that there was a store.
fn refuse_traces(folder: &Path, config: &Config) -> Result<(), Failure> {
    let found = traces::of_a_store(folder, config);
    if found.is_empty() {
        return Ok(());
    }
    let place = place_of(folder, config);
    Err(Failure::new(FailureKind::Environment, "STO-010", format!("{place}: {}", found.join(", "))))
}

/// The right to write to a data folder and its store; released when dropped.
#[derive(Debug)]
pub struct WriteLock {
    // The number goes first, then the folder: whoever waits for the store takes the folder next.
    _number: WriterNumber,
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
    /// [`Failure`] STO-010 when the store is missing or empty and the folder shows that there was one; when the folder or the
    /// store cannot be opened, or a definition is wrong.
    pub async fn open(folder: &Path, config: Config, clock: Clock) -> Result<Self> {
        refuse_lost_file(folder, &config).await?;
        let workspace = Self::open_to_fill(folder, config, clock).await?;
        workspace.refuse_lost_store().await?;
        Ok(workspace)
    }

    /// As [`Self::open`], for a store that another one is copied into: papers may lie beside it already.
    ///
    /// # Errors
    /// When the folder or the store cannot be opened, or a definition is wrong.
    pub async fn open_to_fill(folder: &Path, config: Config, clock: Clock) -> Result<Self> {
        refuse_file(folder)?;
        let readers = readers_of(&config);
        let refused = |source: std::io::Error| Failure::from_writing(&source, &folder.display().to_string());
        make_folder(folder, readers).map_err(refused)?;
        if let StoreLocation::File(path) = location(folder, &config) {
            // The files that SQLite makes beside it have its mode.
            make_file(&path, readers).map_err(refused)?;
        }
        let store = Store::open(&location(folder, &config)).await.context("opening the store")?;
        Self::over(folder, config, clock, (store, true)).await
    }

    /// Opens a data folder for questions: nothing is made where nothing is.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_to_ask(folder: &Path, config: Config, clock: Clock) -> Result<Self> {
        refuse_lost_file(folder, &config).await?;
        refuse_file(folder)?;
        let store = match location(folder, &config) {
            StoreLocation::File(path) if is_empty(&path) => (Store::nowhere().await?, false),
            location => (Store::open(&location).await.context("opening the store")?, true),
        };
        let workspace = Self::over(folder, config, clock, store).await?;
        workspace.refuse_lost_store().await?;
        Ok(workspace)
    }

    /// Opens a data folder to look it over: nothing is made, changed or brought up to date, in its store neither. `None` where no
    /// store was made yet.
    ///
    /// # Errors
    /// As [`Self::open`]; when the store has the schema of another version.
    pub async fn open_to_look(folder: &Path, config: Config, clock: Clock) -> Result<Option<Self>> {
        refuse_lost_file(folder, &config).await?;
        refuse_file(folder)?;
        let location = location(folder, &config);
        if matches!(&location, StoreLocation::File(path) if is_empty(path)) {
            return Ok(None);
        }
        let Some(store) = Store::open_to_look(&location).await.context("opening the store")? else { return Ok(None) };
        let workspace = Self::over(folder, config, clock, (store, true)).await?;
        workspace.refuse_lost_store().await?;
        Ok(Some(workspace))
    }

    /// Refuses a store without anything in it beside what a fuller one has led to.
    async fn refuse_lost_store(&self) -> Result<()> {
        if self.is_made && self.store.imports().await?.is_empty() {
            let refused = refuse_traces(&self.folder, &self.config);
            if refused.is_err() {
                // That the store is lost is what must be told.
                let _ = self.store.clone().close().await;
            }
            refused?;
        }
        Ok(())
    }

    async fn over(folder: &Path, config: Config, clock: Clock, (store, is_made): (Store, bool)) -> Result<Self> {
        let definitions = definition_folder(&config)?;
        // Before they are read: what changes meanwhile is seen afterwards.
        let stamp = definitions.stamp();
        let Definitions { layouts, vocabulary, statistics } = definitions::read(&definitions)?;
        let gaiji = definitions::gaiji(&definitions, is_printable);
        let identity = store.identity().await?;
        let notices = Notices::default();
        if let Some(log) = store.damaged_log() {
            notices.add(Failure::new(FailureKind::Data, "STO-020", log.display().to_string()));
        }
        if let Some(notice) = unconfirmed(folder) {
            notices.add(notice);
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            timelines: folder.join("timeline"),
            checked: CheckedFacts::new(&store, folder, readers_of(&config)),
            identity,
            is_made,
            notices,
            elsewhere: OnceLock::new(),
            config,
            clock,
            store,
            layouts,
            vocabulary,
            statistics,
            gaiji,
            definitions,
            stamp,
        })
    }

    /// The same data folder over a store that stands in another one, where its timelines are written too: for trying what a
    /// change would do.
    pub(in crate::service) async fn over_copy(&self, copy: &Path) -> Result<Self> {
        let store = Store::open(&StoreLocation::File(copy.join("kaiin.sqlite"))).await.context("opening a copy")?;
        let checked = CheckedFacts::new(&store, copy, self.readers());
        let over = Self::over(&self.folder, self.config.clone(), self.clock, (store, true)).await?;
        Ok(Self { timelines: copy.join("timeline"), checked, ..over })
    }

    /// Which characters papers print in place of others. What is wrong in the table costs papers, and no count and no import.
    ///
    /// # Errors
    /// [`DefinitionError`] with all that is wrong in `gaiji.toml`.
    pub fn gaiji(&self) -> Result<&Gaiji, DefinitionError> {
        self.gaiji.as_ref().map_err(Clone::clone)
    }

    /// Whether one that is opened now would find the same store and the same definitions.
    pub fn is_current(&self) -> bool {
        self.store.is_current() && self.definitions.stamp() == self.stamp
    }

    /// Who may read what is written into the data folder, and what tells of single people elsewhere.
    pub fn readers(&self) -> Readers {
        readers_of(&self.config)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the store is, without a password.
    pub fn place(&self) -> String {
        place_of(&self.folder, &self.config)
    }

    /// That nobody is known of, with where was looked.
    pub(in crate::service) fn nothing_known(&self) -> Failure {
        if self.is_made {
            return Failure::usage("QRY-003", self.place());
        }
        let folder = std::path::absolute(&self.folder).unwrap_or_else(|_| self.folder.clone());
        Failure::usage("ENV-013", folder.display().to_string())
    }

    /// Refuses a folder in which no store was made yet.
    ///
    /// # Errors
    /// [`Failure`] ENV-013.
    pub(in crate::service) fn refuse_unmade(&self) -> Result<(), Failure> {
        if self.is_made { Ok(()) } else { Err(self.nothing_known()) }
    }

    /// Takes the right to write. In a data folder with a store of its own another process that has it makes this
    /// fail within a second; a store on a server is waited for (`store.wait_seconds`), on whichever machine its writer is.
    ///
    /// # Errors
    /// [`Failure`] ENV-013 when there is no store, ENV-012 when it may only be read, ENV-001 when another process writes; when the store cannot be reached.
    pub async fn lock_for_writing(&self) -> Result<WriteLock> {
        self.refuse_unmade()?;
        let store = self.store.lock().await.context("waiting for other writers")?;
        let patience = match store {
            // A program that is being started by this process holds its open files for a moment.
            StoreLock::OfFolder => Duration::from_millis(500),
            StoreLock::OfServer(_) => Duration::from_secs(self.config.store.wait_seconds),
        };
        let file = lock_folder(&self.folder.join("kaiin.lock"), patience, self.readers()).await?;
        self.store.check_writable().await?;
        // Before the first change: afterwards the file is another one.
        self.look_at_facts().await?;
        // Drawn last: whoever has the folder still may finish, although the server let go of its lock.
        let number = self.store.draw_number().await.context("taking the right to write")?;
        self.begin_chain().await?;
        self.clear_away();
        close_to_others(&self.folder, self.readers(), &self.config.jobs, &self.notices);
        Ok(WriteLock { _number: number, _file: file, _store: store })
    }

    /// Removes what killed processes left half-written.
    fn clear_away(&self) {
        let jobs = &self.config.jobs;
        // Folders, and how many levels below them. What is added to a paper is looked after where papers are made.
        let places =
            [(Path::new(""), 0), (Path::new("timeline"), 0), (Path::new("snapshots"), 0), (Path::new("rejects"), 0)];
        for (place, levels) in places.into_iter().chain([(jobs.inbox.as_path(), 1), (jobs.papers.as_path(), 1)]) {
            remove_leftovers(&self.folder.join(place), levels);
        }
        clear_away_given(&self.folder);
    }

    /// The head of the store by now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn head(&self) -> Result<String> {
        Ok(head_of(&self.store.shared_imports().await?))
    }

    /// Whether the store still has this head.
    ///
    /// # Errors
    /// `StoreChanged` when it has another one; when the store cannot be read.
    pub async fn check_head(&self, head: &str) -> Result<()> {
        let stands = self.store.is_as_opened() && head_of(&self.store.shared_imports().await?) == head;
        if stands { Ok(()) } else { Err(StoreChanged.into()) }
    }
}

/// Where the definitions are that the settings name.
///
/// # Errors
/// [`DefinitionError`] when their folder is not there.
pub(in crate::service) fn definition_folder(config: &Config) -> Result<DefinitionFolder, DefinitionError> {
    match &config.definitions {
        Some(overrides) if !overrides.is_dir() => {
            let fault = Fault::FolderMissing(overrides.display().to_string());
            let (file, key) = ("kaiin.toml".into(), "definitions".into());
            Err(DefinitionError::of(PlacedFault { file, line: None, key, fault }))
        }
        Some(overrides) => Ok(DefinitionFolder::with_overrides(overrides.clone())),
        None => Ok(DefinitionFolder::shipped()),
    }
}

/// Where the facts of a data folder are kept.
fn location(folder: &Path, config: &Config) -> StoreLocation {
    match &config.store.url {
        Some(url) => StoreLocation::Server { url: url.clone(), wait: Duration::from_secs(config.store.wait_seconds) },
        None => StoreLocation::File(folder.join("kaiin.sqlite")),
    }
}

/// Where the store of a data folder is, without a password.
pub(in crate::service) fn place_of(folder: &Path, config: &Config) -> String {
    match location(folder, config) {
        StoreLocation::File(path) => path.display().to_string(),
        StoreLocation::Server { url, .. } => url.to_string(),
    }
}

/// Who may read what is written into a data folder.
pub fn readers_of(config: &Config) -> Readers {
    if config.files.group_readable { Readers::Group } else { Readers::Owner }
}
