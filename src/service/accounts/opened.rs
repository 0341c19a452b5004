//! The accounts of a data folder, opened.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::Semaphore;

use super::limits::Limits;
use super::password::Hashing;
use super::token::first_password;
use crate::clock::Clock;
use crate::config::{Config, WebConfig};
use crate::domain::account::AccessEntry;
use crate::domain::mail::Secret;
use crate::error::Failure;
use crate::files::{Readers, make_file, make_folder};
use crate::store::{ACCOUNTS_FILE, AccountStore, StoreLocation};

/// Passwords that are compared at once: each takes 19 MiB and a core for a moment.
const AT_ONCE: usize = 2;

/// The accounts of a data folder.
#[derive(Debug)]
pub struct Accounts {
    pub(super) store: AccountStore,
    pub(super) clock: Clock,
    pub(super) config: WebConfig,
    pub(super) limits: Limits,
    hashing: Hashing,
    /// What the password of an account that is not there is compared with, so that it takes as long.
    of_nobody: String,
    turn: Arc<Semaphore>,
}

impl Accounts {
    /// Opens the accounts of a data folder, making them on first use. `hashing` is what passwords that are chosen from now on are
    /// kept with.
    ///
    /// # Errors
    /// When they cannot be opened.
    pub async fn open(folder: &Path, config: &Config, clock: Clock, hashing: Hashing) -> Result<Self> {
        let location = match &config.store.url {
            Some(url) => {
                StoreLocation::Server { url: url.clone(), wait: Duration::from_secs(config.store.wait_seconds) }
            }
            None => {
                let path = folder.join(ACCOUNTS_FILE);
                let refused = |source: std::io::Error| Failure::from_writing(&source, &path.display().to_string());
                make_folder(folder, Readers::Owner).map_err(refused)?;
                // Whoever may read papers need not read what passwords are kept as.
                make_file(&path, Readers::Owner).map_err(refused)?;
                StoreLocation::File(path)
            }
        };
        let store = AccountStore::open(&location).await.context("opening the accounts")?;
        let of_nobody = hashing.hash(&first_password()?)?;
        let (config, turn) = (config.web.clone(), Arc::new(Semaphore::new(AT_ONCE)));
        Ok(Self { store, clock, limits: Limits::new(&config, clock), config, hashing, of_nobody, turn })
    }

    /// Closes them.
    pub async fn close(self) {
        self.store.close().await;
    }

    /// Records that a page was opened: whose account (empty for nobody), method and declared path, status of the answer, how many
    /// rows or persons it showed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn record(&self, login: &str, route: &str, outcome: u16, n_shown: Option<i64>) -> Result<()> {
        let (login, route) = (login.to_string(), route.to_string());
        let entry = AccessEntry { at: self.clock.now(), login, route, outcome, n_shown };
        self.store.add_entry(&entry).await.context("recording what was opened")
    }

    /// What is kept of a password.
    pub(super) async fn hash(&self, password: &Secret) -> Result<String> {
        let (hashing, password) = (self.hashing.clone(), password.clone());
        self.in_turn(move || hashing.hash(&password)).await?
    }

    /// Whether a password is that of an account that may be used. It takes as long where there is none.
    pub(super) async fn is_password(&self, login: Option<&str>, password: &Secret) -> Result<bool> {
        let kept = match login {
            Some(login) => self.store.password_hash(login).await?,
            None => None,
        };
        let is_account = kept.is_some();
        let (hashing, password) = (self.hashing.clone(), password.clone());
        let kept = kept.unwrap_or_else(|| self.of_nobody.clone());
        Ok(self.in_turn(move || hashing.is_password(&password, &kept)).await? && is_account)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.turn.acquire().await.context("comparing passwords")?;
        tokio::task::spawn_blocking(work).await.context("comparing passwords")
    }
}
