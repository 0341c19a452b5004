//! Work that goes on to its end although the browser that began it has left, and that other pages can wait for.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// What is under way, by name.
#[derive(Debug, Default)]
pub(super) struct Works {
    under_way: Mutex<HashMap<String, watch::Receiver<()>>>,
}

impl Works {
    /// Begins a work, unless one of this name is under way: whoever presses twice has begun once.
    pub(super) fn begin(&self, name: &str, work: impl Future<Output = ()> + Send + 'static) {
        let mut under_way = self.held();
        under_way.retain(|_, ended| is_under_way(ended));
        if under_way.contains_key(name) {
            return;
        }
        let (ends, ended) = watch::channel(());
        under_way.insert(name.to_string(), ended);
        drop(under_way);
        tokio::spawn(async move {
            work.await;
            // Also where the work panics it is dropped, and so has ended.
            drop(ends);
        });
    }

    /// Waits until no work of a name is under way, for so long at most; says whether there is none.
    pub(super) async fn wait(&self, name: &str, most: Duration) -> bool {
        let Some(mut ended) = self.held().get(name).cloned() else { return true };
        // Nothing is ever sent: an error is the end.
        tokio::time::timeout(most, ended.changed()).await.is_ok()
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<()>>> {
        // Whoever panicked in here has left a map that is whole.
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_under_way(ended: &watch::Receiver<()>) -> bool {
    ended.has_changed().is_ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::oneshot;

    use super::*;

    const SHORT: Duration = Duration::from_millis(1);
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn work_is_begun_once_and_waited_for_by_all() {
        let (works, n) = (Arc::new(Works::default()), Arc::new(AtomicU32::new(0)));
        let (go_on, held) = oneshot::channel::<()>();
        let counted = Arc::clone(&n);
        works.begin("one", async move {
            let _ = held.await;
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let counted = Arc::clone(&n);
        works.begin("one", async move {
            counted.fetch_add(10, Ordering::SeqCst);
        });
        assert!(!works.wait("one", SHORT).await && works.wait("other", SHORT).await);
        go_on.send(()).expect("it waits");
        assert!(works.wait("one", LONG).await);
        assert_eq!(n.load(Ordering::SeqCst), 1);
        works.begin("one", async { unreachable!("it panics") });
        assert!(works.wait("one", LONG).await, "one that panicked has ended");
        let counted = Arc::clone(&n);
        works.begin("one", async move {
            counted.fetch_add(10, Ordering::SeqCst);
        });
        assert!(works.wait("one", LONG).await);
        assert_eq!(n.load(Ordering::SeqCst), 11);
    }
}
