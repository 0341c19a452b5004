//! What is worked out once for a vintage and shared by everybody who asks.

use std::any::{Any, TypeId};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use crate::domain::finding::KnownFinding;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::resolved::Dispute;
use crate::domain::revision::Revision;
use crate::domain::roll_forward::RollForward;
use crate::service::known::memo::Memo;
use crate::stats::Memberships;
use crate::timeline::{Evidence, ResolvedStays};

/// The costly answers of a vintage.
#[derive(Debug, Default)]
pub(in crate::service) struct Answers {
    /// Local stays, and what disagrees about any stay.
    pub(super) local_stays: Memo<(), ResolvedStays>,
    /// Memberships of the persons whom an adjustment concerns.
    pub(super) adjusted: Memo<Evidence, Memberships>,
    /// Persons and bodies with a withdrawal that was taken back.
    pub(super) cancelled: Memo<(), BTreeSet<(PhysicianId, AssociationId)>>,
    /// Disagreements that nobody has acknowledged.
    pub(super) disputes: Memo<(), Vec<Dispute>>,
    /// Findings that nobody has settled.
    pub(super) open_findings: Memo<(), Vec<KnownFinding>>,
    /// Roll-forwards by the days between which they run.
    pub(in crate::service) roll_forwards: Memo<Vec<NaiveDate>, Vec<RollForward>>,
    /// Revisions by their days and the earlier known-at.
    pub(in crate::service) revisions: Memo<(Vec<NaiveDate>, NaiveDate), Vec<Revision>>,
    /// What rooms above keep beside the vintage, each under a type of its own.
    others: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Answers {
    /// The answers that a room above keeps under the type `T`; empty ones at first.
    pub(in crate::service) fn of<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        // A thread that fell over while it held the lock left a whole map behind: entries are put in at once.
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = others.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        kept.downcast().unwrap_or_default()
    }
}
