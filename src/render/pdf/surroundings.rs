//! What stands around the body of a table, grid or chart: its title and dates above, its notes below.

use super::error::PdfError;
use super::prose::{basis, heading, notes};
use super::strip::{Strip, keep_together, moved};
use super::style::{BLOCK_TITLE, CONTINUED};
use super::text::Typesetter;
use crate::domain::cell::LabelledText;
use crate::domain::document::Align;
use crate::render::geometry::Area;

/// Notes of up to this many lines stay together and with the end of what they explain.
const UNTORN_NOTES: usize = 8;

/// Title, dates and notes that surround a table, grid or chart.
pub(super) struct Surroundings<'a> {
    /// Stable id, for messages.
    pub id: &'a str,
    /// Title; may be empty.
    pub title: &'a str,
    /// Dates and rules.
    pub basis: &'a [LabelledText],
    /// Dates and rules already printed right above.
    pub said: &'a [LabelledText],
    /// Small notes below.
    pub notes: &'a [String],
}

impl Surroundings<'_> {
    /// Tells the typesetter where the next texts belong.
    pub fn set_place(&self, setter: &mut Typesetter) {
        let name = if self.title.is_empty() { self.id } else { self.title };
        setter.place.table = Some(name.to_owned());
        setter.place.row = None;
    }

    /// Strips above the body, tied to it; sets the place for messages.
    ///
    /// # Errors
    /// [`PdfError::MissingGlyph`].
    pub fn above(&self, setter: &mut Typesetter, width: f32) -> Result<Vec<Strip>, PdfError> {
        self.set_place(setter);
        let mut strips = Vec::new();
        if !self.title.is_empty() {
            strips.extend(heading(setter, self.title, BLOCK_TITLE, width)?);
        }
        let unsaid: Vec<_> = self.basis.iter().filter(|item| !self.said.contains(item)).collect();
        strips.extend(basis(setter, &unsaid, width)?);
        strips.iter_mut().for_each(|strip| strip.keep_with_next = true);
        Ok(strips)
    }

    /// The head of the body as it is repeated on later pages: under its title, when it has one.
    ///
    /// # Errors
    /// [`PdfError::MissingGlyph`].
    pub fn above_continued(&self, setter: &mut Typesetter, head: &Strip, width: f32) -> Result<Strip, PdfError> {
        if self.title.is_empty() {
            return Ok(head.clone());
        }
        let text = format!("{}（続き）", self.title);
        let top = CONTINUED.height(1) + 2.0;
        let mut strip = Strip::blank(top + head.height);
        strip.draws =
            setter.one_line(&text, CONTINUED, Area::new(0.0, 0.0, width, CONTINUED.height(1)), Align::Left)?;
        strip.draws.extend(head.draws.iter().map(|draw| moved(draw, 0.0, top)));
        Ok(strip)
    }

    /// Note strips below the body.
    ///
    /// # Errors
    /// [`PdfError::MissingGlyph`].
    pub fn below(&self, setter: &mut Typesetter, width: f32) -> Result<Vec<Strip>, PdfError> {
        setter.place.row = None;
        let mut strips = notes(setter, self.notes, width)?;
        if let Some(first) = strips.first_mut() {
            first.gap_before = 5.0;
        }
        if strips.len() <= UNTORN_NOTES {
            keep_together(&mut strips);
        }
        Ok(strips)
    }
}
