//! From a finished document to the files of an edition: proved, rendered, named and kept (R36).
//!
//! The same content again writes nothing; other content is the next edition, which says on each page what it is and lists
//! at its end what changed. Start reading at [`publish`].

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::external;
use super::kept::{CONTENT, Edition, NewEdition, Series, add, content_bytes};
use super::manifest::{EditionNote, MANIFEST, Manifest, ManifestSection, PDF_A};
use super::manifest_sections::pages_of;
use super::request::{PaperFormat, PaperRequest, Variant};
use super::run::Run;
use super::shorten;
use crate::domain::as_of::AsOf;
use crate::domain::cell::LabelledText;
use crate::domain::document::{Block, ReportDocument, Table};
use crate::domain::errata::errata;
use crate::domain::hex::hex;
use crate::domain::japanese_date::era_date;
use crate::domain::paper_content::PaperContent;
use crate::error::{Failure, FailureKind};
use crate::files::Readers;
use crate::files::names::file_name;
use crate::render;
use crate::render::pdf::RenderedPdf;
use crate::render::printable::{Printable, Unprintable, printable};
use crate::service::known::vintage::Vintage;

/// A paper in its folder.
#[derive(Debug)]
pub struct Published {
    /// Folder of the edition.
    pub folder: PathBuf,
    /// All files of the edition, the manifest last.
    pub files: Vec<PathBuf>,
    /// Number of the edition, from 1.
    pub edition: u32,
    /// Whether it was written now; `false` where the same content lay there already.
    pub is_new: bool,
    /// Characters that stand as 〓 on paper, in print order.
    pub unprintable: Vec<Unprintable>,
}

/// Writes a paper into a folder of its own below `out`: `NAME[_<area>]_<as-of>[_external][_draft][_v2…]/` with a PDF, a
/// page and a workbook of the same name, `<nn>_<title>.csv` (in `cp932/` for old programs; in
/// `machine/` those for programs, by the ids of tables, with `datapackage.json`), `content.json` and `manifest.json`. The folder appears as a whole or not at all. The same content as the newest edition of
/// that known-at writes nothing, but for formats that it lacks.
///
/// # Errors
/// [`Failure`] RPT-006 naming every cell that contradicts its table or another one, unless it is a draft; RPT-009 for a
/// character that CP932 lacks; RPT-026 for a paper for others that tells of people one by one; RPT-025 where a kept edition was changed by hand; RPT-033 for an archive with
/// pages of somebody else, RPT-035 where the same paper is kept as an ordinary PDF; when the document cannot be rendered
/// soundly or a file cannot be written.
pub fn publish(
    document: &ReportDocument,
    vintage: &Vintage,
    request: &PaperRequest,
    formats: &[PaperFormat],
    out: &Path,
) -> Result<Published> {
    prepare(document, vintage, request, (formats, out), None)?.put()
}

