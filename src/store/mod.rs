//! The system of record: facts with two dates, appended and superseded.
//!
//! SQL stays in this room; what leaves it are domain types and the plain structs of [`facts`] and `domain::ledger`.
//! Counting does not happen here. [`Store`] is what the rest of the program sees; behind it stand `sqlite`, the
//! embedded store, and `postgres`, the one on a server. A method runs one statement or one transaction, names every column,
//! and turns rows into domain types before they leave; it never reads the clock. Rows cross as `cells`
//! through a [`Tx`], which knows the two ways (`tx`); a statement that writes is one for both (`either`, `stored`).

mod accounts;
mod cells;
pub mod chain;
mod corrections;
mod descriptions;
mod distributions;
mod either;
mod enrolments;
mod error;
mod facade;
pub mod facts;
mod fence;
mod findings;
mod import;
mod import_list;
mod import_record;
mod looking;
mod mails;
mod master;
mod months;
mod moving;
mod persons;
mod postgres;
mod publishing;
mod purging;
mod removed;
mod replacing;
mod sqlite;
mod stored;
pub mod table_sum;
pub mod tables;
pub mod taking_back;
mod tx;
mod uncut;
mod vitals;

pub use accounts::{ACCOUNTS_FILE, AccountStore, StoredSession, WantedEntries};
pub use chain::{ChainEntry, ChainFault, ChainScope, DistributionFault, differing};
pub use descriptions::Description;
pub use error::{StoreError, Unreached};
pub use facade::{Store, StoreLocation, StoreLock};
pub use facts::{
    Changes, EMPTY_HEAD, ImportRecord, NewEnrolmentVersion, NewImport, NewPerson, Origin, OriginRow, StoredAdjustment,
    StoredApplication, StoredFinding, StoredPerson, StoredRow,
};
pub use fence::WriterNumber;
pub use import::Import;
pub use looking::QuickCheck;
pub use mails::MailOutcome;
pub use publishing::Publication;
pub use purging::{NewPurge, NewPurgedFile, QuietPerson};
pub use removed::RemovedStay;
pub use taking_back::TakingBack;
pub use tx::Tx;
