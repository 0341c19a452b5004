//! The embedded store: one SQLite file in the data folder.
//!
//! A method runs one statement or one transaction, names every column, binds every parameter, and turns rows
//! into domain types before they leave. One connection writes; WAL lets others read meanwhile. Dates cross as
//! day numbers (see the migration). Methods never read the clock.

mod associations;
mod corrections;
mod database;
mod days;
mod enrolments;
pub(super) mod imports;
mod lists;
mod log;
mod log_damage;
mod open_import;
mod packed;
mod persons;
pub(super) mod rows;
mod take_back;
mod versions;

pub use database::SqliteStore;
pub(in crate::store) use log::check as check_log;
pub use open_import::SqliteImport;
