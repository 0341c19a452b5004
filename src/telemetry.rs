//! Logs for the engineer: English, on standard error, quiet unless asked for with `KAIIN_LOG`.
//!
//! No name, birth date or registration number is ever logged.

use tracing_subscriber::EnvFilter;

/// Starts logging. `KAIIN_LOG` takes a filter such as `info` or `kaiin=debug`; the default shows warnings, save
/// that a statement took a second: statements that read a whole table do.
pub fn start() {
    let filter = EnvFilter::try_from_env("KAIIN_LOG").unwrap_or_else(|_| EnvFilter::new("warn,sqlx::query=error"));
    // A second start in one process (tests) keeps the first one.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
