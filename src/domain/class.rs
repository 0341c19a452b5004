//! Member classes (会員区分): the national five and the visible unknown.
//!
//! Spellings and the schemes of other bodies are data (`reports/vocabulary.toml`, `reports/class-schemes.toml`), not part of this module.

use serde::{Deserialize, Serialize};

/// A class of the national scheme (日医会員区分), in the order in which it is always printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NationalClass {
    /// Founders, managers and the like (A①).
    A1,
    /// Others in the liability insurance, mostly employed physicians (A②(B)).
    A2B,
    /// Trainees in the liability insurance (A②(C)).
    A2C,
    /// Others outside the insurance (B).
    B,
    /// Trainees outside the insurance (C).
    C,
    /// A class that nobody mapped (不明); counted and shown, never dropped (R9).
    #[serde(rename = "unknown")]
    Unknown,
}

impl NationalClass {
    /// All classes in printing order.
    pub const ALL: [Self; 6] = [Self::A1, Self::A2B, Self::A2C, Self::B, Self::C, Self::Unknown];

    /// Number of classes, the unknown one included.
    pub const COUNT: usize = Self::ALL.len();

    /// Machine code as in JSON and files: A1, A2B, A2C, B, C, unknown.
    pub fn code(self) -> &'static str {
        match self {
            Self::A1 => "A1",
            Self::A2B => "A2B",
            Self::A2C => "A2C",
            Self::B => "B",
            Self::C => "C",
            Self::Unknown => "unknown",
        }
    }

    /// Printed name: A①, A②(B), A②(C), B, C, 不明.
    pub fn label(self) -> &'static str {
        match self {
            Self::A1 => "A①",
            Self::A2B => "A②(B)",
            Self::A2C => "A②(C)",
            Self::B => "B",
            Self::C => "C",
            Self::Unknown => "不明",
        }
    }

    /// Position in [`Self::ALL`], used as the stored number of the class. Never reorder.
    #[inline]
    pub fn index(self) -> u8 {
        match self {
            Self::A1 => 0,
            Self::A2B => 1,
            Self::A2C => 2,
            Self::B => 3,
            Self::C => 4,
            Self::Unknown => 5,
        }
    }

    /// The class at a stored number, or `None` when no class has it.
    #[inline]
    pub fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }

    /// The class of a machine code such as `A2B`.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }
}
