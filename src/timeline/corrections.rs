//! Applications and adjustments beside the versions of stays, as they are looked up.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use super::by_physician::ByPhysician;
use super::same_persons::{SamePersons, Touched};
use crate::domain::adjustment::{AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion};
use crate::domain::as_of::KnownAt;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::resolved::{Corrections, adjustment_learnt_on};

/// Which corrections are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// All of them: what counts.
    All,
    /// All but the adjustments: what would count without them.
    WithoutAdjustments,
    /// None: what the member exports alone say.
    ExportsOnly,
}

/// Touched persons by known-at and evidence.
type TouchedByQuestion = BTreeMap<(KnownAt, Evidence), Arc<Vec<Touched>>>;

/// All applications and adjustments of a store head, each list by physician.
#[derive(Debug, Default)]
pub(super) struct CorrectionTable {
    applications: ByPhysician<ApplicationVersion>,
    adjustments: ByPhysician<AdjustmentVersion>,
    /// Touched persons by the questions asked before: a paper asks the same one for each of its tables.
    found: Mutex<TouchedByQuestion>,
}

/// What is known of persons beside the exports, each with the number that stays.
#[derive(Debug, Default)]
pub struct KnownOf<'t> {
    /// Applications, by person.
    pub applications: Vec<(PhysicianId, &'t ApplicationVersion)>,
    /// Adjustments that hold, by person.
    pub adjustments: Vec<(PhysicianId, &'t AdjustmentVersion)>,
}

/// No number is the last one: ids count up from 1.
const EVERYBODY: Range<PhysicianId> = PhysicianId(i64::MIN)..PhysicianId(i64::MAX);

impl CorrectionTable {
    pub(super) fn new(mut applications: Vec<ApplicationVersion>, mut adjustments: Vec<AdjustmentVersion>) -> Self {
        // A timeline is written in this order; looking is faster than sorting a million again.
        let key = |version: &ApplicationVersion| (version.application.physician, version.known_from, version.row);
        if !applications.is_sorted_by_key(key) {
            applications.sort_by_key(key);
        }
        adjustments.sort_by_key(|version| (version.adjustment.physician, version.known_from, version.row));
        let applications = ByPhysician::new(applications, |version| version.application.physician);
        let adjustments = ByPhysician::new(adjustments, |version| version.adjustment.physician);
        Self { applications, adjustments, found: Mutex::default() }
    }

    /// The persons with corrections that are known at a day, by the physician that stays. A number that was given up
    /// is among `all` of another person and has no entry of its own.
    pub(super) fn touched(&self, known_at: KnownAt, evidence: Evidence) -> Arc<Vec<Touched>> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry((known_at, evidence)).or_insert_with(|| Arc::new(self.find_touched(known_at, evidence))).clone()
    }

    fn find_touched(&self, known_at: KnownAt, evidence: Evidence) -> Vec<Touched> {
        if evidence == Evidence::ExportsOnly {
            return Vec::new();
        }
        let same = self.same_by(known_at, evidence);
        let applied = self.applications.iter().filter(|version| version.known_from <= known_at.0);
        let ids = applied.map(|version| version.application.physician);
        self.touched_by(known_at, evidence, &same, EVERYBODY, ids)
    }

    /// The one of [`Self::touched`] that a number is, which was not given up; `same` are the numbers that are one person by then.
    pub(super) fn touched_person(
        &self,
        id: PhysicianId,
        known_at: KnownAt,
        evidence: Evidence,
        same: &SamePersons,
    ) -> Option<Touched> {
        if same.holds(id) {
            return same.persons.iter().find(|person| person.physician == id).cloned();
        }
        let applied = self.applications.of(id);
        let adjusted = self.adjustments.of(id);
        let applied = applied.iter().any(|version| version.known_from <= known_at.0);
        let adjusted = adjusted.iter().any(|version| version.known_from <= known_at.0);
        let is_touched = match evidence {
            Evidence::All => applied || adjusted,
            Evidence::WithoutAdjustments => applied,
            Evidence::ExportsOnly => false,
        };
        is_touched.then(|| Touched { physician: id, all: vec![id] })
    }

    /// As [`Self::touched`] with all kinds of evidence, of the physicians in a range (the end exclusive), without the persons of whom
    /// applications tell nothing that counts: none is approved, or `has_effect` says that the exports tell the same
    /// already. It is not asked about persons with several numbers; they are always looked at.
    pub(super) fn touched_in_days(
        &self,
        known_at: KnownAt,
        same: &SamePersons,
        among: Range<PhysicianId>,
        has_effect: impl Fn(&Application) -> bool,
    ) -> Vec<Touched> {
        let counts = |version: &&ApplicationVersion| may_count(version, known_at, same, &has_effect);
        let of_range = self.applications.between(&among);
        let applied = of_range.iter().filter(counts).map(|version| version.application.physician);
        self.touched_by(known_at, Evidence::All, same, among.clone(), applied)
    }

    /// Whether a number, one person alone, is among those of [`Self::touched_in_days`].
    pub(super) fn is_touched(
        &self,
        id: PhysicianId,
        known_at: KnownAt,
        same: &SamePersons,
        has_effect: impl Fn(&Application) -> bool,
    ) -> bool {
        let adjusted = self.adjustments.of(id);
        let applied = self.applications.of(id);
        adjusted.iter().any(|version| version.known_from <= known_at.0)
            || applied.iter().any(|version| may_count(version, known_at, same, &has_effect))
    }

    /// The first day on which anything was learnt.
    pub(super) fn first_day(&self) -> Option<NaiveDate> {
        let applied = self.applications.iter().map(|version| version.known_from);
        applied.chain(self.adjustments.iter().map(|version| version.known_from)).min()
    }

    /// The days on which something was learnt of a number, and on which it was taken for something else, in any order.
    pub(super) fn learnt_of(&self, id: PhysicianId) -> impl Iterator<Item = NaiveDate> {
        let applied = self.applications.of(id);
        let adjusted = self.adjustments.of(id);
        let applied = applied.iter().flat_map(|version| [Some(version.known_from), version.known_until]);
        let adjusted = adjusted.iter().flat_map(|version| [Some(version.known_from), version.known_until]);
        applied.chain(adjusted).flatten()
    }

    /// The numbers of a range, the end exclusive, that any adjustment is about, ascending, each once.
    pub(super) fn adjusted_among(&self, among: Range<PhysicianId>) -> Vec<PhysicianId> {
        let of_range = self.adjustments.between(&among);
        let mut out: Vec<PhysicianId> = of_range.iter().map(|version| version.adjustment.physician).collect();
        out.dedup();
        out
    }

    /// The numbers that any adjustment ever told to be one person, each with all of them: by whatever way they are tied.
    pub(super) fn ever_same(&self) -> BTreeMap<PhysicianId, Vec<PhysicianId>> {
        let mut out: BTreeMap<PhysicianId, Vec<PhysicianId>> = BTreeMap::new();
        for version in self.adjustments.iter().filter(|version| version.adjustment.kind == AdjustmentKind::SamePerson) {
            let Some(other) = version.adjustment.other else { continue };
            let mut all: Vec<PhysicianId> = [version.adjustment.physician, other]
                .into_iter()
                .flat_map(|id| out.get(&id).cloned().unwrap_or_else(|| vec![id]))
                .collect();
            all.sort_unstable();
            all.dedup();
            all.iter().for_each(|id| drop(out.insert(*id, all.clone())));
        }
        out
    }

    /// The numbers of a range, the end exclusive, about which an application was ever filed in one of the bodies that `is_asked`
    /// accepts, ascending; one may be there several times.
    pub(super) fn filed_among(
        &self,
        among: Range<PhysicianId>,
        is_asked: impl Fn(AssociationId) -> bool,
    ) -> impl Iterator<Item = PhysicianId> {
        let of_range = self.applications.between(&among);
        let asked = of_range.iter().map(|version| &version.application).filter(move |one| is_asked(one.association));
        asked.map(|application| application.physician)
    }

    fn touched_by(
        &self,
        known_at: KnownAt,
        evidence: Evidence,
        same: &SamePersons,
        among: Range<PhysicianId>,
        applied: impl Iterator<Item = PhysicianId>,
    ) -> Vec<Touched> {
        let mut ids: Vec<PhysicianId> = applied.collect();
        if evidence == Evidence::All {
            let of_range = self.adjustments.between(&among);
            let adjusted = of_range.iter().filter(|version| version.known_from <= known_at.0);
            ids.extend(adjusted.map(|version| version.adjustment.physician));
            ids.sort_unstable();
        }
        ids.dedup();
        let one = ids.into_iter().filter(|id| !same.holds(*id));
        let mut out: Vec<Touched> = one.map(|physician| Touched { physician, all: vec![physician] }).collect();
        let several = same.between(&among);
        if !several.is_empty() {
            out.extend_from_slice(several);
            out.sort_unstable_by_key(|person| person.physician);
        }
        out
    }

    /// The persons with adjustments that are known at a day, as physicians of the store: all numbers of each.
    pub(super) fn adjusted(&self, known_at: KnownAt) -> Vec<Touched> {
        let with_adjustment: Vec<PhysicianId> = self
            .adjustments
            .iter()
            .filter(|version| holds(version, known_at))
            .map(|version| version.adjustment.physician)
            .collect();
        if with_adjustment.is_empty() {
            return Vec::new();
        }
        let is_adjusted = |touched: &&Touched| touched.all.iter().any(|id| with_adjustment.binary_search(id).is_ok());
        self.touched(known_at, Evidence::All).iter().filter(is_adjusted).cloned().collect()
    }

    pub(super) fn applications(&self, known_at: KnownAt) -> impl Iterator<Item = &ApplicationVersion> {
        self.applications.iter().filter(move |version| version.known_on(known_at.0))
    }

    /// Those that hold.
    pub(super) fn adjustments(&self, known_at: KnownAt) -> impl Iterator<Item = &AdjustmentVersion> {
        self.adjustments.iter().filter(move |version| holds(version, known_at))
    }

    pub(super) fn n_adjustments(&self, known_at: KnownAt) -> usize {
        self.adjustments(known_at).count()
    }

    /// Who has several numbers, as known at a day.
    pub(super) fn same(&self, known_at: KnownAt) -> SamePersons {
        SamePersons::new(&self.same_persons(known_at))
    }

    /// The same by some evidence: an adjustment tells it.
    pub(super) fn same_by(&self, known_at: KnownAt, evidence: Evidence) -> SamePersons {
        match evidence {
            Evidence::All => self.same(known_at),
            Evidence::WithoutAdjustments | Evidence::ExportsOnly => SamePersons::default(),
        }
    }

    /// Numbers that are given up and the one that stays, as known at a day. Of two adjustments about one number the one
    /// learnt later holds.
    fn same_persons(&self, known_at: KnownAt) -> BTreeMap<PhysicianId, PhysicianId> {
        let mut versions: Vec<&AdjustmentVersion> = self
            .adjustments
            .iter()
            .filter(|version| version.adjustment.kind == AdjustmentKind::SamePerson)
            .filter(|version| version.known_on(known_at.0) && !version.adjustment.is_revoked)
            .collect();
        versions.sort_by_key(|version| (adjustment_learnt_on(&self.adjustments, version), version.import, version.row));
        versions
            .into_iter()
            .map(|version| &version.adjustment)
            .filter_map(|adjustment| Some((adjustment.other?, adjustment.physician)))
            .filter(|(other, stays)| other != stays)
            .collect()
    }

    /// What is known at a day of some persons, numbers that stay: applications, and adjustments that hold, each with her number.
    pub(super) fn known_of(&self, persons: &[PhysicianId], known_at: KnownAt) -> KnownOf<'_> {
        let same = self.same(known_at);
        let mut out = KnownOf::default();
        for person in persons.iter().filter(|person| !same.has_given_up(**person)) {
            let own = [*person];
            let several =
                same.holds(*person).then(|| same.persons.iter().find(|one| one.physician == *person)).flatten();
            for id in several.map_or(&own[..], |several| &several.all) {
                let applications = self.applications.of(*id);
                let known = applications.iter().filter(|version| version.known_on(known_at.0));
                out.applications.extend(known.map(|version| (*person, version)));
                let adjustments = self.adjustments.of(*id);
                let hold = adjustments.iter().filter(|version| holds(version, known_at));
                out.adjustments.extend(hold.map(|version| (*person, version)));
            }
        }
        out
    }

    /// Calls `with` with the corrections of a person.
    pub(super) fn of<T>(&self, ids: &[PhysicianId], evidence: Evidence, with: impl FnOnce(&Corrections<'_>) -> T) -> T {
        // Nearly everybody has one number; what was learnt of it stands together and needs no copy.
        if let [id] = ids {
            let applications = self.applications.of(*id);
            let adjustments = self.adjustments.of(*id);
            return with(&Corrections {
                applications: if evidence == Evidence::ExportsOnly { &[] } else { applications },
                adjustments: if evidence == Evidence::All { adjustments } else { &[] },
            });
        }
        let applications = match evidence {
            Evidence::ExportsOnly => Vec::new(),
            _ => of_physicians(&self.applications, ids),
        };
        let adjustments = match evidence {
            Evidence::All => of_physicians(&self.adjustments, ids),
            _ => Vec::new(),
        };
        with(&Corrections { applications: &applications, adjustments: &adjustments })
    }
}

/// Whether an adjustment holds at a day.
fn holds(version: &AdjustmentVersion, known_at: KnownAt) -> bool {
    version.known_on(known_at.0) && !version.adjustment.is_revoked
}

/// Whether an application may say something about days, as known: it is approved, and `has_effect` does not say that the
/// exports tell the same already. It is not asked about persons with several numbers.
fn may_count(
    version: &ApplicationVersion,
    known_at: KnownAt,
    same: &SamePersons,
    has_effect: &impl Fn(&Application) -> bool,
) -> bool {
    let application = &version.application;
    if application.status != ApplicationStatus::Approved || !version.known_on(known_at.0) {
        return false;
    }
    match application.kind {
        ApplicationKind::ClassChange => true,
        ApplicationKind::Withdrawal => !same.holds(application.physician) && has_effect(application),
        ApplicationKind::Joining | ApplicationKind::Other => false,
    }
}

fn of_physicians<T: Clone>(all: &ByPhysician<T>, ids: &[PhysicianId]) -> Vec<T> {
    ids.iter().flat_map(|id| all.of(*id)).cloned().collect()
}
