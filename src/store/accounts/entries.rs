//! The ledger of what was opened (閲覧の記録).

use chrono::{DateTime, Utc};

use super::AccountStore;
use crate::domain::account::AccessEntry;
use crate::store::either::each_store;
use crate::store::error::StoreError;

const ADD: &str = "INSERT INTO access_entry (at, login, route, outcome, n_shown) VALUES ($1, $2, $3, $4, $5)";

const NEWEST: &str = "SELECT at, login, route, outcome, n_shown FROM access_entry
     ORDER BY at DESC, login, route, outcome LIMIT $1";

const CLEAR: &str = "DELETE FROM access_entry WHERE at < $1";

impl AccountStore {
    /// Records that a page was opened.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn add_entry(&self, entry: &AccessEntry) -> Result<(), StoreError> {
        each_store!(self, store => {
            let add = sqlx::query(ADD).bind(entry.at.timestamp_micros()).bind(&entry.login).bind(&entry.route);
            add.bind(i64::from(entry.outcome)).bind(entry.n_shown).execute(&store.pool).await?;
            Ok(())
        })
    }

    /// The newest entries, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn newest_entries(&self, n: u32) -> Result<Vec<AccessEntry>, StoreError> {
        let rows: Vec<(i64, String, String, i64, Option<i64>)> =
            each_store!(self, store => sqlx::query_as(NEWEST).bind(i64::from(n)).fetch_all(&store.pool).await?);
        let entry = |(at, login, route, outcome, n_shown): (i64, String, String, i64, Option<i64>)| {
            let at = DateTime::from_timestamp_micros(at)?;
            Some(AccessEntry { at, login, route, outcome: outcome.try_into().ok()?, n_shown })
        };
        rows.into_iter().map(entry).collect::<Option<_>>().ok_or(StoreError::Corrupt("access entry"))
    }

    /// Removes entries from before an instant.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn clear_entries(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        each_store!(self, store => {
            sqlx::query(CLEAR).bind(before.timestamp_micros()).execute(&store.pool).await?;
            Ok(())
        })
    }
}
