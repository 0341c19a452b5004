# `just` lists the recipes. Each is a plain command: nothing here is needed to build or to test.

[private]
default:
    @just --list

# Everything that must hold before a change is taken
[group('check')]
ci:
    .ci/run

# All tests, with a PostgreSQL of their own; arguments go to cargo test
[group('check')]
test *arguments:
    scripts/test {{ arguments }}

# The house rules alone
[group('check')]
tidy:
    cargo test --locked tidy::

# Formatting and lints
[group('check')]
lint:
    cargo fmt --all --check
    cargo clippy --locked --all-targets -- -D warnings

# Advisories, licences, double versions and sources of the dependencies (needs cargo-deny)
[group('check')]
deny:
    cargo deny --locked check

# Formats the code
[group('make')]
format:
    cargo fmt --all

# The docs of all items, private ones included
[group('make')]
docs *arguments:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items {{ arguments }}

# The papers of the shipped example under output/demo, checked
[group('make')]
demo:
    cargo run --locked -- demo --out output/demo
    scripts/check-demo output/demo

# Measurements; a release build, which takes about ten minutes the first time
[group('measure')]
bench *arguments:
    benches/run {{ arguments }}
