//! The finished paper: titles, tables, charts and notes in which every figure is final.
//!
//! A [`ReportDocument`] is what `service` hands to `render`. Renderers place and draw; they never compute,
//! round or sort. This module does not know fonts, pages, files or where a figure came from.
//! Start reading at [`ReportDocument`], then [`Table`] and [`Cell`].

use chrono::NaiveDate;
use serde::Serialize;

use super::attachment::AttachedFile;
use super::chart::Chart;
use super::gaiji::Gaiji;
use super::letter::Letter;
use super::page_numbering::PageNumbering;
use super::paper_dates::PaperDates;
use super::printed_figure::Figure;
use super::table_check::TableCheck;

use super::cell::{Cell, LabelledText};

/// A paper of one or several sections, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportDocument {
    /// Stable report id such as `member-counts`; names the output files.
    pub id: String,
    /// Title of the paper (表題), used for metadata and, without a cover, nowhere else.
    pub title: String,
    /// The association that issues the paper (発行者).
    pub issuer: String,
    /// Issue date (発行日).
    pub issued_on: NaiveDate,
    /// Handling mark in the foot of each page, such as 取扱注意・内部.
    pub handling: String,
    /// Text at the left of each foot, such as 埼玉県医師会　令和8年1月定例.
    pub foot_text: String,
    /// Prints 下書き on every page.
    pub draft: bool,
    /// First page with the agenda (次第); `None` for a single report.
    pub cover: Option<Cover>,
    /// Sections in print order.
    pub sections: Vec<Section>,
    /// What only those look for who check the paper (台帳 and the like): at its very end.
    pub colophon: Vec<LabelledText>,
    /// The two dates as dates, for files that programs read; people read them among the dates of sections.
    #[serde(skip)]
    pub dates: Option<PaperDates>,
    /// The pages of a pack that it takes the place of; `None` for a paper of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbering: Option<PageNumbering>,
    /// Which characters are printed in place of others.
    #[serde(skip)]
    pub gaiji: Gaiji,
}

/// The first page of a meeting pack (会議資料の表紙と次第).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cover {
    /// Line above the title, such as 令和7年度　第9回.
    pub lead: String,
    /// Name of the meeting (会議名).
    pub meeting: String,
    /// Labelled lines such as 日時 and 場所, in order.
    pub facts: Vec<LabelledText>,
    /// Agenda groups (会長挨拶, 協議事項, 報告事項, その他, 資料配布), in order.
    pub agenda: Vec<AgendaGroup>,
}

/// A heading of the agenda with its items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgendaGroup {
    /// Heading, such as 報告事項.
    pub heading: String,
    /// Small remark after the heading, such as （ホームページ掲載）; empty when there is none.
    pub remark: String,
    /// Items in order; may be empty (会長挨拶 has none).
    pub items: Vec<AgendaItem>,
}

/// One numbered line of the agenda.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgendaItem {
    /// Item number within its group, from 1.
    pub number: u32,
    /// What the item is about.
    pub text: String,
    /// Small remark after the text, such as ※件数 0 件; empty when there is none.
    pub remark: String,
    /// Officer in charge (担当役員); empty when there is none.
    pub officer: String,
    /// Mark of the document (資料1), a sheet count （41枚）, or － ; empty when there is none.
    pub mark: String,
    /// Id of the section the item points to, for links and for the page on which it starts.
    pub section_id: Option<String>,
}

/// One numbered document of a pack, or the whole of a single report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Stable id within the document; target of agenda links.
    pub id: String,
    /// Title printed at the head and in the bookmarks.
    pub title: String,
    /// Mark in a box at the right of the title (資料1); empty when there is none.
    pub mark: String,
    /// Dates and rules that hold for the whole section (基準日, 知識時点, 退会日の扱い, 単位 …).
    pub basis: Vec<LabelledText>,
    /// Starts on a new page. A section without this follows the previous one on its page when its head and
    /// first block fit.
    pub new_page: bool,
    /// Contents in print order.
    pub blocks: Vec<Block>,
}

