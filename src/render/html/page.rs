//! What the page template prints, in the order it prints it.

use askama::Template;

use crate::domain::attachment::AttachedFile;
use crate::domain::document::{
    Align, Block, Cell, Column, Cover, Grid, GridItem, LabelledText, ReportDocument, Row, RowKind, Section, Table,
};
use crate::domain::japanese_date::era_date;
use crate::domain::letter::Letter;

use super::basis::unsaid;
use super::chart::{ChartView, ShapeView};

/// Tables of fewer columns are as wide as their texts.
const FEWEST_FOR_FULL_WIDTH: usize = 4;

/// Texts of up to this many characters are not broken.
const LONGEST_UNBROKEN: usize = 10;

/// The page of one document.
#[derive(Template)]
#[template(path = "reports/document.html")]
pub(super) struct DocumentPage<'a> {
    document: &'a ReportDocument,
    issued: String,
    sections: Vec<SectionView<'a>>,
}

impl<'a> DocumentPage<'a> {
    /// Prepares a checked document.
    pub fn of(document: &'a ReportDocument) -> Self {
        Self {
            document,
            issued: era_date(document.issued_on),
            sections: document.sections.iter().map(SectionView::of).collect(),
        }
    }

    fn cover(&self) -> Option<&Cover> {
        self.document.cover.as_ref()
    }
}

struct SectionView<'a> {
    section: &'a Section,
    blocks: Vec<BlockView<'a>>,
}

impl<'a> SectionView<'a> {
    fn of(section: &'a Section) -> Self {
        // What the head of the section says holds for all of it and is not said twice.
        let blocks = section.blocks.iter().map(|block| BlockView::of(block, &section.basis));
        Self { section, blocks: blocks.collect() }
    }
}

enum BlockView<'a> {
    Paragraph(&'a str),
    Heading(&'a str),
    Table(TableView<'a>),
    Grid(GridView<'a>),
    Chart(ChartView<'a>),
    Notes(&'a [String]),
    Letter(&'a Letter),
    Attachment(&'a AttachedFile),
}

impl<'a> BlockView<'a> {
    fn of(block: &'a Block, said: &[LabelledText]) -> Self {
        match block {
            Block::Paragraph(text) => Self::Paragraph(text),
            Block::Heading(text) => Self::Heading(text),
            Block::Table(table) => Self::Table(TableView::of(table, said)),
            Block::Grid(grid) => Self::Grid(GridView::of(grid, said)),
            Block::Chart(chart) => Self::Chart(ChartView::of(chart, said)),
            Block::Notes(texts) => Self::Notes(texts),
            Block::Letter(letter) => Self::Letter(letter),
            Block::Attachment(file) => Self::Attachment(file),
        }
    }
}

struct TableView<'a> {
    table: &'a Table,
    basis: Vec<&'a LabelledText>,
    /// Tables with few columns are not stretched over the page.
    class: &'static str,
    /// First row of the head: spanning headings, and the headings of columns without a group.
    upper: Vec<HeadView<'a>>,
    /// Second row of the head; empty when no column is grouped.
    lower: Vec<HeadView<'a>>,
    rows: Vec<RowView>,
}

struct HeadView<'a> {
    title: &'a str,
    class: &'static str,
    scope: &'static str,
    columns: usize,
    rows: usize,
}

struct RowView {
    class: &'static str,
    cells: Vec<CellView>,
}

struct CellView {
    text: String,
    class: &'static str,
    /// The first text of a row names it.
    heads_row: bool,
}

impl<'a> TableView<'a> {
    fn of(table: &'a Table, said: &[LabelledText]) -> Self {
        let grouped = table.columns.iter().any(|column| !column.group.is_empty());
        let (upper, lower) = if grouped {
            grouped_head(&table.columns)
        } else {
            (table.columns.iter().map(|column| column_head(column, 1)).collect(), Vec::new())
        };
        let naming = table.columns.iter().position(|column| column.align == Align::Left);
        let rows = table.rows.iter().map(|row| RowView::of(row, &table.columns, naming)).collect();
        let class = if table.columns.len() < FEWEST_FOR_FULL_WIDTH { "slim" } else { "full" };
        Self { table, basis: unsaid(&table.basis, said), class, upper, lower, rows }
    }
}

impl RowView {
    fn of(row: &Row, columns: &[Column], naming: Option<usize>) -> Self {
        let cells = row.cells.iter().zip(columns).enumerate().map(|(at, (cell, column))| CellView {
            text: cell.display(),
            class: class_of_cell(cell, column.align),
            heads_row: naming == Some(at) && !matches!(cell, Cell::Blank),
        });
        let class = match row.kind {
            RowKind::Body => "body",
            RowKind::Subtotal => "subtotal",
            RowKind::Total => "total",
        };
        Self { class, cells: cells.collect() }
    }
}

fn grouped_head(columns: &[Column]) -> (Vec<HeadView<'_>>, Vec<HeadView<'_>>) {
    let mut upper = Vec::new();
    let mut lower = Vec::new();
    for group in columns.chunk_by(|one, other| one.group == other.group) {
        let title = group[0].group.as_str();
        if title.is_empty() {
            upper.extend(group.iter().map(|column| column_head(column, 2)));
            continue;
        }
        upper.push(HeadView { title, class: "centre", scope: "colgroup", columns: group.len(), rows: 1 });
        lower.extend(group.iter().map(|column| column_head(column, 1)));
    }
    (upper, lower)
}

fn column_head(column: &Column, rows: usize) -> HeadView<'_> {
    HeadView { title: &column.title, class: class_of(column.align), scope: "col", columns: 1, rows }
}

fn class_of(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Centre => "centre",
        Align::Right => "right",
    }
}

/// Names stay on one line where that does not push the other columns off the page.
fn class_of_cell(cell: &Cell, align: Align) -> &'static str {
    match cell {
        Cell::Text(text) if align == Align::Left && text.chars().count() <= LONGEST_UNBROKEN => "left short",
        Cell::Date(_) if align == Align::Centre => "centre short",
        _ => class_of(align),
    }
}

struct GridView<'a> {
    grid: &'a Grid,
    basis: Vec<&'a LabelledText>,
    rows: Vec<GridRow<'a>>,
}

struct GridRow<'a> {
    items: &'a [GridItem],
    /// Boxes after the last item of the grid.
    empty: usize,
}

impl<'a> GridView<'a> {
    fn of(grid: &'a Grid, said: &[LabelledText]) -> Self {
        // A grid shorter than one row has no empty boxes.
        let per_row = grid.per_row.min(grid.items.len());
        let rows = grid.items.chunks(grid.per_row).map(|items| GridRow { items, empty: per_row - items.len() });
        Self { grid, basis: unsaid(&grid.basis, said), rows: rows.collect() }
    }
}
