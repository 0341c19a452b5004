//! Logs for the engineer: English, on standard error, quiet unless asked for with `KAIIN_LOG`.
//!
//! No name, birth date or registration number is ever logged.

use tracing_subscriber::EnvFilter;

/// Warnings, but not those of slow statements: in a large store they are no news, and they would stand beside the one
/// JSON object that a failure is.
const DEFAULT: &str = "warn,sqlx::query=error";

/// Starts logging. `KAIIN_LOG` takes a filter such as `info` or `kaiin=debug`; the default shows warnings.
pub fn start() {
    let filter = EnvFilter::try_from_env("KAIIN_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    // A second start in one process (tests) keeps the first one.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
