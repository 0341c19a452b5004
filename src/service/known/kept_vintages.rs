//! Vintages that are kept for whoever asks next: to open one of the country takes longer than to ask it.
//!
//! What is kept is what was read under one head, and never changes. It is handed out as long as the store has that head; whoever
//! answers from it compares the head once more at the end, as with a vintage that was opened anew. After an hour it is opened anew
//! all the same: the files that it reads from were compared with their hashes when it was.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::OnceCell;

use crate::domain::association::Associations;
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::telling_days;
use crate::service::keep::head::head_of;
use crate::service::known::change_points::KeptIndex;
use crate::service::known::vintage::Vintage;

/// Vintages that are kept. Those of the country have some 300 MB together.
const ROOM: usize = 4;

/// How long one is kept.
pub const KEPT: Duration = Duration::from_secs(60 * 60);

/// Anything, each under a type of its own.
type Beside = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// What is kept for whoever asks next. Settings of the data folder must not change meanwhile.
#[derive(Debug, Default)]
pub struct KeptVintages {
    vintages: Mutex<Vec<Place>>,
    /// What rooms above keep beside the vintages of the head that was asked for last.
    beside: Mutex<(String, Beside)>,
    /// The change points of the head that was asked for last.
    sums: Mutex<Option<(String, KeptIndex)>>,
    /// The master under the head that was asked for last.
    master: Mutex<Option<(String, Arc<Associations>)>>,
}

/// A vintage, once somebody has opened it; the others wait for the first.
#[derive(Debug, Clone)]
struct Place {
    store_head: String,
    known_at: NaiveDate,
    since: DateTime<Utc>,
    vintage: Arc<OnceCell<Arc<Vintage>>>,
}

impl KeptVintages {
    /// What was known at a day, by default at the newest export: opened now, or before.
    ///
    /// # Errors
    /// As [`Vintage::open`].
    pub async fn vintage(&self, workspace: &Workspace, known_at: Option<NaiveDate>) -> Result<Arc<Vintage>> {
        let imports = workspace.store.shared_imports().await?;
        let opened = async || {
            let mut vintage = Vintage::open(workspace, known_at).await?;
            vintage.keep_sums_in(&self.sums_of(&vintage.store_head))?;
            Ok(Arc::new(vintage))
        };
        let Some(day) = known_at.or(telling_days(&imports).pop()) else { return opened().await };
        let head = head_of(&imports);
        let vintage = self.place(&head, day, workspace.clock.now()).get_or_try_init(opened).await.cloned();
        // Another import was stored while it was opened, or words were defined otherwise: it is no answer to what was asked.
        let stands = vintage.as_ref().is_ok_and(|vintage| {
            vintage.store_head == head && vintage.known_at.0 == day && vintage.duties == workspace.statistics.duties
        });
        if stands {
            return vintage;
        }
        self.remove(&head, day);
        if vintage.is_err() { vintage } else { opened().await }
    }

    /// The master as it stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn associations(&self, workspace: &Workspace) -> Result<Arc<Associations>> {
        let kept = || self.master.lock().unwrap_or_else(PoisonError::into_inner);
        let head = workspace.head().await?;
        let known = kept().clone().filter(|(of, _)| *of == head);
        if let Some((_, associations)) = known {
            return Ok(associations);
        }
        let associations = Arc::new(workspace.store.associations().await?);
        // Where it was stored anew meanwhile, what was read is handed out and not kept.
        if workspace.head().await? == head {
            *kept() = Some((head, Arc::clone(&associations)));
        }
        Ok(associations)
    }

    /// What a room above keeps for a head under the type `T`; empty at first, and given up for that of another head.
    pub(in crate::service) fn beside<T: Any + Send + Sync + Default>(&self, head: &str) -> Arc<T> {
        let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        if beside.0 != head {
            *beside = (head.to_string(), Beside::default());
        }
        let kept = beside.1.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        kept.downcast().unwrap_or_default()
    }

    /// The place of a vintage, which is the last to be given up from now on.
    fn place(&self, head: &str, day: NaiveDate, now: DateTime<Utc>) -> Arc<OnceCell<Arc<Vintage>>> {
        let mut places = self.vintages.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back says nothing of how long it was.
        places.retain(|place| (now - place.since).to_std().is_ok_and(|age| age < KEPT));
        let at = places.iter().position(|place| place.store_head == head && place.known_at == day);
        let place = match at {
            Some(at) => places.remove(at),
            None => Place { store_head: head.to_string(), known_at: day, since: now, vintage: Arc::default() },
        };
        let vintage = Arc::clone(&place.vintage);
        places.push(place);
        let too_many = places.len().saturating_sub(ROOM);
        places.drain(..too_many);
        vintage
    }

    /// Where the change points of a head are kept; those of another one are given up.
    fn sums_of(&self, head: &str) -> KeptIndex {
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        match sums.as_ref().filter(|(of, _)| of == head) {
            Some((_, kept)) => kept.clone(),
            None => sums.insert((head.to_string(), KeptIndex::default())).1.clone(),
        }
    }

    fn remove(&self, head: &str, day: NaiveDate) {
        let mut places = self.vintages.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|place| place.store_head != head || place.known_at != day);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::written::day;

    fn heads(kept: &KeptVintages) -> Vec<String> {
        let places = kept.vintages.lock().expect("nobody panics while it is held");
        places.iter().map(|place| format!("{} {}", place.store_head, place.known_at)).collect()
    }

    #[test]
    fn vintage_that_was_not_asked_for_longest_is_given_up() {
        let (kept, now) = (KeptVintages::default(), DateTime::UNIX_EPOCH);
        for head in ["a", "b", "c", "d"] {
            kept.place(head, day("2025-12-01"), now);
        }
        let again = kept.place("a", day("2025-12-01"), now);
        assert!(Arc::ptr_eq(&again, &kept.place("a", day("2025-12-01"), now)), "it is kept");
        kept.place("a", day("2025-12-02"), now);
        assert_eq!(heads(&kept), ["c 2025-12-01", "d 2025-12-01", "a 2025-12-01", "a 2025-12-02"]);
        kept.remove("a", day("2025-12-01"));
        assert!(!Arc::ptr_eq(&again, &kept.place("a", day("2025-12-01"), now)));
    }

    #[test]
    fn vintage_is_opened_anew_after_an_hour() {
        let (kept, now, on) = (KeptVintages::default(), DateTime::UNIX_EPOCH, day("2025-12-01"));
        let first = kept.place("a", on, now);
        let same = |now| Arc::ptr_eq(&first, &kept.place("a", on, now));
        assert!(same(now + KEPT - TimeDelta::seconds(1)));
        assert!(!same(now + KEPT));
        let kept = KeptVintages::default();
        let first = kept.place("a", on, now);
        assert!(!Arc::ptr_eq(&first, &kept.place("a", on, now - TimeDelta::seconds(1))), "the clock was set back");
    }
}
