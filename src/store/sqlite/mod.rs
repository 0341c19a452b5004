//! The embedded store: one SQLite file in the data folder.
//!
//! A method runs one statement or one transaction, names every column, binds every parameter, and turns rows
//! into domain types before they leave. One connection writes; WAL lets others read meanwhile. Dates cross as
//! day numbers (see the migration). Methods never read the clock.

mod associations;
mod corrections;
mod days;
pub mod enrolments;
mod imports;
mod ledger;
mod lists;
mod packed;
mod persons;
pub(super) mod rows;
mod take_back;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

use super::StoreError;

/// Rows of one multi-row insert. SQLite takes 32,766 parameters; the widest table has 20 columns.
const ROWS_PER_INSERT: usize = 1000;

/// Rows fetched ahead of the reader; each hand-over between threads costs more than the rows in it.
const ROWS_AHEAD: usize = 16_384;

/// The embedded store.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pool: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, making it when it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened or its schema belongs to a newer version.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Normal is durable against a crash of the program; FULL also against a crash of the machine.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .row_buffer_size(ROWS_AHEAD);
        // Without ages the pool starts no task that looks after them: in sqlx 0.9.0 that task runs for ever when it reads
        // the number of idle connections while one is given back (`num_idle` falls below zero).
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = pool.connect_with(options).await?;
        sqlx::migrate!("src/store/sqlite/migrations").run(&pool).await?;
        Ok(Self { pool })
    }

    /// What makes this store another than every other one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn identity(&self) -> Result<String, StoreError> {
        Ok(sqlx::query_scalar("SELECT identity FROM store_identity").fetch_one(&self.pool).await?)
    }

    /// Closes the file.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// Starts a transaction; dropping it undoes everything.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the database is locked or unreadable.
    pub async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}
