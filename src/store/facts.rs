//! What crosses the border of the store: plain structs of facts, as read and as written.
//!
//! They know neither SQL nor which database they come from.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::adjustment::Adjustment;
use crate::domain::application::Application;
use crate::domain::finding::Finding;
use crate::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId, RegistrationNumber, SourceId};
use crate::domain::layout::FileKind;
use crate::domain::person::Person;
use crate::domain::problem::RowProblem;
use crate::domain::reconcile::{NewVersion, StoredStay};
use crate::store::taking_back::TakenBack;

/// The head of a store without imports.
pub const EMPTY_HEAD: &str = "empty";

/// An accepted file as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRecord {
    /// Surrogate id, ascending in the order of imports.
    pub id: ImportId,
    /// Kind of file and scope.
    pub source: SourceId,
    /// Kind of file.
    pub kind: FileKind,
    /// Name of the source, such as `members`.
    pub source_name: String,
    /// Export day.
    pub known_on: NaiveDate,
    /// Name of the file without its folder.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// SHA-256 of layout and vocabulary.
    pub definitions_sha256: String,
    /// How long the source shows ended rows (R7).
    pub ended_rows_kept_days: u32,
    /// Rows of the file.
    pub n_rows: u32,
    /// Rejected rows.
    pub n_rejected: u32,
    /// Rejected rows that say 在籍.
    pub n_rejected_active: u32,
    /// Head of the store after this import.
    pub head: String,
    /// Instant of the import.
    pub imported_at: DateTime<Utc>,
    /// Whether another file of the same day took its place.
    pub replaced: bool,
    /// Whether it was taken back, and why (R25).
    pub taken_back: Option<TakenBack>,
}

impl ImportRecord {
    /// Whether the file has a say: no other file of its day took its place, and nobody took it back.
    pub fn stands(&self) -> bool {
        !self.replaced && self.taken_back.is_none()
    }
}

/// An import before it is stored.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// Head of the store that the import was worked out against; `None` accepts any.
    pub follows: Option<String>,
    /// Kind of file.
    pub kind: FileKind,
    /// Name of the source.
    pub source_name: String,
    /// Export day.
    pub known_on: NaiveDate,
    /// Name of the file without its folder.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Size of the file.
    pub size_bytes: u64,
    /// Encoding as said on screen.
    pub encoding: String,
    /// Layout by name.
    pub layout: String,
    /// SHA-256 of layout and vocabulary.
    pub definitions_sha256: String,
    /// How long the source shows ended rows (R7).
    pub ended_rows_kept_days: u32,
    /// Instant of the import.
    pub imported_at: DateTime<Utc>,
    /// Rows of the file.
    pub n_rows: u32,
    /// Rejected rows.
    pub n_rejected: u32,
    /// Rejected rows that say 在籍.
    pub n_rejected_active: u32,
    /// Why a drop in members was accepted (`--accept-drop --reason`).
    pub accepted_drop_reason: Option<String>,
    /// Head of the store after this import.
    pub head: String,
    /// Rejects and warnings.
    pub problems: Vec<RowProblem>,
}

/// A stay that stands, with the row of the store that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// Row of the store, for superseding.
    pub row_id: i64,
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// The stay.
    pub stay: StoredStay,
}

/// What is known of a physician, for comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPerson {
    /// The number that identifies the person.
    pub number: RegistrationNumber,
    /// Surrogate id.
    pub physician: PhysicianId,
    /// Row of the store that describes the person now; `None` for one without texts.
    pub row_id: Option<i64>,
    /// Fingerprint of all attributes.
    pub digest: i64,
    /// Fingerprint of the kana name.
    pub kana_digest: i64,
    /// Birth date.
    pub born_on: Option<NaiveDate>,
    /// Export day of the description; an older export of another source does not replace it.
    pub known_from: Option<NaiveDate>,
}

/// A state finding that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFinding {
    /// Row of the store.
    pub row_id: i64,
    /// The finding.
    pub finding: Finding,
}

/// A new description of a person.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The person.
    pub physician: PhysicianId,
    /// The description.
    pub person: Arc<Person>,
    /// Fingerprint of all attributes.
    pub digest: i64,
    /// Fingerprint of the kana name.
    pub kana_digest: i64,
    /// Row of the file.
    pub row: u32,
}

/// A new version of a stay.
#[derive(Debug, Clone)]
pub struct NewEnrolmentVersion {
    /// The stay.
    pub enrolment: EnrolmentId,
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// What is known now.
    pub version: NewVersion,
}

/// An application that stands, with the row of the store that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredApplication {
    /// Row of the store, for superseding.
    pub row_id: i64,
    /// The application.
    pub application: Application,
}

/// An adjustment that stands, with the row of the store that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAdjustment {
    /// Row of the store, for superseding.
    pub row_id: i64,
    /// The adjustment.
    pub adjustment: Adjustment,
}

/// Where a version of a stay comes from: file, row and import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The stay.
    pub enrolment: EnrolmentId,
    /// Export day that brought the version, inclusive.
    pub known_from: NaiveDate,
    /// The import.
    pub import: ImportId,
    /// Name of the file.
    pub file_name: String,
    /// Row of the file as Excel shows it; `None` when no row shows the stay.
    pub row: Option<u32>,
}

/// The same without the name of the file, for all stays at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OriginRow {
    /// The stay.
    pub enrolment: EnrolmentId,
    /// Export day that brought the version, inclusive.
    pub known_from: NaiveDate,
    /// The import.
    pub import: ImportId,
    /// Row of the file as Excel shows it; `None` when no row shows the stay.
    pub row: Option<u32>,
}

/// All that an import appends and supersedes.
#[derive(Debug, Default)]
pub struct Changes {
    /// Persons never seen before.
    pub new_physicians: Vec<(PhysicianId, RegistrationNumber)>,
    /// New descriptions of persons.
    pub new_persons: Vec<NewPerson>,
    /// Rows of `physician_version` that they supersede.
    pub superseded_persons: Vec<i64>,
    /// New versions of stays.
    pub new_versions: Vec<NewEnrolmentVersion>,
    /// Rows of `enrolment` that they supersede.
    pub superseded_versions: Vec<i64>,
    /// New findings.
    pub new_findings: Vec<Finding>,
    /// Rows of `finding` whose state is over.
    pub resolved_findings: Vec<i64>,
    /// New versions of applications with the row of the file.
    pub new_applications: Vec<(Application, u32)>,
    /// Rows of `application` that they supersede.
    pub superseded_applications: Vec<i64>,
    /// New versions of adjustments with the row of the file.
    pub new_adjustments: Vec<(Adjustment, u32)>,
    /// Rows of `adjustment` that they supersede.
    pub superseded_adjustments: Vec<i64>,
}
