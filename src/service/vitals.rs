//! What a machine that watches over a server asks: figures of the ledger, of the inbox and of the disk, read anew each time and
//! without changing anything. They name nobody.

use std::path::Path;

use anyhow::Result;

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::ledger::JobRun;
use crate::error::{Failure, FailureKind};
use crate::files::free_bytes;
use crate::service::intake::inbox::lying;
use crate::service::keep::{Workspace, ledger};

/// How a data folder stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vitals {
    /// All periods of the ledger.
    pub runs: Vec<JobRun>,
    /// Deliveries by state.
    pub deliveries: Vec<(String, i64)>,
    /// Mails by state.
    pub mails: Vec<(String, i64)>,
    /// Number of the newest entry of the chain.
    pub chain_position: i64,
    /// Number of the newest writer.
    pub writer_number: i64,
    /// What lies in the inbox; `None` where it is not there or cannot be read.
    pub inbox: Option<InboxFiles>,
    /// Bytes that are free on the disk of the data folder; `None` where the system does not tell.
    pub free_bytes: Option<u64>,
}

/// Files of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxFiles {
    /// Nobody has dealt with them yet.
    pub waiting: usize,
    /// They wait for an answer.
    pub asking: usize,
    /// They were refused.
    pub refused: usize,
}

/// Opens the store anew, as it stands, and reads everything: a store that is gone is noticed although the program still has it open.
///
/// # Errors
/// [`Failure`] ENV-013 where there is no store; when it cannot be opened or read.
pub async fn look(folder: &Path, config: Config, clock: Clock) -> Result<Vitals> {
    let Some(workspace) = Workspace::open_to_look(folder, config, clock).await? else {
        return Err(Failure::new(FailureKind::Environment, "ENV-013", folder.display().to_string()).into());
    };
    let looked = of_store(&workspace).await;
    workspace.store.clone().let_go().await;
    looked
}

async fn of_store(workspace: &Workspace) -> Result<Vitals> {
    let store = &workspace.store;
    let inbox = lying(&workspace.folder().join(&workspace.config.jobs.inbox)).ok();
    Ok(Vitals {
        runs: ledger::runs(workspace).await?,
        deliveries: store.n_deliveries().await?,
        mails: store.n_mails().await?,
        chain_position: store.chain_position().await?,
        writer_number: store.writer_number().await?,
        inbox: inbox.map(|found| InboxFiles {
            waiting: found.waiting,
            asking: found.asking.len(),
            refused: found.refused.len(),
        }),
        free_bytes: free_bytes(workspace.folder()).ok(),
    })
}
