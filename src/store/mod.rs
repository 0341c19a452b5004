//! The system of record: facts with two dates, appended and superseded.
//!
//! SQL stays in this room; what leaves it are domain types and the plain structs of [`facts`] and `domain::ledger`.
//! Counting does not happen here. [`Store`] is what the rest of the program sees; behind it stand [`sqlite`], the
//! embedded store, and [`postgres`], the one on a server. Their module docs say how a store method is written.

pub mod chain;
mod codes;
mod either;
mod error;
mod facade;
pub mod facts;
mod fence;
mod findings;
mod import;
mod import_list;
mod ledger_rows;
mod master;
mod months;
pub mod moving;
pub mod postgres;
mod publishing;
pub mod sqlite;
mod stored;
pub mod table_sum;
pub mod tables;
pub mod taking_back;
mod uncut;

pub use chain::{ChainEntry, ChainFault, ChainScope};
pub use error::{StoreError, Unreached};
pub use facade::{Store, StoreLocation, StoreLock};
pub use facts::{
    Changes, EMPTY_HEAD, ImportRecord, NewEnrolmentVersion, NewImport, NewPerson, Origin, StoredAdjustment,
    StoredApplication, StoredFinding, StoredPerson, StoredRow,
};
pub use fence::WriterNumber;
pub use import::Import;
pub use publishing::Publication;
pub use taking_back::TakingBack;
