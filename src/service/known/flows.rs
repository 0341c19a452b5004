//! Roll-forwards (R16): opening, movements and closing of every body and class, at one known-at; and what is already
//! certain about the next twelve months.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;

use crate::domain::as_of::Period;
use crate::domain::association::BodySet;
use crate::domain::day::next_day;
use crate::domain::roll_forward::{Booking, RollForward};
use crate::service::known::revision::source;
use crate::service::known::vintage::Vintage;
use crate::stats::Memberships;
use crate::timeline::Evidence;

/// The roll-forward of all bodies and classes over (opening day, closing day].
///
/// # Errors
/// When the timeline cannot be read.
pub fn roll_forward(vintage: &Vintage, opened_on: NaiveDate, closed_on: NaiveDate) -> Result<RollForward> {
    let found = roll_forwards(vintage, &[opened_on, closed_on])?;
    found.first().cloned().context("two days have one period between them")
}

/// The roll-forwards of consecutive periods where only some bodies are asked about: the lines of others tell of the persons who have
/// anything to do with these. One body of the country takes a hundredth of the time of all.
///
/// # Errors
/// When the timeline cannot be read.
pub fn roll_forwards_within(vintage: &Vintage, bodies: &BodySet, days: &[NaiveDate]) -> Result<Arc<Vec<RollForward>>> {
    const FEW: usize = 4;
    if let Some(worked_out) = vintage.answers.roll_forwards.get(&days.to_vec()) {
        return Ok(worked_out);
    }
    if bodies.ranks().count() * FEW > vintage.associations.len() {
        return roll_forwards(vintage, days);
    }
    let all = vintage.all_memberships()?;
    roll_forwards_of(vintage, &all.of_persons_in(bodies, vintage.persons_by_body()?), days).map(Arc::new)
}

/// The roll-forwards of consecutive periods in one pass: from each day to the next. `days` ascend; one fewer comes back.
///
/// # Errors
/// When the timeline cannot be read.
pub fn roll_forwards(vintage: &Vintage, days: &[NaiveDate]) -> Result<Arc<Vec<RollForward>>> {
    vintage.answers.roll_forwards.get_or(days.to_vec(), || roll_forwards_of(vintage, vintage.all_memberships()?, days))
}

/// The same of some persons: `memberships` are all of theirs.
///
/// # Errors
/// When the timeline cannot be read.
pub fn roll_forwards_of(vintage: &Vintage, memberships: &Memberships, days: &[NaiveDate]) -> Result<Vec<RollForward>> {
    let unadjusted = vintage.adjusted_memberships(Evidence::WithoutAdjustments)?;
    Ok(source(vintage)?.roll_forwards(memberships, &unadjusted, days)?)
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
