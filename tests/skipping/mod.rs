//! Tests that cannot run on this machine: each says so, and none passes in silence.
//!
//! A test that needs a PostgreSQL server, DuckDB or a browser asks [`is_skipped_without`] first and returns when it says yes. What is skipped
//! stands on standard error, also where the harness keeps back what tests print, and in the file that
//! `KAIIN_TEST_SKIPPED` names: `scripts/test` fails when that file holds anything.

mod proof;

use std::fs::File;
use std::io::Write;
use std::panic::Location;

/// Names a Python that has DuckDB.
pub const DUCKDB: &str = "KAIIN_TEST_DUCKDB";

/// Names a Chromium, the browser.
pub const CHROMIUM: &str = "KAIIN_TEST_CHROMIUM";

/// Names the script of axe-core, which finds what keeps people from reading a page.
pub const AXE: &str = "KAIIN_TEST_AXE";

/// Names the file that takes the names of skipped tests, one a line.
pub const SKIPPED: &str = "KAIIN_TEST_SKIPPED";

/// What stands before the name of a skipped test on standard error: what it needs, by the variable that names it.
fn said(variable: &str) -> &'static str {
    match variable {
        DUCKDB => "skipped: no DuckDB: ",
        CHROMIUM => "skipped: no Chromium: ",
        AXE => "skipped: no axe-core: ",
        _ => "skipped: no server: ",
    }
}

/// Whether the running test has to be passed over because a variable that scripts/test sets is missing, which is then
/// told. The only way to skip.
///
/// # Panics
/// When it cannot be told.
#[must_use]
#[track_caller]
pub fn is_skipped_without(variable: &str) -> bool {
    if std::env::var_os(variable).is_some() {
        return false;
    }
    let name = name_of_test();
    // Not through a macro: what macros print is kept back for tests that pass.
    writeln!(std::io::stderr(), "{}{name}", said(variable)).expect("standard error takes a line");
    if let Some(path) = std::env::var_os(SKIPPED) {
        let mut file = File::options().create(true).append(true).open(path).expect("the list of skipped tests opens");
        // One call for the whole line: other tests write at the same time.
        file.write_all(format!("{name}\n").as_bytes()).expect("the list of skipped tests takes a line");
    }
    true
}

/// The harness names the thread of a test after it, unless one thread runs all.
#[track_caller]
fn name_of_test() -> String {
    let thread = std::thread::current();
    let place = Location::caller();
    thread.name().filter(|name| *name != "main").map_or_else(|| place.to_string(), str::to_owned)
}
