//! What was handed out since the program was started, so that pieces of a file are noted once.

use std::collections::BTreeSet;

use tokio::sync::{Mutex, MutexGuard};

use crate::service::keep::handed_out::HandedDelivery;

/// Files that are remembered as noted: more begin anew.
const REMEMBERED: usize = 10_000;

/// A file that an account has had: its login name, the SHA-256 of the file, and of which delivery it was.
pub(super) type HadFile = (String, String, Option<HandedDelivery>);

/// Whose account has had which file since the program was started: pages of it that are looked at one by one are noted once.
#[derive(Debug, Default)]
pub(super) struct Handed(Mutex<BTreeSet<HadFile>>);

impl Handed {
    /// What is remembered. Whoever notes a file holds it meanwhile: other pieces of the file wait until it is noted.
    pub(super) async fn all(&self) -> MutexGuard<'_, BTreeSet<HadFile>> {
        let mut all = self.0.lock().await;
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all
    }
}
