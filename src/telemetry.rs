//! Logs for the engineer: English, on standard error, quiet unless asked for with `KAIIN_LOG`; with `KAIIN_LOG_FORMAT=json` one
//! object a line.
//!
//! No name, birth date or registration number is ever logged.

use tracing_subscriber::EnvFilter;

/// Warnings, but not those of slow statements: in a large store they are no news, and they would stand beside the one
/// JSON object that a failure is.
const DEFAULT: &str = "warn,sqlx::query=error";

/// The driver logs parameters of an address that it does not know, values included; one may be a misspelt password.
/// What stands around the pages logs whole addresses, with what was asked.
const NEVER: [&str; 2] = ["sqlx_postgres::options=off", "tower_http=off"];

/// Starts logging. `KAIIN_LOG` takes a filter such as `info` or `kaiin=debug`; the default shows warnings.
pub fn start() {
    let mut filter = EnvFilter::try_from_env("KAIIN_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    for never in NEVER.iter().filter_map(|never| never.parse().ok()) {
        filter = filter.add_directive(never);
    }
    // A log that cannot be written must not end what it tells of. A second start in one process (tests) keeps the first one.
    let log = tracing_subscriber::fmt().log_internal_errors(false).with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if wants_json() { log.json().with_ansi(false).try_init() } else { log.try_init() };
}

/// Any other word is taken for text: a log must not keep a program from starting.
fn wants_json() -> bool {
    std::env::var("KAIIN_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"))
}
