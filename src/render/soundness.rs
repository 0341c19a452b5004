//! The promises of a document that every renderer relies on, checked once before anything is drawn.
//!
//! A fault is a defect of the report that built the document, not of the data in it; no renderer tries to
//! repair one. Start reading at [`check`].

use std::collections::HashSet;

use thiserror::Error;

use crate::domain::cell::LabelledText;
use crate::domain::chart::{Chart, ChartMark};
use crate::domain::document::{Block, Grid, ReportDocument, Table};

/// A broken promise of a document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentFault {
    /// A table, grid or chart has no dates and rules (基準日 …) and must not be printed.
    #[error("{id}: no dates and rules are given, so it must not be printed")]
    NoBasis {
        /// Id of the table, grid or chart.
        id: String,
    },
    /// A table has no column.
    #[error("{id}: the table has no column")]
    NoColumn {
        /// Id of the table.
        id: String,
    },
    /// A row does not have one cell for each column.
    #[error("{id}: row {row} has {found} cells for {expected} columns")]
    WrongCellCount {
        /// Id of the table.
        id: String,
        /// Number of the row, from 1.
        row: usize,
        /// Cells of that row.
        found: usize,
        /// Columns of the table.
        expected: usize,
    },
    /// Two columns of a table have the same key.
    #[error("{id}: two columns have the key {key}")]
    RepeatedKey {
        /// Id of the table.
        id: String,
        /// The key.
        key: String,
    },
    /// A grid has no items to a row.
    #[error("{id}: the grid wraps after 0 items")]
    NoItemsToARow {
        /// Id of the grid.
        id: String,
    },
    /// An item of a grid does not have one value for each value heading.
    #[error("{id}: item {item} has {found} values for {expected} headings")]
    WrongValueCount {
        /// Id of the grid.
        id: String,
        /// Number of the item, from 1.
        item: usize,
        /// Values of that item.
        found: usize,
        /// Value headings of the grid.
        expected: usize,
    },
    /// The parts of a mark are not those of its chart, or do not add up to its value.
    #[error("{id}: the parts of mark {mark} are not those of the chart, or do not add up")]
    WrongParts {
        /// Id of the chart.
        id: String,
        /// Number of the mark, from 1.
        mark: usize,
    },
    /// Two tables, grids, charts or sections have the same id.
    #[error("the id {id} is given twice")]
    RepeatedId {
        /// The id.
        id: String,
    },
    /// An item of the agenda points to a section that is not in the document.
    #[error("the agenda points to the section {id}, which is not in the document")]
    UnknownSection {
        /// The id that was looked for.
        id: String,
    },
}

/// Checks every promise of [`ReportDocument`] that drawing relies on.
///
/// # Errors
/// The first [`DocumentFault`] in print order.
pub fn check(document: &ReportDocument) -> Result<(), DocumentFault> {
    let section_ids = unique(document.sections.iter().map(|section| section.id.as_str()))?;
    check_agenda(document, &section_ids)?;
    let blocks = || document.sections.iter().flat_map(|section| &section.blocks);
    unique(blocks().filter_map(block_id))?;
    blocks().try_for_each(check_block)
}

fn check_agenda(document: &ReportDocument, section_ids: &HashSet<&str>) -> Result<(), DocumentFault> {
    let groups = document.cover.iter().flat_map(|cover| &cover.agenda);
    let unknown = groups
        .flat_map(|group| &group.items)
        .filter_map(|item| item.section_id.as_deref())
        .find(|id| !section_ids.contains(id));
    unknown.map_or(Ok(()), |id| Err(DocumentFault::UnknownSection { id: id.into() }))
}

/// Id of a table, grid or chart; `None` for blocks without numbers.
pub(super) fn block_id(block: &Block) -> Option<&str> {
    match block {
        Block::Table(table) => Some(&table.id),
        Block::Grid(grid) => Some(&grid.id),
        Block::Chart(chart) => Some(&chart.id),
        Block::Paragraph(_) | Block::Heading(_) | Block::Notes(_) | Block::Letter(_) | Block::Attachment(_) => None,
    }
}

