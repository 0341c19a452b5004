//! The same paper on a screen: one self-contained HTML page, readable and printable without scripts.
//!
//! Templates print and loop; whatever they need beyond the document (spans of headings, lengths of bars) is
//! prepared in `page`. Every text is escaped by askama. Start reading at [`render`].

mod caption;
mod chart;
mod headings;
mod page;

use askama::Template;
use thiserror::Error;

use super::soundness::{self, DocumentFault};
use crate::domain::document::ReportDocument;

/// Why a page was not made.
#[derive(Debug, Error)]
pub enum HtmlError {
    /// The document breaks a promise.
    #[error(transparent)]
    Fault(#[from] DocumentFault),
    /// The template failed.
    #[error("filling the page template failed")]
    Template(#[from] askama::Error),
}

/// Renders a document as one HTML page.
///
/// # Errors
/// A fault of the document, or a failure of the template.
pub fn render(document: &ReportDocument) -> Result<String, HtmlError> {
    soundness::check(document)?;
    Ok(page::DocumentPage::of(document).render()?)
}

#[cfg(test)]
mod tests;
