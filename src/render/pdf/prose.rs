//! Running text as strips: paragraphs, headings, notes, and the line of dates and rules.

use super::error::PdfError;
use super::strip::Strip;
use super::style::{BASIS_LABEL, BASIS_TEXT, NOTE};
use super::text::{Fitted, Shaped, Style, Typesetter, draw_in_box};
use crate::domain::cell::LabelledText;
use crate::domain::document::Align;
use crate::render::geometry::Area;

/// White space between a label and its text, in type sizes.
const LABEL_GAP: f32 = 0.6;

/// A paragraph, broken by the rules of Japanese; never leaves a single line behind.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn paragraph(setter: &mut Typesetter, text: &str, style: Style, width: f32) -> Result<Vec<Strip>, PdfError> {
    let lines = setter.wrap(text, style.weight, width / style.size)?;
    let n_lines = lines.len();
    let strips = lines.into_iter().enumerate().map(|(at, line)| {
        let mut strip = line_strip(line, style, 0.0, width);
        // No single line of a paragraph stands alone at the foot or the head of a page.
        strip.keep_with_next = at == 0 && n_lines > 1 || at + 2 == n_lines;
        strip
    });
    Ok(strips.collect())
}

/// A heading, kept with what follows it and listed in the bookmarks.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn heading(setter: &mut Typesetter, text: &str, style: Style, width: f32) -> Result<Vec<Strip>, PdfError> {
    let mut strips = paragraph(setter, text, style, width)?;
    strips.iter_mut().for_each(|strip| strip.keep_with_next = true);
    if let Some(first) = strips.first_mut() {
        first.bookmark = Some(text.to_owned());
    }
    if let Some(last) = strips.last_mut() {
        last.height += 2.0;
    }
    Ok(strips)
}

/// Small notes, one a line; what does not fit is indented by one character.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn notes(setter: &mut Typesetter, texts: &[String], width: f32) -> Result<Vec<Strip>, PdfError> {
    let mut strips = Vec::new();
    for text in texts {
        let lines = setter.wrap(text, NOTE.weight, width / NOTE.size - 1.0)?;
        let n_lines = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            let indent = if at == 0 { 0.0 } else { NOTE.size };
            let mut strip = line_strip(line, NOTE, indent, width);
            strip.keep_with_next = at + 1 < n_lines;
            strips.push(strip);
        }
    }
    Ok(strips)
}

/// Dates and rules: `label text ／ label text`, broken between items; an item longer than a line is indented
/// under its own text.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn basis(setter: &mut Typesetter, items: &[&LabelledText], width: f32) -> Result<Vec<Strip>, PdfError> {
    let separator = setter.shape("　／　", BASIS_LABEL.weight)?;
    let mut lines = BasisLines { done: Vec::new(), strip: BasisLines::blank(), x: 0.0 };
    for item in items {
        let label = setter.shape(&item.label, BASIS_LABEL.weight)?;
        let gap = if item.label.is_empty() { 0.0 } else { LABEL_GAP };
        let room = width / BASIS_TEXT.size;
        let texts = setter.wrap(&item.text, BASIS_TEXT.weight, room - label.width - gap)?;
        let needed = label.width + gap + texts.iter().map(|text| text.width).fold(0.0, f32::max);
        if lines.x > 0.0 && lines.x + separator.width + needed > room {
            lines.turn(0.0);
        } else if lines.x > 0.0 {
            lines.put(separator.clone(), BASIS_LABEL);
        }
        lines.put(label, BASIS_LABEL);
        lines.x += gap;
        let start = lines.x;
        for (at, text) in texts.into_iter().enumerate() {
            if at > 0 {
                lines.turn(start);
            }
            lines.put(text, BASIS_TEXT);
        }
    }
    if lines.x > 0.0 {
        lines.turn(0.0);
    }
    Ok(lines.done)
}

/// Lines of dates and rules under construction.
struct BasisLines {
    done: Vec<Strip>,
    strip: Strip,
    /// Width used of the present line, in em.
    x: f32,
}

impl BasisLines {
    fn blank() -> Strip {
        Strip::blank(BASIS_TEXT.height(1))
    }

    fn put(&mut self, text: Shaped, style: Style) {
        let width = text.width;
        let area = Area::new(self.x * style.size, 0.0, width * style.size, style.height(1));
        let fitted = Fitted { lines: vec![text], scale: 1.0 };
        self.strip.draws.extend(draw_in_box(&fitted, style, area, Align::Left));
        self.x += width;
    }

    /// Ends the present line and starts the next one at `x`.
    fn turn(&mut self, x: f32) {
        self.done.push(std::mem::replace(&mut self.strip, Self::blank()));
        self.x = x;
    }
}

fn line_strip(line: Shaped, style: Style, indent: f32, width: f32) -> Strip {
    let mut strip = Strip::blank(style.height(1));
    let area = Area::new(indent, 0.0, width - indent, style.height(1));
    let fitted = Fitted { lines: vec![line], scale: 1.0 };
    strip.draws = draw_in_box(&fitted, style, area, Align::Left);
    strip
}
