//! What a command must say beside its result: things that happened to the data folder and that nobody asked for.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Detail;

/// What was noticed so far; clones share it, so that it can be told after the workspace is gone.
#[derive(Debug, Clone, Default)]
pub struct Notices(Arc<Mutex<Vec<Detail>>>);

impl Notices {
    /// Keeps something to be told, once.
    pub(super) fn add(&self, notice: Detail) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.contains(&notice) {
            kept.push(notice);
        }
    }

    /// Gives up what was noticed, in its order.
    pub fn take(&self) -> Vec<Detail> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
