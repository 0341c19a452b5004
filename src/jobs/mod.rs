//! The clock: what is due, in which order, and never twice.
//!
//! tokio-cron-scheduler only rings the bell; the truth is the ledger with one row for each job and period. Each
//! ring brings the rows in line with settings and exports, and runs what is not done, oldest first, under the write
//! lock. Start reading at [`tick()`]; what a person can ask for by hand stands in `by_hand`; [`serve()`] is the bell; each
//! job has a file of its own.

mod attempt;
mod by_hand;
mod condition;
mod listing;
mod monthly_papers;
mod periods;
mod reports;
mod schedule;
mod serve;
mod tick;
mod tick_report;
mod to_do;

pub use by_hand::{move_here, release, rerun, run_one};
pub use condition::condition;
pub use listing::{ListedRun, ListedVersion, list, next};
pub use monthly_papers::MONTHLY_PAPERS;
pub use reports::{check_reports, unknown_reports};
pub use schedule::faults;
pub use serve::{LOOKS_EVERY, serve};
pub use tick::tick;
pub use tick_report::{MadeVersion, MissingPaper, TickReport, UnprintablePaper, Waiting};
pub use to_do::to_do;
