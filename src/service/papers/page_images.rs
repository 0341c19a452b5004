//! Pages of a PDF that is handed out, for whoever looks at them in a browser.

use crate::error::{Failure, FailureKind};
use crate::render::page_image::{self, PageImageError};

/// Number of pages of a PDF.
///
/// # Errors
/// [`Failure`] WEB-048 where it cannot be read.
pub fn n_pages(pdf: &[u8]) -> Result<usize, Failure> {
    page_image::n_pages(pdf).map_err(|error| failure(&error))
}

/// A page by its number from 1, as SVG.
///
/// # Errors
/// [`Failure`] WEB-040 where there is no such page, WEB-048 where the PDF cannot be read.
pub fn page_image(pdf: &[u8], number: usize) -> Result<String, Failure> {
    page_image::page_image(pdf, number).map_err(|error| failure(&error))
}

fn failure(error: &PageImageError) -> Failure {
    match error {
        PageImageError::NoSuchPage => Failure::usage("WEB-040", ""),
        PageImageError::Unreadable => Failure::new(FailureKind::Data, "WEB-048", ""),
    }
}
