//! Answers of one head, while imports go on beside whoever asks.
//!
//! Readers wait for nobody and hold no lock. What is read from the store in several steps may belong to several heads; then
//! it is read again. A timeline is opened with all its files at once and stays readable when an import removes them.

use std::time::Duration;

use anyhow::Result;

use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::keep::workspace::StoreChanged;

/// How often something is read before it is given up: only imports without a pause between them last so long.
const TRIES: u32 = 40;

/// After how long it is read again. An import stores, then writes its timeline: a moment later there is one to be read.
const PAUSE: Duration = Duration::from_millis(50);

/// Reads something that ends with [`Workspace::check_head`], and reads it again where the store has another head by then.
/// Whatever fails meanwhile may have failed for that reason, too.
///
/// # Errors
/// What `read` fails with under a head that stands; [`Failure`] ENV-008 when imports went on all the time.
pub async fn steadily<T>(workspace: &Workspace, read: impl AsyncFn() -> Result<T>) -> Result<T> {
    for _ in 1..TRIES {
        let head = workspace.head().await?;
        match read().await {
            Err(error) if error.is::<StoreChanged>() || workspace.head().await? != head => {}
            other => return other,
        }
        // A file that is only read and was written meanwhile must be opened anew.
        if !workspace.store.is_as_opened() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    read().await.map_err(|error| match error.downcast::<StoreChanged>() {
        Ok(changed) => Failure::new(FailureKind::Environment, "ENV-008", changed.to_string()).into(),
        Err(error) => error,
    })
}
