//! What is already certain about the next twelve months (D9).

use std::sync::Arc;

use anyhow::Result;
use chrono::{Months, NaiveDate};

use crate::domain::as_of::{AsOf, month_end};
use crate::domain::roll_forward::RollForward;
use crate::service::audit::{PendingWithdrawal, pending_withdrawals};
use crate::service::known::flows::roll_forwards;
use crate::service::known::vintage::Vintage;

/// Months ahead of which the certain future is told.
pub const FUTURE_MONTHS: u32 = 12;

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
