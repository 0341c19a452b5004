//! That all facts of an embedded store were compared with their chain, told by a hash of its one file as it was then:
//! `kaiin.sqlite-checked`.
//!
//! To compare the facts of a country takes seconds, to hash the file that they stand in a tenth of one. A file that is to the
//! byte what it was need not be compared again; any other is. What this program stores after a comparison goes into the chain
//! as it is stored, so unless somebody else stored something as well the file is hashed anew when its store is settled.
//! Where something stands in the log, and on a server, everything is compared. `kaiin verify` never asks here.

use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};

use crate::files::{Readers, remove_leftovers, write_whole};
use crate::input;
use crate::store::Store;
use crate::timeline::{sealed, sum_of_bytes, unsealed};

/// What is written before the hash.
const KIND: &str = "kaiin facts 1";

/// Whether the facts of a store were compared, since when nobody else has stored anything.
#[derive(Debug, Clone)]
pub(super) struct CheckedFacts {
    store: Store,
    /// Where the hash stands.
    path: Arc<PathBuf>,
    readers: Readers,
    /// State of the store, as far as others make it, in which they were compared.
    compared_in: Arc<Mutex<Option<i64>>>,
}

impl CheckedFacts {
    /// Of a store whose file is one of a folder.
    pub(super) fn new(store: &Store, folder: &Path, readers: Readers) -> Self {
        let path = Arc::new(folder.join("kaiin.sqlite-checked"));
        Self { store: store.clone(), path, readers, compared_in: Arc::default() }
    }

    /// State of the store, as far as others make it; none on a server, of which nothing is kept.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn state(&self) -> Result<Option<i64>> {
        Ok(self.store.version_of_others().await?)
    }

    /// Whether all facts are what they were when they were compared.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn are_checked(&self) -> Result<bool> {
        let Some(state) = self.state().await? else { return Ok(false) };
        if self.compared_in() == Some(state) {
            return Ok(true);
        }
        let Some(sum) = self.sum().await? else { return Ok(false) };
        let is_as_told = input::read_text(&self.path).is_ok_and(|text| unsealed(&text) == Some(&said(&sum)));
        // What others stored while the file was read stands in the log.
        let is_checked = is_as_told && self.state().await? == Some(state);
        if is_checked {
            self.note(Some(state));
        }
        Ok(is_checked)
    }

    /// Notes that all facts were compared, beginning in a state of the store.
    pub(super) fn note(&self, state: Option<i64>) {
        *self.compared_in.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// As [`Self::are_checked`], looking at the file anew: it may have changed in the hours since it was last looked at.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn are_still_checked(&self) -> Result<bool> {
        self.note(None);
        self.are_checked().await
    }

    /// Writes down the hash of a settled file whose facts were compared. Nothing depends on it: whoever finds none, or another
    /// one, compares.
    pub(super) async fn keep(&self) {
        if let Err(error) = self.try_to_keep().await {
            tracing::debug!(error = format!("{error:#}"), "that the facts were compared is not kept");
        }
    }

    async fn try_to_keep(&self) -> Result<()> {
        let Some(compared_in) = self.compared_in() else { return Ok(()) };
        let Some(sum) = self.sum().await? else { return Ok(()) };
        let text = sealed(said(&sum));
        let is_kept = input::read_text(&self.path).is_ok_and(|kept| kept == text);
        if !is_kept && self.state().await? == Some(compared_in) {
            // Whoever only asks clears nothing away, and may have been stopped here.
            remove_leftovers(self.path.parent().unwrap_or(&self.path), 0);
            write_whole(&self.path, text.as_bytes(), self.readers).context("writing")?;
        }
        Ok(())
    }

    fn compared_in(&self) -> Option<i64> {
        *self.compared_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Size and hash of the file; none where not everything stands in it.
    async fn sum(&self) -> Result<Option<String>> {
        let store = self.store.clone();
        let sum = move || -> std::io::Result<Option<String>> {
            let Some(file) = store.bytes() else { return Ok(None) };
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(0))?;
            sum_of_bytes(&mut *file).map(Some)
        };
        tokio::task::spawn_blocking(sum).await?.context("reading the file of the store")
    }
}

fn said(sum: &str) -> String {
    format!("{KIND}\n{sum}\n")
}
