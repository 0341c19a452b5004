//! Member classes (会員区分): the national five and the visible unknown.
//!
//! Spellings and the schemes of other bodies are data (`reports/vocabulary.toml`, `reports/class-schemes.toml`), not part of this module.

use serde::{Deserialize, Serialize};

use super::coded::coded;

coded! {
    /// A class of the national scheme (日医会員区分), in the order in which it is always printed.
    ///
    /// They stand in printing order, which is that of their stored numbers: never reorder.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum NationalClass {
        /// Founders, managers and the like (A①).
        A1 = "A1" / "A①",
        /// Others in the liability insurance, mostly employed physicians (A②(B)).
        A2B = "A2B" / "A②(B)",
        /// Trainees in the liability insurance (A②(C)).
        A2C = "A2C" / "A②(C)",
        /// Others outside the insurance (B).
        B = "B" / "B",
        /// Trainees outside the insurance (C).
        C = "C" / "C",
        /// A class that nobody mapped (不明); counted and shown, never dropped (R9).
        #[serde(rename = "unknown")]
        Unknown = "unknown" / "不明",
    }
}

impl NationalClass {
    /// Number of classes, the unknown one included.
    pub const COUNT: usize = Self::ALL.len();

    /// Position in [`Self::ALL`], used as the stored number of the class. Never reorder.
    #[inline]
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The class at a stored number, or `None` when no class has it.
    #[inline]
    pub fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }
}
