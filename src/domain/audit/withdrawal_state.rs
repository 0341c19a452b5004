//! How far a withdrawal has come, in the words of the papers (R22).

use super::AuditCode;

/// State of a withdrawal (R22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WithdrawalState {
    /// 承認済・未来: a member until the day.
    Ahead,
    /// 承認済・過去.
    Past,
    /// 保留: filed and not approved, its day ahead or not given (適用日不明).
    Pending,
    /// 承認漏れ: filed and not approved, its day past.
    Overdue,
    /// 退会取消: approved and taken back.
    Cancelled,
    /// 死亡, whatever its day and whoever told it; goes before every other state but a cancellation, which says that there
    /// was none.
    Death,
}

impl WithdrawalState {
    /// All states in printing order.
    pub const ALL: [Self; 6] = [Self::Ahead, Self::Past, Self::Pending, Self::Overdue, Self::Cancelled, Self::Death];

    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ahead => "承認済・未来",
            Self::Past => "承認済・過去",
            Self::Pending => "保留",
            Self::Overdue => "承認漏れ",
            Self::Cancelled => "退会取消",
            Self::Death => "死亡",
        }
    }

    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ahead => "approved_future",
            Self::Past => "approved_past",
            Self::Pending => "pending",
            Self::Overdue => "overdue",
            Self::Cancelled => "cancelled",
            Self::Death => "death",
        }
    }

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
