//! Looking at a PDF before it is attached.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, LoadOptions, Object, ObjectId};

use super::fault::AttachmentFault;
use super::sheet::Sheet;
use crate::domain::attachment::PageSize;

/// What one stream of a file may inflate to.
const MOST_INFLATED: usize = 256 << 20;

/// The pages of a PDF, after each of them was looked at.
///
/// # Errors
/// [`AttachmentFault`] for a file that cannot be attached as a whole.
pub fn inspect(bytes: &[u8]) -> Result<Vec<PageSize>, AttachmentFault> {
    guarded(|| {
        let pdf = load(bytes)?;
        let mut sizes = Vec::new();
        for page in pdf.page_iter() {
            check_contents(&pdf, page)?;
            sizes.push(Sheet::of(&pdf, page)?.size());
        }
        if sizes.is_empty() { Err(AttachmentFault::Empty) } else { Ok(sizes) }
    })
}

/// A parser that stumbles over a damaged file must not take the program with it.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, AttachmentFault>) -> Result<T, AttachmentFault> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(AttachmentFault::Damaged))
}

pub(super) fn load(bytes: &[u8]) -> Result<Document, AttachmentFault> {
    // Some programs put a line of their own before the head; lopdf wants it first.
    let start = bytes.windows(5).take(1024).position(|part| part == b"%PDF-").ok_or(AttachmentFault::Damaged)?;
    let pdf = Document::load_mem_with_options(&bytes[start..], LoadOptions::with_max_decompressed_size(MOST_INFLATED));
    match pdf {
        Ok(pdf) if pdf.is_encrypted() => Err(AttachmentFault::Encrypted),
        Ok(pdf) => Ok(pdf),
        Err(
            lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword | lopdf::Error::UnsupportedSecurityHandler(_),
        ) => Err(AttachmentFault::Encrypted),
        Err(_) => Err(AttachmentFault::Damaged),
    }
}

/// What a page draws must be there and whole.
fn check_contents(pdf: &Document, page: ObjectId) -> Result<(), AttachmentFault> {
    for id in pdf.get_page_contents(page) {
        let stream = pdf.get_object(id).and_then(Object::as_stream).map_err(|_| AttachmentFault::Damaged)?;
        match stream.decompressed_content_with_limit(MOST_INFLATED) {
            // Filters that lopdf does not know are known to viewers.
            Ok(_) | Err(lopdf::Error::Unimplemented(_)) => {}
            Err(_) => return Err(AttachmentFault::Damaged),
        }
    }
    Ok(())
}
