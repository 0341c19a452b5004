//! How much there is of what waits, fails and goes on, counted by the database: the statements are those of both stores.

use super::either::each_store;
use super::error::StoreError;
use super::facade::Store;

const DELIVERIES: &str = "SELECT state, count(*) FROM delivery GROUP BY state ORDER BY state";

const MAILS: &str = "SELECT state, count(*) FROM mail GROUP BY state ORDER BY state";

const POSITION: &str = "SELECT coalesce(max(nth), 0) FROM chain";

/// On a server there is one for each kind of writing; only one of them is counted up.
const WRITER: &str = "SELECT coalesce(max(fence), 0) FROM writer";

impl Store {
    /// How many deliveries there are of each state that there is one of, by state.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn n_deliveries(&self) -> Result<Vec<(String, i64)>, StoreError> {
        each_store!(self, store => Ok(sqlx::query_as(DELIVERIES).fetch_all(&store.pool).await?))
    }

    /// How many mails there are of each state that there is one of, by state.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn n_mails(&self) -> Result<Vec<(String, i64)>, StoreError> {
        each_store!(self, store => Ok(sqlx::query_as(MAILS).fetch_all(&store.pool).await?))
    }

    /// Number of the newest entry of the chain; 0 before the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn chain_position(&self) -> Result<i64, StoreError> {
        each_store!(self, store => Ok(sqlx::query_scalar(POSITION).fetch_one(&store.pool).await?))
    }

    /// Number of the newest writer: it grows each time somebody takes the right to write.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn writer_number(&self) -> Result<i64, StoreError> {
        each_store!(self, store => Ok(sqlx::query_scalar(WRITER).fetch_one(&store.pool).await?))
    }
}
