//! Files as bytes: a corpus of bad and odd ones, files cut off, bombs, and random damage.
//!
//! Start reading at `tests/fixtures/bad/make.py`, which says what each file of the corpus is.

mod bounds;
mod codes;
mod corpus;
pub mod counter;
mod damage;
mod error_workbook;
mod found;
mod fuzz;
mod messages;
mod program;
pub mod random;
mod zips;