/// Does everything that [`publish()`] does but give the files their names. A run of a job does that while it proves its right
/// to publish; what an attempt of the same run has left without recording it is recorded now where it says the same, and is
/// taken for an earlier edition where it does not.
///
/// # Errors
/// As [`publish()`].
pub fn prepare(
    document: &ReportDocument,
    vintage: &Vintage,
    request: &PaperRequest,
    (formats, out): (&[PaperFormat], &Path),
    run: Option<&Run>,
) -> Result<Prepared> {
    if !document.draft {
        check_tables(document, request)?;
    }
    if request.variant == Variant::External {
        // A draft for others is read by others too.
        external::check(document)?;
    }
    let Printable { document: printed, unprintable } = printable(document, &document.gaiji);
    if request.strict_characters {
        refuse_unprintable(&unprintable)?;
    }
    let series = Series::read(out, &base_name(&document.id, request))?.without_damaged(run);
    let known_at = vintage.known_at.0.to_string();
    let content_sha256 = sha256_of(document, &printed)?;
    let there = series.saying(&content_sha256, &known_at, run);
    let number = there.map_or_else(|| series.next(), |edition| edition.number);
    let (document, mut note) = as_edition(document, &printed, &series, number, (&known_at, request.as_of))?;
    note.content_sha256 = content_sha256;
    note.run = run.map(|run| run.name.clone());
    note.unprintable.clone_from(&unprintable);
    let stem = series.name(number);
    // What is handed to others is for whoever the system lets; the rest is for the office.
    let readers = if request.variant == Variant::External { Readers::ByUmask } else { vintage.readers };
    there.map_or(Ok(()), |edition| check_standard(edition, formats, &stem))?;
    // What is kept is never made again: the names and rows of files may have changed since.
    let kept = there.map_or_else(Vec::new, |edition| edition.manifest.formats());
    let lacking: Vec<PaperFormat> = formats.iter().copied().filter(|format| !kept.contains(format)).collect();
    let Rendered { mut files, n_pages, sections, pdf_standard } = rendered(&document, &lacking, &stem)?;
    let (folder, manifest, writing) = match there {
        Some(edition) => {
            edition.check_untouched()?;
            files.retain(|(name, _)| !edition.manifest.has(name));
            let mut manifest = edition.manifest.clone().with(&files);
            if n_pages > 0 {
                (manifest.n_pages, manifest.sections) = (n_pages, sections);
            }
            manifest.pdf_standard = manifest.pdf_standard.or(pdf_standard);
            let writing = if files.is_empty() { Writing::Nothing } else { Writing::Formats(files, readers) };
            (edition.folder.clone(), manifest, writing)
        }
        None => {
            // All bytes are made before the first file is written: a paper that cannot be printed leaves nothing behind.
            let content = PaperContent::of(&printable(&document, &document.gaiji).document);
            files.push((PathBuf::from(CONTENT), content_bytes(&content)?));
            let mut manifest = Manifest::of(&document, vintage, request, note).with(&files);
            (manifest.n_pages, manifest.sections, manifest.pdf_standard) = (n_pages, sections, pdf_standard);
            files.push((PathBuf::from(MANIFEST), manifest.to_bytes()?));
            let new = series.write(number, &files, readers)?;
            (out.join(&stem), manifest, Writing::Edition(new))
        }
    };
    let is_new = !matches!(writing, Writing::Nothing);
    let published = Published { files: manifest.paths(&folder), folder, edition: number, is_new, unprintable };
    Ok(Prepared { published, manifest, writing, run: run.cloned() })
}

/// A paper whose files are made and wait for their names. Dropping it leaves nothing behind.
#[derive(Debug)]
pub struct Prepared {
    published: Published,
    manifest: Manifest,
    writing: Writing,
    run: Option<Run>,
}

/// What is still to be written.
#[derive(Debug)]
enum Writing {
    Nothing,
    Formats(Vec<(PathBuf, Vec<u8>)>, Readers),
    Edition(NewEdition),
}

impl Prepared {
    /// Gives the files their names.
    ///
    /// # Errors
    /// [`Failure`] when the folder cannot be written.
    pub fn put(self) -> Result<Published> {
        match self.writing {
            Writing::Nothing => {}
            Writing::Formats(files, readers) => add(&self.published.folder, &files, &self.manifest, readers)?,
            Writing::Edition(new) => new.put(self.run.as_ref())?,
        }
        Ok(self.published)
    }
}

/// Name of the folder of the first edition. Drafts are a series of their own and never count as an edition of the paper.
pub(super) fn base_name(id: &str, request: &PaperRequest) -> String {
    let variant = match request.variant {
        Variant::Internal => "",
        Variant::External => "_external",
    };
    let draft = if request.draft { "_draft" } else { "" };
    if let Some(meeting) = &request.meeting {
        // Of one meeting there is one pack, whatever day its figures are of.
        return file_name(&format!("{}{variant}{draft}", meeting.name));
    }
    // A body of a master that was taken in long ago may have any code.
    file_name(&format!("{id}_{}{variant}{draft}", request.as_of.0))
}

