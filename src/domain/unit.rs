//! In what figures are counted.

/// Unit of a figure, as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Pairs of person and body (人、延べ).
    Memberships,
    /// Distinct persons (人、実人数).
    Heads,
    /// Difference of two counts (人).
    Difference,
    /// Per cent with one decimal (％).
    Percent,
    /// Delegates (人).
    Seats,
    /// Findings, applications or movements (件).
    Cases,
}

impl Unit {
    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Memberships => "人（延べ）",
            Self::Heads => "人（実人数）",
            Self::Difference | Self::Seats => "人",
            Self::Percent => "％",
            Self::Cases => "件",
        }
    }
}
