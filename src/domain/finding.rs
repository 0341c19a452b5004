//! Findings (要確認事項): what an import noticed about facts that it nevertheless stored.
//!
//! A finding is a stored fact with two dates like any other. Texts live in `messages` under the code.

use super::ids::ImportId;
use chrono::NaiveDate;
use serde::Serialize;

use super::ids::{AssociationId, PhysicianId};

/// What was noticed, with the ruling it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum FindingCode {
    /// A later export shows another 入会日 for the same stay (訂正, R4).
    JoinedDayCorrected,
    /// Two stays of one person in one body are both shown and overlap (R4).
    StaysOverlap,
    /// A 退会日 is no longer shown; the stay is open again (R5).
    WithdrawalVanished,
    /// A 退会日 moved (R5).
    WithdrawalMoved,
    /// A stay that has not ended is no longer shown (在籍のまま消えた, R6).
    OpenStayVanished,
    /// The cells of an upper tier became blank on a row that is still shown (R6).
    UpperTierBlank,
    /// Rows of one person contradict each other about an upper tier (R8).
    UpperTierConflict,
    /// A class that nobody mapped (R9).
    ClassUnmapped,
    /// The class changed; its day is estimated from the export that first shows it (推定, R9).
    ClassChangeEstimated,
    /// One number with another birth date and another kana name (R11).
    TwoPersonsUnderOneNumber,
    /// The same stay stands on several rows of one export.
    StayOnSeveralRows,
    /// An approved withdrawal that no export tells; it counts (R22).
    WithdrawalOnlyApplied,
    /// Application and export give different 退会日; the export counts.
    WithdrawalDayDiffers,
    /// No stay fits an approved application.
    ApplicationWithoutStay,
    /// Exports still show a withdrawal that was cancelled (退会取消).
    CancelledWithdrawalShown,
    /// Application and export give different 入会日; the export counts.
    JoinedDayDiffers,
    /// No export shows an approved change of class.
    ClassNotShown,
    /// No stay fits an adjustment, or its days contradict it.
    AdjustmentWithoutStay,
    /// An export after an adjustment says something else; the export counts.
    AdjustmentOvertaken,
    /// Two numbers may be one person (同一人物の候補).
    PossiblySamePerson,
    /// A member of an upper tier without the tier below (R21).
    TierNotIncluded,
    /// Two approved withdrawals on different days for one stay that no export closes; the one learnt first counts.
    TwoWithdrawalsApplied,
    /// Two sources that both show a stay contradict each other; the newer export counts (R26).
    SourcesContradict,
    /// The older export of another source does not yet tell what the newer one tells; the newer one counts (R26).
    SourceBehind,
    /// One 申請番号 stands for two persons: two applications (R27).
    ApplicationNumberReused,
    /// One 調整番号 stands for two persons: two adjustments (R27).
    AdjustmentNumberReused,
    /// No day of a stay is a day of its body (廃止された医師会の在籍); it never counts.
    StayOutsideBody,
}

impl FindingCode {
    /// All codes.
    pub const ALL: [Self; 27] = [
        Self::JoinedDayCorrected,
        Self::StaysOverlap,
        Self::WithdrawalVanished,
        Self::WithdrawalMoved,
        Self::OpenStayVanished,
        Self::UpperTierBlank,
        Self::UpperTierConflict,
        Self::ClassUnmapped,
        Self::ClassChangeEstimated,
        Self::TwoPersonsUnderOneNumber,
        Self::StayOnSeveralRows,
        Self::WithdrawalOnlyApplied,
        Self::WithdrawalDayDiffers,
        Self::ApplicationWithoutStay,
        Self::CancelledWithdrawalShown,
        Self::JoinedDayDiffers,
        Self::ClassNotShown,
        Self::AdjustmentWithoutStay,
        Self::AdjustmentOvertaken,
        Self::PossiblySamePerson,
        Self::TierNotIncluded,
        Self::TwoWithdrawalsApplied,
        Self::SourcesContradict,
        Self::SourceBehind,
        Self::ApplicationNumberReused,
        Self::AdjustmentNumberReused,
        Self::StayOutsideBody,
    ];

    /// Stable code, stored and printed.
    pub fn code(self) -> &'static str {
        match self {
            Self::JoinedDayCorrected => "FND-001",
            Self::StaysOverlap => "FND-002",
            Self::WithdrawalVanished => "FND-003",
            Self::WithdrawalMoved => "FND-004",
            Self::OpenStayVanished => "FND-005",
            Self::UpperTierBlank => "FND-006",
            Self::UpperTierConflict => "FND-007",
            Self::ClassUnmapped => "FND-008",
            Self::ClassChangeEstimated => "FND-009",
            Self::TwoPersonsUnderOneNumber => "FND-010",
            Self::StayOnSeveralRows => "FND-011",
            Self::WithdrawalOnlyApplied => "FND-012",
            Self::WithdrawalDayDiffers => "FND-013",
            Self::ApplicationWithoutStay => "FND-014",
            Self::CancelledWithdrawalShown => "FND-015",
            Self::JoinedDayDiffers => "FND-016",
            Self::ClassNotShown => "FND-017",
            Self::AdjustmentWithoutStay => "FND-018",
            Self::AdjustmentOvertaken => "FND-019",
            Self::PossiblySamePerson => "FND-020",
            Self::TierNotIncluded => "FND-021",
            Self::TwoWithdrawalsApplied => "FND-022",
            Self::SourcesContradict => "FND-023",
            Self::SourceBehind => "FND-024",
            Self::ApplicationNumberReused => "FND-025",
            Self::AdjustmentNumberReused => "FND-026",
            Self::StayOutsideBody => "FND-030",
        }
    }

    /// The finding of a stable code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.code() == code)
    }

    /// Whether it is about an adjustment that has no effect.
    pub fn is_about_adjustment(self) -> bool {
        matches!(self, Self::AdjustmentWithoutStay | Self::AdjustmentOvertaken)
    }

    /// A state lasts until an export no longer shows it; an event stays as it is for ever.
    pub fn is_state(self) -> bool {
        !matches!(
            self,
            Self::JoinedDayCorrected | Self::WithdrawalVanished | Self::WithdrawalMoved | Self::ClassChangeEstimated
        )
    }
}

/// One finding before it is stored. It names no person beyond the surrogate id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What was noticed.
    pub code: FindingCode,
    /// About whom.
    pub physician: PhysicianId,
    /// In which body; `None` when it is about the person as such.
    pub association: Option<AssociationId>,
    /// The date before, where dates changed.
    pub date_before: Option<NaiveDate>,
    /// The date after, where dates changed.
    pub date_after: Option<NaiveDate>,
    /// Row of the file as Excel shows it, when a row showed it.
    pub row: Option<u32>,
}

/// A finding with when it was known, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFinding {
    /// The finding.
    pub finding: Finding,
    /// Export day that raised it.
    pub known_from: NaiveDate,
    /// The import that raised it.
    pub import: ImportId,
}
