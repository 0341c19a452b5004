//! What a person must write with an act that the ledger keeps.

use anyhow::Result;

use crate::error::Failure;

/// A name that says something.
///
/// # Errors
/// [`Failure`] PUB-001 for an empty one.
pub(super) fn named(name: &str) -> Result<String> {
    stated_or(name, "PUB-001")
}

/// A reason that says something.
///
/// # Errors
/// [`Failure`] PUB-016 for an empty one.
pub(super) fn stated(reason: &str) -> Result<String> {
    stated_or(reason, "PUB-016")
}

fn stated_or(text: &str, code: &'static str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() { Err(Failure::usage(code, "").into()) } else { Ok(text.to_string()) }
}
