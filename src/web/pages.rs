//! What all pages share: the accounts, and the data folder that is opened anew for each question.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::http::HeaderMap;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::works::Works;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Failure, FailureKind};
use crate::service::accounts::Accounts;
use crate::service::keep::Workspace;

/// Questions that are answered at once; the others wait. Each has a store open and a core for itself.
const AT_ONCE: usize = 4;

/// What is shown by pages.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The data folder.
    pub folder: PathBuf,
    /// The file of its settings.
    pub settings: PathBuf,
    /// What stands in it.
    pub config: Config,
    /// Where the time comes from.
    pub clock: Clock,
}

/// What all pages share.
#[derive(Debug)]
pub(super) struct Pages {
    pub(super) shown: Shown,
    pub(super) accounts: Accounts,
    pub(super) works: Works,
    turn: Arc<Semaphore>,
}

impl Pages {
    pub(super) fn new(shown: Shown, accounts: Accounts) -> Self {
        Self { shown, accounts, works: Works::default(), turn: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Whether cookies go over TLS only.
    pub(super) fn is_secure(&self) -> bool {
        self.shown.config.web.behind_tls_proxy
    }

    /// Who asks: the other end of the connection, or whom the proxy at the other end has written last.
    pub(super) fn asking(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.is_secure() {
            return peer;
        }
        let told = headers.get_all("x-forwarded-for").iter().next_back().and_then(|line| line.to_str().ok());
        told.and_then(|line| line.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
    }

    /// Asks the data folder, opened as it stands: an import that goes on is not waited for, and nothing is changed. A few are
    /// answered at once, each on a thread of its own.
    ///
    /// # Errors
    /// [`Failure`] ENV-013 where there is no store; when it cannot be opened; of the question itself.
    pub(super) async fn ask<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Workspace) -> Result<T> + Send + 'static,
    {
        let Shown { folder, config, clock, .. } = self.shown.clone();
        self.in_turn(async move || {
            let Some(workspace) = Workspace::open_to_look(&folder, config, clock).await? else {
                return Err(Failure::new(FailureKind::Environment, "ENV-013", "").into());
            };
            let answer = question(&workspace).await;
            workspace.store.clone().let_go().await;
            answer
        })
        .await
    }

    /// Changes the data folder, opened as a command opens it; the work itself takes the right to write. It goes on to its end even
    /// if nobody waits for the answer any more.
    ///
    /// # Errors
    /// [`Failure`] ENV-013 where there is no store; when it cannot be opened or settled; of the work itself.
    pub(super) async fn change<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Workspace) -> Result<T> + Send + 'static,
    {
        let Shown { folder, config, clock, .. } = self.shown.clone();
        self.in_turn(async move || {
            let workspace = Workspace::open_to_ask(&folder, config, clock).await?;
            let done = work(&workspace).await;
            workspace.store.clone().let_go().await;
            done
        })
        .await
    }

    /// Does work that keeps a thread, in its turn.
    ///
    /// # Errors
    /// Of the work itself.
    pub(super) async fn in_turn<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce() -> Result<T> + Send + 'static,
    {
        let turn = Arc::clone(&self.turn).acquire_owned().await.context("waiting for a turn")?;
        let handle = Handle::current();
        let done = tokio::task::spawn_blocking(move || {
            // Whoever does not wait for the answer any more has not given the turn to another.
            let _turn = turn;
            handle.block_on(work())
        });
        done.await.context("answering")?
    }
}
