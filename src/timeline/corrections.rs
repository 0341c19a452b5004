//! Applications and adjustments beside the versions of stays: one Parquet file for each store head.
//!
//! Holds what settling a stay needs, and no text that anybody wrote: neither 備考 nor 理由 nor 承認者.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::*;

use super::columns::{date, days};
use super::read::read_parquet;
use super::same_persons::SamePersons;
use super::write::{dates, write_parquet};
use super::{TimelineError, TimelineFiles};
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use crate::domain::as_of::KnownAt;
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, SourceId};
use crate::domain::resolved::{Corrections, adjustment_learnt_on};

/// Stands for a missing class.
const NO_CLASS: i16 = -1;

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
    applications: Vec<ApplicationVersion>,
    adjustments: Vec<AdjustmentVersion>,
    /// Touched persons by the questions asked before: a paper asks the same one for each of its tables.
    found: Mutex<TouchedByQuestion>,
}

/// A person about whom something was learnt beside the exports, with the numbers that are the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Touched {
    /// The physician that stays.
    pub(super) physician: PhysicianId,
    /// All physicians that are this person, ascending; the one that stays among them.
    pub(super) all: Vec<PhysicianId>,
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
        Self { applications, adjustments, found: Mutex::default() }
    }

    /// The persons with corrections that are known at a day, by the physician that stays. A number that was given up
    /// is among `all` of another person and has no entry of its own.
    pub(super) fn touched(&self, known_at: KnownAt, evidence: Evidence) -> Arc<Vec<Touched>> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry((known_at, evidence)).or_insert_with(|| Arc::new(self.find_touched(known_at, evidence))).clone()
    }

    fn find_touched(&self, known_at: KnownAt, evidence: Evidence) -> Vec<Touched> {
        let same = match evidence {
            Evidence::All => self.same(known_at),
            Evidence::WithoutAdjustments => SamePersons::default(),
            Evidence::ExportsOnly => return Vec::new(),
        };
        let applied = self.applications.iter().filter(|version| version.known_from <= known_at.0);
        let ids = applied.map(|version| version.application.physician);
        self.touched_by(known_at, evidence, &same, EVERYBODY, ids)
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
        let counts = |version: &&ApplicationVersion| {
            let application = &version.application;
            if application.status != ApplicationStatus::Approved || !version.known_on(known_at.0) {
                return false;
            }
            match application.kind {
                ApplicationKind::ClassChange => true,
                ApplicationKind::Withdrawal => !same.holds(application.physician) && has_effect(application),
                ApplicationKind::Joining | ApplicationKind::Other => false,
            }
        };
        let of_range = between(&self.applications, &among, |version| version.application.physician);
        let applied = of_range.iter().filter(counts).map(|version| version.application.physician);
        self.touched_by(known_at, Evidence::All, same, among.clone(), applied)
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
            let of_range = between(&self.adjustments, &among, |version| version.adjustment.physician);
            let adjusted = of_range.iter().filter(|version| version.known_from <= known_at.0);
            ids.extend(adjusted.map(|version| version.adjustment.physician));
            ids.sort_unstable();
        }
        ids.dedup();
        let one = ids.into_iter().filter(|id| !same.holds(*id));
        let mut out: Vec<Touched> = one.map(|physician| Touched { physician, all: vec![physician] }).collect();
        let several = between(&same.persons, &among, |person| person.physician);
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
            .filter(|version| version.known_on(known_at.0) && !version.adjustment.is_revoked)
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
        let holds = move |version: &&AdjustmentVersion| version.known_on(known_at.0) && !version.adjustment.is_revoked;
        self.adjustments.iter().filter(holds)
    }

    pub(super) fn n_adjustments(&self, known_at: KnownAt) -> usize {
        self.adjustments(known_at).count()
    }

    /// Who has several numbers, as known at a day.
    pub(super) fn same(&self, known_at: KnownAt) -> SamePersons {
        SamePersons::new(&self.same_persons(known_at))
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

    /// Calls `with` with the corrections of a person.
    pub(super) fn of<T>(&self, ids: &[PhysicianId], evidence: Evidence, with: impl FnOnce(&Corrections<'_>) -> T) -> T {
        // Nearly everybody has one number; what was learnt of it stands together and needs no copy.
        if let [id] = ids {
            let applications = run(&self.applications, *id, |version| version.application.physician);
            let adjustments = run(&self.adjustments, *id, |version| version.adjustment.physician);
            return with(&Corrections {
                applications: if evidence == Evidence::ExportsOnly { &[] } else { applications },
                adjustments: if evidence == Evidence::All { adjustments } else { &[] },
            });
        }
        let applications = match evidence {
            Evidence::ExportsOnly => Vec::new(),
            _ => of_physicians(&self.applications, ids, |version| version.application.physician),
        };
        let adjustments = match evidence {
            Evidence::All => of_physicians(&self.adjustments, ids, |version| version.adjustment.physician),
            _ => Vec::new(),
        };
        with(&Corrections { applications: &applications, adjustments: &adjustments })
    }
}

fn of_physicians<T: Clone>(sorted: &[T], ids: &[PhysicianId], physician: impl Fn(&T) -> PhysicianId) -> Vec<T> {
    ids.iter().flat_map(|id| run(sorted, *id, &physician)).cloned().collect()
}

/// What stands under a number.
fn run<T>(sorted: &[T], id: PhysicianId, physician: impl Fn(&T) -> PhysicianId) -> &[T] {
    let start = sorted.partition_point(|item| physician(item) < id);
    let length = sorted[start..].iter().take_while(|item| physician(item) == id).count();
    &sorted[start..start + length]
}

/// What stands under the numbers of a range, the end exclusive.
fn between<'s, T>(sorted: &'s [T], range: &Range<PhysicianId>, physician: impl Fn(&T) -> PhysicianId) -> &'s [T] {
    let from = sorted.partition_point(|item| physician(item) < range.start);
    let to = sorted.partition_point(|item| physician(item) < range.end);
    &sorted[from..to]
}

