//! Places in a document, for whoever has to find something in it.

use std::fmt;

/// A place in a document, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Title of the section; `None` on the cover and in the foot.
    pub section: Option<String>,
    /// Title of the table, grid or chart, or its id when it has no title.
    pub table: Option<String>,
    /// Number of the row or item, from 1; `None` in headings and notes.
    pub row: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.section {
            Some(section) => write!(formatter, "section {section}")?,
            None => write!(formatter, "outside the sections")?,
        }
        if let Some(table) = &self.table {
            write!(formatter, ", table {table}")?;
        }
        self.row.map_or(Ok(()), |row| write!(formatter, ", row {row}"))
    }
}
