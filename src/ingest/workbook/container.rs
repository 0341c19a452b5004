//! The bytes of a workbook before any parser sees them: is it one, is it locked, and what does it inflate to.
//!
//! Sizes that a ZIP declares are not believed: every part is inflated once and counted. The parser allocates what
//! some parts ask for, so those are bounded on their own.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use calamine::{Reader, Xlsx};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{damaged, from_io, from_parser, read_bounded};
use crate::domain::problem::Problem;
use crate::ingest::{FileProblem, IngestError};

/// All parts together. An export of 1,000,000 rows and 25 columns inflates to about half of it.
const MOST_INFLATED: u64 = 2 << 30;

/// The table of texts, which is held in memory: 340,000 rows with a name, a kana and a number of their own, each with
/// its furigana, take about a third of it.
const MOST_STRINGS: u64 = 256 << 20;

/// Styles, relations and the list of sheets, which are held in memory as well.
const MOST_SMALL_PART: u64 = 8 << 20;

/// Texts that the parser makes room for before it has read them.
const MOST_DECLARED_STRINGS: u64 = 20_000_000;

/// Parts; a workbook of an office has some twenty.
const MOST_PARTS: usize = 10_000;

const PACKAGE: &str = "_rels/.rels";

pub(super) type Workbook = Xlsx<BufReader<File>>;

/// Opens a checked workbook.
pub(super) fn open(path: &Path) -> Result<Workbook, IngestError> {
    Xlsx::new(BufReader::new(File::open(path)?)).map_err(|error| from_parser(error, "workbook.xml"))
}

/// What an OLE container is: an old workbook (.xls), or a new one under a password.
///
/// # Errors
/// [`IngestError::Io`] when reading fails; otherwise the problem is returned as such.
pub(in crate::ingest) fn old_or_encrypted(path: &Path) -> Result<FileProblem, IngestError> {
    /// A directory entry of that name stands somewhere in the file, in UTF-16.
    const MARK: &str = "EncryptedPackage";
    let mark: Vec<u8> = MARK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut search = Search { wanted: &mark, n_met: 0 };
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(FileProblem::of_file(Problem::WorkbookOldFormat, "xls"));
        }
        if buffer[..n].iter().any(|byte| search.ends_at(*byte)) {
            return Ok(FileProblem::of_file(Problem::WorkbookEncrypted, ""));
        }
    }
}

/// Inflates every part once and counts.
///
/// # Errors
/// [`FileProblem`] when the file is damaged, no workbook, or too large.
pub(super) fn check(path: &Path) -> Result<(), IngestError> {
    let mut zip = match ZipArchive::new(BufReader::new(File::open(path)?)) {
        Ok(zip) => zip,
        Err(ZipError::Io(source)) => return Err(from_io(source, "ZIP")),
        Err(_) => return Err(damaged("ZIP").into()),
    };
    if zip.len() > MOST_PARTS {
        return Err(too_large(&format!("{} > {MOST_PARTS}", zip.len())));
    }
    let package = package_of(&mut zip)?;
    let mut left = MOST_INFLATED;
    for at in 0..zip.len() {
        let mut part = match zip.by_index(at) {
            Ok(part) => part,
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(FileProblem::of_file(Problem::WorkbookEncrypted, "").into());
            }
            Err(ZipError::Io(source)) => return Err(from_io(source, "ZIP")),
            Err(_) => return Err(damaged("ZIP").into()),
        };
        let name = part.name().map_err(|_| damaged("ZIP"))?.to_lowercase();
        let limit = limit_of(&name, &package).min(left);
        left -= inflate(&mut part, &name, limit)?;
    }
    Ok(())
}

