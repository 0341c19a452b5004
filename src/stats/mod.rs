//! Figures from the timeline: counts at a day, series, counts by attributes.
//!
//! [`kernel`] scans plain columns and answers nearly everything. [`frames`] is polars: it groups by the
//! attributes of persons, and is the independent second answer that tests compare the kernel with.

pub mod frames;
pub mod kernel;

pub use kernel::{Counts, Memberships};