/// Hash of everything that a paper says, as data and as print, without what makes it an edition.
pub(super) fn sha256_of(document: &ReportDocument, printed: &ReportDocument) -> Result<String> {
    Ok(hex(&Sha256::digest(serde_json::to_vec(&(document, printed)).context("writing the document")?)))
}

/// Refuses to call a PDF that lies there already a PDF/A; kept papers are never written again. A PDF/A is a PDF, so the other
/// way round nothing is lost.
fn check_standard(edition: &Edition, formats: &[PaperFormat], stem: &str) -> Result<()> {
    let manifest = &edition.manifest;
    let is_other = formats.contains(&PaperFormat::PdfArchive) && manifest.pdf_format() != PaperFormat::PdfArchive;
    if is_other && manifest.has(&pdf_name(stem)) {
        return Err(Failure::usage("RPT-035", edition.folder.join(pdf_name(stem)).display().to_string()).into());
    }
    Ok(())
}

/// Refuses a paper with characters that no font has, and says where they stand.
fn refuse_unprintable(found: &[Unprintable]) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Data, "FNT-002", places_sentence(found)).into())
}

/// Characters with their places, the first few of them. Nobody's name is among the words.
pub fn places_sentence(found: &[Unprintable]) -> String {
    const MOST: usize = 5;
    let mut places: Vec<String> = found.iter().take(MOST).map(ToString::to_string).collect();
    if found.len() > MOST {
        places.push(format!("… 計 {}", found.len()));
    }
    places.join("、")
}

/// The document as it is printed in an edition: from the second one on each page says which it is, and what changed since
/// the one before stands at the end.
pub(super) fn as_edition(
    document: &ReportDocument,
    printed: &ReportDocument,
    series: &Series,
    number: u32,
    (known_at, as_of): (&str, AsOf),
) -> Result<(ReportDocument, EditionNote)> {
    let mut document = document.clone();
    let Some(earlier) = series.before(number, known_at) else {
        // A number that others have used up is printed as well, so that the paper is called as its folder.
        let mark = if number > 1 { format!("第{number}版") } else { String::new() };
        mark_pages(&mut document, &mark);
        return Ok((document, EditionNote::new(number, mark, None)));
    };
    let is_correction = earlier.manifest.known_at == known_at && earlier.manifest.as_of == as_of.0.to_string();
    let mark = match (document.draft, is_correction) {
        (true, _) => format!("第{number}稿"),
        (false, true) => format!("訂正版 {number}"),
        // Of another known-at nothing was wrong: it is the paper of what was known then.
        (false, false) => format!("第{number}版"),
    };
    if !document.draft {
        let errata = errata(&earlier.content()?.without_errata(), &PaperContent::of(printed));
        let title = if is_correction { "正誤表" } else { "前の版との違い" };
        document.sections.push(errata.section(title, &spoken(earlier)));
    }
    mark_pages(&mut document, &mark);
    Ok((document, EditionNote::new(number, mark, Some(series.name(earlier.number)))))
}

/// An edition in words: number, known-at and issue date.
fn spoken(edition: &Edition) -> String {
    let day = |text: &str| text.parse().map_or_else(|_| text.to_string(), era_date);
    let manifest = &edition.manifest;
    let (known_at, issued_on) = (day(&manifest.known_at), day(&manifest.issued_on));
    format!("第{}版（知識時点 {known_at}、発行日 {issued_on}）", edition.number)
}

/// Puts the name of an edition where readers look: the head or the cover, the dates of each section (and so its CSV
/// files and sheets), the foot of each page.
fn mark_pages(document: &mut ReportDocument, mark: &str) {
    if mark.is_empty() {
        return;
    }
    document.title = format!("{}（{mark}）", document.title);
    document.foot_text = format!("{}　{mark}", document.foot_text);
    match (&mut document.cover, document.sections.first_mut()) {
        (Some(cover), _) => cover.facts.push(LabelledText::new("版", mark)),
        (None, Some(section)) => section.title = format!("{}（{mark}）", section.title),
        (None, None) => {}
    }
    for section in document.sections.iter_mut().filter(|section| !section.basis.is_empty()) {
        section.basis.push(LabelledText::new("版", mark));
    }
}

