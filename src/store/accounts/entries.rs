//! The ledger of what was opened (閲覧の記録).

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::AccountStore;
use crate::domain::account::AccessEntry;
use crate::store::either::each_store;
use crate::store::error::StoreError;

const ADD: &str = "INSERT INTO access_entry (at, login, route, outcome, n_shown) VALUES ($1, $2, $3, $4, $5)";

const NEWEST: &str = "SELECT at, login, route, outcome, n_shown FROM access_entry
     ORDER BY at DESC, login, route, outcome LIMIT $1";

const WANTED: &str = "FROM access_entry WHERE ($1 = '' OR login = $1) AND at >= $2 AND at < $3";

const CLEAR: &str = "DELETE FROM access_entry WHERE at < $1";

/// When, login, route, status, rows.
type Row = (i64, String, String, i64, Option<i64>);

/// Which entries are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedEntries {
    /// Of this account; empty for all.
    pub login: String,
    /// From this instant on.
    pub since: DateTime<Utc>,
    /// Until this one, exclusive.
    pub before: DateTime<Utc>,
}

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
        let rows: Vec<Row> =
            each_store!(self, store => sqlx::query_as(NEWEST).bind(i64::from(n)).fetch_all(&store.pool).await?);
        rows.into_iter().map(entry).collect()
    }

    /// Entries that are wanted, newest first, from a place on, and how many there are in all.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn entries(
        &self,
        wanted: &WantedEntries,
        from: i64,
        n: i64,
    ) -> Result<(Vec<AccessEntry>, i64), StoreError> {
        let count = format!("SELECT CAST(count(*) AS bigint) {WANTED}");
        let page = format!(
            "SELECT at, login, route, outcome, n_shown {WANTED}
             ORDER BY at DESC, login, route, outcome, n_shown LIMIT $4 OFFSET $5"
        );
        let (since, before) = (wanted.since.timestamp_micros(), wanted.before.timestamp_micros());
        let (total, rows): (i64, Vec<Row>) = each_store!(self, store => {
            let count = sqlx::query_scalar(AssertSqlSafe(count)).bind(&wanted.login).bind(since).bind(before);
            let page = sqlx::query_as(AssertSqlSafe(page)).bind(&wanted.login).bind(since).bind(before).bind(n).bind(from);
            (count.fetch_one(&store.pool).await?, page.fetch_all(&store.pool).await?)
        });
        Ok((rows.into_iter().map(entry).collect::<Result<_, _>>()?, total))
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

fn entry((at, login, route, outcome, n_shown): Row) -> Result<AccessEntry, StoreError> {
    let read = || {
        let at = DateTime::from_timestamp_micros(at)?;
        Some(AccessEntry { at, login, route, outcome: outcome.try_into().ok()?, n_shown })
    };
    read().ok_or(StoreError::Corrupt("access entry"))
}
