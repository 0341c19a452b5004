//! The program `kaiin`: parses, runs, and turns the result into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    kaiin::telemetry::start();
    kaiin::cli::main()
}
