//! Links of the chain, and the hashes that join them.

use sha2::{Digest, Sha256};

use crate::domain::hex::hex;

/// The hash before the first entry.
pub const BEGINNING: &str = "0";

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
    pub(super) fn is_of_manifest(code: &str) -> bool {
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

/// Hash of sums, which come sorted.
pub(super) fn content_of(sums: &[ChainSum]) -> String {
    let mut hash = Sha256::new();
    for sum in sums {
        let ChainSum { name, part, through, after_id, n_rows, sha256, .. } = sum;
        hash.update(format!("{name} {part} {after_id} {through} {n_rows} {sha256}\n"));
    }
    hex(&hash.finalize())
}

pub(super) fn hash_of(entry: &ChainEntry) -> String {
    let ChainEntry { nth, kind, subject, content, previous, .. } = entry;
    hex(&Sha256::digest(format!("{nth} {kind} {}:{subject} {content} {previous}", subject.len())))
}
