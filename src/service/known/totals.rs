//! Memberships and heads by tier.

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::domain::association::{Associations, Tier};
use crate::stats::Counts;

/// Memberships and heads of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TierTotal {
    /// Distinct pairs of person and body.
    pub memberships: i64,
    /// Distinct persons.
    pub heads: i64,
    /// Whether nothing is known of the tier on the day (R7): then both are 0 and mean nothing.
    pub is_unknown: bool,
}

impl Serialize for TierTotal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known = |n: i64| (!self.is_unknown).then_some(n);
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("memberships", &known(self.memberships))?;
        map.serialize_entry("heads", &known(self.heads))?;
        map.end()
    }
}

/// Totals of the tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// 郡市区等.
    pub local: TierTotal,
    /// 都道府県.
    pub prefectural: TierTotal,
    /// 日本医師会.
    pub national: TierTotal,
}

/// Totals by tier.
pub fn totals(associations: &Associations, counts: &Counts) -> Totals {
    let total = |tier: Tier| TierTotal {
        memberships: counts.memberships(associations, tier),
        heads: counts.heads[tier.index()],
        is_unknown: false,
    };
    Totals { local: total(Tier::Local), prefectural: total(Tier::Prefectural), national: total(Tier::National) }
}

impl Totals {
    /// The same with the tiers marked of which nothing is known: those that `is_covered` denies and in which nobody is.
    pub(in crate::service) fn with_unknown(self, is_covered: impl Fn(Tier) -> bool) -> Self {
        let mark = |tier: Tier, total: TierTotal| TierTotal {
            is_unknown: total.memberships == 0 && !is_covered(tier),
            ..total
        };
        Self {
            local: mark(Tier::Local, self.local),
            prefectural: mark(Tier::Prefectural, self.prefectural),
            national: mark(Tier::National, self.national),
        }
    }

    /// Memberships of all tiers together.
    pub(in crate::service) fn n_members(&self) -> i64 {
        self.local.memberships + self.prefectural.memberships + self.national.memberships
    }
}
