//! The chain as the rest of the program asks for it.

use super::check::{ChainCheck, ChainScope, check};
use super::parts::FACTS;
use super::record::{record_manifest, take_over};
use crate::domain::chain_kind::ChainKind;
use crate::store::{Store, StoreError};

impl Store {
    /// Compares the store, as it is now, with its chain.
    ///
    /// # Errors
    /// [`StoreError`] when the chain itself cannot be read; tables that cannot are among the faults.
    pub async fn check_chain(&self, scope: ChainScope) -> Result<ChainCheck, StoreError> {
        let mut tx = self.look().await?;
        let found = check(&mut tx, scope).await?;
        tx.rollback().await?;
        Ok(found)
    }

    /// Whether there are imports of an older program, of which no chain tells yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn is_unchained(&self) -> Result<bool, StoreError> {
        let mut tx = self.look().await?;
        let is_unchained = tx.last().await?.is_none() && !tx.import_ids().await?.is_empty();
        tx.rollback().await?;
        Ok(is_unchained)
    }

    /// Rows of which the chain tells.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn n_chained(&self) -> Result<i64, StoreError> {
        let mut tx = self.look().await?;
        let sums = tx.chain_sums().await?;
        tx.rollback().await?;
        Ok(sums.iter().filter(|sum| sum.part == FACTS).map(|sum| sum.n_rows).sum())
    }

    /// Begins the chain in a store of an older program, with everything as it is; `false` where it has begun.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn begin_chain(&self) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let has_begun = take_over(&mut tx).await?;
        tx.commit().await?;
        Ok(has_begun)
    }

    /// Appends a snapshot or paper with the SHA-256 of its manifest, unless the newest entry about it says the same.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn chain_manifest(&self, kind: ChainKind, subject: &str, sha256: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        record_manifest(&mut tx, kind, subject, sha256).await?;
        tx.commit().await
    }

    /// What the database itself finds wrong in its file; nothing for a server, which looks after its own.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be asked.
    pub async fn integrity(&self) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Sqlite(store) => store.integrity().await,
            Self::Postgres(_) => Ok(Vec::new()),
        }
    }
}
