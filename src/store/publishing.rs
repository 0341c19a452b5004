//! The moment in which a paper is published: a transaction that proves the right to write, stays open while the files get
//! their names, and ends with the record of the paper. While it is open nobody else can take the right to write.

use sqlx::{Postgres, Sqlite, Transaction};

use super::facade::Store;
use super::ledger::{JobFile, JobPaper, PaperHome};
use super::{StoreError, WriterNumber, postgres, sqlite};

/// A paper about to be published. Dropping it records nothing.
#[derive(Debug)]
pub enum Publication {
    /// In the embedded store.
    Sqlite(Transaction<'static, Sqlite>),
    /// In the store on a server.
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Draws the number under which this store writes until it is dropped. All locks must be held: whoever wrote before
    /// cannot write any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn draw_number(&self) -> Result<WriterNumber, StoreError> {
        match self {
            Self::Sqlite(store) => store.draw_number().await,
            Self::Postgres(store) => store.draw_number().await,
        }
    }

    /// Begins to publish a paper that was made from a head of the store. No other statement may be run through this store
    /// until it has ended.
    ///
    /// # Errors
    /// [`StoreError::LockLost`] when another writer has drawn a number since, [`StoreError::Overtaken`] when the store has
    /// another head by now; [`StoreError`] when the database cannot be written.
    pub async fn begin_paper(&self, head: Option<&str>) -> Result<Publication, StoreError> {
        match self {
            Self::Sqlite(store) => {
                let mut tx = store.begin().await?;
                if let Some(head) = head {
                    sqlite::imports::check_head_is(&mut tx, head).await?;
                }
                Ok(Publication::Sqlite(tx))
            }
            Self::Postgres(store) => {
                let mut tx = store.begin().await?;
                if let Some(head) = head {
                    postgres::imports::check_head_is(&mut tx, head).await?;
                }
                Ok(Publication::Postgres(tx))
            }
        }
    }

    /// The data folder in which the papers of this store are written; `None` before the first ones, and for an embedded
    /// store, which lies in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn paper_home(&self) -> Result<Option<PaperHome>, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(store) => store.paper_home().await,
        }
    }

    /// Lets papers be written in a data folder from now on. Those of an embedded store are where it is.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn move_paper_home(&self, home: &PaperHome) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(store) => store.move_paper_home(home).await,
        }
    }
}

impl Publication {
    /// Records the paper together with its files, which are in place by now; a paper that could not be made has none.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written. Where the connection broke meanwhile, the ledger may have the
    /// paper all the same.
    pub async fn commit(self, paper: &JobPaper, files: &[JobFile]) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(mut tx) => {
                sqlite::ledger::insert_paper(&mut tx, paper, files).await?;
                tx.commit().await?;
            }
            Self::Postgres(mut tx) => {
                postgres::ledger::insert_paper(&mut tx, paper, files).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}
