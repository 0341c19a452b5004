//! From bytes to facts: encoding, structure, layout, normalising, validation.
//!
//! A file is read twice and never held whole: [`scan`] proves its encoding and structure, then [`members`], [`master`],
//! [`applications`] or [`adjustments`] read its rows. A bad row is a reject with row, column and reason, never an error;
//! a bad file is a [`FileProblem`]. This room does not know what is already stored.

pub mod adjustments;
mod ahead;
pub mod applications;
mod bodies;
pub mod by_heading;
pub mod characters;
mod checks;
mod classes;
mod columns;
mod crowds;
mod decode;
mod describe;
mod digests;
mod file_name;
mod file_problem;
mod fit;
mod heading;
mod limits;
mod masking;
pub mod master;
pub mod meeting;
pub mod members;
mod normalise;
mod row_problems;
pub mod rows;
pub mod scan;
mod structure;
pub mod texts;
mod total;
mod workbook;

pub use classes::Classes;
pub use columns::Columns;
pub use describe::{describe, unread_columns};
pub use digests::PersonDigests;
pub use file_name::{FIRST_YEAR, NamedDay, export_day_of};
pub use file_problem::{FileProblem, IngestError};
pub use fit::fit_file;
pub use normalise::{fold, registration_number};
pub use row_problems::RowTally;
