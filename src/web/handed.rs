//! What was handed out since the program was started, so that pieces of a file are noted once.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Files that are remembered as noted: more begin anew.
const REMEMBERED: usize = 10_000;

/// Whose account has had which file since the program was started: pages of it that are looked at one by one are noted once.
#[derive(Debug, Default)]
pub(super) struct Handed(Mutex<BTreeSet<(String, String)>>);

impl Handed {
    /// Remembers a file, and says whether it was remembered already.
    pub(super) fn again(&self, login: &str, sha256: &str) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        !all.insert((login.to_string(), sha256.to_string()))
    }
}
