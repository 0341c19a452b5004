//! First reading of a file: proves encoding and structure without holding it, and counts rows as Excel does.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::decode::{Encoding, Validator};
use super::file_problem::{FileProblem, IngestError};
use super::structure::{SpanningRow, Structure};
use super::workbook::{SheetScan, old_or_encrypted, scan_sheets};
use crate::domain::hex::hex;
use crate::domain::problem::Problem;
use crate::input;

/// Byte order mark of UTF-8.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// What a file is made of, with what its second reading needs.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// Text.
    Text(TextForm),
    /// A workbook: its visible sheets that hold anything, at least one, and the one that is read.
    Workbook { sheets: Vec<SheetScan>, chosen: usize },
}

/// What the second reading of a text needs.
#[derive(Debug, Clone)]
pub(super) struct TextForm {
    pub(super) encoding: Encoding,
    /// What divides cells: a comma, or what a first line `sep=;` says.
    pub(super) divider: u8,
    /// The bytes that are rows: without a first line `sep=,` and a last Ctrl-Z.
    pub(super) bytes: (u64, u64),
    /// Blank rows, ascending, which the second reading skips.
    pub(super) blank_rows: Vec<u32>,
    /// Rows with a quoted cell that spans lines, ascending.
    pub(super) spanning_rows: Vec<SpanningRow>,
    /// Row of the headings, once a layout fits; 0 for the first.
    pub(super) heading_row: u32,
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
    /// Whether the last line of a text has no line end although others have, or a part of theirs.
    pub ends_open: bool,
    /// Whether the last cell of the last line of a text is shorter than that of each of the many lines before it.
    pub ends_short: bool,
}

impl Scan {
    /// Encoding as said on screen and stored: `UTF-8 (BOM)`, `UTF-8`, `CP932` or `XLSX`.
    pub fn label(&self) -> &'static str {
        match &self.form {
            Form::Text(text) => text.encoding.label(),
            Form::Workbook { .. } => "XLSX",
        }
    }

    /// The sheet that is read, of a workbook.
    pub(super) fn sheet(&self) -> Option<&SheetScan> {
        match &self.form {
            Form::Text(_) => None,
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
    input::open(path)?.take(8).read_to_end(&mut start)?;
    if start.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(old_or_encrypted(path)?.into());
    }
    if [&b"PK\x03\x04"[..], b"PK\x05\x06"].iter().any(|zip| start.starts_with(zip)) {
        return scan_workbook(path);
    }
    match scan_text(path) {
        // Whatever stands in it, a workbook was meant; of its bytes nobody can mend one.
        Err(IngestError::File(_)) if is_called_workbook(path) => {
            Err(FileProblem::of_file(Problem::WorkbookDamaged, "ZIP").into())
        }
        result => result,
    }
}

