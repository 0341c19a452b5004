//! The only test binary: command line, store, reports, house rules.

mod audits;
mod cli;
mod files;
mod ingest;
mod reports;
mod store;
mod synth;
mod tidy;
mod worlds;
