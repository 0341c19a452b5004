//! What a source says about one stay of a physician in an association (入会から退会まで).
//!
//! These are facts as reported. Whether somebody counts on a day is decided in `membership` and `count`;
//! how two exports are brought together is decided in `reconcile`.

use chrono::NaiveDate;
use serde::Serialize;

use super::class::NationalClass;
use super::coded::coded;
use super::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};

/// The reported facts of one stay, normalised: other spellings of the same fact are equal (R14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayFacts {
    /// Day the physician asked for (入会希望日). Never used for counting.
    pub wished_on: Option<NaiveDate>,
    /// First member day (入会日), inclusive; `None` while the application is pending (申請中, R10).
    pub joined_on: Option<NaiveDate>,
    /// Reported withdrawal day (退会日); whether it still counts is the withdrawal-day rule (R2).
    pub left_on: Option<NaiveDate>,
    /// Class in the national scheme.
    pub class: NationalClass,
    /// The class as written when nobody mapped it, or the word of the body's own scheme; `None` for a national spelling.
    pub class_text: Option<Box<str>>,
    /// Reason of the withdrawal (退会理由).
    pub reason: WithdrawalReason,
    /// The reason as written, kept only when it is not in the mapping table.
    pub reason_text: Option<Box<str>>,
    /// The source's own idea of the state (会員状態); local stays only.
    pub status: SourceStatus,
}

impl StayFacts {
    /// Whether two stays share more than a border day, as stored and whatever the withdrawal-day rule is (R1).
    ///
    /// A stay without 入会日 overlaps nothing. Stays that touch (one leaves on the day the other joins) do not
    /// overlap: leaving and joining again on one day is ordinary.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.joined_on, other.joined_on) else { return false };
        let starts_before_end = |start: NaiveDate, end: Option<NaiveDate>| end.is_none_or(|end| start < end);
        starts_before_end(a, other.left_on) && starts_before_end(b, self.left_on)
    }

    /// Whether the stay is over before `day`: the withdrawal day has passed.
    pub fn ended_before(&self, day: NaiveDate) -> bool {
        self.left_on.is_some_and(|left| left < day)
    }

    /// Whether the stay is in force on `day` under the default rule (入会日 ≤ day ≤ 退会日).
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        self.joined_on.is_some_and(|joined| joined <= day) && !self.ended_before(day)
    }
}

coded! {
    /// Why somebody left (退会理由). No official code list exists; the mapping is data.
    /// They stand in printing order, which is that of their stored numbers: never reorder. The machine code is also the key of
    /// the mapping table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    pub enum WithdrawalReason {
        /// No reason given, or no withdrawal.
        None = "none" / "",
        /// Death (死亡).
        Death = "death" / "死亡",
        /// Move to another association (転出).
        MovedAway = "moved_away" / "転出",
        /// Whereabouts unknown (所在不明).
        Missing = "missing" / "所在不明",
        /// At the member's own wish (本人希望).
        OwnWish = "own_wish" / "本人希望",
        /// Unpaid fees (会費滞納).
        UnpaidFees = "unpaid_fees" / "会費滞納",
        /// Expulsion (除名).
        Expelled = "expelled" / "除名",
        /// Any other reason (その他).
        Other = "other" / "その他",
    }
}

impl WithdrawalReason {
    /// Stored number. Never reorder.
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The reason at a stored number.
    pub fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }
}

/// The state that the source itself shows for a row (会員状態). MAMIS says 退会 as soon as a withdrawal is
/// approved, even when its day lies ahead; so this is compared with, never counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum SourceStatus {
    /// Empty, not understood, or a stay of an upper tier.
    Unknown,
    /// 在籍.
    Active,
    /// 退会.
    Withdrawn,
    /// 申請中.
    Pending,
}

impl SourceStatus {
    /// Stored number. Never reorder.
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The status at a stored number.
    pub fn from_index(index: u8) -> Option<Self> {
        [Self::Unknown, Self::Active, Self::Withdrawn, Self::Pending].get(usize::from(index)).copied()
    }
}

/// One version of an enrolment: what was known about a stay from one export day until the next change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentVersion {
    /// The enrolment that this is a version of.
    pub enrolment: EnrolmentId,
    /// Where it was learnt.
    pub source: SourceId,
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// What was said.
    pub facts: StayFacts,
    /// First day of the class; `None` when it holds from the beginning of the stay (R9).
    pub class_from: Option<NaiveDate>,
    /// Rows of the newest export that showed the stay; 0 when that export no longer shows it (R6).
    pub rows_shown: u16,
    /// Export day that brought this version, inclusive.
    pub known_from: NaiveDate,
    /// Export day that superseded it, exclusive; `None` for the version that stands.
    pub known_until: Option<NaiveDate>,
}

impl EnrolmentVersion {
    /// Whether this is what was known at the end of `day`.
    pub fn known_on(&self, day: NaiveDate) -> bool {
        self.known_from <= day && self.known_until.is_none_or(|until| day < until)
    }
}

coded! {
    /// Who speaks last about a stay.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ReportedBy {
        /// A member export (会員一覧).
        Export = "export" / "会員一覧",
        /// An approved application that no export reflects (申請, R22).
        Application = "application" / "申請",
        /// An adjustment that a person approved (調整).
        Adjustment = "adjustment" / "調整",
    }
}

/// Who says each fact of a stay: three kinds of evidence may each have a part in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportedFacts {
    /// Who says 入会日.
    pub joined_on: ReportedBy,
    /// Who says 退会日, or that there is none.
    pub left_on: ReportedBy,
    /// Who says the present class, or its first day.
    pub class: ReportedBy,
}

impl ReportedFacts {
    /// One of them for all of them.
    pub fn all(by: ReportedBy) -> Self {
        Self { joined_on: by, left_on: by, class: by }
    }
}

/// A stay as known on a day, for audits and lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownStay {
    /// The stay.
    pub enrolment: EnrolmentId,
    /// Where it was learnt.
    pub source: SourceId,
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// 入会日; `None` = pending.
    pub joined_on: Option<NaiveDate>,
    /// 退会日 as reported.
    pub left_on: Option<NaiveDate>,
    /// Class last shown.
    pub class: NationalClass,
    /// Reason of the withdrawal.
    pub reason: WithdrawalReason,
    /// 会員状態 last shown.
    pub status: SourceStatus,
    /// Rows of the newest export that show it; 0 = not shown.
    pub rows_shown: u16,
    /// Day of the file that first told the present 入会日: an export, or an adjustment.
    pub joined_known_from: NaiveDate,
    /// Day of the file that first told the present 退会日: an export, an application or an adjustment; `None` without
    /// a 退会日.
    pub left_known_from: Option<NaiveDate>,
    /// Export that first showed the present 退会日; `None` when none shows it.
    pub left_shown_from: Option<NaiveDate>,
    /// Export that first showed the stay.
    pub first_known_from: NaiveDate,
    /// Who says each of its facts.
    pub told: ReportedFacts,
}

impl KnownStay {
    /// Who speaks last about the days of the stay.
    pub fn reported_by(&self) -> ReportedBy {
        self.told.joined_on.max(self.told.left_on)
    }
}
