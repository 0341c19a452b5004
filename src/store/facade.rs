//! One face for the stores: each method goes to the store that was opened.
//!
//! What they are asked of facts and of the ledger stands beside this file, once for both; here is what opening, locking and
//! closing them is. One suite of tests holds them to the same answers.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use super::either::each_store;
use super::error::StoreError;
use super::postgres::{PostgresLock, PostgresStore};
use super::sqlite::SqliteStore;
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
        const IDENTITY: &str = "SELECT identity FROM store_identity";
        each_store!(self, store => Ok(sqlx::query_scalar(IDENTITY).fetch_one(&store.pool).await?))
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
        let settled = self.settle().await;
        self.let_go().await;
        settled
    }

    /// Closes the store as it is: an embedded one that was settled stands in its one file.
    pub async fn let_go(self) {
        each_store!(self, store => store.let_go().await);
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

    /// The one file of an embedded store, where all that is stored stands in it. Whoever reads it seeks its beginning, and never
    /// opens the file by itself: closing it would give back the locks of the database.
    pub fn bytes(&self) -> Option<&Mutex<File>> {
        match self {
            Self::Sqlite(store) => store.bytes(),
            Self::Postgres(_) => None,
        }
    }

    /// Writes all that is stored into a new file of the embedded store, which may be there if it is empty; `false` where this store
    /// stands in no file, and nothing was written.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read or the file not be written.
    pub async fn copy_file(&self, path: &Path) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.copy_to(path).await.map(|()| true),
            Self::Postgres(_) => Ok(false),
        }
    }

    /// Number of the newest schema of the embedded store that this program knows.
    pub fn newest_schema() -> i64 {
        SqliteStore::newest_schema()
    }

    /// A number that is another one as soon as somebody else has stored something in the file of an embedded store; none on a
    /// server.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn version_of_others(&self) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Sqlite(store) => store.version_of_others().await.map(Some),
            Self::Postgres(_) => Ok(None),
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

    /// Whether one that is opened now would find nothing else than this one, which may have been open for long.
    pub fn is_current(&self) -> bool {
        match self {
            Self::Sqlite(store) => store.is_current(),
            Self::Postgres(_) => true,
        }
    }

    /// Whether the file of a store that is only read is still the one that was opened.
    pub fn is_as_opened(&self) -> bool {
        match self {
            Self::Sqlite(store) => store.is_as_opened(),
            Self::Postgres(_) => true,
        }
    }
}
