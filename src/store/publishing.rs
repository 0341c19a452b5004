//! The moment in which a paper is published: a transaction that proves the right to write, stays open while the files get
//! their names, and ends with the record of the paper. While it is open nobody else can take the right to write.

use crate::domain::chain_kind::ChainKind;
use crate::domain::ledger::{JobFile, JobPaper, PaperHome};

use super::either::{each_store, on_tx};
use super::facade::Store;
use super::import_record::check_head;
use super::tx::Tx;
use super::{StoreError, WriterNumber, chain};

const PAPER: &str = "INSERT INTO job_paper (job, period, version, report, code, detail) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (job, period, version, report) DO UPDATE SET code = excluded.code, detail = excluded.detail";

const FILE: &str = "INSERT INTO job_file (job, period, version, name, report, sha256) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (job, period, version, name)
     DO UPDATE SET report = excluded.report, sha256 = excluded.sha256";

/// A paper about to be published. Dropping it records nothing.
#[derive(Debug)]
pub struct Publication(Tx);

impl Store {
    /// Draws the number under which this store writes until it is dropped. All locks must be held: whoever wrote before
    /// cannot write any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn draw_number(&self) -> Result<WriterNumber, StoreError> {
        each_store!(self, store => store.draw_number().await)
    }

    /// Begins to publish a paper that was made from a head of the store. No other statement may be run through this store
    /// until it has ended.
    ///
    /// # Errors
    /// [`StoreError::LockLost`] when another writer has drawn a number since, [`StoreError::Overtaken`] when the store has
    /// another head by now; [`StoreError`] when the database cannot be written.
    pub async fn begin_paper(&self, head: Option<&str>) -> Result<Publication, StoreError> {
        let mut tx = self.begin().await?;
        if let Some(head) = head {
            check_head(&mut tx, head).await?;
        }
        Ok(Publication(tx))
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
    /// Puts the paper into the chain with the SHA-256 of its manifest.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn chain(&mut self, kind: ChainKind, subject: &str, sha256: &str) -> Result<(), StoreError> {
        chain::record_manifest(&mut self.0, kind, subject, sha256).await
    }

    /// Records the paper together with its files, which are in place by now; a paper that could not be made has none.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written. Where the connection broke meanwhile, the ledger may have the
    /// paper all the same.
    pub async fn commit(self, paper: &JobPaper, files: &[JobFile]) -> Result<(), StoreError> {
        let JobPaper { job, period, report, code, detail, .. } = paper;
        let version = i64::from(paper.version);
        let mut tx = self.0;
        on_tx!(&mut tx, tx => {
            let insert = sqlx::query(PAPER).bind(job).bind(period).bind(version).bind(report).bind(code).bind(detail);
            insert.execute(&mut **tx).await?;
            for JobFile { name, sha256 } in files {
                let insert = sqlx::query(FILE).bind(job).bind(period).bind(version).bind(name).bind(report);
                insert.bind(sha256).execute(&mut **tx).await?;
            }
        });
        tx.commit().await
    }
}
