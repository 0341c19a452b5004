//! The system of record: facts with two dates, appended and superseded.
//!
//! SQL stays in this room; what leaves it are domain types and the plain structs of [`facts`] and [`ledger`].
//! Counting does not happen here. [`Store`] is what the rest of the program sees; behind it stands [`sqlite`],
//! the embedded store, whose module docs say how a store method is written.

mod facade;
pub mod facts;
pub mod ledger;
pub mod sqlite;

pub use facade::{Import, Store, StoreLocation};
pub use facts::{
    Changes, ImportRecord, KnownFinding, KnownPerson, NewEnrolmentVersion, NewImport, NewPerson, Origin,
    StandingAdjustment, StandingApplication, StandingFinding, StandingPerson, StandingRow,
};
pub use ledger::{JobFile, JobRun, JobState};

/// Why the store could not do what was asked. Nothing half-written stays behind.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database reports a problem (disk full, damaged file, no permission …).
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("database schema: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value is outside its range: the file was changed by something else.
    #[error("stored value out of range: {0}")]
    Corrupt(&'static str),
}

impl StoreError {
    /// Whether the disk or the file system is the cause.
    pub fn is_disk_full(&self) -> bool {
        let text = self.to_string();
        text.contains("disk is full") || text.contains("(code: 13)") || text.contains("disk I/O error")
    }
}
