//! The one CSV writer of the project: files for people with a spreadsheet, and the records of all others.
//!
//! **Display CSV** (UTF-8 with BOM, CRLF) opens in a spreadsheet by a double click. From the top: the title;
//! one line for each date and rule (label, text), those of the section that the table does not say itself included,
//! and marked この表 where it says something else; an empty line; the headings;
//! the rows, each with exactly as many fields as there are headings; an empty line and the notes, when there
//! are any. Dates read as on paper (R7.12.31).
//!
//! **Machine CSV** (UTF-8 without BOM, LF) has one line of headings, then one record a line, nothing above or below; days
//! are ISO; a value that does not exist is empty. What the files of a paper for programs hold says [`super::machine`].
//!
//! **CP932** is the display file for old programs; a character that it lacks is named, never replaced.
//!
//! In all, numbers are plain (`-1234`, `48.3`): no thousands separators, no ▲, no quotes. A text that a
//! spreadsheet would run as a formula gets one apostrophe in front; see [`defuse`] for the rule and its undoing.
//! This module does not know folders; it names files and fills them. Start reading at [`display_files`].

use std::borrow::Cow;

use thiserror::Error;

use crate::domain::cell::{Cell, LabelledText};
use crate::domain::document::{Block, ReportDocument, Section};
use crate::domain::file_name::is_forbidden;

use super::sheet::Sheet;
use super::soundness::{self, DocumentFault};

/// A spreadsheet takes a file for UTF-8 only when it starts with this mark.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Most characters of the name of a file for people: a folder of months is still read in a window of usual width, and a path
/// on Windows has room for the folders above.
const MOST_OF_A_NAME: usize = 60;

/// Who a CSV file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvStyle {
    /// People with a spreadsheet: UTF-8 with BOM, CRLF, dates as on paper.
    Display,
    /// Programs: UTF-8 without BOM, LF, ISO dates, empty for what does not exist.
    Machine,
}

/// A finished file of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvFile {
    /// File name: `<nn>_<title>.csv` for people, `<nn>_<table id>.csv` for programs; `nn` counts the tables, grids and
    /// charts of the document from 01.
    pub file_name: String,
    /// Contents.
    pub bytes: Vec<u8>,
}

