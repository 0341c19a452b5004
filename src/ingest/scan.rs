//! First reading of a file: proves encoding and structure without holding it, and counts rows as Excel does.
//!
//! Text is read as bytes: in CP932 and UTF-8 a quotation mark, comma or line end is never part of another character.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::decode::Validator;
use super::workbook::{SheetScan, old_or_encrypted, scan_sheets};
use super::{FileProblem, IngestError};
use crate::domain::problem::{Problem, column_letters};

pub use super::decode::Encoding;

/// No cell of a spreadsheet holds more than 32,767 characters; four bytes each.
pub(super) const MAX_CELL_BYTES: usize = 32_767 * 4;

/// Byte order mark of UTF-8.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// What a file is made of, with what its second reading needs.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// Text: its encoding, and blank rows, ascending, which the second reading skips.
    Text { encoding: Encoding, blank_rows: Vec<u32> },
    /// A workbook: its visible sheets that hold anything, at least one, and the one that is read.
    Workbook { sheets: Vec<SheetScan>, chosen: usize },
}

/// What the first reading proved.
#[derive(Debug, Clone)]
pub struct Scan {
    pub(super) form: Form,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Size of the file.
    pub size_bytes: u64,
    /// Rows as Excel shows them, headings and blank rows included.
    pub n_rows: u32,
    /// Whether the last line of a text has no line end although others have.
    pub ends_open: bool,
}

impl Scan {
    /// Encoding as said on screen and stored: `UTF-8 (BOM)`, `UTF-8`, `CP932` or `XLSX`.
    pub fn label(&self) -> &'static str {
        match &self.form {
            Form::Text { encoding, .. } => encoding.label(),
            Form::Workbook { .. } => "XLSX",
        }
    }

    /// The sheet that is read, of a workbook.
    pub(super) fn sheet(&self) -> Option<&SheetScan> {
        match &self.form {
            Form::Text { .. } => None,
            Form::Workbook { sheets, chosen } => sheets.get(*chosen),
        }
    }
}

/// Reads the whole file once, text or workbook.
///
/// # Errors
/// [`FileProblem`] for an empty file, a file that is neither text nor workbook, an unclosed quotation mark, a cell that
/// no spreadsheet can hold, bytes that are neither UTF-8 nor CP932, or a workbook that is locked, damaged or inflates
/// to too much; [`IngestError::Io`] when reading fails.
pub fn scan(path: &Path) -> Result<Scan, IngestError> {
    let mut start = Vec::new();
    File::open(path)?.take(8).read_to_end(&mut start)?;
    if start.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(old_or_encrypted(path)?.into());
    }
    if [&b"PK\x03\x04"[..], b"PK\x05\x06"].iter().any(|zip| start.starts_with(zip)) {
        return scan_workbook(path);
    }
    scan_text(path)
}

fn scan_workbook(path: &Path) -> Result<Scan, IngestError> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut size_bytes = 0_u64;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        size_bytes += n as u64;
        hash.update(&buffer[..n]);
    }
    let sheets = scan_sheets(path)?;
    let n_rows = sheets.first().map_or(0, |sheet| sheet.n_rows);
    let form = Form::Workbook { sheets, chosen: 0 };
    Ok(Scan { form, sha256: hexadecimal(&hash.finalize()), size_bytes, n_rows, ends_open: false })
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn scan_text(path: &Path) -> Result<Scan, IngestError> {
    let mut file = File::open(path)?;
    let mut structure = Structure::default();
    let mut hash = Sha256::new();
    let mut utf8 = Validator::new(Encoding::Utf8);
    let mut cp932 = Validator::new(Encoding::Cp932);
    let mut size_bytes = 0_u64;
    let mut has_bom = false;
    let mut last = None;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        let bytes = &buffer[..n];
        if size_bytes == 0 {
            has_bom = bytes.starts_with(MARK);
            refuse_binary(bytes)?;
        }
        utf8.feed(bytes, n == 0);
        cp932.feed(bytes, n == 0);
        if n == 0 {
            break;
        }
        // The mark is no cell: a row that holds nothing else is blank.
        let mark = if size_bytes == 0 && has_bom { MARK.len() } else { 0 };
        size_bytes += n as u64;
        hash.update(bytes);
        last = bytes.last().copied().or(last);
        structure.feed(&bytes[mark..])?;
    }
    if size_bytes == 0 || (has_bom && size_bytes == MARK.len() as u64) {
        return Err(FileProblem::of_file(Problem::FileEmpty, "").into());
    }
    let encoding = match (has_bom, utf8.is_valid(), cp932.is_valid()) {
        (true, true, _) => Encoding::Utf8Bom,
        (false, true, _) => Encoding::Utf8,
        (false, false, true) => Encoding::Cp932,
        (true, false, _) => return Err(undecodable(path, utf8.broken_at())?.into()),
        // In neither: the one that gets further is meant.
        (false, false, false) => {
            return Err(undecodable(path, utf8.broken_at().max(cp932.broken_at()))?.into());
        }
    };
    structure.finish()?;
    // Old programs close a text with Ctrl-Z.
    let ends_open = structure.row > 2 && !matches!(last, Some(b'\n' | b'\r' | 0x1A));
    Ok(Scan {
        n_rows: structure.row - 1,
        ends_open,
        form: Form::Text { encoding, blank_rows: structure.blank_rows },
        sha256: hexadecimal(&hash.finalize()),
        size_bytes,
    })
}

