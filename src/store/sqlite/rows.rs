//! Whole tables, row by row, for copying and comparing stores.

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite, Transaction};

use super::database::SqliteStore;
use super::packed::unpack;
use crate::store::StoreError;
use crate::store::tables::{Cell, Kind, Table};

/// Parameters of one statement, a little below what SQLite takes.
const PARAMETERS: usize = 32_000;

impl SqliteStore {
    /// Starts a transaction that sees the store as it is now, whatever is written meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn begin_reading(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin().await?)
    }

    /// Starts a transaction in which rows may point to rows that follow later.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn begin_filling(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *tx).await?;
        Ok(tx)
    }
}

/// The rows of a table in the order of its key.
pub(in crate::store) fn rows_of<'c>(
    tx: &'c mut Transaction<'static, Sqlite>,
    table: &'static Table,
) -> BoxStream<'c, Result<Vec<Cell>, StoreError>> {
    let (columns, key) = (table.column_list(), table.key_list());
    let statement = format!("SELECT json_array({columns}) FROM {} ORDER BY {key}", table.name);
    sqlx::query_scalar::<_, String>(AssertSqlSafe(statement))
        .fetch(&mut **tx)
        .map(move |packed| read_row(&packed?, table))
        .boxed()
}

fn read_row(packed: &str, table: &Table) -> Result<Vec<Cell>, StoreError> {
    let mut row: Vec<Cell> = unpack(packed, table.name)?;
    for (cell, (_, kind)) in row.iter_mut().zip(table.columns) {
        if let (Kind::Instant, Cell::Text(text)) = (kind, &*cell) {
            let instant: DateTime<Utc> = text.parse().map_err(|_| StoreError::Corrupt("instant"))?;
            *cell = Cell::Number(instant.timestamp_micros());
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
    for chunk in rows.chunks(PARAMETERS / table.columns.len()) {
        let mut insert: QueryBuilder<Sqlite> =
            QueryBuilder::new(format!("INSERT INTO {} ({}) ", table.name, table.column_list()));
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
        insert.build().persistent(false).execute(&mut **tx).await?;
    }
    Ok(())
}
