//! A table that the office wrote itself, by its declared shape (形).

use chrono::NaiveDate;

use super::fault::CellPlace;
use crate::domain::cell::LabelledText;
use crate::domain::decimal::Decimal;

/// A table of the office, read and sound in itself: headings are there, numbers are numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeTable {
    /// The sheet.
    pub place: CellPlace,
    /// Name of the sheet; names the files of the table.
    pub name: String,
    /// Title as printed.
    pub title: String,
    /// Day of the numbers, by which bodies are known; `None` where only a period is said.
    pub day: Option<NaiveDate>,
    /// Day or period, unit and source of the numbers.
    pub basis: Vec<LabelledText>,
    /// Unit, such as 機関; empty for a list without one.
    pub unit: String,
    /// What it is.
    pub shape: Shape,
    /// Headings from left to right.
    pub headings: Vec<OfficeHeading>,
    /// Rows as they stand there, the row of totals not among them.
    pub rows: Vec<OfficeRow>,
    /// The row of totals (合計) that the office wrote.
    pub total: Option<OfficeRow>,
    /// Notes.
    pub notes: Vec<String>,
}

/// A heading and its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeHeading {
    /// As printed.
    pub text: String,
    /// Column from 0.
    pub column: usize,
}

/// A row of a table of the office: one cell for each heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRow {
    /// Row as Excel shows it.
    pub number: u32,
    /// Cells in the order of the headings.
    pub cells: Vec<OfficeCell>,
}

/// A cell of a table of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeCell {
    /// A text as it stands there.
    Text(String),
    /// A number.
    Number(Decimal),
    /// － in place of a number: there is none.
    NoNumber,
    /// Nothing.
    Blank,
}

impl OfficeCell {
    /// The text of a text.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(_) | Self::NoNumber | Self::Blank => "",
        }
    }

    /// The number; none counts as 0.
    pub fn number(&self) -> Decimal {
        match self {
            Self::Number(number) => *number,
            Self::Text(_) | Self::NoNumber | Self::Blank => Decimal::whole(0),
        }
    }
}

/// The shape of a table, as the office declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One number for each body, so many side by side (医師会別).
    ByBody(BodyNumbers),
    /// Rows and columns as they stand (表).
    Table {
        /// The column of which the others are shares (分母), as a place among the headings.
        base: Option<usize>,
        /// Columns of changes (増減), printed (+39,866).
        changes: Vec<usize>,
        /// The column of the bodies (医師会の列): rows are put into official order.
        bodies: Option<usize>,
        /// Whether every body of the area must be there.
        is_whole: bool,
    },
    /// Kinds by kinds, with sums of both (行列).
    Matrix,
    /// A list with the number of its rows (一覧).
    List {
        /// The column whose words are counted (集計).
        tally: Option<usize>,
        /// The column of the bodies (医師会の列).
        bodies: Option<usize>,
    },
}

/// What the numbers of the bodies are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyNumbers {
    /// Bodies side by side, at least 1.
    pub per_row: usize,
    /// The second number of a body, if any.
    pub part: Option<PartRole>,
    /// Whether the numbers add up: some count one thing at several bodies.
    pub adds_up: bool,
    /// Whether every body of the area must be there.
    pub is_whole: bool,
    /// The total that the office states, and where.
    pub stated: Option<(i64, CellPlace)>,
    /// Parts that the office states of the total.
    pub parts: Vec<Part>,
}

/// A stated part of a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub label: String,
    /// Its number.
    pub value: i64,
    /// Where it stands.
    pub place: CellPlace,
}

/// How the second number of a body is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartRole {
    /// A part of the first, after it: 21(4), nothing at 0 (うち).
    Subset,
    /// Counted once more, before it: (10) 12 (再掲).
    Again,
}
