//! One's own account with its sessions, and for whoever keeps accounts the ledger of opened pages.

mod account;
mod ledger;
mod moment;

pub(super) use account::{account, end_others};
pub(super) use ledger::opened;