/// One row of the file: an application (`what` 0) or an adjustment (`what` 1).
#[derive(Default)]
struct Rows {
    what: Vec<i16>,
    number: Vec<String>,
    kind: Vec<i16>,
    physician: Vec<i64>,
    association: Vec<Option<i32>>,
    day: Vec<Option<i32>>,
    stay_joined_on: Vec<Option<i32>>,
    state: Vec<i16>,
    class: Vec<i16>,
    reason: Vec<i16>,
    other: Vec<Option<i64>>,
    source: Vec<i32>,
    import: Vec<i64>,
    row: Vec<i64>,
    known_from: Vec<Option<i32>>,
    known_until: Vec<Option<i32>>,
}

impl Rows {
    fn push_application(&mut self, version: &ApplicationVersion) {
        let application = &version.application;
        self.what.push(0);
        self.number.push(application.number.to_string());
        self.kind.push(i16::from(application.kind.index()));
        self.physician.push(application.physician.0);
        self.association.push(Some(application.association.0));
        self.day.push(application.effective_on.map(day_number));
        self.stay_joined_on.push(None);
        self.state.push(i16::from(application.status.index()));
        self.class.push(application.class.map_or(NO_CLASS, |class| i16::from(class.index())));
        self.reason.push(i16::from(application.reason.index()));
        self.other.push(None);
        self.push_origin(version.source, version.import, version.row);
        self.known_from.push(Some(day_number(version.known_from)));
        self.known_until.push(version.known_until.map(day_number));
    }

    fn push_adjustment(&mut self, version: &AdjustmentVersion) {
        let adjustment = &version.adjustment;
        self.what.push(1);
        self.number.push(adjustment.number.to_string());
        self.kind.push(i16::from(adjustment.kind.index()));
        self.physician.push(adjustment.physician.0);
        self.association.push(adjustment.association.map(|id| id.0));
        self.day.push(adjustment.day.map(day_number));
        self.stay_joined_on.push(adjustment.stay_joined_on.map(day_number));
        self.state.push(i16::from(adjustment.is_revoked));
        self.class.push(adjustment.class.map_or(NO_CLASS, |class| i16::from(class.index())));
        self.reason.push(i16::from(adjustment.reason.index()));
        self.other.push(adjustment.other.map(|id| id.0));
        self.push_origin(version.source, version.import, version.row);
        self.known_from.push(Some(day_number(version.known_from)));
        self.known_until.push(version.known_until.map(day_number));
    }

    fn push_origin(&mut self, source: SourceId, import: ImportId, row: u32) {
        self.source.push(source.0);
        self.import.push(import.0);
        self.row.push(i64::from(row));
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        df!(
            "what" => self.what,
            "number" => self.number,
            "kind" => self.kind,
            "physician_id" => self.physician,
            "association_id" => self.association,
            "day" => dates(self.day)?,
            "stay_joined_on" => dates(self.stay_joined_on)?,
            "state" => self.state,
            "class" => self.class,
            "reason" => self.reason,
            "other_physician_id" => self.other,
            "source_id" => self.source,
            "import_id" => self.import,
            "row" => self.row,
            "known_from" => dates(self.known_from)?,
            "known_until" => dates(self.known_until)?,
        )
    }
}