fn check_block(block: &Block) -> Result<(), DocumentFault> {
    match block {
        Block::Table(table) => check_table(table),
        Block::Grid(grid) => check_grid(grid),
        Block::Chart(chart) => check_chart(chart),
        Block::Paragraph(_) | Block::Heading(_) | Block::Notes(_) | Block::Letter(_) | Block::Attachment(_) => Ok(()),
    }
}

/// Checks one table on its own.
///
/// # Errors
/// No basis, no column, a key given twice, or a row with too few or too many cells.
pub fn check_table(table: &Table) -> Result<(), DocumentFault> {
    check_basis(&table.id, &table.basis)?;
    let expected = table.columns.len();
    if expected == 0 {
        return Err(DocumentFault::NoColumn { id: table.id.clone() });
    }
    if let Some(key) = first_repeated(table.columns.iter().map(|column| column.key.as_str())) {
        return Err(DocumentFault::RepeatedKey { id: table.id.clone(), key: key.into() });
    }
    let wrong = table.rows.iter().position(|row| row.cells.len() != expected);
    wrong.map_or(Ok(()), |at| {
        let found = table.rows[at].cells.len();
        Err(DocumentFault::WrongCellCount { id: table.id.clone(), row: at + 1, found, expected })
    })
}

/// Checks one grid on its own.
///
/// # Errors
/// No basis, no items to a row, or an item with too few or too many values.
pub fn check_grid(grid: &Grid) -> Result<(), DocumentFault> {
    check_basis(&grid.id, &grid.basis)?;
    if grid.per_row == 0 {
        return Err(DocumentFault::NoItemsToARow { id: grid.id.clone() });
    }
    let expected = grid.value_headings.len();
    let wrong = grid.items.iter().position(|item| item.values.len() != expected);
    wrong.map_or(Ok(()), |at| {
        let found = grid.items[at].values.len();
        Err(DocumentFault::WrongValueCount { id: grid.id.clone(), item: at + 1, found, expected })
    })
}

/// Checks one chart on its own.
///
/// # Errors
/// No basis, or parts of a mark that are not those of the chart or do not add up to it.
pub fn check_chart(chart: &Chart) -> Result<(), DocumentFault> {
    check_basis(&chart.id, &chart.basis)?;
    let is_sound = |mark: &ChartMark| {
        let adds_up = chart.parts.is_empty() || mark.number() == Some(mark.parts.iter().sum());
        mark.parts.len() == chart.parts.len() && adds_up
    };
    match chart.marks.iter().position(|mark| !is_sound(mark)) {
        Some(at) => Err(DocumentFault::WrongParts { id: chart.id.clone(), mark: at + 1 }),
        None => Ok(()),
    }
}

fn check_basis(id: &str, basis: &[LabelledText]) -> Result<(), DocumentFault> {
    if basis.is_empty() {
        return Err(DocumentFault::NoBasis { id: id.into() });
    }
    Ok(())
}

fn unique<'a>(ids: impl Iterator<Item = &'a str>) -> Result<HashSet<&'a str>, DocumentFault> {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(DocumentFault::RepeatedId { id: id.into() });
        }
    }
    Ok(seen)
}

fn first_repeated<'a>(mut keys: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = HashSet::new();
    keys.find(|key| !seen.insert(*key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cell::Cell;
    use crate::domain::document::Row;
    use crate::render::sample;

    #[test]
    fn sound_samples_pass() {
        for document in sample::all() {
            assert_eq!(check(&document), Ok(()), "{}", document.id);
        }
    }

    #[test]
    fn short_row_is_refused_with_its_number() {
        let mut table = sample::counts_table();
        table.rows.insert(1, Row::body(vec![Cell::Blank]));
        let expected = table.columns.len();
        let fault = DocumentFault::WrongCellCount { id: table.id.clone(), row: 2, found: 1, expected };
        assert_eq!(check_table(&table), Err(fault));
    }

    #[test]
    fn table_without_its_dates_is_refused() {
        let mut table = sample::counts_table();
        table.basis.clear();
        assert_eq!(check_table(&table), Err(DocumentFault::NoBasis { id: table.id }));
    }

    #[test]
    fn agenda_to_nowhere_is_refused() {
        let mut document = sample::pack();
        document.sections.retain(|section| section.id != "counts");
        assert_eq!(check(&document), Err(DocumentFault::UnknownSection { id: "counts".into() }));
    }
}
