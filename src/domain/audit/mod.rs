//! Audits: what a person should look at, each finding with a stable code, a severity and the ruling behind it.
//!
//! Every audit yields [`AuditFinding`]s, one shape for screen, file and paper. Titles and next steps live in `messages`
//! under the code. These modules are pure: they know neither files nor the store, and no name of a person. Start reading
//! at [`AuditCode`], then [`withdrawals`] (R22) and [`tiers`] (R21).

pub mod late;
pub mod proxy;
pub mod tiers;
pub mod transfers;
pub mod withdrawal_state;
pub mod withdrawals;

use chrono::NaiveDate;
use serde::Serialize;

use super::finding::FindingCode;
use super::ids::{AssociationId, PhysicianId};
use crate::domain::coded::coded;

coded! {
    /// How much a finding asks for (重要度).
    ///
    /// They stand in printing order.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum AuditSeverity {
        /// A person must look and decide (要確認).
        Person = "person" / "要確認",
        /// Worth watching; it may settle by itself (注意).
        Attention = "attention" / "注意",
        /// In order; listed so that nothing is missing (情報).
        Information = "information" / "情報",
    }
}

macro_rules! audit_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident, $rule:literal;)*) => {
        /// What an audit found. Codes are stable: they stand in files that offices keep.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AuditCode { $($(#[$doc])* $name,)* }

        impl AuditCode {
            /// All codes, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Stable code, such as AUD-001.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How much it asks for.
            pub fn severity(self) -> AuditSeverity {
                match self { $(Self::$name => AuditSeverity::$severity,)* }
            }

            /// The ruling it follows, such as R22.
            pub fn rule(self) -> &'static str {
                match self { $(Self::$name => $rule,)* }
            }
        }
    };
}

audit_codes! {
    /// Approved, its day past (退会済).
    WithdrawalPast = "AUD-001", Information, "R22";
    /// Approved, its day ahead (退会予定).
    WithdrawalAhead = "AUD-002", Information, "R22";
    /// Filed and not approved, its day ahead (保留).
    WithdrawalPending = "AUD-003", Attention, "R22";
    /// Filed and not approved, its day past (承認漏れ).
    WithdrawalOverdue = "AUD-004", Person, "R22";
    /// Approved and taken back (退会取消).
    WithdrawalCancelled = "AUD-005", Information, "R22";
    /// Ended by death (死亡).
    WithdrawalDeath = "AUD-006", Information, "R22";

    /// An exit that became known after figures that it changes were given out.
    LateWithdrawal = "AUD-010", Person, "R17";
    /// An exit that became known late and changes no figure that was given out.
    LateWithdrawalUnpublished = "AUD-011", Information, "R17";
    /// An entry that became known after figures that it changes were given out.
    LateJoin = "AUD-012", Person, "R17";
    /// An entry that became known late and changes no figure that was given out.
    LateJoinUnpublished = "AUD-013", Information, "R17";

    /// A withdrawal filed in the member's place for a reason that does not allow it.
    ProxyReason = "AUD-020", Person, "R22";
    /// A proxy filing without a note of its evidence.
    ProxyEvidence = "AUD-021", Person, "R22";
    /// Left with 所在不明 and seen again.
    MissingReappeared = "AUD-022", Person, "R22";
    /// A proxy filing with an allowed reason and a note.
    ProxyInOrder = "AUD-023", Information, "R22";

    /// A transfer whose two days meet.
    TransferTouching = "AUD-030", Information, "R20";
    /// A transfer with days of no membership between.
    TransferGap = "AUD-031", Person, "R20";
    /// A transfer with days of two memberships.
    TransferOverlap = "AUD-032", Person, "R20";
    /// A transfer that leaves and enters on one day, which counts twice.
    TransferSameDay = "AUD-033", Person, "R20";
    /// Left with 転出, and entered nowhere that can be seen within 90 days (転出後未入会).
    NowhereSeen = "AUD-034", Person, "R20";
    /// Left with 転出; 90 days have not passed (転出後未入会の待ち).
    NowhereSeenYet = "AUD-035", Attention, "R20";
    /// Left and entered the same body (不要な退会・入会).
    Needless = "AUD-036", Person, "R20";
    /// Entered while another body goes on (兼務).
    Concurrent = "AUD-037", Information, "R20";
    /// Moved by a merger or division (組織変更).
    Reorganised = "AUD-038", Information, "R20";
    /// The body ended, and no successor shows the member.
    ReorganisedNowhere = "AUD-039", Person, "R20";

    /// An upper tier without the tier below for up to 90 days, by a move.
    TierMove = "AUD-040", Attention, "R21";
    /// The tier below was left; the upper one goes on.
    TierExitMissing = "AUD-041", Person, "R21";
    /// The upper tier was left later than the one below.
    TierExitLate = "AUD-042", Person, "R21";
    /// An upper tier that began without the tier below.
    TierWithoutLower = "AUD-043", Person, "R21";
    /// The upper tier was left earlier than the one below, within 90 days.
    TierExitEarlier = "AUD-044", Attention, "R21";
    /// An upper tier without the tier below for more than 90 days between two stays.
    TierLongMove = "AUD-045", Person, "R21";

    /// Withdrawal approved and ahead: we count, MAMIS does not.
    DifferenceWithdrawalAhead = "AUD-050", Information, "R15";
    /// Join approved and ahead: MAMIS counts, we do not.
    DifferenceJoinAhead = "AUD-051", Information, "R15";
    /// In force, and the newest export does not show it.
    DifferenceNotShown = "AUD-052", Attention, "R15";
    /// Counted, or not, through an application or adjustment that the export does not reflect.
    DifferenceCorrected = "AUD-053", Information, "R15";
    /// A row that says 在籍 of a body that is not there on the day.
    DifferenceBodyNotThere = "AUD-054", Attention, "R15";
    /// Nothing explains the difference: a fault of the program.
    DifferenceUnexplained = "AUD-055", Person, "R15";
    /// The stored state says otherwise than the days (会員状態と日付の不一致).
    DifferenceContradiction = "AUD-056", Person, "R15";
    /// One person shown twice in one body (二重の行).
    DifferenceDoubleRow = "AUD-057", Person, "R15";

    /// An adjustment that holds.
    AdjustmentHolds = "AUD-060", Information, "R16";
}

