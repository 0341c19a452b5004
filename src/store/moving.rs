//! Reading a whole store, and filling an empty one: for copies that keep every row with its id.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::AssertSqlSafe;

use super::StoreError;
use super::cells::Cell;
use super::either::on_tx;
use super::facade::Store;
use super::table_sum::{Summer, TableSum};
use super::tables::{TABLES, Table, names};
use super::tx::Tx;

/// Rows handed over at once.
const ROWS_AT_ONCE: usize = 4_000;

impl Store {
    /// Starts to fill the store; nothing is stored until [`Tx::commit`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn fill(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Tx::Sqlite(store.begin_filling().await?),
            Self::Postgres(store) => Tx::Postgres(store.begin().await?),
        })
    }
}

impl Tx {
    /// Number of rows and hash of every table, in the order of [`TABLES`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn sums(&mut self) -> Result<Vec<TableSum>, StoreError> {
        let mut out = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let mut summer = Summer::new(table);
            let mut rows = self.whole(table).await?;
            while let Some(row) = rows.next().await {
                summer.add(&row?);
            }
            out.push(summer.sum());
        }
        Ok(out)
    }

    /// Number of rows of every table, in the order of [`TABLES`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn row_counts(&mut self) -> Result<Vec<(&'static str, u64)>, StoreError> {
        let mut out = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let statement = AssertSqlSafe(format!("SELECT count(*) FROM {}", table.name));
            let n: i64 = on_tx!(&mut *self, tx => sqlx::query_scalar(statement).fetch_one(&mut **tx).await?);
            out.push((table.name, u64::try_from(n).map_err(|_| StoreError::Corrupt("count"))?));
        }
        Ok(out)
    }

    /// Appends all rows of another store, with their ids.
    ///
    /// # Errors
    /// [`StoreError`] when one cannot be read or the other not be written; nothing is stored then.
    pub async fn append(&mut self, from: &mut Self) -> Result<(), StoreError> {
        for table in TABLES {
            let packing = self.packing(table);
            let mut rows = from.whole(table).await?.chunks(ROWS_AT_ONCE);
            let mut target = self.table(table).await?;
            while let Some(chunk) = rows.next().await {
                target.put(packing.pack(chunk.into_iter().collect::<Result<_, _>>()?)?).await?;
            }
            target.end().await?;
        }
        Ok(())
    }

    async fn whole<'c>(
        &'c mut self,
        table: &'static Table,
    ) -> Result<BoxStream<'c, Result<Vec<Cell>, StoreError>>, StoreError> {
        let from = format!("{} ORDER BY {}", table.name, names(&table.columns[..table.key]));
        self.rows(table.name, table.columns, &from).await
    }
}
