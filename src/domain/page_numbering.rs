//! Numbers of pages that take the place of others (差替え): 12, 13, and what is more 13-1, 13-2.

use serde::Serialize;

/// Which pages of a pack the pages of a paper take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PageNumbering {
    /// The first page that is replaced, from 1.
    pub first: usize,
    /// The last one, inclusive.
    pub last: usize,
    /// Pages of the pack.
    pub of: usize,
}

impl PageNumbering {
    /// What is printed on a page, counted from 0.
    pub fn label(self, at: usize) -> String {
        let number = self.first + at;
        if number <= self.last {
            return format!("{number} / {}", self.of);
        }
        format!("{}-{} / {}", self.last, number - self.last, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_beyond_the_last_are_counted_behind_it() {
        let numbering = PageNumbering { first: 12, last: 13, of: 40 };
        let labels: Vec<String> = (0..4).map(|at| numbering.label(at)).collect();
        assert_eq!(labels, ["12 / 40", "13 / 40", "13-1 / 40", "13-2 / 40"]);
    }
}
