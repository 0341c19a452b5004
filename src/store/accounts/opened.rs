//! Where accounts are kept: opened and closed.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::store::either::each_store;
use crate::store::error::StoreError;
use crate::store::facade::StoreLocation;
use crate::store::postgres::PostgresStore;

/// How long one page waits for another that writes. Each writes a row or two.
const PATIENCE: Duration = Duration::from_secs(5);

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/sqlite/accounts");

/// The opened accounts.
#[derive(Debug, Clone)]
pub enum AccountStore {
    /// A file beside an embedded store.
    Sqlite(AccountFile),
    /// Tables beside the facts on a server.
    Postgres(PostgresStore),
}

/// The file.
#[derive(Debug, Clone)]
pub struct AccountFile {
    pub(super) pool: SqlitePool,
}

impl AccountStore {
    /// Opens the accounts, making them when they are not there: `location` names their own file, or the database of the store.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be opened, or belong to a newer version.
    pub async fn open(location: &StoreLocation) -> Result<Self, StoreError> {
        match location {
            StoreLocation::File(path) => Ok(Self::Sqlite(AccountFile::open(path).await?)),
            StoreLocation::Server { url, wait } => Ok(Self::Postgres(PostgresStore::open(url, *wait).await?)),
        }
    }

    /// Closes them.
    pub async fn close(self) {
        each_store!(self, store => store.pool.close().await);
    }
}

impl AccountFile {
    async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        // Without ages: see `sqlite`.
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = pool.connect_with(options).await?;
        MIGRATIONS.run(&pool).await?;
        Ok(Self { pool })
    }
}
