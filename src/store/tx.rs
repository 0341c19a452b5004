//! A transaction of whichever store is open, and how rows cross into it and out of it: packed as JSON from the embedded
//! store, through COPY from and to a server. Ids are counted by the program, so that both give the same.

use chrono::NaiveDate;
use futures_util::StreamExt;
use futures_util::future::join;
use futures_util::stream::BoxStream;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use super::cells::{Cell, Cells};
use super::chain::Appended;
use super::either::{each_store, on_tx};
use super::error::StoreError;
use super::facade::Store;
use super::tables::{Column, Table};
use super::{postgres, sqlite};
use crate::domain::day::day_number;

/// Rows handed over at once.
const ROWS_AT_ONCE: usize = sqlite::rows::ROWS_PER_INSERT;

/// Rows named in one statement by their ids.
const IDS_AT_ONCE: usize = 5_000;

/// A transaction of either store. Dropping it undoes everything. Statements are made of names in `tables`, numbers and
/// days alone.
#[derive(Debug)]
pub enum Tx {
    /// Of the embedded store.
    Sqlite(Transaction<'static, Sqlite>),
    /// Of the store on a server.
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Starts a writing transaction. No other one writes, or draws a number, until it ends.
    ///
    /// # Errors
    /// [`StoreError::LockLost`] when another writer has drawn a number since this one has; [`StoreError`] when the database
    /// cannot be written.
    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Tx::Sqlite(store.begin().await?),
            Self::Postgres(store) => Tx::Postgres(store.begin().await?),
        })
    }

    /// Looks at the store as it is now, whatever is written meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn look(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Tx::Sqlite(store.begin_reading().await?),
            Self::Postgres(store) => Tx::Postgres(store.begin_reading().await?),
        })
    }

    /// The rows of `SELECT columns FROM from`, each as `read` understands it; `what` names one that cannot be read.
    pub(super) async fn read<T>(
        &self,
        what: &'static str,
        columns: &'static [Column],
        from: &str,
        mut read: impl FnMut(&mut Cells) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut tx = self.look().await?;
        let mut out = Vec::new();
        let each = |row: &mut Cells| {
            out.push(read(row)?);
            Ok(())
        };
        tx.each_row(what, columns, from, each).await?;
        tx.rollback().await?;
        Ok(out)
    }
}

