//! The clock: what is due, in which order, and never twice.
//!
//! tokio-cron-scheduler only rings the bell; the truth is the ledger with one row for each job and period. Each
//! ring brings the rows in line with settings and exports, and runs what is not done, oldest first, under the write
//! lock. Start reading at [`tick()`]; what a person can ask for by hand stands in `by_hand`; [`serve()`] is the bell, and [`Monitor`] what a machine may ask meanwhile; each
//! job has a file of its own.

mod attempt;
mod backups;
mod by_hand;
mod condition;
mod distribution;
mod exposition;
mod line;
mod listing;
mod meetings;
mod monitor;
mod monthly_papers;
mod periods;
mod purging;
mod reports;
mod retry;
mod routine;
mod schedule;
mod serve;
mod settings;
mod survey;
mod tick;
mod tick_report;
mod to_do;
mod verification;
mod watch;

pub use by_hand::{Foreseen, foresee, move_here, release, rerun, run_one};
pub use condition::condition;
pub use distribution::DISTRIBUTION;
pub use listing::{Coming, ListedRun, ListedVersion, list, next, next_of_others};
pub use meetings::{CALENDAR, MEETING};
pub use monitor::Monitor;
pub use monthly_papers::{MONTHLY_PAPERS, SURVEY};
pub use reports::{check_reports, unknown_reports};
pub use routine::Routine;
pub use serve::{LOOKS_EVERY, serve};
pub use settings::faults;
pub use tick::tick;
pub use tick_report::{JobOutcome, MadeVersion, MissingPaper, TickReport, UnprintablePaper, Waiting};
pub use to_do::to_do;
