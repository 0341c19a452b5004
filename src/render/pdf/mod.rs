//! The paper as a PDF: A4, one look for all reports, the same bytes for the same document.
//!
//! Layout (`flow`, `section`, `table`, `grid`, `chart`, `cover`) places measured texts (`text`, `kinsoku`,
//! `fonts`) on pages and yields a display list (`display`); `writer` turns that list into bytes, and `archive` into the
//! bytes of a PDF/A. Fonts are compiled in and parsed once per process; nothing else is shared between two papers. No clock and
//! no folder is read. Start reading at [`render`].

mod archive;
mod attachment;
mod chart;
mod columns;
mod contents;
mod cover;
mod display;
mod error;
mod flow;
mod fonts;
mod grid;
pub(super) mod kinsoku;
mod layout;
mod letter;
mod place;
mod prose;
mod reading;
mod section;
mod strip;
mod style;
mod surroundings;
mod table;
mod table_cells;
mod table_rows;
mod tail;
mod text;
mod warning;
mod writer;

pub use attachment::{AttachmentFault, Inspected, inspect};
pub use error::PdfError;
pub(super) use fonts::GOTHIC_REGULAR;
pub use reading::{identity, texts};
pub use warning::PdfWarning;

use self::display::Paper;
use super::{scalar, soundness};
use crate::domain::document::ReportDocument;

/// A finished paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedPdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub n_pages: usize,
    /// Id of each section, its first and its last page, from 1, both inclusive.
    pub sections: Vec<(String, usize, usize)>,
    /// What a person should know before sending the paper out; in print order, each once.
    pub warnings: Vec<PdfWarning>,
}

/// Renders a document; the same document gives the same bytes in every process.
///
/// # Errors
/// A fault of the document, a character that no font has, or a complaint of the PDF libraries. No partial
/// paper is ever returned.
pub fn render(document: &ReportDocument) -> Result<RenderedPdf, PdfError> {
    rendered(document, writer::write)
}

/// Renders a document as PDF/A-2b, with the pages that [`render`] gives it; the same document gives the same bytes in every
/// process.
///
/// # Errors
/// As [`render`]; [`PdfError::NotArchivable`] for a document with pages of somebody else, [`PdfError::Archive`] when a rule of
/// PDF/A would be broken.
pub fn render_for_archive(document: &ReportDocument) -> Result<RenderedPdf, PdfError> {
    archive::check(document)?;
    rendered(document, archive::write)
}

fn rendered(
    document: &ReportDocument,
    write: impl Fn(&Paper, &ReportDocument) -> Result<Vec<u8>, PdfError>,
) -> Result<RenderedPdf, PdfError> {
    soundness::check(document)?;
    let (paper, warnings) = layout::lay_out(document)?;
    let bytes = write(&paper, document)?;
    tracing::debug!(report = document.id, n_pages = paper.pages.len(), size_bytes = bytes.len(), "paper rendered");
    let (n_pages, sections) = (paper.pages.len(), paper.pages_of_sections());
    Ok(RenderedPdf { bytes, n_pages, sections, warnings })
}

/// How many fonts are compiled in, and how many of them can be read.
pub fn fonts() -> (usize, usize) {
    (fonts::FaceId::ALL.len(), fonts::FaceId::ALL.into_iter().filter(|id| id.is_sound()).count())
}

/// Whether every character of a text without line ends can be drawn, in regular and bold type.
pub fn has_glyphs(text: &str) -> bool {
    fonts::FontSet::shared().has_all(text)
}

#[cfg(test)]
mod tests;
