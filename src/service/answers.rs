//! The costly answers that several papers of one vintage ask for, each worked out once.

use chrono::NaiveDate;

use super::audit::{DifferenceAudit, PendingWithdrawal, PersonTransfer};
use super::memo::Memo;
use crate::domain::as_of::AsOf;
use crate::domain::audit::withdrawals::Withdrawal;
use crate::domain::revision::Revision;
use crate::domain::roll_forward::RollForward;

/// What several papers of one vintage ask for.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Roll-forwards by the days between which they run.
    pub(super) roll_forwards: Memo<Vec<NaiveDate>, Vec<RollForward>>,
    /// Revisions by their days and the earlier known-at.
    pub(super) revisions: Memo<(Vec<NaiveDate>, NaiveDate), Vec<Revision>>,
    /// Withdrawals filed and not approved, by as-of day.
    pub(super) pending: Memo<AsOf, Vec<PendingWithdrawal>>,
    /// The ledger of withdrawals by as-of day.
    pub(super) ledgers: Memo<AsOf, Vec<Withdrawal>>,
    /// All movements of persons; there is one list.
    pub(super) movements: Memo<(), Vec<PersonTransfer>>,
    /// The difference to what MAMIS shows; there is one.
    pub(super) difference: Memo<(), DifferenceAudit>,
}
