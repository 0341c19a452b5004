//! The costly answers that several papers of one vintage ask for, each worked out once.

use chrono::NaiveDate;

use crate::domain::as_of::AsOf;
use crate::domain::audit::withdrawals::Withdrawal;
use crate::domain::revision::Revision;
use crate::domain::roll_forward::RollForward;
use crate::service::audit::{DifferenceAudit, PendingWithdrawal, PersonTransfer};
use crate::service::known::memo::Memo;

/// What several papers of one vintage ask for.
#[derive(Debug, Default)]
pub(in crate::service) struct Answers {
    /// Roll-forwards by the days between which they run.
    pub(in crate::service) roll_forwards: Memo<Vec<NaiveDate>, Vec<RollForward>>,
    /// Revisions by their days and the earlier known-at.
    pub(in crate::service) revisions: Memo<(Vec<NaiveDate>, NaiveDate), Vec<Revision>>,
    /// Withdrawals filed and not approved, by as-of day.
    pub(in crate::service) pending: Memo<AsOf, Vec<PendingWithdrawal>>,
    /// The ledger of withdrawals by as-of day.
    pub(in crate::service) ledgers: Memo<AsOf, Vec<Withdrawal>>,
    /// All movements of persons; there is one list.
    pub(in crate::service) movements: Memo<(), Vec<PersonTransfer>>,
    /// The difference to what MAMIS shows; there is one.
    pub(in crate::service) difference: Memo<(), DifferenceAudit>,
}
