//! The entry of a purge: new sums of what names persons, after the old ones were proved.

use super::appended::Appended;
use super::entry::ChainSum;
use super::parts::{FACTS, PERSONS};
use super::record::{Content, append, take_over};
use super::statements::CHAINED;
use super::sums::{new_rows, of_rows};
use crate::domain::chain_kind::ChainKind;
use crate::store::StoreError;
use crate::store::tx::Tx;

/// Refuses to remove anything of a store whose rows are not as they were: the new sums would hide it.
pub(in crate::store) async fn before_purge(tx: &mut Tx) -> Result<(), StoreError> {
    take_over(tx).await?;
    let told = tx.chain_sums().await?;
    for (fact, found) in personal(tx, &told).await? {
        let persons = newest_persons(&told, &fact);
        let is_same = found.iter().all(|found| {
            let told = if found.part == PERSONS { persons } else { Some(&fact) };
            told.is_some_and(|told| same(told, found))
        });
        if !is_same {
            return Err(StoreError::Damaged);
        }
    }
    Ok(())
}

/// Appends the entry of a purge, with the sums of all rows that no entry tells of yet and, where `has_persons`, those of what names
/// persons as far as it is another than before. Refuses when anything else of those rows has changed.
pub(in crate::store) async fn record_purge(tx: &mut Tx, purge: i64, has_persons: bool) -> Result<(), StoreError> {
    let mut sums = new_rows(tx, &Appended::default()).await?;
    if has_persons {
        let told = tx.chain_sums().await?;
        for (fact, found) in personal(tx, &told).await? {
            for found in found {
                if found.part == FACTS && !same(&fact, &found) {
                    return Err(StoreError::Damaged);
                }
                let is_new =
                    found.part == PERSONS && !newest_persons(&told, &fact).is_some_and(|told| same(told, &found));
                sums.extend(is_new.then_some(found));
            }
        }
    }
    append(tx, ChainKind::Purged.code(), &purge.to_string(), Content::Sums(sums)).await
}

/// Of each range of rows with personal columns what the chain tells of its facts, and its sums as it is now.
async fn personal(tx: &mut Tx, told: &[ChainSum]) -> Result<Vec<(ChainSum, Vec<ChainSum>)>, StoreError> {
    let mut out = Vec::new();
    for chained in CHAINED.iter().filter(|chained| chained.has_persons()) {
        for fact in told.iter().filter(|sum| sum.name == chained.name && sum.part == FACTS) {
            let found = of_rows(tx, chained, fact.after_id, fact.through).await?;
            out.push((fact.clone(), found));
        }
    }
    Ok(out)
}

/// What is told last of the persons of a range.
fn newest_persons<'s>(told: &'s [ChainSum], of: &ChainSum) -> Option<&'s ChainSum> {
    told.iter().rev().find(|sum| sum.name == of.name && sum.part == PERSONS && sum.through == of.through)
}

fn same(one: &ChainSum, other: &ChainSum) -> bool {
    (one.n_rows, &one.sha256) == (other.n_rows, &other.sha256)
}
