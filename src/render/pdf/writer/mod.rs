//! Writes a display list with printpdf and mends the result with lopdf.
//!
//! Three steps: `embed` cuts each font to the glyphs in use, `ops` turns draws into page operations, `finish`
//! sets what printpdf gets wrong (identity, outline, language, version) and saves. The other writer of the same list is
//! `archive`; both are functions of a paper and its document, so no trait stands between.

mod embed;
mod finish;
mod ops;

use printpdf::{PdfDocument, PdfPage, PdfSaveOptions, Pt};

use super::display::Paper;
use super::error::PdfError;
use crate::domain::document::ReportDocument;

/// Writes a paper.
///
/// # Errors
/// A font that cannot be cut, any complaint of printpdf, or a failure of lopdf.
pub(super) fn write(paper: &Paper, document: &ReportDocument) -> Result<Vec<u8>, PdfError> {
    let embedding = embed::Embedding::of(paper);
    let mut pdf = PdfDocument::new(&document.title);
    for (id, font) in embedding.fonts()? {
        pdf.resources.fonts.map.insert(id, font);
    }
    for page in &paper.pages {
        let ops = ops::page_ops(page, paper, &embedding);
        pdf.pages.push(PdfPage::new(Pt(page.width).into(), Pt(page.height).into(), ops));
    }
    let mut complaints = Vec::new();
    let mut serialized = printpdf::serialize::to_lopdf_doc(&pdf, &PdfSaveOptions::default(), &mut complaints);
    // A warning of printpdf has meant blank pages or whole fonts in the file: none is harmless.
    if let Some(complaint) = complaints.first() {
        return Err(PdfError::Complaint(complaint.msg.clone()));
    }
    finish::mend(&mut serialized, paper, document)?;
    finish::save(serialized)
}
