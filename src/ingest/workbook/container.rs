//! The bytes of a workbook before any parser sees them: is it one, is it locked, and what does it inflate to.
//!
//! Sizes that a ZIP declares are not believed: every part is inflated once and counted. The parser allocates what
//! some parts ask for, so those are bounded on their own.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use calamine::{Reader, Xlsx};
use zip::ZipArchive;
use zip::result::ZipError;

use super::damage::{damaged, from_io, from_parser};
use super::markup::{MOST_STRINGS, Markup};
use crate::domain::problem::Problem;
use crate::ingest::file_problem::{FileProblem, IngestError};
use crate::input;

/// All parts together. An export of 1,000,000 rows and 25 columns inflates to about four fifths of it.
const MOST_INFLATED: u64 = 1280 << 20;

/// The table of texts, which is held in memory: 340,000 rows with a name, a kana and a number of their own, each with
/// its furigana, take about a third of it.
const MOST_STRING_BYTES: u64 = 256 << 20;

/// Styles, relations and the list of sheets, which are held in memory as well.
const MOST_SMALL_PART: u64 = 8 << 20;

/// Parts; a workbook of an office has some twenty.
const MOST_PARTS: usize = 10_000;

const PACKAGE: &str = "_rels/.rels";

pub(super) type Workbook = Xlsx<BufReader<File>>;

/// Opens a checked workbook.
pub(super) fn open(path: &Path) -> Result<Workbook, IngestError> {
    Xlsx::new(BufReader::new(input::open(path)?)).map_err(|error| from_parser(error, "workbook.xml"))
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
    let mut file = input::open(path)?;
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
    let mut zip = match ZipArchive::new(BufReader::new(input::open(path)?)) {
        Ok(zip) => zip,
        Err(ZipError::Io(source)) => return Err(from_io(source, "ZIP")),
        Err(_) => return Err(damaged("ZIP").into()),
    };
    if zip.len() > MOST_PARTS {
        return Err(too_large(&format!("{} > {MOST_PARTS}", zip.len())));
    }
    let named = Named::of(&mut zip)?;
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
        let limit = named.limit_of(&name).min(left);
        left -= inflate(&mut part, (&name, named.is_markup(&name)), limit)?;
    }
    Ok(())
}

/// Refuses other packages than workbooks.
fn refuse_stranger(zip: &mut ZipArchive<BufReader<File>>) -> Result<(), IngestError> {
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
    Ok(())
}

/// Last parts of the names that the relations of the package and of its workbook give to parts, in lower case: the parser
/// reads these parts, whatever they are called.
struct Named {
    by_package: HashSet<String>,
    by_workbook: HashSet<String>,
}

impl Named {
    fn of(zip: &mut ZipArchive<BufReader<File>>) -> Result<Self, IngestError> {
        refuse_stranger(zip)?;
        let by_package = targets(&text_of(zip, PACKAGE)?);
        let is_of_named = |name: &String| {
            let name = name.to_lowercase();
            leaf_of(&name).strip_suffix(".rels").is_some_and(|leaf| by_package.contains(leaf))
        };
        let names: Vec<String> = zip.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
        let mut by_workbook = HashSet::new();
        for name in names.iter().filter(|name| is_of_named(name)) {
            by_workbook.extend(targets(&text_of(zip, name)?));
        }
        Ok(Self { by_package, by_workbook })
    }

    /// Whether the parser may read the part. `name` is in lower case.
    fn is_markup(&self, name: &str) -> bool {
        let leaf = leaf_of(name);
        self.by_package.contains(leaf)
            || self.by_workbook.contains(leaf)
            || [".xml", ".rels"].iter().any(|ending| name.ends_with(ending))
    }

    /// What the parser holds in memory must be small; sheets are streamed. `name` is in lower case.
    fn limit_of(&self, name: &str) -> u64 {
        let leaf = leaf_of(name);
        match leaf {
            "sharedstrings.xml" => MOST_STRING_BYTES,
            "styles.xml" => MOST_SMALL_PART,
            _ if leaf.ends_with(".rels") || leaf.starts_with("theme") => MOST_SMALL_PART,
            // Whatever the package names as its workbook.
            _ if self.by_package.contains(leaf) => MOST_SMALL_PART,
            _ => MOST_INFLATED,
        }
    }
}

fn leaf_of(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// All that may be the last part of a name in a text of relations.
fn targets(relations: &str) -> HashSet<String> {
    relations.split(['"', '\'', '/', '\\']).map(str::to_string).collect()
}

/// A small part as text in lower case.
fn text_of(zip: &mut ZipArchive<BufReader<File>>, name: &str) -> Result<String, IngestError> {
    let mut part = match zip.by_name(name) {
        Ok(part) => part,
        Err(ZipError::FileNotFound) => return Err(damaged(name).into()),
        Err(ZipError::Io(source)) => return Err(from_io(source, name)),
        Err(_) => return Err(damaged("ZIP").into()),
    };
    let bytes = read_bounded(&mut part, MOST_SMALL_PART).map_err(|error| from_io(error, name))?;
    let bytes = bytes.ok_or_else(|| too_large(name))?;
    Ok(String::from_utf8_lossy(&bytes).to_lowercase())
}

/// Reads a part to its end and returns its true size. `name` is in lower case.
fn inflate(part: &mut impl Read, (name, is_xml): (&str, bool), limit: u64) -> Result<u64, IngestError> {
    let mut claim = name.ends_with("sharedstrings.xml").then(DeclaredCount::default);
    let mut markup = Markup::new();
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
        if is_xml && markup.is_wild(&buffer[..n]) {
            return Err(too_large(name));
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
struct DeclaredCount {
    search: Search<'static>,
    /// The number so far, while one is being read.
    number: Option<u64>,
}

impl Default for DeclaredCount {
    fn default() -> Self {
        Self { search: Search { wanted: b"uniqueCount", n_met: 0 }, number: None }
    }
}

impl DeclaredCount {
    fn is_wild(&mut self, byte: u8) -> bool {
        if let Some(number) = self.number {
            self.number = match byte {
                b'0'..=b'9' => Some(number.saturating_mul(10).saturating_add(u64::from(byte - b'0'))),
                b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n' if number == 0 => Some(0),
                _ => None,
            };
            return self.number.is_some_and(|number| number > MOST_STRINGS);
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

/// Reads up to a limit; `None` when there is more.
fn read_bounded(reader: &mut impl Read, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut out = Vec::new();
    let n = reader.take(limit + 1).read_to_end(&mut out)?;
    Ok(u64::try_from(n).is_ok_and(|n| n <= limit).then_some(out))
}
