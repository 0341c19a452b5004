//! The number of a writer. Whoever takes the right to write draws the next one, and every transaction that writes looks
//! whether it is still the newest: a lock may be lost without its holder noticing, a number cannot.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::StoreError;

/// The number that an opened store writes under; 0 while nobody has taken the right to write through it.
#[derive(Debug, Clone, Default)]
pub(super) struct Fence(Arc<AtomicI64>);

/// The number of a writer, given back when dropped.
#[derive(Debug)]
pub struct WriterNumber {
    fence: Fence,
    number: i64,
}

impl Fence {
    /// Writes under a number from now on.
    pub(super) fn hold(&self, number: i64) -> WriterNumber {
        self.0.store(number, Ordering::SeqCst);
        WriterNumber { fence: self.clone(), number }
    }

    /// Refuses to write when another writer has drawn a number since.
    ///
    /// # Errors
    /// [`StoreError::LockLost`].
    pub(super) fn check(&self, newest: i64) -> Result<(), StoreError> {
        let held = self.0.load(Ordering::SeqCst);
        if held == 0 || held == newest { Ok(()) } else { Err(StoreError::LockLost) }
    }

    /// Whether somebody writes through this store.
    pub(super) fn is_held(&self) -> bool {
        self.0.load(Ordering::SeqCst) != 0
    }
}

impl Drop for WriterNumber {
    fn drop(&mut self) {
        // A later writer of this process has its own number already.
        let _ = self.fence.0.compare_exchange(self.number, 0, Ordering::SeqCst, Ordering::SeqCst);
    }
}
