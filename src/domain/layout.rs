//! Layouts as data: which heading of a file carries which logical field, and which words mean what.
//!
//! A renamed heading or another order of columns is an edit of a layout file, not of code. Reading the layout
//! files is the business of `definitions`; applying them to a file that of `ingest`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::application::{ApplicationKind, ApplicationStatus, Filer};
use super::class::NationalClass;
use super::class_scheme::ClassSchemes;
use super::coded::coded;
use super::enrolment::{SourceStatus, WithdrawalReason};

coded! {
    /// Kind of an input file.
    ///
    /// They stand in the order in which files of one day are taken in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum FileKind {
        /// The association master (医師会マスタ).
        Associations = "associations" / "医師会マスタ",
        /// A member export (会員一覧), wide or long.
        Members = "members" / "会員一覧",
        /// The history of applications (申請・軽微な変更履歴).
        Applications = "applications" / "申請履歴",
        /// Manual adjustments with reason and approver (調整).
        Adjustments = "adjustments" / "調整",
    }
}

/// A logical field of an input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the layout files document each field next to its headings")]
pub enum Field {
    RegistrationNumber,
    Name,
    Kana,
    Sex,
    BornOn,
    Graduated,
    Facility,
    Duty,
    LocalCode,
    LocalName,
    LocalClass,
    LocalWishedOn,
    LocalJoinedOn,
    LocalLeftOn,
    PrefecturalName,
    PrefecturalClass,
    PrefecturalJoinedOn,
    PrefecturalLeftOn,
    NationalClass,
    NationalJoinedOn,
    NationalLeftOn,
    Reason,
    Status,
    UpdatedAt,
    Code,
    Tier,
    Kind,
    FullName,
    ShortName,
    Aliases,
    ParentCode,
    PrefectureCode,
    Position,
    ValidFrom,
    ValidTo,
    ApplicationNumber,
    ApplicationKind,
    AppliedOn,
    EffectiveOn,
    ApplicationStatus,
    Filer,
    TargetName,
    ApprovedOn,
    CancelledOn,
    NewClass,
    Note,
    BodyCode,
    BodyName,
    Class,
    WishedOn,
    JoinedOn,
    LeftOn,
    Successors,
    AdjustmentNumber,
    AdjustmentKind,
    AdjustmentState,
    StayJoinedOn,
    NewDay,
    OtherNumber,
    Finding,
    Why,
    Approver,
}

impl Field {
    /// Number of fields; [`Self::Approver`] is the last.
    pub const COUNT: usize = Self::Approver as usize + 1;
}

/// The accepted headings of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldHeadings {
    /// Accepted headings, the preferred one first.
    pub headings: Vec<String>,
    /// Whether a file without it is refused.
    pub required: bool,
}

/// One layout file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Name, as given with `--layout`.
    pub name: String,
    /// Kind of file it describes.
    pub kind: FileKind,
    /// How many days the source still shows a row after its withdrawal (R7).
    pub ended_rows_kept_days: u32,
    /// Field → headings.
    pub fields: BTreeMap<Field, FieldHeadings>,
    /// The text of the layout file; its hash is part of what an import is.
    pub source: String,
}

/// Words of the source and what they mean. Keys are folded by the ingest (width, blanks) before look-up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Spellings of classes.
    pub classes: BTreeMap<String, NationalClass>,
    /// Class schemes of bodies, looked up before `classes`.
    pub schemes: ClassSchemes,
    /// Spellings of withdrawal reasons.
    pub reasons: BTreeMap<String, WithdrawalReason>,
    /// Spellings of 会員状態.
    pub statuses: BTreeMap<String, SourceStatus>,
    /// Spellings of 申請種別.
    pub application_kinds: BTreeMap<String, ApplicationKind>,
    /// Spellings of 状態 of applications.
    pub application_statuses: BTreeMap<String, ApplicationStatus>,
    /// Spellings of 申請者区分.
    pub filers: BTreeMap<String, Filer>,
    /// The text of the vocabulary file; its hash is part of what an import is.
    pub source: String,
}
