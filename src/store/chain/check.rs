//! Comparing a store with its chain.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{BEGINNING, ChainEntry, ChainSum, content_of, hash_of};
use super::parts::{ENDS, FACTS, PERSONS};
use super::statements::{CHAINED, Chained};
use super::sums::{Ends, ends_in, newest_ends, of_rows};
use crate::domain::chain_kind::ChainKind;
use crate::store::StoreError;
use crate::store::tx::Tx;

/// Something that is not as the chain says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// An entry is missing, was changed, or does not follow the one before it.
    Entry {
        /// Its number.
        nth: i64,
    },
    /// Rows of a table are not those that were stored.
    Rows {
        /// Entry that tells of them.
        nth: i64,
        /// Subject of that entry: the number of an import.
        subject: String,
        /// Table.
        table: String,
        /// `facts`, `persons` or `ends`.
        part: String,
        /// Rows that were stored.
        told: i64,
        /// Rows that are there.
        found: i64,
    },
    /// Rows of which no entry tells.
    Unrecorded {
        /// Table.
        table: String,
    },
    /// A table cannot be read.
    Unreadable {
        /// Table.
        table: String,
        /// What the database says.
        why: String,
    },
}

/// What came of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainCheck {
    /// The chain.
    pub entries: Vec<ChainEntry>,
    /// Rows that were hashed.
    pub n_rows: u64,
    /// What is not as it was.
    pub faults: Vec<ChainFault>,
}

impl ChainCheck {
    /// Hash of the newest entry.
    pub fn head(&self) -> &str {
        self.entries.last().map_or(BEGINNING, |entry| entry.hash.as_str())
    }
}

/// Which tables are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainScope {
    /// Those that every count reads itself: imports, sources, bodies.
    Small,
    /// None: the links of the chain alone.
    Links,
    /// All.
    All,
}

/// Compares the store with its chain.
pub(super) async fn check(tx: &mut Tx, scope: ChainScope) -> Result<ChainCheck, StoreError> {
    let sums = tx.chain_sums().await?;
    // A chain tells of every paper; every count need not walk along it.
    let entries = if scope == ChainScope::Small { Vec::new() } else { tx.entries().await? };
    let mut out = ChainCheck::default();
    if scope == ChainScope::Small {
        if sums.is_empty() {
            // A store of an older program: the timeline, which is made from all facts, takes it over.
            return Ok(out);
        }
    } else {
        out.faults = broken(&entries, &sums);
        out.entries = entries;
    }
    let reported_ends = newest_ends(&sums);
    let is_asked = |chained: &&Chained| match scope {
        ChainScope::All => true,
        ChainScope::Small => chained.is_small,
        ChainScope::Links => false,
    };
    for chained in CHAINED.iter().filter(is_asked) {
        if let Err(error) = check_table(tx, chained, &sums, &reported_ends, &mut out).await {
            out.faults.push(ChainFault::Unreadable { table: chained.name.to_string(), why: error.to_string() });
        }
    }
    Ok(out)
}

/// Entries that are not what their hashes say, or do not follow each other.
fn broken(entries: &[ChainEntry], sums: &[ChainSum]) -> Vec<ChainFault> {
    let mut of_entry: BTreeMap<i64, Vec<ChainSum>> = BTreeMap::new();
    for sum in sums {
        of_entry.entry(sum.nth).or_default().push(sum.clone());
    }
    let mut faults = BTreeSet::new();
    let mut previous = BEGINNING;
    for (entry, nth) in entries.iter().zip(1..) {
        let mut sums = of_entry.remove(&entry.nth).unwrap_or_default();
        sums.sort();
        let is_said =
            if ChainKind::has_sums(&entry.kind) { content_of(&sums) == entry.content } else { sums.is_empty() };
        if entry.nth != nth || entry.previous != previous || entry.hash != hash_of(entry) || !is_said {
            faults.insert(nth);
        }
        previous = &entry.hash;
    }
    faults.extend(of_entry.into_keys());
    faults.into_iter().map(|nth| ChainFault::Entry { nth }).collect()
}

async fn check_table(
    tx: &mut Tx,
    chained: &Chained,
    sums: &[ChainSum],
    reported_ends: &Ends,
    out: &mut ChainCheck,
) -> Result<(), StoreError> {
    let mut through = 0;
    for told in sums.iter().filter(|sum| sum.name == chained.name && sum.part == FACTS) {
        let persons = sums
            .iter()
            .rev()
            .find(|sum| sum.name == chained.name && sum.part == PERSONS && sum.through == told.through);
        let found = of_rows(tx, chained, told.after_id, told.through).await?;
        for found in found {
            let told = if found.part == PERSONS { persons } else { Some(told) };
            out.n_rows += if found.part == FACTS { u64::try_from(found.n_rows).unwrap_or_default() } else { 0 };
            let is_same = told.is_some_and(|told| (told.n_rows, &told.sha256) == (found.n_rows, &found.sha256));
            if !is_same {
                let (nth, n_reported) = told.map_or((0, 0), |told| (told.nth, told.n_rows));
                out.faults.push(rows_fault(&out.entries, nth, &found.name, &found.part, (n_reported, found.n_rows)));
            }
        }
        through = told.through;
    }
    if tx.max_id(chained.name).await? > through {
        out.faults.push(ChainFault::Unrecorded { table: chained.name.to_string() });
    }
    let found = ends_in(tx, chained).await?;
    let of_table = reported_ends.iter().filter(|((name, _), _)| name == chained.name);
    let keys: BTreeSet<&(String, i64)> = found.keys().chain(of_table.map(|(key, _)| key)).collect();
    for key in keys {
        let (told, found) = (reported_ends.get(key), found.get(key));
        if told != found {
            let nth = sums.iter().rev().find(|sum| sum.part == ENDS && (&sum.name, sum.through) == (&key.0, key.1));
            let counts = (told.map_or(0, |told| told.0), found.map_or(0, |found| found.0));
            out.faults.push(rows_fault(&out.entries, nth.map_or(0, |sum| sum.nth), &key.0, ENDS, counts));
        }
    }
    Ok(())
}

fn rows_fault(entries: &[ChainEntry], nth: i64, table: &str, part: &str, (told, found): (i64, i64)) -> ChainFault {
    let subject = entries.iter().find(|entry| entry.nth == nth).map_or(String::new(), |entry| entry.subject.clone());
    ChainFault::Rows { nth, subject, table: table.to_string(), part: part.to_string(), told, found }
}
