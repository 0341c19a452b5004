//! Sums over rows, and over the rows that each import ended.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::appended::Appended;
use super::entry::ChainSum;
use super::parts::{ENDS, sums_of};
use super::statements::{CHAINED, Chained};
use crate::domain::hex::hex;
use crate::store::StoreError;
use crate::store::tx::Tx;

/// Ids looked at with one statement.
const IDS_AT_ONCE: i64 = 8_192;

/// Sums of the rows that no entry tells of yet; of those that were just appended they are known.
pub(super) async fn new_rows(tx: &mut Tx, appended: &Appended) -> Result<Vec<ChainSum>, StoreError> {
    let mut sums = Vec::new();
    for chained in CHAINED {
        let (after, through) = tx.unrecorded(chained.name).await?;
        if through > after {
            match appended.sums(chained, after, through) {
                Some(known) => sums.extend(known),
                None => sums.extend(of_rows(tx, chained, after, through).await?),
            }
        }
    }
    Ok(sums)
}

/// Sums of the rows of a table with `after < id <= through`.
pub(super) async fn of_rows(
    tx: &mut Tx,
    chained: &Chained,
    after: i64,
    through: i64,
) -> Result<Vec<ChainSum>, StoreError> {
    let statement = chained.rows(tx.dialect());
    let (mut facts, mut persons, mut n_rows) = (Sha256::new(), Sha256::new(), 0);
    for (from, to) in blocks(after, through) {
        let (of_facts, of_persons, n) = tx.chained_rows(&statement, from, to).await?;
        facts.update(of_facts.unwrap_or_default());
        persons.update(of_persons.unwrap_or_default());
        n_rows += n;
    }
    Ok(sums_of(chained, (after, through), n_rows, (facts, persons)))
}

/// The sum of the rows that an import ended; none where it ended nothing.
pub(super) async fn ends_of_one(tx: &mut Tx, chained: &Chained, closer: i64) -> Result<Option<ChainSum>, StoreError> {
    let Some(statement) = chained.ends_of_one(tx.dialect()) else { return Ok(None) };
    let (text, n_rows) = tx.ends_of_one(&statement, closer).await?;
    let sum = || end_sum(chained.name, closer, n_rows, hex(&Sha256::digest(text.unwrap_or_default())));
    Ok((n_rows > 0).then(sum))
}

pub(super) fn end_sum(name: &str, closer: i64, n_rows: i64, sha256: String) -> ChainSum {
    let (name, part) = (name.to_string(), ENDS.to_string());
    ChainSum { nth: 0, name, part, through: closer, after_id: closer - 1, n_rows, sha256 }
}

/// Table and import, with the number and hash of the rows that it ended.
pub(super) type Ends = BTreeMap<(String, i64), (i64, String)>;

/// What the entries say last of the rows that each import ended.
pub(super) fn newest_ends(sums: &[ChainSum]) -> Ends {
    let ends = sums.iter().filter(|sum| sum.part == ENDS);
    // They come by entry, so that the newest stays.
    let mut out: Ends = ends.map(|sum| ((sum.name.clone(), sum.through), (sum.n_rows, sum.sha256.clone()))).collect();
    out.retain(|_, (n_rows, _)| *n_rows > 0);
    out
}

/// All rows that ended, as they are.
pub(super) async fn ends(tx: &mut Tx) -> Result<Ends, StoreError> {
    let mut out = Ends::new();
    for chained in CHAINED {
        out.extend(ends_in(tx, chained).await?);
    }
    Ok(out)
}

pub(super) async fn ends_in(tx: &mut Tx, chained: &Chained) -> Result<Ends, StoreError> {
    let Some(statement) = chained.ends(tx.dialect()) else { return Ok(Ends::new()) };
    let mut hashes: BTreeMap<i64, (i64, Sha256)> = BTreeMap::new();
    for (from, to) in blocks(0, tx.max_id(chained.name).await?) {
        for (closer, text, n) in tx.ends(&statement, from, to).await? {
            let (n_rows, hash) = hashes.entry(closer).or_default();
            *n_rows += n;
            hash.update(text.unwrap_or_default());
        }
    }
    let named =
        |(closer, (n, hash)): (i64, (i64, Sha256))| ((chained.name.to_string(), closer), (n, hex(&hash.finalize())));
    Ok(hashes.into_iter().map(named).collect())
}

fn blocks(after: i64, through: i64) -> impl Iterator<Item = (i64, i64)> {
    let mut from = after;
    std::iter::from_fn(move || {
        let to = from.saturating_add(IDS_AT_ONCE).min(through);
        let block = (from, to);
        from = to;
        (block.0 < block.1).then_some(block)
    })
}
