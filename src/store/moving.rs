//! Reading a whole store, and filling an empty one: for copies that keep every row with its id.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use super::facade::Store;
use super::table_sum::{Summer, TableSum};
use super::tables::{Cell, TABLES, Table};
use super::{StoreError, postgres, sqlite};

/// Rows handed over at once.
const ROWS_AT_ONCE: usize = 4_000;

/// A transaction over the whole store.
pub enum Whole {
    /// Of the embedded store.
    Sqlite(Transaction<'static, Sqlite>),
    /// Of the store on a server.
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Looks at the store as it is now, whatever is written meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn look(&self) -> Result<Whole, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Whole::Sqlite(store.begin_reading().await?),
            Self::Postgres(store) => Whole::Postgres(store.begin_reading().await?),
        })
    }

    /// Starts to fill the store; nothing is stored until [`Whole::commit`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn fill(&self) -> Result<Whole, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Whole::Sqlite(store.begin_filling().await?),
            Self::Postgres(store) => Whole::Postgres(store.begin().await?),
        })
    }
}

impl Whole {
    /// Number of rows and hash of every table, in the order of [`TABLES`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn sums(&mut self) -> Result<Vec<TableSum>, StoreError> {
        let mut out = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let mut summer = Summer::new(table);
            let mut rows = self.rows(table).await?;
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
            let n: i64 = match self {
                Self::Sqlite(tx) => sqlx::query_scalar(statement).fetch_one(&mut **tx).await?,
                Self::Postgres(tx) => sqlx::query_scalar(statement).fetch_one(&mut **tx).await?,
            };
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
            let mut rows = from.rows(table).await?.chunks(ROWS_AT_ONCE);
            let mut target = self.table(table).await?;
            while let Some(chunk) = rows.next().await {
                target.put(&chunk.into_iter().collect::<Result<Vec<_>, _>>()?).await?;
            }
            target.end().await?;
        }
        Ok(())
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    async fn rows<'c>(
        &'c mut self,
        table: &'static Table,
    ) -> Result<BoxStream<'c, Result<Vec<Cell>, StoreError>>, StoreError> {
        match self {
            Self::Sqlite(tx) => Ok(sqlite::rows::rows_of(tx, table)),
            Self::Postgres(tx) => postgres::rows::rows_of(tx, table).await,
        }
    }

    async fn table<'c>(&'c mut self, table: &'static Table) -> Result<Target<'c>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => Target::Sqlite(tx, table),
            Self::Postgres(tx) => Target::Postgres(postgres::rows::TableRows::begin(tx, table).await?),
        })
    }
}

/// A table that rows are appended to.
enum Target<'c> {
    Sqlite(&'c mut Transaction<'static, Sqlite>, &'static Table),
    Postgres(postgres::rows::TableRows<'c>),
}

impl Target<'_> {
    async fn put(&mut self, rows: &[Vec<Cell>]) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx, table) => sqlite::rows::put_rows(tx, table, rows).await,
            Self::Postgres(target) => target.put(rows).await,
        }
    }

    async fn end(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(..) => Ok(()),
            Self::Postgres(target) => target.end().await,
        }
    }
}
