//! What a person should know of withdrawals before it happens (見回り): those whose day comes within some days, and those whose day
//! has passed without an approval (承認漏れ). Both are read from the ledger of withdrawals (R22); nothing is counted anew.

use anyhow::Result;
use chrono::Days;

use super::context::AuditContext;
use super::withdrawals;
use crate::domain::as_of::{AsOf, Period};
use crate::domain::audit::withdrawals::{Withdrawal, WithdrawalStage};
use crate::service::keep::Workspace;
use crate::service::known::area::{Area, Extent};
use crate::service::known::vintage::Vintage;

/// What was found.
#[derive(Debug)]
pub(in crate::service) struct Watched {
    /// The as-of day and the days after it that were asked for.
    pub(in crate::service) days: Period,
    /// Withdrawals whose day is one of these, approved or not; by day, body, person.
    pub(in crate::service) coming: Vec<Withdrawal>,
    /// Withdrawals whose day has passed without an approval, deaths among them; in the same order.
    pub(in crate::service) overdue: Vec<Withdrawal>,
    /// How many were filed without a day, and so wait for one.
    pub(in crate::service) n_without_day: usize,
}

impl Watched {
    /// How many of those that come nobody has approved.
    pub(in crate::service) fn n_unapproved(&self) -> usize {
        self.coming.iter().filter(|one| one.is_open()).count()
    }
}

/// Looks at the withdrawals of the bodies of a context: those of the as-of day and the next ones, `n_days` in all. The period of
/// the context is not asked.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn watched(context: &AuditContext<'_>, n_days: u32) -> Result<Watched> {
    let from = context.as_of.0;
    let to = from.checked_add_days(Days::new(n_days.saturating_sub(1).into())).unwrap_or(from);
    let days = Period { from, to };
    let all = withdrawals::audit(&AuditContext { period: days, ..*context })?.withdrawals;
    let n_without_day = all.iter().filter(|one| one.is_open() && one.left_on.is_none()).count();
    let (overdue, others): (Vec<Withdrawal>, Vec<Withdrawal>) =
        all.into_iter().partition(|one| one.standing == WithdrawalStage::Overdue);
    let comes = |one: &Withdrawal| {
        one.standing != WithdrawalStage::Cancelled && one.left_on.is_some_and(|day| days.contains(day))
    };
    Ok(Watched { days, coming: others.into_iter().filter(comes).collect(), overdue, n_without_day })
}

/// How many withdrawals of all bodies come within some days of a day, and how many have passed without an approval.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub async fn watched_counts(
    workspace: &Workspace,
    vintage: &Vintage,
    as_of: AsOf,
    n_days: u32,
) -> Result<(usize, usize)> {
    vintage.read_records(workspace).await?;
    let area = Extent::new(&Area::All, &vintage.associations, as_of)?;
    let proxy_reasons = &workspace.config.audit.proxy_reasons;
    let period = Period { from: as_of.0, to: as_of.0 };
    let watched = watched(&AuditContext { vintage, proxy_reasons, as_of, period, area: &area }, n_days)?;
    Ok((watched.coming.len(), watched.overdue.len()))
}
