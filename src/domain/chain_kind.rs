//! What the entries of the chain are about (docs/verify.md).

use super::coded::coded;

coded! {
    /// What an entry is about.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ChainKind {
        /// Everything that was there when the chain began in a store of an older program.
        TakenOver = "taken-over",
        /// An import; its subject is its number.
        Import = "import",
        /// An import that was taken back; its subject is the number of the import.
        TakenBack = "taken-back",
        /// A purge that was begun or ended; its subject is its number.
        Purged = "purged",
        /// A snapshot; its subject is its folder.
        Snapshot = "snapshot",
        /// A paper; its subject is its folder.
        Paper = "paper",
    }
}

impl ChainKind {
    /// Whether its content is the hash of a manifest, not of sums.
    pub fn is_of_manifest(code: &str) -> bool {
        [Self::Snapshot.code(), Self::Paper.code()].contains(&code)
    }
}
