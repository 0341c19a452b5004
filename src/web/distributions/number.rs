//! The number of a distribution, as somebody has written it.

use crate::error::Failure;

/// A number that somebody has written; whatever is none is the number of no distribution.
pub(super) fn number(text: &str) -> Result<u32, Failure> {
    text.parse().map_err(|_| Failure::usage("WEB-043", ""))
}
