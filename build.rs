//! Tells the code whether it is built to be tested: only then does [`crash`](src/crash.rs) end the program at its places.
//!
//! Debug assertions cannot tell: they are off for our own code in every build (`Cargo.toml` says why).
//!
//! Such a program starts thousands of times in the tests, so it has a fixed place in memory: moving half a million addresses
//! was a sixth of a start.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(crash_points)");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "debug") {
        println!("cargo::rustc-cfg=crash_points");
        if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
            println!("cargo::rustc-link-arg=-no-pie");
        }
    }
}
