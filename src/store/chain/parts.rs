//! The parts in which the rows of a table are summed, each with a hash of its own.

use sha2::{Digest, Sha256};

use super::entry::ChainSum;
use super::statements::Chained;
use crate::domain::hex::hex;

/// What the rows say, without what names a person.
pub(super) const FACTS: &str = "facts";

/// What names a person.
pub(super) const PERSONS: &str = "persons";

/// Which rows an import ended.
pub(super) const ENDS: &str = "ends";

/// Sums from hashes over the texts of rows.
pub(super) fn sums_of(
    chained: &Chained,
    (after, through): (i64, i64),
    n_rows: i64,
    (facts, persons): (Sha256, Sha256),
) -> Vec<ChainSum> {
    let sum = |part: &str, hash: Sha256| ChainSum {
        nth: 0,
        name: chained.name.to_string(),
        part: part.to_string(),
        through,
        after_id: after,
        n_rows,
        sha256: hex(&hash.finalize()),
    };
    let mut sums = vec![sum(FACTS, facts)];
    if chained.has_persons() {
        sums.push(sum(PERSONS, persons));
    }
    sums
}
