//! Manual adjustments (調整): what a person decided where exports are silent or wrong.
//!
//! Every adjustment has a reason and an approver and is shown apart in every report. It holds from the day of
//! the file that brought it; a later version of the same number and person supersedes it. How adjustments meet the stays
//! is decided in `resolved`.

use chrono::NaiveDate;
use serde::Serialize;

use super::class::NationalClass;
use super::coded::coded;
use super::enrolment::WithdrawalReason;
use super::finding::FindingCode;
use super::ids::{AssociationId, ImportId, PhysicianId, SourceId};

coded! {
    /// What an adjustment decides (調整種別).
    ///
    /// They stand in the order of their stored numbers, which never change; the printed name is the word of the file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum AdjustmentKind {
        /// The stay ended on a day that no export tells (退会).
        Left = "left" / "退会",
        /// A stay that exports no longer show goes on (在籍確認).
        StillMember = "still_member" / "在籍確認",
        /// The stay never was (在籍なし), such as one of two rows that overlap.
        NeverMember = "never_member" / "在籍なし",
        /// A stay that no export shows (在籍追加).
        Joined = "joined" / "在籍追加",
        /// The stay began on another day (入会日訂正).
        JoinedDay = "joined_day" / "入会日訂正",
        /// The reported withdrawal does not hold (退会取消).
        Reopened = "reopened" / "退会取消",
        /// The class holds from a day (区分訂正).
        Class = "class" / "区分訂正",
        /// Two numbers are one person (同一人物).
        SamePerson = "same_person" / "同一人物",
        /// A finding was looked at and is in order (確認済).
        Acknowledged = "acknowledged" / "確認済",
    }
}

impl AdjustmentKind {
    /// Stored number.
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The kind at a stored number.
    pub fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }

    /// Whether the row must name a day (新しい日付).
    pub fn needs_day(self) -> bool {
        matches!(self, Self::Left | Self::Joined | Self::JoinedDay | Self::Class)
    }

    /// Whether the row must name a body.
    pub fn needs_body(self) -> bool {
        !matches!(self, Self::SamePerson | Self::Acknowledged)
    }
}

/// One adjustment. Two rows with one number and person are versions of one adjustment (R27).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// 調整番号, given by the office; with the person unique in its source.
    pub number: Box<str>,
    /// What is decided.
    pub kind: AdjustmentKind,
    /// The person; of two numbers that are one person the one that stays.
    pub physician: PhysicianId,
    /// The body; `None` when it is about the person as such.
    pub association: Option<AssociationId>,
    /// 入会日 of the stay concerned as the exports show it; `None` = the only one, else the newest.
    pub stay_joined_on: Option<NaiveDate>,
    /// The day decided: 退会日, 入会日 or the first day of the class.
    pub day: Option<NaiveDate>,
    /// The class decided.
    pub class: Option<NationalClass>,
    /// Reason of the withdrawal (退会理由), for [`AdjustmentKind::Left`].
    pub reason: WithdrawalReason,
    /// The number given up, for [`AdjustmentKind::SamePerson`].
    pub other: Option<PhysicianId>,
    /// The finding that was looked at, for [`AdjustmentKind::Acknowledged`].
    pub finding: Option<FindingCode>,
    /// Whether the office took it back (取消): the adjustment holds no longer.
    pub is_revoked: bool,
    /// Why (理由); never empty.
    pub why: Box<str>,
    /// Who approved it (承認者); never empty.
    pub approver: Box<str>,
}

impl Adjustment {
    /// Whether two versions decide the same: a new reason or approver is no news.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let decided = |one: &Self| Self { why: "".into(), approver: "".into(), ..one.clone() };
        decided(self) == decided(other)
    }
}

/// One version of an adjustment: what held from the day of one file until the next change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustmentVersion {
    /// What is decided.
    pub adjustment: Adjustment,
    /// Where it was learnt.
    pub source: SourceId,
    /// The import that brought it.
    pub import: ImportId,
    /// Row of the file as Excel shows it.
    pub row: u32,
    /// Day of the file that brought this version, inclusive.
    pub known_from: NaiveDate,
    /// Day of the file that superseded it, exclusive; `None` for the version that stands.
    pub known_until: Option<NaiveDate>,
}

impl AdjustmentVersion {
    /// Whether this is what was known at the end of `day`.
    pub fn known_on(&self, day: NaiveDate) -> bool {
        self.known_from <= day && self.known_until.is_none_or(|until| day < until)
    }
}
