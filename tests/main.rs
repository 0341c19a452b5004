//! The only test binary: command line, store, reports, house rules.

mod tidy;
mod worlds;
