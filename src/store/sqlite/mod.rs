//! The embedded store: one SQLite file in the data folder.
//!
//! One connection writes; WAL lets others read meanwhile. Dates cross as day numbers (see the migration).

mod database;
mod file_bytes;
mod log;
mod log_damage;
pub(super) mod rows;

pub use database::SqliteStore;
pub(in crate::store) use log::check as check_log;
