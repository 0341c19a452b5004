//! Attached pages under what a paper draws above them.

use lopdf::{Document, ObjectId};

use super::super::display::Paper;
use super::super::error::PdfError;
use super::fault::AttachmentFault;
use super::import::{Import, PutError};
use super::inspect::{guarded, load};
use crate::domain::attachment::AttachedFile;

/// Puts the pages of attached files under what stands on their pages of the paper already.
///
/// # Errors
/// [`PdfError::Attachment`] for a file that was sound when it was inspected and is not now; [`PdfError::Finish`] when the
/// objects of the writer are not where PDF puts them.
pub(in crate::render::pdf) fn put(pdf: &mut Document, paper: &Paper) -> Result<(), PdfError> {
    let own: Vec<ObjectId> = pdf.page_iter().collect();
    for (nth, file) in paper.attachments.iter().enumerate() {
        let source = guarded(|| load(&file.bytes)).map_err(|fault| broken(file, fault))?;
        let mut import = Import::of(&source);
        let theirs: Vec<ObjectId> = source.page_iter().collect();
        for (page, id) in paper.pages.iter().zip(&own) {
            let Some(at) = page.attached.filter(|at| at.file == nth) else { continue };
            let their = *theirs.get(at.page).ok_or_else(|| broken(file, AttachmentFault::Damaged))?;
            import.page(pdf, *id, their).map_err(|error| match error {
                PutError::Pdf(error) => PdfError::Finish(error),
                PutError::Fault(fault) => broken(file, fault),
            })?;
        }
    }
    Ok(())
}

fn broken(file: &AttachedFile, fault: AttachmentFault) -> PdfError {
    PdfError::Attachment { file: file.name.clone(), fault }
}
