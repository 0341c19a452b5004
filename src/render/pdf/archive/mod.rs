//! Writes a display list as PDF/A-2b (ISO 19005-2, level B), for papers that are kept for years, with krilla.
//!
//! printpdf cannot claim PDF/A truly; krilla proves each rule that it can break while it writes, and gives no file where one is
//! broken. Both writers read one display list, so a paper for the archive shows what the usual one shows. `draws` puts draws on
//! pages, `about` says what the file is and where its bookmarks lead. Start reading at [`write()`].

mod about;
mod draws;

use krilla::configure::{Archival, Configuration, ConfigurationBuilder};
use krilla::error::KrillaError;
use krilla::{Document, SerializeSettings};

use super::display::Paper;
use super::error::PdfError;
use crate::domain::attachment::AttachedFile;
use crate::domain::document::{Block, ReportDocument};

/// Refuses a document with pages of somebody else: whether those keep the rules of PDF/A is not known, and a file that claims
/// what it may not keep is worse than none.
///
/// # Errors
/// [`PdfError::NotArchivable`] with every such file.
pub(super) fn check(document: &ReportDocument) -> Result<(), PdfError> {
    let attached = document.sections.iter().flat_map(|section| {
        section.blocks.iter().filter_map(|block| match block {
            Block::Attachment(file) => Some(shown(&section.mark, file)),
            _ => None,
        })
    });
    let files: Vec<String> = attached.collect();
    if files.is_empty() { Ok(()) } else { Err(PdfError::NotArchivable { files }) }
}

/// Writes a paper.
///
/// # Errors
/// [`PdfError::Archive`] when krilla finds a rule of PDF/A broken.
pub(super) fn write(paper: &Paper, document: &ReportDocument) -> Result<Vec<u8>, PdfError> {
    // Tags need to know what is a heading and what a cell; the display list knows only where things stand.
    let settings = SerializeSettings { configuration: pdf_a()?, enable_tagging: false, ..SerializeSettings::default() };
    let mut pdf = Document::new_with(settings);
    let faces = draws::Faces::load();
    for page in &paper.pages {
        draws::put(&mut pdf, page, paper, &faces)?;
    }
    if !paper.bookmarks.is_empty() {
        pdf.set_outline(about::outline(paper));
    }
    pdf.set_metadata(about::metadata(document));
    pdf.finish().map_err(|error| PdfError::Archive(spoken(&error)))
}

fn pdf_a() -> Result<Configuration, PdfError> {
    let builder = ConfigurationBuilder::new().with_archival_validator(Archival::A2_B);
    builder.finish().map_err(|error| PdfError::Archive(format!("{error:?}")))
}

/// An attached file as people find it: 資料3 view.pdf.
fn shown(mark: &str, file: &AttachedFile) -> String {
    if mark.is_empty() { file.name.clone() } else { format!("{mark} {}", file.name) }
}

/// What krilla found, without the characters that it found it in: they may be of a name.
fn spoken(error: &KrillaError) -> String {
    let KrillaError::Validation(found) = error else { return error.to_string() };
    let rules = found.iter().map(|(rule, _)| {
        let rule = format!("{rule:?}");
        rule.split(['(', ' ']).next().unwrap_or_default().to_string()
    });
    let mut rules: Vec<String> = rules.collect();
    rules.sort_unstable();
    rules.dedup();
    rules.join(", ")
}

#[cfg(test)]
mod tests;
