//! Rows out of the file and into it.

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite, Transaction};

use super::database::SqliteStore;
use crate::store::StoreError;
use crate::store::cells::Cell;
use crate::store::tables::{Column, Kind, Table, names};

/// Rows of one multi-row insert. SQLite takes 32,766 parameters; the widest table has 21 columns.
const ROWS_PER_INSERT: usize = 1000;

impl SqliteStore {
    /// Starts a transaction that sees the store as it is now, whatever is written meanwhile.
    pub(in crate::store) async fn begin_reading(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin().await?)
    }

    /// Starts a transaction in which rows may point to rows that follow later.
    pub(in crate::store) async fn begin_filling(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *tx).await?;
        Ok(tx)
    }
}

/// The rows of `SELECT columns FROM from`. Each crosses as one JSON array, not as a row of the driver: that copies every value
/// into memory of its own, and a million rows of 19 columns took 8 seconds instead of 2 (docs/performance.md).
pub(in crate::store) fn rows<'c>(
    tx: &'c mut Transaction<'static, Sqlite>,
    what: &'static str,
    columns: &'static [Column],
    from: &str,
) -> BoxStream<'c, Result<Vec<Cell>, StoreError>> {
    let statement = format!("SELECT json_array({}) FROM {from}", names(columns));
    sqlx::query_scalar::<_, String>(AssertSqlSafe(statement))
        .persistent(false)
        .fetch(&mut **tx)
        .map(move |packed| read_row(&packed?, what, columns))
        .boxed()
}

fn read_row(packed: &str, what: &'static str, columns: &[Column]) -> Result<Vec<Cell>, StoreError> {
    let mut row: Vec<Cell> = serde_json::from_str(packed).map_err(|_| StoreError::Corrupt(what))?;
    for (cell, (_, kind)) in row.iter_mut().zip(columns) {
        if let (Kind::Instant, Cell::Text(text)) = (kind, &*cell) {
            let instant: DateTime<Utc> = text.parse().map_err(|_| StoreError::Corrupt("instant"))?;
            *cell = instant.into();
        }
    }
    Ok(row)
}

/// Appends rows to a table.
pub(in crate::store) async fn put_rows(
    tx: &mut Transaction<'static, Sqlite>,
    table: &'static Table,
    rows: &[Vec<Cell>],
) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        let mut insert: QueryBuilder<Sqlite> =
            QueryBuilder::new(format!("INSERT INTO {} ({}) ", table.name, names(table.columns)));
        insert.push_values(chunk, |mut values, row| {
            for (cell, (_, kind)) in row.iter().zip(table.columns) {
                match cell {
                    Cell::Null => values.push_bind(None::<i64>),
                    Cell::Number(number) if *kind == Kind::Instant => {
                        values.push_bind(DateTime::from_timestamp_micros(*number).map(|instant| instant.to_rfc3339()))
                    }
                    Cell::Number(number) => values.push_bind(*number),
                    Cell::Text(text) => values.push_bind(text.as_str()),
                };
            }
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}
