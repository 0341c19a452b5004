//! The only test binary: command line, store, reports, house rules.

mod asked;
mod audits;
mod checks_page;
mod cli;
mod export;
#[cfg(target_os = "linux")]
mod faults;
mod figures;
mod files;
mod ingest;
mod meetings;
mod oracle;
mod publish;
mod purge;
mod reports;
mod simulation;
mod skipping;
mod store;
mod supply;
mod synth;
mod tidy;
mod web;
mod worlds;
