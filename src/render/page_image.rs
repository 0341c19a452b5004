//! A page of a PDF as an image that a browser shows (SVG): the very bytes that were made or approved, drawn once more.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro_svg::hayro_interpret::InterpreterSettings;
use hayro_svg::hayro_syntax::Pdf;
use hayro_svg::{RenderCache, SvgRenderSettings, convert};

use super::pdf::GOTHIC_REGULAR;

/// Why there is no image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageImageError {
    /// It is no PDF, or none that can be read.
    #[error("the file cannot be read as a PDF")]
    Unreadable,
    /// It has fewer pages.
    #[error("the PDF has no such page")]
    NoSuchPage,
}

/// Number of pages of a PDF.
///
/// # Errors
/// [`PageImageError::Unreadable`].
pub fn n_pages(pdf: &[u8]) -> Result<usize, PageImageError> {
    opened(pdf, |pdf| Ok(pdf.pages().len()))
}

/// A page by its number from 1; nothing is drawn where nothing is printed.
///
/// # Errors
/// [`PageImageError`].
pub fn page_image(pdf: &[u8], number: usize) -> Result<String, PageImageError> {
    opened(pdf, |pdf| {
        let page = number.checked_sub(1).and_then(|place| pdf.pages().get(place)).ok_or(PageImageError::NoSuchPage)?;
        let settings = InterpreterSettings {
            // A PDF of others may leave out its fonts; ours carry them.
            font_resolver: Arc::new(|_| Some((Arc::new(GOTHIC_REGULAR), 0))),
            ..InterpreterSettings::default()
        };
        // Whatever has a colour behind the page writes a style of its own, which the policy of our pages forbids.
        let render = SvgRenderSettings { bg_color: [0; 4] };
        Ok(convert(page, &RenderCache::new(), &settings, &render))
    })
}

/// Asks a PDF. What others made may be damaged in ways that nobody has foreseen; then it is unreadable, and nothing else.
fn opened<T>(pdf: &[u8], ask: impl FnOnce(&Pdf) -> Result<T, PageImageError>) -> Result<T, PageImageError> {
    let asked = || {
        let pdf = Pdf::new(pdf.to_vec()).map_err(|_| PageImageError::Unreadable)?;
        ask(&pdf)
    };
    catch_unwind(AssertUnwindSafe(asked)).unwrap_or(Err(PageImageError::Unreadable))
}

#[cfg(test)]
mod tests {
    use super::super::{pdf, sample};
    use super::*;

    fn pdf_of(id: &str) -> Vec<u8> {
        let document = sample::all().into_iter().find(|document| document.id == id).expect("there is one");
        pdf::render(&document).expect("samples are sound").bytes
    }

    #[test]
    fn every_page_of_a_paper_is_drawn() {
        let pdf = pdf_of("long");
        let n = n_pages(&pdf).expect("it can be read");
        assert!(n > 2, "{n}");
        for number in 1..=n {
            let image = page_image(&pdf, number).expect("it can be drawn");
            // Letters are shapes that are drawn once and named where they stand.
            assert!(image.matches("<use ").count() > 100, "{number}: {image}");
        }
        for number in [0, n + 1, usize::MAX] {
            assert_eq!(page_image(&pdf, number), Err(PageImageError::NoSuchPage), "{number}");
        }
    }

    /// Damage of any kind gives an error or another image, and never ends the program.
    #[test]
    fn damage_is_told() {
        let pdf = pdf_of("long");
        for bytes in [&b""[..], b"%PDF-1.7", b"PK\x03\x04 a workbook", &[0; 64]] {
            assert_eq!(n_pages(bytes), Err(PageImageError::Unreadable));
            assert_eq!(page_image(bytes, 1), Err(PageImageError::Unreadable));
        }
        for nth in 0..60 {
            let mut damaged = pdf.clone();
            let at = nth * pdf.len() / 60;
            damaged[at..at + 8].fill(0xff);
            let _ = (n_pages(&damaged), page_image(&damaged, 1), page_image(&pdf[..at], 1));
        }
    }
}
