//! Looking at a PDF before it is attached.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use super::fault::AttachmentFault;
use super::sheet::Sheet;
use crate::domain::attachment::PageSize;

/// What one stream of a file may inflate to.
const MOST_INFLATED: usize = 256 << 20;

/// What was seen of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Its pages as they are seen, at least one.
    pub pages: Vec<PageSize>,
    /// Fields that are filled in and remarks on the page that have no stored look: nobody will see them.
    pub n_unseen: usize,
}

/// Looks at each page of a PDF.
///
/// # Errors
/// [`AttachmentFault`] for a file that cannot be attached as a whole.
pub fn inspect(bytes: &[u8]) -> Result<Inspected, AttachmentFault> {
    guarded(|| {
        let pdf = load(bytes)?;
        let mut out = Inspected { pages: Vec::new(), n_unseen: 0 };
        for page in pdf.page_iter() {
            check_contents(&pdf, page)?;
            out.pages.push(Sheet::of(&pdf, page)?.size());
            let annotations = pdf.get_page_annotations(page).unwrap_or_default();
            out.n_unseen += annotations.into_iter().filter(|one| is_unseen(one)).count();
        }
        if out.pages.is_empty() { Err(AttachmentFault::Empty) } else { Ok(out) }
    })
}

/// Whether an annotation says something that no viewer finds drawn.
fn is_unseen(annotation: &Dictionary) -> bool {
    let kind = annotation.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
    let says = |key: &[u8]| annotation.get(key).and_then(Object::as_str).is_ok_and(|text| !text.is_empty());
    let has_text = kind == b"Widget" && says(b"V") || kind == b"FreeText" && says(b"Contents");
    has_text && !annotation.has(b"AP")
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
