//! Roll-forwards (R16): opening, movements and closing of every body and class, at one known-at; and what is already
//! certain about the next twelve months.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::{Months, NaiveDate};

use super::audit::{PendingWithdrawal, pending_withdrawals};
use super::query::Vintage;
use super::revision::source;
use crate::domain::as_of::{AsOf, Period, month_end};
use crate::domain::day::next_day;
use crate::timeline::Evidence;

pub use crate::domain::roll_forward::{Booking, Flow, FlowRow, RollForward};

/// Months ahead of which the certain future is told.
pub const FUTURE_MONTHS: u32 = 12;

/// The roll-forward of all bodies and classes over (opening day, closing day].
///
/// # Errors
/// When the timeline cannot be read.
pub fn roll_forward(vintage: &Vintage, opened_on: NaiveDate, closed_on: NaiveDate) -> Result<RollForward> {
    let found = roll_forwards(vintage, &[opened_on, closed_on])?;
    found.first().cloned().context("two days have one period between them")
}

/// The roll-forwards of consecutive periods in one pass: from each day to the next. `days` ascend; one fewer comes back.
///
/// # Errors
/// When the timeline cannot be read.
pub fn roll_forwards(vintage: &Vintage, days: &[NaiveDate]) -> Result<Arc<Vec<RollForward>>> {
    vintage.answers.roll_forwards.get_or(days.to_vec(), || {
        let unadjusted = vintage.adjusted_memberships(Evidence::WithoutAdjustments)?;
        Ok(source(vintage).roll_forwards(vintage.all_memberships()?, &unadjusted, days)?)
    })
}

/// The roll-forward of a period with the movements that lists by 退会日 need beside it (R16).
#[derive(Debug)]
pub struct ListedMovements {
    /// The roll-forward.
    pub roll_forward: RollForward,
    /// Movements whose 退会日 lies in the period although they are booked on the day after it.
    pub booked_after: Vec<Booking>,
}

impl ListedMovements {
    /// Opens the movements of a period.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub fn of(vintage: &Vintage, period: Period) -> Result<Self> {
        let opened_on = period.from.pred_opt().unwrap_or(period.from);
        let found = roll_forwards(vintage, &[opened_on, period.to, next_day(period.to)])?;
        let [roll_forward, after] = found.as_slice() else { bail!("three days have two periods between them") };
        let is_listed = |booking: &&Booking| booking.listed_on <= period.to;
        Ok(Self {
            booked_after: after.bookings.iter().filter(is_listed).copied().collect(),
            roll_forward: roll_forward.clone(),
        })
    }

    /// Movements that are booked in the period although their 退会日 lies before it.
    pub fn listed_before(&self) -> impl Iterator<Item = &Booking> {
        self.roll_forward.bookings.iter().filter(|booking| booking.listed_on <= self.roll_forward.opened_on)
    }

    /// The movements of the period as lists have them: entries and changes by their day, exits by 退会日.
    pub fn listed(&self) -> Vec<&Booking> {
        let in_period = |booking: &&Booking| booking.listed_on > self.roll_forward.opened_on;
        self.roll_forward.bookings.iter().filter(in_period).chain(&self.booked_after).collect()
    }
}

/// What is already known about the months after a day (D9): approved events alone change figures.
#[derive(Debug)]
pub struct CertainFuture {
    /// Month by month, the first from the day on.
    pub months: Arc<Vec<RollForward>>,
    /// Withdrawals that were filed and are not approved, with a day ahead (保留): they are in no figure.
    pub pending: Arc<Vec<PendingWithdrawal>>,
}

/// What is known about the twelve month ends after a day.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub fn certain_future(vintage: &Vintage, as_of: AsOf) -> Result<CertainFuture> {
    let months = roll_forwards(vintage, &future_days(as_of.0))?;
    let pending = vintage.answers.pending.get_or(as_of, || pending_withdrawals(vintage, as_of))?;
    Ok(CertainFuture { months, pending })
}

/// The day and the twelve month ends after it.
fn future_days(day: NaiveDate) -> Vec<NaiveDate> {
    let mut days = vec![day];
    for months in 0..=FUTURE_MONTHS {
        let end = day.checked_add_months(Months::new(months)).map(month_end);
        days.extend(end.filter(|end| *end > day));
    }
    days.truncate(1 + usize::try_from(FUTURE_MONTHS).unwrap_or(usize::MAX));
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn future_is_told_by_twelve_month_ends() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("test dates are ISO");
        for (from, first, last) in [
            ("2025-12-31", "2026-01-31", "2026-12-31"),
            ("2025-12-30", "2025-12-31", "2026-11-30"),
            ("2024-01-31", "2024-02-29", "2025-01-31"),
        ] {
            let days = future_days(day(from));
            assert_eq!((days.len(), days[0], days[1], days[12]), (13, day(from), day(first), day(last)));
        }
    }
}
