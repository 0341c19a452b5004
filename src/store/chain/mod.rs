//! One chain over everything that was taken in, taken back, pinned and put on paper.
//!
//! An entry of an import holds sums: for each table the SHA-256 of the rows that the import stored, found by the range of
//! their ids; of the columns that name a person apart, so that a purge can replace that part alone; and of the rows that it
//! ended. What a later import sets (`known_until`, `closed_by` …) is no part of a row but an end of that later import. Taking
//! an import back changes ends of others: its entry holds the new sums, and the newest sum for a thing holds. Both stores
//! give the same sums. Start reading at `record` and `check`.

mod facing;
mod statements;
mod transaction;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use self::statements::{CHAINED, Chained};
pub(super) use self::transaction::Tx;
use super::StoreError;

/// The hash before the first entry.
pub const BEGINNING: &str = "0";

/// Ids looked at with one statement.
const IDS_AT_ONCE: i64 = 8_192;

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainKind {
    /// Everything that was there when the chain began in a store of an older program.
    TakenOver,
    /// An import; its subject is its number.
    Import,
    /// An import that was taken back; its subject is the number of the import.
    TakenBack,
    /// A snapshot; its subject is its folder.
    Snapshot,
    /// A paper; its subject is its folder.
    Paper,
}

impl ChainKind {
    /// Stored name.
    pub fn code(self) -> &'static str {
        match self {
            Self::TakenOver => "taken-over",
            Self::Import => "import",
            Self::TakenBack => "taken-back",
            Self::Snapshot => "snapshot",
            Self::Paper => "paper",
        }
    }

    /// Whether its content is the hash of a manifest, not of sums.
    fn is_of_manifest(code: &str) -> bool {
        [Self::Snapshot.code(), Self::Paper.code()].contains(&code)
    }
}

/// A link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEntry {
    /// Number, from 1.
    pub nth: i64,
    /// Stored name of what it is about.
    pub kind: String,
    /// Number of an import, or a folder.
    pub subject: String,
    /// Hash of what it says.
    pub content: String,
    /// Hash of the entry before.
    pub previous: String,
    /// Hash of this entry.
    pub hash: String,
}

/// A sum of an entry. Which rows it is over stands in the migration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainSum {
    /// Number of the entry.
    pub nth: i64,
    /// Table.
    pub name: String,
    /// `facts`, `persons` or `ends`.
    pub part: String,
    /// Last id, inclusive.
    pub through: i64,
    /// Last id before, exclusive.
    pub after_id: i64,
    /// Rows.
    pub n_rows: i64,
    /// Hash of the rows.
    pub sha256: String,
}

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

