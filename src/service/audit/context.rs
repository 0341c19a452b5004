//! What an audit is narrowed to: a day and a period, and the bodies that it is about. Audits are worked out for all bodies,
//! once for a vintage; nothing is asked of the store here.

use crate::domain::as_of::{AsOf, Period};
use crate::domain::association::Tier;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::ids::AssociationId;
use crate::service::known::area::Extent;
use crate::service::known::vintage::Vintage;

/// What every audit is made from.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct AuditContext<'a> {
    pub(in crate::service) vintage: &'a Vintage,
    /// Reasons for which proxy filings are allowed.
    pub(in crate::service) proxy_reasons: &'a [WithdrawalReason],
    pub(in crate::service) as_of: AsOf,
    pub(in crate::service) period: Period,
    pub(in crate::service) area: &'a Extent,
}

impl AuditContext<'_> {
    /// Whether the audit is about a body.
    pub(in crate::service) fn keeps(&self, id: AssociationId) -> bool {
        self.vintage.associations.rank(id).is_some_and(|rank| self.area.bodies.has(rank))
    }

    /// Place of a body in official order.
    pub(super) fn rank(&self, id: AssociationId) -> usize {
        rank(self.vintage, id)
    }
}

/// Whether a body is one of the local tier.
pub(super) fn is_local(vintage: &Vintage, id: AssociationId) -> bool {
    vintage.associations.get(id).is_some_and(|body| body.tier == Tier::Local)
}

/// Place of a body in official order.
pub(super) fn rank(vintage: &Vintage, id: AssociationId) -> usize {
    vintage.associations.rank(id).unwrap_or(usize::MAX)
}
