//! Looking at a store without changing anything in it: its schema is not brought up to date, and nothing is made.

use std::time::Duration;

use super::either::each_store;
use super::error::StoreError;
use super::facade::{Store, StoreLocation};
use super::postgres::PostgresStore;
use super::sqlite::SqliteStore;

/// How long a server may take to answer who only wants to look.
const PATIENCE: Duration = Duration::from_secs(4);

/// What a quick look at the file of a store found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuickCheck {
    /// Nothing wrong.
    Sound,
    /// What the database says of the damage.
    Damaged(Vec<String>),
    /// The time was over before it came to an end.
    OutOfTime,
    /// The store is on a server, which looks after its files.
    OfServer,
}

impl Store {
    /// Opens a store that is there as it is; `None` on a server where no store was made yet.
    ///
    /// # Errors
    /// [`StoreError::OtherVersion`] when its schema is not that of this program; [`StoreError`] when it cannot be opened.
    pub async fn open_to_look(location: &StoreLocation) -> Result<Option<Self>, StoreError> {
        match location {
            StoreLocation::File(path) => Ok(Some(Self::Sqlite(SqliteStore::open_to_read(path).await?))),
            StoreLocation::Server { url, .. } => {
                Ok(PostgresStore::open_to_look(url, PATIENCE).await?.map(Self::Postgres))
            }
        }
    }

    /// Looks for damage in the file of an embedded store, for as long as `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn quick_check(&self, limit: Duration) -> Result<QuickCheck, StoreError> {
        let Self::Sqlite(store) = self else { return Ok(QuickCheck::OfServer) };
        Ok(match store.quick_check(limit).await? {
            Some(found) if found.is_empty() => QuickCheck::Sound,
            Some(found) => QuickCheck::Damaged(found),
            None => QuickCheck::OutOfTime,
        })
    }

    /// Number of the newest change to the schema.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        const VERSION: &str = "SELECT max(version) FROM _sqlx_migrations WHERE success";
        each_store!(self, store => Ok(sqlx::query_scalar(VERSION).fetch_one(&store.pool).await?))
    }
}
