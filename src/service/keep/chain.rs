//! What goes into the chain beside imports, and when the facts are compared with it.
//!
//! Facts are compared before a timeline is made from them and before papers and snapshots are; the small tables that every
//! count reads itself, at each count. What is kept outside the store (snapshots, papers) is compared by `kaiin verify` alone.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use crate::domain::chain_kind::ChainKind;
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::keep::checked_facts::CheckedFacts;
use crate::service::keep::snapshot_folders::sha256_of_file;
use crate::service::keep::traces::name_in;
use crate::store::{ChainFault, ChainScope, Store, StoreError};

/// Faults named in one message; more are counted.
const NAMED: usize = 5;

/// Rows that are compared in no time.
const FEW_ROWS: i64 = 20_000;

impl Workspace {
    /// Refuses facts that are not those that were stored. A store of an older program is taken over as it is, which is told.
    ///
    /// # Errors
    /// [`Failure`] STO-012 or STO-013 with what is not as it was; when the store cannot be read.
    pub async fn check_facts(&self) -> Result<()> {
        self.begin_chain().await?;
        compare(&self.store, &self.checked).await
    }

    /// Begins what [`Self::check_facts`] does, on a task of its own: facts of a country take seconds, in which a paper can be
    /// built. Nothing may be published before it has passed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(in crate::service) async fn begin_checking_facts(&self) -> Result<FactsCheck> {
        self.begin_chain().await?;
        let (store, checked) = (self.store.clone(), self.checked.clone());
        let mut check = JoinSet::new();
        check.spawn(async move { compare(&store, &checked).await });
        Ok(FactsCheck(check))
    }

    /// Looks whether the facts are those that were compared last, for whoever is about to change them. A few are compared on the
    /// spot, so that what a first import brings need not be.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn look_at_facts(&self) -> Result<()> {
        let is_embedded = self.checked.state().await?.is_some();
        if is_embedded && !self.checked.are_still_checked().await? && self.store.n_chained().await? < FEW_ROWS {
            // What is wrong is told before a timeline is made of it.
            if let Err(error) = compare(&self.store, &self.checked).await {
                tracing::info!(error = format!("{error:#}"), "the facts are not what they were");
            }
        }
        Ok(())
    }

    /// Brings everything that is stored into the one file of an embedded store, and keeps whether its facts were compared.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn settle(&self) -> Result<()> {
        self.store.settle().await?;
        self.checked.keep().await;
        Ok(())
    }

    /// The same of what every count reads from the store itself: imports, sources, bodies.
    ///
    /// # Errors
    /// As [`Self::check_facts`].
    pub(in crate::service) async fn check_small_facts(&self) -> Result<()> {
        refuse(&self.store.check_chain(ChainScope::Small).await?.faults)
    }

    /// Begins the chain in a store of an older program, with its snapshots and the papers of its months, as far as they are what they say.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(in crate::service) async fn begin_chain(&self) -> Result<()> {
        if !self.store.is_unchained().await? {
            return Ok(());
        }
        match self.store.begin_chain().await {
            Ok(true) => {
                for at in crate::service::keep::snapshot_folders::intact_folders(self)? {
                    self.chain_snapshot(&at).await?;
                }
                for at in crate::service::keep::folders::sound_papers(self) {
                    self.chain_paper(&at).await?;
                }
                self.notice(Failure::new(FailureKind::Data, "STO-015", self.place()));
            }
            Ok(false) => {}
            Err(StoreError::ReadOnly(_) | StoreError::Database(_)) => {
                self.notice(Failure::new(FailureKind::Environment, "STO-018", self.place()));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Puts a paper that lies in its folder into the chain.
    ///
    /// # Errors
    /// When its manifest cannot be read. A store that cannot be written is told and stops nothing: the paper is there.
    pub async fn chain_paper(&self, folder: &Path) -> Result<()> {
        self.chain_folder(ChainKind::Paper, folder).await
    }

    /// Puts a snapshot into the chain.
    ///
    /// # Errors
    /// As [`Self::chain_paper`].
    pub async fn chain_snapshot(&self, folder: &Path) -> Result<()> {
        self.chain_folder(ChainKind::Snapshot, folder).await
    }

    async fn chain_folder(&self, kind: ChainKind, folder: &Path) -> Result<()> {
        let sha256 = sha256_of_file(&folder.join("manifest.json"))?;
        let subject = self.subject_of(folder)?;
        if let Err(error) = self.store.chain_manifest(kind, &subject, &sha256).await {
            tracing::info!(%error, subject, "not put into the chain");
            self.notice(Failure::new(FailureKind::Environment, "STO-017", subject));
        }
        Ok(())
    }

    /// A folder as the chain names it: from the data folder on where it lies in it, else in full.
    fn subject_of(&self, folder: &Path) -> Result<String> {
        let [data, folder] = [self.folder(), folder]
            .map(|path| std::fs::canonicalize(path).with_context(|| format!("reading {}", path.display())));
        Ok(name_in(&data?, &folder?))
    }

    /// Where something lies that the chain names.
    pub(in crate::service) fn place_of_subject(&self, subject: &str) -> PathBuf {
        self.folder().join(subject)
    }
}

/// A comparison of the facts with the chain that goes on while a paper is built; dropping it ends it.
#[derive(Debug)]
pub(in crate::service) struct FactsCheck(JoinSet<Result<()>>);

impl FactsCheck {
    /// Waits for the comparison.
    ///
    /// # Errors
    /// As [`Workspace::check_facts`].
    pub(in crate::service) async fn passed(mut self) -> Result<()> {
        while let Some(check) = self.0.join_next().await {
            check.context("comparing the facts with the chain")??;
        }
        Ok(())
    }
}

/// Compares all facts with the chain, unless they are known to be what they were when that was done last.
async fn compare(store: &Store, checked: &CheckedFacts) -> Result<()> {
    if checked.are_checked().await? {
        return Ok(());
    }
    let state = checked.state().await?;
    refuse(&store.check_chain(ChainScope::All).await?.faults)?;
    checked.note(state);
    Ok(())
}

fn refuse(faults: &[ChainFault]) -> Result<()> {
    let Some(first) = faults.first() else { return Ok(()) };
    let code = if matches!(first, ChainFault::Entry { .. }) { "STO-013" } else { "STO-012" };
    let mut named: Vec<String> = faults.iter().take(NAMED).map(words_of).collect();
    if faults.len() > NAMED {
        named.push(format!("… {}", faults.len()));
    }
    Err(Failure::new(FailureKind::Environment, code, named.join(", ")).into())
}

/// A fault in words that are names in both languages.
pub(in crate::service) fn words_of(fault: &ChainFault) -> String {
    match fault {
        ChainFault::Entry { nth } => format!("chain {nth}"),
        ChainFault::Rows { subject, table, part, told, found, .. } if told != found => {
            format!("import {subject} {table}.{part} {told} → {found}")
        }
        ChainFault::Rows { subject, table, part, .. } => format!("import {subject} {table}.{part}"),
        ChainFault::Unrecorded { table } => format!("{table} +"),
        ChainFault::Unreadable { table, why } => format!("{table}: {why}"),
    }
}