pub(super) fn write_corrections(
    files: &TimelineFiles,
    applications: &[ApplicationVersion],
    adjustments: &[AdjustmentVersion],
) -> Result<(), TimelineError> {
    let path = &files.corrections;
    let mut rows = Rows::default();
    let mut applications: Vec<&ApplicationVersion> = applications.iter().collect();
    applications.sort_by_key(|version| (version.application.physician, version.known_from, version.row));
    applications.into_iter().for_each(|version| rows.push_application(version));
    adjustments.iter().for_each(|version| rows.push_adjustment(version));
    let frame = rows.into_frame().map_err(TimelineError::parquet(path))?;
    write_parquet(path, &frame, ParquetCompression::Uncompressed, files.readers)
}

pub(super) fn read_corrections(path: &Path) -> Result<CorrectionTable, TimelineError> {
    let columns = [
        "what",
        "number",
        "kind",
        "physician_id",
        "association_id",
        "day",
        "stay_joined_on",
        "state",
        "class",
        "reason",
        "other_physician_id",
        "source_id",
        "import_id",
        "row",
        "known_from",
        "known_until",
    ];
    let frame = read_parquet(path, &columns)?;
    table_of(&frame).map_err(TimelineError::parquet(path))
}

/// What both kinds of rows carry.
struct Common {
    physician: PhysicianId,
    association: Option<AssociationId>,
    day: Option<chrono::NaiveDate>,
    class: Option<NationalClass>,
    reason: WithdrawalReason,
}

fn table_of(frame: &DataFrame) -> PolarsResult<CorrectionTable> {
    let codes = |name: &str| -> PolarsResult<Vec<i16>> { Ok(frame.column(name)?.i16()?.into_no_null_iter().collect()) };
    let (what, kind, state) = (codes("what")?, codes("kind")?, codes("state")?);
    let (class, reason) = (codes("class")?, codes("reason")?);
    let number = frame.column("number")?.str()?;
    let physician = frame.column("physician_id")?.i64()?;
    let association = frame.column("association_id")?.i32()?;
    let other = frame.column("other_physician_id")?.i64()?;
    let (source, import) = (frame.column("source_id")?.i32()?, frame.column("import_id")?.i64()?);
    let row = frame.column("row")?.i64()?;
    let (day, stay_joined_on) = (days(frame, "day")?, days(frame, "stay_joined_on")?);
    let (known_from, known_until) = (days(frame, "known_from")?, days(frame, "known_until")?);
    let (mut applications, mut adjustments) = (Vec::new(), Vec::new());
    for i in 0..what.len() {
        let index = |code: i16| u8::try_from(code).ok();
        let common = Common {
            physician: PhysicianId(physician.get(i).unwrap_or_default()),
            association: association.get(i).map(AssociationId),
            day: date(day[i]),
            class: index(class[i]).and_then(NationalClass::from_index),
            reason: index(reason[i]).and_then(WithdrawalReason::from_index).unwrap_or(WithdrawalReason::Other),
        };
        let number: Box<str> = number.get(i).unwrap_or_default().into();
        let source = SourceId(source.get(i).unwrap_or_default());
        let import = ImportId(import.get(i).unwrap_or_default());
        let row = row.get(i).and_then(|row| u32::try_from(row).ok()).unwrap_or_default();
        let (known_from, known_until) = (date(known_from[i]).unwrap_or_default(), date(known_until[i]));
        if what[i] == 0 {
            let status = index(state[i]).and_then(ApplicationStatus::from_index).unwrap_or(ApplicationStatus::Unknown);
            let kind = index(kind[i]).and_then(ApplicationKind::from_index).unwrap_or(ApplicationKind::Other);
            let Some(application) = application(number, kind, status, &common) else { continue };
            applications.push(ApplicationVersion { application, source, import, row, known_from, known_until });
        } else {
            let Some(kind) = index(kind[i]).and_then(AdjustmentKind::from_index) else { continue };
            let adjustment = Adjustment {
                number,
                kind,
                physician: common.physician,
                association: common.association,
                stay_joined_on: date(stay_joined_on[i]),
                day: common.day,
                class: common.class,
                reason: common.reason,
                other: other.get(i).map(PhysicianId),
                finding: None,
                is_revoked: state[i] != 0,
                why: "".into(),
                approver: "".into(),
            };
            adjustments.push(AdjustmentVersion { adjustment, source, import, row, known_from, known_until });
        }
    }
    Ok(CorrectionTable::new(applications, adjustments))
}

fn application(
    number: Box<str>,
    kind: ApplicationKind,
    status: ApplicationStatus,
    common: &Common,
) -> Option<Application> {
    Some(Application {
        number,
        kind,
        physician: common.physician,
        association: common.association?,
        filer: Filer::Unknown,
        applied_on: None,
        effective_on: common.day,
        approved_on: None,
        cancelled_on: None,
        status,
        class: common.class,
        reason: common.reason,
        note: "".into(),
    })
}
