//! The rooms of `kaiin` on which the others stand: what a file says, and what is counted. They know neither a store nor a door.
//!
//! A package of its own for one reason: tests count millions of days with them, so they are compiled optimised (`Cargo.toml`), which
//! all the rest would take minutes for. The other rooms name them as their own (`crate::domain`); the layer rule of `tests/tidy` does not
//! know of packages.

pub mod domain;
pub mod files;
pub mod ingest;
pub mod input;
pub mod synth;

#[cfg(test)]
mod written;
