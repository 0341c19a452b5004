//! What the counts of a target tell apart.

use super::names::Duty;
use crate::domain::class::NationalClass;

/// What a target can tell apart: a class and, of A①, a 施設業務.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) class: NationalClass,
    /// `None` outside A①, and in A① where it does not matter.
    pub(super) duty: Option<Duty>,
}
