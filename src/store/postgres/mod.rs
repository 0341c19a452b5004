//! The store on a PostgreSQL server, for several machines or people.
//!
//! It answers like the embedded store: one suite of tests runs on both. Whole tables cross through COPY. The tables stand in
//! a schema of their own, `kaiin`.
//!
//! Writers are serialised twice: [`PostgresStore::lock`] holds the right to write for a whole command, and every
//! writing transaction holds a row of its own, so that ids can be counted on. Readers wait for nobody.

mod binary;
mod bulk;
mod database;
mod encryption;
mod paper_home;
pub(super) mod rows;

pub use database::{PostgresLock, PostgresStore};
