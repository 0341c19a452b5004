//! The only test binary: command line, store, reports, house rules.

mod audits;
mod cli;
mod ingest;
mod reports;
mod store;
mod supply;
mod synth;
mod tidy;
mod worlds;
