//! What the office should hear of and that stops nothing.

use std::sync::{Arc, Mutex};

use super::checked_facts::CheckedFacts;
use crate::error::{Failure, FailureKind};
use crate::store::Store;

/// What the office should hear of and that stops nothing, such as a file that was made anew.
#[derive(Debug, Clone, Default)]
pub struct Notices(Arc<Mutex<Vec<Failure>>>);

impl Notices {
    /// Hands over what came in since the last time.
    pub fn take(&self) -> Vec<Failure> {
        self.0.lock().map(|mut notices| std::mem::take(&mut *notices)).unwrap_or_default()
    }

    pub(super) fn add(&self, notice: Failure) {
        if let Ok(mut notices) = self.0.lock()
            && notices.iter().all(|one| (one.code, &one.detail) != (notice.code, &notice.detail))
        {
            notices.push(notice);
        }
    }
}

/// Closes a store at the end of a command.
#[derive(Debug)]
pub struct Closing {
    pub(super) store: Store,
    pub(super) place: String,
    pub(super) notices: Notices,
    pub(super) checked: CheckedFacts,
}

impl Closing {
    /// Closes it, so that a copy of its one file holds everything. Hands over what the office should hear of, also where that
    /// failed.
    pub async fn close(self) -> Notices {
        let settled = self.store.settle().await;
        if settled.is_ok() {
            self.checked.keep().await;
        }
        self.store.let_go().await;
        if let Err(error) = settled {
            self.notices.add(Failure::new(FailureKind::Environment, "ENV-027", format!("{}: {error}", self.place)));
        }
        self.notices
    }
}
