//! Applications (申請): what was filed about a stay, who filed it, and how far it has come.
//!
//! An application never makes a member by itself. How it meets the stays of the member file is decided in
//! `resolved`; this module only says what an application is.

use chrono::NaiveDate;
use serde::Serialize;

use super::class::NationalClass;
use super::coded::coded;
use super::enrolment::WithdrawalReason;
use super::ids::{AssociationId, ImportId, PhysicianId, SourceId};

coded! {
    /// What is applied for (申請種別).
    ///
    /// They stand in the order of their stored numbers, which never change; the machine code is also the key of the vocabulary.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ApplicationKind {
        /// 入会.
        Joining = "joining" / "入会",
        /// 退会.
        Withdrawal = "withdrawal" / "退会",
        /// 区分変更.
        ClassChange = "class_change" / "区分変更",
        /// Anything else: a change of facility or address (施設変更, 軽微な変更).
        Other = "other" / "その他の変更",
    }
}

impl ApplicationKind {
    /// Stored number. Never reorder.
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The kind at a stored number.
    pub fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }
}

/// Who filed it (申請者区分).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filer {
    /// Not given or not understood.
    Unknown,
    /// The physician (本人).
    Person,
    /// An association in the physician's place (代理): death, whereabouts unknown.
    Proxy,
}

impl Filer {
    /// Stored number. Never reorder.
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The filer at a stored number.
    pub fn from_index(index: u8) -> Option<Self> {
        [Self::Unknown, Self::Person, Self::Proxy].get(usize::from(index)).copied()
    }

    /// Printed name; empty when unknown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Person => "本人",
            Self::Proxy => "代理",
        }
    }
}

coded! {
    /// How far an application has come (状態).
    ///
    /// They stand in the order of their stored numbers, which never change; the machine code is also the key of the vocabulary.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ApplicationStatus {
        /// Empty or not understood; has no effect.
        Unknown = "unknown" / "不明",
        /// Filed and not approved (申請中).
        Pending = "pending" / "申請中",
        /// 承認済.
        Approved = "approved" / "承認済",
        /// Approved and taken back (退会取消).
        Cancelled = "cancelled" / "取消し",
    }
}

impl ApplicationStatus {
    /// Stored number. Never reorder.
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The status at a stored number.
    pub fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }
}

/// One application, normalised. Two rows with one number, person, body and kind are versions of one application (R27).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// 申請番号 of the source; receipt numbers may begin at 1 again in a new 年度.
    pub number: Box<str>,
    /// 申請種別.
    pub kind: ApplicationKind,
    /// The person.
    pub physician: PhysicianId,
    /// The body it is about (対象医師会).
    pub association: AssociationId,
    /// 申請者区分.
    pub filer: Filer,
    /// 申請日.
    pub applied_on: Option<NaiveDate>,
    /// Day from which it holds (適用日): 入会日, 退会日 as reported, or the first day of the class.
    pub effective_on: Option<NaiveDate>,
    /// 承認日.
    pub approved_on: Option<NaiveDate>,
    /// 取消日.
    pub cancelled_on: Option<NaiveDate>,
    /// 状態.
    pub status: ApplicationStatus,
    /// Class applied for (新しい会員区分), for a change of class.
    pub class: Option<NationalClass>,
    /// 退会理由.
    pub reason: WithdrawalReason,
    /// 備考, exactly as it came; the evidence of a proxy filing stands here.
    pub note: Box<str>,
}

impl Application {
    /// Whether two versions say the same of everything that has an effect: a new 備考 or 申請者区分 is no news.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let effect =
            |application: &Self| (application.status, application.effective_on, application.class, application.reason);
        self.key() == other.key() && effect(self) == effect(other)
    }

    /// What makes two rows versions of one application: number, person, body, kind (R27).
    pub fn key(&self) -> (&str, PhysicianId, AssociationId, ApplicationKind) {
        (&self.number, self.physician, self.association, self.kind)
    }
}

/// One version of an application: what was known of it from one export day until the next change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationVersion {
    /// What was said.
    pub application: Application,
    /// Where it was learnt.
    pub source: SourceId,
    /// The import that brought it.
    pub import: ImportId,
    /// Row of the file as Excel shows it.
    pub row: u32,
    /// Export day that brought this version, inclusive.
    pub known_from: NaiveDate,
    /// Export day that superseded it, exclusive; `None` for the version that stands.
    pub known_until: Option<NaiveDate>,
}

impl ApplicationVersion {
    /// Whether this is what was known at the end of `day`.
    pub fn known_on(&self, day: NaiveDate) -> bool {
        self.known_from <= day && self.known_until.is_none_or(|until| day < until)
    }
}
