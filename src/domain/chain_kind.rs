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
        /// A distribution that was made; its subject is its number.
        Distribution = "distribution",
        /// The approval of a distribution; its subject is the number.
        Approval = "approval",
        /// The withdrawal of a distribution; its subject is the number.
        Withdrawal = "withdrawal",
        /// What became of the papers of a recipient; its subject is the number of the distribution and the code.
        Delivery = "delivery",
    }
}

impl ChainKind {
    /// Whether an entry has sums of rows; the content of others is a hash by itself.
    pub fn has_sums(code: &str) -> bool {
        [Self::TakenOver, Self::Import, Self::TakenBack, Self::Purged].iter().any(|kind| kind.code() == code)
    }

    /// Whether its content is the hash of the manifest of a folder.
    pub fn is_of_manifest(code: &str) -> bool {
        [Self::Snapshot, Self::Paper].iter().any(|kind| kind.code() == code)
    }
}
