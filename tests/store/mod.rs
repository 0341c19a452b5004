//! Imports, the store and the counts, in this process.

mod answers;
pub mod desk;
mod drift;
mod long;
mod voices;
mod worlds;
