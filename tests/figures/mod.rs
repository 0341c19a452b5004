//! Figures of a long run, for whoever runs it by hand.

/// Tells the figures to whoever runs the tests with `--nocapture`.
#[expect(clippy::print_stdout, reason = "figures of a run by hand, which the test harness keeps back otherwise")]
pub fn say(told: &str) {
    println!("{told}");
}
