//! What the page template prints, in the order it prints it.

use askama::Template;

use super::caption::{CaptionView, Place, RegionNames, anchor};
use super::chart::{ChartView, ShapeView};
use super::headings::HeadingLevels;
use crate::domain::attachment::AttachedFile;
use crate::domain::cell::Cell;
use crate::domain::document::{
    Align, Block, Column, Cover, Grid, GridItem, ReportDocument, Row, RowKind, Section, Table,
};
use crate::domain::japanese_date::era_date;
use crate::domain::letter::Letter;

/// Tables of fewer columns are as wide as their texts.
const FEWEST_FOR_FULL_WIDTH: usize = 4;

/// Tables of more columns are set smaller in print: else columns of text are left with one character a line.
const MOST_FOR_FULL_SIZE: usize = 10;

/// Tables of up to this many rows are not parted in print.
const MOST_KEPT_TOGETHER: usize = 12;

/// Texts of up to this many characters are not broken.
const LONGEST_UNBROKEN: usize = 10;

/// The page of one document.
#[derive(Template)]
#[template(path = "reports/document.html")]
pub(super) struct DocumentPage<'a> {
    document: &'a ReportDocument,
    issued: String,
    levels: HeadingLevels,
    sections: Vec<SectionView<'a>>,
}

impl<'a> DocumentPage<'a> {
    /// Prepares a checked document.
    pub fn of(document: &'a ReportDocument) -> Self {
        let levels = HeadingLevels::of(document);
        let mut names = RegionNames::default();
        let sections = document.sections.iter().map(|section| SectionView::of(section, levels, &mut names));
        Self { document, issued: era_date(document.issued_on), levels, sections: sections.collect() }
    }

    fn cover(&self) -> Option<&Cover> {
        self.document.cover.as_ref()
    }

    /// Where the link leads that passes over the agenda; `None` when nothing stands before the first section.
    fn passes_agenda_to(&self) -> Option<&str> {
        let has_agenda = self.cover().is_some_and(|cover| !cover.agenda.is_empty());
        self.sections.first().filter(|_| has_agenda).map(|view| view.anchor.as_str())
    }
}

struct SectionView<'a> {
    section: &'a Section,
    anchor: String,
    class: &'static str,
    blocks: Vec<BlockView<'a>>,
}

impl<'a> SectionView<'a> {
    fn of(section: &'a Section, levels: HeadingLevels, names: &mut RegionNames) -> Self {
        let mut place = Place { section, level: levels.block, names };
        let blocks = section.blocks.iter().map(|block| BlockView::of(block, &mut place)).collect();
        let class = if section.new_page { "new-page" } else { "same-page" };
        Self { section, anchor: anchor(&section.id), class, blocks }
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
    fn of(block: &'a Block, place: &mut Place<'a, '_>) -> Self {
        match block {
            Block::Paragraph(text) => Self::Paragraph(text),
            Block::Heading(text) => Self::Heading(text),
            Block::Table(table) => Self::Table(TableView::of(table, place)),
            Block::Grid(grid) => Self::Grid(GridView::of(grid, place)),
            Block::Chart(chart) => Self::Chart(ChartView::of(chart, place)),
            Block::Notes(texts) => Self::Notes(texts),
            Block::Letter(letter) => Self::Letter(letter),
            Block::Attachment(file) => Self::Attachment(file),
        }
    }
}

struct TableView<'a> {
    table: &'a Table,
    caption: CaptionView<'a>,
    class: String,
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
    fn of(table: &'a Table, place: &mut Place<'a, '_>) -> Self {
        let naming = table.columns.iter().position(|column| column.align == Align::Left);
        let (upper, lower) = head(&table.columns, naming);
        let rows = table.rows.iter().map(|row| RowView::of(row, &table.columns, naming)).collect();
        let caption = CaptionView::of_table(&table.id, &table.title, &table.basis, place);
        Self { table, caption, class: class_of_table(table), upper, lower, rows }
    }
}

/// Tables with few columns are not stretched over the page.
fn class_of_table(table: &Table) -> String {
    let width = match table.columns.len() {
        n if n < FEWEST_FOR_FULL_WIDTH => "slim",
        n if n <= MOST_FOR_FULL_SIZE => "full",
        _ => "full many",
    };
    let length = if table.rows.len() <= MOST_KEPT_TOGETHER { " together" } else { "" };
    format!("{width}{length}")
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

/// The rows of the head; the second is empty when no column is grouped.
fn head(columns: &[Column], naming: Option<usize>) -> (Vec<HeadView<'_>>, Vec<HeadView<'_>>) {
    let rows = if columns.iter().any(|column| !column.group.is_empty()) { 2 } else { 1 };
    let mut upper = Vec::new();
    let mut lower = Vec::new();
    let numbered: Vec<(usize, &Column)> = columns.iter().enumerate().collect();
    for group in numbered.chunk_by(|(_, one), (_, other)| one.group == other.group) {
        let title = group[0].1.group.as_str();
        let heads = |rows| group.iter().map(move |(at, column)| column_head(column, naming == Some(*at), rows));
        if title.is_empty() {
            upper.extend(heads(rows));
            continue;
        }
        upper.push(HeadView { title, class: "centre", scope: "colgroup", columns: group.len(), rows: 1 });
        lower.extend(heads(1));
    }
    (upper, lower)
}

fn column_head(column: &Column, names_rows: bool, rows: usize) -> HeadView<'_> {
    // It stays in sight with the names below it while the table is moved sideways.
    let class = if names_rows { "left names" } else { class_of_text(&column.title, column.align) };
    HeadView { title: &column.title, class, scope: "col", columns: 1, rows }
}

fn class_of(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Centre => "centre",
        Align::Right => "right",
    }
}

/// Short texts stay on one line, where that does not push the other columns off the page; long ones get room for
/// some characters a line.
fn class_of_text(text: &str, align: Align) -> &'static str {
    match (align, text.chars().count() <= LONGEST_UNBROKEN) {
        (Align::Left, true) => "left short",
        (Align::Left, false) => "left long",
        (Align::Centre, true) => "centre short",
        _ => class_of(align),
    }
}

fn class_of_cell(cell: &Cell, align: Align) -> &'static str {
    match cell {
        Cell::Text(text) => class_of_text(text, align),
        Cell::Date(_) if align == Align::Centre => "centre short",
        _ => class_of(align),
    }
}

struct GridView<'a> {
    grid: &'a Grid,
    caption: CaptionView<'a>,
    rows: Vec<GridRow<'a>>,
}

struct GridRow<'a> {
    items: &'a [GridItem],
    /// Boxes after the last item of the grid.
    empty: usize,
}

impl<'a> GridView<'a> {
    fn of(grid: &'a Grid, place: &mut Place<'a, '_>) -> Self {
        // A grid shorter than one row has no empty boxes.
        let per_row = grid.per_row.min(grid.items.len());
        let rows = grid.items.chunks(grid.per_row).map(|items| GridRow { items, empty: per_row - items.len() });
        let caption = CaptionView::of_table(&grid.id, &grid.title, &grid.basis, place);
        Self { grid, caption, rows: rows.collect() }
    }
}
