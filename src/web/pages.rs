//! What all pages share: the accounts, and the data folder, which is opened anew once it is another one.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::http::HeaderMap;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::handed::Handed;
use super::kept_forms::KeptForms;
use super::under_way::UnderWay;
use super::works::Works;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Failure, FailureKind};
use crate::service::accounts::Accounts;
use crate::service::keep::Workspace;
use crate::service::known::kept_vintages::KeptVintages;

/// Questions that are answered at once; the others wait. Each has a store open and a core for itself.
const AT_ONCE: usize = 4;

/// How often a question is asked of a store that is written anew all the time.
const TRIES: u32 = 5;

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
    /// What is kept from one question to the next.
    pub(super) kept: Arc<KeptVintages>,
    /// Data folders that nobody asks at the moment.
    idle: Arc<Mutex<Vec<Workspace>>>,
    /// The folder of definitions, once a page has named it in the settings.
    definitions: Mutex<Option<PathBuf>>,
    /// Work that goes on although nobody waits for its answer.
    pub(super) works: Works,
    /// What was sent after its session had ended.
    pub(super) kept_forms: KeptForms,
    /// What is being done with distributions.
    pub(super) under_way: UnderWay,
    /// What was noted as handed out.
    pub(super) handed: Handed,
    turn: Arc<Semaphore>,
}

impl Pages {
    pub(super) fn new(shown: Shown, accounts: Accounts) -> Self {
        let turn = Arc::new(Semaphore::new(AT_ONCE));
        let (works, under_way) = (Works::default(), UnderWay::default());
        let (idle, definitions) = (Arc::default(), Mutex::default());
        let (kept_forms, handed) = (KeptForms::default(), Handed::default());
        Self { shown, accounts, kept: Arc::default(), idle, definitions, works, kept_forms, under_way, handed, turn }
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

    /// What is shown, with definitions that a page has named since.
    fn shown_now(&self) -> Shown {
        let mut shown = self.shown.clone();
        let named = self.definitions.lock().unwrap_or_else(PoisonError::into_inner).clone();
        shown.config.definitions = shown.config.definitions.or(named);
        shown
    }

    /// Takes up the folder of definitions that was named in the settings just now; all else in them holds from the next start.
    ///
    /// # Errors
    /// When the settings cannot be read.
    pub(super) fn definitions_were_named(&self) -> Result<()> {
        let read = Config::read(&self.shown.settings, |_| Vec::new())?;
        *self.definitions.lock().unwrap_or_else(PoisonError::into_inner) = read.definitions;
        Ok(())
    }

    /// Asks the data folder as it stands: an import that goes on is not waited for, and nothing is changed. A few are answered at
    /// once, each on a thread of its own. Where the store is written anew meanwhile, all is asked once more.
    ///
    /// # Errors
    /// [`Failure`] ENV-013 where there is no store; when it cannot be opened; of the question itself.
    pub(super) async fn ask<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFn(&Workspace) -> Result<T> + Send + 'static,
    {
        let (shown, idle) = (self.shown_now(), Arc::clone(&self.idle));
        self.in_turn(async move || {
            let mut tries = TRIES;
            loop {
                tries -= 1;
                let workspace = opened(&shown, &idle).await?;
                let answer = question(&workspace).await;
                if workspace.is_current() {
                    put_back(&idle, workspace);
                } else {
                    workspace.store.clone().let_go().await;
                    if tries > 0 && answer.as_ref().is_err_and(|error| Failure::of(error).code == "ENV-008") {
                        continue;
                    }
                }
                return answer;
            }
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
        self.written(Workspace::open_to_ask, work).await
    }

    /// As [`Self::change`], where a store is made if there is none yet: the first files may come through a page.
    ///
    /// # Errors
    /// When the data folder cannot be opened or made; of the work itself.
    pub(super) async fn fill<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Workspace) -> Result<T> + Send + 'static,
    {
        self.written(Workspace::open, work).await
    }

    /// Opens the data folder, does a work and closes it as a command does, so that all that was stored stands in its one file.
    async fn written<O, T, F>(&self, open: O, work: F) -> Result<T>
    where
        O: AsyncFnOnce(&Path, Config, Clock) -> Result<Workspace> + Send + 'static,
        T: Send + 'static,
        F: AsyncFnOnce(&Workspace) -> Result<T> + Send + 'static,
    {
        let Shown { folder, config, clock, .. } = self.shown_now();
        self.in_turn(async move || {
            let workspace = open(&folder, config, clock).await?;
            let closing = workspace.closing();
            let done = work(&workspace).await;
            for notice in closing.close().await.take() {
                tracing::warn!(code = notice.code, "a page has changed the data folder");
            }
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

/// One that nobody asks, else one that is opened now. One that was opened before its definitions were named has those of before.
async fn opened(shown: &Shown, idle: &Mutex<Vec<Workspace>>) -> Result<Workspace> {
    while let Some(workspace) = take(idle) {
        if workspace.is_current() && workspace.config.definitions == shown.config.definitions {
            return Ok(workspace);
        }
        workspace.store.clone().let_go().await;
    }
    let workspace = Workspace::open_to_look(&shown.folder, shown.config.clone(), shown.clock).await?;
    workspace.ok_or_else(|| Failure::new(FailureKind::Environment, "ENV-013", "").into())
}

fn take(idle: &Mutex<Vec<Workspace>>) -> Option<Workspace> {
    idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn put_back(idle: &Mutex<Vec<Workspace>>, workspace: Workspace) {
    idle.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
}
