//! Why a paper was not written.

use thiserror::Error;

use super::attachment::AttachmentFault;
use super::place::Place;
use crate::render::soundness::DocumentFault;

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
    /// An attached file is not what it was when it was looked at.
    #[error("{file}: {fault}")]
    Attachment {
        /// Name of the file.
        file: String,
        /// What is wrong with it.
        fault: AttachmentFault,
    },
    /// Pages of somebody else lie in a paper that was asked for as PDF/A.
    #[error("whether these keep the rules of PDF/A is not known: {}", files.join(", "))]
    NotArchivable {
        /// Mark and name of each such file, in print order.
        files: Vec<String>,
    },
    /// A rule of PDF/A was broken.
    #[error("the paper breaks rules of PDF/A: {0}")]
    Archive(String),
    /// A finished file cannot be read back.
    #[error("the PDF cannot be read back: {0}")]
    Unreadable(String),
    /// The PDF could not be finished.
    #[error("finishing the PDF failed")]
    Finish(#[from] lopdf::Error),
    /// The PDF could not be written into memory.
    #[error("writing the PDF failed")]
    Save(#[from] std::io::Error),
}