/// Why a CSV file was not made.
#[derive(Debug, Error)]
pub enum CsvError {
    /// The document breaks a promise.
    #[error(transparent)]
    Fault(#[from] DocumentFault),
    /// A text holds U+0000, which cuts a file short in many programs and is never left out silently.
    #[error("a text of {place} holds the character U+0000")]
    Nul {
        /// Heading of the column, or the part of the file.
        place: String,
    },
    /// A row of [`rows_csv`] does not have one cell for each heading.
    #[error("row {row} has {found} cells for {expected} headings")]
    WrongCellCount {
        /// Number of the row, from 1.
        row: usize,
        /// Cells of that row.
        found: usize,
        /// Headings.
        expected: usize,
    },
    /// A paragraph, heading or note was given where a table, grid or chart is needed.
    #[error("the block has no numbers that could go into a CSV file")]
    NotTabular,
    /// An id cannot be part of a file name (ASCII letters, digits, `-`, `_` and `.` inside are allowed).
    #[error("the id {id:?} cannot be part of a file name")]
    UnsafeId {
        /// The id.
        id: String,
    },
    /// A character does not exist in CP932.
    #[error("{file}:{line} {character} (U+{:04X})", u32::from(*character))]
    NotInCp932 {
        /// Name of the file.
        file: String,
        /// Line in it, from 1.
        line: usize,
        /// The character.
        character: char,
    },
    /// The description of files for programs could not be written into memory.
    #[error("writing the description of the files failed")]
    Package(#[from] serde_json::Error),
    /// The CSV library failed to write into memory.
    #[error("writing CSV records failed")]
    Write(#[from] ::csv::Error),
}

/// Makes a display file; `title` stands in for a block without one, `basis` holds for the block as well.
fn display_with(block: &Block, title: &str, basis: &[LabelledText]) -> Result<Vec<u8>, CsvError> {
    let sheet = Sheet::of(block)?.ok_or(CsvError::NotTabular)?;
    let title = if sheet.title.is_empty() { title } else { sheet.title };
    let mut above = Vec::new();
    if !title.is_empty() {
        above.push(vec![Cell::text(title)]);
    }
    above.extend(sheet.head(basis).map(|(label, text)| vec![Cell::text(label), Cell::text(text)]));
    let mut bytes = BYTE_ORDER_MARK.to_vec();
    bytes.extend(records(CsvStyle::Display, &[], &above)?);
    bytes.extend(b"\r\n");
    bytes.extend(records(CsvStyle::Display, &sheet.titles, &with_headings(&sheet.titles, sheet.rows))?);
    if !sheet.notes.is_empty() {
        bytes.extend(b"\r\n");
        let notes: Vec<_> = sheet.notes.iter().map(|note| vec![Cell::text(note)]).collect();
        bytes.extend(records(CsvStyle::Display, &[], &notes)?);
    }
    Ok(bytes)
}

/// Lists the display files of a document, one for each table, grid and chart in print order.
///
/// # Errors
/// [`CsvError::Nul`], or a fault of the document.
pub fn display_files(document: &ReportDocument) -> Result<Vec<CsvFile>, CsvError> {
    soundness::check(document)?;
    let named = tabular(document).zip(1..);
    named
        .map(|((section, block), nth)| {
            let title = Sheet::of(block)?.map_or("", |sheet| sheet.title);
            let title = if title.is_empty() { &section.title } else { title };
            let bytes = display_with(block, &section.title, &section.basis)?;
            Ok(CsvFile { file_name: display_name(nth, title), bytes })
        })
        .collect()
}

/// Lists the display files of a document in CP932, for programs that read nothing else.
///
/// # Errors
/// As [`display_files`], and [`CsvError::NotInCp932`].
pub fn cp932_files(document: &ReportDocument) -> Result<Vec<CsvFile>, CsvError> {
    display_files(document)?.into_iter().map(to_cp932).collect()
}

/// Makes a file of one heading line and rows, for rejects and for output of commands.
///
/// # Errors
/// [`CsvError::WrongCellCount`] when a row is not as long as the headings, [`CsvError::Nul`].
pub fn rows_csv(style: CsvStyle, headings: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>, CsvError> {
    let expected = headings.len();
    if let Some(at) = rows.iter().position(|row| row.len() != expected) {
        return Err(CsvError::WrongCellCount { row: at + 1, found: rows[at].len(), expected });
    }
    let titles: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let mut bytes = match style {
        CsvStyle::Display => BYTE_ORDER_MARK.to_vec(),
        CsvStyle::Machine => Vec::new(),
    };
    let head = vec![headings.iter().map(|heading| Cell::text(*heading)).collect()];
    bytes.extend(records(style, &titles, &head)?);
    bytes.extend(records(style, &titles, rows)?);
    Ok(bytes)
}

/// Turns a file of this module into CP932 (Shift_JIS of Windows), without a byte order mark.
///
/// # Errors
/// [`CsvError::NotInCp932`] for the first character that does not come back from CP932 as it went in; nothing is ever
/// replaced.
pub fn to_cp932(file: CsvFile) -> Result<CsvFile, CsvError> {
    let body = file.bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&file.bytes);
    let text = String::from_utf8_lossy(body);
    let (bytes, _, failed) = encoding_rs::SHIFT_JIS.encode(&text);
    // The encoder has codes for a few characters of its own choice (‾, ¥, −), which would come back as others.
    if !failed && encoding_rs::SHIFT_JIS.decode(&bytes).0 == text {
        return Ok(CsvFile { bytes: bytes.into_owned(), ..file });
    }
    let at = text.char_indices().find(|(_, c)| is_lost(*c));
    let (at, character) = at.unwrap_or((0, '\u{FFFD}'));
    let line = text[..at].matches('\n').count() + 1;
    Err(CsvError::NotInCp932 { file: file.file_name, line, character })
}

/// Whether a character does not come back from CP932 as itself.
fn is_lost(character: char) -> bool {
    let mut buffer = [0; 4];
    let text = character.encode_utf8(&mut buffer);
    let (bytes, _, failed) = encoding_rs::SHIFT_JIS.encode(text);
    failed || encoding_rs::SHIFT_JIS.decode(&bytes).0 != *text
}

/// Puts an apostrophe before a text that a spreadsheet would run or swallow.
///
/// Meant are texts whose first character is `=` `+` `-` `@` TAB CR LF or one of ＝ ＋ － ＠, and texts that
/// already have apostrophes before such a character. So the rule can be undone: where apostrophes are followed
/// by one of these characters, take one apostrophe away.
pub fn defuse(text: &str) -> Cow<'_, str> {
    let runs = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    if text.trim_start_matches('\'').starts_with(runs) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

fn with_headings(headings: &[String], rows: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    let mut out = vec![headings.iter().map(Cell::text).collect()];
    out.extend(rows);
    out
}

/// 01_郡市医師会別会員数.csv: the title without what no system takes in a name, cut to what people read.
fn display_name(nth: usize, title: &str) -> String {
    let (begin, end) = (format!("{nth:02}_"), ".csv");
    let room = MOST_OF_A_NAME - begin.chars().count() - end.len();
    let safe = title.chars().map(|c| if is_forbidden(c) { '_' } else { c });
    let cut: String = safe.take(room).collect();
    let cut = cut.trim_matches([' ', '\u{3000}', '.']);
    format!("{begin}{}{end}", if cut.is_empty() { "表" } else { cut })
}

/// Tables, grids and charts with their sections, in print order.
pub(super) fn tabular(document: &ReportDocument) -> impl Iterator<Item = (&Section, &Block)> {
    let sections = document.sections.iter();
    let blocks = sections.flat_map(|section| section.blocks.iter().map(move |block| (section, block)));
    blocks.filter(|(_, block)| soundness::block_id(block).is_some())
}

/// Writes records; `headings` only name the place of a NUL.
pub(super) fn records(style: CsvStyle, headings: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>, CsvError> {
    let terminator = match style {
        CsvStyle::Display => ::csv::Terminator::CRLF,
        CsvStyle::Machine => ::csv::Terminator::Any(b'\n'),
    };
    let mut writer = ::csv::WriterBuilder::new().terminator(terminator).flexible(true).from_writer(Vec::new());
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            let text = field(style, cell);
            if text.contains('\0') {
                let place = headings.get(at).map_or("the text around the table", String::as_str);
                return Err(CsvError::Nul { place: place.into() });
            }
            writer.write_field(text.as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|error| CsvError::Write(error.into_error().into()))
}

/// The text of a cell; only [`Cell::Text`] can carry something that a spreadsheet would run.
fn field(style: CsvStyle, cell: &Cell) -> Cow<'_, str> {
    match (style, cell) {
        (_, Cell::Text(text)) => defuse(text),
        (_, Cell::Count(n) | Cell::Difference(n)) => Cow::Owned(n.to_string()),
        (_, Cell::PercentTenths(tenths)) => Cow::Owned(plain_tenths(*tenths)),
        (_, Cell::Decimal(number) | Cell::StatedChange(number)) => Cow::Owned(number.machine()),
        (CsvStyle::Machine, Cell::Date(date)) => Cow::Owned(date.format("%Y-%m-%d").to_string()),
        (CsvStyle::Machine, Cell::NotApplicable) | (_, Cell::Blank) => Cow::Borrowed(""),
        (CsvStyle::Display, Cell::Date(_) | Cell::NotApplicable) => Cow::Owned(cell.display()),
    }
}

fn plain_tenths(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let whole = tenths.unsigned_abs();
    format!("{sign}{}.{}", whole / 10, whole % 10)
}

#[cfg(test)]
mod tests;
