//! Folding of texts for comparison. Nothing folded is ever stored or printed.

/// Turns full-width ASCII (Ａ１（．／) and the ideographic space into their ASCII twins; the rest stays.
pub fn fold_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// The suffix that names of bodies may or may not carry (R12).
const SUFFIX: &str = "医師会";

/// The key under which names of bodies are compared (R12): width folded, blanks out, without 医師会.
pub fn body_name_key(name: &str) -> String {
    let compact: String = fold_width(name).chars().filter(|c| !c.is_whitespace()).collect();
    match compact.strip_suffix(SUFFIX) {
        Some(rest) if !rest.is_empty() => rest.to_string(),
        _ => compact,
    }
}
