//! Appending to the chain.

use sha2::{Digest, Sha256};

use super::appended::Appended;
use super::entry::{BEGINNING, ChainEntry, ChainSum, content_of, hash_of};
use super::statements::CHAINED;
use super::sums::{end_sum, ends, ends_of_one, new_rows, newest_ends};
use crate::domain::chain_kind::ChainKind;
use crate::domain::hex::hex;
use crate::store::StoreError;
use crate::store::tx::Tx;

/// Appends the entry of an import that was applied within a transaction, which `appended` rows; the first entry tells of all
/// that is there.
pub(in crate::store) async fn record(tx: &mut Tx, import: i64, appended: &Appended) -> Result<(), StoreError> {
    let is_first = tx.last().await?.is_none();
    let imports = if is_first { tx.import_ids().await? } else { vec![import] };
    let mut sums = new_rows(tx, appended).await?;
    for chained in CHAINED {
        for closer in &imports {
            sums.extend(ends_of_one(tx, chained, *closer).await?);
        }
    }
    let is_alone = imports == [import];
    let kind = if is_alone { ChainKind::Import } else { ChainKind::TakenOver };
    append(tx, kind.code(), &import.to_string(), Content::Sums(sums)).await
}

/// Begins the chain in a store of an older program, and says whether there was anything to begin with.
pub(super) async fn take_over(tx: &mut Tx) -> Result<bool, StoreError> {
    let imports = tx.import_ids().await?;
    let (None, Some(newest)) = (tx.last().await?, imports.last()) else { return Ok(false) };
    let mut sums = new_rows(tx, &Appended::default()).await?;
    for chained in CHAINED {
        for closer in &imports {
            sums.extend(ends_of_one(tx, chained, *closer).await?);
        }
    }
    append(tx, ChainKind::TakenOver.code(), &newest.to_string(), Content::Sums(sums)).await?;
    Ok(true)
}

/// Refuses to take an import back in a store whose ends are not as they were: their new sums would hide it.
pub(in crate::store) async fn before_taking_back(tx: &mut Tx) -> Result<(), StoreError> {
    take_over(tx).await?;
    let told = newest_ends(&tx.chain_sums().await?);
    let found = ends(tx).await?;
    if told == found { Ok(()) } else { Err(StoreError::Damaged) }
}

/// Appends the entry of a taking back that was applied within a transaction.
pub(in crate::store) async fn record_taking_back(tx: &mut Tx, import: i64) -> Result<(), StoreError> {
    let told = newest_ends(&tx.chain_sums().await?);
    let mut found = ends(tx).await?;
    // What nothing ends any more has a sum of no rows.
    for key in told.keys() {
        found.entry(key.clone()).or_insert_with(|| (0, hex(&Sha256::digest(""))));
    }
    let mut sums = new_rows(tx, &Appended::default()).await?;
    for ((name, closer), (n_rows, sha256)) in found {
        if told.get(&(name.clone(), closer)) != Some(&(n_rows, sha256.clone())) {
            sums.push(end_sum(&name, closer, n_rows, sha256));
        }
    }
    append(tx, ChainKind::TakenBack.code(), &import.to_string(), Content::Sums(sums)).await
}

/// Appends the entry of a snapshot or paper, unless the newest entry about it says the same.
pub(in crate::store) async fn record_manifest(
    tx: &mut Tx,
    kind: ChainKind,
    subject: &str,
    sha256: &str,
) -> Result<(), StoreError> {
    // Asked for each paper of a month: the chain is long, and one entry of it is wanted.
    if tx.newest_content(kind.code(), subject).await?.is_some_and(|content| content == sha256) {
        return Ok(());
    }
    append(tx, kind.code(), subject, Content::Manifest(sha256)).await
}

pub(super) enum Content<'c> {
    Sums(Vec<ChainSum>),
    Manifest(&'c str),
}

pub(super) async fn append(tx: &mut Tx, kind: &str, subject: &str, content: Content<'_>) -> Result<(), StoreError> {
    let (nth, previous) = tx.last().await?.map_or((1, BEGINNING.to_string()), |(nth, hash)| (nth + 1, hash));
    let (content, sums) = match content {
        Content::Manifest(sha256) => (sha256.to_string(), Vec::new()),
        Content::Sums(mut sums) => {
            sums.iter_mut().for_each(|sum| sum.nth = nth);
            sums.sort();
            (content_of(&sums), sums)
        }
    };
    let (kind, subject) = (kind.to_string(), subject.to_string());
    let mut entry = ChainEntry { nth, kind, subject, content, previous, hash: String::new() };
    entry.hash = hash_of(&entry);
    tx.append_entry(&entry, &sums).await
}