/// PDF and page show what fonts have, and as little as says it all; files of data keep every character and table.
pub(super) fn rendered(document: &ReportDocument, formats: &[PaperFormat], stem: &str) -> Result<Rendered> {
    let mut printed = printable(document, &document.gaiji).document;
    shorten::for_reading(&mut printed);
    let mut out = Rendered::default();
    let files = &mut out.files;
    for format in formats {
        match format {
            PaperFormat::Pdf | PaperFormat::PdfArchive => {
                let pdf = rendered_pdf(&printed, *format)?;
                files.push((pdf_name(stem), pdf.bytes));
                out.n_pages = pdf.n_pages;
                // Of single papers nobody replaces a part.
                out.sections =
                    if document.cover.is_some() { pages_of(&printed.sections, &pdf.sections) } else { Vec::new() };
                out.pdf_standard = (*format == PaperFormat::PdfArchive).then(|| PDF_A.to_string());
            }
            PaperFormat::Html => {
                let html = render::html::render(&printed).context("rendering the page")?;
                files.push((PathBuf::from(format!("{stem}.html")), html.into_bytes()));
            }
            PaperFormat::Xlsx => {
                let bytes = render::xlsx::paper_workbook(document).context("making the workbook")?;
                files.push((PathBuf::from(format!("{stem}.xlsx")), bytes));
            }
            PaperFormat::Csv => files.extend(csv_files("", render::csv::display_files(document))?),
            PaperFormat::CsvMachine => files.extend(csv_files("machine", render::machine::machine_files(document))?),
            PaperFormat::CsvCp932 => files.extend(csv_files("cp932", render::csv::cp932_files(document))?),
        }
    }
    Ok(out)
}

fn rendered_pdf(printed: &ReportDocument, format: PaperFormat) -> Result<RenderedPdf> {
    let made = match format {
        PaperFormat::PdfArchive => render::pdf::render_for_archive(printed),
        _ => render::pdf::render(printed),
    };
    let pdf = made.context("rendering the PDF")?;
    for warning in &pdf.warnings {
        tracing::info!(%warning, "paper");
    }
    Ok(pdf)
}

fn pdf_name(stem: &str) -> PathBuf {
    PathBuf::from(format!("{stem}.pdf"))
}

/// The files of a paper before they are written.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    /// Names in the folder of the paper, and bytes.
    pub(super) files: Vec<(PathBuf, Vec<u8>)>,
    /// Pages of the PDF; 0 without one.
    n_pages: usize,
    /// Sections of a pack with their pages in the PDF.
    sections: Vec<ManifestSection>,
    /// The standard that the PDF keeps; `None` for the usual one.
    pdf_standard: Option<String>,
}

/// CSV files in a subfolder. A character that CP932 lacks is named with its file and line, and with nobody's name.
fn csv_files(
    folder: &str,
    made: Result<Vec<render::csv::CsvFile>, render::csv::CsvError>,
) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let files = made.map_err(|error| match error {
        lacking @ render::csv::CsvError::NotInCp932 { .. } => {
            Failure::new(FailureKind::Data, "RPT-009", lacking.to_string()).into()
        }
        other => anyhow::Error::from(other).context("rendering CSV"),
    })?;
    Ok(files.into_iter().map(|file| (Path::new(folder).join(file.file_name), file.bytes)).collect())
}

/// Nothing is published while a cell contradicts what its table promises, or what another table says of the same figure.
fn check_tables(document: &ReportDocument, request: &PaperRequest) -> Result<()> {
    let tables = document.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let mut cells: Vec<String> = tables.flat_map(Table::failed_checks).map(|one| one.to_string()).collect();
    cells.extend(document.contradictions().iter().map(ToString::to_string));
    if cells.is_empty() {
        return Ok(());
    }
    // Whoever makes many papers must know which one it is.
    let paper = format!("{} {} {}", document.title, document.id, era_date(request.as_of.0));
    Err(Failure::new(FailureKind::Data, "RPT-006", format!("{paper}: {}", cells.join("; "))).into())
}
