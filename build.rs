//! Tells the code whether it is built to be tested: only then does [`crash`](src/crash.rs) end the program at its places. A release build
//! ends nowhere, unless `KAIIN_CRASH_POINTS` is set when it is compiled: `scripts/simulate` tells ten times as many stories with it.
//!
//! Debug assertions cannot tell: they are off for our own code in every build (`Cargo.toml` says why).
//!
//! Such a program starts thousands of times in the tests, so it has a fixed place in memory: moving half a million addresses
//! was a sixth of a start.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(crash_points)");
    println!("cargo::rerun-if-env-changed=KAIIN_CRASH_POINTS");
    let is_debug = std::env::var("PROFILE").is_ok_and(|profile| profile == "debug");
    if is_debug || std::env::var("KAIIN_CRASH_POINTS").is_ok() {
        println!("cargo::rustc-cfg=crash_points");
    }
    if is_debug && std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg=-no-pie");
    }
}
