//! How far a withdrawal has come, in the words of the papers (R22).

use super::AuditCode;
use crate::domain::coded::coded;

coded! {
    /// State of a withdrawal (R22).
    ///
    /// They stand in printing order.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum WithdrawalState {
        /// 退会予定 (approved, ahead): a member until the day.
        Ahead = "approved_future" / "退会予定",
        /// 退会済 (approved, past).
        Past = "approved_past" / "退会済",
        /// 保留: filed and not approved, its day ahead or not given (適用日不明).
        Pending = "pending" / "保留",
        /// 承認漏れ: filed and not approved, its day past.
        Overdue = "overdue" / "承認漏れ",
        /// 退会取消: approved and taken back.
        Cancelled = "cancelled" / "退会取消",
        /// 死亡, whatever its day and whoever told it; goes before every other state but a cancellation, which says that there
        /// was none.
        Death = "death" / "死亡",
    }
}

impl WithdrawalState {
    /// The code of a withdrawal in this state.
    pub(super) fn audit_code(self) -> AuditCode {
        match self {
            Self::Ahead => AuditCode::WithdrawalAhead,
            Self::Past => AuditCode::WithdrawalPast,
            Self::Pending => AuditCode::WithdrawalPending,
            Self::Overdue => AuditCode::WithdrawalOverdue,
            Self::Cancelled => AuditCode::WithdrawalCancelled,
            Self::Death => AuditCode::WithdrawalDeath,
        }
    }

    /// Whether withdrawals in this state may be ones that figures count.
    pub fn can_count(self) -> bool {
        matches!(self, Self::Ahead | Self::Past | Self::Death)
    }
}