/// The code of a line of an audit: its own, or that of a finding of an import that it repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckCode {
    /// Found by an audit.
    Audit(AuditCode),
    /// Found when files met (要確認事項).
    Finding(FindingCode),
}

impl CheckCode {
    /// Stable code, such as AUD-001 or FND-005.
    pub fn code(self) -> &'static str {
        match self {
            Self::Audit(code) => code.code(),
            Self::Finding(code) => code.code(),
        }
    }

    /// How much it asks for. What was found when files met needs a person, but a source that is only behind, which its next
    /// export resolves, and a number that is used again, which may be meant so.
    pub fn severity(self) -> AuditSeverity {
        use FindingCode::{AdjustmentNumberReused, ApplicationNumberReused, SourceBehind};
        match self {
            Self::Audit(code) => code.severity(),
            Self::Finding(ApplicationNumberReused | AdjustmentNumberReused | SourceBehind) => AuditSeverity::Attention,
            Self::Finding(_) => AuditSeverity::Person,
        }
    }
}

impl From<AuditCode> for CheckCode {
    fn from(code: AuditCode) -> Self {
        Self::Audit(code)
    }
}

impl From<FindingCode> for CheckCode {
    fn from(code: FindingCode) -> Self {
        Self::Finding(code)
    }
}

/// One finding of any audit. It names no person beyond the surrogate id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFinding {
    /// What was found.
    pub code: CheckCode,
    /// About whom.
    pub physician: PhysicianId,
    /// The body concerned; of a movement the one that was left.
    pub association: Option<AssociationId>,
    /// The other body: the one entered, or the one of the tier below.
    pub other: Option<AssociationId>,
    /// The day of the thing itself: 退会日, 適用日, or the first day of a break.
    pub before: Option<NaiveDate>,
    /// The day it is compared with: 入会日 of the entry, the day that holds now, or the first day after a break.
    pub after: Option<NaiveDate>,
    /// Day of the file that first told it, where that matters.
    pub learnt_on: Option<NaiveDate>,
    /// Days of lag, gap (negative: overlap) or break.
    pub days: Option<i64>,
    /// What else there is to say, in Japanese; no name, number or birth date of anybody.
    pub detail: String,
}

impl AuditFinding {
    /// A finding with nothing but its code, person and body.
    pub fn new(code: impl Into<CheckCode>, physician: PhysicianId, association: Option<AssociationId>) -> Self {
        Self {
            code: code.into(),
            physician,
            association,
            other: None,
            before: None,
            after: None,
            learnt_on: None,
            days: None,
            detail: String::new(),
        }
    }

    /// Whether a person must look.
    pub fn needs_person(&self) -> bool {
        self.code.severity() == AuditSeverity::Person
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_once_and_in_order() {
        let codes: Vec<&str> = AuditCode::ALL.iter().map(|code| code.code()).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        assert!(AuditCode::ALL.iter().all(|code| code.rule().starts_with('R')));
    }
}
