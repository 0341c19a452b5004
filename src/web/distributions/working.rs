//! Does something with a distribution, whether or not a browser waits for its end.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Error, Result};

use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::web::pages::Pages;
use crate::web::route::Visit;
use crate::web::under_way::Progress;

/// How long a browser waits for an end before it is shown how far the work is; well below the time of an answer.
const WAIT: Duration = Duration::from_secs(10);

/// The place of a distribution that has no number yet.
pub(super) const NEW: u32 = 0;

/// What a browser is told of a work that it has waited for.
pub(super) enum Waited<T> {
    /// It has ended.
    Ended(T),
    /// It goes on.
    GoesOn,
}

/// Does a work under the right to write, and waits for its end for a while. It goes on to its end in any case.
///
/// # Errors
/// [`Failure`] WEB-044 while something else is being done with the distribution; ENV-001 while another program writes; of the work
/// itself.
pub(super) async fn work<T, F>(visit: &Visit, (number, what): (u32, &'static str), work: F) -> Result<Waited<T>>
where
    T: Send + 'static,
    F: AsyncFnOnce(&Workspace, &Progress) -> Result<T> + Send + 'static,
{
    let pages: Arc<Pages> = Arc::clone(&visit.asked.pages);
    let progress = pages.under_way.begin(number, what, &visit.entered.account.login)?;
    let task = tokio::spawn(async move {
        let done = pages
            .change(async move |workspace| {
                let _lock = workspace.lock_for_writing().await?;
                work(workspace, &progress).await
            })
            .await;
        pages.under_way.end(number, done.as_ref().err().map(Failure::of));
        done
    });
    match tokio::time::timeout(WAIT, task).await {
        Ok(Ok(done)) => {
            // Whoever has waited is told by the answer.
            visit.asked.pages.under_way.take_failed(number, &visit.entered.account.login);
            done.map(Waited::Ended)
        }
        Ok(Err(ended)) => Err(Error::new(ended)),
        Err(_) => Ok(Waited::GoesOn),
    }
}