/// The part that says where the workbook is.
fn package_of(zip: &mut ZipArchive<BufReader<File>>) -> Result<String, IngestError> {
    // Some programs write \ between folders.
    let names: Vec<String> = zip.file_names().flatten().map(|name| name.replace('\\', "/").to_lowercase()).collect();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    if has("xl/workbook.bin") {
        return Err(FileProblem::of_file(Problem::WorkbookOldFormat, "xlsb").into());
    }
    if !has("xl/workbook") {
        let kinds = [("word/", "docx"), ("ppt/", "pptx"), ("content.xml", "ods")];
        // A package that lacks its workbook was one; any other ZIP never was.
        let is_package = has("[content_types].xml") && kinds.iter().all(|(start, _)| !has(start));
        let kind = kinds.iter().find(|(start, _)| has(start)).map_or("ZIP", |(_, kind)| kind);
        let stranger = FileProblem::of_file(Problem::NotAWorkbook, kind);
        return Err(if is_package { damaged("xl/workbook.xml").into() } else { stranger.into() });
    }
    let mut part = match zip.by_name(PACKAGE) {
        Ok(part) => part,
        Err(ZipError::FileNotFound) => return Err(damaged(PACKAGE).into()),
        Err(ZipError::Io(source)) => return Err(from_io(source, PACKAGE)),
        Err(_) => return Err(damaged("ZIP").into()),
    };
    let bytes = read_bounded(&mut part, MOST_SMALL_PART).map_err(|error| from_io(error, PACKAGE))?;
    let bytes = bytes.ok_or_else(|| too_large(PACKAGE))?;
    Ok(String::from_utf8_lossy(&bytes).to_lowercase())
}

/// What the parser holds in memory must be small; sheets are streamed. `name` is in lower case.
fn limit_of(name: &str, package: &str) -> u64 {
    let leaf = name.rsplit(['/', '\\']).next().unwrap_or_default();
    match leaf {
        "sharedstrings.xml" => MOST_STRINGS,
        "styles.xml" => MOST_SMALL_PART,
        _ if leaf.ends_with(".rels") || leaf.starts_with("theme") => MOST_SMALL_PART,
        // Whatever the package names as its workbook.
        _ if leaf.ends_with(".xml") && package.contains(leaf) => MOST_SMALL_PART,
        _ => MOST_INFLATED,
    }
}

/// Reads a part to its end and returns its true size. `name` is in lower case.
fn inflate(part: &mut impl Read, name: &str, limit: u64) -> Result<u64, IngestError> {
    let is_xml = [".xml", ".rels"].iter().any(|ending| name.ends_with(ending));
    let mut claim = name.ends_with("sharedstrings.xml").then(Claim::default);
    let mut size = 0_u64;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = part.read(&mut buffer).map_err(|error| from_io(error, name))?;
        if n == 0 {
            return Ok(size);
        }
        size += n as u64;
        let claims_too_much = claim.as_mut().is_some_and(|claim| buffer[..n].iter().any(|byte| claim.is_wild(*byte)));
        if size > limit || claims_too_much {
            return Err(too_large(name));
        }
        // UTF-16 would hide from the search above, and no program writes it.
        if is_xml && buffer[..n].contains(&0) {
            return Err(damaged(name).into());
        }
    }
}

/// Finds a word in a stream of bytes. The word must not begin again inside itself.
struct Search<'w> {
    wanted: &'w [u8],
    n_met: usize,
}

impl Search<'_> {
    fn ends_at(&mut self, byte: u8) -> bool {
        self.n_met = match self.wanted.get(self.n_met) {
            Some(wanted) if *wanted == byte => self.n_met + 1,
            _ => usize::from(self.wanted.first() == Some(&byte)),
        };
        if self.n_met == self.wanted.len() {
            self.n_met = 0;
            return true;
        }
        false
    }
}

/// Watches for `uniqueCount="…"`, by which the table of texts says how long it is.
struct Claim {
    search: Search<'static>,
    /// The number so far, while one is being read.
    number: Option<u64>,
}

impl Default for Claim {
    fn default() -> Self {
        Self { search: Search { wanted: b"uniqueCount", n_met: 0 }, number: None }
    }
}

impl Claim {
    fn is_wild(&mut self, byte: u8) -> bool {
        if let Some(number) = self.number {
            self.number = match byte {
                b'0'..=b'9' => Some(number.saturating_mul(10).saturating_add(u64::from(byte - b'0'))),
                b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n' if number == 0 => Some(0),
                _ => None,
            };
            return self.number.is_some_and(|number| number > MOST_DECLARED_STRINGS);
        }
        if self.search.ends_at(byte) {
            self.number = Some(0);
        }
        false
    }
}

fn too_large(detail: &str) -> IngestError {
    FileProblem::of_file(Problem::WorkbookTooLarge, detail).into()
}
