//! What a finished file says, read back from its bytes as any reader of it would: for whoever must prove what leaves.

use std::collections::BTreeMap;

use lopdf::{Document, Encoding, Object, ObjectId};

use super::error::PdfError;

/// The texts of all pages in print order, one for each run of glyphs.
///
/// # Errors
/// [`PdfError::Unreadable`] when the file is damaged, or a text in it cannot be read back.
pub fn texts(bytes: &[u8]) -> Result<Vec<String>, PdfError> {
    let unreadable = |error: lopdf::Error| PdfError::Unreadable(error.to_string());
    let document = Document::load_mem(bytes).map_err(unreadable)?;
    let mut out = Vec::new();
    for page in document.page_iter() {
        page_texts(&document, page, &mut out).map_err(unreadable)?;
    }
    Ok(out)
}

/// The first half of the identity that a file carries, which programs that change a file leave as it is. `None` for what is no PDF
/// or has none.
pub fn identity(bytes: &[u8]) -> Option<Vec<u8>> {
    let document = Document::load_mem(bytes).ok()?;
    let halves = document.trailer.get(b"ID").and_then(Object::as_array).ok()?;
    Some(halves.first()?.as_str().ok()?.to_vec())
}

fn page_texts(document: &Document, page: ObjectId, out: &mut Vec<String>) -> lopdf::Result<()> {
    let mut encodings: BTreeMap<Vec<u8>, Encoding> = BTreeMap::new();
    for (name, font) in document.get_page_fonts(page)? {
        encodings.insert(name, font.get_font_encoding(document)?);
    }
    let mut encoding = None;
    for operation in document.get_and_decode_page_content(page)?.operations {
        match operation.operator.as_str() {
            "Tf" => {
                let font = operation.operands.first().and_then(|font| font.as_name().ok());
                encoding = font.and_then(|font| encodings.get(font));
            }
            "Tj" | "TJ" | "'" | "\"" => {
                let encoding = encoding.ok_or_else(|| lopdf::Error::Syntax("a text without a font".into()))?;
                let mut text = String::new();
                operation.operands.iter().try_for_each(|operand| append(operand, encoding, &mut text))?;
                if !text.trim().is_empty() {
                    out.push(text);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Strings alone, or between distances.
fn append(operand: &Object, encoding: &Encoding, text: &mut String) -> lopdf::Result<()> {
    match operand {
        Object::String(bytes, _) => text.push_str(&Document::decode_text(encoding, bytes)?),
        Object::Array(parts) => parts.iter().try_for_each(|part| append(part, encoding, text))?,
        _ => {}
    }
    Ok(())
}