impl Section {
    /// Number of blocks that open the section: all up to the first table, grid or chart, that one included. They
    /// are read together with the head, so its dates need not be said again there.
    pub fn n_opening(&self) -> usize {
        let is_figure = |block: &Block| matches!(block, Block::Table(_) | Block::Grid(_) | Block::Chart(_));
        self.blocks.iter().position(is_figure).map_or(self.blocks.len(), |at| at + 1)
    }
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Block {
    /// A paragraph of running text, broken by the rules of Japanese line breaking.
    Paragraph(String),
    /// A sub-heading, kept with the block after it.
    Heading(String),
    /// A table whose head is repeated on every page.
    Table(Table),
    /// Names and values wrapped a fixed number to a row.
    Grid(Grid),
    /// A chart that ships with its numbers.
    Chart(Chart),
    /// Small notes (注), one a line.
    Notes(Vec<String>),
    /// A letter (文書).
    Letter(Letter),
    /// The pages of another PDF, as they are. It is the only block of its section.
    Attachment(AttachedFile),
}

/// A table of finished cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Stable id; part of the CSV file name.
    pub id: String,
    /// Title above the table; empty when the section title suffices.
    pub title: String,
    /// Dates, unit and rules of this table. Never empty: a table without its dates does not get printed.
    pub basis: Vec<LabelledText>,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows in print order, totals included. When empty, `empty_text` is printed in place of the body.
    pub rows: Vec<Row>,
    /// Printed when there are no rows, such as ※件数 0 件.
    pub empty_text: String,
    /// Small notes under the table, one a line.
    pub notes: Vec<String>,
    /// What must hold between the cells before the table is printed.
    #[serde(skip)]
    pub proof: TableCheck,
}

/// A column of a [`Table`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Machine name in ASCII, unique in the table.
    pub key: String,
    /// Heading as printed.
    pub title: String,
    /// Heading spanning neighbouring columns of the same group; empty when there is none.
    pub group: String,
    /// Where the cells stand.
    pub align: Align,
    /// Share of the width relative to the other columns; about the number of full-width characters.
    pub weight: u16,
}

impl Column {
    /// A left-aligned text column.
    pub fn text(key: &str, title: &str, weight: u16) -> Self {
        Self { key: key.into(), title: title.into(), group: String::new(), align: Align::Left, weight }
    }

    /// A right-aligned column of numbers.
    pub fn number(key: &str, title: &str, weight: u16) -> Self {
        Self { align: Align::Right, ..Self::text(key, title, weight) }
    }

    /// A centred column.
    pub fn centred(key: &str, title: &str, weight: u16) -> Self {
        Self { align: Align::Centre, ..Self::text(key, title, weight) }
    }

    /// The same column under a spanning heading.
    pub fn in_group(mut self, group: &str) -> Self {
        self.group = group.into();
        self
    }
}

/// Horizontal place of a text in its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// A row of a [`Table`]; it has exactly one cell for each column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Weight of the row in the table.
    pub kind: RowKind,
    /// Cells from left to right.
    pub cells: Vec<Cell>,
    /// Code of the association that the row is about or of, for programs; `None` for other rows.
    #[serde(skip)]
    pub code: Option<String>,
}

impl Row {
    /// An ordinary row.
    pub fn body(cells: Vec<Cell>) -> Self {
        Self { kind: RowKind::Body, cells, code: None }
    }

    /// A row that sums up rows before it.
    pub fn subtotal(cells: Vec<Cell>) -> Self {
        Self { kind: RowKind::Subtotal, cells, code: None }
    }

    /// The grand total.
    pub fn total(cells: Vec<Cell>) -> Self {
        Self { kind: RowKind::Total, cells, code: None }
    }

    /// The same row of an association.
    pub fn coded(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }
}

/// Weight of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum RowKind {
    /// An ordinary row.
    Body,
    /// A sum over some rows before it (小計).
    Subtotal,
    /// The grand total (合計).
    Total,
}

/// Names with values, wrapped `per_row` to a row (郡市医師会を8つずつ並べる表).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grid {
    /// Stable id; part of the CSV file name.
    pub id: String,
    /// Title above the grid; empty when the section title suffices.
    pub title: String,
    /// Dates, unit and source of the values. Never empty.
    pub basis: Vec<LabelledText>,
    /// Items to a row, at least 1.
    pub per_row: usize,
    /// Heading of the names in files, such as 郡市医師会.
    pub name_heading: String,
    /// Headings of the values in files; one for each value of an item.
    pub value_headings: Vec<String>,
    /// Items in official order.
    pub items: Vec<GridItem>,
    /// Small notes under the grid.
    pub notes: Vec<String>,
    /// The figures that the texts of the items are, in their order; empty where other tables do not print them.
    #[serde(skip)]
    pub claims: Vec<Figure>,
}

/// One box of a [`Grid`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridItem {
    /// Name of the body as printed.
    pub name: String,
    /// Printed text, such as 153 or 21(4).
    pub text: String,
    /// The numbers behind the text, one for each value heading, for files.
    pub values: Vec<i64>,
    /// Code of the association, for programs; `None` where it is none.
    #[serde(skip)]
    pub code: Option<String>,
}
