//! One chain over everything that was taken in, taken back, pinned, put on paper and handed over.
//!
//! An entry of an import holds sums: for each table the SHA-256 of the rows that the import stored, found by the range of
//! their ids; of the columns that name a person apart, so that a purge can replace that part alone; and of the rows that it
//! ended. What a later import sets (`known_until`, `closed_by` …) is no part of a row but an end of that later import. Taking
//! an import back changes ends of others: its entry holds the new sums, and the newest sum for a thing holds. So does that of a
//! purge, of columns that name persons. Both stores
//! give the same sums. Start reading at `record` and `check`.

mod appended;
mod check;
mod distributed;
mod entry;
mod facing;
mod parts;
mod purged;
mod record;
mod statements;
mod sums;
mod transaction;

pub(super) use appended::Appended;
pub use check::{ChainCheck, ChainFault, ChainScope};
pub use distributed::{DistributionFault, differing};
pub(super) use distributed::{record_approval, record_delivery, record_made, record_withdrawal, stands_as_told};
pub use entry::ChainEntry;
pub(super) use purged::{before_purge, record_purge};
pub(super) use record::{before_taking_back, record, record_manifest, record_taking_back};
