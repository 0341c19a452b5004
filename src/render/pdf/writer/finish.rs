//! What printpdf leaves out or gets wrong, set directly in the PDF objects.

use chrono::{Days, NaiveDate};
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use sha2::{Digest, Sha256};

use super::super::attachment;
use super::super::display::{Anchor, Bookmark, Paper};
use super::super::error::PdfError;
use super::super::scalar::integer;
use crate::domain::document::ReportDocument;

/// Bytes of a file identity.
const ID_LENGTH: usize = 16;
/// A jump leaves this much white space above its target.
const AIR_ABOVE_TARGET: f32 = 4.0;

/// Sets metadata, outline, language and identity.
///
/// # Errors
/// [`PdfError::Finish`] when printpdf's objects are not where PDF puts them.
pub(super) fn mend(pdf: &mut Document, paper: &Paper, document: &ReportDocument) -> Result<(), PdfError> {
    // printpdf always writes 1.3, which has neither object streams nor ActualText.
    pdf.version = "1.7".into();
    set_info(pdf, document)?;
    let outline = add_outline(pdf, paper);
    let root = pdf.trailer.get(b"Root")?.as_reference()?;
    let catalog = pdf.get_object_mut(root)?.as_dict_mut()?;
    // printpdf claims PDF/X with the profile of a printing press; the paper is neither.
    catalog.remove(b"OutputIntents");
    catalog.set("Lang", Object::string_literal("ja-JP"));
    catalog.set("PageLayout", "SinglePage");
    catalog.set("PageMode", if outline.is_some() { "UseOutlines" } else { "UseNone" });
    let mut viewer = Dictionary::new();
    viewer.set("DisplayDocTitle", true);
    catalog.set("ViewerPreferences", viewer);
    if let Some(outline) = outline {
        catalog.set("Outlines", Object::Reference(outline));
    }
    pdf.prune_objects();
    attachment::put(pdf, paper)?;
    set_identity(pdf);
    Ok(())
}

/// Compresses and saves with object streams.
///
/// # Errors
/// [`PdfError::Save`].
pub(super) fn save(mut pdf: Document) -> Result<Vec<u8>, PdfError> {
    pdf.compress();
    pdf.reference_table.cross_reference_type = XrefType::CrossReferenceStream;
    let mut bytes = Vec::new();
    pdf.save_modern(&mut bytes)?;
    Ok(bytes)
}

fn set_info(pdf: &mut Document, document: &ReportDocument) -> Result<(), PdfError> {
    let info = pdf.trailer.get(b"Info")?.as_reference()?;
    let created = Object::string_literal(utc_of_tokyo_midnight(document.issued_on));
    let mut dictionary = Dictionary::new();
    dictionary.set("Title", text(&document.title));
    dictionary.set("Author", text(&document.issuer));
    dictionary.set("Subject", text(&document.foot_text));
    dictionary.set("Creator", text("kaiin"));
    dictionary.set("Producer", text("kaiin (printpdf)"));
    dictionary.set("CreationDate", created.clone());
    dictionary.set("ModDate", created);
    *pdf.get_object_mut(info)? = Object::Dictionary(dictionary);
    Ok(())
}

/// Midnight in Tokyo, where papers are dated, is 15:00 of the day before in UTC.
fn utc_of_tokyo_midnight(date: NaiveDate) -> String {
    let day_before = date.checked_sub_days(Days::new(1)).unwrap_or(date);
    format!("D:{}150000Z", day_before.format("%Y%m%d"))
}

/// A text as PDF holds text outside of pages: UTF-16 with a byte order mark.
fn text(value: &str) -> Object {
    let mut data = vec![0xFE, 0xFF];
    data.extend(value.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(data, StringFormat::Hexadecimal)
}

/// Adds the tree of bookmarks, or nothing when there are none.
fn add_outline(pdf: &mut Document, paper: &Paper) -> Option<ObjectId> {
    if paper.bookmarks.is_empty() {
        return None;
    }
    let pages: Vec<(ObjectId, f32)> =
        pdf.get_pages().into_values().zip(paper.pages.iter().map(|page| page.height)).collect();
    let root = pdf.new_object_id();
    let (first, last) = add_level(pdf, &pages, &paper.bookmarks, root)?;
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", "Outlines");
    dictionary.set("First", Object::Reference(first));
    dictionary.set("Last", Object::Reference(last));
    dictionary.set("Count", integer(paper.bookmarks.len()));
    pdf.set_object(root, dictionary);
    Some(root)
}

/// Adds bookmarks that have one parent; gives the first and the last.
fn add_level(
    pdf: &mut Document,
    pages: &[(ObjectId, f32)],
    bookmarks: &[Bookmark],
    parent: ObjectId,
) -> Option<(ObjectId, ObjectId)> {
    let ids: Vec<ObjectId> = bookmarks.iter().map(|_| pdf.new_object_id()).collect();
    for (at, (bookmark, id)) in bookmarks.iter().zip(&ids).enumerate() {
        let mut dictionary = Dictionary::new();
        dictionary.set("Title", text(&bookmark.title));
        dictionary.set("Parent", Object::Reference(parent));
        dictionary.set("Dest", destination(pages, bookmark.anchor));
        if let Some(previous) = at.checked_sub(1).and_then(|at| ids.get(at)) {
            dictionary.set("Prev", Object::Reference(*previous));
        }
        if let Some(next) = ids.get(at + 1) {
            dictionary.set("Next", Object::Reference(*next));
        }
        if let Some((first, last)) = add_level(pdf, pages, &bookmark.children, *id) {
            dictionary.set("First", Object::Reference(first));
            dictionary.set("Last", Object::Reference(last));
            // A negative count: the children are shown when a reader opens the bookmark.
            dictionary.set("Count", -integer(bookmark.children.len()));
        }
        pdf.set_object(*id, dictionary);
    }
    Some((*ids.first()?, *ids.last()?))
}

fn destination(pages: &[(ObjectId, f32)], anchor: Anchor) -> Object {
    let Some((page, height)) = pages.get(anchor.page) else { return Object::Null };
    let top = Object::Real((height - anchor.y + AIR_ABOVE_TARGET).min(*height));
    Object::Array(vec![Object::Reference(*page), "XYZ".into(), Object::Null, top, Object::Null])
}

/// Derives the file identity from the contents; printpdf's comes from a counter of the process.
fn set_identity(pdf: &mut Document) {
    let mut hash = Sha256::new();
    for (id, object) in &pdf.objects {
        hash.update(id.0.to_be_bytes());
        match object {
            Object::Stream(stream) => {
                hash.update(format!("{:?}", stream.dict));
                hash.update(&stream.content);
            }
            other => hash.update(format!("{other:?}")),
        }
    }
    let digest = hash.finalize().iter().take(ID_LENGTH).copied().collect();
    let id = Object::String(digest, StringFormat::Hexadecimal);
    pdf.trailer.set("ID", Object::Array(vec![id.clone(), id]));
}
