//! The chain as the rest of the program asks for it.

use super::check::{ChainCheck, ChainScope, check};
use super::entry::ChainKind;
use super::record::{record_manifest, take_over};
use super::transaction::Tx;
use crate::store::{Store, StoreError};

/// Does something in a transaction of either store.
macro_rules! within {
    ($store:expr, $begin:ident, $inner:ident => $call:expr, $end:ident) => {
        match $store {
            Store::Sqlite(store) => {
                let mut tx = store.$begin().await?;
                let $inner = &mut Tx::Sqlite(&mut tx);
                let out = $call;
                tx.$end().await?;
                out
            }
            Store::Postgres(store) => {
                let mut tx = store.$begin().await?;
                let $inner = &mut Tx::Postgres(&mut tx);
                let out = $call;
                tx.$end().await?;
                out
            }
        }
    };
}

impl Store {
    /// Compares the store, as it is now, with its chain.
    ///
    /// # Errors
    /// [`StoreError`] when the chain itself cannot be read; tables that cannot are among the faults.
    pub async fn check_chain(&self, scope: ChainScope) -> Result<ChainCheck, StoreError> {
        Ok(within!(self, begin_reading, tx => check(tx, scope).await?, rollback))
    }

    /// Whether there are imports of an older program, of which no chain tells yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn is_unchained(&self) -> Result<bool, StoreError> {
        Ok(
            within!(self, begin_reading, tx => tx.last().await?.is_none() && !tx.import_ids().await?.is_empty(), rollback),
        )
    }

    /// Begins the chain in a store of an older program, with everything as it is; `false` where it has begun.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn begin_chain(&self) -> Result<bool, StoreError> {
        Ok(within!(self, begin, tx => take_over(tx).await?, commit))
    }

    /// Appends a snapshot or paper with the SHA-256 of its manifest, unless the newest entry about it says the same.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn chain_manifest(&self, kind: ChainKind, subject: &str, sha256: &str) -> Result<(), StoreError> {
        within!(self, begin, tx => record_manifest(tx, kind, subject, sha256).await?, commit);
        Ok(())
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
