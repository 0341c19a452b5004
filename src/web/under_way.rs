//! What is being done while nobody may be waiting for it, and what came of that.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::Failure;

/// What is being done, by the number of its distribution.
#[derive(Debug, Default)]
pub(super) struct UnderWay(Mutex<BTreeMap<u32, Work>>);

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

impl UnderWay {
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

    /// Begins a work.
    ///
    /// # Errors
    /// [`Failure`] WEB-044 while another one of that number goes on.
    pub(super) fn begin(&self, number: u32, what: &'static str, login: &str) -> Result<Progress, Failure> {
        let mut all = self.all();
        if all.get(&number).is_some_and(|work| work.failed.is_none()) {
            return Err(Failure::usage("WEB-044", ""));
        }
        let progress = Progress::default();
        let (login, n_done) = (login.to_string(), Arc::clone(&progress.0));
        all.insert(number, Work { what, login, n_done, failed: None });
        Ok(progress)
    }

    /// Notes that it has ended, and what failed of it.
    pub(super) fn end(&self, number: u32, failed: Option<Failure>) {
        let mut all = self.all();
        match (failed, all.get_mut(&number)) {
            (Some(failed), Some(work)) => work.failed = Some(failed),
            _ => drop(all.remove(&number)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_one_of_its_number_and_its_failure_is_told_once_to_whoever_began_it() {
        let works = UnderWay::default();
        let progress = works.begin(3, "approving", "second").expect("nothing goes on");
        progress.step();
        assert_eq!(works.going_on(3), Some(("approving", 1)));
        assert_eq!(works.begin(3, "sending", "maker").map_err(|failure| failure.code).err(), Some("WEB-044"));
        assert!(works.begin(4, "sending", "maker").is_ok(), "another one may go on meanwhile");
        works.end(3, Some(Failure::usage("PUB-006", "")));
        assert_eq!(works.going_on(3), None);
        assert!(works.take_failed(3, "maker").is_none(), "it is not theirs");
        assert_eq!(works.take_failed(3, "second").map(|failure| failure.code), Some("PUB-006"));
        assert!(works.take_failed(3, "second").is_none());
        works.begin(3, "approving", "second").expect("it has ended");
        works.end(3, None);
        assert!(works.going_on(3).is_none() && works.take_failed(3, "second").is_none());
    }
}
