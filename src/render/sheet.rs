//! A table, grid or chart as plain columns and rows, for files of data.
//!
//! CSV files and workbooks are made from the same [`Sheet`], so they cannot say different things. This module computes
//! nothing and knows no format of a file. Start reading at [`Sheet::of`].

use super::soundness::{self, DocumentFault};
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::chart::{Chart, ChartMark};
use crate::domain::document::{Align, Block, Grid, RowKind, Table};
use crate::domain::japanese_date::{parse_date, short_era_date};

/// A table, grid or chart as plain columns and rows.
pub(super) struct Sheet<'a> {
    /// Stable id, unique in the document.
    pub(super) id: &'a str,
    /// As printed above it; empty when the title of the section suffices.
    pub(super) title: &'a str,
    /// Dates, unit and rules.
    pub(super) basis: &'a [LabelledText],
    /// Machine names of the columns.
    pub(super) keys: Vec<String>,
    /// Headings of the columns, spanning headings included.
    pub(super) titles: Vec<String>,
    /// Whether a column is for numbers, whatever stands in it this time.
    pub(super) are_numbers: Vec<bool>,
    /// Codes of the associations that rows are of, one for each row.
    pub(super) codes: Vec<Option<&'a str>>,
    /// One for each row; `None` where all rows are alike.
    pub(super) kinds: Option<Vec<RowKind>>,
    /// One cell for each column.
    pub(super) rows: Vec<Vec<Cell>>,
    /// Said in place of rows where there are none.
    pub(super) empty_text: &'a str,
    /// Under the table, one a line.
    pub(super) notes: &'a [String],
    /// The chart whose numbers these are.
    pub(super) chart: Option<&'a Chart>,
}

impl<'a> Sheet<'a> {
    /// `None` for blocks without numbers.
    pub(super) fn of(block: &'a Block) -> Result<Option<Self>, DocumentFault> {
        Ok(match block {
            Block::Table(table) => Some(Self::of_table(table)?),
            Block::Grid(grid) => Some(Self::of_grid(grid)?),
            Block::Chart(chart) => Some(Self::of_chart(chart)?),
            Block::Paragraph(_) | Block::Heading(_) | Block::Notes(_) | Block::Letter(_) | Block::Attachment(_) => None,
        })
    }

    /// Dates and rules, each label once: those of the section that the table does not say itself, then its own. Where
    /// the table says something else than its section, the label tells.
    pub(super) fn head(&self, section: &'a [LabelledText]) -> impl Iterator<Item = (String, &'a str)> {
        let own = self.basis;
        let twin = |item: &LabelledText, others: &'a [LabelledText]| others.iter().find(|it| it.label == item.label);
        let unsaid = section.iter().filter(move |item| twin(item, own).is_none());
        let said = own.iter().map(move |item| match twin(item, section) {
            Some(other) if other.text != item.text => (format!("{}（この表）", item.label), item.text.as_str()),
            _ => (item.label.clone(), item.text.as_str()),
        });
        unsaid.map(|item| (item.label.clone(), item.text.as_str())).chain(said)
    }

    /// Weight of a row.
    pub(super) fn kind(&self, row: usize) -> RowKind {
        self.kinds.as_ref().and_then(|kinds| kinds.get(row).copied()).unwrap_or(RowKind::Body)
    }

    fn of_table(table: &'a Table) -> Result<Self, DocumentFault> {
        soundness::check_table(table)?;
        let titles = table.columns.iter().map(|column| match column.group.as_str() {
            "" => column.title.clone(),
            group => format!("{group}／{}", column.title),
        });
        Ok(Self {
            id: &table.id,
            title: &table.title,
            basis: &table.basis,
            keys: table.columns.iter().map(|column| column.key.clone()).collect(),
            titles: titles.collect(),
            are_numbers: table.columns.iter().map(|column| column.align == Align::Right).collect(),
            codes: table.rows.iter().map(|row| row.code.as_deref()).collect(),
            kinds: Some(table.rows.iter().map(|row| row.kind).collect()),
            rows: table.rows.iter().map(|row| row.cells.clone()).collect(),
            empty_text: &table.empty_text,
            notes: &table.notes,
            chart: None,
        })
    }

    fn of_grid(grid: &'a Grid) -> Result<Self, DocumentFault> {
        soundness::check_grid(grid)?;
        let mut titles = vec![grid.name_heading.clone()];
        titles.extend(grid.value_headings.iter().cloned());
        let mut keys = vec!["name".to_owned()];
        keys.extend((1..=grid.value_headings.len()).map(|n| format!("value_{n}")));
        let row = |item: &crate::domain::document::GridItem| {
            let mut row = vec![Cell::text(&item.name)];
            row.extend(item.values.iter().map(|value| Cell::Count(*value)));
            row
        };
        Ok(Self {
            id: &grid.id,
            title: &grid.title,
            basis: &grid.basis,
            are_numbers: (0..keys.len()).map(|at| at > 0).collect(),
            codes: grid.items.iter().map(|item| item.code.as_deref()).collect(),
            keys,
            titles,
            kinds: None,
            rows: grid.items.iter().map(row).collect(),
            empty_text: "",
            notes: &grid.notes,
            chart: None,
        })
    }

    fn of_chart(chart: &'a Chart) -> Result<Self, DocumentFault> {
        soundness::check_chart(chart)?;
        let row = |mark: &ChartMark| {
            let parts = mark.parts.iter().map(|n| Cell::Count(*n));
            [mark_label(&mark.label), mark.value.clone()].into_iter().chain(parts).collect()
        };
        let keys = ["label", "value"].map(str::to_owned).into_iter();
        let titles = ["項目", "値"].map(str::to_owned).into_iter();
        Ok(Self {
            id: &chart.id,
            title: &chart.title,
            basis: &chart.basis,
            keys: keys.chain((1..=chart.parts.len()).map(|n| format!("part_{n}"))).collect(),
            titles: titles.chain(chart.parts.iter().cloned()).collect(),
            are_numbers: (0..2 + chart.parts.len()).map(|at| at > 0).collect(),
            codes: vec![None; chart.marks.len()],
            kinds: None,
            rows: chart.marks.iter().map(row).collect(),
            empty_text: "",
            notes: &chart.notes,
            chart: Some(chart),
        })
    }
}

/// The name of a mark; a day where the words are how a day is printed, so that it is one in files too.
fn mark_label(label: &str) -> Cell {
    match parse_date(label) {
        Some(day) if short_era_date(day) == label => Cell::Date(day),
        _ => Cell::text(label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::day("R7.12.31", true)]
    #[case::month("R7.12", false)]
    #[case::other_spelling("R07.12.31", false)]
    #[case::words("浦和", false)]
    fn label_that_is_printed_as_a_day_is_one(#[case] label: &str, #[case] is_day: bool) {
        let cell = mark_label(label);
        assert_eq!(matches!(cell, Cell::Date(_)), is_day);
        assert_eq!(cell.display(), label);
    }
}
