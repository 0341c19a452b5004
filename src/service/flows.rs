//! Roll-forwards (R16): opening, movements and closing of every body and class, at one known-at.

use anyhow::Result;
use chrono::NaiveDate;

use super::query::Knowledge;
use super::revision::source;
use crate::timeline::Voices;

pub use crate::domain::roll_forward::{Booking, Flow, FlowRow, RollForward};

/// The roll-forward of all bodies and classes over (opening day, closing day].
///
/// # Errors
/// When the timeline cannot be read.
pub fn roll_forward(knowledge: &Knowledge, opened_on: NaiveDate, closed_on: NaiveDate) -> Result<RollForward> {
    let mut found = roll_forwards(knowledge, &[opened_on, closed_on])?;
    Ok(found.remove(0))
}

/// The roll-forwards of consecutive periods in one pass: from each day to the next. `days` ascend; one fewer comes back.
///
/// # Errors
/// When the timeline cannot be read.
pub fn roll_forwards(knowledge: &Knowledge, days: &[NaiveDate]) -> Result<Vec<RollForward>> {
    let memberships = knowledge.memberships(|_| true);
    let unadjusted = knowledge.adjusted_memberships(Voices::WithoutAdjustments);
    Ok(source(knowledge).roll_forwards(&memberships, &unadjusted, days)?)
}
