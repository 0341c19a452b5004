//! What the rows of a table say together, so that two stores can be compared.

use sha2::{Digest, Sha256};

use super::cells::Cell;
use super::tables::Table;
use crate::domain::hex::hex;

/// Rows of a table and what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSum {
    /// Name of the table.
    pub table: &'static str,
    /// Number of rows.
    pub n_rows: u64,
    /// SHA-256 over all values in the order of the key, hexadecimal; the same on every store.
    pub sha256: String,
}

/// Adds up the rows of a table.
pub struct Summer {
    table: &'static str,
    n_rows: u64,
    hash: Sha256,
}

impl Summer {
    /// Begins with no rows.
    pub fn new(table: &Table) -> Self {
        Self { table: table.name, n_rows: 0, hash: Sha256::new() }
    }

    /// Adds a row. Every value is preceded by its kind, and a text by its length, so that no two rows look alike.
    pub fn add(&mut self, row: &[Cell]) {
        self.n_rows += 1;
        for cell in row {
            match cell {
                Cell::Null => self.hash.update([0]),
                Cell::Number(number) => {
                    self.hash.update([1]);
                    self.hash.update(number.to_be_bytes());
                }
                Cell::Text(text) => {
                    self.hash.update([2]);
                    self.hash.update(text.len().to_be_bytes());
                    self.hash.update(text);
                }
            }
        }
    }

    /// What was added.
    pub fn sum(self) -> TableSum {
        let sha256 = hex(&self.hash.finalize());
        TableSum { table: self.table, n_rows: self.n_rows, sha256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables::TABLES;

    #[test]
    fn rows_that_only_look_alike_have_other_sums() {
        let sum = |rows: &[&[Cell]]| {
            let mut summer = Summer::new(TABLES[0]);
            rows.iter().for_each(|row| summer.add(row));
            summer.sum().sha256
        };
        let text = |text: &str| Cell::Text(text.into());
        let all = [
            sum(&[&[text("ab"), text("c")]]),
            sum(&[&[text("a"), text("bc")]]),
            sum(&[&[text("ab")], &[text("c"), Cell::Null]]),
            sum(&[&[Cell::Null, Cell::Number(0)]]),
            sum(&[&[Cell::Number(0), Cell::Null]]),
        ];
        let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
