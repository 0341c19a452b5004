//! The paper as a PDF: A4, one look for all reports, the same bytes for the same document.
//!
//! Layout (`flow`, `section`, `table`, `grid`, `chart`, `cover`) places measured texts (`text`, `kinsoku`,
//! `fonts`) on pages and yields a display list (`display`); `writer` turns that list into bytes. Fonts are
//! compiled in and parsed once per process; nothing else is shared between two papers. No clock and no folder
//! is read. Start reading at [`render`].

mod chart;
mod columns;
mod cover;
mod display;
mod flow;
mod fonts;
mod grid;
mod kinsoku;
mod layout;
mod prose;
mod scalar;
mod section;
mod strip;
mod style;
mod surroundings;
mod table;
mod table_rows;
mod text;
mod writer;

use std::fmt;

use thiserror::Error;

use super::soundness::{self, DocumentFault};
use crate::domain::document::ReportDocument;

/// A finished paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedPdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub n_pages: usize,
    /// What a person should know before sending the paper out; in print order, each once.
    pub warnings: Vec<PdfWarning>,
}

/// Something that was printed in a plainer form than it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PdfWarning {
    /// No font has this form of the character; its plain form was printed.
    DroppedSelector {
        /// The character with its variation selector.
        text: String,
        /// Where it stands.
        place: Place,
    },
}

impl fmt::Display for PdfWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DroppedSelector { text, place } => {
                write!(formatter, "{} printed in its plain form, {place}", code_points(text))
            }
        }
    }
}

/// Why a paper was not written.
#[derive(Debug, Error)]
pub enum PdfError {
    /// The document breaks a promise.
    #[error(transparent)]
    Fault(#[from] DocumentFault),
    /// No font has the character.
    #[error("no font has the character {character:?} (U+{:04X}), {place}", u32::from(*character))]
    MissingGlyph {
        /// The character.
        character: char,
        /// Where it stands.
        place: Place,
    },
    /// A font could not be cut down to the glyphs in use.
    #[error("cutting the font {font} failed")]
    Subset {
        /// PostScript name of the font.
        font: &'static str,
        /// What the cutter said.
        source: subsetter::Error,
    },
    /// The PDF library complained about the pages it was given.
    #[error("the PDF library complained: {0}")]
    Complaint(String),
    /// The PDF could not be finished.
    #[error("finishing the PDF failed")]
    Finish(#[from] lopdf::Error),
    /// The PDF could not be written into memory.
    #[error("writing the PDF failed")]
    Save(#[from] std::io::Error),
}

/// A place in a document, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Title of the section; `None` on the cover and in the foot.
    pub section: Option<String>,
    /// Title of the table, grid or chart, or its id when it has no title.
    pub table: Option<String>,
    /// Number of the row or item, from 1; `None` in headings and notes.
    pub row: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.section {
            Some(section) => write!(formatter, "section {section}")?,
            None => write!(formatter, "outside the sections")?,
        }
        if let Some(table) = &self.table {
            write!(formatter, ", table {table}")?;
        }
        self.row.map_or(Ok(()), |row| write!(formatter, ", row {row}"))
    }
}

/// Renders a document; the same document gives the same bytes in every process.
///
/// # Errors
/// A fault of the document, a character that no font has, or a complaint of the PDF libraries. No partial
/// paper is ever returned.
pub fn render(document: &ReportDocument) -> Result<RenderedPdf, PdfError> {
    soundness::check(document)?;
    let (paper, warnings) = layout::lay_out(document)?;
    let bytes = writer::write(&paper, document)?;
    tracing::debug!(report = document.id, n_pages = paper.pages.len(), size_bytes = bytes.len(), "paper rendered");
    Ok(RenderedPdf { bytes, n_pages: paper.pages.len(), warnings })
}

/// Whether every character of a text without line ends can be drawn, in regular and bold type.
pub fn has_glyphs(text: &str) -> bool {
    fonts::FontSet::shared().has_all(text)
}

fn code_points(text: &str) -> String {
    let codes: Vec<String> = text.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
    codes.join(" ")
}

#[cfg(test)]
mod tests;
