//! Findings (要確認事項): what an import noticed about facts that it nevertheless stored.
//!
//! A finding is a stored fact with two dates like any other. Texts live in `messages` under the code.

use super::coded::coded;
use super::ids::ImportId;
use chrono::NaiveDate;
use serde::Serialize;

use super::ids::{AssociationId, PhysicianId};

coded! {
    /// What was noticed, with the ruling it follows.
    ///
    /// Codes are stable, stored and printed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    pub enum FindingCode {
        /// A later export shows another 入会日 for the same stay (訂正, R4).
        JoinedDayCorrected = "FND-001",
        /// Two stays of one person in one body are both shown and overlap (R4).
        StaysOverlap = "FND-002",
        /// A 退会日 is no longer shown; the stay is open again (R5).
        WithdrawalVanished = "FND-003",
        /// A 退会日 moved (R5).
        WithdrawalMoved = "FND-004",
        /// A stay that has not ended is no longer shown (在籍のまま消えた, R6).
        OpenStayVanished = "FND-005",
        /// The cells of an upper tier became blank on a row that is still shown (R6).
        UpperTierBlank = "FND-006",
        /// Rows of one person contradict each other about an upper tier (R8).
        UpperTierConflict = "FND-007",
        /// A class that nobody mapped (R9).
        ClassUnmapped = "FND-008",
        /// The class changed; its day is estimated from the export that first shows it (推定, R9).
        ClassChangeEstimated = "FND-009",
        /// One number with another birth date and another kana name (R11).
        TwoPersonsUnderOneNumber = "FND-010",
        /// The same stay stands on several rows of one export.
        StayOnSeveralRows = "FND-011",
        /// An approved withdrawal that no export tells; it counts (R22).
        WithdrawalOnlyApplied = "FND-012",
        /// Application and export give different 退会日; the export counts.
        WithdrawalDayDiffers = "FND-013",
        /// No stay fits an approved application.
        ApplicationWithoutStay = "FND-014",
        /// Exports still show a withdrawal that was cancelled (退会取消).
        CancelledWithdrawalShown = "FND-015",
        /// Application and export give different 入会日; the export counts.
        JoinedDayDiffers = "FND-016",
        /// No export shows an approved change of class.
        ClassNotShown = "FND-017",
        /// No stay fits an adjustment, or its days contradict it.
        AdjustmentWithoutStay = "FND-018",
        /// An export after an adjustment says something else; the export counts.
        AdjustmentOvertaken = "FND-019",
        /// Two numbers may be one person (同一人物の候補).
        PossiblySamePerson = "FND-020",
        /// A member of an upper tier without the tier below (R21).
        TierNotIncluded = "FND-021",
        /// Two approved withdrawals on different days for one stay that no export closes; the one learnt first counts.
        TwoWithdrawalsApplied = "FND-022",
        /// Two sources that both show a stay contradict each other; the newer export counts (R26).
        SourcesContradict = "FND-023",
        /// The older export of another source does not yet tell what the newer one tells; the newer one counts (R26).
        SourceBehind = "FND-024",
        /// One 申請番号 stands for two persons: two applications (R27).
        ApplicationNumberReused = "FND-025",
        /// One 調整番号 stands for two persons: two adjustments (R27).
        AdjustmentNumberReused = "FND-026",
        /// No day of a stay is a day of its body (廃止された医師会の在籍); it never counts.
        StayOutsideBody = "FND-030",
    }
}

impl FindingCode {
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