/// Files that offices take for a CSV: PDFs, UTF-16 text.
fn refuse_binary(bytes: &[u8]) -> Result<(), FileProblem> {
    let starts: [(&[u8], &str); 4] =
        [(b"%PDF", "PDF"), (b"\xFF\xFE", "UTF-16"), (b"\xFE\xFF", "UTF-16"), (b"\x1F\x8B", "gzip")];
    match starts.iter().find(|(start, _)| bytes.starts_with(start)) {
        Some((_, kind)) => Err(FileProblem::of_file(Problem::NotText, *kind)),
        None => Ok(()),
    }
}

/// The cell with the first byte that cannot be decoded.
fn undecodable(path: &Path, broken_at: Option<u64>) -> Result<FileProblem, std::io::Error> {
    let mut before = File::open(path)?.take(broken_at.unwrap_or_default());
    let mut structure = Structure::default();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let n = before.read(&mut buffer)?;
        // What breaks the structure has stopped the first reading already.
        if n == 0 || structure.feed(&buffer[..n]).is_err() {
            return Ok(structure.problem(Problem::Undecodable, ""));
        }
    }
}

/// Follows rows and cells through the bytes.
struct Structure {
    row: u32,
    column: usize,
    in_quotes: bool,
    quote_opened: (u32, usize),
    cell_bytes: usize,
    row_has_bytes: bool,
    after_cr: bool,
    blank_rows: Vec<u32>,
}

impl Default for Structure {
    fn default() -> Self {
        Self {
            row: 1,
            column: 0,
            in_quotes: false,
            quote_opened: (1, 0),
            cell_bytes: 0,
            row_has_bytes: false,
            after_cr: false,
            blank_rows: Vec::new(),
        }
    }
}

impl Structure {
    fn feed(&mut self, bytes: &[u8]) -> Result<(), FileProblem> {
        for &byte in bytes {
            let after_cr = std::mem::take(&mut self.after_cr);
            match byte {
                0 => return Err(self.problem(Problem::NotText, "NUL")),
                // The divider of packed texts; no office types it.
                0x1F => return Err(self.problem(Problem::NotText, "0x1F")),
                b'"' => {
                    self.in_quotes = !self.in_quotes;
                    if self.in_quotes {
                        self.quote_opened = (self.row, self.column);
                    }
                    self.row_has_bytes = true;
                }
                b'\n' if !self.in_quotes => {
                    if !after_cr {
                        self.end_row();
                    }
                }
                b'\r' if !self.in_quotes => {
                    self.end_row();
                    self.after_cr = true;
                }
                b',' if !self.in_quotes => {
                    self.column += 1;
                    self.cell_bytes = 0;
                    self.row_has_bytes = true;
                }
                _ => {
                    self.cell_bytes += 1;
                    self.row_has_bytes = true;
                    if self.cell_bytes > MAX_CELL_BYTES {
                        return Err(self.problem(Problem::CellTooLarge, ""));
                    }
                }
            }
        }
        Ok(())
    }

    fn end_row(&mut self) {
        if !self.row_has_bytes {
            self.blank_rows.push(self.row);
        }
        self.row += 1;
        self.column = 0;
        self.cell_bytes = 0;
        self.row_has_bytes = false;
    }

    fn finish(&mut self) -> Result<(), FileProblem> {
        if self.in_quotes {
            let (row, column) = self.quote_opened;
            let column = Some(column_letters(column));
            return Err(FileProblem { column, ..FileProblem::in_row(Problem::QuoteUnclosed, row, "") });
        }
        if self.row_has_bytes {
            self.end_row();
        }
        Ok(())
    }

    /// A cell that grows too large inside quotation marks is most likely one that is never closed.
    fn problem(&self, problem: Problem, detail: &str) -> FileProblem {
        let (row, column) = if self.in_quotes { self.quote_opened } else { (self.row, self.column) };
        FileProblem { problem, row: Some(row), column: Some(column_letters(column)), detail: detail.into() }
    }
}
