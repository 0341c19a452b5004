//! The store on a PostgreSQL server, for several machines or people.
//!
//! It answers like the embedded store: one suite of tests runs on both. A method runs one statement or one
//! transaction, names every column, binds every parameter, and turns rows into domain types before they leave. Whole
//! tables cross through COPY. Methods never read the clock. The tables stand in a schema of their own, `kaiin`.
//!
//! Writers are serialised twice: [`PostgresStore::lock`] holds the right to write for a whole command, and every
//! writing transaction holds a row of its own, so that ids can be counted on. Readers wait for nobody.

mod associations;
mod binary;
mod bulk;
mod corrections;
mod database;
mod encryption;
mod enrolments;
pub(super) mod imports;
mod lists;
mod open_import;
mod paper_home;
mod persons;
pub(super) mod rows;
mod take_back;
mod versions;

pub use database::{PostgresLock, PostgresStore};
pub use open_import::PostgresImport;