impl Tx {
    /// Makes it durable.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn commit(self) -> Result<(), StoreError> {
        each_store!(self, tx => Ok(tx.commit().await?))
    }

    /// Undoes everything.
    pub(super) async fn rollback(self) -> Result<(), StoreError> {
        each_store!(self, tx => Ok(tx.rollback().await?))
    }

    /// The last id of a table; 0 for none.
    pub(super) async fn max_id(&mut self, table: &str) -> Result<i64, StoreError> {
        let statement = format!("SELECT CAST(coalesce(max(id), 0) AS bigint) FROM {table}");
        Ok(on_tx!(self, tx => sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut **tx).await?))
    }

    /// Runs a statement.
    pub(super) async fn execute(&mut self, statement: String) -> Result<(), StoreError> {
        let statement = AssertSqlSafe(statement);
        on_tx!(self, tx => { sqlx::query(statement).persistent(false).execute(&mut **tx).await?; });
        Ok(())
    }

    /// A day as it stands in a statement: COPY takes no parameters.
    pub(super) fn day(&self, day: NaiveDate) -> String {
        match self {
            Self::Sqlite(_) => day_number(day).to_string(),
            Self::Postgres(_) => format!("DATE '{day}'"),
        }
    }

    /// The rows of `SELECT columns FROM from`; `what` names one that cannot be read.
    pub(super) async fn rows<'c>(
        &'c mut self,
        what: &'static str,
        columns: &'static [Column],
        from: &str,
    ) -> Result<BoxStream<'c, Result<Vec<Cell>, StoreError>>, StoreError> {
        match self {
            Self::Sqlite(tx) => Ok(sqlite::rows::rows(tx, what, columns, from)),
            Self::Postgres(tx) => postgres::rows::rows(tx, what, columns, from).await,
        }
    }

    /// Calls `each` with the rows of `SELECT columns FROM from`; `what` names one that cannot be read.
    pub(super) async fn each_row(
        &mut self,
        what: &'static str,
        columns: &'static [Column],
        from: &str,
        mut each: impl FnMut(&mut Cells) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut rows = self.rows(what, columns, from).await?;
        while let Some(row) = rows.next().await {
            each(&mut Cells::new(row?, what))?;
        }
        Ok(())
    }

    /// Begins to append rows to a table.
    pub(super) async fn table<'c>(&'c mut self, table: &'static Table) -> Result<Target<'c>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => Target::Sqlite(tx),
            Self::Postgres(tx) => Target::Postgres(postgres::rows::TableRows::begin(tx, table).await?),
        })
    }

    /// How rows are made ready for a table.
    pub(super) fn packing(&self, table: &'static Table) -> Packing {
        match self {
            Self::Sqlite(_) => Packing::Sqlite(sqlite::rows::Inserts::new(table)),
            Self::Postgres(_) => Packing::Postgres,
        }
    }

    /// Appends a row for each item, in their order; none, none is begun. What was appended is added to `appended`.
    pub(super) async fn append_rows<T>(
        &mut self,
        table: &'static Table,
        items: &[T],
        appended: &mut Appended,
        mut row: impl FnMut(&T) -> Vec<Cell>,
    ) -> Result<(), StoreError> {
        let packing = self.packing(table);
        let mut packed = items.chunks(ROWS_AT_ONCE).map(|chunk| {
            let rows: Vec<Vec<Cell>> = chunk.iter().map(&mut row).collect();
            appended.add(table, &rows);
            packing.pack(rows)
        });
        let Some(mut next) = packed.next() else { return Ok(()) };
        let mut target = self.table(table).await?;
        loop {
            // The next ones are made while the database takes these.
            let (taken, following) = join(target.put(next?), async { packed.next() }).await;
            taken?;
            let Some(following) = following else { return target.end().await };
            next = following;
        }
    }
}

/// How rows are made ready for a table of whichever store is open.
pub(super) enum Packing {
    /// Of the embedded store.
    Sqlite(sqlite::rows::Inserts),
    /// Of the store on a server.
    Postgres,
}

/// Rows that are ready for a table.
pub(super) enum Packed {
    /// Of the embedded store.
    Sqlite(Vec<sqlite::rows::Insert>),
    /// Of the store on a server.
    Postgres(Vec<Vec<Cell>>),
}

impl Packing {
    /// Makes rows with all columns ready.
    pub(super) fn pack(&self, rows: Vec<Vec<Cell>>) -> Result<Packed, StoreError> {
        match self {
            Self::Sqlite(inserts) => Ok(Packed::Sqlite(inserts.of(rows)?)),
            Self::Postgres => Ok(Packed::Postgres(rows)),
        }
    }
}

/// Ids as they stand in statements, so many at once that neither store minds.
pub(super) fn lists(ids: impl IntoIterator<Item = i64>) -> Vec<String> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    ids.chunks(IDS_AT_ONCE).map(|chunk| chunk.join(", ")).collect()
}

/// A table that rows are appended to.
pub(super) enum Target<'c> {
    /// Of the embedded store.
    Sqlite(&'c mut Transaction<'static, Sqlite>),
    /// Of the store on a server.
    Postgres(postgres::rows::TableRows<'c>),
}

impl Target<'_> {
    /// Appends rows that are ready for this table.
    pub(super) async fn put(&mut self, packed: Packed) -> Result<(), StoreError> {
        match (self, packed) {
            (Self::Sqlite(tx), Packed::Sqlite(inserts)) => sqlite::rows::put_rows(tx, inserts).await,
            (Self::Postgres(target), Packed::Postgres(rows)) => target.put(&rows).await,
            // Both come from one transaction.
            (Self::Sqlite(_), Packed::Postgres(_)) | (Self::Postgres(_), Packed::Sqlite(_)) => {
                Err(StoreError::Corrupt("packing"))
            }
        }
    }

    /// Hears from a server whether it took all rows.
    pub(super) async fn end(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(target) => target.end().await,
        }
    }
}
