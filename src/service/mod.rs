//! Use cases: what the three doors (command line, clock, browser) can ask for.
//!
//! Transactions and the order of steps live here; figures come from `stats`, rules from `domain`. Nothing is
//! computed behind a door. Start reading at [`Workspace`], then [`import`] and [`query`].

pub mod audit;
pub mod demo;
mod error_workbook;
pub mod export;
pub mod import;
pub mod inbox;
pub mod init;
pub mod ledger;
pub mod papers;
pub mod query;
pub mod snapshot;
mod workspace;

pub use workspace::{Workspace, WriteLock};
