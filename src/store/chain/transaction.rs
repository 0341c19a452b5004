//! What the chain asks of a transaction of either store.

use sqlx::AssertSqlSafe;

use super::entry::{ChainEntry, ChainSum};
use super::statements::Dialect;
use crate::store::StoreError;
use crate::store::either::on_tx;
use crate::store::tx::Tx;

/// Two texts of rows, and the number of rows.
type Rows = (Option<Vec<u8>>, Option<Vec<u8>>, i64);

/// Who ended rows, their text, and their number.
type Ended = (i64, Option<Vec<u8>>, i64);

impl Tx {
    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Number and hash of the newest entry.
    pub(super) async fn last(&mut self) -> Result<Option<(i64, String)>, StoreError> {
        const LAST: &str = "SELECT nth, hash FROM chain ORDER BY nth DESC LIMIT 1";
        Ok(on_tx!(self, tx => sqlx::query_as(LAST).fetch_optional(&mut **tx).await?))
    }

    /// Numbers of all imports, ascending.
    pub(super) async fn import_ids(&mut self) -> Result<Vec<i64>, StoreError> {
        const IDS: &str = "SELECT id FROM import ORDER BY id";
        Ok(on_tx!(self, tx => sqlx::query_scalar(IDS).fetch_all(&mut **tx).await?))
    }

    /// The last id of a table that an entry tells of, and the last one there is.
    pub(super) async fn unrecorded(&mut self, table: &str) -> Result<(i64, i64), StoreError> {
        const TOLD: &str = "SELECT coalesce(max(through), 0) FROM chain_sum WHERE name = $1 AND part = 'facts'";
        let told: i64 = on_tx!(&mut *self, tx => sqlx::query_scalar(TOLD).bind(table).fetch_one(&mut **tx).await?);
        Ok((told, self.max_id(table).await?))
    }

    /// Rows of a range of ids.
    pub(super) async fn chained_rows(&mut self, statement: &str, from: i64, to: i64) -> Result<Rows, StoreError> {
        let statement = AssertSqlSafe(statement.to_string());
        Ok(on_tx!(self, tx => sqlx::query_as(statement).bind(from).bind(to).fetch_one(&mut **tx).await?))
    }

    /// Rows of a range of ids that ended.
    pub(super) async fn ends(&mut self, statement: &str, from: i64, to: i64) -> Result<Vec<Ended>, StoreError> {
        let statement = AssertSqlSafe(statement.to_string());
        Ok(on_tx!(self, tx => sqlx::query_as(statement).bind(from).bind(to).fetch_all(&mut **tx).await?))
    }

    /// Rows that one import ended.
    pub(super) async fn ends_of_one(
        &mut self,
        statement: &str,
        closer: i64,
    ) -> Result<(Option<Vec<u8>>, i64), StoreError> {
        let statement = AssertSqlSafe(statement.to_string());
        Ok(on_tx!(self, tx => sqlx::query_as(statement).bind(closer).fetch_one(&mut **tx).await?))
    }

    /// The chain, from its beginning.
    pub(super) async fn entries(&mut self) -> Result<Vec<ChainEntry>, StoreError> {
        const ENTRIES: &str = "SELECT nth, kind, subject, content, previous, hash FROM chain ORDER BY nth";
        type Row = (i64, String, String, String, String, String);
        let rows: Vec<Row> = on_tx!(self, tx => sqlx::query_as(ENTRIES).fetch_all(&mut **tx).await?);
        let entry =
            |(nth, kind, subject, content, previous, hash)| ChainEntry { nth, kind, subject, content, previous, hash };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// What the newest entry of a kind says of a subject; `None` where none tells of it.
    pub(super) async fn newest_content(&mut self, kind: &str, subject: &str) -> Result<Option<String>, StoreError> {
        const NEWEST: &str = "SELECT content FROM chain WHERE kind = $1 AND subject = $2 ORDER BY nth DESC LIMIT 1";
        Ok(on_tx!(self, tx => {
            sqlx::query_scalar(NEWEST).bind(kind).bind(subject).fetch_optional(&mut **tx).await?
        }))
    }

    /// All sums, by entry.
    pub(super) async fn chain_sums(&mut self) -> Result<Vec<ChainSum>, StoreError> {
        const SUMS: &str = "SELECT nth, name, part, through, after_id, n_rows, sha256 FROM chain_sum ORDER BY nth, name, part, through";
        type Row = (i64, String, String, i64, i64, i64, String);
        let rows: Vec<Row> = on_tx!(self, tx => sqlx::query_as(SUMS).fetch_all(&mut **tx).await?);
        let sum = |(nth, name, part, through, after_id, n_rows, sha256)| ChainSum {
            nth,
            name,
            part,
            through,
            after_id,
            n_rows,
            sha256,
        };
        Ok(rows.into_iter().map(sum).collect())
    }

    /// Appends an entry with its sums.
    pub(super) async fn append_entry(&mut self, entry: &ChainEntry, sums: &[ChainSum]) -> Result<(), StoreError> {
        const ENTRY: &str =
            "INSERT INTO chain (nth, kind, subject, content, previous, hash) VALUES ($1, $2, $3, $4, $5, $6)";
        const SUM: &str = "INSERT INTO chain_sum (nth, name, part, through, after_id, n_rows, sha256)
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let ChainEntry { nth, kind, subject, content, previous, hash } = entry;
        on_tx!(self, tx => {
            let insert = sqlx::query(ENTRY).bind(*nth).bind(kind).bind(subject).bind(content).bind(previous);
            insert.bind(hash).execute(&mut **tx).await?;
            for sum in sums {
                let insert = sqlx::query(SUM).bind(sum.nth).bind(&sum.name).bind(&sum.part).bind(sum.through);
                let insert = insert.bind(sum.after_id).bind(sum.n_rows).bind(&sum.sha256);
                insert.execute(&mut **tx).await?;
            }
        });
        Ok(())
    }
}
