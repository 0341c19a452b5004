//! A PDF of somebody else, which stands in a pack as it is.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// The bytes of a file and what was seen of its pages.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct AttachedFile {
    /// Name of the file.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Pages as they are seen, turned where the file turns them.
    pub pages: Vec<PageSize>,
    /// The file. Its hash stands for it in data.
    #[serde(skip)]
    pub bytes: Arc<Vec<u8>>,
}

impl fmt::Debug for AttachedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttachedFile")
            .field("name", &self.name)
            .field("sha256", &self.sha256)
            .field("pages", &self.pages.len())
            .finish_non_exhaustive()
    }
}

/// Size of a page in thousandths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PageSize {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Sides of A4.
const A4: (u32, u32) = (595_276, 841_890);

/// Programs round the sides of a sheet; 3 mm make no other sheet.
const TOLERANCE: u32 = 8_500;

impl PageSize {
    /// Whether it is a sheet of A4, upright or lying.
    pub fn is_a4(self) -> bool {
        let is_near = |one: u32, other: u32| one.abs_diff(other) <= TOLERANCE;
        let (short, long) = (self.width.min(self.height), self.width.max(self.height));
        is_near(short, A4.0) && is_near(long, A4.1)
    }

    /// Sides in millimetres: 297×420mm.
    pub fn shown(self) -> String {
        // A point is 25.4 / 72 mm.
        let millimetres = |thousandths: u32| (u64::from(thousandths) * 254 + 360_000) / 720_000;
        format!("{}×{}mm", millimetres(self.width), millimetres(self.height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_known_by_their_sides() {
        assert!(PageSize { width: 595_000, height: 842_000 }.is_a4());
        assert!(PageSize { width: 841_890, height: 595_276 }.is_a4());
        let letter = PageSize { width: 612_000, height: 792_000 };
        assert!(!letter.is_a4());
        assert_eq!(letter.shown(), "216×279mm");
        assert_eq!(PageSize { width: 841_890, height: 1_190_551 }.shown(), "297×420mm");
    }
}
