//! What the entries of the chain are about (docs/verify.md).

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
    pub fn is_of_manifest(code: &str) -> bool {
        [Self::Snapshot.code(), Self::Paper.code()].contains(&code)
    }
}
