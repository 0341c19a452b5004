//! What is being done with distributions, and what came of what nobody waited for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Error, Result};

use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::web::pages::Pages;
use crate::web::route::Visit;

/// How long a browser waits for an end before it is shown how far the work is; well below the time of an answer.
const WAIT: Duration = Duration::from_secs(10);

/// The place of a distribution that has no number yet.
pub(super) const NEW: u32 = 0;

/// What is being done, by number.
#[derive(Debug, Default)]
pub(in crate::web) struct Works(Mutex<BTreeMap<u32, Work>>);

#[derive(Debug)]
struct Work {
    what: &'static str,
    /// Login of whoever began it; only they are told what came of it.
    login: String,
    n_done: Arc<AtomicUsize>,
    /// What failed, once it has ended.
    failed: Option<Failure>,
}

/// How far a work is.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress(Arc<AtomicUsize>);

impl Progress {
    /// One recipient, paper or mail more.
    pub(super) fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a browser is told of a work that it has waited for.
pub(super) enum Waited<T> {
    /// It has ended.
    Ended(T),
    /// It goes on.
    GoesOn,
}

impl Works {
    fn all(&self) -> MutexGuard<'_, BTreeMap<u32, Work>> {
        // A work that panics holds nothing here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is being done with a distribution, and how many steps of it are done.
    pub(super) fn going_on(&self, number: u32) -> Option<(&'static str, usize)> {
        let all = self.all();
        let work = all.get(&number).filter(|work| work.failed.is_none())?;
        Some((work.what, work.n_done.load(Ordering::Relaxed)))
    }

    /// What failed of a work that somebody began and did not wait for; told once.
    pub(super) fn take_failed(&self, number: u32, login: &str) -> Option<Failure> {
        let mut all = self.all();
        all.get(&number).filter(|work| work.failed.is_some() && work.login == login)?;
        all.remove(&number)?.failed
    }

    fn begin(&self, number: u32, what: &'static str, login: &str) -> Result<Progress, Failure> {
        let mut all = self.all();
        if all.get(&number).is_some_and(|work| work.failed.is_none()) {
            return Err(Failure::usage("WEB-044", ""));
        }
        let progress = Progress::default();
        let (login, n_done) = (login.to_string(), Arc::clone(&progress.0));
        all.insert(number, Work { what, login, n_done, failed: None });
        Ok(progress)
    }

    fn end(&self, number: u32, failed: Option<Failure>) {
        let mut all = self.all();
        match (failed, all.get_mut(&number)) {
            (Some(failed), Some(work)) => work.failed = Some(failed),
            _ => drop(all.remove(&number)),
        }
    }
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
    let progress = pages.works.begin(number, what, &visit.entered.account.login)?;
    let task = tokio::spawn(async move {
        let done = pages
            .change(async move |workspace| {
                let _lock = workspace.lock_for_writing().await?;
                work(workspace, &progress).await
            })
            .await;
        pages.works.end(number, done.as_ref().err().map(Failure::of));
        done
    });
    match tokio::time::timeout(WAIT, task).await {
        Ok(Ok(done)) => {
            // Whoever has waited is told by the answer.
            visit.asked.pages.works.take_failed(number, &visit.entered.account.login);
            done.map(Waited::Ended)
        }
        Ok(Err(ended)) => Err(Error::new(ended)),
        Err(_) => Ok(Waited::GoesOn),
    }
}