fn is_called_workbook(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["xlsx", "xlsm"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn scan_workbook(path: &Path) -> Result<Scan, IngestError> {
    let mut file = input::open(path)?;
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
    Ok(Scan { form, sha256: hex(&hash.finalize()), size_bytes, n_rows, ends_open: false, ends_short: false })
}

fn scan_text(path: &Path) -> Result<Scan, IngestError> {
    let frame = frame(path)?;
    let mut file = input::open(path)?;
    let mut structure = Structure::new(frame.divider, frame.first_line);
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
        let rows = inside(bytes, size_bytes, frame.bytes);
        structure.feed(rows)?;
        last = rows.last().copied().or(last);
        size_bytes += n as u64;
        hash.update(bytes);
    }
    if frame.bytes.0 >= frame.bytes.1 {
        return Err(FileProblem::of_file(Problem::FileEmpty, "").into());
    }
    let encoding = match (has_bom, utf8.is_valid(), cp932.is_valid()) {
        (true, true, _) => Encoding::Utf8Bom,
        (false, true, _) => Encoding::Utf8,
        (false, false, true) => Encoding::Cp932,
        (true, false, _) => return Err(undecodable(path, &frame, utf8.broken_at())?.into()),
        // In neither: the one that gets further is meant.
        (false, false, false) => {
            return Err(undecodable(path, &frame, utf8.broken_at().max(cp932.broken_at()))?.into());
        }
    };
    let (n_rows, blank_rows, spanning_rows) = structure.finish()?;
    let (divider, bytes) = (frame.divider, frame.bytes);
    let text = TextForm { encoding, divider, bytes, blank_rows, spanning_rows, heading_row: 0 };
    // A Ctrl-Z, with which old programs close a text, says that it is whole.
    let tail = Tail::of(path, &frame)?;
    let is_cut = !matches!(last, Some(b'\n' | b'\r')) || tail.ends_within_line_end();
    let ends_open = n_rows > 1 && frame.bytes.1 == size_bytes && is_cut;
    let ends_short = tail.ends_short(frame.divider);
    Ok(Scan { n_rows, ends_open, ends_short, form: Form::Text(text), sha256: hex(&hash.finalize()), size_bytes })
}

/// The last bytes of the rows of a text, which tell how lines end.
struct Tail(Vec<u8>);

impl Tail {
    /// More than a hundred lines of any export.
    const BYTES: u64 = 64 * 1024;

    /// So many lines at least tell how long their last cells are.
    const FEWEST_LINES: usize = 20;

    fn of(path: &Path, frame: &Frame) -> Result<Self, std::io::Error> {
        let (start, end) = frame.bytes;
        let from = end.saturating_sub(Self::BYTES).max(start);
        let mut file = input::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(end.saturating_sub(from)).read_to_end(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Whether it ends after the CR of lines that end with CR and LF.
    fn ends_within_line_end(&self) -> bool {
        self.0.ends_with(b"\r") && self.0.windows(2).any(|two| two == b"\r\n")
    }

    /// Whether the last cell of the last line is shorter than that of each line before it.
    fn ends_short(&self, divider: u8) -> bool {
        // Cells in quotes may hold anything; the structure of their end is proved elsewhere.
        if self.0.contains(&b'"') {
            return false;
        }
        let lines = self.0.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
        let length = |line: &[u8]| line.rsplit(|byte| *byte == divider).next().map_or(0, <[u8]>::len);
        // The first line may be a part of one, or the headings.
        let lengths: Vec<usize> = lines.skip(1).map(length).collect();
        let Some((last, before)) = lengths.split_last() else { return false };
        before.len() >= Self::FEWEST_LINES && before.iter().all(|length| length > last)
    }
}

/// What stands around the rows of a text.
struct Frame {
    divider: u8,
    /// The bytes that are rows.
    bytes: (u64, u64),
    /// The line of the text in which the first row stands.
    first_line: u32,
}

/// Finds a first line `sep=;`, which Excel obeys and does not show, and a last Ctrl-Z, with which old programs end a text.
fn frame(path: &Path) -> Result<Frame, std::io::Error> {
    /// Longer than any of both.
    const NEAR: u64 = 64;
    const CTRL_Z: u8 = 0x1A;
    let mut file = input::open(path)?;
    let size = file.metadata()?.len();
    let mut start = Vec::new();
    Read::by_ref(&mut file).take(NEAR).read_to_end(&mut start)?;
    // The mark is no cell: a row that holds nothing else is blank.
    let n_mark = if start.starts_with(MARK) { MARK.len() } else { 0 };
    let (divider, n_line) = separator_line(&start[n_mark..]).unwrap_or((b',', 0));
    file.seek(SeekFrom::Start(size.saturating_sub(NEAR)))?;
    let mut end = Vec::new();
    file.take(NEAR).read_to_end(&mut end)?;
    let tail = end.iter().rposition(|byte| !matches!(*byte, CTRL_Z | b'\r' | b'\n')).map_or(0, |at| at + 1);
    let n_behind = end[tail..].iter().position(|byte| *byte == CTRL_Z).map_or(0, |at| end.len() - tail - at);
    let first_line = if n_line > 0 { 2 } else { 1 };
    Ok(Frame { divider, bytes: ((n_mark + n_line) as u64, size - n_behind as u64), first_line })
}

/// The divider that a first line names, and the length of the line with its end.
fn separator_line(start: &[u8]) -> Option<(u8, usize)> {
    let n_text = start.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    let n_end = if start[n_text..].starts_with(b"\r\n") { 2 } else { 1 };
    let line =
        start[..n_text].strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(&start[..n_text]);
    let [s, e, p, b'=', divider @ (b',' | b';' | b'\t' | b'|')] = *line else { return None };
    [s, e, p].eq_ignore_ascii_case(b"sep").then_some((divider, n_text + n_end))
}

/// The part of some bytes, of which the first stands at a place of the file, that lies between two places.
fn inside(bytes: &[u8], at: u64, (start, end): (u64, u64)) -> &[u8] {
    let place = |place: u64| usize::try_from(place.saturating_sub(at)).unwrap_or(usize::MAX).min(bytes.len());
    &bytes[place(start)..place(end).max(place(start))]
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
fn undecodable(path: &Path, frame: &Frame, broken_at: Option<u64>) -> Result<FileProblem, std::io::Error> {
    let mut before = input::open(path)?.take(broken_at.unwrap_or_default());
    let mut structure = Structure::new(frame.divider, frame.first_line);
    let mut buffer = vec![0; 256 * 1024];
    let mut n_read = 0_u64;
    loop {
        let n = before.read(&mut buffer)?;
        // What breaks the structure has stopped the first reading already.
        if n == 0 || structure.feed(inside(&buffer[..n], n_read, frame.bytes)).is_err() {
            return Ok(structure.problem(Problem::Undecodable, ""));
        }
        n_read += n as u64;
    }
}
