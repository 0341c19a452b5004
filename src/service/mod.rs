//! Use cases: what the three doors (command line, clock, browser) can ask for.
//!
//! Transactions and the order of steps live here; figures come from `stats`, rules from `domain`. Nothing is
//! computed behind a door. Start reading at [`Workspace`], then [`import`] and [`query`].

mod answer;
mod answers;
pub mod audit;
pub mod corrections;
pub mod coverage;
pub mod definition_files;
pub mod demo;
mod ended_stays;
mod error_workbook;
pub mod explain;
pub mod export;
pub mod figures;
pub mod flows;
pub mod home;
pub mod identity;
pub mod import;
pub mod inbox;
pub mod init;
pub mod ledger;
mod memo;
pub mod movements;
pub mod names;
pub mod papers;
mod published;
pub mod query;
mod reused_numbers;
pub mod revision;
pub mod revisions_due;
mod rows;
mod scope;
pub mod snapshot;
pub mod snapshot_diff;
mod speaking;
mod steady;
pub mod store_copy;
pub mod synth;
mod traces;
mod workspace;

pub use steady::steadily;
pub use workspace::{Notices, Workspace, WriteLock};
