//! Transfers between bodies of one tier (異動, R20), and the stays from which `pairing` and `reorganisation` find them.

use chrono::NaiveDate;
use serde::Serialize;

use super::as_of::WithdrawalDayRule;
use super::association::Associations;
use super::enrolment::{KnownStay, WithdrawalReason};
use super::ids::AssociationId;

/// A stay of one person in a body of one tier, as far as pairing needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayToPair {
    /// The body.
    pub association: AssociationId,
    /// Prefecture code of the body.
    pub prefecture: String,
    /// 入会日.
    pub joined_on: NaiveDate,
    /// 退会日.
    pub left_on: Option<NaiveDate>,
    /// Reason of the exit.
    pub reason: WithdrawalReason,
}

impl StayToPair {
    /// A known stay; `None` where nobody has joined, or the master does not have the body.
    pub fn of(stay: &KnownStay, associations: &Associations) -> Option<Self> {
        Some(Self {
            association: stay.association,
            prefecture: associations.get(stay.association)?.prefecture.clone(),
            joined_on: stay.joined_on?,
            left_on: stay.left_on,
            reason: stay.reason,
        })
    }
}

/// What a movement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// Paired inside one prefecture (県内異動).
    WithinPrefecture,
    /// Paired across prefectures (県外異動).
    AcrossPrefectures,
    /// Left and entered the same body again (不要な退会・入会).
    Needless,
    /// Left with 転出 and entered nowhere that can be seen (転出後未入会).
    NowhereSeen,
    /// Entered while another body goes on (兼務).
    Concurrent,
    /// The body was merged or divided, and the member with it (組織変更); neither 入会 nor 退会.
    Reorganised,
}

impl TransferKind {
    /// All kinds in printing order.
    pub const ALL: [Self; 6] = [
        Self::WithinPrefecture,
        Self::AcrossPrefectures,
        Self::NowhereSeen,
        Self::Needless,
        Self::Concurrent,
        Self::Reorganised,
    ];

    /// Whether an exit and an entry in another body make it: 異動 of a person.
    pub fn is_paired(self) -> bool {
        matches!(self, Self::WithinPrefecture | Self::AcrossPrefectures)
    }

    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::WithinPrefecture => "県内異動",
            Self::AcrossPrefectures => "県外異動",
            Self::Needless => "不要な退会・入会",
            Self::NowhereSeen => "転出後未入会",
            Self::Concurrent => "兼務",
            Self::Reorganised => "組織変更",
        }
    }

    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::WithinPrefecture => "within_prefecture",
            Self::AcrossPrefectures => "across_prefectures",
            Self::Needless => "needless",
            Self::NowhereSeen => "nowhere_seen",
            Self::Concurrent => "concurrent",
            Self::Reorganised => "reorganised",
        }
    }
}

/// A movement of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// What it is.
    pub kind: TransferKind,
    /// Body left and 退会日; `None` for 兼務.
    pub exit: Option<(AssociationId, NaiveDate)>,
    /// Body entered and 入会日; `None` for 転出後未入会, and for 組織変更 of a person whom no successor shows.
    pub entry: Option<(AssociationId, NaiveDate)>,
    /// Days between without membership ([`gap_days`]); negative days overlap.
    pub gap_days: Option<i64>,
}

/// Days without membership between a 退会日 and an 入会日; negative days overlap (R20). Where the 退会日 is a member day
/// that is 入会日 − 退会日 − 1, else 入会日 − 退会日.
pub fn gap_days(left_on: NaiveDate, joined_on: NaiveDate, rule: WithdrawalDayRule) -> i64 {
    (joined_on - rule.ended_on(left_on)).num_days()
}

impl Transfer {
    /// Whether a person should look: dates that do not meet, or a half that is missing.
    pub fn needs_person(&self) -> bool {
        match self.kind {
            TransferKind::WithinPrefecture | TransferKind::AcrossPrefectures => self.gap_days != Some(0),
            TransferKind::Needless | TransferKind::NowhereSeen => true,
            TransferKind::Concurrent => false,
            // The members of a body that is no more must be somewhere.
            TransferKind::Reorganised => self.entry.is_none(),
        }
    }

    /// Days on which the movement happened, the exit first.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.exit.map(|(_, day)| day).into_iter().chain(self.entry.map(|(_, day)| day))
    }
}
