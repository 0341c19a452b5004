//! Letters: number and day at the right, whom it is for at the left, who sends it at the right, subject in the middle.

use super::error::PdfError;
use super::strip::{Strip, keep_together};
use super::style::{BODY, LETTER_SUBJECT};
use super::text::{Fitted, Style, Typesetter, draw_in_box};
use crate::domain::document::Align;
use crate::domain::letter::Letter;
use crate::render::geometry::Area;

/// White space between two parts of a letter.
const PART_GAP: f32 = 16.0;
/// White space around the subject and around 記.
const WIDE_GAP: f32 = 24.0;
/// White space between two paragraphs or points.
const PARAGRAPH_GAP: f32 = 2.0;
/// How far points stand in, in type sizes.
const POINT_INDENT: f32 = 1.0;

/// Lays out a letter.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn strips(setter: &mut Typesetter, letter: &Letter, width: f32) -> Result<Vec<Strip>, PdfError> {
    let mut sheet = Sheet { setter, width, strips: Vec::new() };
    sheet.part(&[&letter.number, &letter.date], Align::Right, BODY, 0.0)?;
    sheet.part(&texts(&letter.to), Align::Left, BODY, PART_GAP)?;
    let mut from = texts(&letter.from);
    if letter.without_seal {
        from.push("（公印省略）");
    }
    sheet.part(&from, Align::Right, BODY, PART_GAP)?;
    sheet.part(&[&letter.subject], Align::Centre, LETTER_SUBJECT, WIDE_GAP)?;
    for (at, text) in letter.body.iter().enumerate() {
        sheet.paragraph(text, if at == 0 { WIDE_GAP } else { PARAGRAPH_GAP })?;
    }
    if !letter.points.is_empty() {
        sheet.part(&["記"], Align::Centre, BODY, WIDE_GAP)?;
        for (at, text) in letter.points.iter().enumerate() {
            sheet.lines(text, BODY, (POINT_INDENT, Align::Left), if at == 0 { PART_GAP } else { PARAGRAPH_GAP })?;
        }
        sheet.part(&["以上"], Align::Right, BODY, PART_GAP)?;
    }
    sheet.part(&texts(&letter.after), Align::Right, BODY, WIDE_GAP)?;
    Ok(sheet.strips)
}

fn texts(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// A letter under construction.
struct Sheet<'t> {
    setter: &'t mut Typesetter,
    width: f32,
    strips: Vec<Strip>,
}

impl Sheet<'_> {
    /// Lines that stay together, each on its own side of the sheet. Nothing for empty ones.
    fn part(&mut self, lines: &[&str], align: Align, style: Style, gap: f32) -> Result<(), PdfError> {
        let first = self.strips.len();
        for text in lines.iter().filter(|text| !text.is_empty()) {
            let gap = if self.strips.len() == first { gap } else { 0.0 };
            self.lines(text, style, (0.0, align), gap)?;
        }
        keep_together(&mut self.strips[first..]);
        Ok(())
    }

    /// A paragraph whose first line stands in by one character, unless it begins with a blank already.
    fn paragraph(&mut self, text: &str, gap: f32) -> Result<(), PdfError> {
        let indented = if text.starts_with('\u{3000}') { text.to_string() } else { format!("\u{3000}{text}") };
        self.lines(&indented, BODY, (0.0, Align::Left), gap)
    }

    fn lines(&mut self, text: &str, style: Style, (indent, align): (f32, Align), gap: f32) -> Result<(), PdfError> {
        let left = indent * style.size;
        let lines = self.setter.wrap(text, style.weight, (self.width - left) / style.size)?;
        let n_lines = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            let mut strip = Strip::blank(style.height(1));
            let area = Area::new(left, 0.0, self.width - left, style.height(1));
            strip.draws = draw_in_box(&Fitted { lines: vec![line], scale: 1.0 }, style, area, align);
            strip.gap_before = if at == 0 { gap } else { 0.0 };
            // No single line of a paragraph stands alone at the foot or the head of a page.
            strip.keep_with_next = at == 0 && n_lines > 1 || at + 2 == n_lines;
            self.strips.push(strip);
        }
        Ok(())
    }
}
