//! The kinds of audits.

/// The kinds of audits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditKind {
    /// Withdrawals in their six states (R22).
    Withdrawals,
    /// Late and backdated changes, with the figures that they change (E5).
    Late,
    /// Proxy filings (E6).
    Proxy,
    /// Movements (R20).
    Transfers,
    /// Tier inclusion and cascade (R21).
    Tiers,
    /// The MAMIS difference (R15).
    MamisDifference,
    /// Withdrawals as they were filed, and what disagrees.
    Applications,
    /// Adjustments that hold.
    Adjustments,
    /// Candidates for one person under two numbers.
    SamePersons,
}

impl AuditKind {
    /// Machine name, as on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Withdrawals => "withdrawals",
            Self::Late => "late",
            Self::Proxy => "proxy",
            Self::Transfers => "transfers",
            Self::Tiers => "tiers",
            Self::MamisDifference => "mamis-difference",
            Self::Applications => "applications",
            Self::Adjustments => "adjustments",
            Self::SamePersons => "same-persons",
        }
    }

    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Withdrawals => "退会・転出・死亡",
            Self::Late => "遅れて分かった異動",
            Self::Proxy => "代理申請",
            Self::Transfers => "異動",
            Self::Tiers => "三層の整合",
            Self::MamisDifference => "MAMISの表示との差異",
            Self::Applications => "退会申請",
            Self::Adjustments => "調整",
            Self::SamePersons => "同一人物の候補",
        }
    }
}
