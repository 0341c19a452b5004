//! Rows out of the file and into it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use serde::de::DeserializeSeed;
use sqlx::error::BoxDynError;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Sqlite, Transaction};

use super::database::SqliteStore;
use crate::store::StoreError;
use crate::store::cells::{Cell, RowOf};
use crate::store::tables::{Column, Kind, Table, names};

/// Rows of one multi-row insert. SQLite takes 32,766 parameters; the widest table has 21 columns. The statement of so many rows is
/// prepared once; more of them gain nothing and are memory that stays.
pub(in crate::store) const ROWS_PER_INSERT: usize = 500;

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
    let mut packed = serde_json::Deserializer::from_str(packed);
    let row = RowOf(columns.len()).deserialize(&mut packed).and_then(|row| packed.end().map(|()| row));
    let mut row = row.map_err(|_| StoreError::Corrupt(what))?;
    for (cell, (_, kind)) in row.iter_mut().zip(columns) {
        if let (Kind::Instant, Cell::Text(text)) = (kind, &*cell) {
            let instant: DateTime<Utc> = text.parse().map_err(|_| StoreError::Corrupt("instant"))?;
            *cell = instant.into();
        }
    }
    Ok(row)
}

/// Rows on their way into a table, as many as one statement takes.
pub(in crate::store) struct Insert {
    statement: Arc<str>,
    arguments: SqliteArguments,
    is_of_many: bool,
}

/// Makes the statements that append rows to a table.
#[derive(Debug, Clone)]
pub(in crate::store) struct Inserts {
    table: &'static Table,
    /// That of [`ROWS_PER_INSERT`] rows, which the database prepares once.
    full: Arc<str>,
}

impl Inserts {
    /// Begins with a table.
    pub(in crate::store) fn new(table: &'static Table) -> Self {
        Self { table, full: statement(table, ROWS_PER_INSERT) }
    }

    /// The statements of some rows, in their order.
    pub(in crate::store) fn of(&self, rows: Vec<Vec<Cell>>) -> Result<Vec<Insert>, StoreError> {
        let mut out = Vec::with_capacity(rows.len().div_ceil(ROWS_PER_INSERT));
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut arguments = SqliteArguments::default();
            arguments.reserve(ROWS_PER_INSERT * self.table.columns.len(), 0);
            let mut n = 0;
            for row in rows.by_ref().take(ROWS_PER_INSERT) {
                n += 1;
                for (cell, (_, kind)) in row.into_iter().zip(self.table.columns) {
                    add(&mut arguments, cell, *kind).map_err(sqlx::Error::Encode)?;
                }
            }
            let is_of_many = n == ROWS_PER_INSERT;
            let statement = if is_of_many { Arc::clone(&self.full) } else { statement(self.table, n) };
            out.push(Insert { statement, arguments, is_of_many });
        }
        Ok(out)
    }
}

fn add(arguments: &mut SqliteArguments, cell: Cell, kind: Kind) -> Result<(), BoxDynError> {
    match cell {
        Cell::Null => arguments.add(None::<i64>),
        Cell::Number(number) if kind == Kind::Instant => {
            arguments.add(DateTime::from_timestamp_micros(number).map(|instant| instant.to_rfc3339()))
        }
        Cell::Number(number) => arguments.add(number),
        Cell::Text(text) => arguments.add(text),
    }
}

fn statement(table: &Table, n_rows: usize) -> Arc<str> {
    let row = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let rows = vec![row.as_str(); n_rows].join(", ");
    format!("INSERT INTO {} ({}) VALUES {rows}", table.name, names(table.columns)).into()
}

/// Appends rows to a table.
pub(in crate::store) async fn put_rows(
    tx: &mut Transaction<'static, Sqlite>,
    inserts: Vec<Insert>,
) -> Result<(), StoreError> {
    for Insert { statement, arguments, is_of_many } in inserts {
        let insert = sqlx::query_with(AssertSqlSafe(statement), arguments).persistent(is_of_many);
        insert.execute(&mut **tx).await?;
    }
    Ok(())
}