/// Appends the entry of an import that was applied within a transaction; the first entry tells of all that is there.
pub(super) async fn record(tx: &mut Tx<'_>, import: i64) -> Result<(), StoreError> {
    let is_first = tx.last().await?.is_none();
    let imports = if is_first { tx.import_ids().await? } else { vec![import] };
    let mut sums = new_rows(tx).await?;
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
pub(super) async fn take_over(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let imports = tx.import_ids().await?;
    let (None, Some(newest)) = (tx.last().await?, imports.last()) else { return Ok(false) };
    let mut sums = new_rows(tx).await?;
    for chained in CHAINED {
        for closer in &imports {
            sums.extend(ends_of_one(tx, chained, *closer).await?);
        }
    }
    append(tx, ChainKind::TakenOver.code(), &newest.to_string(), Content::Sums(sums)).await?;
    Ok(true)
}

/// Refuses to take an import back in a store whose ends are not as they were: their new sums would hide it.
pub(super) async fn before_taking_back(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    take_over(tx).await?;
    let told = newest_ends(&tx.sums().await?);
    let found = ends(tx).await?;
    if told == found { Ok(()) } else { Err(StoreError::Damaged) }
}

/// Appends the entry of a taking back that was applied within a transaction.
pub(super) async fn record_taking_back(tx: &mut Tx<'_>, import: i64) -> Result<(), StoreError> {
    let told = newest_ends(&tx.sums().await?);
    let mut found = ends(tx).await?;
    // What nothing ends any more has a sum of no rows.
    for key in told.keys() {
        found.entry(key.clone()).or_insert_with(|| (0, hex(&Sha256::digest(""))));
    }
    let mut sums = new_rows(tx).await?;
    for ((name, closer), (n_rows, sha256)) in found {
        if told.get(&(name.clone(), closer)) != Some(&(n_rows, sha256.clone())) {
            sums.push(end_sum(&name, closer, n_rows, sha256));
        }
    }
    append(tx, ChainKind::TakenBack.code(), &import.to_string(), Content::Sums(sums)).await
}

/// Appends the entry of a snapshot or paper, unless the newest entry about it says the same.
pub(super) async fn record_manifest(
    tx: &mut Tx<'_>,
    kind: ChainKind,
    subject: &str,
    sha256: &str,
) -> Result<(), StoreError> {
    let entries = tx.entries().await?;
    let newest = entries.iter().rev().find(|entry| entry.kind == kind.code() && entry.subject == subject);
    if newest.is_some_and(|entry| entry.content == sha256) {
        return Ok(());
    }
    append(tx, kind.code(), subject, Content::Manifest(sha256)).await
}

enum Content<'c> {
    Sums(Vec<ChainSum>),
    Manifest(&'c str),
}

async fn append(tx: &mut Tx<'_>, kind: &str, subject: &str, content: Content<'_>) -> Result<(), StoreError> {
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
    tx.append(&entry, &sums).await
}

/// Hash of sums, which come sorted.
fn content_of(sums: &[ChainSum]) -> String {
    let mut hash = Sha256::new();
    for sum in sums {
        let ChainSum { name, part, through, after_id, n_rows, sha256, .. } = sum;
        hash.update(format!("{name} {part} {after_id} {through} {n_rows} {sha256}\n"));
    }
    hex(&hash.finalize())
}

fn hash_of(entry: &ChainEntry) -> String {
    let ChainEntry { nth, kind, subject, content, previous, .. } = entry;
    hex(&Sha256::digest(format!("{nth} {kind} {}:{subject} {content} {previous}", subject.len())))
}

/// Sums of the rows that no entry tells of yet.
async fn new_rows(tx: &mut Tx<'_>) -> Result<Vec<ChainSum>, StoreError> {
    let mut sums = Vec::new();
    for chained in CHAINED {
        let (after, through) = tx.unrecorded(chained.name).await?;
        if through > after {
            sums.extend(of_rows(tx, chained, after, through).await?);
        }
    }
    Ok(sums)
}

/// Sums of the rows of a table with `after < id <= through`.
async fn of_rows(tx: &mut Tx<'_>, chained: &Chained, after: i64, through: i64) -> Result<Vec<ChainSum>, StoreError> {
    let statement = chained.rows(tx.dialect());
    let (mut facts, mut persons, mut n_rows) = (Sha256::new(), Sha256::new(), 0);
    for (from, to) in blocks(after, through) {
        let (of_facts, of_persons, n) = tx.rows(&statement, from, to).await?;
        facts.update(of_facts.unwrap_or_default());
        persons.update(of_persons.unwrap_or_default());
        n_rows += n;
    }
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
    Ok(sums)
}

const FACTS: &str = "facts";
const PERSONS: &str = "persons";
const ENDS: &str = "ends";

/// The sum of the rows that an import ended; none where it ended nothing.
async fn ends_of_one(tx: &mut Tx<'_>, chained: &Chained, closer: i64) -> Result<Option<ChainSum>, StoreError> {
    let Some(statement) = chained.ends_of_one(tx.dialect()) else { return Ok(None) };
    let (text, n_rows) = tx.ends_of_one(&statement, closer).await?;
    let sum = || end_sum(chained.name, closer, n_rows, hex(&Sha256::digest(text.unwrap_or_default())));
    Ok((n_rows > 0).then(sum))
}

fn end_sum(name: &str, closer: i64, n_rows: i64, sha256: String) -> ChainSum {
    let (name, part) = (name.to_string(), ENDS.to_string());
    ChainSum { nth: 0, name, part, through: closer, after_id: closer - 1, n_rows, sha256 }
}

/// Table and import, with the number and hash of the rows that it ended.
type Ends = BTreeMap<(String, i64), (i64, String)>;

/// What the entries say last of the rows that each import ended.
fn newest_ends(sums: &[ChainSum]) -> Ends {
    let ends = sums.iter().filter(|sum| sum.part == ENDS);
    // They come by entry, so that the newest stays.
    let mut out: Ends = ends.map(|sum| ((sum.name.clone(), sum.through), (sum.n_rows, sum.sha256.clone()))).collect();
    out.retain(|_, (n_rows, _)| *n_rows > 0);
    out
}

/// All rows that ended, as they are.
async fn ends(tx: &mut Tx<'_>) -> Result<Ends, StoreError> {
    let mut out = Ends::new();
    for chained in CHAINED {
        out.extend(ends_in(tx, chained).await?);
    }
    Ok(out)
}

async fn ends_in(tx: &mut Tx<'_>, chained: &Chained) -> Result<Ends, StoreError> {
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

/// Compares the store with its chain.
pub(super) async fn check(tx: &mut Tx<'_>, scope: ChainScope) -> Result<ChainCheck, StoreError> {
    let sums = tx.sums().await?;
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
            if ChainKind::is_of_manifest(&entry.kind) { sums.is_empty() } else { content_of(&sums) == entry.content };
        if entry.nth != nth || entry.previous != previous || entry.hash != hash_of(entry) || !is_said {
            faults.insert(nth);
        }
        previous = &entry.hash;
    }
    faults.extend(of_entry.into_keys());
    faults.into_iter().map(|nth| ChainFault::Entry { nth }).collect()
}

async fn check_table(
    tx: &mut Tx<'_>,
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
