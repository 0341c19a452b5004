//! Accounts of the pages, their sessions and what was opened (閲覧の記録).
//!
//! They are no facts: nothing here is chained, copied or backed up. On a server they are tables beside the facts; beside an embedded
//! store they are a file of their own, so that pages are answered and sessions written while an import holds the store. Nobody
//! needs the right to write. Start reading at [`AccountStore`].

mod account;
mod entries;
mod opened;
mod second_factor;
mod sessions;

pub use entries::WantedEntries;
pub use opened::AccountStore;
pub use sessions::StoredSession;

/// Name of the file beside an embedded store; what goes on from it begins in the same way.
pub const ACCOUNTS_FILE: &str = "accounts.sqlite";
