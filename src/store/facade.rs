//! One face for the stores: each method goes to the store that was opened.
//!
//! There is no generic driver behind it. Where the stores differ each has statements of its own, and one suite of tests
//! holds them to the same answers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::either::each_store;
use super::error::StoreError;
use super::facts::{NewImport, Origin};
use super::import::Import;
use super::postgres::{PostgresLock, PostgresStore};
use super::sqlite::SqliteStore;
use super::taking_back::TakingBack;
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::KnownAt;
use crate::domain::association::MasterRow;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::{EnrolmentId, ImportId, PhysicianId};
use crate::domain::person::KnownPerson;
use crate::domain::person::PersonAttributes;
use crate::domain::store_url::StoreUrl;

/// Where a store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreLocation {
    /// A file of the embedded store.
    File(PathBuf),
    /// A database on a PostgreSQL server.
    Server {
        /// Its address.
        url: StoreUrl,
        /// How long a writer waits for another one.
        wait: Duration,
    },
}

/// An opened store.
#[derive(Debug, Clone)]
pub enum Store {
    /// The embedded store.
    Sqlite(SqliteStore),
    /// The store on a server.
    Postgres(PostgresStore),
}

/// The right to write, as far as the store gives it. Dropping it gives it back.
#[derive(Debug)]
pub enum StoreLock {
    /// The embedded store stands in a data folder, whose lock is enough.
    OfFolder,
    /// The server serialises writers of all machines.
    OfServer(PostgresLock),
}

impl Store {
    /// Opens a store, making it when it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened or its schema belongs to a newer version.
    pub async fn open(location: &StoreLocation) -> Result<Self, StoreError> {
        match location {
            StoreLocation::File(path) => Ok(Self::Sqlite(SqliteStore::open(path).await?)),
            StoreLocation::Server { url, wait } => Ok(Self::Postgres(PostgresStore::open(url, *wait).await?)),
        }
    }

    /// Refuses a log beside a file of the embedded store that does not belong to it.
    ///
    /// # Errors
    /// [`StoreError::LogWithoutFile`] or [`StoreError::OtherLog`] with the place of the log.
    pub async fn check_log_beside(path: &Path) -> Result<(), StoreError> {
        super::sqlite::check_log(path).await
    }

    /// Takes the right to write, beside that to the data folder.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another machine has it for longer than this store waits.
    pub async fn lock(&self) -> Result<StoreLock, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(StoreLock::OfFolder),
            Self::Postgres(store) => Ok(StoreLock::OfServer(store.lock().await?)),
        }
    }

    /// What makes this store another than every other one: hexadecimal digits, drawn when it was made.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn identity(&self) -> Result<String, StoreError> {
        each_store!(self, store => store.identity().await)
    }

    /// A store without anything in it that is kept nowhere, for questions where no store was made yet.
    ///
    /// # Errors
    /// [`StoreError`] when the embedded database cannot be started.
    pub async fn nowhere() -> Result<Self, StoreError> {
        Ok(Self::Sqlite(SqliteStore::nowhere().await?))
    }

    /// Closes the store. An embedded one then stands as a whole in its one file, unless another program has it open.
    ///
    /// # Errors
    /// [`StoreError`] when the log of an embedded one could not be brought into its file; nothing is lost while the two stay
    /// together.
    pub async fn close(self) -> Result<(), StoreError> {
        each_store!(self, store => store.close().await)
    }

    /// Brings everything that is stored into the one file of an embedded store, as far as nobody reads an older state.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn settle(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.settle().await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Refuses a store that may only be read.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] with its place.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.check_writable().await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// The log beside the file of an embedded store, where it was damaged when the store was opened: what was stored last may be
    /// lost.
    pub fn damaged_log(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(store) => store.damaged_log(),
            Self::Postgres(_) => None,
        }
    }

    /// Whether the file of a store that is only read is still the one that was opened.
    pub fn is_as_opened(&self) -> bool {
        match self {
            Self::Sqlite(store) => store.is_as_opened(),
            Self::Postgres(_) => true,
        }
    }

    /// Takes an import back (R25). Whether it may be is asked before.
    ///
    /// # Errors
    /// [`StoreError::NotNoted`] for an import of an older version that took the place of another file; [`StoreError`] when
    /// the database cannot be written. Nothing is changed then.
    pub async fn take_back(&self, taking: &TakingBack) -> Result<(), StoreError> {
        each_store!(self, store => store.take_back(taking).await)
    }

    /// Stores a master in place of the one that stands. Codes keep their ids.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn store_master(&self, import: &NewImport, rows: &[MasterRow]) -> Result<ImportId, StoreError> {
        each_store!(self, store => store.store_master(import, rows).await)
    }

    /// Starts an import of members, applications or adjustments: stores the record of the file. Where it replaces
    /// another file of the same source and day, what that one said stands until [`Import::take_back_replaced`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn start_import(&self, import: &NewImport) -> Result<Import, StoreError> {
        match self {
            Self::Sqlite(store) => Ok(Import::Sqlite(store.start_import(import).await?)),
            Self::Postgres(store) => Ok(Import::Postgres(store.start_import(import).await?)),
        }
    }

    /// All versions of all stays that were ever known for a day or more, by physician, body, enrolment,
    /// known_from: the order that the timeline keeps.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_version(&self, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        each_store!(self, store => store.each_version(each).await)
    }

    /// All descriptions that were ever known for a day or more, without anything that names a person, by
    /// physician and known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_person(&self, each: impl FnMut(PersonAttributes)) -> Result<(), StoreError> {
        each_store!(self, store => store.each_person(each).await)
    }

    /// All versions of all applications that were ever known for a day or more, by physician, number, body, kind,
    /// known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application(&self, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
        each_store!(self, store => store.each_application(each).await)
    }

    /// All versions of all adjustments that were ever known for a day or more, by physician, number, body (none
    /// first), kind, known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_adjustment(&self, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
        each_store!(self, store => store.each_adjustment(each).await)
    }

    /// Where the given stays come from: every version known by the end of a day that was known for a day or more, by
    /// enrolment and known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn origins(&self, ids: &[EnrolmentId], known_at: KnownAt) -> Result<Vec<Origin>, StoreError> {
        each_store!(self, store => store.origins(ids, known_at).await)
    }

    /// Descriptions of the given physicians as known at the end of a day, by number. Whoever was not
    /// described then has empty texts.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn persons(&self, ids: &[PhysicianId], known_at: KnownAt) -> Result<Vec<KnownPerson>, StoreError> {
        each_store!(self, store => store.persons(ids, known_at).await)
    }

    /// Calls `each` with the name of every physician as known at the end of a day, by physician. Whoever was not
    /// described then has an empty one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_name(&self, known_at: KnownAt, each: impl FnMut(PhysicianId, &str)) -> Result<(), StoreError> {
        each_store!(self, store => store.each_name(known_at, each).await)
    }
}
